"""Sessions of a set that have no rows in the store: what keeps it from being made, and what it has to say of itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pyarrow as pa

from tray_app.core.days import day_of
from tray_app.core.words import tr
from tray_app.datasets.krx import export_reads as store
from tray_app.datasets.krx.export_reads import LedgerMarks
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.ledger import BarKind, Track
from tray_app.export.files.sessions import SetCalendar, name_of
from tray_app.export.files.tables import iso_days
from tray_app.store.arrow_reader import ArrowReader
from tray_app.store.export_reads import Span

MOST_DAYS_NAMED = 5

Days = Mapping[str, tuple[date, ...]]


class Kind(StrEnum):
    """Why a session has no rows."""

    HEAD = "head"
    HOLE = "hole"
    UNANSWERED = "unanswered"
    TAIL = "tail"


@dataclass(frozen=True, slots=True)
class Series:
    """What is stored of a market or a class of indices: days of the set with rows, and the ends of all that is."""

    track: Track
    present: frozenset[date]
    first: date | None
    last: date | None

    def kind(self, day: date, *, is_unanswered: bool, is_failed: bool) -> Kind:
        """Return why a session has no rows; nothing stored at all is not collected yet, unless asked for in vain."""
        if is_failed:
            return Kind.HOLE
        if self.first is None or self.last is None or day > self.last:
            return Kind.TAIL
        if day < self.first:
            return Kind.HEAD
        return Kind.UNANSWERED if is_unanswered else Kind.HOLE


@dataclass(frozen=True, slots=True)
class MissingSessions:
    """Sessions without rows, by kind and by the name of the series."""

    kinds: Mapping[Kind, Days]

    def of(self, kind: Kind) -> Days:
        """Return the sessions of a kind."""
        return self.kinds.get(kind, {})

    @property
    def notes(self) -> list[str]:
        """Return sentences on what is left out, but for what is not collected yet."""
        return [
            *(
                tr(
                    "{names}: {days} lie before the first stored session and are not in the set. To have them: "
                    "market-tray collect krx --date-from {first} --date-to {last}",
                    names=names,
                    days=said(days),
                    first=days[0],
                    last=days[-1],
                )
                for names, days in _together(self.of(Kind.HEAD))
            ),
            *(
                tr("{names}: the exchange answered without rows for {days}.", names=names, days=said(days))
                for names, days in _together(self.of(Kind.UNANSWERED))
            ),
        ]

    @property
    def not_collected_yet(self) -> dict[str, tuple[str, ...]]:
        """Return the sessions after the last stored one by series: each, or of many the ends."""
        return {
            name: tuple(iso_days(days)) if len(days) <= MOST_DAYS_NAMED else (said(days),)
            for name, days in self.of(Kind.TAIL).items()
        }

    def shape(self) -> dict[str, Any]:
        """Return what the manifest says: every session without rows, and what lies outside all that is stored."""
        every: dict[str, list[date]] = {}
        outside: dict[str, dict[str, Any]] = {}
        for kind, found in self.kinds.items():
            for name, days in found.items():
                every.setdefault(name, []).extend(days)
                if kind in {Kind.HEAD, Kind.TAIL}:
                    ends = {"first": str(days[0]), "last": str(days[-1]), "sessions": len(days)}
                    outside.setdefault(name, {})[str(kind)] = ends
        return {
            "missing_sessions": {name: iso_days(days) for name, days in every.items()},
            "not_collected": outside,
        }


def said(days: Sequence[date]) -> str:
    """Return days as a short text."""
    return str(days[0]) if len(days) == 1 else f"{days[0]}..{days[-1]} ({len(days)})"


def stored_markets(stored: pa.Table, ends: pa.Table, markets: Sequence[Market]) -> list[Series]:
    """Return what is stored of every chosen market. Tables as rows_per_day and newest_days give them."""
    present: dict[str, set[date]] = {}
    for row in stored.to_pylist():
        present.setdefault(row["market_code"], set()).add(day_of(row["trade_date"]))
    known = {row["market_code"]: (day_of(row["first_day"]), day_of(row["last_day"])) for row in ends.to_pylist()}
    return [
        Series(Track(BarKind.EQUITY, market), frozenset(present.get(market, ())), *known.get(market, (None, None)))
        for market in markets
    ]


def stored_classes(reader: ArrowReader, span: Span, indices: pa.Table) -> list[Series]:
    """Return what is stored of the classes of the chosen indices."""
    ids: dict[str, list[int]] = {}
    for row in indices.to_pylist():
        ids.setdefault(row["index_class"], []).append(row["index_id"])
    return [
        Series(
            Track(BarKind.INDEX, index_class),
            frozenset(day_of(number) for number in store.index_days(reader, span, chosen)),
            *store.index_ends(reader, chosen),
        )
        for index_class, chosen in sorted(ids.items())
    ]


def missing_sessions(
    calendar: SetCalendar, series: Sequence[Series], span: Span, marks: LedgerMarks
) -> MissingSessions:
    """Return the sessions without rows. Those that others have rows of and that were asked for in vain are holes."""
    kinds: dict[Kind, dict[str, list[date]]] = {kind: {} for kind in Kind}
    for each in series:
        track = each.track
        has_failed = any(key[:2] == _key(track) for key in marks.failed)
        for day in calendar.without_rows(track, span, each.present):
            is_proven = calendar.is_proven(track, day)
            was_empty = (*_key(track), day) in marks.unanswered
            is_failed = is_proven and (has_failed or was_empty)
            kind = each.kind(day, is_unanswered=was_empty and not is_proven, is_failed=is_failed)
            kinds[kind].setdefault(name_of(track), []).append(day)
    return MissingSessions({kind: {name: tuple(days) for name, days in found.items()} for kind, found in kinds.items()})


def _key(track: Track) -> tuple[str, str]:
    return str(track.dataset), track.market_code


def _together(found: Days) -> list[tuple[str, tuple[date, ...]]]:
    names: dict[tuple[date, ...], list[str]] = {}
    for name, days in found.items():
        names.setdefault(days, []).append(name)
    return [(", ".join(each), days) for days, each in names.items()]
