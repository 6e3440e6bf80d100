"""Quality issues: checking again updates them, a passing check resolves them, nothing is ever said twice."""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from tray_app.core.krx.quality import IssueCode, IssueDataset, QualityIssue
from tray_app.core.krx.rows import Market
from tray_app.core.times import iso_instant
from tray_app.store.series import Seen

# An instrument's id by market, code and day, if one was listed then.
InstrumentOn = Callable[[Market, str, date], int | None]

RESOLVE = (
    "UPDATE data_quality_issues SET resolved_at = ?"
    " WHERE dataset_name = ? AND trade_date = ? AND subject = ? AND issue_code = ?"
)


@dataclass(frozen=True, slots=True)
class Decided:
    """What a check has decided: every issue of these codes of a dataset's day, of some subjects only or of all."""

    dataset: IssueDataset
    day: date
    codes: Collection[IssueCode]
    subjects: Collection[str] | None = None

    def holds(self, subject: str, code: str) -> bool:
        """Whether an issue of the day was decided on."""
        return code in self.codes and (self.subjects is None or subject in self.subjects)


def keep_issues(
    connection: sqlite3.Connection,
    decided: Decided,
    issues: Sequence[QualityIssue],
    instrument_on: InstrumentOn,
    seen: Seen,
) -> None:
    """Write what a check found, and resolve what it no longer finds."""
    at = iso_instant(seen.at)
    found = {issue.key: issue for issue in issues}
    rows = connection.execute(
        "SELECT subject, issue_code FROM data_quality_issues"
        " WHERE dataset_name = ? AND trade_date = ? AND resolved_at IS NULL",
        (decided.dataset, decided.day.isoformat()),
    ).fetchall()
    gone = [
        (at, decided.dataset, decided.day.isoformat(), subject, code)
        for subject, code in rows
        if decided.holds(subject, code) and (decided.dataset, decided.day, subject, code) not in found
    ]
    connection.executemany(RESOLVE, gone)
    _upsert(connection, list(found.values()), instrument_on, seen)


def keep_standing(
    connection: sqlite3.Connection,
    codes: Collection[IssueCode],
    issues: Sequence[QualityIssue],
    instrument_on: InstrumentOn,
    seen: Seen,
) -> list[QualityIssue]:
    """Make these all the issues of some codes, of whatever day; returns those that were not open before.

    What is said already stays untouched, so that asking every day writes nothing.
    """
    at = iso_instant(seen.at)
    found = {issue.key: issue for issue in issues}
    marks = ", ".join("?" for _ in codes)
    rows = connection.execute(
        "SELECT dataset_name, trade_date, subject, issue_code, severity, issue_detail FROM data_quality_issues"
        f" WHERE resolved_at IS NULL AND issue_code IN ({marks})",
        tuple(codes),
    ).fetchall()
    said = {(row[0], date.fromisoformat(row[1]), row[2], row[3]): (row[4], row[5]) for row in rows}
    gone = [(at, key[0], key[1].isoformat(), *key[2:]) for key in said.keys() - found.keys()]
    connection.executemany(RESOLVE, gone)
    changed = [issue for key, issue in found.items() if said.get(key) != (issue.severity, issue.detail)]
    _upsert(connection, changed, instrument_on, seen)
    return [issue for issue in changed if issue.key not in said]


def _upsert(
    connection: sqlite3.Connection, issues: Sequence[QualityIssue], instrument_on: InstrumentOn, seen: Seen
) -> None:
    at = iso_instant(seen.at)
    connection.executemany(
        """
        INSERT INTO data_quality_issues (dataset_name, trade_date, subject, issue_code, severity, instrument_id,
            index_code, issue_detail, first_seen_at, last_seen_at, run_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (dataset_name, trade_date, subject, issue_code) DO UPDATE SET severity = excluded.severity,
            instrument_id = COALESCE(excluded.instrument_id, data_quality_issues.instrument_id),
            issue_detail = excluded.issue_detail, last_seen_at = excluded.last_seen_at, resolved_at = NULL,
            run_id = excluded.run_id
        """,
        [
            (
                issue.dataset_name,
                issue.trade_date.isoformat(),
                issue.subject,
                issue.issue_code,
                issue.severity,
                _instrument_id(issue, instrument_on),
                issue.index_code,
                issue.detail,
                at,
                at,
                seen.run_id,
            )
            for issue in issues
        ],
    )


def _instrument_id(issue: QualityIssue, instrument_on: InstrumentOn) -> int | None:
    if issue.external_code is None or issue.market_code is None:
        return None
    return instrument_on(Market(issue.market_code), issue.external_code, issue.trade_date)
