"""What follows from rows and findings, with nobody asked: factors, checks, listings; in a run, or beside the runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tray_app.core.cancel import Cancellation
from tray_app.core.quality import Severity
from tray_app.datasets.collector import LocalWork
from tray_app.datasets.krx.collect.factors import compute_factors
from tray_app.datasets.krx.collect.quality import QualityCheck
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.store.declared import NO_RUN
from tray_app.datasets.krx.store.store import KrxStore
from tray_app.store.series import Provenance


@dataclass(frozen=True, slots=True)
class Alone:
    """Work that no run does: nobody hears how far it is, and its rows carry no run."""

    now: datetime
    cancel: Cancellation

    @property
    def seen(self) -> Provenance:
        """Return the mark that stored rows carry."""
        return Provenance(self.now, NO_RUN)

    @staticmethod
    def progress(_note: str, _done: int, _total: int) -> None:
        """Say nothing."""


class Settling:
    """Works off the days whose factors and checks are to be made; counts the factors that changed."""

    def __init__(self, store: KrxStore, calendar: KrxCalendar, context: LocalWork, check: QualityCheck) -> None:
        self._store = store
        self._calendar = calendar
        self._context = context
        self._check = check
        self.factors = 0

    def make_factors(self, days: Sequence[date]) -> None:
        """Judge some days, and make the factors of these and of the sessions after them."""
        for day in days:
            self._context.cancel.raise_if_cancelled()
            self._check.judge(day)
        self.factors += compute_factors(self._store, self._calendar, days, self._context)

    def check_and_settle(self) -> int:
        """Check what is not checked, then settle the listings, until that leaves nothing to check anew."""
        changed = 0
        while True:
            self._check.run(self._store.unchecked_days())
            settled = self._store.settle_listings(self._context.seen, self._calendar)
            changed += settled.changed
            # What was told before the delisting was known was no breach.
            self._check.found[Severity.WARN] -= settled.resolved
            again = self._store.unchecked_days()
            if not again:
                return changed
            self.factors += compute_factors(self._store, self._calendar, again, self._context)


def settle(store: KrxStore, calendar: KrxCalendar, context: LocalWork) -> None:
    """Work off everything that is to be worked out, beside the runs."""
    work = Settling(store, calendar, context, QualityCheck(store, calendar, context))
    work.make_factors(store.unchecked_days())
    work.check_and_settle()
