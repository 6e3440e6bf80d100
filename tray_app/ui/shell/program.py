"""The tray app from the icon on: opens the engine, shows what it tells, and ends everything in order."""

from __future__ import annotations

import gc
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

from tray_app.core.words import tr
from tray_app.engine.launching import hear_thread_faults
from tray_app.paths import resources
from tray_app.ui.desktop import open_folder
from tray_app.ui.pages.status import STATUS
from tray_app.ui.shell.front import WindowHost
from tray_app.ui.shell.geometry import WindowMemory
from tray_app.ui.shell.opening import EngineOpener, EngineStopper
from tray_app.ui.shell.session import SystemSignals
from tray_app.ui.style.icons import Icons, TrayState
from tray_app.ui.style.style import Style
from tray_app.ui.style.theme import Theme
from tray_app.ui.tray.host import TrayHost
from tray_app.ui.tray.icon import tray_is_there
from tray_app.ui.tray.menu import MenuFacts, TrayMenu
from tray_app.ui.tray.taskbar_watch import TaskbarWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QSessionManager
    from PySide6.QtWidgets import QApplication

    from tray_app.core.events import Notice
    from tray_app.ui.shell.crash import CrashNet
    from tray_app.ui.shell.handover import ShowServer
    from tray_app.ui.shell.opening import TrayParts
    from tray_app.ui.shell.running import EngineClient
    from tray_app.ui.tray.icon import Tray

WAITING_SHOWS_AFTER_MS = 600
SESSION_END_SECONDS = 1.5
CODE_FAILED = 1


