"""Whole files: written beside and renamed, so that a kill leaves the old one or the new one, never a half."""

import errno
import json
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tray_app.core.errors import FolderNotWritable
from tray_app.core.words import tr

# On Windows an antivirus, an indexer or an editor may hold the target for a moment.
WAITS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
PART_SUFFIX = ".part"
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class NotAFile(OSError):
    """Something else has a file's name: to open a pipe would wait without end, and a device may have none."""


def require_file(path: Path) -> None:
    """Raise NotAFile for a folder, a pipe or a device; a link is what it leads to."""
    if path.is_dir():
        raise NotAFile(errno.EISDIR, tr("a folder has the name of a file"), str(path))
    if path.exists() and not path.is_file():
        raise NotAFile(errno.EINVAL, tr("a device or a pipe has the name of a file"), str(path))


def not_writable(error: OSError, place: Path | str) -> FolderNotWritable:
    """Return the system's refusal in the user's words. place: what is named where the system names nothing."""
    hint = tr("Move it away: Market Tray makes the file.") if isinstance(error, NotAFile) else ""
    return FolderNotWritable(str(error.filename or place), error.strerror or str(error), hint)


def is_disk_full(error: OSError) -> bool:
    """Whether there is no room, on the disk or in what a user may have of it; pyarrow's errors bear no number."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT} or "No space left" in str(error)


def write_text(path: Path, text: str) -> None:
    """Write a whole UTF-8 text file. Raises OSError when its folder cannot be written or the target stays held."""
    partial = path.with_name(f".{path.name}{PART_SUFFIX}")
    require_file(partial)
    write_synced(partial, text)
    replace_file(partial, path)


def write_synced(path: Path, text: str) -> None:
    """Write a UTF-8 text file with Unix line ends in its place, and make sure it is on the disk."""
    path.write_text(text, "utf-8", newline="\n")
    sync(path)


def sync(path: Path) -> None:
    """Make sure a file's bytes are on the disk."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def read_json(path: Path) -> Any:
    """Return what a JSON file holds. Raises OSError, or ValueError for no JSON, no UTF-8, or nesting without end."""
    require_file(path)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise ValueError(f"{path.name} is nested too deep") from error


def replace_file(partial: Path, target: Path) -> None:
    """Rename a finished file over its target; one that is held open by another program is tried again for a while."""
    for wait in WAITS:
        try:
            partial.replace(target)
        except PermissionError:
            time.sleep(wait)
        else:
            return
    partial.replace(target)


def place_file(partial: Path, target: Path) -> Path:
    """Rename a finished file to its target, or to a name beside it when that is taken; returns where it is now.

    No file that is there is ever replaced, whoever else takes a name at the same moment.
    """
    for name in _names(target):
        try:
            if os.name == "posix":
                # Unlike a rename, a link fails when the name is taken.
                os.link(partial, name)
                partial.unlink()
            else:
                partial.rename(name)
        except FileExistsError:
            continue
        except OSError:
            if name.exists():
                continue
            replace_file(partial, name)  # a file system without links
        return name
    raise AssertionError("names are without end")


def free_name(path: Path) -> Path:
    """Return the path, or one beside it when that name is taken."""
    return next(name for name in _names(path) if not name.exists())


def _names(path: Path) -> Iterator[Path]:
    yield path
    number = 2
    while True:
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1


def write_privately() -> None:
    """Let every file and folder of this process and its children be its user's alone, under POSIX."""
    if os.name == "posix":
        os.umask(OTHERS)


def make_private(path: Path) -> None:
    """Take from others what an older version let them do with a file or folder of ours, under POSIX."""
    if is_open_to_others(path):
        try:
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)
        except PermissionError:
            return  # somebody else's, who decides


def share_like(folder: Path, place: Path) -> None:
    """Let others read a finished folder and its files as far as they may read the place it goes to, under POSIX."""
    if os.name != "posix":
        return
    allowed = stat.S_IMODE(place.stat().st_mode)
    for path in (folder, *folder.rglob("*")):
        most = 0o755 if path.is_dir() else 0o644
        path.chmod(stat.S_IMODE(path.stat().st_mode) | (allowed & most))


def is_open_to_others(path: Path) -> bool:
    """Whether other users of this computer may read or change a path; Windows keeps a user's folder by itself."""
    return os.name == "posix" and path.exists() and bool(path.stat().st_mode & OTHERS)
