"""A Yahoo chart into closes on the exchange's dates: right symbol, daily rows, whole columns, finished days only."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from tray_app.core.row_faults import Sifted
from tray_app.core.series import SeriesPoint
from tray_app.core.source_life import NEW_YORK, SourceLife
from tray_app.core.words import tr
from tray_app.datasets.liquidity.source.yahoo_refusals import YAHOO_HOST
from tray_app.net.body import Body
from tray_app.net.request import Response
from tray_app.net.sift import Sieve

# The S&P 500, Yahoo's oldest chart.
LIFE = SourceLife(date(1927, 12, 30), NEW_YORK)
COLUMNS = ("open", "high", "low", "close", "volume")
# Closing auctions and late prints: what Yahoo calls the end of a session may be before its last price.
SETTLING = timedelta(minutes=30)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_SECOND, _LAST_SECOND = -4_000_000_000, 9_999_999_999


@dataclass(frozen=True, slots=True)
class Session:
    """The newest session of an exchange as a chart tells of it, seen at an instant (all but the zone in UTC)."""

    zone: tzinfo
    start: datetime
    end: datetime
    newest_price: datetime
    now: datetime

    def day_of(self, instant: datetime) -> date:
        """Return the exchange's date of an instant."""
        return instant.astimezone(self.zone).date()

    def is_running(self, instant: datetime) -> bool:
        """Whether the day of a row may still change: its session is not over, or its last price not yet in.

        A row of today is finished half an hour after the session's end, once a price of that time or later is in.
        """
        day, today = self.day_of(instant), self.day_of(self.now)
        if day == today:
            return self.now < self.end + SETTLING or self.newest_price < self.end
        return day > today or (self.start <= instant < self.end and self.now < self.end)


def read_closes(response: Response, symbol: str, since: date, now: datetime) -> Sifted[SeriesPoint]:
    """Return the closes from a date on, oldest first; none when the chart has no rows."""
    body = Body(YAHOO_HOST, response.body)
    result = _result(body)
    meta = body.field(result, "meta")
    _require_daily(body, meta, symbol)
    if "timestamp" not in result and not _only(body, body.field(result, "indicators"), "quote"):
        return Sifted(())
    session = _session(body, meta, now)
    sieve = Sieve(body, LIFE, now, symbol, session.zone)

    def read(row: tuple[Any, Any], day: date) -> tuple[datetime, SeriesPoint] | None:
        instant, close = _instant(body, row[0], "timestamp"), row[1]
        if close is None or day < since or session.is_running(instant):
            return None
        return instant, SeriesPoint(day, body.checked_price(close, "close"))

    sifted = sieve.sift(_rows(body, result), lambda row: session.day_of(_instant(body, row[0], "timestamp")), read)
    ordered = sieve.in_order(sifted, lambda row: row[0].timestamp(), lambda row: (symbol, row[1].date), may_repeat=True)
    # Of a day that a row of the last price follows, that one counts.
    closes = {point.date: point for _instant_of, point in ordered.rows}
    return Sifted(tuple(closes.values()), ordered.faults)


def _result(body: Body) -> dict[str, Any]:
    results = body.field(body.field(body.value(), "chart"), "result")
    if not isinstance(results, list) or len(results) != 1 or not isinstance(results[0], dict):
        raise body.changed(tr("one chart was expected"))
    return results[0]


def _require_daily(body: Body, meta: Any, symbol: str) -> None:
    served = body.text(meta, "symbol")
    if served != symbol:
        raise body.changed(tr("{served} was served for {symbol}", served=served, symbol=symbol))
    granularity = body.text(meta, "dataGranularity")
    if granularity != "1d":
        raise body.changed(tr("one row each {granularity} instead of daily ones", granularity=granularity))


def _session(body: Body, meta: Any, now: datetime) -> Session:
    regular = body.field(body.field(meta, "currentTradingPeriod"), "regular")
    return Session(
        zone=_zone(body, meta),
        start=_instant(body, body.field(regular, "start"), "start"),
        end=_instant(body, body.field(regular, "end"), "end"),
        newest_price=_instant(body, body.field(meta, "regularMarketTime"), "regularMarketTime"),
        now=now,
    )


def _zone(body: Body, meta: Any) -> tzinfo:
    try:
        return ZoneInfo(body.text(meta, "exchangeTimezoneName"))
    except (ValueError, OSError, KeyError):
        # A zone this computer does not know. The offset is today's, so dates across a change of the clocks may err
        # where a session starts at midnight; better than no prices.
        offset = body.whole(body.field(meta, "gmtoffset"), "gmtoffset", low=-86_399, high=86_399)
        return timezone(timedelta(seconds=offset))


def _rows(body: Body, result: dict[str, Any]) -> list[tuple[Any, Any]]:
    """Return each row's time and close as they came."""
    stamps = body.field(result, "timestamp")
    if not isinstance(stamps, list):
        raise body.changed(tr("timestamp is not a list"))
    indicators = body.field(result, "indicators")
    quote = _only(body, indicators, "quote")
    for name in COLUMNS:
        _column(body, quote, name, len(stamps))
    if "adjclose" in indicators:
        _column(body, _only(body, indicators, "adjclose"), "adjclose", len(stamps))
    return list(zip(stamps, _column(body, quote, "close", len(stamps)), strict=True))


def _only(body: Body, indicators: Any, name: str) -> Any:
    values = body.field(indicators, name)
    if not isinstance(values, list) or len(values) != 1:
        raise body.changed(tr("{name} is not a list of one", name=name))
    return values[0]


def _column(body: Body, columns: Any, name: str, length: int) -> list[Any]:
    column = body.field(columns, name)
    if not isinstance(column, list) or len(column) != length:
        raise body.changed(tr("{name} does not have {length} rows", name=name, length=length))
    return column


def _instant(body: Body, sent: Any, name: str) -> datetime:
    return _EPOCH + timedelta(seconds=body.whole(sent, name, _FIRST_SECOND, _LAST_SECOND))
