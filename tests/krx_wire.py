"""The exchange's wire on loopback: recorded bodies, bodies made from typed rows, and the app as a child process."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from datasets.krx.rules import kit
from patience import PATIENCE

from tray_app.datasets.krx.rows import STOCK_MARKETS, BaseInfo, EquityBar, IndexBar, IndexClass, Market
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.indices import MAIN_INDICES, TOTALS
from tray_app.datasets.krx.sample.host import Krx
from tray_app.demo.server import SampleServer
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Reply, Request

HOST = "data-dbg.krx.co.kr"
PREFIX = "/svc/apis/"
DAILY = {market: f"sto/{kit.PREFIX[market]}_bydd_trd" for market in STOCK_MARKETS}
MASTER = {market: f"sto/{kit.PREFIX[market]}_isu_base_info" for market in STOCK_MARKETS}
INDEX = {index_class: f"idx/{index_class.lower()}_dd_trd" for index_class in IndexClass}
KEY = "A-KEY-OF-THE-TESTS-7fK2"
NOTHING = b'{"OutBlock_1":[]}'

Asked = tuple[str, date]


class KrxWire(Krx):
    """Answers a service and day from `body_of`, once the calendar says that the day is published."""

    def __init__(self, body_of: Callable[[str, date], bytes | None]) -> None:
        super().__init__()
        self._body_of = body_of
        self._calendar = KrxCalendar()
        self.before_answer: Callable[[Asked], None] = lambda _asked: None

    def answer(self, request: Request) -> Reply:
        if request.header("AUTH_KEY") != KEY:
            return Reply(401, b'{"respMsg":"Unauthorized Key","respCode":"401"}')
        asked = what_of(request.path, request.param("basDd"))
        self.before_answer(asked)
        body = None
        if request.at >= self._calendar.published_by(asked[1]):
            body = self._body_of(*asked)
        return Reply(200, body or NOTHING)


def what_of(path: str, stamp: str) -> Asked:
    return path.removeprefix(PREFIX), date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:]))


def asked_of(server: SampleServer) -> list[Asked]:
    """Return the services and days asked for so far, in order."""
    return [what_of(one.path, one.param("basDd")) for one in server.requests if one.host == HOST]


def repeats(server: SampleServer) -> int:
    """Return how many requests asked for what had been asked for before."""
    return sum(count - 1 for count in Counter(asked_of(server)).values())


def serving(upstream: Upstream, now: Callable[[], datetime]) -> SampleServer:
    return SampleServer(now, hosts={HOST: upstream})


# --- bodies -------------------------------------------------------------------------------------------------------


def recorded_body(service: str, day: date) -> bytes | None:
    """Return a whole recorded answer of the Open API."""
    path = kit.RECORDINGS / "openapi" / f"{service.partition('/')[2]}_{day:%Y%m%d}.json"
    return path.read_bytes() if path.is_file() else None


def body(rows: Sequence[Mapping[str, str]]) -> bytes:
    return json.dumps({"OutBlock_1": list(rows)}, ensure_ascii=False).encode()


def equity_row(bar: EquityBar) -> dict[str, str]:
    return {
        "BAS_DD": f"{bar.trade_date:%Y%m%d}",
        "ISU_CD": bar.code,
        "ISU_NM": bar.name,
        "MKT_NM": bar.market,
        "SECT_TP_NM": bar.section,
        "TDD_CLSPRC": _plain(bar.close),
        "CMPPREVDD_PRC": _plain(bar.change),
        "FLUC_RT": _rate(bar.close, bar.change),
        "TDD_OPNPRC": _plain(bar.open or 0),
        "TDD_HGPRC": _plain(bar.high or 0),
        "TDD_LWPRC": _plain(bar.low or 0),
        "ACC_TRDVOL": str(bar.volume),
        "ACC_TRDVAL": str(bar.turnover_value),
        "MKTCAP": str(bar.market_value),
        "LIST_SHRS": str(bar.listed_shares),
    }


def index_row(bar: IndexBar) -> dict[str, str]:
    return {
        "BAS_DD": f"{bar.trade_date:%Y%m%d}",
        "IDX_CLSS": bar.index_class,
        "IDX_NM": bar.name,
        "CLSPRC_IDX": _cell(bar.close),
        "CMPPREVDD_IDX": _cell(bar.change),
        "FLUC_RT": "" if bar.close is None or bar.change is None else _rate(bar.close, bar.change),
        "OPNPRC_IDX": _cell(bar.open),
        "HGPRC_IDX": _cell(bar.high),
        "LWPRC_IDX": _cell(bar.low),
        "ACC_TRDVOL": _cell(bar.volume),
        "ACC_TRDVAL": _cell(bar.turnover_value),
        "MKTCAP": _cell(bar.market_cap),
    }


def base_row(info: BaseInfo) -> dict[str, str]:
    return {
        "ISU_CD": info.isin,
        "ISU_SRT_CD": info.code,
        "ISU_NM": info.legal_name,
        "ISU_ABBRV": info.name,
        "ISU_ENG_NM": info.name_en,
        "LIST_DD": f"{info.listing_date:%Y%m%d}",
        "MKT_TP_NM": info.market,
        "SECUGRP_NM": info.security_group,
        "SECT_TP_NM": info.section,
        "KIND_STKCERT_TP_NM": info.share_class,
        "PARVAL": info.par_value or "무액면",
        "LIST_SHRS": str(info.listed_shares),
    }


def master_body(bars: Sequence[EquityBar], listed: Callable[[EquityBar], date]) -> bytes:
    """Return the master list of the issues that have these rows."""
    infos = (
        kit.base_info(bar.code, market=bar.market, isin=f"KR7{bar.code}000", name=bar.name, listing_date=listed(bar),
                      section=bar.section, listed_shares=bar.listed_shares)
        for bar in bars
    )  # fmt: skip
    return body([base_row(info) for info in infos])


def index_body(index_class: IndexClass, day: date, bars: Sequence[EquityBar]) -> bytes:
    """Return a class of indices: the market's exact totals, and its main index unchanged."""
    names = [MAIN_INDICES[index_class] or "KRX 300"]
    rows = [kit.index_bar(name, day, index_class=index_class) for name in names]
    if bars and index_class is not IndexClass.KRX:
        rows.insert(0, total_row(index_class, day, bars))
    return body([index_row(row) for row in rows])


