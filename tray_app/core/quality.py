"""Quality issues of every dataset: what they are, how much they matter, and the rules that speak of values.

The rules of the Korea Exchange are in its dataset's rules/quality.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol


class Severity(StrEnum):
    """How much an issue matters: an ERROR blocks the export of its dataset, a WARN is flagged, an INFO only said."""

    INFO = "INFO"
    WARN = "WARN"
    ERROR = "ERROR"


class ValueCode(StrEnum):
    """The rules on rows and values of any source."""

    DATE_IMPOSSIBLE = "DATE_IMPOSSIBLE"
    ROW_SET_ASIDE = "ROW_SET_ASIDE"
    LISTING_SET_ASIDE = "LISTING_SET_ASIDE"
    STALE_ANSWER = "STALE_ANSWER"
    VALUE_SIGN = "VALUE_SIGN"
    VALUE_RANGE = "VALUE_RANGE"
    VALUE_JUMP = "VALUE_JUMP"
    VALUE_FROZEN = "VALUE_FROZEN"
    HISTORY_SEAM = "HISTORY_SEAM"
    SOURCE_STANDS_STILL = "SOURCE_STANDS_STILL"


# What is found under these may have no date of its own; what is found under the others is of a day.
UNDATED_CODES = frozenset(
    {
        ValueCode.DATE_IMPOSSIBLE,
        ValueCode.STALE_ANSWER,
        ValueCode.HISTORY_SEAM,
        ValueCode.SOURCE_STANDS_STILL,
    }
)
DATED_CODES = frozenset(ValueCode) - UNDATED_CODES
# These speak of today's answer: an answer about the past decides nothing of them.
NEWEST_CODES = frozenset({ValueCode.STALE_ANSWER, ValueCode.SOURCE_STANDS_STILL})


@dataclass(frozen=True, slots=True)
class QualityIssue:
    """A finding. Its key makes checking again update it, and a passing check resolve it.

    dataset_name: what it is about, a word of its dataset's. is_undated: what it is about has no date of its own, so
    trade_date is the day it was found; found again on a later day it stays on its first.
    """

    dataset_name: str
    trade_date: date
    subject: str
    issue_code: str
    severity: Severity
    detail: str
    market_code: str | None = None
    external_code: str | None = None
    index_code: str | None = None
    is_undated: bool = False

    @property
    def key(self) -> tuple[str, date, str, str]:
        """Return what names the issue: dataset, day, subject and code."""
        return self.dataset_name, self.trade_date, self.subject, self.issue_code


class QualityRule(Protocol):
    """A rule of any dataset."""

    @property
    def code(self) -> str:
        """Return its name."""

    @property
    def text(self) -> str:
        """Return what a finding under it means."""


@dataclass(frozen=True, slots=True)
class ValueRule:
    """A rule on rows and values of any source."""

    code: ValueCode
    severity: Severity
    text: str


_C, _E, _W = ValueCode, Severity.ERROR, Severity.WARN

VALUE_RULES: Mapping[str, ValueRule] = MappingProxyType(
    {
        rule.code: rule
        for rule in (
            ValueRule(_C.DATE_IMPOSSIBLE, _W, "rows dated before the source's life or after its tomorrow; left out"),
            ValueRule(_C.ROW_SET_ASIDE, _W, "rows with a value that cannot be; left out, the others are kept"),
            ValueRule(_C.LISTING_SET_ASIDE, _W, "rows of a master list with a value that cannot be; left out of it"),
            ValueRule(_C.STALE_ANSWER, _W, "the answer is older than the source's rhythm allows"),
            ValueRule(_C.VALUE_SIGN, _E, "a value has a sign that it cannot have"),
            ValueRule(_C.VALUE_RANGE, _E, "a value lies outside the range of its series"),
            ValueRule(_C.VALUE_JUMP, _W, "a value moved far more than its series ever does"),
            ValueRule(_C.VALUE_FROZEN, _W, "the same value for longer than its series ever stands still"),
            ValueRule(_C.HISTORY_SEAM, _W, "a price history was divided anew in part only; what was stored is kept"),
            ValueRule(_C.SOURCE_STANDS_STILL, _W, "the source answers the same for longer than it ever does"),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of a series, coin or document; day is nothing where what was found has no date of its own."""

    subject: str
    code: ValueCode
    detail: str
    day: date | None = None

    def issue(self, dataset: str, today: date) -> QualityIssue:
        """Return it as an issue of a dataset; without a date of its own it stands on the day it was found."""
        return QualityIssue(
            dataset,
            self.day or today,
            self.subject,
            self.code,
            VALUE_RULES[self.code].severity,
            self.detail,
            is_undated=self.day is None,
        )


@dataclass(frozen=True, slots=True)
class FoundIssue:
    """A quality issue; external_code and name tell the instrument it is about, if it is about one."""

    dataset_name: str
    trade_date: date
    subject: str
    issue_code: str
    severity: str
    external_code: str | None
    instrument_name: str | None
    index_code: str | None
    detail: str
    first_seen_at: str
    last_seen_at: str
    resolved_at: str | None
    acknowledged_note: str | None
    accepted_at: str | None = None
    accepted_by: str | None = None

    @property
    def key(self) -> tuple[str, date, str, str]:
        """Return what tells an issue from every other."""
        return self.dataset_name, self.trade_date, self.subject, self.issue_code


@dataclass(frozen=True, slots=True)
class StandingSource:
    """A source that answers the same for too long: its dataset, its name among the issues, and since when."""

    dataset: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class DoubtFinding:
    """An open finding that puts a day in doubt, or did so until a person accepted it (who, and when, UTC)."""

    dataset_name: str
    subject: str
    issue_code: str
    detail: str
    first_seen_at: datetime
    last_seen_at: datetime
    accepted_at: datetime | None = None
    accepted_by: str = ""
    accepted_note: str = ""

    @property
    def text(self) -> str:
        """Return it in one line."""
        return f"{self.issue_code} {self.subject}: {self.detail}"
