"""What everything that works on the exchange's store works with, put together once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tray_app.core.model import Window
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.ledger import TRACKS, Track, has_hole
from tray_app.datasets.krx.store.checks import Checks
from tray_app.datasets.krx.store.declared import NO_RUN
from tray_app.datasets.krx.store.ledger import Ledger
from tray_app.datasets.krx.store.listings import Listings
from tray_app.datasets.krx.store.rows import Rows
from tray_app.store.answers import AgainStore
from tray_app.store.database import Database
from tray_app.store.series import Provenance


@dataclass(frozen=True, slots=True)
class KrxRunContext:
    """The stored parts of the exchange and its calendar; whoever works on them, and what is to be collected.

    The parts read their small tables once and keep them in step: one run, one context, one thread. What no run does has
    no run_id, nobody hears how far it is. tracks: the series that are collected. window: the range that a run fills;
    none for one of the day. raise_if_cancelled raises Cancelled; progress takes a note, done and total.
    """

    ledger: Ledger
    listings: Listings
    rows: Rows
    checks: Checks
    again: AgainStore
    calendar: KrxCalendar
    now: datetime
    tracks: Sequence[Track] = TRACKS
    window: Window | None = None
    run_id: int = NO_RUN
    raise_if_cancelled: Callable[[], None] = lambda: None
    progress: Callable[[str, int, int], None] = lambda _note, _done, _total: None

    @property
    def seen(self) -> Provenance:
        """Return the mark that stored rows carry."""
        return Provenance(self.now, self.run_id)

    def has_hole(self, track: Track, before: date, day: date) -> bool:
        """Whether a session of a track between two days may still be missing."""
        return has_hole(self.ledger.entries(track), self.calendar, before, day)

    def session_before(self, track: Track, day: date) -> date | None:
        """Return the session right before a day, when a track's rows of it are stored."""
        before = self.ledger.previous_on(track, day)
        return None if before is None or self.has_hole(track, before, day) else before


def open_context(
    database: Database,
    calendar: KrxCalendar,
    now: datetime,
    tracks: Sequence[Track] = TRACKS,
    window: Window | None = None,
) -> KrxRunContext:
    """Open the stored parts; whoever opens them for a run adds its id, and who hears of it."""
    ledger = Ledger(database)
    listings = Listings(database, ledger)
    rows, checks = Rows(database, ledger, listings), Checks(database, ledger, listings)
    return KrxRunContext(ledger, listings, rows, checks, AgainStore(database), calendar, now, tracks, window)
