"""What changed between two sets: files that are the same, rows added, removed and restated."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from tray_app.core.sets import Changes, TableChange
from tray_app.export.errors import SetDamaged
from tray_app.export.files.schemas import INSTRUMENT_ID_MAP, FileKind, kind_of
from tray_app.export.set.integrity import damage
from tray_app.export.set.manifest import read_manifest
from tray_app.export.set.publish import recover

MOST_EXAMPLES = 5
ID_COLUMNS = ("instrument_id", "event_instrument_id", "moved_from", "moved_to")


def diff(before: Path, after: Path) -> Changes:
    """Compare two sets, once their files are known to be those that were written. Raises NotASet, SetDamaged."""
    old, new = (_digests(folder) for folder in (before, after))
    same = tuple(sorted(name for name in old.keys() & new.keys() if old[name] == new[name]))
    different = tuple(sorted((old.keys() | new.keys()) - set(same)))
    names = sorted({name.partition("/")[0].removesuffix(".parquet") for name in different if _is_table(name)})
    tables = {name: _compare(before, after, name, set(same)) for name in names}
    return Changes(same, different, tables)


def _digests(folder: Path) -> dict[str, str]:
    recover(folder)
    document = read_manifest(folder)
    found = damage(folder, document)
    if found:
        raise SetDamaged(folder, [str(finding) for finding in found])
    return {entry["name"]: entry["sha256"] for entry in [*document["files"], *document["other_files"]]}


def _is_table(name: str) -> bool:
    return name.endswith(".parquet") and kind_of(name, ()) is not None


def _compare(before: Path, after: Path, name: str, same: set[str]) -> TableChange:
    change = TableChange()
    old, new = (_dataset(folder, name, same) for folder in (before, after))
    if old is None or new is None:
        change.only_in = str(before if new is None else after)
        return change
    kind = kind_of(f"{name}.parquet", new.schema.names)
    if kind is None:
        raise ValueError(name)
    change.columns_added = [item for item in new.schema.names if item not in old.schema.names]
    change.columns_removed = [item for item in old.schema.names if item not in new.schema.names]
    renamed = _renamed(after)
    for earlier, right in _pieces(old, new, kind):
        left = _under_present_ids(earlier, renamed)
        if not left.equals(right):
            _compare_rows(change, left, right, kind.primary_key)
    return change


def _renamed(folder: Path) -> dict[str, str]:
    """Return what a set says of the identifiers of earlier ones: the present by the old."""
    path = folder / f"{INSTRUMENT_ID_MAP.name}.parquet"
    rows = pq.read_table(path).to_pylist() if path.is_file() else []
    return {row["old_instrument_id"]: row["instrument_id"] for row in rows}


def _under_present_ids(table: pa.Table, renamed: Mapping[str, str]) -> pa.Table:
    # The same listing under another identifier is no other row.
    for place, name in enumerate(table.column_names):
        if renamed and name in ID_COLUMNS:
            values = pc.dictionary_encode(table.column(name)).combine_chunks()
            words = pa.array([renamed.get(word, word) for word in values.dictionary.to_pylist()], pa.string())
            table = table.set_column(place, name, words.take(values.indices))
    return table


def _dataset(folder: Path, name: str, same: set[str]) -> ds.Dataset | None:
    paths = [folder / f"{name}.parquet", *sorted((folder / name).rglob("*.parquet"))]
    present = [path for path in paths if path.is_file()]
    if not present:
        return None
    changed = [path for path in present if path.relative_to(folder).as_posix() not in same]
    return ds.dataset([str(path) for path in changed], format="parquet", schema=ds.dataset(str(present[0])).schema)


def _pieces(old: ds.Dataset, new: ds.Dataset, kind: FileKind) -> Iterator[tuple[pa.Table, pa.Table]]:
    # A month at a time, so that memory does not grow with the rows.
    if kind.date_column is None:
        yield _plain(old.to_table()), _plain(new.to_table())
        return
    column = pc.field(kind.date_column)
    ends = [
        pc.min_max(side.to_table(columns=[kind.date_column]).column(0).cast(pa.date32())).as_py() for side in (old, new)
    ]
    days = [day for end in ends for day in (end["min"], end["max"]) if day is not None]
    if not days:
        return
    first = min(days).replace(day=1)
    while first <= max(days):
        after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        sides = []
        for side in (old, new):
            kind_of_day = side.schema.field(kind.date_column).type
            low, high = (pa.scalar(day).cast(kind_of_day) for day in (first, after))
            sides.append(_plain(side.to_table(filter=(column >= low) & (column < high))))
        yield sides[0], sides[1]
        first = after


def _plain(table: pa.Table) -> pa.Table:
    # Another type of the dates or of the texts is no other value.
    fields = [item.with_type(_plain_type(item.type)) for item in table.schema]
    return table.cast(pa.schema(fields)).combine_chunks()


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return pa.string()
    is_date = pa.types.is_timestamp(kind) and kind.tz is None
    return pa.date32() if is_date else kind


def _compare_rows(change: TableChange, left: pa.Table, right: pa.Table, keys: Sequence[str]) -> None:
    marked = [
        pa.table({**{key: side.column(key) for key in keys}, mark: pa.array(range(side.num_rows), pa.int64())})
        for side, mark in ((left, "left"), (right, "right"))
    ]
    joined = marked[0].join(marked[1], list(keys), join_type="full outer").combine_chunks()
    added = joined.filter(pc.is_null(joined.column("left")))
    removed = joined.filter(pc.is_null(joined.column("right")))
    change.added += added.num_rows
    change.removed += removed.num_rows
    for rows, what in ((added, "added"), (removed, "removed")):
        for row in rows.select(list(keys)).slice(0, MOST_EXAMPLES - len(change.examples)).to_pylist():
            change.examples.append({"change": what, **_texts(row)})
    both = joined.filter(pc.and_(pc.is_valid(joined.column("left")), pc.is_valid(joined.column("right"))))
    old, new = left.take(both.column("left")), right.take(both.column("right"))
    _compare_cells(change, old, new, keys)


def _compare_cells(change: TableChange, old: pa.Table, new: pa.Table, keys: Sequence[str]) -> None:
    touched = pa.array([False] * old.num_rows, pa.bool_())
    for name in new.column_names:
        if name in keys or name not in old.column_names:
            continue
        was, now = old.column(name).combine_chunks(), new.column(name).combine_chunks()
        cells = pc.coalesce(pc.not_equal(was, now), pc.xor(was.is_null(), now.is_null()))
        count = int(pc.sum(cells).as_py() or 0)
        if count:
            change.columns[name] = change.columns.get(name, 0) + count
            touched = pc.or_(touched, cells)
            place = pc.index(cells, True).as_py()
            if len(change.examples) < MOST_EXAMPLES:
                row = _texts(new.select(list(keys)).slice(place, 1).to_pylist()[0])
                values = {"column": name, "before": str(was[place].as_py()), "after": str(now[place].as_py())}
                change.examples.append({"change": "restated", **row, **values})
    change.restated += int(pc.sum(touched).as_py() or 0)


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in row.items()}
