"""The sums of stored rows (`data_sums`), kept in the transaction that writes them: what changed on the disk shows.

The big tables give their sums with each session they write (`set_sum`); every other write is followed by triggers,
which only connections of this program have: whatever else changes the file leaves the sums as they were.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter

from tray_app.core.row_sums import SumColumn, Value, row_sum, rows_sum, signed
from tray_app.store.summed_tables import SUMMED, SummedTable, filled

TABLE = "data_sums"


def watch(connection: sqlite3.Connection) -> None:
    """Let this connection keep the sums of whatever it writes; nothing happens when it does so already."""
    if connection.execute("SELECT 1 FROM temp.sqlite_master LIMIT 1").fetchone() is not None:
        return
    if connection.execute("SELECT 1 FROM main.sqlite_master WHERE name = ?", (TABLE,)).fetchone() is None:
        return
    connection.create_function("row_sum", -1, _row_sum, deterministic=True)
    connection.create_function("sum_of", 2, lambda one, other: signed(one + other), deterministic=True)
    connection.execute("CREATE TEMP TABLE sums_come_whole (table_name TEXT)")
    for table in SUMMED:
        for statement in _triggers(table):
            connection.execute(statement)


@contextmanager
def coming_whole(connection: sqlite3.Connection) -> Iterator[None]:
    """Leave new rows of the big tables unsummed meanwhile: set_sum follows. A Python call a row would take too long."""
    connection.execute("INSERT INTO sums_come_whole VALUES ('')")
    yield
    connection.execute("DELETE FROM sums_come_whole")


def set_sum(  # noqa: PLR0913, PLR0917 - a row
    connection: sqlite3.Connection, table: str, scope: str, period: str, rows: int, total: int, rest: int
) -> None:
    """Keep the sums of all rows of a scope and period, in the transaction that writes them."""
    connection.execute(
        f"""
        INSERT INTO {TABLE} (table_name, scope, period, rows, total, rest) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (table_name, scope, period) DO UPDATE
        SET rows = excluded.rows, total = excluded.total, rest = excluded.rest
        WHERE rows <> excluded.rows OR total <> excluded.total OR rest <> excluded.rest
        """,
        (table, scope, period, rows, total, rest),
    )


def rebuild(connection: sqlite3.Connection) -> None:
    """Make all sums anew of the rows that are there: for a database of a version that did not keep them."""
    connection.create_function("row_sum", -1, _row_sum, deterministic=True)
    connection.create_aggregate("total_of", 1, _Total)
    connection.execute(f"DELETE FROM {TABLE}")
    for table in SUMMED:
        if table.bulk:
            _rebuild_bulk(connection, table)
        else:
            _rebuild_by_row(connection, table)


def _rebuild_by_row(connection: sqlite3.Connection, table: SummedTable) -> None:
    connection.execute(
        f"""
        INSERT INTO {TABLE} (table_name, scope, period, rows, total, rest)
        SELECT '{table.name}', {filled(table.scope, "t")} AS scope, {filled(table.period, "t")} AS period, COUNT(*),
               total_of({_call(table, table.values, "t")}), total_of({_call(table, table.rest, "t")})
        FROM {table.name} t GROUP BY scope, period
        """
    )


def _rebuild_bulk(connection: sqlite3.Connection, table: SummedTable) -> None:
    """Millions of rows, in the order they lie in: a day at a time, column by column."""
    expressions = ", ".join(filled(each, "t") for each in (table.period, table.scope, *table.columns))
    rows = connection.execute(f"SELECT {expressions} FROM {table.name} t ORDER BY t.trade_date")
    for period, day in groupby(rows, key=itemgetter(0)):
        for scope, found in groupby(sorted(day, key=itemgetter(1)), key=itemgetter(1)):
            _period, _scope, keys, *columns = zip(*found, strict=True)
            values, rest = columns[: len(table.values)], columns[len(table.values) :]
            totals = [rows_sum(keys, [_sum_column(each) for each in part]) for part in (values, rest)]
            set_sum(connection, table.name, scope, period, len(keys), *totals)


def _sum_column(values: Sequence[Value]) -> SumColumn:
    return SumColumn(values, not any(isinstance(value, float) for value in values))


class _Total:
    def __init__(self) -> None:
        self._total = 0

    def step(self, number: int) -> None:
        self._total += number

    def finalize(self) -> int:
        return signed(self._total)


def _row_sum(sign: int, keys: int, *values: Value) -> int:
    return signed(sign * row_sum(values[:keys], values[keys:]))


def _call(table: SummedTable, values: Sequence[str], row: str, sign: int = 1) -> str:
    if not values:
        return "0"
    return filled(f"row_sum({', '.join([str(sign), str(len(table.key)), *table.key, *values])})", row)


def _triggers(table: SummedTable) -> tuple[str, ...]:
    changed = " OR ".join(f"{filled(each, 'OLD')} IS NOT {filled(each, 'NEW')}" for each in table.columns)
    taken, given = _added(table, "OLD", -1), _added(table, "NEW", 1)
    name = table.name
    statements = (
        f"CREATE TEMP TRIGGER {name}_sum_delete AFTER DELETE ON main.{name} BEGIN {taken} END",
        f"CREATE TEMP TRIGGER {name}_sum_update AFTER UPDATE ON main.{name} WHEN {changed} BEGIN {taken} {given} END",
    )
    unless = "WHEN NOT EXISTS (SELECT 1 FROM sums_come_whole)" if table.bulk else ""
    inserted = f"CREATE TEMP TRIGGER {name}_sum_insert AFTER INSERT ON main.{name} {unless} BEGIN {given} END"
    return (*statements, inserted)


def _added(table: SummedTable, row: str, sign: int) -> str:
    total, rest = (_call(table, values, row, sign) for values in (table.values, table.rest))
    return f"""
        INSERT INTO {TABLE} (table_name, scope, period, rows, total, rest)
        VALUES ('{table.name}', {filled(table.scope, row)}, {filled(table.period, row)}, {sign}, {total}, {rest})
        ON CONFLICT (table_name, scope, period) DO UPDATE SET rows = rows + excluded.rows,
            total = sum_of(total, excluded.total), rest = sum_of(rest, excluded.rest);
    """
