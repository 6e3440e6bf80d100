"""Every way to spoil a set is named."""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from export.kit import LAST, export, read_manifest
from tray_app.core.errors import BadInput
from tray_app.datasets.krx.exports import KRX_SETS
from tray_app.datasets.liquidity.exports import MACRO_SETS, STRESS_SETS
from tray_app.export.set.manifest import SEAL, seal
from tray_app.export.set.verify import verify
from tray_app.paths import Home

DAILY, MACRO, STRESS = "instrument_daily.parquet", "macro_daily.parquet", "stress_daily.parquet"
of_each = pytest.mark.parametrize("name", [DAILY, MACRO, STRESS])


@pytest.fixture
def folder(liquid_home: Home, tmp_path: Path) -> Path:
    """Return a whole set."""
    export(liquid_home, tmp_path / "set", adjusted=True, datasets=(KRX_SETS, MACRO_SETS, STRESS_SETS))
    return tmp_path / "set"


def problems(folder: Path) -> list[str]:
    return [str(finding) for finding in verify(folder).findings]


def write_manifest(folder: Path, document: dict[str, Any], *, sealed: bool) -> None:
    if sealed:
        document[SEAL] = seal(document)
    (folder / "manifest.json").write_text(json.dumps(document, ensure_ascii=False, indent=2), "utf-8")


def rewrite(folder: Path, name: str, edit: Callable[[pa.Table], pa.Table]) -> None:
    """Put other rows into a file and make size and checksums fit, as a careful forger would."""
    path = folder / name
    pq.write_table(edit(pq.read_table(path)), path)
    document = read_manifest(folder)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    for entry in document["files"]:
        if entry["name"] == name:
            entry |= {"sha256": digest, "bytes": path.stat().st_size, "rows": pq.read_metadata(path).num_rows}
    sums = folder / "SHA256SUMS"
    lines = [line for line in sums.read_text("utf-8").splitlines() if not line.endswith(f"  {name}")]
    sums.write_text("\n".join(sorted([*lines, f"{digest}  {name}"], key=lambda line: line[66:])) + "\n", "utf-8")
    for entry in document["other_files"]:
        if entry["name"] == "SHA256SUMS":
            entry |= {"sha256": hashlib.sha256(sums.read_bytes()).hexdigest(), "bytes": sums.stat().st_size}
    write_manifest(folder, document, sealed=True)


def test_a_whole_set_passes(folder: Path) -> None:
    assert problems(folder) == []


@of_each
@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_flipped_byte_is_named(folder: Path, place: float, name: str) -> None:
    path = folder / name
    body = bytearray(path.read_bytes())
    body[int(len(body) * place)] ^= 0xFF
    path.write_bytes(body)

    assert any(text.startswith(f"{name}: sha256") for text in problems(folder))


