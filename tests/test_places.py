"""Folders that do a database no good are recognised by how they are mounted or called."""

import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from tray_app.places import conflict_copies, place_trouble, synced_by


def mounted(folder: Path, kind: str) -> Path:
    table = folder / "mounts"
    escaped = str(folder / "shared disk").replace(" ", "\\040")
    table.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/share {escaped} {kind} rw 0 0\n", encoding="utf-8")
    return table


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no table of mounts; it is asked for each drive")
@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "9p"])
def test_a_network_folder_is_named(tmp_path: Path, kind: str) -> None:
    table = mounted(tmp_path, kind)
    assert place_trouble(tmp_path / "shared disk" / "home", table) == f"it lies on a network folder ({kind})"
    assert place_trouble(tmp_path / "elsewhere", table) == ""


def test_a_disk_is_fine(tmp_path: Path) -> None:
    assert place_trouble(tmp_path / "shared disk" / "home", mounted(tmp_path, "ext4")) == ""
    assert place_trouble(tmp_path, tmp_path / "no table") == ""


@pytest.mark.parametrize(
    ("folder", "program"),
    [
        (PureWindowsPath(r"C:\Users\kim\OneDrive\시장"), "OneDrive"),
        (PureWindowsPath(r"C:\Users\kim\OneDrive - 회사\data"), "OneDrive - 회사"),
        (PurePosixPath("/home/kim/Dropbox/market"), "Dropbox"),
        (PurePosixPath("/Users/kim/Library/Mobile Documents/iCloudDrive/m"), "iCloudDrive"),
        (PurePosixPath("/home/kim/my onedrive notes/m"), ""),
        (PurePosixPath("/home/kim/market"), ""),
    ],
)
def test_a_synchronised_folder_is_named(folder: PurePosixPath, program: str) -> None:
    assert synced_by(folder) == program


def test_copies_of_a_conflict_are_found(tmp_path: Path) -> None:
    names = ["market (kim's conflicted copy 2026-08-22).db", "market - 복사본.db"]
    for name in [*names, "market.db", "market-before-restore-20260822T000000Z.db", "other conflict.db"]:
        (tmp_path / name).touch()
    assert [path.name for path in conflict_copies(tmp_path / "market.db")] == sorted(names)
