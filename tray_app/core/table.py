"""A table as one plain value: what the store, exports, pages and the library make of it follows from its columns."""

from dataclasses import dataclass
from enum import Enum
from functools import partial


class Kind(Enum):
    """What a column holds. Dates and instants (UTC) are ISO texts, a flag is 0 or 1.

    A word is one of a few texts. A day is a number since 1970-01-01, a moment seconds since then.
    """

    TEXT = "text"
    WORD = "word"
    DATE = "date"
    INSTANT = "instant"
    INTEGER = "integer"
    FLOAT = "float"
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"


class Format(Enum):
    """How a value is written for people."""

    PLAIN = "plain"
    MONEY = "money"
    SHARE = "share"
    GAUGE = "gauge"


class Part(Enum):
    """What of a row's sum a column is: what sets are made of, what only a sum of its own tells, or nothing."""

    VALUES = "values"
    REST = "rest"
    NOTHING = "nothing"


class Period(Enum):
    """How the rows of a table are grouped for their sums: all together, by the day or by the year of a column."""

    ALL = "all"
    DAY = "day"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Added:
    """When a column came later: the step of the schema that adds it, and the version of the sets it is in first."""

    step: int
    sets: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the store and in sets, what it holds, how people call it (in English), its unit.

    nullable: it may be empty. default: what stands in rows that were there before it. references: the column of another
    table that it points to, as table.column. in_sets: sets have it. part: what of the sums it is.
    """

    name: str
    kind: Kind
    title: str = ""
    unit: str = ""
    format: Format = Format.PLAIN
    nullable: bool = False
    default: int | str | None = None
    references: str = ""
    unique: bool = False
    in_sets: bool = True
    part: Part = Part.VALUES
    added: Added | None = None


maybe = partial(Column, nullable=True)
# What a row says of itself: when and by which run it was written.
own = partial(Column, in_sets=False, part=Part.NOTHING)
# What no set has, summed by itself.
rest = partial(Column, in_sets=False, part=Part.REST)


def columns(kind: Kind, names: str, *, nullable: bool = False) -> tuple[Column, ...]:
    """Return columns alike, by their names between spaces."""
    return tuple(Column(name, kind, nullable=nullable) for name in names.split())


@dataclass(frozen=True, slots=True)
class Sums:
    """How a table's rows are summed: by a scope (a market, a series), and by the periods of the column `dated`.

    scope: an expression with `{row}` before each column. bulk: of millions of rows, written a session at a time.
    """

    period: Period = Period.ALL
    dated: str = ""
    scope: str = "''"
    bulk: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns in the order of the store, and the key that no two rows share.

    has_row_number: its key, one whole number, is SQLite's own. unique: columns that no two rows share either. observed:
    the column of the day a row is about, which must have come, and the one that says when the row was brought. added:
    the step of the schema that makes it, of a table that came later.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    sums: Sums | None = None
    unique: tuple[str, ...] = ()
    has_row_number: bool = False
    observed: tuple[str, str] | None = None
    added: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Return the columns' names."""
        return tuple(column.name for column in self.columns)

    @property
    def values(self) -> tuple[str, ...]:
        """Return the names of the columns that are not of the key."""
        return tuple(name for name in self.names if name not in self.key)

    @property
    def told(self) -> tuple[str, ...]:
        """Return the names of the columns that an answer tells of what the key names."""
        return tuple(each.name for each in self.columns if each.part is not Part.NOTHING and each.name not in self.key)

    @property
    def in_sets(self) -> tuple[Column, ...]:
        """Return the columns that sets have."""
        return tuple(column for column in self.columns if column.in_sets)

    def of_names(self, names: str) -> tuple[Column, ...]:
        """Return columns by their names between spaces."""
        by_name = {column.name: column for column in self.columns}
        return tuple(by_name[name] for name in names.split())

    def file(self, name: str, key: tuple[str, ...]) -> "SetFile":
        """Return a file with what sets have of it, the columns of its key first."""
        ordered = sorted(self.in_sets, key=lambda each: key.index(each.name) if each.name in key else len(key))
        return SetFile(name, tuple(ordered), key)

    def of_kind(self, *kinds: Kind) -> tuple[str, ...]:
        """Return the names of the columns that hold something."""
        return tuple(column.name for column in self.columns if column.kind in kinds)


@dataclass(frozen=True, slots=True)
class SetFile:
    """A file of a set with a row for each day of something: its columns, and the key it is sorted by, `date` among."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
