"""Writing how a listing ended, its liquidation trading, and the links between the listings of an issue that moved.

How a listing ended is told by its last rows. A mark, written with rows that may tell otherwise, says that it is to be
worked out anew: by this run, or by any later one.
"""

import sqlite3
from collections.abc import Collection, Sequence
from datetime import date

from tray_app.core.days import day_number, day_of
from tray_app.core.quality import IssueDataset
from tray_app.core.times import iso_instant
from tray_app.datasets.krx.rules.closures import Closure
from tray_app.datasets.krx.rules.episodes import EndReason
from tray_app.datasets.krx.rules.liquidation import LastRow
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode
from tray_app.datasets.krx.store.codes import EQUITY_TABLE
from tray_app.store.series import Provenance


def mark_end(connection: sqlite3.Connection, instrument_id: int) -> None:
    """Mark an ended listing whose last rows changed."""
    connection.execute("INSERT INTO doubted_ends VALUES (?) ON CONFLICT DO NOTHING", (instrument_id,))


def marked_ends(connection: sqlite3.Connection) -> set[int]:
    """Return the marked listings."""
    return {number for (number,) in connection.execute("SELECT instrument_id FROM doubted_ends")}


def write_end(
    connection: sqlite3.Connection, instrument_id: int, closure: Closure, target: int | None, at: str
) -> None:
    """Make this a listing's end. target: the instrument the issue went on in; at: an ISO instant."""
    ended = closure.delisting_date
    connection.execute(
        "UPDATE instruments SET delisting_date = ?, end_reason = ?, moved_to = ?, updated_at = ?"
        " WHERE instrument_id = ?",
        (ended.isoformat() if ended else None, closure.end_reason, target, at, instrument_id),
    )
    connection.execute("UPDATE instruments SET moved_from = NULL WHERE moved_from = ?", (instrument_id,))
    if target is not None:
        connection.execute("UPDATE instruments SET moved_from = ? WHERE instrument_id = ?", (instrument_id, target))


def read_ending_rows(
    connection: sqlite3.Connection, instrument_id: int, sessions: Sequence[date]
) -> tuple[str | None, list[LastRow]]:
    """Return a listing's security group, and its rows of some sessions, ascending."""
    (group,) = connection.execute(
        "SELECT security_group FROM instruments WHERE instrument_id = ?", (instrument_id,)
    ).fetchone()
    marks = ", ".join("?" for _ in sessions)
    rows = connection.execute(
        f"SELECT trade_date, volume FROM {EQUITY_TABLE} WHERE trade_date IN ({marks}) AND instrument_id = ?"
        " ORDER BY trade_date",
        (*map(day_number, sessions), instrument_id),
    )
    return group, [LastRow(day_of(number), volume) for number, volume in rows]


def write_ending(
    connection: sqlite3.Connection, instrument_id: int, reason: EndReason | None, begun: date | None, seen: Provenance
) -> None:
    """Keep why a listing ended, and since when it was in liquidation."""
    connection.execute(
        "UPDATE instruments SET end_reason = ?, liquidation_from = ?, updated_at = ? WHERE instrument_id = ?",
        (reason, begun.isoformat() if begun else None, iso_instant(seen.at), instrument_id),
    )


def forget_mark(connection: sqlite3.Connection, instrument_id: int) -> None:
    """Take the mark from a listing."""
    connection.execute("DELETE FROM doubted_ends WHERE instrument_id = ?", (instrument_id,))


def resolve_breaches(connection: sqlite3.Connection, subject: str, days: Collection[date], seen: Provenance) -> int:
    """Resolve that an issue left the price limit on days without one; returns how many of it this run has told."""
    told = 0
    for day in days:
        key = (IssueDataset.EQUITY, day.isoformat(), subject, IssueCode.PRICE_LIMIT_BREACH)
        found = connection.execute(
            "UPDATE data_quality_issues SET resolved_at = ? WHERE dataset_name = ? AND trade_date = ? AND subject = ?"
            " AND issue_code = ? AND resolved_at IS NULL RETURNING run_id",
            (iso_instant(seen.at), *key),
        ).fetchall()
        told += sum(run_id == seen.run_id for (run_id,) in found)
    return told


def cut_links(connection: sqlite3.Connection, instrument_id: int) -> None:
    """Let no listing have come from, or gone on in, one that is no more: whether it ended is to be judged anew."""
    connection.execute("UPDATE instruments SET moved_from = NULL WHERE moved_from = ?", (instrument_id,))
    connection.execute("UPDATE instruments SET moved_to = NULL, end_reason = NULL WHERE moved_to = ?", (instrument_id,))
