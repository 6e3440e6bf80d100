"""Whether two stored sessions follow on each other, so that a base price speaks of the close before it."""

from collections.abc import Mapping
from datetime import date

from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.ledger import LedgerEntry


def has_hole(entries: Mapping[date, LedgerEntry], calendar: KrxCalendar, before: date, day: date) -> bool:
    """Whether a session between two days may still be missing. entries: the ledger of a track by session.

    A predicted session that is closed, or was given up as always empty, is no hole.
    """
    between = (session for session in calendar.sessions(before, day) if before < session < day)
    return any(session not in entries or not entries[session].is_without_rows for session in between)
