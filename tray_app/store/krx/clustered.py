"""Writing one session of a big table: only what changed, restatements kept, the month's counter bumped.

Rows go through the driver's executemany in the caller's transaction. What KRX publishes on the next morning is final,
so every stored value that a later answer changes is a restatement.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tray_app.core.days import day_number
from tray_app.store.krx.stamps import bump_month, note_unchecked
from tray_app.store.restatements import Restated, record_restatements
from tray_app.store.series import Seen

Values = tuple[float | int | None, ...]


@dataclass(frozen=True, slots=True)
class ClusteredTable:
    """A table clustered by (trade_date, key)."""

    name: str
    key: str
    values: tuple[str, ...]

    @property
    def upsert(self) -> str:
        """Return the statement for rows of (trade_date, key, *values, collected_at, run_id)."""
        columns = ("trade_date", self.key, *self.values, "collected_at", "run_id")
        updates = ", ".join(f"{column} = excluded.{column}" for column in columns[2:])
        return (
            f"INSERT INTO {self.name} ({', '.join(columns)}) VALUES ({', '.join('?' for _ in columns)})"
            f" ON CONFLICT (trade_date, {self.key}) DO UPDATE SET {updates}"
        )

    def store(
        self, connection: sqlite3.Connection, day: date, answered: Mapping[int, Values], seen: Seen, *, is_new: bool
    ) -> int:
        """Upsert a session's rows by key; returns how many are new or changed. is_new: none of them is stored."""
        changed = answered
        if not is_new:
            stored = self._stored(connection, day)
            changed = {key: values for key, values in answered.items() if stored.get(key) != values}
            record_restatements(connection, self._restated(day, stored, changed), seen)
        if changed:
            number, written = day_number(day), (int(seen.at.timestamp()), seen.run_id)
            # In the order of the clustered key every row goes behind the one before.
            rows = [(number, key, *changed[key], *written) for key in sorted(changed)]
            connection.executemany(self.upsert, rows)
            bump_month(connection, self.name, day)
            note_unchecked(connection, day)
        return len(changed)

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
