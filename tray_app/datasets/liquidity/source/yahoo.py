"""Yahoo: daily closes of indices, funds and currencies. Source: query1.finance.yahoo.com/v8/finance/chart, no key.

Undocumented and touchy: after one refusal every further call prolongs it, so the first one ends the asking.
Facts: docs/sources/liquidity.md, "Yahoo Finance".
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote

from tray_app.core.row_faults import Sifted
from tray_app.core.series import SeriesPoint
from tray_app.datasets.liquidity.source.unknown_series import UnknownSeries
from tray_app.datasets.liquidity.source.yahoo_chart import read_closes
from tray_app.datasets.liquidity.source.yahoo_refusals import QUIET, YAHOO_HOST, NoRows, disguised, refused
from tray_app.net.request import DAILY, Http, Request, RetryPolicy

__all__ = ["PAUSE", "QUIET", "YAHOO_HOST", "UnknownSeries", "Yahoo"]

PAUSE = 2.0
MAX_BYTES = 16 * 1024 * 1024
# Programs that name themselves are refused with 429 from the first call on.
HEADERS = {
    "User-Agent": (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
        " Chrome/138.0.0.0 Safari/537.36"
    ),
    "Accept-Language": "en-US,en;q=0.9",
}
_EARLIEST = date(1970, 1, 1)


class Yahoo:
    """Asks Yahoo, at most once in 2 s."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def closes(self, symbol: str, since: date, now: datetime, retry: RetryPolicy = DAILY) -> Sifted[SeriesPoint]:
        """Return a symbol's closes from a date on, oldest first, on the exchange's own dates.

        A day that may still change is left out. Not adjusted for dividends. Nothing traded since: no rows.
        Endpoint /v8/finance/chart. Raises what HttpClient.get raises, UnknownSeries, and RateLimited with retry_at at
        the first refusal, which is not retried.
        """
        try:
            response = self._http.get(
                Request(
                    f"https://{YAHOO_HOST}/v8/finance/chart/{quote(symbol, safe='')}",
                    _span(since, now),
                    headers=HEADERS,
                    max_bytes=MAX_BYTES,
                    pause=PAUSE,
                    retry=replace(retry, rate_limit_waits=()),
                    classify=lambda response: refused(symbol, response, now),
                )
            )
        except NoRows:
            return Sifted(())
        error = disguised(symbol, response, now)
        if error is not None:
            raise error
        return read_closes(response, symbol, since, now)


def _span(since: date, now: datetime) -> dict[str, str]:
    # Never range=max: that brings one row a quarter and does not say so. A day more on both sides holds every zone.
    start = datetime.combine(max(since, _EARLIEST), time(), tzinfo=UTC) - timedelta(days=1)
    return {
        "period1": str(max(0, int(start.timestamp()))),
        "period2": str(int((now + timedelta(days=1)).timestamp())),
        "interval": "1d",
        "events": "div,splits",
        "includeAdjustedClose": "true",
    }
