"""DefiLlama: the value locked in DeFi, and the supply of stablecoins in dollars. No key."""

from datetime import date
from typing import Any

from tray_app.core.series import SeriesPoint
from tray_app.core.times import epoch_date
from tray_app.core.words import tr
from tray_app.sources.body import Body
from tray_app.sources.request import DAILY, Http, Patience, Request

TVL_HOST = "api.llama.fi"
STABLECOINS_HOST = "stablecoins.llama.fi"


class DefiLlama:
    """Asks DefiLlama."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def total_value_locked(self, patience: Patience = DAILY) -> tuple[SeriesPoint, ...]:
        """Return dollars locked per UTC date, oldest first. The last point is the running day's.

        Endpoint /v2/historicalChainTvl: without liquid staking and double counting, so never a sum over protocols.
        """
        body = self._ask(TVL_HOST, "/v2/historicalChainTvl", patience)
        return _series(body, [_tvl_point(body, row) for row in body.rows()])

    def stablecoin_supply(self, patience: Patience = DAILY) -> tuple[SeriesPoint, ...]:
        """Return the dollar value of all stablecoins per UTC date, oldest first. The last point is the running day's.

        Endpoint /stablecoincharts/all, `totalCirculatingUSD` over all pegs; `totalCirculating` counts yen as dollars.
        """
        body = self._ask(STABLECOINS_HOST, "/stablecoincharts/all", patience)
        return _series(body, [_supply_point(body, row) for row in body.rows()])

    def _ask(self, host: str, path: str, patience: Patience) -> Body:
        response = self._http.get(
            Request(f"https://{host}{path}", max_bytes=16 * 1024 * 1024, pause=1.0, patience=patience)
        )
        return Body(host, response.body)


def _series(body: Body, points: list[SeriesPoint | None]) -> tuple[SeriesPoint, ...]:
    by_date = {point.date: point for point in points if point is not None}
    if not by_date:
        raise body.changed(tr("the series is empty"))
    return tuple(by_date[day] for day in sorted(by_date))


def _tvl_point(body: Body, row: dict[str, Any]) -> SeriesPoint | None:
    value = body.optional_number(row, "tvl")
    # A null or negative total is a fault of an adapter: the day stays empty rather than wrong.
    return None if value is None or value < 0 else SeriesPoint(_date(body, row), value)


def _supply_point(body: Body, row: dict[str, Any]) -> SeriesPoint:
    pegs = body.field(row, "totalCirculatingUSD")
    if not isinstance(pegs, dict) or not pegs:
        raise body.changed(tr("totalCirculatingUSD is empty"))
    total = sum(body.checked(amount, peg, low=0) for peg, amount in pegs.items())
    return SeriesPoint(_date(body, row), total)


def _date(body: Body, row: dict[str, Any]) -> date:
    return epoch_date(body.whole(body.field(row, "date"), "date", low=1_000_000_000, high=9_999_999_999))
