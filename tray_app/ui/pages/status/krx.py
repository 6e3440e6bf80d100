"""What the Status page shows of the Korea Exchange beside its card: coverage and quality issues, each read apart."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tray_app.core.words import tr
from tray_app.datasets.krx.dataset import BY_HAND
from tray_app.store.issues import ISSUE_TABLES
from tray_app.ui.pages.status.coverage import CoverageCard, CoverageFacts, take_coverage
from tray_app.ui.pages.status.issues import IssueFacts, IssuePanel, take_issues

if TYPE_CHECKING:
    from collections.abc import Callable

    from tray_app.core.quality import FoundIssue
    from tray_app.datasets.krx.rules.acceptance import DoubtedDay
    from tray_app.engine.facade import Engine
    from tray_app.ui.page import ScrolledPage
    from tray_app.ui.pages.status.accept import AcceptDialog

COVERAGE, ISSUES = "coverage", "issues"
COVERAGE_TABLES = frozenset({"day_ledger", "trading_calendar"})


class KrxStatus(QObject):
    """Queries when the page does, and shows what comes.

    failed and answered name what could not be read, or was: one answer says nothing of the others.
    """

    failed = Signal(str, object)
    answered = Signal(str)

    def __init__(self, page: ScrolledPage) -> None:
        super().__init__(page)
        self._style, self._engine, self._bridge = page.parts.style, page.parts.engine, page.parts.bridge
        self.coverage = CoverageCard(self._style)
        self.issues = IssuePanel(self._style)
        self._fail = partial(self.failed.emit, ISSUES)
        self._coverage = page.query(self._show_coverage, partial(self.failed.emit, COVERAGE))
        self._issues = page.query(self._show_issues, self._fail)
        self.issues.changed.connect(self.ask_issues)
        self.issues.acknowledged.connect(self._acknowledge)
        self.issues.acceptance_requested.connect(self._ask_acceptance)
        self.accepting: AcceptDialog | None = None

    def ask_coverage(self) -> None:
        """Read where every session stands."""
        engine = self._engine
        self._coverage.ask(lambda: take_coverage(engine))

    def ask_issues(self) -> None:
        """Read the issues as chosen."""
        engine = self._engine
        choice = wanted, severity, open_only = self.issues.choice
        self._issues.ask(lambda: take_issues(engine, wanted, severity, open_only=open_only), choice)

    def take_changes(self, tables: frozenset[str]) -> None:
        """Read what has changed."""
        if tables & COVERAGE_TABLES:
            self.ask_coverage()
        if tables & ISSUE_TABLES:
            self.ask_issues()

    def _show_coverage(self, facts: CoverageFacts) -> None:
        self.coverage.show_coverage(facts)
        self.answered.emit(COVERAGE)

    def _show_issues(self, facts: IssueFacts) -> None:
        self.issues.show_issues(facts)
        self.answered.emit(ISSUES)

    def _ask_acceptance(self, issue: FoundIssue) -> None:
        engine = self._engine
        by_hand = engine.by_hand(BY_HAND)

        def show(found: DoubtedDay | None) -> None:
            if found is None:
                self.issues.say(tr("This finding puts no day in doubt: there is nothing to accept."))
                return
            from tray_app.ui.pages.status.accept import AcceptDialog  # noqa: PLC0415 - when a day is doubted

            dialog = AcceptDialog(self._style, found, engine.now(), self.issues.window())
            day, market = found.session, found.market_code
            dialog.accepted_with.connect(lambda note: self._settle(lambda: by_hand.accept(day, market, note)))
            dialog.taken_back.connect(lambda: self._settle(lambda: by_hand.take_back(day, market)))
            self.accepting = dialog
            dialog.open()

        self._bridge.query(self, lambda: day_of_issue(engine, issue), show, self._fail)

    def _settle(self, change: Callable[[], DoubtedDay]) -> None:
        # What changed is told by the engine, and read anew for that.
        self._bridge.query(self, change, lambda _found: None, self._fail)

    def _acknowledge(self, issues: tuple[FoundIssue, ...], note: str) -> None:
        known = self._engine.issues

        def keep() -> None:
            for issue in issues:
                known.acknowledge(issue, note)

        self._bridge.query(self, keep, lambda _nothing: self.ask_issues(), self._fail)


def day_of_issue(engine: Engine, issue: FoundIssue) -> DoubtedDay | None:
    """Return the day in doubt, or accepted, that an issue is about; nothing where it puts none in doubt."""
    for found in engine.by_hand(BY_HAND).doubted():
        if issue.key in {(each.dataset_name, found.session, each.subject, each.issue_code) for each in found.findings}:
            return found
    return None
