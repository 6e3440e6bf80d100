"""What every section of the Liquidity page is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tray_app.ui.pages.liquidity.data import EmptyMessage
from tray_app.ui.parts.layout.boxes import column
from tray_app.ui.queries.idle_tasks import IdleTasks
from tray_app.ui.queries.latest_query import LatestQuery

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from tray_app.engine.facade import Engine
    from tray_app.ui.charts.drawing import Drawing
    from tray_app.ui.page import PageParts
    from tray_app.ui.pages.liquidity.data import LiquidityFacts
    from tray_app.ui.pages.liquidity.series import Pictures

    Answer = TypeVar("Answer")


class Section(QWidget):
    """One part of the page, made when it is first looked at; it queries the store while it is shown.

    It reads anew when one of its tables has changed. It leads to series by series_requested (ids and a date, or None),
    and to what fills its lack by way_requested.
    """

    failed = Signal(object)
    way_requested = Signal(str)
    series_requested = Signal(tuple, object)
    place_requested = Signal(object)
    tables: frozenset[str] = frozenset()

    def __init__(self, parts: PageParts) -> None:
        super().__init__()
        self.parts = parts
        self._style = parts.style
        self._lack = EmptyMessage("")
        self._drawn: dict[str, Drawing] = {}
        self.idle = IdleTasks(self)
        self._queries: list[LatestQuery[object]] = []
        self.column = column(gap=parts.style.theme.metrics.medium, inside=self)

    @property
    def is_settled(self) -> bool:
        """Whether everything queried is shown."""
        return self.idle.is_empty and not any(query.is_busy for query in self._queries)

    def show_facts(self, facts: LiquidityFacts) -> None:
        """Say what is missing, and why."""

    def refresh(self) -> None:
        """Read everything anew."""
        raise NotImplementedError

    def query(self, answered: Callable[[Answer], None]) -> LatestQuery[Answer]:
        """Return a query whose failure the page tells."""
        made: LatestQuery[Answer] = LatestQuery(self.parts.bridge, self, answered, self.failed.emit)
        self._queries.append(made)  # type: ignore[arg-type] # only asked whether it is busy
        return made

    def follow_lack(self) -> None:
        """Lead to what fills what is missing."""
        self.way_requested.emit(self._lack.way)

    def draw(self, key: str, drawing: Drawing, show: Callable[[], object]) -> None:
        """Show a drawing in a turn of the event loop of its own; one that looks like what is drawn stays as it is."""
        if drawing.looks_like(self._drawn.get(key)):
            self.idle.drop(key)
        else:
            self.idle.add(key, partial(self._show_drawing, key, drawing, show))

    def _show_drawing(self, key: str, drawing: Drawing, show: Callable[[], object]) -> None:
        self._drawn[key] = drawing
        show()


def pictures(engine: Engine) -> Pictures:
    """Return what reads the charts' lines; for reader threads, which wait for numpy and pyqtgraph instead of the UI."""
    from tray_app.ui.pages.liquidity.series import Pictures  # noqa: PLC0415 - numpy and pyqtgraph come with it

    return Pictures(engine)