def total_row(index_class: IndexClass, day: date, bars: Sequence[EquityBar]) -> IndexBar:
    return kit.index_bar(
        TOTALS[Market(index_class)],
        day,
        index_class=index_class,
        **dict.fromkeys(("close", "change", "open", "high", "low")),
        volume=sum(bar.volume for bar in bars),
        turnover_value=sum(bar.turnover_value for bar in bars),
        market_cap=sum(bar.market_value for bar in bars),
    )


def with_rates(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return rows that were changed with the rates that belong to their closes and changes."""
    return [{**row, "FLUC_RT": _rate(*_prices(row))} for row in rows]


def _prices(row: Mapping[str, str]) -> tuple[float, float]:
    names = ("TDD_CLSPRC", "CMPPREVDD_PRC") if "CMPPREVDD_PRC" in row else ("CLSPRC_IDX", "CMPPREVDD_IDX")
    close, change = (float(row[name]) for name in names)
    return close, change


def _rate(close: float, change: float) -> str:
    return f"{100 * change / (close - change):.2f}" if close != change else ""


def _plain(value: float) -> str:
    return f"{value:.12g}"


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.17g}"


# --- the app ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Done:
    """How a command ended; document is its JSON."""

    code: int
    document: dict[str, Any]
    said: str

    @property
    def steps(self) -> dict[str, str]:
        """Return how each step of the run ended."""
        found: dict[str, str] = self.document["steps"]
        return found


@dataclass(frozen=True)
class App:
    """The console app on one home, its source on loopback."""

    home: Path
    url: str

    def environment(self, now: datetime, **more: str) -> dict[str, str]:
        ours = ("MARKET_TRAY_", "COINGECKO_", "FRED_", "KRX_", "NOTIFICATION_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        added = {"MARKET_TRAY_UPSTREAM": self.url, "MARKET_TRAY_NOW": now.isoformat(), "KRX_AUTH_KEY": KEY}
        return {**kept, **added, "PYTHONUTF8": "1", **more}

    def start(self, *words: str, now: datetime, **more: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "tray_app", "--home", str(self.home), *words, "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(now, **more),
        )

    def do(self, *words: str, now: datetime, **more: str) -> Done:
        with self.start(*words, now=now, **more) as child:
            return finished(child)

    def collect(self, first: date | None = None, last: date | None = None, *, now: datetime, **more: str) -> Done:
        """Collect the exchange: today's data, or the sessions of a range."""
        return self.do("collect", "krx", *dates(first, last), now=now, **more)


def dates(first: date | None, last: date | None) -> list[str]:
    named = (("--date-from", first), ("--date-to", last))
    return [word for name, day in named if day is not None for word in (name, day.isoformat())]


def finished(child: "subprocess.Popen[bytes]") -> Done:
    out, err = child.communicate(timeout=PATIENCE)
    said = err.decode("utf-8")
    assert child.returncode is not None
    return Done(child.returncode, json.loads(out) if out else {}, said)
