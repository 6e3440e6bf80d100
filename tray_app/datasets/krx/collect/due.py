"""Which sessions of the Korea Exchange a run should ask for."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from tray_app.core.days import is_weekday
from tray_app.core.model import Window
from tray_app.datasets.krx.collect.context import KrxRunContext
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.ledger import (
    BarKind,
    LedgerEntry,
    SessionRange,
    Track,
    collection_start,
    due_sessions,
    held_back,
    is_open,
    recent_sessions,
)


def sessions_due(context: KrxRunContext, pending: Sequence[Window]) -> dict[Track, list[date]]:
    """Return the sessions to ask for, by track.

    With a window its missing sessions. Without one every hole since the first stored session, but what a pending
    request for history is going to fill: today's run stays short.
    """
    window, tracks, calendar, now = context.window, context.tracks, context.calendar, context.now
    if window is not None:
        wanted = SessionRange(window.date_from, window.date_to, window.newest_first, insist=True, again=window.is_again)
        meant = [track for track in tracks if window.means(track.market_code)]
        due = {track: due_sessions(track, context.ledger.entries(track), calendar, now, wanted) for track in meant}
        if not any(due.values()):
            due = _doubted(context, window, meant)
        done = {track: _done_again(context, track, window) for track in meant}
        return {track: [day for day in due.get(track, ()) if day not in done[track]] for track in meant}
    entries = _entries(context)
    wanted = SessionRange(_start(entries, calendar, now))
    recent = frozenset(recent_sessions(calendar, now))
    return {
        track: [
            day
            for day in due_sessions(track, entries[track], calendar, now, wanted)
            if day in recent or not any(_holds(each, day) for each in pending)
        ]
        for track in tracks
    }


def _doubted(context: KrxRunContext, window: Window, tracks: Sequence[Track]) -> dict[Track, list[date]]:
    """Return the one weekday of a window although it is predicted closed: whoever names it doubts the prediction."""
    day, now = window.date_from, context.now
    is_asked = day == window.date_to and is_weekday(day) and day <= context.calendar.latest_publishable(now)
    return {
        track: [day]
        if is_asked and (window.is_again or is_open(context.ledger.entries(track).get(day), now, insist=True))
        else []
        for track in tracks
    }


def _done_again(context: KrxRunContext, track: Track, window: Window) -> frozenset[date]:
    """Return the sessions that were asked for again already since the window was asked for."""
    if window.again_since is None:
        return frozenset()
    return frozenset(each.first for each in context.again.since(track.subject, window.again_since))


def sessions_waiting(context: KrxRunContext) -> dict[Track, list[LedgerEntry]]:
    """Return the holes since the first stored session that are left until their next try, by track."""
    entries, calendar, now = _entries(context), context.calendar, context.now
    start = _start(entries, calendar, now)
    return {track: held_back(track, entries[track], calendar, now, start) for track in context.tracks}


def _entries(context: KrxRunContext) -> dict[Track, Mapping[date, LedgerEntry]]:
    return {track: context.ledger.entries(track) for track in context.tracks}


def _start(entries: Mapping[Track, Mapping[date, LedgerEntry]], calendar: KrxCalendar, now: datetime) -> date:
    return collection_start([entry for each in entries.values() for entry in each.values()], calendar, now)


def expected_told_again(context: KrxRunContext, due: Mapping[Track, Sequence[date]]) -> int:
    """Return how many master lists of these sessions are stored: they are asked for again with the sessions."""
    markets = {Market(track.market_code): days for track, days in due.items() if track.dataset is BarKind.EQUITY}
    return sum(len({*days} & {*context.listings.master_lists(market)}) for market, days in markets.items())


def _holds(window: Window, day: date) -> bool:
    return not window.only and window.date_from <= day <= (window.date_to or date.max)
