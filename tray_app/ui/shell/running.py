"""What lives while the engine does: the way to it, what the tray shows of it, and what the user orders."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tray_app.core.events import EngineChanged, Event, Notice
from tray_app.core.model import CollectorName, RunKind
from tray_app.datasets import DATASETS
from tray_app.datasets.titles import collector_title
from tray_app.keys import KeyPlace
from tray_app.ui.login import login_start
from tray_app.ui.page import PageParts
from tray_app.ui.queries.bridge import Bridge
from tray_app.ui.tray.commands import Commands
from tray_app.ui.tray.menu import CollectEntry, MenuFacts
from tray_app.ui.tray.overview_watch import OverviewWatch
from tray_app.ui.tray.state import TrayFacts, tray_facts

if TYPE_CHECKING:
    from tray_app.engine.launching import OpenedEngine
    from tray_app.paths import Home
    from tray_app.ui.style.style import Style

logger = logging.getLogger(__name__)


class EngineClient(QObject):
    """An open engine seen from the UI thread."""

    changed = Signal()
    noticed = Signal(object)

    def __init__(self, launched: OpenedEngine, style: Style) -> None:
        super().__init__()
        self.engine = launched.engine
        self.known_secrets = launched.known_secrets
        self._theme = style.theme
        self.bridge = Bridge(self.engine)
        self.commands = Commands(self.engine, self.bridge)
        self._watch = OverviewWatch(self.engine, self.bridge)
        self.page_parts = PageParts(self.engine, self.bridge, style, launched.log_tail)
        self._watch.changed.connect(self.changed)
        self.bridge.happened.connect(self._hear)
        self._dress()

    @property
    def collectors(self) -> tuple[CollectorName, ...]:
        """Return what can be collected."""
        return tuple(dataset.name for dataset in DATASETS)

    def is_first_start(self) -> bool:
        """Tell whether nothing was ever collected. Reads the store."""
        return not self.engine.runs(limit=1)

    def missing_keys(self) -> tuple[str, ...]:
        """Return the keys that are not set. Asks the credential store."""
        return tuple(state.name for state in self.engine.key_states() if state.place is KeyPlace.NOWHERE)

    def start(self, home: Home) -> None:
        """Let the engine work; a program that was moved renews its entry for starting at login."""
        self.engine.start()
        try:
            login_start(home).renew()
        except OSError as error:
            logger.warning("starting at login could not be renewed: %s", error)

    def tray_facts(self) -> TrayFacts | None:
        """Return what the tray shows; nothing before the first answer."""
        overview = self._watch.overview
        return None if overview is None else tray_facts(overview, is_working=bool(self.engine.active_jobs))

    def menu_facts(self, waiting: str) -> MenuFacts:
        """Return what the menu depends on; waiting is the status line until the first answer."""
        overview, shown = self._watch.overview, self.tray_facts()
        jobs = self.engine.active_jobs
        active = {job.collector for job in jobs if job.kind is RunKind.DAILY}
        return MenuFacts(
            status_line=waiting if shown is None else shown.status_line,
            entries=tuple(CollectEntry(name, collector_title(name), name in active) for name in self.collectors),
            is_working=bool(jobs),
            is_paused=overview is not None and overview.is_paused,
            is_ready=True,
        )

    def close(self) -> None:
        """Hear and ask no more."""
        self._watch.stop()
        self.bridge.close()

    def _hear(self, event: Event) -> None:
        if isinstance(event, Notice):
            self.noticed.emit(event)
        elif isinstance(event, EngineChanged):
            self._dress()

    def _dress(self) -> None:
        settings = self.engine.settings.settings
        self._theme.set_scheme(settings.theme)
        self._theme.set_prices(settings.price_colours)
