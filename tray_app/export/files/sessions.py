"""Which days must have rows: one rule for making a set and for verifying it.

A session is a day that rows have proven to be one, or a weekday that is predicted as one and should be published by
now. Days that the calendar does not hold are predicted, and so are days that it knows nothing certain of.
"""

from collections.abc import Container, Iterable
from datetime import date, datetime, timedelta
from enum import IntEnum
from functools import cached_property

import pyarrow as pa

from tray_app.core.days import is_weekday
from tray_app.core.times import kst_date
from tray_app.datasets.krx.rules.calendar import DayState, Evidence, KrxCalendar
from tray_app.datasets.krx.rules.ledger import BarKind, Track
from tray_app.store.export_reads import Span

CLASS = ":*"
SESSION_EVIDENCE = frozenset({Evidence.PREDICTED_SESSION, Evidence.EMPTY_ANSWERS})


class SessionCertainty(IntEnum):
    """How sure a session is."""

    NONE = 0
    PREDICTED = 1
    PROVEN = 2


def name_of(track: Track) -> str:
    """Return a series as sets name it: a market, or a class of indices as `KOSPI:*`."""
    return track.market_code + (CLASS if track.dataset is BarKind.INDEX else "")


def track_of(name: str) -> Track:
    """Return the series of a name."""
    dataset = BarKind.INDEX if name.endswith(CLASS) else BarKind.EQUITY
    return Track(dataset, name.removesuffix(CLASS))


class SetCalendar:
    """The sessions of a set by its calendar, as the store or the set itself holds it, as of an instant."""

    def __init__(self, table: pa.Table, now: datetime) -> None:
        self._now, self._today = now, kst_date(now)
        self._prediction = KrxCalendar()
        self._by_market: dict[str, dict[date, SessionCertainty]] = {}
        self._any: dict[date, SessionCertainty] = {}
        columns = (table.column(name).to_pylist() for name in ("market_code", "trade_date", "state", "evidence"))
        for market, text, state, evidence in zip(*columns, strict=True):
            day, standing = date.fromisoformat(str(text)[:10]), _standing(state, evidence)
            self._by_market.setdefault(market, {})[day] = standing
            self._any[day] = max(standing, self._any.get(day, standing))
        self._end = max([self._today, *self._any])

    def without_rows(self, track: Track, span: Span, present: Container[date]) -> list[date]:
        """Return the sessions of a series that are not among the present ones, ascending."""
        days = _days(max(span.first, track.first_day), min(span.last, self._end))
        return [day for day in days if day not in present and self._is_session(track, day)]

    def is_proven(self, track: Track, day: date) -> bool:
        """Whether rows, of whatever series, have shown the exchange to be open."""
        return self._known(track, day) is SessionCertainty.PROVEN

    def _is_session(self, track: Track, day: date) -> bool:
        standing = self._known(track, day)
        if standing is None:
            # The prediction is asked last: its first answer takes half a second.
            return is_weekday(day) and self._is_due(day) and self._prediction.is_session(day)
        return standing is SessionCertainty.PROVEN or (standing is SessionCertainty.PREDICTED and self._is_due(day))

    def _known(self, track: Track, day: date) -> SessionCertainty | None:
        own = self._by_market.get(track.market_code, {}) if track.dataset is BarKind.EQUITY else {}
        return own.get(day, self._any.get(day))

    def _is_due(self, day: date) -> bool:
        return day < self._today and day <= self._newest_due

    @cached_property
    def _newest_due(self) -> date:
        return self._prediction.latest_publishable(self._now)


def _standing(state: str, evidence: str) -> SessionCertainty:
    if state == DayState.OPEN:
        return SessionCertainty.PROVEN
    is_predicted = state == DayState.UNKNOWN and evidence in SESSION_EVIDENCE
    return SessionCertainty.PREDICTED if is_predicted else SessionCertainty.NONE


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))
