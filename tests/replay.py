"""Recorded bodies served on loopback as their hosts served them."""

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from repository import RECORDED
from support import COINGECKO, FEAR_GREED, LLAMA, NOW, STABLECOINS

from tray_app.demo.server import SampleServer
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Reply, Request, text_reply

RECORDINGS = RECORDED / "crypto"
needs_recordings = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason=f"the recorded answers are not on this machine (looked in {RECORDINGS})"
)
RUNNING_DAY_TVL = 167_900_000_000.5

MARKETS = "cg_coins_markets_top100_keyless_2026-08-22T1046Z.json"
GLOBAL = "cg_global_keyless_2026-08-22T0037Z.json"
FNG = "fng_limit1_2026-08-22T0037Z.json"
STABLECOIN_CHART = "llama_stablecoincharts_all_2026-08-22.json"
TVL_CSV = "llama_charts_total_tvl_derived_2026-08-21.csv"


class Recorded(Upstream):
    """A host that answers each path with one body, whatever the query."""

    def __init__(self, bodies: Mapping[str, bytes]) -> None:
        self._bodies = bodies

    def answer(self, request: Request) -> Reply:
        body = self._bodies.get(request.path)
        return text_reply("Not recorded", 404) if body is None else Reply(200, body)


def recording(name: str) -> bytes:
    return (RECORDINGS / name).read_bytes()


def tvl_body() -> bytes:
    """Return /v2/historicalChainTvl in its wire shape: the derived series, and the running day it lacks."""
    with (RECORDINGS / TVL_CSV).open(encoding="utf-8", newline="") as file:
        rows = [(row["as_of"], float(row["value"])) for row in csv.DictReader(file)]
    rows.append(("2026-08-22", RUNNING_DAY_TVL))
    points = [
        {"date": int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()), "tvl": tvl} for day, tvl in rows
    ]
    return json.dumps(points, separators=(",", ":")).encode("ascii")


def of_now(body: bytes) -> bytes:
    """Return the totals as they were recorded, but as of shortly before NOW: that morning they were not stale."""
    answer = json.loads(body)
    if "data" in answer:
        answer["data"]["updated_at"] = int(NOW.timestamp()) - 240
    return json.dumps(answer).encode("utf-8")


def recorded_hosts(
    markets: str = MARKETS, totals: str = GLOBAL, fng: str = FNG, chart: str = STABLECOIN_CHART
) -> dict[str, Upstream]:
    """Return the four hosts with their recorded answers."""
    return {
        COINGECKO: Recorded({"/api/v3/coins/markets": recording(markets), "/api/v3/global": of_now(recording(totals))}),
        LLAMA: Recorded({"/v2/historicalChainTvl": tvl_body()}),
        STABLECOINS: Recorded({"/stablecoincharts/all": recording(chart)}),
        FEAR_GREED: Recorded({"/fng/": recording(fng)}),
    }


@contextmanager
def replaying(hosts: Mapping[str, Upstream] | None = None, now: datetime = NOW) -> Iterator[SampleServer]:
    """Serve recorded answers; now is what the hosts' clocks show."""
    with SampleServer(lambda: now, hosts=recorded_hosts() if hosts is None else hosts) as server:
        yield server
