"""Writing one session of a big table: only what changed, restatements kept, the month's counter bumped.

Rows go through the driver's executemany in the caller's transaction. What KRX publishes on the next morning is final,
so every stored value that a later answer changes is a restatement.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain, islice

from tray_app.core.checks.row_sums import KeyedRows, SumColumn
from tray_app.core.days import day_number
from tray_app.core.table import Kind, Table
from tray_app.datasets.krx.store.marks import bump_month, set_pending_check
from tray_app.store.restatements import Restated, record_restatements
from tray_app.store.series import Provenance
from tray_app.store.summed_tables import SummedTable, column_name, summed
from tray_app.store.sums import coming_whole, set_sum

# A statement for 40 rows takes half the time of 40 statements; more rows gain no more.
ROWS_AT_ONCE = 40

# The column name of a restatement that took a whole row back.
ROW = "row"

Value = float | int | str | None
Values = tuple[Value, ...]
# By name; of a session's rows, all in the order of their keys.
Columns = Mapping[str, Sequence[Value]]


@dataclass(frozen=True)
class ClusteredTable:
    """A table clustered by (trade_date, key)."""

    table: Table

    @property
    def name(self) -> str:
        """Return the table's name."""
        return self.table.name

    @property
    def key(self) -> str:
        """Return the column that tells a session's rows apart."""
        return self.table.key[1]

    @cached_property
    def values(self) -> tuple[str, ...]:
        """Return the columns that an answer tells."""
        return self.table.told

    @cached_property
    def reals(self) -> frozenset[str]:
        """Return those that hold other than whole numbers and texts."""
        return frozenset(self.table.of_kind(Kind.FLOAT))

    @cached_property
    def summed(self) -> SummedTable:
        """Return how it is summed."""
        return summed(self.table)

    def upsert(self, count: int) -> str:
        """Return the statement for trade_date, collected_at and run_id of all rows, then each row's (key, *values)."""
        columns = ("trade_date", "collected_at", "run_id", self.key, *self.values)
        row = f"(?1, ?2, ?3, ?{', ?' * len(self.values)})"
        updates = ", ".join(f"{column} = excluded.{column}" for column in ("collected_at", "run_id", *self.values))
        return (
            f"INSERT INTO {self.name} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"
            f" ON CONFLICT (trade_date, {self.key}) DO UPDATE SET {updates}"
        )

    def store(  # noqa: PLR0913, PLR0917 - a session of one market, and what is known of it
        self,
        connection: sqlite3.Connection,
        day: date,
        keys: Sequence[int],
        columns: Columns,
        seen: Provenance,
        scope: str,
        known: Set[int] | None,
    ) -> int:
        """Make these a session's rows of a market or class; returns how many are new, changed or gone.

        keys: ascending, so that every row goes behind the one before. known: the keys that earlier answers to the same
        question brought rows of; None for a new session.
        """
        rows: Iterable[Values] = zip(keys, *(columns[name] for name in self.values), strict=True)
        changed, gone = len(keys), list[int]()
        if known is not None:
            stored = self._stored(connection, day)
            rows = [row for row in rows if stored.get(row[0]) != row]
            changed, gone = len(rows), sorted(known & stored.keys() - keys)
            withdrawn = [Restated(self.name, f"{day}/{key}", ROW, "stored", None) for key in gone]
            record_restatements(connection, [*self._restated(day, stored, rows), *withdrawn], seen)
        if changed or gone:
            with coming_whole(connection):
                statement = f"DELETE FROM {self.name} WHERE trade_date = ? AND {self.key} = ?"
                connection.executemany(statement, [(day_number(day), key) for key in gone])
                of_all = (day_number(day), int(seen.at.timestamp()), seen.run_id)
                cells = chain.from_iterable(rows)
                for statements, count in ((changed // ROWS_AT_ONCE, ROWS_AT_ONCE), (changed % ROWS_AT_ONCE, 1)):
                    width = count * (1 + len(self.values))
                    written = ((*of_all, *islice(cells, width)) for _ in range(statements))
                    connection.executemany(self.upsert(count), written)
            bump_month(connection, self.name, day)
            set_pending_check(connection, day)
            self._set_sum(connection, day, scope, keys, columns)
        return changed + len(gone)

    def _set_sum(
        self, connection: sqlite3.Connection, day: date, scope: str, keys: Sequence[int], columns: Columns
    ) -> None:
        rows = KeyedRows(len(keys), [SumColumn(keys, is_whole=True)])
        total, rest = (
            rows.sum([SumColumn(columns[name], name not in self.reals) for name in map(column_name, expressions)])
            for expressions in (self.summed.values, self.summed.rest)
        )
        set_sum(connection, self.name, scope, day.isoformat(), len(keys), total, rest)

    def _stored(self, connection: sqlite3.Connection, day: date) -> dict[Value, Values]:
        query = f"SELECT {self.key}, {', '.join(self.values)} FROM {self.name} WHERE trade_date = ?"
        return {row[0]: row for row in connection.execute(query, (day_number(day),))}

    def _restated(self, day: date, stored: Mapping[Value, Values], changed: Iterable[Values]) -> list[Restated]:
        return [
            Restated(self.name, f"{day}/{key}", column, before, after)
            for key, *values in changed
            if key in stored
            for column, before, after in zip(self.values, stored[key][1:], values, strict=True)
            if before != after
        ]
