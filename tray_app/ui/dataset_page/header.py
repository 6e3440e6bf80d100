"""The head of a page of collected data: when it was last collected, how that went, and the button that collects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tray_app.core.model import RunStatus
from tray_app.core.overview import last_collected_text, progress_text
from tray_app.core.words import tr
from tray_app.ui.dataset_page.facts import Activity
from tray_app.ui.labels import formats
from tray_app.ui.labels.runs import run_status
from tray_app.ui.labels.status import style_of
from tray_app.ui.parts.form.buttons import button, primary_button
from tray_app.ui.parts.layout.boxes import column, fill, row
from tray_app.ui.parts.notice.progress import Progress, ProgressFacts
from tray_app.ui.parts.text.icon_label import IconLabel
from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.parts.text.texts import SECONDARY, paragraph, set_tone
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from tray_app.core.events import RunProgress
    from tray_app.core.model import Run
    from tray_app.ui.dataset_page.facts import CollectFacts
    from tray_app.ui.style.style import Style

WHOLE = frozenset({RunStatus.SUCCESS, RunStatus.RUNNING})


class CollectHeader(QWidget):
    """Says how fresh the page is; an empty page offers to collect elsewhere."""

    collect_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, style: Style, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers_to_collect = True
        self._icon = IconLabel(style, style.theme.metrics.icon_large)
        self.line = paragraph(style)
        self.line.setFont(style.theme.font(FontSize.TITLE, strong=True))
        self.collect = primary_button(style, words, "collect")
        self.cancel = button(style, tr("Cancel"), "cancel")
        self.cancel.setAccessibleName(tr("Cancel collecting"))
        self.reason = paragraph(style, tone="attention")
        self.notes = paragraph(style, tone=SECONDARY)
        self.progress = Progress(style)
        self._arrange(style)
        self.collect.clicked.connect(self.collect_requested)
        self.cancel.clicked.connect(self._ask_cancel)

    def show_facts(self, facts: CollectFacts, *, is_empty: bool) -> None:
        """Show how the last run went, and whether one is under way."""
        style = style_of(run_status(facts.last_run))
        line = last_collected_text(facts.last_run)
        self._icon.show_icon(style.icon, style.token)
        self.line.setText(line)
        self.line.setAccessibleName(line)
        self._show_reason(facts.last_run)
        notes = _notes(facts)
        self.notes.setText(notes)
        self.notes.setVisible(bool(notes))
        self._offers_to_collect = not is_empty
        self.show_activity(facts.activity)

    def show_activity(self, activity: Activity) -> None:
        """Offer to collect, or to cancel what is collected."""
        is_ours = activity in {Activity.RUNNING, Activity.QUEUED}
        hidden, shown = (self.collect, self.cancel) if is_ours else (self.cancel, self.collect)
        had_focus = hidden.hasFocus()
        shown.setVisible(is_ours or self._offers_to_collect)
        if had_focus:
            shown.setFocus()
        hidden.hide()
        shown.setEnabled(activity is not Activity.ELSEWHERE)
        is_elsewhere = activity is Activity.ELSEWHERE
        set_tip(self.collect, tr("Another process is collecting this") if is_elsewhere else "")
        if activity is Activity.QUEUED:
            self.progress.show_progress(ProgressFacts(tr("Waits for its turn"), can_cancel=False))
        elif activity is not Activity.RUNNING:
            self.progress.finish()

    def show_progress(self, progress: RunProgress) -> None:
        """Show how far the run is."""
        line = progress_text(progress)
        facts = ProgressFacts(line, progress.done, progress.total, can_cancel=False, is_counted=False)
        self.progress.show_progress(facts)

    def _show_reason(self, run: Run | None) -> None:
        reason = run.message if run is not None and run.status not in WHOLE else ""
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        set_tone(self.reason, "error" if run is not None and run.status is RunStatus.FAILED else "attention")

    def _ask_cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.cancel_requested.emit()

    def _arrange(self, style: Style) -> None:
        metrics = style.theme.metrics
        column(
            row(self._icon, fill(self.line), self.collect, self.cancel, gap=metrics.small),
            self.reason,
            self.notes,
            self.progress,
            gap=metrics.tight,
            inside=self,
        )
        for part in (self.reason, self.notes, self.progress):
            part.hide()
        self.cancel.hide()


def _notes(facts: CollectFacts) -> str:
    notes = []
    if facts.history_pending:
        notes.append(tr("History is not complete yet; it is fetched by itself."))
    if facts.restated == 1:
        notes.append(tr("1 stored value was changed by its source."))
    elif facts.restated:
        notes.append(tr("{count} stored values were changed by the sources.", count=formats.number(facts.restated)))
    return " ".join(notes)
