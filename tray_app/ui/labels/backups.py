"""The backups of the database: how many there are, and the newest of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tray_app.core.words import tr
from tray_app.ui.labels import formats
from tray_app.ui.labels.runs import file_size

if TYPE_CHECKING:
    from tray_app.core.health import Storage


@dataclass(frozen=True, slots=True)
class Backups:
    """How many backups there are, and the newest of them."""

    count: int
    newest_at: datetime | None = None
    newest_bytes: int = 0


def backups_of(storage: Storage) -> Backups:
    """Return what is known of the backups; one may be removed while we look."""
    found = [(path.stat().st_mtime, path.stat().st_size) for path in storage.backups if path.exists()]
    if not found:
        return Backups(0)
    written, size = max(found)
    return Backups(len(found), datetime.fromtimestamp(written, UTC), size)


def backups_text(backups: Backups) -> str:
    """Return how many backups there are and which is the newest."""
    if backups.newest_at is None:
        return tr("none yet")
    values = {"at": formats.absolute(backups.newest_at), "size": file_size(backups.newest_bytes)}
    if backups.count == 1:
        return tr("one of {at}, {size}", **values)
    return tr("{count}, the newest of {at}, {size}", count=backups.count, **values)
