"""The chart of lines over days: controls in one line, plot, legend, source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMenu, QWidget

from tray_app.core.words import tr
from tray_app.ui.charts.export import as_picture
from tray_app.ui.charts.legend import Legend
from tray_app.ui.charts.series import ChartFacts, Scale, Series, Span
from tray_app.ui.charts.ticks import day_of as date_of
from tray_app.ui.charts.ticks import number_of
from tray_app.ui.parts.form.segmented import SegmentedControl
from tray_app.ui.parts.layout.boxes import column, fill
from tray_app.ui.parts.notice.empty import EmptyState
from tray_app.ui.parts.text.links import LinkText
from tray_app.ui.parts.text.texts import heading
from tray_app.ui.style.theme import FontSize, Token

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from PySide6.QtCore import QPoint

    from tray_app.ui.charts.plot import Plot
    from tray_app.ui.style.style import Style


class TimeChart(QFrame):
    """Shows series of daily values; the heavy libraries come with the first of them."""

    empty_action_triggered = Signal()
    day_chosen = Signal(object)
    day_entered = Signal(object)

    def __init__(self, style: Style, facts: ChartFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._facts = facts
        self._plot: Plot | None = None
        self.setProperty("role", "card")
        self.setAccessibleName(facts.title)
        self._title = heading(style, facts.title)
        self._title.setWordWrap(True)
        self.scales = SegmentedControl(style, tr("Scale"), [(scale.value, scale.word) for scale in facts.scales])
        self.spans = SegmentedControl(style, tr("Range"), [(span.value, span.word) for span in facts.spans])
        self.legend = Legend(style)
        self._source = LinkText(style, facts.attribution, FontSize.ATTRIBUTION)
        self._empty = EmptyState(style, facts.empty, facts.empty_action)
        self._empty.action_triggered.connect(self.empty_action_triggered)
        self._arrange()
        self.scales.choose(facts.scales[0].value)
        self.spans.choose(Span.ALL.value)
        self.scales.chosen.connect(lambda key: self.show_scale(Scale(key)))
        self.spans.chosen.connect(lambda key: self.show_span(Span(key)))
        self._show_plot(has_values=False)

    @property
    def plot(self) -> Plot | None:
        """Return the drawing area, once there was something to draw."""
        return self._plot

    def show_series(self, series: Sequence[Series]) -> None:
        """Draw other lines; span, scale and the lines left out stay as chosen."""
        has_values = any(one.has_values for one in series)
        self._show_plot(has_values=has_values)
        if not has_values:
            return
        plot = self._plot or self._build_plot()
        self.legend.show_names([(one.key, one.name) for one in series])
        plot.hide_lines(self.legend.hidden_keys())
        plot.show_series(series)
        self._show_plot(has_values=True)

    def show_note(self, note: str) -> None:
        """Say something about the values beside their source."""
        self._source.show_html(self._facts.attribution, note)

    def show_title(self, title: str) -> None:
        """Name what is drawn."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def show_empty(self, sentence: str, action: str = "") -> None:
        """Say what to do while there is nothing to draw."""
        self._empty.show_sentence(sentence, action)

    def mark_day(self, day: date | None) -> None:
        """Mark a day that something else speaks of."""
        if self._plot:
            self._plot.mark_day(None if day is None else float(number_of(day)))

    def add_control(self, control: QWidget) -> None:
        """Place another control in the title's line, before the scales."""
        self._head.insertWidget(1, control)

    def show_span(self, span: Span) -> None:
        """Show this much of the past."""
        self.spans.choose(span.value)
        if self._plot:
            self._plot.show_span(span)

    def show_scale(self, scale: Scale) -> None:
        """Change how values become heights."""
        self.scales.choose(scale.value)
        if self._plot:
            self._plot.show_scale(scale)

    def csv_text(self) -> str:
        """Return the visible values as CSV."""
        return "" if self._plot is None else self._plot.csv_text()

    def save_csv(self, path: Path) -> None:
        """Write the visible values; the byte order mark lets Excel read Hangul."""
        path.write_text(self.csv_text(), "utf-8-sig", newline="")

    def picture(self) -> QImage:
        """Return title, plot, legend and source as a picture."""
        if self._plot:
            self._plot.point_at(None)
        parts = [part for part in (self._title, self._plot, self.legend, self._source) if part]
        return as_picture(self, parts, self._style.theme.color(Token.SURFACE))

    def menu(self) -> QMenu:
        """Return the context menu."""
        menu = QMenu(self)
        menu.addAction(tr("Save as picture (PNG)..."), lambda: self._ask_path("PNG (*.png)", "png"))
        menu.addAction(tr("Save values (CSV)..."), lambda: self._ask_path("CSV (*.csv)", "csv"))
        menu.addSeparator()
        menu.addAction(tr("Reset zoom"), lambda: self.show_span(Span.ALL))
        return menu

    def _arrange(self) -> None:
        metrics = self._style.theme.metrics
        self._head = head = QHBoxLayout()
        head.setSpacing(metrics.small)
        head.addWidget(self._title, 1)
        head.addWidget(self.scales)
        head.addWidget(self.spans)
        self._column = column(
            head,
            fill(self._empty),
            self.legend,
            self._source,
            gap=metrics.tight,
            margins=(metrics.medium, metrics.small),
            inside=self,
        )
        self._empty.setMinimumHeight(metrics.chart_height)
        # Only now it has a parent: shown before, it would be a window of its own for a moment.
        self.scales.setVisible(len(self._facts.scales) > 1)
        self.legend.hidden_changed.connect(self._hide_lines)

    def _make_plot(self, facts: ChartFacts) -> Plot:
        from tray_app.ui.charts.stack import lines_or_stack  # noqa: PLC0415 - pyqtgraph comes with the first chart

        return lines_or_stack(self._style, facts)

    def _build_plot(self) -> Plot:
        plot = self._make_plot(self._facts)
        plot.show_span(Span(self.spans.choice() or Span.ALL))
        plot.show_scale(Scale(self.scales.choice() or Scale.LINEAR))
        plot.zoomed.connect(lambda: self.spans.choose(None))
        plot.reset.connect(lambda: self.spans.choose(plot.span.value))
        plot.menu_requested.connect(self._open_menu)
        plot.day_chosen.connect(lambda day: self.day_chosen.emit(date_of(day)))
        plot.day_entered.connect(lambda day: self.day_entered.emit(date_of(day)))
        self._column.insertWidget(2, plot, 1)
        self._plot = plot
        return plot

    def _show_plot(self, *, has_values: bool) -> None:
        self._empty.setVisible(not has_values)
        self.legend.setVisible(has_values and len(self.legend.chips) > 1)
        if self._plot:
            self._plot.setVisible(has_values)

    def _hide_lines(self, keys: frozenset[str]) -> None:
        if self._plot:
            self._plot.hide_lines(keys)

    def _open_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _ask_path(self, kinds: str, suffix: str) -> None:
        dialog = QFileDialog(self, tr("Save chart"), f"{self._facts.title}.{suffix}", kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.open()

    def save(self, path: Path) -> None:
        """Write a picture or the values, as the file's name says."""
        if path.suffix.lower() == ".csv":
            self.save_csv(path)
        else:
            self.picture().save(str(path))
