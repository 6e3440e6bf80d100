"""Writes changed options one after another on a reader thread, and tells when they count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from tray_app.datasets.options import OPTIONS

if TYPE_CHECKING:
    from tray_app.ui.page import PageParts


class SettingsSaver(QObject):
    """Gathers what changes while a file is being written, so that no two are written at once."""

    saved = Signal(object)
    failed = Signal(object, object)

    def __init__(self, parts: PageParts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._wanted: dict[str, Any] = {}
        self._being_written: frozenset[str] = frozenset()
        self._writing = False

    @property
    def unsaved(self) -> frozenset[str]:
        """Return the options whose newest value does not count yet."""
        return self._being_written | self._wanted.keys()

    def change(self, name: str, value: object) -> None:
        """Write an option as soon as may be."""
        self._wanted[name] = value
        if not self._writing:
            self._write()

    def _write(self) -> None:
        changes, self._wanted = self._wanted, {}
        self._writing = True
        engine = self._parts.engine
        changed = engine.settings.settings.changed({OPTIONS[name]: value for name, value in changes.items()})
        names = self._being_written = frozenset(changes)
        self._parts.bridge.query(
            self,
            lambda: engine.change_settings(changed),
            lambda _nothing: self._done(lambda: self.saved.emit(names)),
            lambda error: self._done(lambda: self.failed.emit(names, error)),
        )

    def _done(self, tell: Any) -> None:
        self._writing = False
        self._being_written = frozenset()
        tell()
        if self._wanted and not self._writing:
            self._write()
