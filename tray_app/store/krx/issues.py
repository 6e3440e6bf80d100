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


@dataclass(frozen=True, slots=True)
class Decided:
    """What a check has decided: every issue of these codes of a dataset's day."""

    dataset: IssueDataset
    day: date
    codes: Collection[IssueCode]


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
        if code in decided.codes and (decided.dataset, decided.day, subject, code) not in found
    ]
    connection.executemany(
        "UPDATE data_quality_issues SET resolved_at = ?"
        " WHERE dataset_name = ? AND trade_date = ? AND subject = ? AND issue_code = ?",
        gone,
    )
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
            for issue in found.values()
        ],
    )


def _instrument_id(issue: QualityIssue, instrument_on: InstrumentOn) -> int | None:
    if issue.external_code is None or issue.market_code is None:
        return None
    return instrument_on(Market(issue.market_code), issue.external_code, issue.trade_date)
