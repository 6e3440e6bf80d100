"""Small facts of the engine that survive a restart."""

import uuid
from datetime import date, datetime
from typing import Any

from tray_app.core.times import iso_instant, maybe_date, maybe_instant
from tray_app.store.database import Database
from tray_app.store.models import EngineState
from tray_app.store.statements import Given, Prepared

PAUSED_UNTIL = "paused_until"
KEY_ENTERED_AT = "key_entered_at"
SELF_CHECKED_ON = "self_checked_on"
KEY_CHANGES = "key_changes"
STORE_ID = "store_id"


def _text(row: EngineState) -> str:
    return row.value


_VALUE = Prepared(EngineState.select(EngineState.value).where(EngineState.name == Given("name")), _text)


class StateStore:
    """Reads and writes engine_state."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def paused_until(self) -> datetime | None:
        """Return the end of the pause (UTC), if one was set."""
        return maybe_instant(self._get(PAUSED_UNTIL))

    def pause_until(self, until: datetime | None) -> None:
        """Set the end of the pause, or end it."""
        self._set(PAUSED_UNTIL, iso_instant(until) if until else "")

    def key_entered_at(self) -> datetime | None:
        """Return when a key was entered last (UTC), if one was."""
        return maybe_instant(self._get(KEY_ENTERED_AT))

    def note_key_entered(self, now: datetime) -> None:
        """Note that a key was entered: what lacked one is due again."""
        self._set(KEY_ENTERED_AT, iso_instant(now))
        self.note_key_change()

    def key_changes(self) -> int:
        """Return how often a key was entered or deleted, by whatever process."""
        return int(self._get(KEY_CHANGES) or 0)

    def note_key_change(self) -> None:
        """Note that the credential store holds something else than before."""
        known: Any = EngineState.value
        self._database.write(
            EngineState.insert(name=KEY_CHANGES, value="1").on_conflict(
                conflict_target=[EngineState.name],
                update={EngineState.value: (known.cast("INTEGER") + 1).cast("TEXT")},
            )
        )

    def self_checked_on(self) -> date | None:
        """Return the Korean day old days were asked for again last, or counting began; nothing before that."""
        return maybe_date(self._get(SELF_CHECKED_ON))

    def note_self_checked(self, day: date) -> None:
        """Note the day old days were asked for again."""
        self._set(SELF_CHECKED_ON, day.isoformat())

    def store_id(self) -> str:
        """Return the store's name for itself, made at the first call. Change counters mean nothing in another store."""
        with self._database.writing():
            known = self._get(STORE_ID)
            if known is None:
                known = uuid.uuid4().hex
                self._set(STORE_ID, known)
        return known

    def _get(self, name: str) -> str | None:
        return next(iter(self._database.look(_VALUE, name=name)), None)

    def _set(self, name: str, value: str) -> None:
        self._database.write(
            EngineState.insert(name=name, value=value).on_conflict(
                conflict_target=[EngineState.name], preserve=[EngineState.value]
            )
        )
