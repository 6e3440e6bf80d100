"""The sums of stored rows (`data_sums`), kept in the transaction that writes them: what changed on the disk shows.

The big tables give their sums with each session they write (`set_sum`), and get new rows in no other way. Every other
write is noted by triggers, which only connections of this program have, in temporary tables, and added up once before
the commit (`add_up`): SQLite commits no transaction with notes left. Whatever else changes the file leaves the sums as
they were; and a row that changed on the disk stays visible when others of its period are written, because sums are not
made anew of what lies there: what a row was is taken off, what it became is added. Collecting such a row again puts its
sum right.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, repeat
from operator import itemgetter

from tray_app.core.checks.row_sums import KeyedRows, Value, column, row_sum, signed
from tray_app.store.migrations import Schema, schema_version
from tray_app.store.summed_tables import SummedTable, filled

TABLE = "data_sums"
# Fewer rows are summed faster one by one.
BY_COLUMNS_FROM = 6

# Scopes and periods of more rows are not looked at when a row of them is written: it would take too long.
LOOKED_AT = 400
# A column within an expression.
COLUMN = re.compile(r"\{row\}\.\w+")
# The scope and the period of a sum.
Place = tuple[str, str]
Row = Sequence[Value]


@dataclass(frozen=True, slots=True)
class _Sum:
    """What some rows of a scope and period add to its sums, modulo 2**64."""

    rows: int
    total: int
    rest: int

    def plus(self, other: "_Sum") -> "_Sum":
        return _Sum(self.rows + other.rows, self.total + other.total, self.rest + other.rest)

    def times(self, sign: int) -> "_Sum":
        return _Sum(sign * self.rows, sign * self.total, sign * self.rest)


NOTHING = _Sum(0, 0, 0)


@dataclass(slots=True)
class _Touched:
    """What was written of a scope and period: how many rows, and what new rows and each changed row add to the sums."""

    added: _Sum = NOTHING
    written: int = 0
    parts: list[tuple[int, int, int]] = field(default_factory=list)

    def puts_right(self, kept: _Sum, now: _Sum) -> bool:
        """Return whether rows had changed on the disk, and are by these writes what a source says again.

        So it is when every row was written, or when one part or all together take back just what was lost.
        """
        before = kept.plus(self.added).plus(now.times(-1))
        lost = (before.rows, signed(before.total), signed(before.rest))
        if lost == (0, 0, 0):
            return False
        if self.written == now.rows:
            return True
        all_rows, all_totals, all_rests = map(sum, zip(*self.parts, strict=True))
        parts = (*self.parts, (all_rows, all_totals, all_rests))
        return any((rows, signed(total), signed(rest)) == lost for rows, total, rest in parts)


def watch(connection: sqlite3.Connection, schema: Schema) -> None:
    """Let this connection note whatever it writes; nothing happens when it does so already, or before a migration."""
    if _is_watched(connection) or schema_version(connection) != schema.version:
        return
    # Never holds a row: each note refers to one, so that none may be left at the commit.
    connection.execute("CREATE TEMP TABLE sums_added (id INTEGER PRIMARY KEY)")
    connection.execute("CREATE TEMP TABLE sums_come_whole (table_name TEXT)")
    for table in schema.summed:
        for statement in _note_taking(table):
            connection.execute(statement)


def _is_watched(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM temp.sqlite_master LIMIT 1").fetchone() is not None


@contextmanager
def coming_whole(connection: sqlite3.Connection) -> Iterator[None]:
    """Take no notes of the big tables meanwhile: set_sum follows."""
    connection.execute("INSERT INTO sums_come_whole VALUES ('')")
    yield
    connection.execute("DELETE FROM sums_come_whole")


def add_up(connection: sqlite3.Connection, tables: Iterable[SummedTable]) -> None:
    """Add what was noted to the sums, in the transaction that wrote it."""
    if not _is_watched(connection):
        return
    noted = {name for (name,) in connection.execute(_with_notes(tuple(table.name for table in tables)))}
    for table in tables:
        if table.name not in noted:
            continue
        touched: dict[Place, _Touched] = {}
        _note_rows(connection, table, touched)
        _note_changes(connection, table, touched)
        _add(connection, table, touched)
        _forget(connection, table)


def _forget(connection: sqlite3.Connection, table: SummedTable) -> None:
    for notes in _notes(table.name):
        connection.execute(f"DELETE FROM {notes}")


def _note_rows(connection: sqlite3.Connection, table: SummedTable, touched: dict[Place, _Touched]) -> None:
    for sign in (1, -1):
        noted = connection.execute(f"SELECT * FROM temp.{table.name}_rows WHERE sign = ?", (sign,))
        for (scope, period), rows in groupby(noted, key=itemgetter(2, 3)):
            found = _summed(table, [row[4:] for row in rows])
            here = touched.setdefault((scope, period), _Touched())
            here.added = here.added.plus(found.times(sign))
            if sign == 1:
                here.written += found.rows
                here.parts.append((found.rows, found.total, found.rest))


def _note_changes(connection: sqlite3.Connection, table: SummedTable, touched: dict[Place, _Touched]) -> None:
    noted = connection.execute(f"SELECT * FROM temp.{table.name}_changes").fetchall()
    if not noted:
        return
    _open, scopes, periods, *noted_columns = zip(*noted, strict=True)
    columns = [column(each) for each in noted_columns]
    keys, values, rest = len(table.key), len(table.values), len(table.rest)
    before, after = columns[keys : keys + values + rest], columns[keys + values + rest :]
    rows = KeyedRows(len(noted), columns[:keys])
    totals = rows.changes(before[:values], after[:values])
    rests = rows.changes(before[values:], after[values:])
    done = 0
    for place, group in groupby(zip(scopes, periods, strict=True)):
        first, done = done, done + sum(1 for _ in group)
        here = touched.setdefault(place, _Touched())
        here.added = here.added.plus(_Sum(0, sum(totals[first:done]), sum(rests[first:done])))
        here.written += done - first
        here.parts += zip(repeat(0), totals[first:done], rests[first:done], strict=False)


def _add(connection: sqlite3.Connection, table: SummedTable, touched: Mapping[Place, _Touched]) -> None:
    query = f"SELECT rows, total, rest FROM {TABLE} WHERE table_name = ? AND scope = ? AND period = ?"
    found = {place: connection.execute(query, (table.name, *place)).fetchone() for place in touched}
    kept = {place: _Sum(*(row or (0, 0, 0))) for place, row in found.items()}
    held = {place for place, here in touched.items() if here.parts and 0 < kept[place].rows <= LOOKED_AT}
    present = dict(_present(connection, table, held))
    for place, here in touched.items():
        now = present.get(place)
        is_right = now is not None and here.puts_right(kept[place], now)
        _keep(connection, table.name, place, now if is_right and now else kept[place].plus(here.added))


def _present(connection: sqlite3.Connection, table: SummedTable, places: Set[Place]) -> Iterator[tuple[Place, _Sum]]:
    """Yield the sums of some places as their rows are now."""
    if not places:
        return
    periods, scopes = [period for _, period in places], sorted({scope for scope, _ in places})
    scope, period, *columns = (filled(each, "t") for each in (table.scope, table.period, *table.columns))
    rows = connection.execute(
        f"SELECT {scope} AS scope, {period} AS period, {', '.join(columns)} FROM {table.name} t"
        f" WHERE {filled(table.within, 't', min(periods), max(periods))}"
        f" AND {scope} IN ({', '.join('?' * len(scopes))}) ORDER BY scope, period",
        scopes,
    )
    for place, group in groupby(rows, key=itemgetter(0, 1)):
        if place in places:
            yield place, _summed(table, [row[2:] for row in group])


def set_sum(  # noqa: PLR0913, PLR0917 - a row
    connection: sqlite3.Connection, table: str, scope: str, period: str, rows: int, total: int, rest: int
) -> None:
    """Keep the sums of all rows of a scope and period, in the transaction that writes them, whatever was noted."""
    for notes in _notes(table):
        connection.execute(f"DELETE FROM {notes} WHERE scope = ? AND period = ?", (scope, period))
    _keep(connection, table, (scope, period), _Sum(rows, total, rest))


def _keep(connection: sqlite3.Connection, table: str, place: Place, found: _Sum) -> None:
    connection.execute(
        f"""
        INSERT INTO {TABLE} (table_name, scope, period, rows, total, rest) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (table_name, scope, period) DO UPDATE
        SET rows = excluded.rows, total = excluded.total, rest = excluded.rest
        WHERE rows <> excluded.rows OR total <> excluded.total OR rest <> excluded.rest
        """,
        (table, *place, found.rows, signed(found.total), signed(found.rest)),
    )


def rebuild(connection: sqlite3.Connection, tables: Iterable[SummedTable]) -> None:
    """Make all sums anew of the rows that are there: for a database of a version that did not keep them."""
    connection.execute(f"DELETE FROM {TABLE}")
    for table in tables:
        _rebuild(connection, table)
        if _is_watched(connection):
            _forget(connection, table)


def _rebuild(connection: sqlite3.Connection, table: SummedTable) -> None:
    scope, period, *columns = (filled(each, "t") for each in (table.scope, table.period, *table.columns))
    # Millions of rows are read in the order they lie in, a day at a time.
    order = "t.trade_date" if table.bulk else "period"
    rows = connection.execute(
        f"SELECT {scope} AS scope, {period} AS period, {', '.join(columns)} FROM {table.name} t ORDER BY {order}"
    )
    for period, of_period in groupby(rows, key=itemgetter(1)):
        for scope, group in groupby(sorted(of_period, key=itemgetter(0)), key=itemgetter(0)):
            _keep(connection, table.name, (scope, period), _summed(table, [row[2:] for row in group]))


def _summed(table: SummedTable, rows: Sequence[Row]) -> _Sum:
    """Sum rows of (*key, *values, *rest)."""
    keys, values = len(table.key), len(table.key) + len(table.values)
    if len(rows) < BY_COLUMNS_FROM:
        total = sum(row_sum(row[:keys], row[keys:values]) for row in rows)
        rest = sum(row_sum(row[:keys], row[values:]) for row in rows)
        return _Sum(len(rows), total, rest)
    columns = [column(each) for each in zip(*rows, strict=True)]
    keyed = KeyedRows(len(rows), columns[:keys])
    return _Sum(len(rows), keyed.sum(columns[keys:values]), keyed.sum(columns[values:]))


def _note_taking(table: SummedTable) -> tuple[str, ...]:
    """Return what takes the notes of a table: rows that come, go or move, and rows that change."""
    name, values = table.name, table.columns[len(table.key) :]
    rows, changes = _notes(name)
    left = "open INTEGER REFERENCES sums_added (id) DEFERRABLE INITIALLY DEFERRED"
    taken, given = (_noted(rows, sign, table, row, table.columns) for sign, row in (("-1, ", "OLD"), ("1, ", "NEW")))
    both = _noted(changes, "", table, "OLD", (*table.columns, *(filled(each, "NEW") for each in values)))
    unless = "NOT EXISTS (SELECT 1 FROM sums_come_whole)" if table.bulk else "TRUE"
    is_moved, is_changed = _differ((*table.key, *COLUMN.findall(table.period + table.scope))), _differ(values)
    happened = (
        # Rows of the big tables come by sessions, with set_sum: a trigger would cost a third of their writing.
        *(() if table.bulk else (("come", "INSERT", unless, given),)),
        ("gone", "DELETE", unless, taken),
        ("moved", "UPDATE", f"({is_moved}) AND {unless}", f"{taken} {given}"),
        ("changed", "UPDATE", f"({is_changed}) AND NOT ({is_moved}) AND {unless}", both),
    )
    return (
        f"CREATE TEMP TABLE {name}_rows ({left}, sign INTEGER, scope, period, {_numbered(len(table.columns))})",
        f"CREATE TEMP TABLE {name}_changes ({left}, scope, period, {_numbered(len(table.columns) + len(values))})",
        *(
            f"CREATE TEMP TRIGGER {name}_{what} AFTER {event} ON main.{name} WHEN {when} BEGIN {then} END"
            for what, event, when, then in happened
        ),
    )


def _noted(notes: str, sign: str, table: SummedTable, row: str, columns: Sequence[str]) -> str:
    values = ", ".join(filled(each, row) for each in (table.scope, table.period, *columns))
    return f"INSERT INTO {notes.removeprefix('temp.')} VALUES (1, {sign}{values});"


def _differ(expressions: Sequence[str]) -> str:
    return " OR ".join(f"{filled(each, 'OLD')} IS NOT {filled(each, 'NEW')}" for each in expressions)


def _numbered(columns: int) -> str:
    return ", ".join(f"c{place}" for place in range(columns))


def _notes(table: str) -> tuple[str, str]:
    return f"temp.{table}_rows", f"temp.{table}_changes"


@lru_cache
def _with_notes(tables: tuple[str, ...]) -> str:
    """Return what asks for the tables that notes were taken of."""
    return " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {notes})" for table in tables for notes in _notes(table)
    )
