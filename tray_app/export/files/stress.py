"""The file of the stress index.

The index is our own number. It is computed from series of the Federal Reserve, Cboe and Yahoo, some of which may not
be passed on; none of their values can be read back from it, so it is exported whatever is done with them.
"""

import pyarrow as pa
import pyarrow.compute as pc

from tray_app.datasets.liquidity import export_reads as store
from tray_app.datasets.liquidity.rules.model import Category
from tray_app.datasets.liquidity.tables import OF_STRESS
from tray_app.export.files import schemas, tables
from tray_app.export.files.instruments import date_column
from tray_app.export.files.plain import PlainFiles, check_rows, issues_of, span_of
from tray_app.export.kinds import ExportKind
from tray_app.export.request import ExportRequest
from tray_app.store.arrow_reader import Snapshot


def stress_files(snapshot: Snapshot, request: ExportRequest) -> PlainFiles:
    """Read the index and its categories."""
    check_rows(snapshot, request, OF_STRESS)
    reader, span = snapshot.reader, span_of(request)
    days = store.stress_days(reader, span)
    return PlainFiles(
        dataset=ExportKind.STRESS,
        request=request,
        issues=issues_of(snapshot, span, ExportKind.STRESS),
        tables={schemas.STRESS_DAILY: stress_table(days, store.stress_categories(reader, span))},
        source_runs=tables.run_ids(days),
    )


def stress_table(days: pa.Table, categories: pa.Table) -> pa.Table:
    """Return the rows of stress_daily.parquet: a column per category, null on the days it was missing."""
    dates = tables.text(days.column("date"))
    columns = {
        "date": date_column(days.column("date")),
        **{name: days.column(name).cast(pa.float64()) for name in ("z", "score", "coverage")},
        "band": tables.text(days.column("band")),
        "breadth": tables.price(days.column("breadth")),
        "repo_flag": pc.not_equal(days.column("repo_flag"), 0),
        "repo_label": tables.text(days.column("repo_label")),
    }
    for category in Category:
        mine = categories.filter(pc.equal(tables.text(categories.column("category")), str(category)))
        places = pc.index_in(dates, value_set=tables.text(mine.column("date")).combine_chunks())
        for name in ("z", "contribution"):
            columns[f"{category}_{name}"] = mine.column(name).cast(pa.float64()).take(places)
    for name in ("is_provisional", "is_in_doubt"):
        columns[name] = pc.not_equal(days.column(name), 0)
    return pa.table(columns)
