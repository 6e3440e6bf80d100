"""Sets of earlier versions of the program stay whole, though they lack the columns of later ones."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from export.kit import export, read_manifest
from tray_app.export.files import schemas
from tray_app.export.files.schemas import ADDED, FileKind
from tray_app.export.kinds import DateType
from tray_app.export.set.diff import diff
from tray_app.export.set.verify import verify
from tray_app.paths import Home


def test_a_set_of_the_first_version_is_whole(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    present = FileKind.schema

    def first_version(kind: FileKind, date_type: DateType) -> pa.Schema:
        return present(kind, date_type, "1")

    with monkeypatch.context() as patched:
        patched.setattr(FileKind, "schema", first_version)
        patched.setattr(schemas, "SCHEMA_VERSION", "1")
        export(home, tmp_path / "old", adjusted=True)
    export(home, tmp_path / "new", adjusted=True)
    assert read_manifest(tmp_path / "old")["schema_version"] == "1"
    for kind_and_column in (each for names in ADDED.values() for each in names):
        kind, _, column = kind_and_column.partition(".")
        if (tmp_path / "old" / f"{kind}.parquet").exists():
            assert column not in pq.read_schema(tmp_path / "old" / f"{kind}.parquet").names
            assert column in pq.read_schema(tmp_path / "new" / f"{kind}.parquet").names
    assert verify(tmp_path / "old").findings == ()
    changes = diff(tmp_path / "old", tmp_path / "new")
    assert all(table.columns_added and not table.restated for table in changes.tables.values())
