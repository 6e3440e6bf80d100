"""Requests for what is stored already, and how far they have come."""

from dataclasses import replace
from datetime import date, timedelta

from support import NOW

from tray_app.core.coverage import Coverage
from tray_app.core.model import Window
from tray_app.store.answers import KEPT, AgainStore
from tray_app.store.backfill import BackfillStore
from tray_app.store.database import Database
from tray_app.store.series import Provenance

WINDOW = Window(date(2026, 1, 1), again_since=NOW, only="bitcoin")
CRYPTO = "crypto"


def test_a_request_keeps_since_when_and_for_what_it_is(database: Database) -> None:
    store = BackfillStore(database)
    first = store.request(CRYPTO, WINDOW, NOW)
    later = replace(WINDOW, again_since=NOW + timedelta(hours=1))
    assert store.request(CRYPTO, later, NOW) == first
    others = (replace(WINDOW, only=""), replace(WINDOW, again_since=None))
    assert len({first, *(store.request(CRYPTO, each, NOW) for each in others)}) == 3
    assert store.windows(CRYPTO) == (WINDOW, *others)
    assert store.going_on(CRYPTO, later) == WINDOW
    assert store.going_on("krx", later) == later


def test_what_was_answered_since_an_instant_is_known(database: Database) -> None:
    store, covers = AgainStore(database), Coverage(date(2026, 1, 1), date(2026, 8, 1))
    store.note("coin:bitcoin", covers, Provenance(NOW, 1))
    assert store.since("coin:bitcoin", NOW) == (covers,)
    assert store.since("coin:bitcoin", NOW + timedelta(seconds=1)) == ()
    assert store.since("coin:ethereum", NOW) == ()
    store.note("coin:ethereum", covers, Provenance(NOW + KEPT * 2, 2))
    assert store.since("coin:bitcoin", NOW) == ()
