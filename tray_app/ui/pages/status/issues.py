"""Quality issues on the Status page: groups by code and severity, the issues of one group, and acknowledging them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from tray_app.core.quality import Severity
from tray_app.core.words import tr
from tray_app.datasets.titles import rule_text
from tray_app.ui.labels import formats
from tray_app.ui.links import InstrumentLink
from tray_app.ui.parts.form.buttons import button, quiet_button
from tray_app.ui.parts.form.segmented import SegmentedControl
from tray_app.ui.parts.layout.boxes import SPACE, column, fill, row
from tray_app.ui.parts.table.model import Kind, Row, ViewColumn
from tray_app.ui.parts.table.page_table import PageTable
from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.parts.text.texts import SECONDARY, heading, label, paragraph

if TYPE_CHECKING:
    from tray_app.core.quality import FoundIssue
    from tray_app.engine.facade import Engine
    from tray_app.store.issues import IssueGroup
    from tray_app.ui.style.style import Style

ALL = "all"
MOST_SHOWN = 2_000
GROUPS_SEEN = 6
ISSUES_SEEN = 8
ORDER = {Severity.ERROR: 0, Severity.WARN: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """The groups, worst first, and the newest issues of the chosen one; known tells that some was ever found."""

    groups: tuple[IssueGroup, ...]
    chosen: IssueGroup | None
    issues: tuple[FoundIssue, ...]
    known: bool = False


def take_issues(engine: Engine, wanted: tuple[str, str] | None, severity: str, *, open_only: bool) -> IssueFacts:
    """Read the groups and the issues of the wanted code and severity, else of the first group."""
    everything = engine.issues.groups(open_only=False)
    among = engine.issues.groups() if open_only else everything
    found = [group for group in among if severity in {ALL, group.severity}]
    groups = sorted(found, key=lambda group: (ORDER[Severity(group.severity)], -group.count, group.issue_code))
    chosen = next((group for group in groups if group.kind == wanted), None)
    chosen = chosen or (groups[0] if groups else None)
    issues = engine.issues.found(open_only=open_only, group=chosen, limit=MOST_SHOWN) if chosen else ()
    return IssueFacts(tuple(groups), chosen, issues, known=bool(everything))


class IssuePanel(QWidget):
    """Two tables: what kinds of issues there are, and those of one kind."""

    changed = Signal()
    acknowledged = Signal(tuple, str)
    acceptance_requested = Signal(object)
    issue_requested = Signal(object)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = IssueFacts((), None, ())
        self._wanted: tuple[str, str] | None = None
        self._is_filling = False
        self.severities = SegmentedControl(style, tr("Severity"), _severity_choices())
        self.states = SegmentedControl(style, tr("Issues shown"), (("open", tr("Open")), (ALL, tr("All"))))
        self._copy = quiet_button(style, tr("Copy"), "copy")
        self.groups = PageTable(style, tr("Kinds of quality issues"), _group_columns(), most=GROUPS_SEEN, when_empty=3)
        self.rule = paragraph(style, tone=SECONDARY)
        self.table = PageTable(style, tr("Quality issues"), _issue_columns(), most=ISSUES_SEEN, when_empty=3)
        self.note = QLineEdit()
        self.note_error = label(style, tone="error")
        self.acknowledge = button(style, tr("Acknowledge"))
        self.accept = button(style, tr("Accept day..."))
        self._foot = QWidget()
        self._arrange(style)
        self._connect()

    @property
    def choice(self) -> tuple[tuple[str, str] | None, str, bool]:
        """Return the kind and the severity to read, and whether only open issues count."""
        return self._wanted, self.severities.choice() or ALL, self.states.choice() != ALL

    def show_issues(self, facts: IssueFacts) -> None:
        """Show other groups and issues."""
        self._facts = facts
        self._is_filling = True
        self.groups.set_rows([_group_row(each) for each in facts.groups], [each.kind for each in facts.groups])
        if facts.chosen is not None:
            self.groups.choose(facts.groups.index(facts.chosen))
        self.table.set_rows([_issue_row(each) for each in facts.issues], [each.key for each in facts.issues])
        self._is_filling = False
        self.rule.setText(_rule_text(facts))
        self.setVisible(facts.known)
        for part in (self.groups, self.table, self._foot, self._copy):
            part.setVisible(bool(facts.issues))

    def _arrange(self, style: Style) -> None:
        small = style.theme.metrics.small
        row(fill(self.note), self.acknowledge, self.accept, gap=small, inside=self._foot)
        column(
            row(heading(style, tr("Quality issues")), SPACE, self.severities, self.states, self._copy, gap=small),
            self.groups,
            self.rule,
            self.table,
            self._foot,
            self.note_error,
            gap=small,
            inside=self,
        )
        self.note_error.hide()

    def _connect(self) -> None:
        self.severities.choose(ALL)
        self.states.choose("open")
        self.setVisible(False)
        self._copy.setAccessibleName(tr("Copy issues"))
        self.note.setPlaceholderText(tr("Why the selected issues are fine"))
        self.note.setAccessibleName(tr("Note on the selected issues"))
        self.note.returnPressed.connect(self._acknowledge)
        self.acknowledge.clicked.connect(self._acknowledge)
        self.accept.clicked.connect(self._want_acceptance)
        set_tip(self.accept, tr("Take the day of the selected issue without its rows in doubt, or take that back."))
        self._copy.clicked.connect(self.table.copy)
        self.groups.row_selected.connect(self._choose_group)
        self.table.row_activated.connect(self._open)
        set_tip(self.table, tr("Double click or Enter shows the prices of an issue."))
        for control in (self.severities, self.states):
            control.chosen.connect(lambda _key: self.changed.emit())
        self.note.textEdited.connect(lambda _text: self.say(""))

    def _open(self, place: int) -> None:
        issue = self._facts.issues[place]
        if issue.external_code is not None:
            self.issue_requested.emit(InstrumentLink(issue.external_code, issue.trade_date))

    def _choose_group(self, place: int) -> None:
        if self._is_filling or place >= len(self._facts.groups):
            return
        group = self._facts.groups[place]
        if group != self._facts.chosen:
            self._wanted = group.kind
            self.changed.emit()

    def _acknowledge(self) -> None:
        note = self.note.text().strip()
        chosen = tuple(self._facts.issues[place] for place in self.table.selected_rows())
        if not chosen:
            self.say(tr("Select the issues first."))
        elif not note:
            self.say(tr("Write why they are fine; the note stays with them."))
        else:
            self.note.clear()
            self.acknowledged.emit(chosen, note)

    def _want_acceptance(self) -> None:
        chosen = self.table.selected_rows()
        if len(chosen) != 1:
            self.say(tr("Select one issue of the day first."))
        else:
            self.say("")
            self.acceptance_requested.emit(self._facts.issues[chosen[0]])

    def say(self, text: str) -> None:
        """Show a sentence below the issues, or none."""
        self.note_error.setText(text)
        self.note_error.setVisible(bool(text))
        self.note.setProperty("wrong", bool(text))
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)


def severity_word(severity: str) -> str:
    """Return a severity's word for people."""
    return {Severity.ERROR: tr("error"), Severity.WARN: tr("warning"), Severity.INFO: tr("notice")}[Severity(severity)]


