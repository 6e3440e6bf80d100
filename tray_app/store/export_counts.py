"""How many rows an export would take, counted in the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tray_app.core.days import day_number
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.store.codes import EQUITY
from tray_app.store.database import Database


@dataclass(frozen=True, slots=True)
class SeriesCount:
    """The values of a macro series and who serves it; an empty source is unknown."""

    series_id: str
    source: str
    rows: int


class ExportCounts:
    """Counts the rows between two days, both included; usable from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def daily_bars(self, first: date, last: date, markets: Sequence[Market]) -> int:
        """Return the daily bars of some markets, from the small table kept beside them."""
        marks = ", ".join("?" for _ in markets)
        return self._number(
            "SELECT TOTAL(rows) FROM day_summary WHERE dataset = ? AND trade_date BETWEEN ? AND ?"
            f" AND market_code IN ({marks})",
            (EQUITY, day_number(first), day_number(last), *markets),
        )

    def listings(self, first: date, last: date, markets: Sequence[Market]) -> int:
        """Return about how many issues have daily bars: the most of a day, each market for itself."""
        marks = ", ".join("?" for _ in markets)
        return self._number(
            "SELECT TOTAL(most) FROM (SELECT MAX(rows) AS most FROM day_summary"
            f" WHERE dataset = ? AND trade_date BETWEEN ? AND ? AND market_code IN ({marks}) GROUP BY market_code)",
            (EQUITY, day_number(first), day_number(last), *markets),
        )

    def etf_days(self, first: date, last: date) -> int:
        """Return the rows of what is told of ETFs beside their bars."""
        return self._number(
            "SELECT COUNT(*) FROM etf_daily_data WHERE trade_date BETWEEN ? AND ?",
            (day_number(first), day_number(last)),
        )

    def crypto(self, first: date, last: date) -> int:
        """Return the rows of the coins and of the crypto market together."""
        days = (first.isoformat(), last.isoformat())
        return self._number(
            "SELECT (SELECT COUNT(*) FROM crypto_price WHERE date BETWEEN ? AND ?)"
            " + (SELECT COUNT(*) FROM crypto_metric WHERE date BETWEEN ? AND ?)",
            (*days, *days),
        )

    def macro(self, first: date, last: date) -> tuple[SeriesCount, ...]:
        """Return the macro series that have values."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT o.series_id, IFNULL(s.source, ''), COUNT(*) FROM macro_observation o"
                " LEFT JOIN macro_series s USING (series_id) WHERE o.date BETWEEN ? AND ?"
                " GROUP BY o.series_id ORDER BY o.series_id",
                (first.isoformat(), last.isoformat()),
            ).fetchall()
        return tuple(SeriesCount(*row) for row in rows)

    def stress(self, first: date, last: date) -> int:
        """Return the days of the stress index."""
        return self._number(
            "SELECT COUNT(*) FROM stress_index WHERE date BETWEEN ? AND ?", (first.isoformat(), last.isoformat())
        )

    def _number(self, query: str, values: tuple[object, ...]) -> int:
        with self._database.reading() as connection:
            (found,) = connection.execute(query, values).fetchone()
        return int(found)
