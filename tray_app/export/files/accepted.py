"""Sessions of a set that a person has accepted without their rows in doubt: what it lacks, and what nobody can know.

Of such a row neither base price nor close is known: no factor speaks of it, and the issue's next row may hide one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tray_app.core.words import tr
from tray_app.datasets.krx.rules.ledger import BarKind
from tray_app.datasets.krx.rules.quality.convictions import LEFT_OUT, accepted_rows, accused, row_name
from tray_app.export.files.instruments import Instruments
from tray_app.export.files.missing import Series, said
from tray_app.export.files.sessions import name_of

InstrumentDay = tuple[int, date]


@dataclass(frozen=True, slots=True)
class AcceptedSession:
    """A session of a series: the rows it lacks and those nobody believes, by code or index name, and the findings."""

    series: Series
    day: date
    missing: tuple[str, ...]
    in_doubt: tuple[str, ...]
    findings: tuple[str, ...]

    @property
    def next_day(self) -> date | None:
        """Return the next session with rows of the set."""
        return min((day for day in self.series.present if day > self.day), default=None)


@dataclass(frozen=True, slots=True)
class AcceptedSessions:
    """All of a set."""

    sessions: tuple[AcceptedSession, ...]

    def notes(self, place: str) -> list[str]:
        """Return sentences for who gets the set. place: where in the manifest they stand."""
        days: dict[str, list[date]] = {}
        for each in self.sessions:
            days.setdefault(name_of(each.series.track), []).append(each.day)
        text = tr("{name}: a person has accepted {days} without rows in doubt; {place} names them.")
        return [text.format(name=name, days=said(sorted(found)), place=place) for name, found in days.items()]

    def shape(self) -> dict[str, Any]:
        """Return what the manifest says: by series and day the rows and the findings."""
        found: dict[str, dict[str, Any]] = {}
        for each in self.sessions:
            told = {"missing": each.missing, "in_doubt": each.in_doubt, "findings": each.findings}
            by_day = found.setdefault(name_of(each.series.track), {})
            by_day[each.day.isoformat()] = {key: list(values) for key, values in told.items()}
        return found

    def invalid(self, instruments: Instruments) -> list[InstrumentDay]:
        """Return the (instrument id, day) of stored rows that nobody believes."""
        found = ((each, each.in_doubt, each.day) for each in self.sessions)
        return _rows(found, instruments)

    def unresolved(self, instruments: Instruments) -> list[InstrumentDay]:
        """Return the (instrument id, day) of the rows right behind."""
        found = ((each, (*each.missing, *each.in_doubt), each.next_day) for each in self.sessions)
        return _rows(found, instruments)


def accepted_sessions(findings: Sequence[Mapping[str, Any]], series: Iterable[Series]) -> AcceptedSessions:
    """Return the accepted sessions of some series. findings: dataset_name, trade_date, subject, issue_code of each."""
    known = {each.track: each for each in series}
    by_day: dict[str, list[Mapping[str, Any]]] = {}
    for row in findings:
        by_day.setdefault(row["trade_date"], []).append(row)
    found = list[AcceptedSession]()
    for text, rows in sorted(by_day.items()):
        day = date.fromisoformat(text)
        keys = [(row["dataset_name"], row["subject"], row["issue_code"]) for row in rows]
        for track, accepted in sorted(accepted_rows(keys).items()):
            if track not in known or day not in known[track].present:
                continue
            own = [key for key in keys if track in accused(*key)]
            gone = {row_name(key[0], key[1]) or key[1] for key in own if key[2] in LEFT_OUT}
            rest = accepted.rows - gone
            codes = tuple(sorted({str(key[2]) for key in own}))
            found.append(
                AcceptedSession(known[track], day, tuple(sorted(accepted.rows & gone)), tuple(sorted(rest)), codes)
            )
    return AcceptedSessions(tuple(found))


def _rows(
    wanted: Iterable[tuple[AcceptedSession, tuple[str, ...], date | None]], instruments: Instruments
) -> list[InstrumentDay]:
    asked = [
        (each.series.track.market_code, code, day.isoformat())
        for each, codes, day in wanted
        for code in codes
        if day is not None and each.series.track.dataset is BarKind.EQUITY
    ]
    if not asked:
        return []
    columns = ("instrument_id", "market_code", "external_code", "first_seen", "last_seen")
    episodes: dict[tuple[str, str], list[tuple[int, str, str]]] = {}
    for number, market, code, first, last in zip(
        *(instruments.table.column(name).to_pylist() for name in columns), strict=True
    ):
        episodes.setdefault((market, code), []).append((number, first, last))
    return [
        (number, date.fromisoformat(text))
        for market, code, text in asked
        for number, first, last in episodes.get((market, code), ())
        if first <= text <= last
    ]
