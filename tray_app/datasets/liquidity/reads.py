"""What windows and the command line show of series and index. Plain rows, oldest first unless said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from tray_app.core.coverage import Coverage
from tray_app.core.holes import KnownDays
from tray_app.core.series import SeriesPoint
from tray_app.core.times import maybe_date, maybe_instant, parse_instant
from tray_app.datasets.export_kind import Asked, Measured
from tray_app.datasets.liquidity.catalogue import Provider
from tray_app.datasets.liquidity.exports import MACRO_ROW_BYTES, STRESS_ROW_BYTES
from tray_app.datasets.liquidity.rules.model import Band, Category, StressDay, StressFigures
from tray_app.datasets.liquidity.rules.restrictions import included_sentence, left_out_sentences, restrictions
from tray_app.datasets.liquidity.store.series import macro_days
from tray_app.datasets.liquidity.store.stress import CATEGORY_COLUMNS, category_of
from tray_app.store.blanks import known_days
from tray_app.store.database import Database
from tray_app.store.series import coverage, macro_series

LONGEST_PAUSE = timedelta(hours=2)
# Looked up for each of tens of thousands of rows: making the enumeration's member anew takes four times as long.
CATEGORIES: Mapping[str, Category] = MappingProxyType({each.value: each for each in Category})
BANDS: Mapping[str, Band] = MappingProxyType({each.value: each for each in Band})


@dataclass(frozen=True, slots=True)
class StressPoint(StressFigures):
    """The index on a day, without the inputs: what each category adds to z, and each category's own z."""

    contributions: Mapping[Category, float]
    sub_indices: Mapping[Category, float]


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """A series and its newest value; first_seen_at is the instant (UTC) that value was first stored."""

    series_id: str
    title: str
    units: str
    provider: Provider
    newest: date | None
    newest_value: float | None
    first_seen_at: datetime | None
    count: int


