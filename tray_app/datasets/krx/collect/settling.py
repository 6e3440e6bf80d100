"""What follows from rows and findings, with nobody asked: factors, checks, listings; in a run, or beside the runs."""

from collections.abc import Sequence
from datetime import date

from tray_app.core.quality import Severity
from tray_app.datasets.krx.collect.context import KrxRunContext
from tray_app.datasets.krx.collect.factors import compute_factors
from tray_app.datasets.krx.collect.quality import QualityCheck


class Settling:
    """Works off the days whose factors and checks are to be made; counts the factors that changed."""

    def __init__(self, context: KrxRunContext, check: QualityCheck) -> None:
        self._context = context
        self._check = check
        self.factors = 0

    def make_factors(self, days: Sequence[date]) -> None:
        """Judge some days, and make the factors of these and of the sessions after them."""
        for day in days:
            self._context.raise_if_cancelled()
            self._check.judge(day)
        self.factors += compute_factors(self._context, days)

    def check_and_settle(self) -> int:
        """Check what is not checked, then settle the listings, until that leaves nothing to check anew."""
        changed = 0
        while True:
            self._check.run(self._context.checks.unchecked_days())
            settled = self._context.listings.settle(self._context.calendar, self._context.seen)
            changed += settled.changed
            # What was told before the delisting was known was no breach.
            self._check.found[Severity.WARN] -= settled.resolved
            again = self._context.checks.unchecked_days()
            if not again:
                return changed
            self.factors += compute_factors(self._context, again)


def settle(context: KrxRunContext) -> None:
    """Work off everything that is to be worked out, beside the runs."""
    work = Settling(context, QualityCheck(context))
    work.make_factors(context.checks.unchecked_days())
    work.check_and_settle()
