"""Writing one session of a big table: only what changed, restatements kept, the month's counter bumped.

Rows go through the driver's executemany in the caller's transaction. What KRX publishes on the next morning is final,
so every stored value that a later answer changes is a restatement.
"""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain

from tray_app.core.days import day_number
from tray_app.core.row_sums import SumColumn, rows_sum
from tray_app.core.table import Kind, Table
from tray_app.datasets.krx.store.stamps import bump_month, set_pending_check
from tray_app.store.restatements import Restated, record_restatements
from tray_app.store.series import Provenance
from tray_app.store.summed_tables import SummedTable, column_name, summed
from tray_app.store.sums import coming_whole, set_sum

# A statement for 20 rows takes three quarters of the time of 20 statements; more rows gain no more.
ROWS_AT_ONCE = 20

# The column name of a restatement that took a whole row back.
ROW = "row"

Values = tuple[float | int | str | None, ...]


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
        return tuple(each.name for each in self.table.in_sets if each.name not in self.table.key)

    @cached_property
    def reals(self) -> frozenset[str]:
        """Return those that hold other than whole numbers and texts."""
        return frozenset(self.table.of_kind(Kind.FLOAT))

    @cached_property
    def summed(self) -> SummedTable:
        """Return how it is summed."""
        return summed(self.table)

    def upsert(self, count: int) -> str:
        """Return the statement for so many rows of (trade_date, key, *values, collected_at, run_id)."""
        columns = ("trade_date", self.key, *self.values, "collected_at", "run_id")
        row = f"({', '.join('?' for _ in columns)})"
        updates = ", ".join(f"{column} = excluded.{column}" for column in columns[2:])
        return (
            f"INSERT INTO {self.name} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"
            f" ON CONFLICT (trade_date, {self.key}) DO UPDATE SET {updates}"
        )

    def store(  # noqa: PLR0913, PLR0917 - a session of one market, and what is known of it
        self,
        connection: sqlite3.Connection,
        day: date,
        answered: Mapping[int, Values],
        seen: Provenance,
        scope: str,
        known: Collection[int] | None,
    ) -> int:
        """Make these a session's rows of a market or class by key; returns how many are new, changed or gone.

        known: the keys that earlier answers to the same question brought rows of; None for a new session.
        """
        changed, gone = answered, list[int]()
        if known is not None:
            stored = self._stored(connection, day)
            changed = {key: values for key, values in answered.items() if stored.get(key) != values}
            gone = sorted(key for key in stored if key in known and key not in answered)
            withdrawn = [Restated(self.name, f"{day}/{key}", ROW, "stored", None) for key in gone]
            record_restatements(connection, [*self._restated(day, stored, changed), *withdrawn], seen)
        if changed or gone:
            number, written = day_number(day), (int(seen.at.timestamp()), seen.run_id)
            # In the order of the clustered key every row goes behind the one before.
            rows = [(number, key, *changed[key], *written) for key in sorted(changed)]
            with coming_whole(connection):
                statement = f"DELETE FROM {self.name} WHERE trade_date = ? AND {self.key} = ?"
                connection.executemany(statement, [(number, key) for key in gone])
                self._write(connection, rows)
            bump_month(connection, self.name, day)
            set_pending_check(connection, day)
            self._set_sum(connection, day, scope, answered)
        return len(changed) + len(gone)

    def _write(self, connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> None:
        whole = len(rows) - len(rows) % ROWS_AT_ONCE
        several = (
            tuple(chain.from_iterable(rows[place : place + ROWS_AT_ONCE])) for place in range(0, whole, ROWS_AT_ONCE)
        )
        connection.executemany(self.upsert(ROWS_AT_ONCE), several)
        connection.executemany(self.upsert(1), rows[whole:])

    def _set_sum(self, connection: sqlite3.Connection, day: date, scope: str, answered: Mapping[int, Values]) -> None:
        columns = dict(zip(self.values, zip(*answered.values(), strict=True), strict=True))
        total, rest = (
            rows_sum(
                [SumColumn(tuple(answered), is_whole=True)],
                [SumColumn(columns[name], name not in self.reals) for name in map(column_name, expressions)],
            )
            for expressions in (self.summed.values, self.summed.rest)
        )
        set_sum(connection, self.name, scope, day.isoformat(), len(answered), total, rest)

    def _stored(self, connection: sqlite3.Connection, day: date) -> dict[int, Values]:
        query = f"SELECT {self.key}, {', '.join(self.values)} FROM {self.name} WHERE trade_date = ?"
        return {row[0]: row[1:] for row in connection.execute(query, (day_number(day),))}

    def _restated(self, day: date, stored: Mapping[int, Values], changed: Mapping[int, Values]) -> list[Restated]:
        return [
            Restated(self.name, f"{day}/{key}", column, before, after)
            for key, values in changed.items()
            if key in stored
            for column, before, after in zip(self.values, stored[key], values, strict=True)
            if before != after
        ]
