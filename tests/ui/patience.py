"""A bot that waits for the event, however busy the machine is; only what never comes runs into its limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patience import PATIENCE
from pytestqt.qtbot import QtBot

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_MS = int(PATIENCE * 1000)


class PatientBot(QtBot):
    """pytest-qt's bot with a limit that tells a hang, not the speed of a machine."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:  # noqa: N802
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **options: Any) -> Any:  # noqa: N802
        return super().waitSignal(signal, timeout=timeout, **options)

    def waitSignals(self, signals: Any, *, timeout: int = PATIENCE_MS, **options: Any) -> Any:  # noqa: N802
        return super().waitSignals(signals, timeout=timeout, **options)

    def waitExposed(self, widget: Any, *, timeout: int = PATIENCE_MS) -> Any:  # noqa: N802
        return super().waitExposed(widget, timeout=timeout)

    def waitActive(self, widget: Any, *, timeout: int = PATIENCE_MS) -> Any:  # noqa: N802
        return super().waitActive(widget, timeout=timeout)
