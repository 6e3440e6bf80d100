"""A page's surroundings: a real engine on a real database, its upstreams served on loopback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from patience import hold
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tray_app.core.model import Job, Run, Trigger, Window
from tray_app.engine.cancel import CancelFlag

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot
    from support import MemoryStore

    from tray_app.demo.server import SampleServer
    from tray_app.engine.facade import Engine
    from tray_app.paths import Home
    from tray_app.ui.page import Page, PageParts


@dataclass
class World:
    """What a page is made with, and the ways to move it."""

    home: Home
    server: SampleServer
    engine: Engine
    parts: PageParts
    store: MemoryStore
    environment: dict[str, str]
    qtbot: QtBot
    shown: list[Page] = field(default_factory=list)

    def collect(self, trigger: Trigger = Trigger.SCHEDULER, window: Window | None = None) -> Run:
        """Make a run and wait for it, as the scheduler would."""
        return self.engine.collect(Job("crypto", trigger, window=window), CancelFlag())

    def work(self) -> None:
        """Let the worker run what pages ask for, while the schedule is held back."""
        self.engine.pause(None)
        self.engine.start()

    def show(self, page: Page) -> None:
        """Show a page as the window would."""
        self.qtbot.addWidget(page)
        self.shown.append(page)
        page.resize(900, 600)
        page.show()
        self.qtbot.waitExposed(page)

    def click(self, widget: QWidget) -> None:
        """Click in the middle of a widget."""
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def hold(self, host: str) -> None:
        """Let a host keep its answers back until the server stops."""
        hold(self.server, host)

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for a condition, never for a time."""
        self.qtbot.waitUntil(lambda: bool(condition()))
