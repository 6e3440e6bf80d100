"""Writing macro series: upserts only, so that a source that shortens its history takes nothing away here."""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tray_app.core.coverage import Coverage
from tray_app.core.series import SeriesPoint
from tray_app.core.times import iso_instant
from tray_app.datasets.liquidity.catalogue import MacroSeries
from tray_app.datasets.liquidity.rules.model import Observation
from tray_app.datasets.liquidity.tables import MACRO_OBSERVATION, MACRO_SERIES, SOURCE_PAUSE
from tray_app.store.answers import AgainStore
from tray_app.store.blanks import SeriesDays, note_blanks
from tray_app.store.database import Database
from tray_app.store.issues import Note, keep_notes
from tray_app.store.restatements import Restated, record_restatements
from tray_app.store.series import (
    Provenance,
    add_coverage,
    final_through,
    first_open_date,
    macro_series,
    set_final_through,
)
from tray_app.store.statements import upsert

NAME_SERIES = upsert(MACRO_SERIES, if_other=True)
UPSERT = upsert(MACRO_OBSERVATION, taken=("value", "run_id"))


@dataclass(frozen=True, slots=True)
class SeriesUpdate:
    """What a source said of a series.

    covers are the dates it was asked for, be there values or not, none when it was refused; the last value may still
    move when it is provisional.
    is_revised: the source rewrites the whole series at each publication, so a changed value is no restatement.
    expected: the days among those it was asked for that should have a value, ascending.
    """

    points: Sequence[SeriesPoint]
    covers: Coverage | None = None
    is_last_provisional: bool = False
    is_revised: bool = False
    expected: Sequence[date] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """Values new or changed, and those that were final before."""

    rows: int = 0
    restated: tuple[Restated, ...] = field(default=())


class MacroStore:
    """The writer of macro_series and macro_observation, and what the index is computed from."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.again = AgainStore(database)

    def name_series(self, series: Sequence[MacroSeries]) -> None:
        """Keep the titles and units of series."""
        with self._database.writing() as connection:
            connection.executemany(
                NAME_SERIES,
                [(each.series_id, each.title, each.units, str(each.frequency), str(each.provider)) for each in series],
            )

    def store(self, series_id: str, answer: SeriesUpdate, seen: Provenance, notes: Sequence[Note] = ()) -> Stored:
        """Upsert an answer's values with what was found of them; a corrected one keeps when it was first seen."""
        progress = macro_series(series_id)
        with self._database.writing() as connection:
            old = _stored_values(connection, series_id, answer.points)
            changed = [point for point in answer.points if old.get(point.date) != point.value]
            open_from = first_open_date(final_through(connection, progress))
            restated = tuple(
                Restated(MACRO_OBSERVATION.name, f"{series_id}/{point.date}", "value", old[point.date], point.value)
                for point in changed
                if point.date in old and point.date < open_from and not answer.is_revised
            )
            record_restatements(connection, restated, seen)
            at = iso_instant(seen.at)
            connection.executemany(
                UPSERT, [(series_id, point.date.isoformat(), point.value, at, seen.run_id) for point in changed]
            )
            set_final_through(connection, progress, _final_date(answer), seen)
            if answer.covers is not None:
                add_coverage(connection, progress, answer.covers, seen)
                note_blanks(connection, macro_days(series_id), answer.expected, answer.points, seen)
            keep_notes(connection, notes, seen)
        return Stored(len(changed), restated)

    def inputs(self, series_ids: Collection[str]) -> dict[str, tuple[Observation, ...]]:
        """Return the stored values of series, oldest first."""
        days: dict[str, date] = {}
        with self._database.reading() as connection:
            return {series_id: _observations(connection, series_id, days) for series_id in series_ids}


class PauseStore:
    """The writer of source_pause; LiquidityReads.source_pause reads it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pause(self, source: str, until: datetime, reason: str) -> None:
        """Note that a source is not asked before an instant."""
        with self._database.writing() as connection:
            connection.execute(upsert(SOURCE_PAUSE), (source, iso_instant(until), reason))


def _final_date(answer: SeriesUpdate) -> date | None:
    dates = sorted(point.date for point in answer.points)
    if answer.is_last_provisional:
        dates = dates[:-1]
    return dates[-1] if dates else None


def _stored_values(connection: sqlite3.Connection, series_id: str, points: Sequence[SeriesPoint]) -> dict[date, float]:
    if not points:
        return {}
    days = [point.date for point in points]
    rows = connection.execute(
        "SELECT date, value FROM macro_observation WHERE series_id = ? AND date BETWEEN ? AND ?",
        (series_id, min(days).isoformat(), max(days).isoformat()),
    )
    return {date.fromisoformat(row[0]): row[1] for row in rows}


def _observations(connection: sqlite3.Connection, series_id: str, days: dict[str, date]) -> tuple[Observation, ...]:
    """Return a series; days holds each date once, for all series together."""
    rows = connection.execute(
        "SELECT date, value FROM macro_observation WHERE series_id = ? ORDER BY date", (series_id,)
    )
    return tuple(Observation(_day(row[0], days), row[1]) for row in rows)


def _day(text: str, days: dict[str, date]) -> date:
    day = days.get(text)
    if day is None:
        day = days[text] = date.fromisoformat(text)
    return day


def macro_days(series_id: str) -> SeriesDays:
    """Return where the days of a macro series stand."""
    return SeriesDays(macro_series(series_id), f"{MACRO_OBSERVATION.name} WHERE series_id = ?", (series_id,))
