"""What kind of place a folder is: a network's, or one that another program copies elsewhere, does a database no good.

SQLite needs locks that hold and memory shared between processes; neither crosses a network. A program that synchronises
copies the database and its log one after the other, and leaves "conflicted copies" beside it.
Source: https://www.sqlite.org/useovernet.html, https://www.sqlite.org/howtocorrupt.html
"""

import os
import sys
from pathlib import Path, PurePath

from tray_app.core.words import tr

if sys.platform == "win32":
    import ctypes

# SQLite takes 512 bytes, the name of the file and of its journals among them.
LONGEST_PATH = 480
MOUNTS = Path("/proc/self/mounts")
NETWORK_KINDS = frozenset(
    {"9p", "afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"}
    | {"glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb2", "smb3", "smbfs"}
)
SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "nextcloud", "owncloud", "syncthing", "mybox")
COPY_WORDS = ("conflict", "copy", "사본", "충돌", "복사본")


def place_trouble(folder: Path, mounts: Path = MOUNTS) -> str:
    """Return why a folder is no place for a database, as a part of a sentence; empty when nothing speaks against it."""
    if sys.platform != "win32" and len(os.fsencode(folder)) > LONGEST_PATH:
        return tr("its path is longer than the {limit} bytes that a database may have", limit=LONGEST_PATH)
    kind = _network_kind(folder, mounts)
    if kind:
        return tr("it lies on a network folder ({kind})", kind=kind)
    program = synced_by(folder)
    if program:
        return tr("it lies in a folder that {program} synchronises", program=program)
    return ""


def synced_by(folder: PurePath) -> str:
    """Return the program that synchronises a folder, as the folder's own name tells; empty for none known."""
    for part in folder.parts:
        for name in SYNCED:
            if part.lower() == name or part.lower().startswith((f"{name} ", f"{name}-", f"{name}drive")):
                return part
    return ""


def conflict_copies(database: Path) -> tuple[Path, ...]:
    """Return copies of a database that a program which synchronises has left beside it."""
    others = database.parent.glob(f"{database.stem}*{database.suffix}") if database.parent.is_dir() else ()
    return tuple(sorted(path for path in others if any(word in path.stem.lower() for word in COPY_WORDS)))


def _network_kind(folder: Path, mounts: Path) -> str:
    if sys.platform == "win32":
        remote = 4
        where = folder.absolute()
        if where.drive.startswith("\\\\"):
            return where.drive
        return where.drive if ctypes.windll.kernel32.GetDriveTypeW(f"{where.drive}\\") == remote else ""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    resolved = os.path.realpath(folder)
    found = (0, "")
    for line in lines:
        _device, point, kind, *_rest = line.split(" ")
        point = point.encode("ascii", "surrogateescape").decode("unicode_escape") if "\\" in point else point
        if resolved == point or resolved.startswith(f"{point.rstrip('/')}/"):
            found = max(found, (len(point) + 1, kind))
    return found[1] if found[1] in NETWORK_KINDS else ""
