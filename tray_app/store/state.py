"""Small facts of the engine that survive a restart."""

from datetime import date, datetime

from tray_app.core.times import iso_instant, parse_instant
from tray_app.store.database import Database

PAUSED_UNTIL = "paused_until"
KEY_ENTERED_AT = "key_entered_at"
SELF_CHECKED_ON = "self_checked_on"
KEY_CHANGES = "key_changes"


class StateStore:
    """Reads and writes engine_state."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def paused_until(self) -> datetime | None:
        """Return the end of the pause (UTC), if one was set."""
        text = self._get(PAUSED_UNTIL)
        return parse_instant(text) if text else None

    def pause_until(self, until: datetime | None) -> None:
        """Set the end of the pause, or end it."""
        self._set(PAUSED_UNTIL, iso_instant(until) if until else "")

    def key_entered_at(self) -> datetime | None:
        """Return when a key was entered last (UTC), if one was."""
        text = self._get(KEY_ENTERED_AT)
        return parse_instant(text) if text else None

    def note_key_entered(self, now: datetime) -> None:
        """Note that a key was entered: what lacked one is due again."""
        self._set(KEY_ENTERED_AT, iso_instant(now))
        self.note_key_change()

    def key_changes(self) -> int:
        """Return how often a key was entered or deleted, by whatever process."""
        return int(self._get(KEY_CHANGES) or 0)

    def note_key_change(self) -> None:
        """Note that the credential store holds something else than before."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO engine_state (name, value) VALUES (?, '1')"
                " ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
                (KEY_CHANGES,),
            )

    def self_checked_on(self) -> date | None:
        """Return the Korean day old days were asked for again last, or counting began; nothing before that."""
        text = self._get(SELF_CHECKED_ON)
        return date.fromisoformat(text) if text else None

    def note_self_checked(self, day: date) -> None:
        """Note the day old days were asked for again."""
        self._set(SELF_CHECKED_ON, day.isoformat())

    def _get(self, name: str) -> str | None:
        with self._database.reading() as connection:
            row = connection.execute("SELECT value FROM engine_state WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def _set(self, name: str, value: str) -> None:
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO engine_state (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )
