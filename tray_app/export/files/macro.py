"""The file of macro series. Those whose licence forbids passing them on stay out unless they are asked for."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from tray_app.datasets.liquidity import export_reads as store
from tray_app.datasets.liquidity.rules.restrictions import included_sentence, left_out_sentences, restrictions
from tray_app.datasets.liquidity.tables import OF_MACRO
from tray_app.export.files import schemas, tables
from tray_app.export.files.instruments import date_column
from tray_app.export.files.plain import PlainFiles, check_rows, issues_of, span_of
from tray_app.export.kinds import ExportKind
from tray_app.export.request import ExportRequest
from tray_app.store.arrow_reader import Snapshot


@dataclass(frozen=True, slots=True)
class Chosen:
    """The observations that go into the set, and what is to be said of the licences."""

    observations: pa.Table
    notes: tuple[str, ...]


def macro_files(snapshot: Snapshot, request: ExportRequest) -> PlainFiles:
    """Read the series."""
    check_rows(snapshot, request, OF_MACRO)
    reader, span = snapshot.reader, span_of(request)
    series = store.macro_series(reader)
    chosen = choose(store.macro_observations(reader, span), series, include_restricted=request.include_restricted)
    return PlainFiles(
        dataset=ExportKind.MACRO,
        request=request,
        issues=issues_of(snapshot, span, ExportKind.MACRO),
        tables={schemas.MACRO_DAILY: macro_table(chosen.observations, series)},
        source_runs=tables.run_ids(chosen.observations),
        notes=chosen.notes,
    )


def choose(observations: pa.Table, series: pa.Table, *, include_restricted: bool) -> Chosen:
    """Take the restricted series out, or say that they are in. Only series with values on these days are named."""
    present = set(pc.unique(observations.column("series_id")).to_pylist())
    sources = dict(zip(series.column("series_id").to_pylist(), series.column("source").to_pylist(), strict=True))
    restricted = restrictions({name: source for name, source in sources.items() if name in present})
    if not restricted:
        return Chosen(observations, ())
    if include_restricted:
        return Chosen(observations, (included_sentence(restricted),))
    out = pc.is_in(observations.column("series_id"), value_set=pa.array(list(restricted)))
    return Chosen(observations.filter(pc.invert(out)), left_out_sentences(restricted))


def macro_table(observations: pa.Table, series: pa.Table) -> pa.Table:
    """Return the rows of macro_daily.parquet."""
    names = tables.text(series.column("series_id")).combine_chunks()
    owners = tables.text(observations.column("series_id"))
    places = pc.index_in(owners, value_set=names)
    return pa.table(
        {
            "series_id": owners,
            **{name: tables.text(series.column(name)).take(places) for name in ("title", "units", "source")},
            "date": date_column(observations.column("date")),
            "value": observations.column("value").cast(pa.float64()),
            "first_seen_at": tables.text(observations.column("first_seen_at")).cast(schemas.INSTANT),
        }
    )
