"""The drawing area of a total and its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app.ui.charts.plot import ROOM_ABOVE, Plot
from tray_app.ui.charts.readings import Reading
from tray_app.ui.charts.stack import Stack, stack
from tray_app.ui.charts.stack_canvas import StackCanvas
from tray_app.ui.charts.traces import trace
from tray_app.ui.labels.formats import NOTHING

if TYPE_CHECKING:
    from tray_app.ui.charts.canvas import Canvas
    from tray_app.ui.charts.series import ChartFacts
    from tray_app.ui.charts.traces import Line, Trace
    from tray_app.ui.style.style import Style

PIXELS_PER_DAY = 2
FIRST_PART = 1


class StackPlot(Plot):
    """The first line is the total, drawn over the others, which are stacked."""

    def __init__(self, style: Style, facts: ChartFacts) -> None:
        self._stack: Stack | None = None
        super().__init__(style, facts)

    def parts(self) -> tuple[Line, ...]:
        """Return the parts that are not left out."""
        return tuple(line for line in self.shown_lines() if line.place >= FIRST_PART)

    def _make_canvas(self) -> Canvas:
        self._areas = StackCanvas(self._style)
        return self._areas

    def _make_traces(self, left: float, right: float) -> tuple[Trace, ...]:
        most = max(1, self.width() // PIXELS_PER_DAY)
        self._stack = stack(self.parts(), left, right, most)
        self._areas.show_stack(self._stack)
        totals = (line for line in self.shown_lines() if line.place < FIRST_PART)
        return tuple(trace(line, left, right, self._scale) for line in totals)

    def _value_range(self, left: float, right: float) -> tuple[float, float]:
        low, high = super()._value_range(left, right) if self._traces else (0.0, 0.0)
        edges = self._stack.extent() if self._stack else None
        if edges is None:
            return low, high
        room = (edges[1] - edges[0]) * ROOM_ABOVE or 1.0
        return min(low, edges[0] - room), max(high, edges[1] + room)

    def _rows(self, day: float) -> tuple[Reading, ...]:
        return (*super()._rows(day), *(self._part_row(line, day) for line in self.parts()))

    def _part_row(self, line: Line, day: float) -> Reading:
        value = line.value_at(day)
        text = NOTHING if value is None else self._facts.value_format(value)
        return Reading(line.name, text, line.place, None)