def subject_text(issue: FoundIssue) -> str:
    """Return what an issue is about: code and name of an instrument, else the index or market."""
    if issue.external_code is not None:
        return f"{issue.external_code} {issue.instrument_name or ''}".strip()
    return issue.index_code or issue.subject


def _group_columns() -> tuple[ViewColumn, ...]:
    return (
        ViewColumn(tr("Severity")),
        ViewColumn(tr("Code")),
        ViewColumn(tr("Count"), Kind.NUMBER),
        ViewColumn(tr("Newest day"), Kind.DATE),
        ViewColumn(tr("Meaning"), stretch=True),
    )


def _issue_columns() -> tuple[ViewColumn, ...]:
    return (
        ViewColumn(tr("Day"), Kind.DATE),
        ViewColumn(tr("About")),
        ViewColumn(tr("Finding"), stretch=True),
        ViewColumn(tr("Note")),
    )


def _group_row(group: IssueGroup) -> Row:
    return severity_word(group.severity), group.issue_code, group.count, group.newest, rule_text(group.issue_code)


def _issue_row(issue: FoundIssue) -> Row:
    return issue.trade_date, subject_text(issue), issue.detail, _note_text(issue)


def _note_text(issue: FoundIssue) -> str:
    if issue.acknowledged_note:
        return issue.acknowledged_note
    if issue.accepted_at and not issue.resolved_at:
        return tr("accepted by {name}", name=issue.accepted_by or "?")
    return tr("resolved") if issue.resolved_at else ""


def _rule_text(facts: IssueFacts) -> str:
    if facts.chosen is None:
        return tr("No issue of this kind.")
    if facts.chosen.count > len(facts.issues):
        return tr(
            "{code}: the newest {shown} of {count}.",
            code=facts.chosen.issue_code,
            shown=formats.number(len(facts.issues)),
            count=formats.number(facts.chosen.count),
        )
    if facts.chosen.count == 1:
        return tr("{code}: 1 issue.", code=facts.chosen.issue_code)
    return tr("{code}: {count} issues.", code=facts.chosen.issue_code, count=formats.number(facts.chosen.count))


def _severity_choices() -> tuple[tuple[str, str], ...]:
    return (
        (ALL, tr("All")),
        (Severity.ERROR.value, tr("Errors")),
        (Severity.WARN.value, tr("Warnings")),
        (Severity.INFO.value, tr("Notices")),
    )
