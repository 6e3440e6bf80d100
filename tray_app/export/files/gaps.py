"""Sessions whose adjustment factors nobody can know: their base prices speak of closes that are missing or in doubt."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from tray_app.core.quality import QualityIssue, Severity
from tray_app.core.words import tr
from tray_app.datasets.krx.export_reads import LedgerMarks
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.ledger import BarKind, Track
from tray_app.datasets.krx.rules.quality.actions import unknown_factors_issue
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, index_issue, market_issue
from tray_app.export.files.instruments import Instruments
from tray_app.export.files.missing import Days, Kind, MissingSessions, Series, said
from tray_app.export.files.sessions import name_of, track_of
from tray_app.export.files.tables import iso_days

ISSUE_COLUMNS = pa.schema(
    [
        ("dataset_name", pa.string()),
        ("trade_date", pa.string()),
        ("subject", pa.string()),
        ("issue_code", pa.string()),
        ("severity", pa.string()),
        ("instrument_id", pa.int64()),
        ("index_code", pa.string()),
        ("issue_detail", pa.string()),
        ("acknowledged_note", pa.string()),
        ("is_accepted", pa.int64()),
    ]
)
ISSUE_ORDER = ("trade_date", "dataset_name", "subject", "issue_code")


@dataclass(frozen=True, slots=True)
class Gaps:
    """By market: the sessions whose factors are unknown, and those without rows that were given up as closed days.

    certain: the unknown ones behind a hole or in doubt; the others follow on a session the exchange knows nothing of
    yet. in_doubt: by series, the sessions whose rows are held to be wrong.
    """

    unknown: Days
    certain: Days
    given_up: Days
    in_doubt: Days

    @property
    def notes(self) -> list[str]:
        """Return sentences for who gets the set."""
        text = tr("{name}: the adjustment factors of {days} are unknown, as sessions before are missing or in doubt.")
        return [text.format(name=name, days=said(days)) for name, days in self.unknown.items()]

    def shape(self) -> dict[str, Any]:
        """Return what the manifest says."""
        named = {
            "unknown_factors": self.unknown,
            "given_up_sessions": self.given_up,
            "sessions_in_doubt": self.in_doubt,
        }
        return {key: {name: iso_days(days) for name, days in found.items()} for key, found in named.items()}

    def unknown_rows(self, instruments: Instruments) -> list[tuple[int, date]]:
        """Return the (instrument id, day) of the rows behind a gap."""
        columns = ("instrument_id", "market_code", "first_seen", "last_seen")
        rows = zip(*(instruments.table.column(name).to_pylist() for name in columns), strict=True)
        ends = [(number, market, first, last) for number, market, first, last in rows if market in self.unknown]
        return [
            (number, day)
            for number, market, first, last in ends
            for day in self.unknown[market]
            if first <= day.isoformat() <= last
        ]


def gaps_of(series: Sequence[Series], missing: MissingSessions, marks: LedgerMarks) -> Gaps:
    """Return the gaps of some series of a set."""
    unknown, certain, given_up, in_doubt = (dict[str, tuple[date, ...]]() for _ in range(4))
    for each in series:
        track, name, present = each.track, name_of(each.track), sorted(each.present)
        doubted = [day for day in present if _key(track, day) in marks.in_doubt]
        empty = missing.of(Kind.UNANSWERED).get(name, ())
        rested = [day for day in empty if _key(track, day) in marks.given_up]
        _note(in_doubt, name, doubted)
        if track.dataset is BarKind.EQUITY:
            sure = _behind(present, [*missing.of(Kind.HOLE).get(name, ()), *doubted]) | set(doubted)
            _note(certain, name, sure)
            _note(unknown, name, sure | _behind(present, [day for day in empty if day not in rested]))
            _note(given_up, name, rested)
    return Gaps(unknown, certain, given_up, in_doubt)


def with_gaps(issues: pa.Table, missing: MissingSessions, gaps: Gaps, *, is_adjusted: bool) -> pa.Table:
    """Return the issues of a set with those that only the set as a whole tells of, in the file's order."""
    found = [*_missing_issues(missing), *(_unknown_issues(gaps) if is_adjusted else ())]
    rows = issues.to_pylist()
    known = {tuple(row[name] for name in ISSUE_ORDER) for row in rows}
    added = [row for row in map(_row, found) if tuple(row[name] for name in ISSUE_ORDER) not in known]
    if not added:
        return issues
    rows = sorted([*rows, *added], key=lambda row: tuple(row[name] or "" for name in ISSUE_ORDER))
    return pa.Table.from_pylist(rows, schema=ISSUE_COLUMNS)


def _missing_issues(missing: MissingSessions) -> list[QualityIssue]:
    found = list[QualityIssue]()
    for name, days in missing.of(Kind.HOLE).items():
        make = market_issue if track_of(name).dataset is BarKind.EQUITY else index_issue
        found += [make(day, name, IssueCode.DAY_MISSING, "No rows in the store.") for day in days]
    return found


def _unknown_issues(gaps: Gaps) -> list[QualityIssue]:
    return [
        unknown_factors_issue(day, Market(name), is_certain=day in gaps.certain.get(name, ()))
        for name, days in gaps.unknown.items()
        for day in days
    ]


def _row(issue: QualityIssue) -> dict[str, object]:
    return {
        "dataset_name": str(issue.dataset_name),
        "trade_date": issue.trade_date.isoformat(),
        "subject": issue.subject,
        "issue_code": str(issue.issue_code),
        "severity": str(Severity(issue.severity)),
        "instrument_id": -1,
        "index_code": issue.index_code,
        "issue_detail": issue.detail,
        "acknowledged_note": None,
        "is_accepted": 0,
    }


def _behind(present: Sequence[date], days: Sequence[date]) -> set[date]:
    places = {bisect_right(present, day) for day in days}
    return {present[place] for place in places if place < len(present)}


def _note(found: dict[str, tuple[date, ...]], name: str, days: "set[date] | Sequence[date]") -> None:
    if days:
        found[name] = tuple(sorted(days))


def _key(track: Track, day: date) -> tuple[str, str, date]:
    return str(track.dataset), track.market_code, day
