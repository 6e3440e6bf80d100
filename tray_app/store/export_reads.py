"""What an export of any dataset asks of the store, as Arrow tables of plain text, integer and float columns.

Values put into the statements are numbers, ISO dates and our own market names; a user's text never is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from tray_app.core.table import Kind, Table
from tray_app.store.arrow_reader import ArrowReader
from tray_app.store.summed_tables import DAYS_1970, SummedTable, filled
from tray_app.store.sums import TABLE

# A price that is NULL is read as this, so that the column's type never depends on its first rows.
NULL_PRICE = "-9e999"

NULL_NUMBER = -(2**62)


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ExportRows:
    """The rows of a set's files by the file's name, the runs they came from, and sentences for who gets the set."""

    tables: Mapping[str, pa.Table]
    source_runs: frozenset[int]
    notes: tuple[str, ...] = ()


def selected(table: Table, row: str = "") -> str:
    """Return the columns that sets have of a table, as SQL; none is told by a stand-in. row: put before each."""
    nulls = {Kind.FLOAT: NULL_PRICE, Kind.INTEGER: NULL_NUMBER}
    return ", ".join(
        f"COALESCE({row}{each.name}, {nulls[each.kind]}) AS {each.name}"
        if each.nullable and each.kind in nulls
        else f"{row}{each.name}"
        for each in table.in_sets
    )


def table_rows(reader: ArrowReader, table: Table, span: Span, order: Sequence[str]) -> pa.Table:
    """Return what sets have of a table's rows of some days, in an order of columns."""
    return reader.table(
        f"SELECT {selected(table)} FROM {table.name}"
        f" WHERE date BETWEEN '{span.first}' AND '{span.last}' ORDER BY {', '.join(order)}"
    )


def open_issues(reader: ArrowReader, span: Span) -> pa.Table:
    """Return the unresolved quality issues of these days, and those of no day."""
    return reader.table(
        f"""
        SELECT dataset_name, trade_date, subject, issue_code, severity, COALESCE(instrument_id, -1) AS instrument_id,
               index_code, issue_detail,
               COALESCE(acknowledged_note, CASE WHEN accepted_at IS NOT NULL THEN 'accepted' ||
                      COALESCE(': ' || NULLIF(accepted_note, ''), '') END) AS acknowledged_note,
               accepted_at IS NOT NULL AS is_accepted
        FROM data_quality_issues
        WHERE resolved_at IS NULL AND (trade_date BETWEEN '{span.first}' AND '{span.last}' OR trade_date = '')
        ORDER BY trade_date, dataset_name, subject, issue_code
        """
    )


def runs(reader: ArrowReader, run_ids: Sequence[int]) -> pa.Table:
    """Return the run log's rows of these runs."""
    numbers = ", ".join(str(int(number)) for number in run_ids) or "-1"
    return reader.table(
        f"""
        SELECT run_id, collector, triggered_by, kind, status, started_at, finished_at FROM collection_runs
        WHERE run_id IN ({numbers}) ORDER BY run_id
        """
    )


def kept_sums(reader: ArrowReader, table: SummedTable, span: Span) -> pa.Table:
    """Return scope, period, rows, total, rest as they are kept, of the periods that touch some days."""
    return reader.table(
        f"""
        SELECT scope, period, rows, total, rest FROM {TABLE}
        WHERE table_name = '{table.name}' AND rows > 0
          AND period BETWEEN substr('{span.first}', 1, length(period)) AND substr('{span.last}', 1, length(period))
        """
    )


def summed_rows(reader: ArrowReader, table: SummedTable, span: Span, scopes: Sequence[str] | None) -> pa.Table:
    """Return scope, period and, as c0, c1 ..., the summed columns of the rows of those periods; scopes: of these."""
    named = ", ".join(f"{filled(each, 't')} AS c{place}" for place, each in enumerate(table.columns))
    scope, period = filled(table.scope, "t"), filled(table.period, "t")
    within = filled(table.within, "t", str(span.first), str(span.last))
    if scopes is not None:
        quoted = ", ".join(f"'{each}'" for each in scopes)
        within = f"{within} AND {scope} IN ({quoted})"
    return reader.table(f"SELECT {scope} AS scope, {period} AS period, {named} FROM {table.name} t WHERE {within}")


def summed_years(reader: ArrowReader, table: SummedTable) -> list[int]:
    """Return the years a table with day numbers has rows or sums of: rows that are gone have a sum still."""
    found = reader.texts(
        f"SELECT year FROM (SELECT DISTINCT strftime('%Y', trade_date + {DAYS_1970}) AS year FROM {table.name}"
        f" UNION SELECT DISTINCT substr(period, 1, 4) FROM {TABLE} WHERE table_name = '{table.name}')"
        # A day that is none on a damaged disk is missing from its year.
        " WHERE year GLOB '[1-9][0-9][0-9][0-9]'"
    )
    return sorted(int(year) for year in found)