@pytest.mark.parametrize("name", ["benchmark_daily.parquet", MACRO, STRESS])
def test_a_deleted_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()

    assert f"{name}: is missing" in problems(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipe among the files of a folder")
@pytest.mark.parametrize("name", [DAILY, "SHA256SUMS", "LOAD.md"])
def test_a_pipe_in_place_of_a_file_is_named_and_not_waited_for(folder: Path, name: str) -> None:
    (folder / name).unlink()
    os.mkfifo(folder / name)

    assert f"{name}: is missing" in problems(folder)


def test_a_foreign_file_is_named(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")

    assert problems(folder) == ["notes.txt: does not belong to the set"]


@pytest.mark.parametrize("key", ["rows", "bytes", "row_groups", "distinct_instruments"])
def test_an_edited_number_is_named(folder: Path, key: str) -> None:
    document = read_manifest(folder)
    entry = next(entry for entry in document["files"] if entry["name"] == DAILY)
    entry[key] += 1
    write_manifest(folder, document, sealed=False)

    found = problems(folder)
    assert any(text.startswith(f"{DAILY}: {key} is ") for text in found)
    assert any("manifest_sha256" in text for text in found)


def test_an_edited_null_count_is_named(folder: Path) -> None:
    document = read_manifest(folder)
    next(entry for entry in document["files"] if entry["name"] == DAILY)["null_counts"]["open"] += 1
    write_manifest(folder, document, sealed=True)

    assert [text for text in problems(folder) if "column open" in text]


def test_any_other_edit_of_the_manifest_is_noticed(folder: Path) -> None:
    document = read_manifest(folder)
    document["generated_at"] = "2020-01-01T00:00:00Z"
    write_manifest(folder, document, sealed=False)

    assert any("manifest_sha256" in text for text in problems(folder))


GARBAGE: tuple[Any, ...] = ("12x", None, -1, [], {}, ["2023-11-31"], 1e300, True)


def garble(document: Any, path: Sequence[str | int], value: object) -> None:
    """Put another value at a place of a manifest."""
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the place of every value of a manifest; of a list only the first."""
    if path:
        yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list) and value:
        yield from places(value[0], (*path, 0))


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("date_from",), "2023-11-31", 'date_from cannot be "2023-11-31"'),
        (("date_to",), 20240123, "date_to cannot be 20240123"),
        (("request", "date_type"), "date33", 'request.date_type cannot be "date33"'),
        (("files", 0, "rows"), "12x", 'files[instrument_daily.parquet].rows cannot be "12x"'),
        (("files", 0, "bytes"), None, "files[instrument_daily.parquet].bytes cannot be null"),
        (("files", 0, "name"), ["x"], "files[['x']].name cannot be"),
        (("files", 0), "x", "files[0] is no group of values"),
        (("files",), 5, "files cannot be 5"),
        (("missing_sessions",), [], "missing_sessions cannot be []"),
    ],
)
@pytest.mark.parametrize("sealed", [False, True])
def test_a_garbled_value_of_the_manifest_is_named(
    folder: Path, path: Sequence[str | int], value: object, named: str, *, sealed: bool
) -> None:
    document = read_manifest(folder)
    garble(document, path, value)
    write_manifest(folder, document, sealed=sealed)

    found = problems(folder)
    assert any(text.startswith(f"manifest.json: {named}") for text in found), found
    assert any("manifest_sha256" in text for text in found) is not sealed


def test_no_value_of_the_manifest_makes_verify_fall_over(shared_home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    export(shared_home, folder, date_from=LAST, date_to=LAST)
    whole = read_manifest(folder)
    for number, path in enumerate(places(whole)):
        document = json.loads(json.dumps(whole))
        garble(document, path, GARBAGE[number % len(GARBAGE)])
        if document == whole:
            continue
        write_manifest(folder, document, sealed=False)
        assert problems(folder), path
        write_manifest(folder, document, sealed=True)
        verify(folder)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"product": "market-tray"}', "null"])
def test_a_spoilt_manifest_is_named(folder: Path, content: str) -> None:
    (folder / "manifest.json").write_text(content)

    assert problems(folder)[0].startswith("manifest.json: ")


def test_a_missing_manifest_is_named(folder: Path) -> None:
    (folder / "manifest.json").unlink()

    assert problems(folder)[0].startswith("manifest.json: ")


def test_no_folder_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        verify(tmp_path / "nowhere")


@of_each
def test_an_unsorted_row_is_named(folder: Path, name: str) -> None:
    def swap(table: pa.Table) -> pa.Table:
        order = list(range(table.num_rows))
        order[10], order[11] = order[11], order[10]
        return table.take(order)

    rewrite(folder, name, swap)

    assert any(text.startswith(f"{name}, row 12: is not in the order of ") for text in problems(folder))


@of_each
def test_a_repeated_row_is_named(folder: Path, name: str) -> None:
    rewrite(folder, name, lambda table: table.take([0, 1, 2, 2, *range(3, table.num_rows)]))

    assert any("row 4: repeats the key" in text for text in problems(folder))


@of_each
def test_a_repeated_row_far_from_its_twin_is_named(folder: Path, name: str) -> None:
    rewrite(folder, name, lambda table: table.take([*range(table.num_rows), 0]))

    assert any("repeats" in text for text in problems(folder))


def test_a_changed_value_is_named_by_its_column(folder: Path) -> None:
    def dearer(table: pa.Table) -> pa.Table:
        closes = table.column("volume").to_pylist()
        closes[7] += 1
        place = table.schema.get_field_index("volume")
        return table.set_column(place, table.schema.field("volume"), pa.array(closes))

    rewrite(folder, DAILY, dearer)

    found = problems(folder)
    assert any("column volume: the values are not those that were written" in text for text in found)
    assert any("column adj_volume, row 8: does not follow" in text for text in found)


@pytest.mark.parametrize(("name", "column"), [(MACRO, "value"), (STRESS, "z"), (STRESS, "rates_contribution")])
def test_another_number_is_named_by_its_column(folder: Path, name: str, column: str) -> None:
    def more(table: pa.Table) -> pa.Table:
        values = table.column(column).to_pylist()
        values[7] = (values[7] or 0.0) + 1e-6
        return table.set_column(table.schema.get_field_index(column), table.schema.field(column), pa.array(values))

    rewrite(folder, name, more)

    found = problems(folder)
    assert any(f"{name}, column {column}: the values are not those that were written" in text for text in found)
    if name == STRESS:
        assert f"{name}, column z, row 8: is not the sum of the contributions" in found


def test_a_missing_session_is_named(folder: Path) -> None:
    day = read_manifest(folder)["date_to"]

    def without(table: pa.Table) -> pa.Table:
        return table.filter(pa.array([str(value) != day for value in table.column("trade_date").to_pylist()]))

    rewrite(folder, DAILY, without)

    assert any(f"sessions of KOSPI are missing: {day}" in text for text in problems(folder))


def test_an_unknown_instrument_is_named(folder: Path) -> None:
    rewrite(folder, "instruments.parquet", lambda table: table.slice(1))

    assert any(
        "column instrument_id" in text and "instruments.parquet does not hold" in text for text in problems(folder)
    )


def test_a_missing_factor_is_named(folder: Path) -> None:
    rewrite(folder, "adjustment_factors.parquet", lambda table: table.slice(0, 0))

    assert any("column adj_factor" in text and "does not follow" in text for text in problems(folder))


def test_a_date_outside_the_range_is_named(folder: Path) -> None:
    document = read_manifest(folder)
    document["date_to"] = document["date_from"]
    write_manifest(folder, document, sealed=True)

    found = problems(folder)
    for column in ("column trade_date, row ", f"{MACRO}, column date, row ", f"{STRESS}, column date, row "):
        assert any(column in text and "lies outside" in text for text in found)


@pytest.mark.parametrize(("name", "column"), [(DAILY, "low"), (MACRO, "first_seen_at"), (STRESS, "funding_z")])
def test_another_schema_is_named(folder: Path, name: str, column: str) -> None:
    rewrite(folder, name, lambda table: table.drop_columns([column]))

    assert any(f"{name}, column {column}: has no such column" in text for text in problems(folder))
