"""The crypto files of a set."""

from functools import cached_property
from pathlib import Path

import pyarrow as pa

from tray_app.export import findings, schemas, tables
from tray_app.export.errors import ExportBlocked, NothingToExport
from tray_app.export.request import Dataset, ExportRequest
from tray_app.export.writer import FileFacts, write_table
from tray_app.store import export_queries as store
from tray_app.store.arrow_reader import Snapshot
from tray_app.store.export_queries import Span


class CryptoFiles:
    """Writes the files of dataset crypto from one snapshot."""

    def __init__(self, snapshot: Snapshot, request: ExportRequest) -> None:
        self._snapshot, self._request = snapshot, request
        self._span = Span(request.date_from, request.date_to)
        self._prices = tables.crypto_table(store.crypto_prices(snapshot.reader, self._span))
        self._metrics = tables.metric_table(store.crypto_metrics(snapshot.reader, self._span))
        self.source_runs = set(store.crypto_run_ids(snapshot.reader))

    @cached_property
    def issues(self) -> pa.Table:
        """Return the open issues that touch the set."""
        found = store.open_issues(self._snapshot.reader, self._span)
        names = found.column("dataset_name").to_pylist()
        mask = [findings.dataset_of(str(name)) is Dataset.CRYPTO for name in names]
        return found.filter(pa.array(mask, pa.bool_()))

    def check(self) -> None:
        """Raise ExportBlocked or NothingToExport when the set shall not be made."""
        errors = [row for row in self.issues.to_pylist() if row["severity"] == findings.ERROR]
        if errors and not self._request.allow_errors:
            raise ExportBlocked([f"{row['issue_code']} {row['subject']} {row['trade_date']}".strip() for row in errors])
        if not self._prices.num_rows and not self._metrics.num_rows:
            raise NothingToExport("crypto")

    def write(self, folder: Path) -> list[FileFacts]:
        """Write both files into a folder."""
        date_type = self._request.date_type
        return [
            write_table(folder, schemas.CRYPTO_DAILY, self._prices, date_type),
            write_table(folder, schemas.CRYPTO_METRIC, self._metrics, date_type),
        ]
