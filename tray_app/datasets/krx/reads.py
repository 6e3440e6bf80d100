"""What windows and the command line show of the Korea Exchange."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tray_app.core.days import day_number, day_of
from tray_app.core.times import maybe_date
from tray_app.datasets.krx.rows import Market, premium_of
from tray_app.datasets.krx.rules.calendar import CalendarDay, DayState, Declaration, Evidence
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry
from tray_app.datasets.krx.store.declared import DeclaredDays
from tray_app.datasets.krx.store.ledger import all_tracks_entries
from tray_app.store.database import Database


@dataclass(frozen=True, slots=True)
class FoundInstrument:
    """A listing episode as a search finds it.

    moved_to is the market the issue went on in; an unidentified one is known from its rows alone.
    """

    instrument_id: int
    market: Market
    code: str
    name: str
    listing_date: date
    delisting_date: date | None
    moved_to: Market | None = None
    is_identified: bool = True


@dataclass(frozen=True, slots=True)
class EtfClose:
    """An ETF's close on a session, beside its NAV, its net assets (won) and the index it follows."""

    trade_date: date
    close: float
    nav: float | None
    net_assets: int | None
    underlying_index: str | None

    @property
    def premium(self) -> float | None:
        """Return by which share of its NAV the close is dearer."""
        return premium_of(self.close, self.nav)


@dataclass(frozen=True, slots=True)
class Bar:
    """One session of an issue, in won; open, high and low are None when nothing was traded."""

    trade_date: date
    open: float | None
    high: float | None
    low: float | None
    close: float
    volume: int


@dataclass(frozen=True, slots=True)
class StoredFactor:
    """What prices before a session are multiplied with, and volumes divided by; how that was found."""

    trade_date: date
    factor: float
    share_factor: float
    method: str
    is_flagged: bool
    inputs: str


@dataclass(frozen=True, slots=True)
class IndexClose:
    """An index on a session."""

    trade_date: date
    close: float


