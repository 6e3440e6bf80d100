"""What there is to tell of a set: that it was made, what is wrong with it, and what changed since another one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tray_app.core.words import tr


@dataclass(frozen=True, slots=True)
class Finished:
    """A published set; notes are sentences on what was left out."""

    path: Path
    is_elsewhere: bool
    files: tuple[str, ...]
    row_counts: Mapping[str, int]
    carried: int
    not_collected_yet: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A file, what is wrong with it, and where: rows count from 1."""

    file: str
    problem: str
    column: str | None = None
    row: int | None = None

    def __str__(self) -> str:
        """Return the finding as one line."""
        places = [self.file]
        if self.column is not None:
            places.append(tr("column {name}", name=self.column))
        if self.row is not None:
            places.append(tr("row {number}", number=f"{self.row:,}"))
        return f"{', '.join(places)}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at and what is wrong."""

    folder: Path
    files: int
    rows: int
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


@dataclass(slots=True)
class TableChange:
    """The rows of one table that differ; columns counts the restated cells."""

    added: int = 0
    removed: int = 0
    restated: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    examples: list[dict[str, Any]] = field(default_factory=list)
    only_in: str | None = None
    columns_added: list[str] = field(default_factory=list)
    columns_removed: list[str] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """Whether no row differs."""
        columns = self.columns_added or self.columns_removed
        return not (self.added or self.removed or self.restated or self.only_in or columns)


@dataclass(frozen=True, slots=True)
class Changes:
    """Two sets compared."""

    identical_files: tuple[str, ...]
    different_files: tuple[str, ...]
    tables: Mapping[str, TableChange]

    @property
    def are_none(self) -> bool:
        """Whether the sets are the same."""
        return not self.different_files and all(table.is_same for table in self.tables.values())

    def text(self) -> str:
        """Return the comparison for people."""
        lines = [tr("{count} files are identical", count=len(self.identical_files))]
        for name, table in self.tables.items():
            if table.only_in:
                lines.append(tr("{name}: only in {which}", name=name, which=table.only_in))
                continue
            counts = tr(
                "{added:,} rows added, {removed:,} removed, {restated:,} restated",
                added=table.added,
                removed=table.removed,
                restated=table.restated,
            )
            lines.append(f"{name}: {counts}")
            lines += [tr("  column {name} is new", name=name) for name in table.columns_added]
            lines += [tr("  column {name} is gone", name=name) for name in table.columns_removed]
            lines += [f"  {column}: {count:,}" for column, count in table.columns.items()]
            lines += [f"  {example}" for example in table.examples]
        return "\n".join(lines)
