"""What the sample Yahoo knows of each symbol: its exchange, its days, and four prices and a volume a day."""

import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from tray_app.core.days import day_number
from tray_app.datasets.liquidity.catalogue import MacroSeries, Provider, served_by
from tray_app.datasets.liquidity.sample.macro import Economy
from tray_app.datasets.liquidity.sample.us_days import is_exchange_day
from tray_app.demo.dayrows import DayRows
from tray_app.demo.series import date_of, dice

FIRST = date(1990, 1, 1)
# One day in so many has nothing but nulls.
NULLS = 350


@dataclass(frozen=True)
class Exchange:
    """Where a symbol trades: hours in the exchange's own time; round the clock means on every weekday."""

    name: str
    zone: str
    instrument: str
    opens: time = time(9, 30)
    closes: time = time(16, 0)

    @property
    def is_round_the_clock(self) -> bool:
        """Whether trading goes on all day."""
        return self.opens == time()

    def trades_on(self, day: date) -> bool:
        """Return whether there is a session on a day."""
        return day.weekday() < 5 if self.is_round_the_clock else is_exchange_day(day)

    def span(self, day: date) -> tuple[int, int]:
        """Return when the session of a day starts and ends, in seconds since 1970 UTC."""
        zone = ZoneInfo(self.zone)
        start, end = (int(datetime.combine(day, at, zone).timestamp()) for at in (self.opens, self.closes))
        return start, end


_NEW_YORK, _ALL_DAY = "America/New_York", (time(), time(23, 59))
_FUND = Exchange("PCX", _NEW_YORK, "ETF")
EXCHANGES: Mapping[str, Exchange] = MappingProxyType(
    {
        "^VIX": Exchange("CXI", "America/Chicago", "INDEX", time(8, 30), time(15, 15)),
        "^VIX3M": Exchange("CXI", "America/Chicago", "INDEX", time(8, 30), time(15, 15)),
        "^MOVE": Exchange("NYS", _NEW_YORK, "INDEX"),
        "^GSPC": Exchange("SNP", _NEW_YORK, "INDEX"),
        "DX-Y.NYB": Exchange("NYB", _NEW_YORK, "INDEX", *_ALL_DAY),
        "KRW=X": Exchange("CCY", "Europe/London", "CURRENCY", *_ALL_DAY),
    }
)


@dataclass(frozen=True)
class Bar:
    """One row of a chart; no prices at all on days Yahoo has lost. opens is in seconds since 1970 UTC."""

    opens: int
    prices: tuple[float, float, float, float] | None
    volume: int


class YahooTable:
    """Rows by symbol; safe to use from any thread."""

    def __init__(self, economy: Economy) -> None:
        self._economy = economy
        self.symbols: Mapping[str, MacroSeries] = {one.series_id: one for one in served_by(Provider.YAHOO)}
        self._rows = {symbol: DayRows(*self._days(one)) for symbol, one in self.symbols.items()}

    def exchange(self, symbol: str) -> Exchange:
        """Return where a symbol trades."""
        return EXCHANGES.get(symbol, _FUND)

    def newest_session(self, symbol: str, now: datetime) -> date:
        """Return the day of the session that runs at an instant, or of the last one before it."""
        exchange = self.exchange(symbol)
        day = now.astimezone(ZoneInfo(exchange.zone)).date()
        while not exchange.trades_on(day) or exchange.span(day)[0] > now.timestamp():
            day -= timedelta(days=1)
        return day

    def bars(self, symbol: str, first: int, last: int, now: datetime) -> Sequence[Bar]:
        """Return the rows that open between two instants; the newest is made of what has traded until now."""
        newest = self.newest_session(symbol, now)
        if newest < max(self.symbols[symbol].starts, FIRST):
            return []
        bars = self._rows[symbol].through(day_number(newest) - 1)
        start, end = self.exchange(symbol).span(newest)
        if end > now.timestamp():
            running = self._running(symbol, newest, (now.timestamp() - start) / (end - start), now)
            bars = [*bars, running]
        else:
            bars = [*bars, self._bar(symbol, newest)]
        place = bisect.bisect_left(bars, first, key=lambda bar: bar.opens)
        return bars[place : bisect.bisect_right(bars, last, key=lambda bar: bar.opens)]

    def close(self, symbol: str, day: date) -> float:
        """Return what a symbol costs at the end of a day."""
        return self._economy.value(symbol, day_number(day))

    def _days(self, series: MacroSeries) -> tuple[int, Callable[[int], Bar | None]]:
        symbol, trades_on = series.series_id, self.exchange(series.series_id).trades_on

        def make(number: int) -> Bar | None:
            day = date_of(number)
            return self._bar(symbol, day) if trades_on(day) else None

        return day_number(max(series.starts, FIRST)), make

    def _bar(self, symbol: str, day: date) -> Bar:
        opens = self.exchange(symbol).span(day)[0]
        if dice(f"{symbol} null", day_number(day), NULLS) == 0:
            return Bar(opens, None, 0)
        return Bar(opens, self._prices(symbol, day, 1.0), self._volume(symbol, day))

    def _running(self, symbol: str, day: date, part: float, now: datetime) -> Bar:
        """Return the row of a running session; round the clock it carries the time of its last price instead."""
        exchange = self.exchange(symbol)
        opens = int(now.timestamp()) if exchange.is_round_the_clock else exchange.span(day)[0]
        return Bar(opens, self._prices(symbol, day, part), int(self._volume(symbol, day) * part))

    def _prices(self, symbol: str, day: date, part: float) -> tuple[float, float, float, float]:
        number = day_number(day)
        start = self._economy.value(symbol, number - (3 if day.weekday() == 0 else 1))
        end = start + (self._economy.value(symbol, number) - start) * part
        swing = abs(end - start) * 0.3 + start * 0.001 * dice(f"{symbol} swing", number, 5)
        return round(start, 4), round(max(start, end) + swing, 4), round(min(start, end) - swing, 4), round(end, 4)

    def _volume(self, symbol: str, day: date) -> int:
        if self.exchange(symbol).instrument != "ETF" and symbol != "^GSPC":
            return 0
        return 100 * (100_000 + dice(f"{symbol} volume", day_number(day), 200_000))


def utc_of(seconds: int) -> datetime:
    """Return the UTC time of seconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
