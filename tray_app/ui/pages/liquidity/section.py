"""What every section of the Liquidity page is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tray_app.ui.pages.liquidity.data import EmptyAction
from tray_app.ui.parts.layout.boxes import column
from tray_app.ui.queries.idle_tasks import IdleTasks
from tray_app.ui.queries.latest_query import LatestQuery

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from tray_app.ui.page import PageParts
    from tray_app.ui.pages.liquidity.data import EmptyMessage, LiquidityFacts
    from tray_app.ui.style.style import Style

    Answer = TypeVar("Answer")


class Section(QWidget):
    """One part of the page, made when it is first looked at; it asks for its data while it is shown.

    It reads anew when one of its tables has changed. It leads to series by series_requested (ids and a date, or None),
    and to what fills a lack by way_requested.
    """

    failed = Signal(object)
    way_requested = Signal(str)
    series_requested = Signal(tuple, object)
    place_requested = Signal(object)
    tables: frozenset[str] = frozenset()

    def __init__(self, parts: PageParts, style: Style) -> None:
        super().__init__()
        self.parts = parts
        self._style = style
        self.turns = IdleTasks(self)
        self._queries: list[LatestQuery[object]] = []
        self.column = column(gap=style.theme.metrics.medium, inside=self)

    @property
    def is_settled(self) -> bool:
        """Whether everything asked for is shown."""
        return self.turns.is_empty and not any(query.is_busy for query in self._queries)

    def show_facts(self, facts: LiquidityFacts) -> None:
        """Say what is missing, and why."""

    def refresh(self) -> None:
        """Read everything anew."""
        raise NotImplementedError

    def query(self, answered: Callable[[Answer], None]) -> LatestQuery[Answer]:
        """Return a question whose failure the page tells."""
        made: LatestQuery[Answer] = LatestQuery(self.parts.bridge, self, answered, self.failed.emit)
        self._queries.append(made)  # type: ignore[arg-type] # only asked whether it is busy
        return made

    def leads(self, lack: EmptyMessage) -> Callable[[], None]:
        """Return what a lack's button does."""
        return lambda: self.way_requested.emit(lack.way) if lack.way is not EmptyAction.NOWHERE else None
