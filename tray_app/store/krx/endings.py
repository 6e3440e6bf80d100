"""Writing how a listing ended, and the links between the listings of an issue that changed its market."""

import sqlite3

from tray_app.core.krx.closures import Closure


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


def cut_links(connection: sqlite3.Connection, instrument_id: int) -> None:
    """Let no listing have come from, or gone on in, one that is no more: whether it ended is to be judged anew."""
    connection.execute("UPDATE instruments SET moved_from = NULL WHERE moved_from = ?", (instrument_id,))
    connection.execute("UPDATE instruments SET moved_to = NULL, end_reason = NULL WHERE moved_to = ?", (instrument_id,))
