"""What is wrong with the data asked for: open quality issues, and sessions of the calendar without rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from tray_app.core.days import day_of
from tray_app.core.krx.rows import STOCK_MARKETS
from tray_app.export.instruments import Instruments
from tray_app.export.masks import UNRESOLVED_CODES
from tray_app.export.request import Dataset

ERROR = "ERROR"
SESSION_MISSING = "DAY_MISSING"


@dataclass(frozen=True, slots=True)
class MissingSessions:
    """Sessions without rows, by market; those after the newest stored one are only not collected yet."""

    holes: Mapping[str, tuple[date, ...]]
    tail: Mapping[str, tuple[date, ...]]

    @property
    def all(self) -> dict[str, tuple[date, ...]]:
        """Return both kinds."""
        return {market: (*self.holes[market], *self.tail[market]) for market in self.holes}


def dataset_of(name: str) -> Dataset:
    """Return the dataset an issue's dataset_name belongs to."""
    for dataset in (Dataset.CRYPTO, Dataset.MACRO, Dataset.STRESS):
        if name.startswith(dataset):
            return dataset
    return Dataset.KRX


def relevant_issues(
    issues: pa.Table, datasets: Sequence[Dataset], instruments: Instruments, indices: pa.Table
) -> pa.Table:
    """Return the issues that touch the chosen datasets, markets and indices."""
    index_codes = set(indices.column("index_code").to_pylist())
    index_classes = set(indices.column("index_class").to_pylist())
    markets = set(instruments.table.column("market_code").to_pylist())
    ids = set(instruments.table.column("instrument_id").to_pylist())

    def touches(row: Mapping[str, object]) -> bool:
        if dataset_of(str(row["dataset_name"])) not in datasets:
            return False
        if row["instrument_id"] != -1:
            return row["instrument_id"] in ids
        if row["index_code"]:
            code = str(row["index_code"])
            return code in index_codes or (code.endswith(":*") and code.removesuffix(":*") in index_classes)
        named = str(row["subject"]).replace("/", ":").partition(":")[0]
        return named not in set(STOCK_MARKETS) or named in markets

    return issues.filter(pa.array([touches(row) for row in issues.to_pylist()], pa.bool_()))


def missing_sessions(calendar: pa.Table, stored: pa.Table, newest: pa.Table) -> MissingSessions:
    """Return the open days without rows. Tables as store.export_queries gives them."""
    have = set(zip(stored.column("market_code").to_pylist(), stored.column("trade_date").to_pylist(), strict=True))
    last = dict(zip(newest.column("market_code").to_pylist(), newest.column("last_day").to_pylist(), strict=True))
    present = {(market, day_of(number)) for market, number in have}
    holes: dict[str, list[date]] = {market: [] for market in last}
    tail: dict[str, list[date]] = {market: [] for market in last}
    for row in calendar.to_pylist():
        market, day = row["market_code"], date.fromisoformat(row["trade_date"])
        if row["is_open"] == 1 and market in last and (market, day) not in present:
            (tail if day > day_of(last[market]) else holes)[market].append(day)
    return MissingSessions(
        {market: tuple(days) for market, days in holes.items()},
        {market: tuple(days) for market, days in tail.items()},
    )


def blocking(issues: pa.Table, missing: MissingSessions) -> list[str]:
    """Return what keeps the data from being exported, one text each."""
    found = [
        " ".join(str(row[name]) for name in ("issue_code", "subject", "trade_date") if row[name])
        for row in issues.to_pylist()
        if row["severity"] == ERROR
    ]
    for market, days in missing.holes.items():
        if days:
            ends = str(days[0]) if len(days) == 1 else f"{days[0]}..{days[-1]} ({len(days)})"
            found.append(f"{SESSION_MISSING} {market} {ends}")
    return found


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
        if row["issue_code"] in UNRESOLVED_CODES and row["instrument_id"] != -1 and row["trade_date"]
    ]
