"""The crypto files of a set."""

from tray_app.datasets.crypto import export_reads as store
from tray_app.export.files import schemas, tables
from tray_app.export.files.plain import PlainFiles, check_rows, issues_of, span_of
from tray_app.export.request import ExportKind, ExportRequest
from tray_app.store.arrow_reader import Snapshot
from tray_app.store.summed_tables import OF_CRYPTO


def crypto_files(snapshot: Snapshot, request: ExportRequest) -> PlainFiles:
    """Read the coins and the market; their rows do not name their runs, so all that stored something count."""
    check_rows(snapshot, request, OF_CRYPTO)
    reader, span = snapshot.reader, span_of(request)
    return PlainFiles(
        dataset=ExportKind.CRYPTO,
        request=request,
        issues=issues_of(snapshot, span, ExportKind.CRYPTO),
        tables={
            schemas.CRYPTO_DAILY: tables.crypto_table(store.prices(reader, span)),
            schemas.CRYPTO_METRIC: tables.metric_table(store.metrics(reader, span)),
        },
        source_runs=frozenset(store.run_ids(reader)),
    )
