"""The open findings that put a day in doubt, by the track they accuse."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date

from tray_app.core.quality import IssueDataset, Severity
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.ledger import Track
from tray_app.datasets.krx.rules.quality.convictions import LEFT_OUT, accepted_rows, accused, row_name
from tray_app.datasets.krx.rules.verification import Accepted
from tray_app.datasets.krx.store.codes import ABOUT_ROWS

Doubts = Mapping[Track, Sequence[str]]


def open_doubts(connection: sqlite3.Connection, day: date) -> Doubts:
    """Return why each track's list of a day is held to be wrong, one text a rule."""
    marks = ", ".join("?" for _ in LEFT_OUT)
    rows = connection.execute(
        "SELECT dataset_name, subject, issue_code, issue_detail FROM data_quality_issues"
        f" WHERE {ABOUT_ROWS} AND trade_date = ?"
        " AND resolved_at IS NULL AND accepted_at IS NULL"
        f" AND (severity = ? OR issue_code IN ({marks})) ORDER BY issue_code, subject",
        (day.isoformat(), Severity.ERROR, *LEFT_OUT),
    ).fetchall()
    found: dict[Track, dict[str, list[str]]] = {}
    for dataset_name, subject, code, detail in rows:
        for track in accused(dataset_name, subject, code):
            found.setdefault(track, {}).setdefault(code, []).append(f"{subject}: {detail}")
    return {track: [_said(code, each) for code, each in by_code.items()] for track, by_code in found.items()}


def accepted_days(connection: sqlite3.Connection) -> frozenset[date]:
    """Return the days that a person has accepted without some rows, of any track."""
    rows = connection.execute(
        "SELECT DISTINCT trade_date FROM data_quality_issues WHERE resolved_at IS NULL AND accepted_at IS NOT NULL"
    )
    return frozenset(date.fromisoformat(row[0]) for row in rows)


def accepted_on(connection: sqlite3.Connection, day: date) -> Mapping[Track, Accepted]:
    """Return what a person has accepted a day without, by track."""
    rows = connection.execute(
        f"SELECT dataset_name, subject, issue_code FROM data_quality_issues WHERE {ABOUT_ROWS}"
        " AND trade_date = ? AND resolved_at IS NULL AND accepted_at IS NOT NULL",
        (day.isoformat(),),
    ).fetchall()
    return accepted_rows(rows)


def left_out_on(connection: sqlite3.Connection, market: Market, day: date) -> frozenset[str]:
    """Return the codes of a market's day whose rows were left out of what is stored."""
    marks = ", ".join("?" for _ in LEFT_OUT)
    rows = connection.execute(
        "SELECT subject FROM data_quality_issues WHERE dataset_name = ? AND trade_date = ? AND resolved_at IS NULL"
        f" AND issue_code IN ({marks}) AND subject LIKE ? || ':%'",
        (IssueDataset.EQUITY, day.isoformat(), *LEFT_OUT, market),
    ).fetchall()
    return frozenset(row_name(IssueDataset.EQUITY, row[0]) for row in rows)


def _said(code: str, details: Sequence[str]) -> str:
    more = f" And {len(details) - 1} more." if len(details) > 1 else ""
    return f"{code} {details[0]}{more}"
