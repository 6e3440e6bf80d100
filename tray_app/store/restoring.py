"""Putting a backup in the database's place, in steps of which a kill leaves none half done.

The backup is copied beside the database as `.market.db.incoming`, checked there, and renamed to `.market.db.ready`;
then the present file is renamed aside and the ready one takes its name. What a kill left is finished or undone at the
next start, before the database is opened (`recover`), and `leftovers` names what lies about.
"""

import logging
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from tray_app.core.errors import BadInput, DatabaseDamaged, DatabaseForeign, DatabaseMissing
from tray_app.core.words import tr
from tray_app.files import PART_SUFFIX, replace_file
from tray_app.store.database import JOURNALS, translated_errors
from tray_app.store.lifecycle import check, rename_aside, schema_of_ours, stamp
from tray_app.store.migrations import Schema
from tray_app.store.state import STORE_ID

logger = logging.getLogger(__name__)

PIECES = ("", "-journal", *JOURNALS)


def restore(source: Path, path: Path, now: datetime, schema: Schema) -> Path | None:
    """Put a backup in the database's place after checking it; the present file is kept aside.

    Returns where the present file went, if there was one. Raises BadInput for a file that is not a database of ours,
    DatabaseDamaged or DatabaseNewer for the backup, DatabaseBusy while another program has the present file open.
    """
    if not source.is_file():
        raise BadInput(tr("No such backup"), tr("{file} is not a file.", file=source), tr("Name a backup file."))
    incoming, ready = _incoming(path), _ready(path)
    with translated_errors(str(path.parent)):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _take_in(source, incoming, schema)
            replace_file(incoming, ready)
            kept = _keep_present(path, now)
            replace_file(ready, path)
        finally:
            _remove(incoming)
            if path.exists():
                _remove(ready)
    return kept


def recover(path: Path) -> str:
    """Finish or undo what a kill left of a restore or of setting a file aside; returns what was done, if anything.

    Nobody else may restore or open the database meanwhile.
    """
    incoming, ready = _incoming(path), _ready(path)
    with translated_errors(str(path.parent)):
        _put_journals_back(path)
        told = ""
        if ready.exists() and not path.exists():
            replace_file(ready, path)
            told = tr("A restore that was cut off has been finished.")
        elif any(piece.exists() for piece in (*_pieces(incoming), *_pieces(ready))):
            told = tr("A restore that was cut off has been undone; the database is what it was before.")
        _remove(incoming)
        _remove(ready)
    if told:
        logger.warning("%s", told)
    return told


def is_cut_off(path: Path) -> bool:
    """Whether a kill left something to recover from."""
    return any(piece.exists() for piece in (*_pieces(_incoming(path)), *_pieces(_ready(path)), *_lone_journals(path)))


def leftovers(path: Path, backups: Path) -> tuple[Path, ...]:
    """Return files that a kill left beside the database and in the folder of its backups."""
    unfinished = backups.glob(f".*{PART_SUFFIX}") if backups.is_dir() else ()
    pieces = (*_pieces(_incoming(path)), *_pieces(_ready(path)), *_lone_journals(path))
    return tuple(sorted({*(piece for piece in pieces if piece.exists()), *unfinished}))


def refuse_to_begin_empty(path: Path, backups: Path) -> None:
    """Raise DatabaseMissing where there is no database but copies of one: only a person may begin anew there.

    A file without a byte is none: so a full disk or a repair of the disk leaves what was one.
    """
    if path.exists() and path.stat().st_size:
        return
    damaged = {*path.parent.glob(f"{path.stem}-damaged-*{path.suffix}")}
    copies = {*path.parent.glob(f"{path.stem}-*{path.suffix}"), *backups.glob(f"*{path.suffix}")}
    if copies:
        newest = max((copies - damaged) or damaged, key=lambda copy: (copy.stat().st_mtime, copy.name))
        raise DatabaseMissing(str(path.parent), str(newest))


def _incoming(path: Path) -> Path:
    return path.with_name(f".{path.name}.incoming")


def _ready(path: Path) -> Path:
    return path.with_name(f".{path.name}.ready")


def _pieces(path: Path) -> Iterable[Path]:
    return (path.with_name(path.name + suffix) for suffix in PIECES)


def _remove(path: Path) -> None:
    for piece in _pieces(path):
        piece.unlink(missing_ok=True)


def _lone_journals(path: Path) -> list[Path]:
    """Return journals that were renamed aside without their database, which a kill left where it was."""
    aside = [path.parent.glob(f"{path.stem}-*{path.suffix}{suffix}") for suffix in JOURNALS]
    return [journal for found in aside for journal in found if not journal.with_name(_database_name(journal)).exists()]


def _put_journals_back(path: Path) -> None:
    for journal in _lone_journals(path):
        back = path.with_name(path.name + journal.name.removeprefix(_database_name(journal)))
        if path.exists() and not back.exists():
            journal.rename(back)


def _database_name(journal: Path) -> str:
    return next(journal.name.removesuffix(suffix) for suffix in JOURNALS if journal.name.endswith(suffix))


def _take_in(source: Path, incoming: Path, schema: Schema) -> None:
    _remove(incoming)
    try:
        # Through SQLite, because a file that was set aside may have its newest rows in the log beside it.
        with (
            translated_errors(source.name),
            closing(sqlite3.connect(source)) as good,
            closing(sqlite3.connect(incoming)) as copied,
        ):
            good.backup(copied)
        check(incoming)
    except DatabaseDamaged as error:
        raise BadInput(
            tr("The backup is damaged"),
            tr("{file} is not a whole database ({detail}).", file=source, detail=error.detail),
            tr("Choose another file from the backups folder; the present database was not touched."),
        ) from error
    _check_is_ours(incoming, source, schema)
    _rename_store(incoming)


def _rename_store(incoming: Path) -> None:
    # Its change counters will count other changes than before: no export may take them for the same.
    with closing(sqlite3.connect(incoming)) as connection, connection:
        connection.execute("DELETE FROM engine_state WHERE name = ?", (STORE_ID,))


def _check_is_ours(incoming: Path, source: Path, schema: Schema) -> None:
    try:
        with translated_errors(source.name), closing(sqlite3.connect(incoming)) as connection:
            version = schema_of_ours(connection, source, schema)
    except DatabaseForeign:
        version = 0
    if version == 0:
        raise BadInput(
            tr("Not a backup of Market Tray"),
            tr("{file} is an SQLite file, but not one of Market Tray's.", file=source),
            tr("Choose a file from the backups folder."),
        )


def _keep_present(path: Path, now: datetime) -> Path | None:
    if not path.exists():
        return None
    _make_alone(path)
    return rename_aside(path, f"{path.stem}-before-restore-{stamp(now)}")


def _make_alone(path: Path) -> None:
    # Leaving WAL mode folds the log into the file, and fails while anybody else has the file open.
    try:
        with (
            translated_errors(path.name),
            closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection,
        ):
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except DatabaseDamaged:
        logger.warning("%s is damaged; it is kept as it is", path.name)
