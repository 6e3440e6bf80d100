"""A key that another process changes counts at the next run, probe or tick; the credential store is not polled."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from machine import NO_HISTORY, an_engine
from support import CRYPTO, NOW, MemoryStore, a_job, open_store

from tray_app.datasets.keys import KEY_NAMES
from tray_app.datasets.schema import SCHEMA
from tray_app.demo.server import SampleServer
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.facade import Engine
from tray_app.engine.key_watch import KeyWatch
from tray_app.keys import SERVICE, Keys
from tray_app.paths import Home
from tray_app.store.database import Database
from tray_app.store.state import StateStore

NAME = "COINGECKO_DEMO_KEY"


@dataclass
class Counting(MemoryStore):
    """A credential store that counts how often it is asked."""

    asked: list[str] = field(default_factory=list)

    def get_password(self, service: str, name: str) -> str | None:
        self.asked.append(name)
        return super().get_password(service, name)


def test_a_key_changed_or_deleted_elsewhere_is_known_after_a_look(tmp_path: Path) -> None:
    store = Counting()
    here, there = Keys({}, store, KEY_NAMES), Keys({}, store, KEY_NAMES)
    with open_store(tmp_path) as database:
        state = StateStore(database)
        watch = KeyWatch(state, here)
        there.keep(NAME, "first")
        state.note_key_entered(NOW)
        watch.look()
        assert here.get(NAME) == "first"
        # Twice within a second, with a look between.
        for secret in ("second", "third"):
            there.keep(NAME, secret)
            state.note_key_entered(NOW)
            watch.look()
            assert here.get(NAME) == secret
        assert set(here.known_secrets()) == {"first", "second", "third"}
        there.delete(NAME)
        state.note_key_change()
        watch.look()
        assert here.get(NAME) is None
        asked = len(store.asked)
        for _tick in range(100):
            watch.look()
        assert len(store.asked) == asked


@pytest.mark.parametrize("moment", ["run", "probe", "tick"])
def test_a_running_engine_notices_by_itself(tmp_path: Path, server: SampleServer, moment: str) -> None:
    with an_engine(tmp_path, server.url, **NO_HISTORY) as engine:
        engine.keep_key(NAME, "old")
        engine._tick(False)
        engine._worker.cancel()
        assert engine._parts.keys.get(NAME) == "old"
        _set_elsewhere(engine, tmp_path, "new")
        assert engine._parts.keys.get(NAME) == "old"
        if moment == "run":
            engine.collect(a_job(collector=CRYPTO), CancelFlag())
        elif moment == "probe":
            engine.host_answers(CRYPTO)
        else:
            engine._tick(False)
        assert engine._parts.keys.get(NAME) == "new"


def _set_elsewhere(engine: Engine, folder: Path, secret: str) -> None:
    engine._parts.keys._store.set_password(SERVICE, NAME, secret)
    database = Database(Home(folder).database, SCHEMA)
    StateStore(database).note_key_entered(NOW)
    database.close_thread()
