"""The drawing area: pyqtgraph's zooming and panning under our own canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from tray_app.ui.charts.canvas import Canvas, Frame, Scene
from tray_app.ui.charts.crosshair import Crosshair, Reading, Readings, reading_of, rebased_format
from tray_app.ui.charts.export import as_csv
from tray_app.ui.charts.series import ChartFacts, Scale, Series, Span
from tray_app.ui.charts.ticks import day_of
from tray_app.ui.charts.traces import Line, Trace, all_days, days_between, extent, line_of, trace, value_of
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QEvent

    from tray_app.ui.style.style import Style

LEAST_DAYS = 7
ROOM_AT_RIGHT = 0.02
ROOM_ABOVE = 0.06
FAST_STEP = 10
ZOOM_STEP = 1.25


class Plot(pg.GraphicsView):  # type: ignore[misc] # pyqtgraph carries no types
    """Shows lines over days; the mouse and the keyboard move through time."""

    zoomed = Signal()
    reset = Signal()
    menu_requested = Signal(object)
    day_chosen = Signal(float)
    day_entered = Signal(float)

    def __init__(self, style: Style, facts: ChartFacts) -> None:
        super().__init__(background=None)
        self._style = style
        self._facts = facts
        self._lines: tuple[Line, ...] = ()
        self._hidden: frozenset[str] = frozenset()
        self._days = np.empty(0)
        self._scale = Scale.LINEAR
        self.span = Span.ALL
        self.traces: tuple[Trace, ...] = ()
        self.frame = Frame(QRectF(), 0, 1, 0, 1)
        self.day: float | None = None
        self._marked: float | None = None
        self._pressed: QPointF | None = None
        self._is_moved = False
        self._build()
        self.zoomed.connect(self._note_moved)
        style.theme.changed.connect(self._take_colours)
        self._take_colours()

    def show_series(self, series: Sequence[Series]) -> None:
        """Draw other series."""
        self.show_lines([line_of(place, one) for place, one in enumerate(series)])

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Draw other lines over the span chosen before, or over the days the user has moved to."""
        self._lines = tuple(lines)
        self._days = all_days(self._lines)
        self.day = None
        if len(self._days):
            first, last = float(self._days[0]), float(self._days[-1])
            room = max(LEAST_DAYS, last - first)
            self._box.setLimits(xMin=first - room, xMax=last + room, minXRange=LEAST_DAYS)
        if self._is_moved:
            self._refresh()
        else:
            self.show_span(self.span)

    def show_span(self, span: Span) -> None:
        """Show this much of the past, counted from the newest day."""
        self.span = span
        self._is_moved = False
        if not len(self._days):
            self._refresh()
            return
        first, last = float(self._days[0]), float(self._days[-1])
        left = first if span.days is None else max(first, last - span.days)
        self._box.setXRange(left, max(last, left + 1) + (last - left) * ROOM_AT_RIGHT, padding=0)
        self._refresh()

    def show_scale(self, scale: Scale) -> None:
        """Change how values become heights."""
        self._scale = scale
        self._refresh()

    def hide_lines(self, keys: frozenset[str]) -> None:
        """Leave out the lines of these keys."""
        self._hidden = keys
        self._days = all_days(self.shown_lines()) if self.shown_lines() else all_days(self._lines)
        self._refresh()

    def shown_lines(self) -> tuple[Line, ...]:
        """Return the lines that are not hidden."""
        return tuple(line for line in self._lines if line.key not in self._hidden)

    def csv_text(self) -> str:
        """Return the visible values as CSV."""
        lines = self.shown_lines()
        shown = days_between(all_days(lines), self.visible_days())
        return as_csv([line.name for line in lines], shown, lambda day: [line.value_at(day) for line in lines])

    def visible_days(self) -> tuple[float, float]:
        """Return the days at the left and right edge."""
        left, right = self._box.viewRange()[0]
        return float(left), float(right)

    def point_at(self, day: float | None, cursor: QPointF | None = None) -> None:
        """Put the crosshair on the nearest day that has a value, or take it away."""
        if day is None or not len(self._days):
            self.day = None
        else:
            self.day = float(self._days[int(np.abs(self._days - day).argmin())])
        self._show_crosshair(cursor)

    def mark_day(self, day: float | None) -> None:
        """Mark a day that something beside the chart speaks of."""
        self._marked = day
        self._refresh()

    def step(self, steps: int) -> None:
        """Move the crosshair over the days that have a value, and the view with it."""
        if not len(self._days):
            return
        if self.day is None:
            start = self._marked if self._marked is not None else float(self._days[-1])
            self.point_at(min(self.visible_days()[1], start))
        else:
            index = int(np.searchsorted(self._days, self.day)) + steps
            self.point_at(float(self._days[min(max(index, 0), len(self._days) - 1)]))
            self._keep_in_view()
        self.day_chosen.emit(self.day)

    def zoom(self, factor: float) -> None:
        """Show a longer or shorter time around the crosshair."""
        left, right = self.visible_days()
        centre = self.day if self.day is not None else (left + right) / 2
        self._box.setXRange(centre - (centre - left) * factor, centre + (right - centre) * factor, padding=0)
        self.zoomed.emit()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room of a legible chart; whoever has more gives it."""
        height = self._style.theme.metrics.chart_height
        return QSize(2 * height, height)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Step, zoom, reset."""
        steps = FAST_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        match event.key():
            case Qt.Key.Key_Left:
                self.step(-steps)
            case Qt.Key.Key_Right:
                self.step(steps)
            case Qt.Key.Key_Home:
                self.step(-len(self._days))
            case Qt.Key.Key_End:
                self.step(len(self._days))
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal | Qt.Key.Key_Up:
                self.zoom(1 / ZOOM_STEP)
            case Qt.Key.Key_Minus | Qt.Key.Key_Down:
                self.zoom(ZOOM_STEP)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.day is not None:
                self.day_entered.emit(self.day)
            case Qt.Key.Key_Escape if self.day is not None:
                self.point_at(None)
            case _:
                event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Lead the crosshair."""
        super().mouseMoveEvent(event)
        place = event.position()
        if not event.buttons() and self.frame.area.contains(place):
            self.point_at(self.frame.day(place.x()), place)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Note where a click or a drag begins."""
        super().mousePressEvent(event)
        self._pressed = event.position() if event.button() is Qt.MouseButton.LeftButton else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose the day under a click that was no drag."""
        super().mouseReleaseEvent(event)
        place, pressed = event.position(), self._pressed
        self._pressed = None
        is_click = pressed is not None and (place - pressed).manhattanLength() < QApplication.startDragDistance()
        if is_click and self.frame.area.contains(place):
            self.point_at(self.frame.day(place.x()), place)
            if self.day is not None:
                self.day_chosen.emit(self.day)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom; on a page that scrolls only a chart that was clicked, or with Ctrl."""
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if self._facts.on_scrolled_page and not self.hasFocus() and not held:
            event.ignore()
        else:
            super().wheelEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go back to the chosen span."""
        event.accept()
        self.show_span(self.span)
        self.reset.emit()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the crosshair away with the mouse."""
        super().leaveEvent(event)
        self.point_at(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask the chart for its menu."""
        event.accept()
        self.menu_requested.emit(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Lay out again."""
        super().resizeEvent(event)
        if hasattr(self, "_canvas"):
            self._refresh()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show the focus ring."""
        super().focusInEvent(event)
        self._refresh()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Hide the focus ring."""
        super().focusOutEvent(event)
        self._refresh()

    def _build(self) -> None:
        self.setMinimumHeight(self._style.theme.metrics.chart_height)
        self.setAccessibleName(self._facts.title)
        # The drawing area shall be one stop of the keyboard; what its inner part is told, it takes for itself.
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._layout = pg.GraphicsLayout()
        self._box = pg.ViewBox(enableMenu=False, defaultPadding=0)
        self._box.setMouseEnabled(x=True, y=False)
        self._box.disableAutoRange()
        self._layout.addItem(self._box)
        self.setCentralItem(self._layout)
        self._canvas, self.crosshair = self._make_canvas(), Crosshair(self._style)
        self.crosshair.setZValue(1)
        self.scene().addItem(self._canvas)
        self.scene().addItem(self.crosshair)
        self._box.sigXRangeChanged.connect(self._refresh)
        self._box.sigRangeChangedManually.connect(self.zoomed)

    def _make_canvas(self) -> Canvas:
        return Canvas(self._style)

    def _make_traces(self, left: float, right: float) -> tuple[Trace, ...]:
        return tuple(trace(line, left, right, self._scale) for line in self.shown_lines())

    def _rows(self, day: float) -> tuple[Reading, ...]:
        return tuple(reading_of(one, day, self._scale, self._value_format()) for one in self.traces)

    def _note_moved(self) -> None:
        self._is_moved = True

    def _take_colours(self) -> None:
        self.setBackground(self._style.theme.color(Token.SURFACE))
        self._refresh()

    def _refresh(self) -> None:
        left, right = self.visible_days()
        self.traces = self._make_traces(left, right)
        low, high = self._value_range(left, right)
        bounds = QRectF(0, 0, self.width(), self.height())
        self.frame = Frame(self._area(bounds, low, high), left, right, low, high)
        value_format, bands = self._value_format(), self._facts.bands
        scene = Scene(self.frame, self.traces, self._scale, bands, value_format, self.hasFocus(), self._marked)
        self._canvas.show_scene(scene, bounds)
        self._show_crosshair(None)

    def _value_range(self, left: float, right: float) -> tuple[float, float]:
        if self._facts.value_range:
            return self._facts.value_range
        low, high = extent(self.traces, left, right) or (0.0, 1.0)
        room = (high - low) * ROOM_ABOVE or abs(high) * ROOM_ABOVE or 1.0
        return low - room, high + room

    def _area(self, bounds: QRectF, low: float, high: float) -> QRectF:
        """Give the labels the room they need and the lines the rest."""
        metrics, measure = self._style.theme.metrics, self._canvas.font_metrics
        rough = Frame(bounds, 0, 1, low, high)
        texts = [tick.text for tick in self._canvas.ticks(rough, self._scale)]
        ends = [last[1] for one in self.traces if (last := one.last())]
        texts += [self._value_format()(value_of(height, self._scale)) for height in ends]
        wide = max(map(measure.horizontalAdvance, texts), default=0) + metrics.large
        below = measure.height() + metrics.small
        area = bounds.adjusted(metrics.focus, metrics.small, -wide, -below)
        self._layout.setContentsMargins(metrics.focus, metrics.small, wide, below)
        return area

    def _value_format(self) -> Callable[[float], str]:
        return rebased_format if self._scale is Scale.REBASED else self._facts.value_format

    def _show_crosshair(self, cursor: QPointF | None) -> None:
        readings = None
        if self.day is not None:
            point = cursor or QPointF(self.frame.x(self.day), self.frame.area.center().y())
            readings = Readings(self.day, day_of(self.day).isoformat(), self._rows(self.day), point)
            self.setAccessibleDescription(readings.spoken())
        self.crosshair.show_readings(readings, self.frame, QRectF(0, 0, self.width(), self.height()))

    def _keep_in_view(self) -> None:
        left, right = self.visible_days()
        if self.day is not None and not left <= self.day <= right:
            shift = self.day - left if self.day < left else self.day - right
            self._box.setXRange(left + shift, right + shift, padding=0)
            self.zoomed.emit()
