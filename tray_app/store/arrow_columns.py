"""Columns as they are read from the store, as those of a file: stand-ins for nothing become null, texts dates."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tray_app.core.days import day_number
from tray_app.core.table import Kind, Table
from tray_app.store.arrow_reader import ArrowReader
from tray_app.store.export_reads import NULL_NUMBER, Span, table_rows

Days = npt.NDArray[np.int32]
NO_DAY = np.int32(-(2**31))
INSTANT = pa.timestamp("us", tz="UTC")


def table_of(reader: ArrowReader, table: Table, span: Span, order: Sequence[str]) -> pa.Table:
    """Return the rows of some days of a file that is as its table is, in an order of columns."""
    rows = table_rows(reader, table, span, order)
    read = {Kind.DATE: date_column, Kind.INTEGER: number, Kind.FLOAT: price}
    return pa.table({each.name: read.get(each.kind, text)(rows.column(each.name)) for each in table.in_sets})


def price(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return prices with the stand-in for none as null."""
    values = column.cast(pa.float64())
    return pc.if_else(pc.equal(values, float("-inf")), None, values)


def number(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return whole numbers with the stand-in for none as null."""
    return pc.if_else(pc.equal(column, NULL_NUMBER), None, column)


def text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return texts; a column without any is read as numbers."""
    return column.cast(pa.string())


def days(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return day numbers as dates."""
    return column.cast(pa.int32()).cast(pa.date32())


def days_of(column: pa.ChunkedArray) -> Days:
    """Return ISO dates as day numbers; NO_DAY for none."""
    return np.array([_number(text) for text in column.to_pylist()], dtype=np.int32)


def date_column(column: pa.ChunkedArray) -> pa.Array:
    """Return ISO dates as date32; texts that are none as null."""
    days = days_of(column)
    return pa.array(days, mask=days == NO_DAY).view(pa.date32()) if len(days) else pa.array([], pa.date32())


def run_ids(*tables: pa.Table) -> frozenset[int]:
    """Return the runs that rows came from."""
    return frozenset(int(value) for table in tables for value in pc.unique(table.column("run_id")).to_pylist())


def _number(text: str | None) -> int:
    if not text:
        return int(NO_DAY)
    try:
        return day_number(date.fromisoformat(text[:10]))
    except ValueError:
        return int(NO_DAY)