@dataclass(frozen=True, slots=True)
class SourcePause:
    """A source that is not asked before an instant (UTC), and why."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class SeriesCount:
    """The values of a macro series and who serves it; an empty source is unknown."""

    series_id: str
    source: str
    rows: int


class LiquidityReads:
    """Reads of the tables of series and index, usable from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stress_days(self, since: date | None = None) -> tuple[StressPoint, ...]:
        """Return the index without its inputs."""
        with self._database.reading() as connection:
            days = connection.execute(
                "SELECT date, z, score, band, breadth, coverage, repo_flag, repo_label, is_provisional, is_in_doubt"
                " FROM stress_index WHERE date >= ? ORDER BY date",
                (_from(since),),
            ).fetchall()
            parts = connection.execute(
                "SELECT date, category, contribution, z FROM stress_contribution WHERE date >= ?", (_from(since),)
            ).fetchall()
        contributions: dict[str, dict[Category, float]] = {row[0]: {} for row in days}
        sub_indices: dict[str, dict[Category, float]] = {row[0]: {} for row in days}
        for day, name, contribution, z in parts:
            if day in contributions:
                contributions[day][CATEGORIES[name]] = contribution
                sub_indices[day][CATEGORIES[name]] = z
        return tuple(
            StressPoint(
                date.fromisoformat(row[0]),
                row[1],
                row[2],
                BANDS[row[3]],
                row[4],
                row[5],
                bool(row[6]),
                row[7],
                contributions[row[0]],
                sub_indices[row[0]],
                is_provisional=bool(row[8]),
                is_in_doubt=bool(row[9]),
            )
            for row in days
        )

    def stress_day(self, day: date) -> StressDay | None:
        """Return the index on a day with everything it was made of."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT z, score, band, breadth, coverage, repo_flag, repo_label, is_provisional, is_in_doubt"
                " FROM stress_index WHERE date = ?",
                (day.isoformat(),),
            ).fetchone()
            categories = connection.execute(
                f"SELECT {CATEGORY_COLUMNS} FROM stress_contribution WHERE date = ?", (day.isoformat(),)
            ).fetchall()
        if row is None:
            return None
        z, score, band, breadth, covered, repo_flag, repo_label, is_provisional, is_in_doubt = row
        order = list(Category)
        parts = sorted((category_of(each) for each in categories), key=lambda each: order.index(each.category))
        return StressDay(
            day,
            z,
            score,
            Band(band),
            breadth,
            covered,
            bool(repo_flag),
            repo_label,
            tuple(parts),
            is_provisional=bool(is_provisional),
            is_in_doubt=bool(is_in_doubt),
        )

    def stress_span(self) -> Coverage | None:
        """Return the first and the newest day that have an index."""
        with self._database.reading() as connection:
            first, newest = connection.execute("SELECT MIN(date), MAX(date) FROM stress_index").fetchone()
        return Coverage(date.fromisoformat(first), date.fromisoformat(newest)) if newest else None

    def newest_stress_date(self) -> date | None:
        """Return the newest day that has an index."""
        span = self.stress_span()
        return span.last if span else None

    def series(self) -> tuple[StoredSeries, ...]:
        """Return every series that is collected, in the order of its id."""
        with self._database.reading() as connection:
            rows = connection.execute(
                """
                SELECT s.series_id, s.title, s.units, s.source, o.date, o.value, o.first_seen_at,
                       (SELECT COUNT(*) FROM macro_observation WHERE series_id = s.series_id)
                FROM macro_series s LEFT JOIN macro_observation o ON o.series_id = s.series_id
                    AND o.date = (SELECT MAX(date) FROM macro_observation WHERE series_id = s.series_id)
                ORDER BY s.series_id
                """
            ).fetchall()
        return tuple(
            StoredSeries(
                series_id=row[0],
                title=row[1],
                units=row[2],
                provider=Provider(row[3]),
                newest=maybe_date(row[4]),
                newest_value=row[5],
                first_seen_at=maybe_instant(row[6]),
                count=row[7],
            )
            for row in rows
        )

    def observations(self, series_id: str, since: date | None = None) -> tuple[SeriesPoint, ...]:
        """Return a series' stored values."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT date, value FROM macro_observation WHERE series_id = ? AND date >= ? ORDER BY date",
                (series_id, _from(since)),
            ).fetchall()
        return tuple(SeriesPoint(date.fromisoformat(row[0]), row[1]) for row in rows)

    def newest_observation(self, series_id: str) -> date | None:
        """Return the newest date that a series has a value of."""
        with self._database.reading() as connection:
            (day,) = connection.execute(
                "SELECT MAX(date) FROM macro_observation WHERE series_id = ?", (series_id,)
            ).fetchone()
        return maybe_date(day)

    def known_days(self, series_id: str, first: date, last: date) -> KnownDays:
        """Return which days of a span have a value, and what the source said of those that have none."""
        with self._database.reading() as connection:
            return known_days(connection, macro_days(series_id), first, last)

    def series_coverage(self, series_id: str) -> Coverage | None:
        """Return the dates of a series that the source was asked for and has answered."""
        with self._database.reading() as connection:
            return coverage(connection, macro_series(series_id))

    def source_pause(self, source: str, now: datetime) -> SourcePause | None:
        """Return until when a source is not asked, if it asked for that."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT until, reason FROM source_pause WHERE source = ?", (source,)).fetchone()
        until = parse_instant(row[0]) if row else now
        # A pause that ends further off than any was noted while the clock was ahead.
        return SourcePause(until, row[1]) if now < until <= now + LONGEST_PAUSE else None

    def count_observations(self, first: date, last: date) -> tuple[SeriesCount, ...]:
        """Return the macro series that have values."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT o.series_id, COALESCE(s.source, ''), COUNT(*) FROM macro_observation o"
                " LEFT JOIN macro_series s USING (series_id) WHERE o.date BETWEEN ? AND ?"
                " GROUP BY o.series_id ORDER BY o.series_id",
                (first.isoformat(), last.isoformat()),
            ).fetchall()
        return tuple(SeriesCount(*row) for row in rows)

    def count_stress_days(self, first: date, last: date) -> int:
        """Return the days of the stress index."""
        return self._database.number(
            "SELECT COUNT(*) FROM stress_index WHERE date BETWEEN ? AND ?", (first.isoformat(), last.isoformat())
        )


def _from(since: date | None) -> str:
    return since.isoformat() if since else ""


def measure_macro(database: Database, asked: Asked) -> Measured:
    """Return how much a set would hold of the macro series, and what is to be said of licences. Reads the store."""
    series = LiquidityReads(database).count_observations(asked.first, asked.last)
    restricted = restrictions({each.series_id: each.source for each in series})
    notes = left_out_sentences(restricted)
    if asked.include_restricted:
        notes = (included_sentence(restricted),) if restricted else ()
    rows = sum(each.rows for each in series if asked.include_restricted or each.series_id not in restricted)
    return Measured(rows, rows * MACRO_ROW_BYTES, notes=notes)


def measure_stress(database: Database, asked: Asked) -> Measured:
    """Return how much a set would hold of the stress index. Reads the store."""
    rows = LiquidityReads(database).count_stress_days(asked.first, asked.last)
    return Measured(rows, rows * STRESS_ROW_BYTES)
