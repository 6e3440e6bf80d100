"""The states a run, a source, its data or the application can be in: word, icon and colour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tray_app.core.words import tr
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from datetime import datetime


class Status(StrEnum):
    """One state."""

    SUCCESS = "success"
    PARTIAL = "partial"
    FAILED = "failed"
    PAUSED = "paused"
    WAITING = "waiting"
    RUNNING = "running"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    MISSING_KEY = "missing_key"
    UNKNOWN = "unknown"
    CURRENT = "current"
    STALE = "stale"
    ENDED = "ended"
    MISSING = "missing"


@dataclass(frozen=True)
class StatusStyle:
    """How a state is shown."""

    word: str
    icon: str
    token: Token


@dataclass(frozen=True)
class StatusFacts:
    """A state, when it was reached, and a reason worth a tooltip."""

    status: Status
    at: datetime | None = None
    detail: str = ""


def style_of(status: Status) -> StatusStyle:
    """Return the word, the icon and the colour of a state."""
    styles = {
        Status.SUCCESS: StatusStyle(tr("success"), "success", Token.SUCCESS),
        Status.PARTIAL: StatusStyle(tr("partial"), "attention", Token.ATTENTION),
        Status.FAILED: StatusStyle(tr("failed"), "error", Token.ERROR),
        Status.PAUSED: StatusStyle(tr("paused"), "paused", Token.PAUSED),
        Status.WAITING: StatusStyle(tr("waiting"), "waiting", Token.PAUSED),
        Status.RUNNING: StatusStyle(tr("running"), "running", Token.ACCENT),
        Status.INTERRUPTED: StatusStyle(tr("interrupted"), "interrupted", Token.ATTENTION),
        Status.CANCELLED: StatusStyle(tr("cancelled"), "cancelled", Token.PAUSED),
        Status.SKIPPED: StatusStyle(tr("skipped"), "skipped", Token.PAUSED),
        Status.MISSING_KEY: StatusStyle(tr("key missing"), "missing-key", Token.ATTENTION),
        Status.UNKNOWN: StatusStyle(tr("no run yet"), "unknown", Token.PAUSED),
        Status.CURRENT: StatusStyle(tr("current"), "success", Token.SUCCESS),
        Status.STALE: StatusStyle(tr("stale"), "attention", Token.ATTENTION),
        Status.ENDED: StatusStyle(tr("ended"), "paused", Token.PAUSED),
        Status.MISSING: StatusStyle(tr("no value"), "unknown", Token.ATTENTION),
    }
    return styles[status]
