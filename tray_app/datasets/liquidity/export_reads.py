"""What an export asks of the liquidity tables, as Arrow tables of plain text, integer and float columns."""

import pyarrow as pa
import pyarrow.compute as pc

from tray_app.datasets.export_kind import Asked
from tray_app.datasets.liquidity.exports import MACRO_DAILY, MACRO_SETS, STRESS_DAILY, STRESS_SETS
from tray_app.datasets.liquidity.rules.model import Category
from tray_app.datasets.liquidity.rules.restrictions import included_sentence, left_out_sentences, restrictions
from tray_app.datasets.liquidity.tables import MACRO_OBSERVATION, STRESS_INDEX
from tray_app.store.arrow_columns import INSTANT, date_column, price, run_ids, text
from tray_app.store.arrow_reader import ArrowReader
from tray_app.store.export_reads import ExportRows, Span, selected


def macro_series(reader: ArrowReader) -> pa.Table:
    """Return every series that has values, with its title and units where they are known."""
    return reader.table(
        """
        SELECT o.series_id, s.title, s.units, COALESCE(s.source, '') AS source
        FROM (SELECT DISTINCT series_id FROM macro_observation) o LEFT JOIN macro_series s USING (series_id)
        ORDER BY o.series_id
        """
    )


def macro_observations(reader: ArrowReader, span: Span) -> pa.Table:
    """Return the values of every series in the order of the store's key."""
    return reader.table(
        f"""
        SELECT {selected(MACRO_OBSERVATION)}, run_id FROM {MACRO_OBSERVATION.name}
        WHERE date BETWEEN '{span.first}' AND '{span.last}' ORDER BY series_id, date
        """
    )


def stress_days(reader: ArrowReader, span: Span) -> pa.Table:
    """Return the days of the index."""
    return reader.table(
        f"""
        SELECT {selected(STRESS_INDEX)}, run_id
        FROM {STRESS_INDEX.name} WHERE date BETWEEN '{span.first}' AND '{span.last}' ORDER BY date
        """
    )


def stress_categories(reader: ArrowReader, span: Span) -> pa.Table:
    """Return what the days of the index are made of, without the inputs."""
    return reader.table(
        f"""
        SELECT date, category, z, contribution FROM stress_contribution
        WHERE date BETWEEN '{span.first}' AND '{span.last}' ORDER BY date, category
        """
    )


def read_macro(reader: ArrowReader, asked: Asked) -> ExportRows:
    """Read the series. Those whose licence forbids passing them on stay out unless they are asked for.

    Only series with values on these days are named.
    """
    observations, series = macro_observations(reader, Span(asked.first, asked.last)), macro_series(reader)
    present = set(pc.unique(observations.column("series_id")).to_pylist())
    sources = dict(zip(series.column("series_id").to_pylist(), series.column("source").to_pylist(), strict=True))
    restricted = restrictions({name: source for name, source in sources.items() if name in present})
    notes: tuple[str, ...] = ()
    if restricted and asked.include_restricted:
        notes = (included_sentence(restricted),)
    elif restricted:
        out = pc.is_in(observations.column("series_id"), value_set=pa.array(list(restricted)))
        observations, notes = observations.filter(pc.invert(out)), left_out_sentences(restricted)
    return ExportRows({MACRO_DAILY.name: macro_table(observations, series)}, run_ids(observations), notes)


def macro_table(observations: pa.Table, series: pa.Table) -> pa.Table:
    """Return the rows of macro_daily.parquet."""
    names = text(series.column("series_id")).combine_chunks()
    owners = text(observations.column("series_id"))
    places = pc.index_in(owners, value_set=names)
    return pa.table(
        {
            "series_id": owners,
            **{name: text(series.column(name)).take(places) for name in ("title", "units", "source")},
            "date": date_column(observations.column("date")),
            "value": observations.column("value").cast(pa.float64()),
            "first_seen_at": text(observations.column("first_seen_at")).cast(INSTANT),
        }
    )


def read_stress(reader: ArrowReader, asked: Asked) -> ExportRows:
    """Read the index and its categories."""
    span = Span(asked.first, asked.last)
    days = stress_days(reader, span)
    return ExportRows({STRESS_DAILY.name: stress_table(days, stress_categories(reader, span))}, run_ids(days))


def stress_table(days: pa.Table, categories: pa.Table) -> pa.Table:
    """Return the rows of stress_daily.parquet: a column per category, null on the days it was missing."""
    dates = text(days.column("date"))
    columns = {
        "date": date_column(days.column("date")),
        **{name: days.column(name).cast(pa.float64()) for name in ("z", "score", "coverage")},
        "band": text(days.column("band")),
        "breadth": price(days.column("breadth")),
        "repo_flag": pc.not_equal(days.column("repo_flag"), 0),
        "repo_label": text(days.column("repo_label")),
    }
    for category in Category:
        mine = categories.filter(pc.equal(text(categories.column("category")), str(category)))
        places = pc.index_in(dates, value_set=text(mine.column("date")).combine_chunks())
        for name in ("z", "contribution"):
            columns[f"{category}_{name}"] = mine.column(name).cast(pa.float64()).take(places)
    for name in ("is_provisional", "is_in_doubt"):
        columns[name] = pc.not_equal(days.column(name), 0)
    return pa.table(columns)


ROWS = {MACRO_SETS.name: read_macro, STRESS_SETS.name: read_stress}
