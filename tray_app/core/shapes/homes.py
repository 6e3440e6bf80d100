"""The JSON shapes of a home: its state, its health, its issues, days in doubt, and copies of its database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tray_app.core.health import Finding, Storage
from tray_app.core.overview import Overview
from tray_app.core.quality import DoubtFinding, FoundIssue, StandingSource
from tray_app.core.shapes.runs import overview_shape
from tray_app.core.times import iso_instant


def status_shape(
    overview: Overview, storage: Storage, still: Iterable[StandingSource], calls: Mapping[str, int], version: str
) -> dict[str, Any]:
    """Return a home as `status --json` prints it; calls: those of the Korean day, by source."""
    return {
        **overview_shape(overview),
        "storage": {
            "database": str(storage.database),
            "database_bytes": storage.database_bytes,
            "free_bytes": storage.free_bytes,
            "backups": [str(path) for path in storage.backups],
        },
        "standing_still": [{"dataset": each.dataset, "source": each.subject, "detail": each.detail} for each in still],
        "api_usage_today": dict(calls),
        "version": version,
    }


def health_shape(findings: Collection[Finding]) -> dict[str, Any]:
    """Return what a look at everything has found as `doctor --json` prints it."""
    return {
        "healthy": all(finding.is_well for finding in findings),
        "findings": [
            {"what": finding.what, "well": finding.is_well, "detail": finding.detail, "advice": finding.advice}
            for finding in findings
        ],
    }


def issue_shape(issue: FoundIssue) -> dict[str, Any]:
    """Return a quality issue; instants are as the store keeps them, ISO in UTC."""
    return {
        "dataset": issue.dataset_name,
        "date": issue.trade_date.isoformat(),
        "code": issue.issue_code,
        "severity": issue.severity,
        "subject": issue.subject,
        "name": issue.instrument_name,
        "detail": issue.detail,
        "first_seen_at": issue.first_seen_at,
        "resolved_at": issue.resolved_at,
        "acknowledged_note": issue.acknowledged_note,
        "accepted_at": issue.accepted_at,
    }


def doubted_day_shape(
    place: tuple[date, str],
    rows: Sequence[str],
    findings: Iterable[DoubtFinding],
    *,
    refusal: str | None,
    accepted: bool,
) -> dict[str, Any]:
    """Return a day of a market that is in doubt or accepted; refusal: why it cannot be accepted yet."""
    day, market = place
    return {
        "date": day.isoformat(),
        "market": market,
        "accepted": accepted,
        "rows": list(rows),
        "findings": [
            {
                "code": each.issue_code,
                "subject": each.subject,
                "detail": each.detail,
                "accepted_at": iso_instant(each.accepted_at) if each.accepted_at else None,
                "accepted_by": each.accepted_by or None,
                "note": each.accepted_note or None,
            }
            for each in findings
        ],
        "refusal": refusal,
    }


def session_shape(day: date, session: str, evidence: str | None) -> dict[str, Any]:
    """Return what is kept of a day from now on; without evidence it is as the calendar predicts."""
    return {"date": day.isoformat(), "session": session, "evidence": evidence}


def backup_shape(path: Path, size: int, changed_rows: Sequence[str]) -> dict[str, Any]:
    """Return a copy of the database that was written, its bytes, and what of its rows is not as it was stored."""
    return {"backup": str(path), "bytes": size, "changed_rows": list(changed_rows)}


def restored_shape(database: Path, kept: Path | None) -> dict[str, Any]:
    """Return a database that was restored or begun, and where the one before lies."""
    return {"database": str(database), "kept": str(kept) if kept else None}


def keys_shape(places: Mapping[str, str]) -> dict[str, Any]:
    """Return where each secret is set, by its name; never a secret."""
    return {"keys": dict(places)}


def key_shape(name: str, done: str) -> dict[str, Any]:
    """Return that something was done with a secret: `kept` or `deleted`."""
    return {"key": name, done: True}
