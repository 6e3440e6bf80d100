"""Whether a folder may take a set; decided before any work."""

import json
from pathlib import Path

from tray_app.core.words import tr
from tray_app.export.errors import TargetRefused
from tray_app.export.publish import new_work_folder

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
PRODUCT = "market-tray"


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
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise TargetRefused(target, tr("is not a folder"))
    if target.is_dir():
        check_is_ours(target)
    _check_writable(target)


def check_is_ours(target: Path) -> None:
    """Raise TargetRefused unless a folder is empty or holds a set of ours and nothing else."""
    try:
        present = {path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir()}
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


def listed_files(folder: Path) -> set[str] | None:
    """Return the names of the files a set consists of; nothing for a folder that is no set of ours."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        if manifest["product"] != PRODUCT:
            return None
        names = {entry["name"] for entry in [*manifest["files"], *manifest["other_files"]]}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return names | {MANIFEST}


def job_of(folder: Path) -> str | None:
    """Return the job that made the set in a folder; nothing when there is none of ours."""
    if listed_files(folder) is None:
        return None
    return str(json.loads((folder / MANIFEST).read_text("utf-8")).get("job_id"))


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