class Program(QObject):
    """Lives on the UI thread and carries out what menu and windows offer."""

    def __init__(self, application: QApplication, parts: TrayParts, tray: Tray, crash: CrashNet) -> None:
        super().__init__()
        self._application = application
        self._parts = parts
        self._tray = tray
        self._style = _style_of(application)
        self._crash = crash
        self._server: ShowServer | None = None
        self._running: EngineClient | None = None
        self._status_line = ""
        self._is_quitting = False
        self._code = 0
        self._opening = EngineOpener(parts)
        self._memory = WindowMemory(parts.home.root)
        self._front = WindowHost(self._style, parts.home, self._memory, crash, self._opening)
        self.menu = TrayMenu(self._menu_facts)
        self._host = TrayHost(tray_is_there)
        self._signals = SystemSignals()
        self._taskbar = TaskbarWatch()
        self._ending = EngineStopper()
        self._connect()

    def begin(self) -> None:
        """Start opening the engine; everything else follows from the event loop."""
        hear_thread_faults(self._crash.catch)
        self._say_status(tr("Starting"))
        self._tray.set_menu(self.menu)
        self._front.show_waiting(tr("Opening the database"))
        self._opening.open()
        QTimer.singleShot(0, self, self._settle_in)

    def leave(self) -> bool:
        """Delete everything in order, once the event loop has ended; False when a thread goes on."""
        self._signals.close()
        self._taskbar.close()
        self._host.stop()
        self._tray.set_menu(None)
        self._front.leave()
        self.menu.deleteLater()
        self._running = None
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        return self._ending.in_time and not self._opening.is_busy

    # --- what menu and windows offer --------------------------------------------------------------------------

    def show_page(self, name: str | None = None) -> None:
        """Open the window, on a page if one is named."""
        if not self._is_quitting:
            self._front.show(name)

    def open_data_folder(self) -> None:
        """Open the home folder, or say where it is."""
        folder = self._parts.home.root
        if not open_folder(folder):
            self._front.say(tr("The data folder is {folder}", folder=folder), is_failure=False)
            self._front.show()

    def quit(self) -> None:
        """Stop the engine aside, then leave."""
        if self._is_quitting:
            return
        self._is_quitting = True
        self._host.stop()
        if self._server is not None:
            self._server.close()
        self._say_status(tr("Stopping"))
        if self._host.given_up:
            self._front.show_waiting(tr("Stopping"))
        else:
            self._front.hide()
        self._end()

    # --- beginning and ending ---------------------------------------------------------------------------------

    def _connect(self) -> None:
        self._tray.opened.connect(lambda: self.show_page(STATUS.name))
        self.menu.page_requested.connect(self.show_page)
        self.menu.folder_requested.connect(self.open_data_folder)
        self.menu.about_requested.connect(self._front.show_about)
        self.menu.quit_requested.connect(self.quit)
        self._host.lost.connect(self._do_without_tray)
        self._host.found.connect(lambda: self._front.offer_menu(None))
        self._signals.end_requested.connect(self.quit)
        self._opening.opened.connect(self._take_engine)
        self._opening.failed.connect(self._fail_to_open)
        self._ending.ended.connect(self._exit)
        self._front.closed.connect(self._note_closed)
        self._front.quit_requested.connect(self.quit)
        self._front.history_requested.connect(self._collect_history)
        self._style.theme.changed.connect(self._tray.draw)
        self._taskbar.changed.connect(self._tray.draw)
        self._application.commitDataRequest.connect(self._save_before_logout)
        self._application.aboutToQuit.connect(self._end_with_session)

    def _settle_in(self) -> None:
        """Do what the icon need not wait for."""
        from tray_app.ui.shell.handover import ShowServer  # noqa: PLC0415 - loads Qt's network

        if self._is_quitting:
            return
        self._style.theme.install()
        self._tray.show_state(self._style.icons, TrayState.IDLE)
        self._server = ShowServer(self._parts.home.root, self)
        self._server.show_requested.connect(self.show_page)
        self._host.look()
        if not self._parts.hidden:
            QTimer.singleShot(WAITING_SHOWS_AFTER_MS, self, self._show_if_opening)

    def _show_if_opening(self) -> None:
        if self._opening.is_busy:
            self.show_page()

    def _end(self) -> None:
        """Stop the engine, or what else there is; an engine that is still opening is stopped when it arrives."""
        if self._running is not None:
            self._running.close()
            self._ending.begin(self._running.engine)
        elif not self._opening.is_busy:
            self._exit()

    def _exit(self) -> None:
        self._application.exit(self._code)

    def _save_before_logout(self, _manager: QSessionManager) -> None:
        self._front.remember()

    def _end_with_session(self) -> None:
        """End within two seconds when the system does not wait for the event loop."""
        self.quit()
        self._ending.wait(SESSION_END_SECONDS)

    # --- the engine -------------------------------------------------------------------------------------------

    def _take_engine(self, make_client: Callable[[Style], EngineClient]) -> None:
        self._code = 0
        self._running = running = make_client(self._style)
        self._crash.know_secrets(running.known_secrets)
        if self._is_quitting:
            self._end()
            return
        running.changed.connect(self._draw_tray)
        running.noticed.connect(self.notify)
        running.commands.failed.connect(self._say_failure)
        self.menu.collect_requested.connect(running.commands.collect)
        self.menu.cancel_requested.connect(running.commands.cancel)
        self.menu.pause_requested.connect(running.commands.pause)
        self.menu.resume_requested.connect(running.commands.resume)
        running.bridge.query(
            self, running.is_first_start, self._start_engine, lambda _error: self._start_engine(is_first=False)
        )
        gc.collect()
        gc.freeze()

    def _start_engine(self, is_first: bool) -> None:  # noqa: FBT001 - a query's answer
        """Let it work, after it was asked whether it ever did."""
        running = self._running
        if running is None or self._is_quitting:
            return
        running.start(self._parts.home)
        self._front.show_pages(running.page_parts)
        if running.engine.settings.problem:
            self._front.say(running.engine.settings.problem, is_failure=True)
        if self._parts.hidden:
            return
        self._front.show()
        if is_first and not self._memory.read().is_welcomed:
            running.bridge.query(self, running.missing_keys, self._welcome)

    def _welcome(self, missing: tuple[str, ...]) -> None:
        self._memory.write(replace(self._memory.read(), is_welcomed=True))
        self._front.show_welcome(missing, has_tray=self._host.is_seen)

    def _collect_history(self) -> None:
        if self._running is not None:
            self._running.commands.collect_history(self._running.collectors)

    def _fail_to_open(self, error: Exception) -> None:
        if self._is_quitting:
            self._end()
            return
        self._code = CODE_FAILED
        self._say_status(tr("Not running"))
        self._tray.show_state(self._style.icons, TrayState.ERROR)
        self._front.show_problem(error)

    # --- showing ----------------------------------------------------------------------------------------------

    def _menu_facts(self) -> MenuFacts:
        if self._running is None or self._is_quitting:
            return MenuFacts(self._status_line)
        return self._running.menu_facts(self._status_line)

    def _say_status(self, text: str) -> None:
        self._status_line = text
        self._tray.show_tooltip(tr("Market Tray - {state}", state=text))

    def _draw_tray(self) -> None:
        facts = None if self._running is None or self._is_quitting else self._running.tray_facts()
        if facts is not None:
            self._tray.show_state(self._style.icons, facts.state, facts.progress)
            self._tray.show_tooltip(facts.tooltip)

    def notify(self, notice: Notice) -> None:
        """Tell outside the window, or in it where there is no tray."""
        if self._host.given_up:
            self._front.say(f"{notice.title}. {notice.message}", is_failure=notice.is_failure)
        else:
            self._tray.notify(notice.title, notice.message, is_failure=notice.is_failure)

    def _say_failure(self, error: Exception) -> None:
        self._front.say(str(error), is_failure=True)

    def _do_without_tray(self) -> None:
        self._front.offer_menu(self.menu)
        self._front.show()

    def _note_closed(self) -> None:
        # Without an icon nobody could reach what goes on behind a closed window; it may just have come.
        if self._is_quitting:
            return
        self._host.look()
        if self._host.given_up:
            self.quit()


def _style_of(application: QApplication) -> Style:
    folder = resources()
    theme = Theme(application, folder)
    return Style(theme, Icons(folder / "icons", theme))
