"""Notices that a secret was changed by another process, such as `key set`, while this one runs."""

from threading import Lock

from tray_app.keys import Keys
from tray_app.store.state import StateStore


class KeyWatch:
    """Looks at the count of changes in the store; only a new count makes it ask the credential store anew."""

    def __init__(self, state: StateStore, keys: Keys) -> None:
        self._state = state
        self._keys = keys
        self._seen: int | None = None
        self._looking = Lock()

    def look(self) -> None:
        """Have changed secrets known. Reads the store, at times the credential store: not for the UI thread."""
        with self._looking:
            changes = self._state.key_changes()
            if changes != self._seen:
                self._keys.renew()
                self._seen = changes
