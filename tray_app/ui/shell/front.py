"""Everything the user looks at beside the icon: the window, made when first wanted, and the dialogs over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tray_app.ui.pages.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu

    from tray_app.paths import Home
    from tray_app.ui.page import PageParts
    from tray_app.ui.shell.crash import CrashNet
    from tray_app.ui.shell.geometry import WindowMemory
    from tray_app.ui.shell.opening import EngineOpener
    from tray_app.ui.shell.problem import ProblemPanel
    from tray_app.ui.shell.window import MainWindow
    from tray_app.ui.style.style import Style

# Windows and dialogs are loaded when first shown: most days only the icon is there.


class WindowHost(QObject):
    """Knows what to show before there is a window to show it in."""

    closed = Signal()
    quit_requested = Signal()
    history_requested = Signal()

    def __init__(self, style: Style, home: Home, memory: WindowMemory, crash: CrashNet, opening: EngineOpener) -> None:
        super().__init__()
        self._style = style
        self._home = home
        self._memory = memory
        self._crash = crash
        self._opening = opening
        self._menu: QMenu | None = None
        self._problem: ProblemPanel | None = None
        self._message: tuple[str, bool] | None = None
        self._fill: Callable[[MainWindow], None] = lambda _window: None
        self.window: MainWindow | None = None

    def show(self, page: str | None = None) -> None:
        """Bring the window to the front, on a page if one is named."""
        window = self._make_window()
        if page is not None:
            window.open_page(page)
        window.come_forward()

    def show_waiting(self, text: str) -> None:
        """Say in the window, if there is one, what is being waited for."""
        self._show(lambda window: window.show_waiting(text))

    def show_pages(self, parts: PageParts) -> None:
        """Show the pages from now on."""
        self._problem = None
        self._show(lambda window: window.show_pages(parts))

    def show_problem(self, error: Exception) -> None:
        """Open the window on what went wrong; after a second try the ways on stay where they are."""
        from tray_app.ui.shell.problem import ProblemPanel, lacks_database  # noqa: PLC0415

        if self._problem is not None and (self._problem.lacks_database or not lacks_database(error)):
            self._problem.show_error(error)
        else:
            panel = ProblemPanel(self._style, error, self._home.backups)
            panel.again_requested.connect(self._opening.open)
            panel.empty_requested.connect(self._opening.begin_empty)
            panel.restore_requested.connect(self._opening.restore)
            panel.quit_requested.connect(self.quit_requested)
            self._problem = panel
            self._show(lambda window: window.show_instead(panel))
        self.show()

    def say(self, text: str, *, is_failure: bool) -> None:
        """Show a message in the window, now or when it is made."""
        self._message = (text, is_failure)
        if self.window is not None:
            self.window.messages.say(text, is_failure=is_failure)

    def show_welcome(self, missing: tuple[str, ...], *, has_tray: bool) -> None:
        """Welcome the user, once."""
        from tray_app.ui.shell.welcome import Welcome  # noqa: PLC0415 - once in a home's life

        dialog = Welcome(self._style, missing, has_tray=has_tray, parent=self.window)
        dialog.history_requested.connect(self.history_requested)
        dialog.keys_requested.connect(lambda: self.show(SETTINGS.name))
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def show_about(self) -> None:
        """Tell which program this is."""
        from tray_app.ui.dialogs.program import About  # noqa: PLC0415

        dialog = About(self._style, self._home.root, self.window if self.is_shown else None)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def offer_menu(self, menu: QMenu | None) -> None:
        """Carry the tray's menu in the window, or no longer."""
        self._menu = menu
        if self.window is not None:
            self.window.offer_menu(menu)

    @property
    def is_shown(self) -> bool:
        """Tell whether the window can be seen."""
        return self.window is not None and self.window.isVisible()

    def hide(self) -> None:
        """Hide the window, remembering its place."""
        if self.window is not None:
            self.window.remember()
            self.window.hide()

    def remember(self) -> None:
        """Write down the window's place."""
        if self.window is not None:
            self.window.remember()

    def leave(self) -> None:
        """Delete the window."""
        if self.window is not None:
            self.window.remember()
            self.window.offer_menu(None)
            self.window.hide()
            self.window.deleteLater()
            self.window = None

    def _show(self, fill: Callable[[MainWindow], None]) -> None:
        self._fill = fill
        if self.window is not None:
            fill(self.window)

    def _make_window(self) -> MainWindow:
        if self.window is None:
            from tray_app.ui.shell.window import MainWindow  # noqa: PLC0415

            self.window = MainWindow(self._style, self._memory)
            self.window.closed.connect(self.closed)
            self.window.opened.connect(self._tell_of_crash)
            self.window.offer_menu(self._menu)
            self._fill(self.window)
            if self._message is not None:
                text, is_failure = self._message
                self.window.messages.say(text, is_failure=is_failure)
        return self.window

    def _tell_of_crash(self) -> None:
        text = self._crash.unread()
        if text:
            from tray_app.ui.dialogs.program import CrashReport  # noqa: PLC0415

            self._crash.mark_read()
            CrashReport(self._style, text, self._home.logs, self.window).show()
