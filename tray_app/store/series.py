"""How far each daily series is stored: without a hole, and final. Functions run in the caller's transaction."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tray_app.core.coverage import Coverage, joined
from tray_app.core.times import iso_instant, maybe_date, utc_date


@dataclass(frozen=True, slots=True)
class Provenance:
    """When and in which run an answer was stored."""

    at: datetime
    run_id: int


def coin_series(coin_id: str) -> str:
    """Return the name a coin's series has in series_progress."""
    return f"coin:{coin_id}"


def macro_series(series_id: str) -> str:
    """Return the name a macro series has in series_progress."""
    return f"macro:{series_id}"


def final_through(connection: sqlite3.Connection, series: str) -> date | None:
    """Return the last date whose stored value was final when it was stored."""
    row = connection.execute("SELECT final_through FROM series_progress WHERE series = ?", (series,)).fetchone()
    return maybe_date(row[0]) if row else None


def first_open_date(final: date | None) -> date:
    """Return the first date whose value may still change without being a restatement."""
    return date.min if final is None else final + timedelta(days=1)


def set_final_through(connection: sqlite3.Connection, series: str, through: date | None, seen: Provenance) -> None:
    """Note that all values up to a date are final; the note never moves back."""
    if through is None:
        return
    connection.execute(
        """
        INSERT INTO series_progress (series, final_through, updated_at) VALUES (?, ?, ?)
        ON CONFLICT (series) DO UPDATE SET final_through = excluded.final_through, updated_at = excluded.updated_at
        WHERE series_progress.final_through IS NULL OR series_progress.final_through < excluded.final_through
        """,
        (series, through.isoformat(), iso_instant(seen.at)),
    )


def mark_final_if_over(connection: sqlite3.Connection, series: str, day: date, seen: Provenance) -> None:
    """Note that a snapshot is final when it was taken after its UTC date was over."""
    if day < utc_date(seen.at):
        set_final_through(connection, series, day, seen)


def coverage(connection: sqlite3.Connection, series: str) -> Coverage | None:
    """Return the days of a series that are stored without a hole."""
    row = connection.execute(
        "SELECT covered_from, covered_through FROM series_progress WHERE series = ?", (series,)
    ).fetchone()
    if row is None or row[0] is None:
        return None
    return Coverage(date.fromisoformat(row[0]), date.fromisoformat(row[1]))


def extend_coverage(connection: sqlite3.Connection, series: str, day: date, seen: Provenance) -> None:
    """Add one day to a series that was filled before; a day after a hole leaves the hole visible."""
    known = coverage(connection, series)
    if known is not None and known.touches(Coverage(day, day)):
        add_coverage(connection, series, Coverage(day, day), seen)


def add_coverage(connection: sqlite3.Connection, series: str, added: Coverage, seen: Provenance) -> None:
    """Note that a series is stored without a hole over these days too."""
    known = coverage(connection, series)
    total = joined(known, added)
    if total == known:
        return
    connection.execute(
        """
        INSERT INTO series_progress (series, covered_from, covered_through, updated_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (series) DO UPDATE SET covered_from = excluded.covered_from,
            covered_through = excluded.covered_through, updated_at = excluded.updated_at
        """,
        (series, total.first.isoformat(), total.last.isoformat(), iso_instant(seen.at)),
    )
