"""The files of a dataset that is small enough to be taken as it lies in the store: whole tables, no files per year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from tray_app.core.table import Table
from tray_app.export.errors import ExportBlocked, NothingToExport
from tray_app.export.files import findings
from tray_app.export.files.schemas import FileKind
from tray_app.export.files.stored_sums import check as check_sums
from tray_app.export.files.writer import FileFacts, write_table
from tray_app.export.kinds import ExportKind
from tray_app.export.request import ExportRequest
from tray_app.store import export_reads as common
from tray_app.store.arrow_reader import Snapshot
from tray_app.store.export_reads import Span


@dataclass(frozen=True, slots=True)
class PlainFiles:
    """The tables of one dataset, read; notes are sentences for the manifest, the guide and the user."""

    dataset: ExportKind
    request: ExportRequest
    issues: pa.Table
    tables: Mapping[FileKind, pa.Table]
    source_runs: frozenset[int]
    notes: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise ExportBlocked or NothingToExport when the set shall not be made."""
        found = findings.errors(self.issues.to_pylist())
        if found and not self.request.allow_errors:
            raise ExportBlocked(found)
        if not any(table.num_rows for table in self.tables.values()):
            raise NothingToExport(str(self.dataset), self.notes)

    def write(self, folder: Path) -> list[FileFacts]:
        """Write every file into a folder."""
        return [write_table(folder, kind, table, self.request.date_type) for kind, table in self.tables.items()]


def check_rows(snapshot: Snapshot, request: ExportRequest, tables: Sequence[Table]) -> None:
    """Raise RowsChanged when rows of the tables a dataset is made of are not those that were stored."""
    check_sums(snapshot.reader, tables, span_of(request))


def issues_of(snapshot: Snapshot, span: Span, dataset: ExportKind) -> pa.Table:
    """Return the open issues that touch a dataset on some days."""
    found = common.open_issues(snapshot.reader, span)
    names = found.column("dataset_name").to_pylist()
    return found.filter(pa.array([findings.dataset_of(str(name)) is dataset for name in names], pa.bool_()))


def span_of(request: ExportRequest) -> Span:
    """Return the days of a request."""
    return Span(request.date_from, request.date_to)
