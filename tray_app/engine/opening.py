"""Opening a home's database, with what to do when it is damaged, missing or half restored; and restoring a backup."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from tray_app.core.clock import Clock
from tray_app.core.errors import AlreadyRunning, AppError, DatabaseDamaged
from tray_app.core.words import tr
from tray_app.datasets import DATASETS
from tray_app.datasets.schema import SCHEMA
from tray_app.paths import Home
from tray_app.store import lifecycle, restoring
from tray_app.store.database import Database
from tray_app.store.lease import Leases
from tray_app.store.state import StateStore

logger = logging.getLogger(__name__)


def open_store(home: Home, clock: Clock, *, check: bool) -> Database:
    """Return the open database; check looks at the whole file first. A restore that was cut off is settled before.

    Raises DatabaseMissing where there are only copies of one, DatabaseDamaged naming where the damaged file was set
    aside, DatabaseNewer, DatabaseForeign, DatabaseBusy or DiskFull.
    """
    if restoring.is_cut_off(home.database):
        with _nobody_collects(home):
            restoring.recover(home.database)
    restoring.refuse_to_begin_empty(home.database, home.backups)
    try:
        if check:
            lifecycle.check(home.database)
        return lifecycle.open_database(home.database, home.backups, clock.now(), SCHEMA)
    except DatabaseDamaged as error:
        aside = lifecycle.set_aside(home.database, clock.now())
        logger.error("%s", error)  # noqa: TRY400 - the file's fault, not ours: no traceback
        raise DatabaseDamaged(error.detail, aside.name) from error


def restore_store(home: Home, backup: Path, now: datetime) -> Path | None:
    """Put a backup in the database's place while nobody collects; returns where the present file went."""
    with _nobody_collects(home):
        restoring.recover(home.database)
        return restoring.restore(backup, home.database, now, SCHEMA)


def begin_empty(home: Home, now: datetime) -> None:
    """Make an empty database where a person wants to begin anew; one that is there is left as it is."""
    with _nobody_collects(home):
        restoring.recover(home.database)
        lifecycle.open_database(home.database, home.backups, now, SCHEMA).close_thread()


def note_key(home: Home, now: datetime, *, is_entered: bool) -> None:
    """Let the home's tray app or `serve` notice a changed key; where there is no database, nobody runs."""
    if not home.database.exists():
        return
    try:
        database = lifecycle.open_database(home.database, home.backups, now, SCHEMA)
    except AppError as error:
        # The key is kept all the same: the next start has it.
        logger.warning("what runs now does not notice the changed key: %s", error)
        return
    state = StateStore(database)
    try:
        if is_entered:
            state.note_key_entered(now)
        else:
            state.note_key_change()
    finally:
        database.close_thread()


@contextmanager
def _nobody_collects(home: Home) -> Iterator[None]:
    leases = Leases(home.locks, Database(home.database, SCHEMA))
    with ExitStack() as held:
        for name in (dataset.name for dataset in DATASETS):
            if not held.enter_context(leases.locked(name)):
                raise AlreadyRunning(name, tr("another process"))
        yield
