"""What windows and the command line show of the crypto market. Plain rows, oldest first unless said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tray_app.core.coverage import Coverage
from tray_app.core.holes import KnownDays
from tray_app.core.series import SeriesPoint
from tray_app.core.times import maybe_date
from tray_app.datasets.crypto.exports import ROW_BYTES
from tray_app.datasets.crypto.rows import CoinDay, CoinName, CryptoSource
from tray_app.datasets.crypto.store import coin_days, metric_days
from tray_app.datasets.crypto.tables import CRYPTO_METRIC, CRYPTO_PRICE
from tray_app.datasets.export_kind import Asked, Measured
from tray_app.store.blanks import known_days
from tray_app.store.database import Database
from tray_app.store.series import coin_series, coverage

PRICES = tuple(column.name for column in CRYPTO_PRICE.in_sets)
COINS = ", ".join(PRICES)
VALUES = tuple(column.name for column in CRYPTO_METRIC.in_sets if column.name != "date")


@dataclass(frozen=True, slots=True)
class MetricDay:
    """A row of crypto_metric: its values by column, as the metrics describe them."""

    date: date
    values: Mapping[str, float | int | str | None]


@dataclass(frozen=True, slots=True)
class PricePoint:
    """A coin's dollar price on a UTC date."""

    date: date
    price_usd: float
    source_name: str


class CryptoReads:
    """Reads of the tables of coins and the market, usable from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest_coin_date(self) -> date | None:
        """Return the newest UTC date that has a snapshot of the market."""
        with self._database.reading() as connection:
            (day,) = connection.execute(
                "SELECT MAX(date) FROM crypto_price WHERE source_name = ?", (CryptoSource.SNAPSHOT,)
            ).fetchone()
        return maybe_date(day)

    def coins_of(self, day: date) -> tuple[CoinDay, ...]:
        """Return a day's snapshot, biggest market cap first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {COINS} FROM {CRYPTO_PRICE.name} WHERE date = ? AND source_name = ?"
                " ORDER BY market_cap IS NULL, market_cap DESC, coin_id",
                (day.isoformat(), CryptoSource.SNAPSHOT),
            ).fetchall()
        return tuple(_coin_day(row) for row in rows)

    def coin_names(self) -> tuple[CoinName, ...]:
        """Return every coin ever stored, by its newest name, in the order of its id."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT coin_id, symbol, name, MAX(date) FROM crypto_price GROUP BY coin_id ORDER BY coin_id"
            ).fetchall()
        return tuple(CoinName(*row[:3]) for row in rows)

    def coin_prices(self, coin_id: str, since: date | None = None) -> tuple[PricePoint, ...]:
        """Return a coin's stored prices."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT date, price_usd, source_name FROM crypto_price WHERE coin_id = ? AND date >= ? ORDER BY date",
                (coin_id, since.isoformat() if since else ""),
            ).fetchall()
        return tuple(PricePoint(date.fromisoformat(row[0]), row[1], row[2]) for row in rows)

    def metrics(self, since: date | None = None) -> tuple[MetricDay, ...]:
        """Return the stored days of the crypto market."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT date, {', '.join(VALUES)} FROM {CRYPTO_METRIC.name} WHERE date >= ? ORDER BY date",
                (since.isoformat() if since else "",),
            ).fetchall()
        return tuple(MetricDay(date.fromisoformat(row[0]), dict(zip(VALUES, row[1:], strict=True))) for row in rows)

    def newest_metric_date(self, column: str) -> date | None:
        """Return the newest date on which a column of crypto_metric has a value."""
        newest = self.newest_values(column, 1)
        return newest[0].date if newest else None

    def newest_values(self, column: str, count: int = 2) -> tuple[SeriesPoint, ...]:
        """Return the newest values of a column of crypto_metric, newest first."""
        if column not in VALUES:
            raise ValueError(column)
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT date, {column} FROM crypto_metric WHERE {column} IS NOT NULL ORDER BY date DESC LIMIT ?",
                (count,),
            ).fetchall()
        return tuple(SeriesPoint(date.fromisoformat(row[0]), row[1]) for row in rows)

    def values_before(self, column: str, day: date, count: int) -> tuple[SeriesPoint, ...]:
        """Return the last values of a column of crypto_metric before a day, oldest first."""
        if column not in VALUES:
            raise ValueError(column)
        query = (
            f"SELECT date, {column} FROM crypto_metric WHERE {column} IS NOT NULL AND date < ?"
            " ORDER BY date DESC LIMIT ?"
        )
        return self._before(query, (day.isoformat(), count))

    def coin_values_before(self, coin_id: str, column: str, day: date, count: int) -> tuple[SeriesPoint, ...]:
        """Return a coin's last values of a column of crypto_price before a day, oldest first."""
        if column not in CRYPTO_PRICE.values:
            raise ValueError(column)
        query = (
            f"SELECT date, {column} FROM crypto_price WHERE coin_id = ? AND {column} IS NOT NULL AND date < ?"
            " ORDER BY date DESC LIMIT ?"
        )
        return self._before(query, (coin_id, day.isoformat(), count))

    def known_coin_days(self, coin_id: str, wanted: Coverage) -> KnownDays:
        """Return which days of a span a coin has, and what the source said of those that it has not."""
        with self._database.reading() as connection:
            return known_days(connection, coin_days(coin_id), wanted.first, wanted.last)

    def known_metric_days(self, column: str, wanted: Coverage) -> KnownDays:
        """Return on which days of a span a column of crypto_metric has a value. As known_coin_days."""
        with self._database.reading() as connection:
            return known_days(connection, metric_days(column), wanted.first, wanted.last)

    def coin_coverage(self, coin_id: str) -> Coverage | None:
        """Return the days of a coin that are stored without a hole."""
        with self._database.reading() as connection:
            return coverage(connection, coin_series(coin_id))

    def series_coverage(self, column: str) -> Coverage | None:
        """Return the days of a column of crypto_metric that are stored without a hole."""
        with self._database.reading() as connection:
            return coverage(connection, column)

    def _before(self, query: str, parameters: tuple[str | int, ...]) -> tuple[SeriesPoint, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(query, parameters).fetchall()
        return tuple(SeriesPoint(date.fromisoformat(row[0]), row[1]) for row in reversed(rows))

    def count_rows(self, first: date, last: date) -> int:
        """Return the rows of the coins and of the crypto market together."""
        days = (first.isoformat(), last.isoformat())
        return self._database.number(
            "SELECT (SELECT COUNT(*) FROM crypto_price WHERE date BETWEEN ? AND ?)"
            " + (SELECT COUNT(*) FROM crypto_metric WHERE date BETWEEN ? AND ?)",
            (*days, *days),
        )


def _coin_day(row: Sequence[Any]) -> CoinDay:
    values = dict(zip(PRICES, row, strict=True))
    day, source = date.fromisoformat(values.pop("date")), CryptoSource(values.pop("source_name"))
    return CoinDay(date=day, source_name=source, **values)


def measure(database: Database, asked: Asked) -> Measured:
    """Return how much a set would hold of the coins. Reads the store."""
    rows = CryptoReads(database).count_rows(asked.first, asked.last)
    return Measured(rows, rows * ROW_BYTES)
