"""Opening a home's database, with what to do when it is damaged; and restoring a backup into it."""

import logging
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from tray_app.core.clock import Clock
from tray_app.core.errors import AlreadyRunning, DatabaseDamaged
from tray_app.core.model import CollectorName
from tray_app.core.words import tr
from tray_app.paths import Home
from tray_app.store import lifecycle
from tray_app.store.database import Database
from tray_app.store.lease import Leases

logger = logging.getLogger(__name__)


def open_store(home: Home, clock: Clock, *, check: bool) -> Database:
    """Return the open database; check looks at the whole file first.

    Raises DatabaseDamaged naming where the damaged file was set aside, DatabaseNewer, DatabaseBusy or DiskFull.
    """
    try:
        if check:
            lifecycle.check(home.database)
        return lifecycle.open_database(home.database, home.backups, clock.now())
    except DatabaseDamaged as error:
        aside = lifecycle.set_aside(home.database, clock.now())
        logger.error("%s", error)  # noqa: TRY400 - the file's fault, not ours: no traceback
        raise DatabaseDamaged(error.detail, aside.name) from error


def restore_store(home: Home, backup: Path, now: datetime) -> Path | None:
    """Put a backup in the database's place while nobody collects; returns where the present file went."""
    leases = Leases(home.locks, Database(home.database))
    with ExitStack() as held:
        for name in CollectorName:
            if not held.enter_context(leases.locked(name)):
                raise AlreadyRunning(name, tr("another process"))
        return lifecycle.restore(backup, home.database, now)
