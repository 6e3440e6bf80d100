"""Whether a folder may take a set; decided before any work."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tray_app.core.words import tr
from tray_app.export.errors import TargetRefused
from tray_app.export.set.publish import new_work_folder, places
from tray_app.files import read_json

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
PRODUCT = "market-tray"
# What file managers put into any folder they show, in lower case.
OF_FILE_MANAGERS = frozenset({".ds_store", ".directory", "desktop.ini", "thumbs.db"})


@dataclass(frozen=True, slots=True)
class MadeSet:
    """A published set as its manifest tells it: where it is, its tables, and the rows of each."""

    path: Path
    files: tuple[str, ...]
    row_counts: Mapping[str, int]


def check_target(target: Path, home: Path, exports: Path) -> None:
    """Raise TargetRefused unless a set may be written at an absolute path."""
    resolved = target.resolve()
    if target.name in {"", ".", ".."} or resolved == resolved.parent:
        raise TargetRefused(target, tr("is no name for a set"))
    root = home.resolve()
    if resolved == root or root in resolved.parents:
        inside = exports.resolve()
        if inside not in resolved.parents:
            raise TargetRefused(target, tr("lies inside the home folder; there, sets go into {folder}", folder=exports))
    if root != resolved and resolved in root.parents:
        raise TargetRefused(target, tr("holds the home folder"))
    for parent in resolved.parents:
        if listed_files(parent) is not None:
            raise TargetRefused(target, tr("lies inside a set, {folder}", folder=parent))
    if target.is_symlink() or resolved != target.parent.resolve() / target.name:
        raise TargetRefused(target, tr("is a link; name the folder it leads to, {folder}", folder=resolved))
    if target.exists() and not target.is_dir():
        raise TargetRefused(target, tr("is not a folder"))
    # Not Path.is_mount, which knows Windows only from Python 3.12 on.
    if os.path.ismount(target):
        raise TargetRefused(target, tr("is where a disk is mounted, which cannot be renamed; name a folder inside it"))
    if target.is_dir():
        check_is_ours(target)
    _check_writable(target)


def check_is_ours(target: Path) -> None:
    """Raise TargetRefused unless a folder is empty or holds a set of ours and nothing else."""
    try:
        present = present_files(target)
    except OSError as error:
        raise TargetRefused(target, tr("cannot be read: {reason}", reason=error.strerror or error)) from error
    if not present:
        return
    listed = listed_files(target)
    if listed is None:
        raise TargetRefused(target, tr("holds other files and no set of ours"))
    foreign = sorted(present - listed)
    if foreign:
        raise TargetRefused(target, tr("holds files that are not of the set: {names}", names=", ".join(foreign[:5])))


def present_files(folder: Path) -> set[str]:
    """Return the names of the files in a folder, without those that file managers put there."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir() and path.name.lower() not in OF_FILE_MANAGERS
    }


def listed_files(folder: Path) -> set[str] | None:
    """Return the names of the files a set consists of; nothing for a folder that is no set of ours."""
    try:
        manifest = _manifest(folder)
        names = {entry["name"] for entry in [*manifest["files"], *manifest["other_files"]]}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return names | {MANIFEST}


def job_of(folder: Path) -> str | None:
    """Return the job that made the set in a folder; nothing when there is none of ours."""
    if listed_files(folder) is None:
        return None
    return str(_manifest(folder).get("job_id"))


def made_by(job_id: str, target: Path) -> MadeSet | None:
    """Return the set a job has published at its target or, while a reader held that, beside it."""
    for place in places(target):
        if job_of(place) == job_id:
            tables = [(entry["name"], entry["rows"]) for entry in _manifest(place)["files"]]
            return MadeSet(place, tuple(name for name, _rows in tables), row_counts(tables))
    return None


def row_counts(files: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the rows of each table of a set, its parts together."""
    counts: dict[str, int] = {}
    for file, rows in files:
        name = file.partition("/")[0].removesuffix(".parquet")
        counts[name] = counts.get(name, 0) + rows
    return counts


def _manifest(folder: Path) -> dict[str, Any]:
    manifest = read_json(folder / MANIFEST)
    if manifest["product"] != PRODUCT:
        raise ValueError(folder)
    return dict(manifest)


def _check_writable(target: Path) -> None:
    made: list[Path] = []
    try:
        for folder in [target.parent, *target.parent.parents][::-1]:
            if not folder.exists():
                folder.mkdir()
                made.append(folder)
        new_work_folder(target).rmdir()
    except OSError as error:
        for folder in reversed(made):
            folder.rmdir()
        raise TargetRefused(target, tr("cannot be written: {reason}", reason=error.strerror or str(error))) from error
