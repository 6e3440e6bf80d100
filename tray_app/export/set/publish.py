"""Putting a finished set in its place: the target is the old set or the new one at every instant, never a mix.

Beside the target `T` lie, hidden, `.T.building-*` (a set under way), `.T.old-*` (the one being replaced) and
`.T.publish.json` (the journal of a replacement). `recover` finishes or undoes whatever a killed process left.
"""

import json
import os
import re
import shutil
import stat
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tray_app.core.words import tr
from tray_app.export.errors import TargetBusy, TargetRefused
from tray_app.export.set.locking import lock_path, locked
from tray_app.files import WAITS, read_json, share_like, write_synced

Rename = Callable[[Path, Path], None]
MOST_PLACES = 99
HIDDEN = re.compile(r"(building|old)-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Published:
    """Where the set went; another place than asked for when a reader held the old one open."""

    path: Path
    is_elsewhere: bool


def renamed(
    source: Path, target: Path, rename: Rename = os.rename, pause: Callable[[float], None] = time.sleep
) -> None:
    """Rename; on Windows an antivirus or an indexer may hold a new folder for a moment, so it is tried for a while."""
    for wait in WAITS:
        try:
            rename(source, target)
        except PermissionError:
            pause(wait)
        else:
            return
    rename(source, target)


def new_work_folder(target: Path) -> Path:
    """Make the hidden folder a set is written into."""
    folder = _hidden(target, "building")
    folder.mkdir(parents=True)
    return folder


def places(target: Path) -> list[Path]:
    """Return the target and where a set goes instead while a reader holds the one at the target open."""
    return [target, *(target.with_name(f"{target.name}-{number}") for number in range(2, MOST_PLACES))]


def publish(work: Path, target: Path, rename: Rename = renamed) -> Published:
    """Move a finished set to its target, replacing a set there. The caller holds the target's lock."""
    share_like(work, target.parent)
    sync_tree(work)
    if target.is_dir() and not any(target.iterdir()):
        target.rmdir()
    if not target.exists():
        rename(work, target)
        sync_folder(target.parent)
        return Published(target, is_elsewhere=False)
    old = _hidden(target, "old")
    _write_journal(target, {"new": work.name, "old": old.name})
    try:
        rename(target, old)
    except PermissionError:
        # A reader on Windows holds a file of the old set open.
        return _placed_elsewhere(work, target, rename)
    try:
        rename(work, target)
    except OSError:
        # Something holds the new folder, as a virus scanner may: the old set goes back at once.
        rename(old, target)
        _journal(target).unlink()
        raise
    sync_folder(target.parent)
    # The new set is in its place: an old one that a reader holds is for a later recovery to delete.
    with suppress(OSError):
        _journal(target).unlink()
        delete_tree(old)
    return Published(target, is_elsewhere=False)


def withdraw(target: Path, rename: Rename = renamed) -> None:
    """Delete a set, out of its place first: that fails whole while a reader on Windows holds a file of it.

    The caller holds the target's lock.
    """
    old = _hidden(target, "old")
    rename(target, old)
    sync_folder(target.parent)
    delete_tree(old)


def recover(target: Path) -> None:
    """Finish or undo what a killed process left beside a target, unless somebody is at work there."""
    if not leftovers(target):
        return
    with suppress(TargetBusy, OSError), locked(target, "healing"):
        recover_locked(target)


def recover_locked(target: Path) -> None:
    """Heal a target whose lock the caller holds. Raises OSError when the set cannot be put in its place."""
    journal = _read_journal(target)
    if journal is not None and not target.exists():
        # The journal is written when the new set is whole.
        whole = [folder for folder in (journal["new"], journal["old"]) if folder.exists()]
        if whole:
            renamed(whole[0], target)
            sync_folder(target.parent)
    for leftover in leftovers(target):
        # What a reader holds open stays for the next time; it is in nobody's way.
        with suppress(OSError):
            if leftover != lock_path(target):
                delete_tree(leftover)


def leftovers(target: Path) -> list[Path]:
    """Return what of ours lies hidden beside a target, the journal first."""
    try:
        names = {path.name for path in target.parent.iterdir()}
    except OSError:
        return []
    prefix = f".{target.name}."
    folders = [name for name in names if name.startswith(prefix) and HIDDEN.fullmatch(name.removeprefix(prefix))]
    files = [path for path in (_journal(target), _partial_journal(target), lock_path(target)) if path.name in names]
    return [*files, *(target.with_name(name) for name in sorted(folders))]


def delete_tree(path: Path) -> None:
    """Delete a folder or file, read-only ones too; nothing happens when it is not there."""
    if path.is_dir() and not path.is_symlink():
        if sys.version_info >= (3, 12):
            shutil.rmtree(path, onexc=_unlock)
        else:
            shutil.rmtree(path, onerror=_unlock)
    else:
        path.unlink(missing_ok=True)


def sync_tree(folder: Path) -> None:
    """Make sure that a folder's entries are on the disk; its files were synced as they were written."""
    for inner in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        sync_folder(inner)


def sync_folder(folder: Path) -> None:
    """Make sure a folder's entries are on the disk, where the system can."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unlock(remove: Callable[..., Any], path: str, _error: object) -> None:
    Path(path).chmod(stat.S_IWRITE | stat.S_IREAD)
    remove(path)


def _placed_elsewhere(work: Path, target: Path, rename: Rename) -> Published:
    place = _free_place(target)
    rename(work, place)
    sync_folder(place.parent)
    with suppress(OSError):
        _journal(target).unlink()
    return Published(place, is_elsewhere=True)


def _hidden(target: Path, kind: str) -> Path:
    return target.with_name(f".{target.name}.{kind}-{uuid.uuid4().hex[:12]}")


def _journal(target: Path) -> Path:
    return target.with_name(f".{target.name}.publish.json")


def _partial_journal(target: Path) -> Path:
    return target.with_name(f"{_journal(target).name}.part")


def _write_journal(target: Path, content: dict[str, str]) -> None:
    partial = _partial_journal(target)
    write_synced(partial, json.dumps(content))
    renamed(partial, _journal(target), os.replace)
    sync_folder(target.parent)


def _read_journal(target: Path) -> dict[str, Path] | None:
    try:
        content = read_json(_journal(target))
    except (OSError, ValueError):
        return None
    names = {key: str(content.get(key)) for key in ("new", "old")} if isinstance(content, dict) else {"new": ""}
    prefix = f".{target.name}."
    # A name of another form, or one with a separator, would lead elsewhere.
    ours = all(name.startswith(prefix) and HIDDEN.fullmatch(name.removeprefix(prefix)) for name in names.values())
    return {key: target.with_name(name) for key, name in names.items()} if ours else None


def _free_place(target: Path) -> Path:
    for path in places(target)[1:]:
        if not path.exists():
            return path
    raise TargetRefused(target, tr("is held open by another program, and so many sets lie beside it that none fits"))