class KrxReads:
    """Reads of the Korea Exchange tables, usable from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest_session(self) -> date | None:
        """Return the newest session that any market has rows of."""
        with self._database.reading() as connection:
            (number,) = connection.execute("SELECT MAX(trade_date) FROM day_summary").fetchone()
        return None if number is None else day_of(number)

    def coverage(self) -> tuple[LedgerEntry, ...]:
        """Return where every session of every market and index class stands, by day."""
        with self._database.reading() as connection:
            return all_tracks_entries(connection)

    def calendar(self, first: date, last: date) -> tuple[CalendarDay, ...]:
        """Return the days of the calendar, closed ones with their reason."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT trade_date, state, evidence, holiday_name FROM trading_calendar"
                " WHERE market_code = ? AND trade_date BETWEEN ? AND ? ORDER BY trade_date",
                (Market.KOSPI, first.isoformat(), last.isoformat()),
            ).fetchall()
        return tuple(
            CalendarDay(date.fromisoformat(row[0]), DayState(row[1]), Evidence(row[2]), row[3]) for row in rows
        )

    def declared_days(self) -> dict[date, Declaration]:
        """Return the days that a person declared open or closed."""
        return DeclaredDays(self._database).all()

    def has_rows(self, day: date) -> bool:
        """Whether rows of a day are stored, of any market or class of indices."""
        return DeclaredDays(self._database).has_rows(day)

    def search(self, text: str, limit: int = 50) -> tuple[FoundInstrument, ...]:
        """Return the episodes whose code starts with, or whose name holds, a text; the living first."""
        pattern = text.strip().upper()
        with self._database.reading() as connection:
            rows = connection.execute(
                """
                SELECT instrument_id, market_code, external_code, instrument_name, listing_date, delisting_date,
                    (SELECT m.market_code FROM instruments m WHERE m.instrument_id = instruments.moved_to),
                    isin IS NOT NULL OR market_code = 'ETF'
                FROM instruments
                WHERE external_code LIKE ? || '%' OR upper(instrument_name) LIKE '%' || ? || '%'
                ORDER BY external_code <> ?, end_reason IS NOT NULL, instrument_name, external_code LIMIT ?
                """,
                (pattern, pattern, pattern, limit),
            ).fetchall()
        return tuple(
            FoundInstrument(
                row[0],
                Market(row[1]),
                row[2],
                row[3],
                date.fromisoformat(row[4]),
                maybe_date(row[5]),
                Market(row[6]) if row[6] else None,
                bool(row[7]),
            )
            for row in rows
        )

    def bars(self, instrument_id: int, since: date) -> tuple[Bar, ...]:
        """Return an issue's stored sessions. One seek a session: the big table has no index by issue."""
        with self._database.reading() as connection:
            rows = connection.execute(
                """
                SELECT d.trade_date, d.open, d.high, d.low, d.close, d.volume
                FROM (SELECT DISTINCT trade_date FROM day_summary WHERE dataset = 'equity' AND trade_date >= ?) s
                CROSS JOIN daily_market_data d ON d.trade_date = s.trade_date AND d.instrument_id = ?
                ORDER BY d.trade_date
                """,
                (day_number(since), instrument_id),
            ).fetchall()
        return tuple(Bar(day_of(row[0]), *row[1:]) for row in rows)

    def last_etf(self, instrument_id: int) -> EtfClose | None:
        """Return what is told of an ETF on its last session with figures; none of other issues."""
        with self._database.reading() as connection:
            row = connection.execute(
                """
                SELECT e.trade_date, d.close, e.nav, e.net_assets, e.underlying_index
                FROM (SELECT trade_date FROM day_summary WHERE dataset = 'equity' AND market_code = 'ETF'
                      ORDER BY trade_date DESC) s
                CROSS JOIN etf_daily_data e ON e.trade_date = s.trade_date AND e.instrument_id = ?
                CROSS JOIN daily_market_data d ON d.trade_date = e.trade_date AND d.instrument_id = e.instrument_id
                ORDER BY s.trade_date DESC LIMIT 1
                """,
                (instrument_id,),
            ).fetchone()
        return None if row is None else EtfClose(day_of(row[0]), *row[1:])

    def factors(self, instrument_id: int) -> tuple[StoredFactor, ...]:
        """Return the factors that adjust a listing's prices: its own, and those of the listings it went on in."""
        with self._database.reading() as connection:
            rows = connection.execute(
                """
                WITH RECURSIVE line (instrument_id) AS (
                    SELECT ? UNION SELECT i.moved_to FROM line JOIN instruments i USING (instrument_id)
                    WHERE i.moved_to IS NOT NULL
                )
                SELECT trade_date, factor, share_factor, method, is_flagged, inputs
                FROM line CROSS JOIN price_adjustment_factors USING (instrument_id) ORDER BY trade_date
                """,
                (instrument_id,),
            ).fetchall()
        return tuple(StoredFactor(day_of(row[0]), row[1], row[2], row[3], bool(row[4]), row[5]) for row in rows)

    def index_closes(self, index_code: str, since: date) -> tuple[IndexClose, ...]:
        """Return an index's stored closes."""
        with self._database.reading() as connection:
            rows = connection.execute(
                """
                SELECT b.trade_date, b.close
                FROM (SELECT DISTINCT trade_date FROM day_summary WHERE dataset = 'index' AND trade_date >= ?) s
                CROSS JOIN benchmark_index_data b ON b.trade_date = s.trade_date
                    AND b.index_id = (SELECT index_id FROM indices WHERE index_code = ?)
                WHERE b.close IS NOT NULL ORDER BY b.trade_date
                """,
                (day_number(since), index_code),
            ).fetchall()
        return tuple(IndexClose(day_of(row[0]), row[1]) for row in rows)

    def index_codes(self) -> tuple[str, ...]:
        """Return the codes of all stored indices."""
        with self._database.reading() as connection:
            return tuple(row[0] for row in connection.execute("SELECT index_code FROM indices ORDER BY index_id"))

    def count_daily_bars(self, first: date, last: date, markets: Sequence[Market]) -> int:
        """Return the daily bars of some markets, from the small table kept beside them."""
        marks = ", ".join("?" for _ in markets)
        return self._database.number(
            "SELECT COALESCE(SUM(rows), 0) FROM day_summary WHERE dataset = ? AND trade_date BETWEEN ? AND ?"
            f" AND market_code IN ({marks})",
            (BarKind.EQUITY, day_number(first), day_number(last), *markets),
        )

    def count_etf_days(self, first: date, last: date) -> int:
        """Return the rows of what is told of ETFs beside their bars."""
        return self._database.number(
            "SELECT COUNT(*) FROM etf_daily_data WHERE trade_date BETWEEN ? AND ?",
            (day_number(first), day_number(last)),
        )

    def count_listings(self, first: date, last: date, markets: Sequence[Market]) -> int:
        """Return about how many issues have daily bars: the most of a day, each market for itself."""
        marks = ", ".join("?" for _ in markets)
        return self._database.number(
            "SELECT COALESCE(SUM(most), 0) FROM (SELECT MAX(rows) AS most FROM day_summary"
            f" WHERE dataset = ? AND trade_date BETWEEN ? AND ? AND market_code IN ({marks}) GROUP BY market_code)",
            (BarKind.EQUITY, day_number(first), day_number(last), *markets),
        )
