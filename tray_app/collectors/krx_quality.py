"""Checks new days by the quality rules."""

from collections.abc import Iterable
from datetime import date

from tray_app.collectors.base import RunContext
from tray_app.core.krx.calendar import KrxCalendar
from tray_app.store.krx.store import KrxStore


def check_quality(store: KrxStore, calendar: KrxCalendar, days: Iterable[date], context: RunContext) -> str:
    """Placeholder until the rules land."""
    return "nothing checked"
