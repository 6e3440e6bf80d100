"""FRED: macro series of the Federal Reserve Bank of St. Louis. Source: api.stlouisfed.org/fred, a free key in the URL.

This product uses the FRED API but is not endorsed or certified by the Federal Reserve Bank of St. Louis.
Facts: docs/sources/liquidity.md, "FRED".
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tray_app.core.errors import AppError
from tray_app.core.row_faults import Sifted
from tray_app.core.series import SeriesPoint
from tray_app.core.source_life import NEW_YORK, SourceLife
from tray_app.core.words import tr
from tray_app.datasets.liquidity.source.fred_csv import read_csv
from tray_app.datasets.liquidity.source.fred_refusals import (
    FRED_HOST,
    KEY_FORM,
    disguised,
    malformed_key,
    missing_key,
    refused,
)
from tray_app.datasets.liquidity.source.fred_rows import Cell, read_points
from tray_app.datasets.liquidity.source.unknown_series import UnknownSeries
from tray_app.net.body import Body
from tray_app.net.request import DAILY, HISTORY, Http, Request, Response, RetryPolicy
from tray_app.net.sift import Sieve

__all__ = ["FRED_CSV_HOST", "FRED_HOST", "PAUSE", "Fred", "UnknownSeries"]

# DFF, the oldest series of the catalogue, begins then.
LIFE = SourceLife(date(1954, 7, 1), NEW_YORK)
FRED_CSV_HOST = "fred.stlouisfed.org"
# Documented are 120 calls a minute; since June 2026 two in one second are refused.
PAUSE = 0.6
MAX_BYTES = 16 * 1024 * 1024

# FRED's pause after a 429 is some 20 seconds: six tries where time is no matter, one more where a person may wait.
_RETRIES = {
    DAILY: replace(DAILY, rate_limit_waits=(5.0,)),
    HISTORY: replace(HISTORY, rate_limit_waits=(20.0,) * 5),
}


class Fred:
    """Asks FRED, at most once in 0.6 s. The key may be absent: then only the files without key can be asked for."""

    def __init__(self, http: Http, key: str | None) -> None:
        self._http = http
        self._key = (key or "").strip()

    def observations(
        self, series_id: str, since: date | None, now: datetime, retry: RetryPolicy = DAILY
    ) -> Sifted[SeriesPoint]:
        """Return a series from a date on (None: all of it), oldest first, in the series' own units.

        Endpoint /fred/series/observations. Days without a value are left out. Raises what HttpClient.get raises,
        KeyMissing or KeyRefused before any call when there is no usable key, KeyRefused, or UnknownSeries.
        """
        parameters = {"series_id": series_id, "api_key": self._usable_key(), "file_type": "json"}
        if since is not None:
            parameters["observation_start"] = since.isoformat()
        address = f"https://{FRED_HOST}/fred/series/observations"
        response = self._ask(address, parameters, retry, lambda response: refused(series_id, response))
        return _points(Sieve(Body(FRED_HOST, response.body), LIFE, now, series_id), response, since)

    def csv_observations(
        self, series_id: str, since: date | None, now: datetime, retry: RetryPolicy = DAILY
    ) -> Sifted[SeriesPoint]:
        """Return the same without a key, from the file behind FRED's charts (/graph/fredgraph.csv on another host).

        Raises what HttpClient.get raises, or UnknownSeries.
        """
        parameters = {"id": series_id}
        if since is not None:
            parameters["cosd"] = since.isoformat()
        response = self._ask(
            f"https://{FRED_CSV_HOST}/graph/fredgraph.csv",
            parameters,
            retry,
            lambda response: UnknownSeries(FRED_CSV_HOST, series_id) if response.status == 404 else None,
        )
        sieve = Sieve(Body(FRED_CSV_HOST, response.body), LIFE, now, series_id)
        return read_csv(sieve, response, since)

    def _ask(
        self,
        address: str,
        parameters: dict[str, str],
        retry: RetryPolicy,
        classify: Callable[[Response], AppError | None],
    ) -> Response:
        retry = _RETRIES.get(retry, retry)
        return self._http.get(
            Request(address, parameters, max_bytes=MAX_BYTES, pause=PAUSE, retry=retry, classify=classify)
        )

    def _usable_key(self) -> str:
        if not self._key:
            raise missing_key()
        if not KEY_FORM.fullmatch(self._key):
            raise malformed_key()
        return self._key


def _points(sieve: Sieve, response: Response, since: date | None) -> Sifted[SeriesPoint]:
    body = sieve.body
    if response.is_page:
        raise body.changed(tr("a web page instead of data"))
    answer = body.document()
    error = disguised(sieve.subject, response, answer)
    if error is not None:
        raise error
    rows = body.field(answer, "observations")
    if not isinstance(rows, list):
        raise body.changed(tr("observations is not a list"))
    promised = body.whole(body.field(answer, "count"), "count", low=0, high=10_000_000)
    if promised != len(rows):
        raise body.changed(tr("{came} of {promised} observations came", came=len(rows), promised=promised))
    return read_points(sieve, (_cells(row) for row in rows), since)


def _cells(row: Any) -> Cell:
    return (row.get("date"), row.get("value")) if isinstance(row, dict) else (row, None)
