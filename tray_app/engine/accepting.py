"""Accepting days of the exchange without their rows in doubt, and taking that back; what follows is done at once."""

import getpass
from collections.abc import Callable
from datetime import date

from tray_app.core.events import DataChanged
from tray_app.datasets.krx.collect.settling import Alone, settle
from tray_app.datasets.krx.dataset import KRX
from tray_app.datasets.krx.reads import KrxReads
from tray_app.datasets.krx.rules.acceptance import DoubtedDay
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.store.accepted import AcceptedDays
from tray_app.datasets.krx.store.store import KrxStore
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.parts import EngineParts

CHANGED = frozenset({"data_quality_issues", "day_ledger", "price_adjustment_factors"})


class Acceptances:
    """What a person may do about days in doubt. Every method reads or writes the store: not for the UI thread."""

    def __init__(self, parts: EngineParts) -> None:
        self._parts = parts
        self._days = AcceptedDays(parts.database)

    def doubted(self) -> tuple[DoubtedDay, ...]:
        """Return the sessions of markets that are in doubt or accepted, newest first."""
        return self._days.doubted()

    def accept(self, day: date, market_code: str, note: str) -> DoubtedDay:
        """Take a day without its rows in doubt. Raises BadInput where it may not be, AlreadyRunning during a run."""
        now = self._parts.clock.now()
        return self._settled(lambda: self._days.accept(day, market_code, _person(), note, now))

    def take_back(self, day: date, market_code: str) -> DoubtedDay:
        """Let a day be in doubt again. Raises BadInput where it was not accepted, AlreadyRunning during a run."""
        return self._settled(lambda: self._days.take_back(day, market_code))

    def _settled(self, change: Callable[[], DoubtedDay]) -> DoubtedDay:
        parts, now = self._parts, self._parts.clock.now()
        with parts.leases.held(KRX.name, parts.holder, now):
            changed = change()
            calendar = KrxCalendar()
            calendar.declare(KrxReads(parts.database).declared_days())
            settle(KrxStore(parts.database), calendar, Alone(now, CancelFlag()))
        parts.bus.publish(DataChanged(CHANGED))
        return changed


def _person() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "?"
