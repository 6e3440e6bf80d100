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


@dataclass(frozen=True, slots=True)
class Added:
    """When a column came later: the step of the schema that adds it, and the version of the sets it is in first."""

    step: int
    sets: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the store and in sets, what it holds, how people call it (in English), its unit.

    nullable: it may be empty. in_sets: sets have it.
    """

    name: str
    kind: Kind
    title: str = ""
    unit: str = ""
    format: Format = Format.PLAIN
    nullable: bool = False
    in_sets: bool = True
    added: Added | None = None


maybe = partial(Column, nullable=True)
own = partial(Column, in_sets=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns in the order of sets, and the key that no two rows share."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the columns' names."""
        return tuple(column.name for column in self.columns)

    @property
    def values(self) -> tuple[str, ...]:
        """Return the names of the columns that are not of the key."""
        return tuple(name for name in self.names if name not in self.key)

    @property
    def in_sets(self) -> tuple[Column, ...]:
        """Return the columns that sets have."""
        return tuple(column for column in self.columns if column.in_sets)
