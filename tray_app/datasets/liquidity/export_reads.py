"""What an export asks of the liquidity tables, as Arrow tables of plain text, integer and float columns."""

import pyarrow as pa

from tray_app.datasets.liquidity.tables import MACRO_OBSERVATION, STRESS_INDEX
from tray_app.store.arrow_reader import ArrowReader
from tray_app.store.export_reads import Span, selected


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
