"""DefiLlama: the value locked in DeFi, and the supply of stablecoins in dollars. No key.

Facts: docs/sources/crypto.md, "DefiLlama".
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from tray_app.core.row_faults import Sifted
from tray_app.core.series import SeriesPoint
from tray_app.core.source_life import SourceLife
from tray_app.core.words import tr
from tray_app.datasets.crypto.metrics import DEFI_TVL, STABLECOIN_MCAP
from tray_app.net.body import Body, epoch_day
from tray_app.net.request import DAILY, Http, Request, RetryPolicy
from tray_app.net.sift import Sieve

TVL_LIFE = SourceLife(date(2017, 9, 27), UTC)
STABLECOINS_LIFE = SourceLife(date(2017, 11, 29), UTC)
TVL_HOST = "api.llama.fi"
STABLECOINS_HOST = "stablecoins.llama.fi"


class DefiLlama:
    """Asks DefiLlama. Series are oldest first; the last point is the running day's."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def total_value_locked(self, now: datetime, retry: RetryPolicy = DAILY) -> Sifted[SeriesPoint]:
        """Return dollars locked per UTC date.

        Endpoint /v2/historicalChainTvl: without liquid staking and double counting, so never a sum over protocols.
        """
        body = self._ask(TVL_HOST, "/v2/historicalChainTvl", retry)
        return _series(Sieve(body, TVL_LIFE, now, DEFI_TVL.name), _tvl)

    def stablecoin_supply(self, now: datetime, retry: RetryPolicy = DAILY) -> Sifted[SeriesPoint]:
        """Return the dollar value of all stablecoins per UTC date.

        Endpoint /stablecoincharts/all, `totalCirculatingUSD` over all pegs; `totalCirculating` counts yen as dollars.
        """
        body = self._ask(STABLECOINS_HOST, "/stablecoincharts/all", retry)
        return _series(Sieve(body, STABLECOINS_LIFE, now, STABLECOIN_MCAP.name), _supply)

    def _ask(self, host: str, path: str, retry: RetryPolicy) -> Body:
        response = self._http.get(Request(f"https://{host}{path}", max_bytes=16 * 1024 * 1024, pause=1.0, retry=retry))
        return Body(host, response.body)


def _series(sieve: Sieve, value_of: Callable[[Body, Any], float]) -> Sifted[SeriesPoint]:
    body = sieve.body
    sifted = sieve.sift(
        body.entries(), lambda row: epoch_day(body, row, "date"), lambda row, day: SeriesPoint(day, value_of(body, row))
    )
    if not sifted.rows:
        raise body.changed(tr("the series is empty"))
    once = sieve.once(sifted, lambda point: point.date, lambda point: (sieve.subject, point.date))
    return Sifted(tuple(sorted(once.rows, key=lambda point: point.date)), once.faults)


def _tvl(body: Body, row: Any) -> float:
    # A null or negative total is a fault of an adapter: the day stays empty rather than wrong.
    return body.number(row, "tvl", low=0)


def _supply(body: Body, row: Any) -> float:
    pegs = body.field(row, "totalCirculatingUSD")
    if not isinstance(pegs, dict) or not pegs:
        raise body.changed(tr("totalCirculatingUSD is empty"))
    return body.checked(sum(body.checked(amount, peg, low=0) for peg, amount in pegs.items()), "totalCirculatingUSD")
