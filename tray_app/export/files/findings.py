"""What is wrong with the data asked for: open quality issues, and sessions without rows."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from tray_app.core.words import tr
from tray_app.datasets.krx.exports import KRX_SETS
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.quality.actions import UNRESOLVED
from tray_app.export.files.instruments import Instruments
from tray_app.export.files.missing import Days, Kind, MissingSessions, said

ERROR = "ERROR"
SESSION_MISSING = "DAY_MISSING"


def relevant_issues(
    issues: pa.Table,
    markets: Collection[Market],
    instruments: Instruments,
    indices: pa.Table,
) -> pa.Table:
    """Return the issues that touch the exchange's chosen markets and indices, stored or not."""
    index_codes = set(indices.column("index_code").to_pylist())
    index_classes = set(indices.column("index_class").to_pylist())
    ids = set(instruments.table.column("instrument_id").to_pylist())

    def touches(row: Mapping[str, object]) -> bool:
        if row["dataset_name"] not in KRX_SETS.issues:
            return False
        if row["instrument_id"] != -1:
            return row["instrument_id"] in ids
        if row["index_code"]:
            code = str(row["index_code"])
            return code in index_codes or (code.endswith(":*") and code.removesuffix(":*") in index_classes)
        named = str(row["subject"]).replace("/", ":").partition(":")[0]
        return named not in set(Market) or named in markets

    return issues.filter(pa.array([touches(row) for row in issues.to_pylist()], pa.bool_()))


def blocking(issues: pa.Table, missing: MissingSessions, in_doubt: Days) -> list[str]:
    """Return what keeps the data from being exported, one text each. in_doubt: sessions whose rows nobody believes."""
    rows = issues.to_pylist()
    told = {row["trade_date"] for row in rows if row["severity"] == ERROR}
    holes = missing.of(Kind.HOLE).items()
    doubts = {name: [day for day in days if day.isoformat() not in told] for name, days in in_doubt.items()}
    return [
        *errors(rows),
        *(f"{SESSION_MISSING} {name} {said(days)}" for name, days in holes),
        *(tr("rows in doubt: {name} {days}", name=name, days=said(days)) for name, days in doubts.items() if days),
    ]


def errors(issues: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the errors among issues, one text each, but for those that a person has accepted."""
    return [
        " ".join(str(row[name]) for name in ("issue_code", "subject", "trade_date") if row[name])
        for row in issues
        if row["severity"] == ERROR and not row["is_accepted"]
    ]


def severities(issues: pa.Table) -> dict[str, int]:
    """Return how many issues of each severity are open."""
    counts = {ERROR: 0, "WARN": 0, "INFO": 0}
    for severity in issues.column("severity").to_pylist():
        counts[severity] = counts.get(severity, 0) + 1
    return counts


def unresolved_actions(issues: pa.Table) -> list[tuple[int, date]]:
    """Return the (instrument id, day) of issues that leave a corporate action in doubt."""
    return [
        (row["instrument_id"], date.fromisoformat(row["trade_date"]))
        for row in issues.to_pylist()
        if row["issue_code"] in UNRESOLVED and row["instrument_id"] != -1 and row["trade_date"]
    ]
