"""Identifiers that changed since an earlier set: the next one maps them, and a comparison knows them."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from export.kit import change, export
from tray_app.export.set.diff import diff
from tray_app.export.set.verify import verify
from tray_app.paths import Home

NEW_UID = "UPDATE instruments SET uid = 'new:' || uid WHERE instrument_id % 2"
OLD_UID = (
    "INSERT INTO earlier_uids (uid, instrument_id) SELECT uid, instrument_id FROM instruments WHERE instrument_id % 2"
)


def ids(folder: Path, name: str, column: str = "instrument_id") -> set[Any]:
    return set(pq.read_table(folder / f"{name}.parquet", columns=[column]).column(0).to_pylist())


def test_a_set_maps_the_identifiers_of_an_earlier_one(home: Home, tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    export(home, before, adjusted=True)
    assert not (before / "instrument_id_map.parquet").exists()
    change(home, OLD_UID, NEW_UID)
    export(home, after, adjusted=True)
    assert verify(after).findings == ()
    renamed = {row["old_instrument_id"]: row for row in pq.read_table(after / "instrument_id_map.parquet").to_pylist()}
    assert renamed
    assert {renamed.get(uid, {"instrument_id": uid})["instrument_id"] for uid in ids(before, "instruments")} == ids(
        after, "instruments"
    )
    assert {row["instrument_id"] for row in renamed.values()} <= ids(after, "instruments")
    changes = diff(before, after)
    assert {name for name, table in changes.tables.items() if not table.is_same} == {"instrument_id_map"}


def test_a_listing_that_is_not_identified_says_so(home: Home, tmp_path: Path) -> None:
    whole = export(home, tmp_path / "whole")
    assert ids(tmp_path / "whole", "instruments", "is_identified") == {True}
    assert not [note for note in whole.notes if "identified" in note]
    change(home, "UPDATE instruments SET isin = NULL WHERE instrument_id = 1")
    finished = export(home, tmp_path / "set")
    assert ids(tmp_path / "set", "instruments", "is_identified") == {True, False}
    assert [note for note in finished.notes if note.startswith("1 listings are not identified yet")]
    assert verify(tmp_path / "set").findings == ()
