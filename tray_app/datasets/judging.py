"""What was found of an answer's rows and values, told as issues of their dataset and in the step's note."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tray_app.core.errors import StaleAnswer
from tray_app.core.outcome import Missing
from tray_app.core.quality import (
    DATED_CODES,
    NEWEST_CODES,
    UNDATED_CODES,
    VALUE_RULES,
    Finding,
    Severity,
    ValueCode,
)
from tray_app.core.times import utc_date
from tray_app.core.words import tr
from tray_app.datasets.collector import StepDone
from tray_app.store.issues import ISSUE_TABLES, Check, CheckScope, Note

NAMED_AT_MOST = 3
NO_DAY = date.max


@dataclass(frozen=True, slots=True)
class Judged:
    """Findings of answers, each to be stored in the transaction that stores its answer (notes)."""

    notes: tuple[Note, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_stale(self) -> bool:
        """Whether the answer is older than its source's rhythm."""
        return any(finding.code is ValueCode.STALE_ANSWER for finding in self.findings)

    def __add__(self, other: "Judged") -> "Judged":
        """Return both together."""
        return Judged((*self.notes, *other.notes), (*self.findings, *other.findings))

    def noting(self, *notes: Note) -> "Judged":
        """Return it with more to be stored along with the answer."""
        return replace(self, notes=(*self.notes, *notes))

    def step(self, done: StepDone) -> StepDone:
        """Return a step's end that tells them; what a stale answer lacks is missing."""
        if not self.findings:
            return done
        old = [finding for finding in self.findings if finding.code is ValueCode.STALE_ANSWER]
        severities = [VALUE_RULES[finding.code].severity for finding in self.findings]
        return replace(
            done,
            note=self._note(done.note),
            tables=done.tables | ISSUE_TABLES,
            warnings=done.warnings + severities.count(Severity.WARN),
            errors=done.errors + severities.count(Severity.ERROR),
            missing=(*done.missing, *(Missing(StaleAnswer(each.detail), each.subject) for each in old)),
        )

    def _note(self, note: str) -> str:
        told = [finding for finding in self.findings if finding.code is not ValueCode.STALE_ANSWER]
        if not told:
            return note
        named = [f"{finding.subject}: {finding.detail}" for finding in told[:NAMED_AT_MOST]]
        more = len(told) - len(named)
        if more > 0:
            named.append(tr("and {count} more", count=more))
        return "; ".join([*([note] if note else []), *named])


def judged(  # noqa: PLR0913 - what is judged, each plain
    dataset: str,
    subjects: Collection[str],
    findings: Iterable[Finding],
    since: date,
    now: datetime,
    *,
    is_newest: bool = True,
) -> Judged:
    """Return what an answer about some subjects, from a date on, was found to be; `now` is when it came.

    What was found of these days before and is not any more is resolved; since=NO_DAY leaves it as it is. is_newest:
    today's values were asked for, so that the answer's age says something of its source.
    """
    found = tuple(findings)
    today = utc_date(now)
    through = today + timedelta(days=1)
    issues = [finding.issue(dataset, today) for finding in found]
    decided = (
        CheckScope(dataset, date.min, UNDATED_CODES if is_newest else UNDATED_CODES - NEWEST_CODES, subjects, through),
        CheckScope(dataset, since, DATED_CODES, subjects, through),
    )
    notes = tuple(Check(each, [issue for issue in issues if issue.issue_code in each.codes]) for each in decided)
    return Judged(notes, found)


def stale(subject: str, newest: datetime | date, rhythm: timedelta, now: datetime) -> tuple[Finding, ...]:
    """Return that an answer is older than its source's rhythm, if it is. A date counts by UTC days."""
    if isinstance(newest, datetime):
        age = now - newest
        text = tr(
            "the answer is of {at:%Y-%m-%d %H:%M} UTC, {hours} hours old", at=newest, hours=age // timedelta(hours=1)
        )
    else:
        age = timedelta(days=(utc_date(now) - newest).days)
        text = tr("the newest value is of {day}, {days} days old", day=newest, days=age.days)
    return (Finding(subject, ValueCode.STALE_ANSWER, text),) if age > rhythm else ()
