"""Writing the stress index: a day that is computed the same again is left untouched.

A final day that comes out otherwise, because a source answered late or corrected itself, is a restatement.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from math import isclose
from typing import Any

from tray_app.core.texts import compact_json
from tray_app.core.times import iso_instant
from tray_app.datasets.liquidity.rules.model import Category, CategoryDay, InputReading, StressDay
from tray_app.datasets.liquidity.tables import STRESS_CONTRIBUTION, STRESS_INDEX
from tray_app.store.database import Database
from tray_app.store.restatements import Restated, record_restatements
from tray_app.store.series import Provenance
from tray_app.store.statements import upsert

FIGURES = ("z", "score", "band", "breadth", "coverage", "repo_flag", "repo_label")
CATEGORY_COLUMNS = "category, z, weight, contribution, inputs"
ROUNDING = 1e-9
UPSERT_DAY = upsert(STRESS_INDEX, if_other=True)
UPSERT_CATEGORY = upsert(STRESS_CONTRIBUTION, if_other=True)


class StressStore:
    """The writer of stress_index and stress_contribution."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def store(self, days: Sequence[StressDay], seen: Provenance) -> int:
        """Make the stored index equal to a whole history; returns the days new or changed.

        Days that are stored but not in the history go: the inputs they were made of have been corrected since. An
        empty history says nothing and changes nothing.
        """
        if not days:
            return 0
        with self._database.writing() as connection:
            record_restatements(connection, _restated(connection, days), seen)
            changed = connection.executemany(UPSERT_DAY, _day_rows(days, seen)).rowcount
            parts = connection.executemany(UPSERT_CATEGORY, _category_rows(days)).rowcount
            gone = _remove_others(connection, days)
        return changed + gone or min(parts, 1)


def _day_rows(days: Sequence[StressDay], seen: Provenance) -> Iterator[tuple[object, ...]]:
    origin = (iso_instant(seen.at), seen.run_id)
    for day in days:
        yield (day.date.isoformat(), *_figures(day), *origin, day.is_provisional, day.is_in_doubt)


def _figures(day: StressDay) -> tuple[float | str | None, ...]:
    """Return a day as FIGURES."""
    return day.z, day.score, str(day.band), day.breadth, day.coverage, day.repo_flag, day.repo_label


def _restated(connection: sqlite3.Connection, days: Sequence[StressDay]) -> list[Restated]:
    """Return what is told otherwise of days that were final, those that are computed no more included."""
    found: list[Restated] = []
    told = {day.date.isoformat(): _figures(day) for day in days}
    nothing = (None,) * len(FIGURES)
    for told_of, *old in connection.execute(
        f"SELECT date, {', '.join(FIGURES)} FROM stress_index WHERE NOT is_provisional ORDER BY date"
    ):
        found += [
            Restated(STRESS_INDEX.name, told_of, column, before, after)
            for column, before, after in zip(FIGURES, old, told.get(told_of, nothing), strict=True)
            if before != after and not _is_rounding(before, after)
        ]
    return found


def _is_rounding(before: object, after: object) -> bool:
    """Whether two numbers differ by no more than the order of adding does."""
    return isinstance(before, float) and isinstance(after, float) and isclose(before, after, abs_tol=ROUNDING)


def _category_rows(days: Sequence[StressDay]) -> Iterator[tuple[object, ...]]:
    for day in days:
        told_of = day.date.isoformat()
        for each in day.categories:
            yield told_of, str(each.category), each.z, each.weight, each.contribution, _inputs_text(each.inputs)


def _remove_others(connection: sqlite3.Connection, days: Sequence[StressDay]) -> int:
    dates = {day.date.isoformat() for day in days}
    kept = {(day.date.isoformat(), str(each.category)) for day in days for each in day.categories}
    gone = [row for row in connection.execute("SELECT date FROM stress_index").fetchall() if row[0] not in dates]
    parts = connection.execute("SELECT date, category FROM stress_contribution").fetchall()
    connection.executemany("DELETE FROM stress_index WHERE date = ?", gone)
    connection.executemany(
        "DELETE FROM stress_contribution WHERE date = ? AND category = ?", [row for row in parts if row not in kept]
    )
    return len(gone)


def _inputs_text(inputs: Sequence[InputReading]) -> str:
    """Return inputs as compact JSON: a list of [name, series, value, z, observed, age]."""
    return compact_json([[each.name, each.series, each.value, each.z, str(each.observed), each.age] for each in inputs])


def category_of(row: Sequence[Any]) -> CategoryDay:
    """Return a category from CATEGORY_COLUMNS."""
    inputs = tuple(
        InputReading(name, series, value, z, date.fromisoformat(observed), age)
        for name, series, value, z, observed, age in json.loads(row[4])
    )
    return CategoryDay(Category(row[0]), row[1], row[2], row[3], inputs)
