"""What an export of any dataset asks of the store, as Arrow tables of plain text, integer and float columns.

Values put into the statements are numbers, ISO dates and our own market names; a user's text never is.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from tray_app.core.table import Kind, Table
from tray_app.store.arrow_reader import ArrowReader
from tray_app.store.database import Database

# A price that is NULL is read as this, so that the column's type never depends on its first rows.
NULL_PRICE = "-9e999"

NULL_NUMBER = -(2**62)

STORE_ID = "store_id"


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included."""

    first: date
    last: date


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


def store_id(database: Database) -> str:
    """Return the store's name for itself, made at the first call. Change counters mean nothing in another store."""
    with database.writing() as connection:
        connection.execute(
            "INSERT INTO engine_state (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", (STORE_ID, uuid.uuid4().hex)
        )
        (found,) = connection.execute("SELECT value FROM engine_state WHERE name = ?", (STORE_ID,)).fetchone()
    return str(found)
