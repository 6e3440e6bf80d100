"""The crypto files of a set."""

from tray_app.datasets.crypto.export_reads import run_ids
from tray_app.datasets.crypto.tables import CRYPTO_METRIC, CRYPTO_PRICE, TABLES
from tray_app.export.files import schemas
from tray_app.export.files.plain import PlainFiles, check_rows, issues_of, span_of
from tray_app.export.files.tables import plain_table
from tray_app.export.kinds import ExportKind
from tray_app.export.request import ExportRequest
from tray_app.store.arrow_reader import Snapshot


def crypto_files(snapshot: Snapshot, request: ExportRequest) -> PlainFiles:
    """Read the coins and the market; their rows do not name their runs, so all that stored something count."""
    check_rows(snapshot, request, TABLES)
    reader, span = snapshot.reader, span_of(request)
    return PlainFiles(
        dataset=ExportKind.CRYPTO,
        request=request,
        issues=issues_of(snapshot, span, ExportKind.CRYPTO),
        tables={
            kind: plain_table(reader, table, span, kind.sort_keys)
            for table, kind in ((CRYPTO_PRICE, schemas.CRYPTO_DAILY), (CRYPTO_METRIC, schemas.CRYPTO_METRIC))
        },
        source_runs=frozenset(run_ids(reader)),
    )
