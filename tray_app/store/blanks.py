"""Days of series with and without a value, and what their source said of those without. In the caller's transaction."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tray_app.core.holes import Blank, KnownDays, blanks_after
from tray_app.core.times import maybe_date, utc_date
from tray_app.store.series import Provenance, coverage


class Dated(Protocol):
    """What a source said of a day."""

    @property
    def date(self) -> date:
        """Return the day."""


@dataclass(frozen=True, slots=True)
class SeriesDays:
    """Where the days of a series with a value stand; series is its name in series_progress."""

    series: str
    rows: str
    parameters: tuple[str, ...] = ()


def known_days(connection: sqlite3.Connection, days: SeriesDays, first: date, last: date) -> KnownDays:
    """Return what is known of a series; of the days with a value those of a span."""
    (newest,) = connection.execute(f"SELECT MAX(date) FROM {days.rows}", days.parameters).fetchone()
    return KnownDays(
        _stored(connection, days, first, last),
        maybe_date(newest),
        coverage(connection, days.series),
        _blanks(connection, days.series),
    )


def note_blanks(
    connection: sqlite3.Connection,
    days: SeriesDays,
    expected: Sequence[date],
    points: Sequence[Dated],
    seen: Provenance,
) -> None:
    """Note which days an answer left without a value, after its values are stored.

    expected: the days among those it was asked for that should have one, ascending. points: what it said; of days
    behind the last of them it said nothing.
    """
    last = max((point.date for point in points), default=date.min)
    asked = [day for day in expected if day <= last]
    if not asked:
        return
    before = _blanks(connection, days.series)
    after = blanks_after(before, asked, _stored(connection, days, asked[0], asked[-1]), utc_date(seen.at))
    gone, new = set(before) - set(after), set(after) - set(before)
    connection.executemany(
        "DELETE FROM blank_days WHERE series = ? AND date_from = ?",
        [(days.series, each.first.isoformat()) for each in gone],
    )
    connection.executemany(
        "INSERT INTO blank_days (series, date_from, date_through, age) VALUES (?, ?, ?, ?)",
        [(days.series, each.first.isoformat(), each.last.isoformat(), each.age) for each in new],
    )


def _stored(connection: sqlite3.Connection, days: SeriesDays, first: date, last: date) -> frozenset[date]:
    # One text of all dates: there are hundreds of thousands, and a row for each takes twice as long.
    (dates,) = connection.execute(
        f"SELECT group_concat(date) FROM {days.rows} AND date BETWEEN ? AND ?",
        (*days.parameters, first.isoformat(), last.isoformat()),
    ).fetchone()
    return frozenset(map(date.fromisoformat, dates.split(","))) if dates else frozenset()


def _blanks(connection: sqlite3.Connection, series: str) -> tuple[Blank, ...]:
    rows = connection.execute(
        "SELECT date_from, date_through, age FROM blank_days WHERE series = ? ORDER BY date_from", (series,)
    )
    return tuple(Blank(date.fromisoformat(row[0]), date.fromisoformat(row[1]), row[2]) for row in rows)
