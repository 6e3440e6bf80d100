"""Putting a finished set in its place: the target is the old set or the new one at every instant, never a mix.

Beside the target `T` lie, hidden, `.T.building-*` (a set under way), `.T.old-*` (the one being replaced) and
`.T.publish.json` (the journal of a replacement). `heal` finishes or undoes whatever a killed process left.
"""

import json
import os
import shutil
import stat
import sys
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tray_app.export.errors import TargetBusy
from tray_app.export.locking import lock_path, locked

Rename = Callable[[Path, Path], None]
TRIES = 99


@dataclass(frozen=True, slots=True)
class Published:
    """Where the set went; another place than asked for when a reader held the old one open."""

    path: Path
    is_elsewhere: bool


def new_work_folder(target: Path) -> Path:
    """Make the hidden folder a set is written into."""
    folder = target.with_name(f".{target.name}.building-{uuid.uuid4().hex[:12]}")
    folder.mkdir(parents=True)
    return folder


def publish(work: Path, target: Path, rename: Rename = os.rename) -> Published:
    """Move a finished set to its target, replacing a set there. The caller holds the target's lock."""
    sync_tree(work)
    if target.is_dir() and not any(target.iterdir()):
        target.rmdir()
    if not target.exists():
        rename(work, target)
        sync_folder(target.parent)
        return Published(target, is_elsewhere=False)
    old = target.with_name(f".{target.name}.old-{uuid.uuid4().hex[:12]}")
    _write_journal(target, {"new": work.name, "old": old.name})
    try:
        rename(target, old)
    except PermissionError:
        # A reader on Windows holds a file of the old set open.
        _journal(target).unlink()
        free = _free_name(target)
        rename(work, free)
        sync_folder(free.parent)
        return Published(free, is_elsewhere=True)
    try:
        rename(work, target)
    except OSError:
        # Something holds the new folder, as a virus scanner may: the old set goes back at once.
        rename(old, target)
        _journal(target).unlink()
        raise
    sync_folder(target.parent)
    delete_tree(old)
    _journal(target).unlink()
    return Published(target, is_elsewhere=False)


def heal(target: Path) -> None:
    """Finish or undo what a killed process left beside a target, unless somebody is at work there."""
    if not leftovers(target):
        return
    with suppress(TargetBusy, OSError), locked(target, "healing"):
        heal_locked(target)


def heal_locked(target: Path) -> None:
    """Heal a target whose lock the caller holds."""
    journal = _read_journal(target)
    if journal is not None:
        new, old = target.with_name(journal["new"]), target.with_name(journal["old"])
        if not target.exists():
            # The journal is written when the new set is whole.
            source = new if new.exists() else old
            if source.exists():
                source.rename(target)
                sync_folder(target.parent)
        delete_tree(new)
        delete_tree(old)
        _journal(target).unlink(missing_ok=True)
    for leftover in leftovers(target):
        if leftover != lock_path(target):
            delete_tree(leftover)


def leftovers(target: Path) -> list[Path]:
    """Return what lies hidden beside a target."""
    prefix = f".{target.name}."
    ours = ("building-", "old-", "publish.json", "export-lock")
    try:
        names = [path.name for path in target.parent.iterdir()]
    except OSError:
        return []
    return [
        target.with_name(name)
        for name in sorted(names)
        if name.startswith(prefix) and name.removeprefix(prefix).startswith(ours)
    ]


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


def _journal(target: Path) -> Path:
    return target.with_name(f".{target.name}.publish.json")


def _write_journal(target: Path, content: dict[str, str]) -> None:
    path = _journal(target)
    partial = path.with_name(f"{path.name}.part")
    with partial.open("w", encoding="utf-8") as stream:
        json.dump(content, stream)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
    sync_folder(path.parent)


def _read_journal(target: Path) -> dict[str, str] | None:
    try:
        content = json.loads(_journal(target).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    names = [str(content.get(key)) for key in ("new", "old")] if isinstance(content, dict) else [""]
    # A name of another form, or one with a separator, would lead elsewhere.
    ours = all(name.startswith(f".{target.name}.") and Path(name).name == name for name in names)
    return {"new": names[0], "old": names[1]} if ours else None


def _free_name(target: Path) -> Path:
    for number in range(2, TRIES):
        path = target.with_name(f"{target.name}-{number}")
        if not path.exists():
            return path
    raise TargetBusy(target)
