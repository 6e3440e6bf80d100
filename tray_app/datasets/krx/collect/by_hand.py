"""What a person says of days of the exchange: whether it traded, and that rows in doubt may be missing."""

import getpass
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from tray_app.datasets.dataset import HandParts
from tray_app.datasets.krx.collect.context import open_context
from tray_app.datasets.krx.collect.settling import settle
from tray_app.datasets.krx.rules.acceptance import DoubtedDay
from tray_app.datasets.krx.rules.calendar import Declaration, KrxCalendar
from tray_app.datasets.krx.store.accepted import AcceptedDays
from tray_app.datasets.krx.store.declared import DeclaredDays

DECLARED = frozenset({"trading_calendar", "day_ledger"})
ACCEPTED = frozenset({"data_quality_issues", "day_ledger", "price_adjustment_factors"})


class DaysByHand:
    """Keeps what is said and does at once what follows. Every method reads or writes the store: not for the UI."""

    def __init__(self, parts: HandParts) -> None:
        self._parts = parts
        self._accepted = AcceptedDays(parts.database)
        self._declared = DeclaredDays(parts.database)

    def declare(self, declared: Declaration) -> None:
        """Keep that the exchange was open or closed on a day; the next runs go by it. Raises BadInput."""
        self._declared.declare(declared, self._parts.now())
        self._parts.publish(DECLARED)

    def forget_declared(self, day: date) -> bool:
        """Let the calendar predict a day again; False when nothing was declared of it."""
        is_forgotten = self._declared.forget(day)
        if is_forgotten:
            self._parts.publish(DECLARED)
        return is_forgotten

    def doubted(self) -> tuple[DoubtedDay, ...]:
        """Return the sessions of markets that are in doubt or accepted, newest first."""
        return self._accepted.doubted()

    def accept(self, day: date, market_code: str, note: str) -> DoubtedDay:
        """Take a day without its rows in doubt. Raises BadInput where it may not be, AlreadyRunning during a run."""
        now = self._parts.now()
        return self._settled(lambda: self._accepted.accept(day, market_code, _person(), note, now))

    def take_back(self, day: date, market_code: str) -> DoubtedDay:
        """Let a day be in doubt again. Raises BadInput where it was not accepted, AlreadyRunning during a run."""
        return self._settled(lambda: self._accepted.take_back(day, market_code))

    def _settled(self, change: Callable[[], DoubtedDay]) -> DoubtedDay:
        with self._parts.exclusive():
            changed = change()
            calendar = KrxCalendar()
            calendar.declare(self._declared.all())
            context = open_context(self._parts.database, calendar, self._parts.now())
            settle(replace(context, raise_if_cancelled=self._parts.cancel.raise_if_cancelled))
        self._parts.publish(ACCEPTED)
        return changed


def _person() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "?"
