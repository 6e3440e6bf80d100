"""The files of a kind that is small enough to be taken as it lies in the store: whole tables, no files per year."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from tray_app.datasets.export_kind import ExportKind
from tray_app.datasets.exports import rows_of
from tray_app.export.errors import ExportBlocked, NothingToExport
from tray_app.export.files import findings
from tray_app.export.files.schemas import PLAIN
from tray_app.export.files.stored_sums import check as check_sums
from tray_app.export.files.writer import FileFacts, write_table
from tray_app.export.request import ExportRequest
from tray_app.store import export_reads as common
from tray_app.store.arrow_reader import Snapshot
from tray_app.store.export_reads import ExportRows, Span


@dataclass(frozen=True, slots=True)
class PlainFiles:
    """The rows of one kind, read, and the open issues that touch it."""

    kind: ExportKind
    request: ExportRequest
    rows: ExportRows
    issues: pa.Table

    def check(self) -> None:
        """Raise ExportBlocked or NothingToExport when the set shall not be made."""
        found = findings.errors(self.issues.to_pylist())
        if found and not self.request.allow_errors:
            raise ExportBlocked(found)
        if not any(table.num_rows for table in self.rows.tables.values()):
            raise NothingToExport(self.kind.name, self.rows.notes)

    def write(self, folder: Path) -> list[FileFacts]:
        """Write every file into a folder."""
        date_type = self.request.date_type
        return [write_table(folder, PLAIN[name], table, date_type) for name, table in self.rows.tables.items()]


def plain_files(snapshot: Snapshot, request: ExportRequest, kind: ExportKind) -> PlainFiles:
    """Read a kind. Raises RowsChanged when rows of the tables it is made of are not those that were stored."""
    span = Span(request.date_from, request.date_to)
    check_sums(snapshot.reader, kind.tables, span)
    rows = rows_of(kind)(snapshot.reader, request.asked)
    return PlainFiles(kind, request, rows, issues_of(snapshot, span, kind))


def issues_of(snapshot: Snapshot, span: Span, kind: ExportKind) -> pa.Table:
    """Return the open issues that touch a kind on some days."""
    found = common.open_issues(snapshot.reader, span)
    return found.filter(
        pa.array([name in kind.issues for name in found.column("dataset_name").to_pylist()], pa.bool_())
    )
