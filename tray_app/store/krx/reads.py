"""What windows and the command line show of the Korea Exchange."""

from dataclasses import dataclass
from datetime import date

from tray_app.core.days import day_number, day_of
from tray_app.core.krx.rows import Market
from tray_app.store.database import Database


@dataclass(frozen=True, slots=True)
class FoundInstrument:
    """A listing episode as a search finds it."""

    instrument_id: int
    market: Market
    code: str
    name: str
    listing_date: date
    delisting_date: date | None


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
    """What prices before a session are multiplied with, and volumes divided by."""

    trade_date: date
    factor: float
    share_factor: float


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

    def search(self, text: str, limit: int = 50) -> tuple[FoundInstrument, ...]:
        """Return the episodes whose code starts with, or whose name holds, a text; the living first."""
        pattern = text.strip().upper()
        with self._database.reading() as connection:
            rows = connection.execute(
                """
                SELECT instrument_id, market_code, external_code, instrument_name, listing_date, delisting_date
                FROM instruments
                WHERE external_code LIKE ? || '%' OR upper(instrument_name) LIKE '%' || ? || '%'
                ORDER BY external_code <> ?, delisting_date IS NOT NULL, instrument_name, external_code LIMIT ?
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
                date.fromisoformat(row[5]) if row[5] else None,
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

    def factors(self, instrument_id: int) -> tuple[StoredFactor, ...]:
        """Return an issue's adjustment factors."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT trade_date, factor, share_factor FROM price_adjustment_factors"
                " WHERE instrument_id = ? ORDER BY trade_date",
                (instrument_id,),
            ).fetchall()
        return tuple(StoredFactor(day_of(row[0]), row[1], row[2]) for row in rows)

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
