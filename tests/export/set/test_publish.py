"""The target is the old set or the new one, whatever happens in between."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from export.kit import export, names
from tray_app.export.errors import TargetBusy, TargetRefused
from tray_app.export.kinds import Layout
from tray_app.export.set.locking import holder_of, locked
from tray_app.export.set.publish import leftovers, publish, recover, renamed, withdraw
from tray_app.export.set.target import check_target
from tray_app.export.set.verify import verify
from tray_app.files import WAITS
from tray_app.paths import Home


class Died(BaseException):
    """Stands for the end of the process."""


def filled(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "file").write_text(text)
    return folder


def content(folder: Path) -> str:
    return (folder / "file").read_text()


class Denying:
    """Renames, but denies some of the tries first, as Windows does while another program holds a file."""

    def __init__(self, tries: int) -> None:
        self.left = tries
        self.pauses: list[float] = []

    def __call__(self, source: Path, target: Path) -> None:
        renamed(source, target, self._rename, self.pauses.append)

    def _rename(self, source: Path, target: Path) -> None:
        if self.left:
            self.left -= 1
            raise PermissionError
        source.rename(target)


@pytest.mark.parametrize("died_before", [1, 2])
def test_a_death_between_renames_is_healed(tmp_path: Path, died_before: int) -> None:
    target, work = filled(tmp_path / "set", "old"), filled(tmp_path / ".set.building-0123456789ab", "new")
    renames = 0

    def rename(source: Path, destination: Path) -> None:
        nonlocal renames
        renames += 1
        if renames == died_before:
            raise Died
        source.rename(destination)

    with pytest.raises(Died):
        publish(work, target, rename)
    recover(target)

    assert content(target) == ("old" if died_before == 1 else "new")
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_a_death_while_the_old_set_is_deleted_is_healed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, work = filled(tmp_path / "set", "old"), filled(tmp_path / ".set.building-0123456789ab", "new")

    def die(_path: Path) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr("tray_app.export.set.publish.delete_tree", die)
        with pytest.raises(Died):
            publish(work, target)
    recover(target)

    assert content(target) == "new"
    assert leftovers(target) == []


def test_a_set_a_reader_holds_open_is_left_and_the_new_one_put_beside(tmp_path: Path) -> None:
    target, work = filled(tmp_path / "set", "old"), filled(tmp_path / ".set.building-0123456789ab", "new")
    filled(tmp_path / "set-2", "another")

    def rename(source: Path, destination: Path) -> None:
        if source == target:
            raise PermissionError
        source.rename(destination)

    published = publish(work, target, rename)

    assert (published.path, published.is_elsewhere) == (tmp_path / "set-3", True)
    assert (content(target), content(tmp_path / "set-3")) == ("old", "new")
    assert leftovers(target) == []


def test_a_new_set_that_cannot_be_moved_leaves_the_old_one(tmp_path: Path) -> None:
    target, work = filled(tmp_path / "set", "old"), filled(tmp_path / ".set.building-0123456789ab", "new")

    def rename(source: Path, destination: Path) -> None:
        if source == work:
            raise PermissionError
        source.rename(destination)

    with pytest.raises(PermissionError):
        publish(work, target, rename)
    assert content(target) == "old"
    assert leftovers(target) == [work]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_rename_that_is_denied_for_a_moment_is_tried_again(tmp_path: Path, *, is_first: bool) -> None:
    target, work = tmp_path / "set", filled(tmp_path / ".set.building-0123456789ab", "new")
    if not is_first:
        filled(target, "old")
    rename = Denying(2)

    assert not publish(work, target, rename).is_elsewhere
    assert (content(target), rename.pauses) == ("new", list(WAITS[:2]))
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_a_rename_that_stays_denied_ends(tmp_path: Path) -> None:
    work, rename = filled(tmp_path / ".set.building-0123456789ab", "new"), Denying(99)
    with pytest.raises(PermissionError):
        publish(work, tmp_path / "set", rename)
    assert rename.pauses == list(WAITS)


def deny(_path: Path) -> None:
    raise PermissionError


def test_an_old_set_that_cannot_be_deleted_is_left_to_the_next_heal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, work = filled(tmp_path / "set", "old"), filled(tmp_path / ".set.building-0123456789ab", "new")
    with monkeypatch.context() as patch:
        patch.setattr("tray_app.export.set.publish.delete_tree", deny)
        published = publish(work, target)
        assert (published.path, published.is_elsewhere, content(target)) == (target, False, "new")
        recover(target)
        assert len(leftovers(target)) == 1
    recover(target)
    assert (content(target), leftovers(target)) == ("new", [])


def test_a_new_set_whose_old_one_cannot_go_back_is_put_in_its_place_by_the_next_heal(tmp_path: Path) -> None:
    target, work = filled(tmp_path / "set", "old"), filled(tmp_path / ".set.building-0123456789ab", "new")

    def rename(source: Path, destination: Path) -> None:
        if destination == target:
            raise PermissionError
        source.rename(destination)

    with pytest.raises(PermissionError):
        publish(work, target, rename)
    recover(target)
    assert content(target) == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_a_set_a_reader_holds_is_withdrawn_whole_or_not_at_all(tmp_path: Path) -> None:
    target = filled(tmp_path / "set", "old")
    with pytest.raises(PermissionError):
        withdraw(target, Denying(99))
    assert (content(target), leftovers(target)) == ("old", [])
    withdraw(target)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "old-2023",
        "old-",
        "old-0123456789abc",
        "old-0123456789AB",
        "old-0123456789ab.zip",
        "building-site",
        "building-0123456789a",
        "publish.json.bak",
        "export-lock.txt",
    ],
)
def test_what_only_looks_like_ours_is_left(tmp_path: Path, name: str) -> None:
    own = filled(tmp_path / f".set.{name}", "mine")
    half = filled(tmp_path / ".set.building-0123456789ab", "half")
    recover(tmp_path / "set")
    assert (content(own), half.exists()) == ("mine", False)


@pytest.mark.parametrize("new", [".set.old-2023", ".set.photos", ".other.building-0123456789ab"])
def test_a_journal_that_names_what_is_not_ours_moves_nothing(tmp_path: Path, new: str) -> None:
    own = filled(tmp_path / new, "mine")
    journal = {"new": new, "old": ".set.old-0123456789ab"}
    (tmp_path / ".set.publish.json").write_text(json.dumps(journal))
    recover(tmp_path / "set")
    assert content(own) == "mine"
    assert [path.name for path in tmp_path.iterdir()] == [new]


@pytest.mark.parametrize(
    "journal",
    [
        "",
        "[]",
        '{"new": "../x", "old": "../y"}',
        '{"new": ".set.building-0123456789ab/../../victim", "old": ".set.old-0123456789ab"}',
    ],
)
def test_a_garbled_journal_harms_nothing(tmp_path: Path, journal: str) -> None:
    folder = tmp_path / "inner"
    folder.mkdir()
    victim = filled(tmp_path / "victim", "precious")
    target = filled(folder / "set", "old")
    (folder / ".set.publish.json").write_text(journal)

    recover(target)

    assert (content(target), content(victim)) == ("old", "precious")
    assert leftovers(target) == []


def test_nothing_is_healed_while_somebody_works(tmp_path: Path) -> None:
    target, work = tmp_path / "set", filled(tmp_path / ".set.building-0123456789ab", "half")
    with locked(target, "job"):
        assert holder_of(target) == "job"
        recover(target)
        assert content(work) == "half"
        with pytest.raises(TargetBusy), locked(target, "other"):
            pass
    assert holder_of(target) is None
    recover(target)
    assert not work.exists()


def test_a_lock_leaves_no_file(tmp_path: Path) -> None:
    with locked(tmp_path / "set", "job"):
        pass
    assert list(tmp_path.iterdir()) == []


def foreign(target: Path) -> None:
    filled(target, "mine")


def extended(target: Path) -> None:
    target.mkdir()
    (target / "manifest.json").write_text(json.dumps({"product": "market-tray", "files": [], "other_files": []}))
    (target / "thesis.txt").write_text("mine")


def other_manifest(target: Path) -> None:
    target.mkdir()
    (target / "manifest.json").write_text(json.dumps({"name": "an extension of a browser"}))


def file(target: Path) -> None:
    target.write_text("mine")


@pytest.mark.parametrize("occupied", [foreign, extended, other_manifest, file])
def test_what_is_not_ours_is_refused_and_left(
    shared_home: Home, tmp_path: Path, occupied: Callable[[Path], None]
) -> None:
    occupied(tmp_path / "set")
    before = names(tmp_path)

    with pytest.raises(TargetRefused):
        export(shared_home, tmp_path / "set")

    assert names(tmp_path) == before


def test_no_set_goes_into_another_set(shared_home: Home, tmp_path: Path) -> None:
    export(shared_home, tmp_path / "set")
    for inner in (tmp_path / "set" / "more", tmp_path / "set" / "deep" / "more"):
        with pytest.raises(TargetRefused, match="lies inside a set"):
            export(shared_home, inner)
    assert verify(tmp_path / "set").is_whole


def test_what_file_managers_leave_in_a_set_is_no_obstacle(shared_home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    export(shared_home, folder, layout=Layout.YEAR)
    for name in (".DS_Store", "desktop.ini", "Thumbs.db", "thumbs.db", "instrument_daily/.DS_Store"):
        (folder / name).write_text("view settings")
    assert verify(folder).findings == ()
    export(shared_home, folder)
    assert verify(folder).findings == ()


def test_an_empty_folder_is_taken(shared_home: Home, tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    export(shared_home, tmp_path / "set")
    assert verify(tmp_path / "set").is_whole


def test_a_set_is_replaced(shared_home: Home, tmp_path: Path) -> None:
    export(shared_home, tmp_path / "set", include_issues=True)
    export(shared_home, tmp_path / "set")
    assert "data_quality_issues.parquet" not in names(tmp_path / "set")
    assert [path.name for path in tmp_path.iterdir()] == ["set"]
    assert verify(tmp_path / "set").is_whole


def test_inside_the_home_only_the_exports_folder_takes_sets(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.root.mkdir()
    check_target(home.exports / "set", home.root, home.exports)
    for refused in (home.root, home.root / "set", home.logs / "set", home.exports, tmp_path):
        with pytest.raises(TargetRefused):
            check_target(refused, home.root, home.exports)
    inside = home.root / "way" / ".." / "set"
    with pytest.raises(TargetRefused):
        check_target(inside, home.root, home.exports)


def test_a_folder_that_cannot_be_made_is_refused_before_work(shared_home: Home, tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file")
    with pytest.raises(TargetRefused) as refused:
        export(shared_home, tmp_path / "blocked" / "deep" / "set")
    assert "cannot be written" in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["blocked"]


@pytest.mark.skipif(sys.platform == "win32", reason="links and mounts as POSIX has them")
def test_a_link_and_a_mount_are_refused_by_their_reason(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    home = tmp_path / "home"
    with pytest.raises(TargetRefused, match=r"is a link; name the folder it leads to, .*real"):
        check_target(tmp_path / "link", home, home / "exports")
    with pytest.raises(TargetRefused, match=r"is a link; name the folder it leads to, .*missing"):
        check_target(tmp_path / "nowhere", home, home / "exports")
    # A folder below a link is a folder like any other.
    check_target(tmp_path / "link" / "set", home, home / "exports")
    with pytest.raises(TargetRefused, match="is where a disk is mounted"):
        check_target(Path("/proc"), home, home / "exports")
