"""The tables of docs/data.md: names, types and keys are the program's, so are units where it tells them.

Written anew, a column that is new stands with the title the program has for it, or "as stored" in a file made of its
table; else without a meaning, which a test refuses until somebody writes it. What is gone is taken out.
"""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from repository import REPOSITORY
from support import open_store

from tray_app.core.table import Column as StoredColumn
from tray_app.core.table import Kind
from tray_app.datasets.schema import SCHEMA
from tray_app.export.files import schemas
from tray_app.export.files.schemas import FileKind
from tray_app.export.kinds import DateType

DOCUMENT = REPOSITORY / "docs" / "data.md"
STORE, VIEWS, SETS = "Store", "Views", "Sets"
HEAD = ("| column | type | unit | meaning |", "|---|---|---|---|")
TITLE = re.compile(r"^### `([^`]+)`$")
AS_STORED = "as stored"
ROW = re.compile(r"^\| `([^`]+)` \| [^|]* \| ([^|]*) \| ([^|]*) \|$")
UNITS = {
    Kind.DAY: "day number",
    Kind.MOMENT: "seconds since 1970 UTC",
    Kind.INSTANT: "UTC instant",
    Kind.FLAG: "0 or 1",
}
KEYS = re.compile(r"^(?:Key|Sorted by) `")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type is the program's, and its unit where the program tells one; the meaning is the document's."""

    name: str
    kind: str
    unit: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """A table, view or file, and the chapter it belongs to; keys is the sentence about order and key."""

    name: str
    chapter: str
    keys: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What the document says of one of them: some prose, and the rows of its table."""

    name: str
    chapter: str
    prose: tuple[str, ...]
    columns: tuple[Column, ...]


def present() -> list[Described]:
    """Return every table and view of a fresh store and every file of a set, as the program has them."""
    return [*_of_store(), *map(_of_file, (schemas.instrument_daily(adjusted=True), *schemas.SMALL_KINDS))]


def sections(text: str) -> list[Section]:
    """Return what the document says, in its order."""
    found: list[Section] = []
    chapter = ""
    for part in re.split(r"(?m)^(?=##)", text)[1:]:
        lines = part.rstrip().split("\n")
        title = TITLE.match(lines[0])
        if title is None:
            chapter = lines[0].removeprefix("## ") if lines[0].startswith("## ") else chapter
            continue
        prose = tuple(line for line in lines[1:] if not KEYS.match(line) and not line.startswith("|"))
        columns = tuple(
            Column(row[1], "", row[2].strip(), row[3].strip()) for row in map(ROW.match, lines) if row is not None
        )
        found.append(Section(title[1], chapter, prose, columns))
    return found


def written(text: str, known: Sequence[Described]) -> str:
    """Return the document with the tables as the program has them now."""
    said = {section.name: _with_stored(section, known, text) for section in sections(text)}
    left = {each.name: each for each in known}
    parts: list[str] = []
    chapter = ""
    for part in re.split(r"(?m)^(?=##)", text):
        first = part.split("\n", 1)[0]
        title = TITLE.match(first)
        if title is None:
            if first.startswith("## "):
                parts += _sections((each for each in left.values() if each.chapter == chapter), left)
                chapter = first.removeprefix("## ")
            parts.append(part)
        elif title[1] in left:
            parts.append(_section(left.pop(title[1]), said[title[1]]))
    parts += _sections((each for each in left.values() if each.chapter == chapter), left)
    return "".join(parts).rstrip("\n") + "\n"


def stored_columns(section: Section, text: str) -> dict[str, Column]:
    """Return the columns of the tables that a file's prose names."""
    named = re.findall(r"`(\w+)`", " ".join(section.prose))
    return {column.name: column for table in sections(text) if table.name in named for column in table.columns}


def _with_stored(section: Section, known: Iterable[Described], text: str) -> Section:
    if section.chapter != SETS:
        return section
    stored, told = stored_columns(section, text), {column.name for column in section.columns}
    new = [name for each in known if each.name == section.name for name in _names(each) if name not in told]
    found = (replace(stored[name], meaning=AS_STORED) for name in new if name in stored)
    return replace(section, columns=(*section.columns, *found))


def _names(known: Described) -> list[str]:
    return [column.name for column in known.columns]


def _sections(new: Iterable[Described], left: dict[str, Described]) -> list[str]:
    return [_section(left.pop(each.name), None) for each in list(new)]


def _section(known: Described, said: Section | None) -> str:
    meanings = {column.name: column for column in said.columns} if said is not None else {}
    columns = [_said(column, meanings.get(column.name, column)) for column in known.columns]
    rows = [f"| `{each.name}` | {each.kind} | {each.unit} | {each.meaning} |" for each in columns]
    prose = "\n".join(said.prose).strip() if said is not None else ""
    parts = [f"### `{known.name}`", *([prose] if prose else []), *([known.keys] if known.keys else [])]
    return "\n\n".join([*parts, "\n".join((*HEAD, *rows))]) + "\n\n"


def _said(known: Column, said: Column) -> Column:
    return replace(known, unit=known.unit or said.unit, meaning=said.meaning)


def _of_store() -> list[Described]:
    with TemporaryDirectory() as folder, open_store(Path(folder)) as database, database.reading() as connection:
        names = connection.execute(
            "SELECT name, type FROM sqlite_master"
            " WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        return [_of_table(connection, name, VIEWS if kind == "view" else STORE) for name, kind in names]


def _of_table(connection: sqlite3.Connection, name: str, chapter: str) -> Described:
    rows = connection.execute('SELECT name, type, "notnull", pk FROM pragma_table_info(?)', (name,)).fetchall()
    key = [column for place, column in sorted((place, column) for column, _, _, place in rows if place)]
    told = {column.name: column for table in SCHEMA.tables if table.name == name for column in table.columns}
    columns = tuple(
        _titled(
            Column(column, _nullable(kind.lower() or "text", is_null=chapter == STORE and not needed and not place)),
            told.get(column),
        )
        for column, kind, needed, place in rows
    )
    return Described(name, chapter, f"Key {_listed(key)}." if key else "", columns)


def _titled(column: Column, told: StoredColumn | None) -> Column:
    return column if told is None else replace(column, unit=told.unit or UNITS.get(told.kind, ""), meaning=told.title)


def _of_file(kind: FileKind) -> Described:
    schema = schemas.described(kind.schema(DateType.DATE32))
    columns = tuple(
        Column(str(column["name"]), _nullable(str(column["type"]), is_null=bool(column["nullable"])))
        for column in schema
    )
    keys = f"Sorted by {_listed(kind.sort_keys)}; no two rows share {_listed(kind.primary_key)}."
    return Described(f"{kind.name}.parquet", SETS, keys, columns)


def _nullable(kind: str, *, is_null: bool) -> str:
    return f"{kind}, may be null" if is_null else kind


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
