"""Rows of an answer that cannot be: left out, counted and named, while the rest is kept.

An answer with more than a few of them is of another form than the one known here, and nothing of it can be believed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from tray_app.core.quality import Finding, ValueCode
from tray_app.core.words import tr

Row = TypeVar("Row")

FEW = 3
FEW_OF_A_HUNDRED = 1
NAMED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that was left out: what it is of (a series, a coin, a code), why, and its date where that can be."""

    subject: str
    reason: str
    day: date | None = None
    code: ValueCode = ValueCode.ROW_SET_ASIDE


@dataclass(frozen=True, slots=True)
class Sifted(Generic[Row]):
    """The good rows of an answer in the order they came, and the others."""

    rows: tuple[Row, ...]
    faults: tuple[RowFault, ...] = ()


def are_too_many(faults: int, rows: int) -> bool:
    """Whether so many of an answer's rows are at fault that it is the answer that is wrong: all, or more than a few."""
    return faults > max(FEW, rows * FEW_OF_A_HUNDRED // 100) or (faults == rows and rows > 0)


def findings(faults: Iterable[RowFault]) -> tuple[Finding, ...]:
    """Return one finding a subject and kind of fault: how many rows, the first ones named; on the first one's day."""
    groups: dict[tuple[str, ValueCode], list[RowFault]] = {}
    for fault in faults:
        groups.setdefault((fault.subject, fault.code), []).append(fault)
    return tuple(_finding(subject, code, group) for (subject, code), group in groups.items())


def _finding(subject: str, code: ValueCode, group: list[RowFault]) -> Finding:
    reasons = Counter(fault.reason for fault in group).most_common()
    named = [reason if count == 1 else f"{reason} ({count})" for reason, count in reasons[:NAMED_AT_MOST]]
    if reasons[NAMED_AT_MOST:]:
        named.append("...")
    count = tr("1 row") if len(group) == 1 else tr("{count} rows", count=len(group))
    days = [fault.day for fault in group if fault.day is not None]
    return Finding(subject, code, f"{count}: {'; '.join(named)}", min(days, default=None))
