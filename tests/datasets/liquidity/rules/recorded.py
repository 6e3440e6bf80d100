"""The recorded series of the liquidity collector, as the store would hold them after a backfill.

What the recordings lack: EFFR (the fallback DFF is there, from the Board's H.15 file), commercial paper (DCPF3M; the
TED spread is there to its end), IORB, SOFR99, ^VIX (the fallback VIXCLS is there) and KRW=X (DEXKOUS is there). ^MOVE
starts in 2010 and ends in May 2025, XLF and ^GSPC end in September 2025.
"""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from repository import RECORDED

from tray_app.datasets.liquidity.catalogue import catalogue
from tray_app.datasets.liquidity.rules.model import Observation

# Relative to the recordings' root; a later file fills what an earlier one lacks.
FILES: Mapping[str, tuple[str, ...]] = {
    "SOFR": ("fred_csv/SOFR.csv",),
    "DFF": ("other/fed_funds_effective_daily_h15.csv",),
    "TEDRATE": ("fred_csv/TEDRATE_2020-10.csv", "fred_csv/TEDRATE_2017-2022.csv"),
    "DGS3MO": ("fred_csv/DGS3MO.csv",),
    "DGS2": ("fred_csv/DGS2.csv",),
    "DGS10": ("fred_csv/DGS10.csv",),
    "BAA10Y": ("fred_csv/BAA10Y.csv",),
    "VIXCLS": ("fred_csv_2026-01/VIXCLS.csv",),
    "DTWEXBGS": ("fred_csv/DTWEXBGS.csv",),
    "DEXKOUS": ("fred_csv/DEXKOUS.csv",),
    "^MOVE": ("yahoo/MOVE_index_2010-2025_yfinance.csv",),
    "^GSPC": ("yahoo/SPX_download.csv",),
    "XLF": ("yahoo/XLF_download.csv",),
}
REFERENCES: Mapping[str, str] = {"STLFSI4": "fred_csv/STLFSI4.csv", "NFCI": "fred_csv/NFCI.csv"}


def recordings_root() -> Path:
    """Return where the recordings of the liquidity collector lie beside the repository."""
    return RECORDED / "liquidity"


def recorded_series(root: Path, since: date | None = None) -> dict[str, tuple[Observation, ...]]:
    """Return the recorded inputs from the catalogue's starts, or from a later day."""
    starts = {each.series_id: each.starts for each in catalogue()}
    return {name: recorded(root, name, max(starts[name], since or date.min)) for name in FILES}


def recorded(root: Path, name: str, since: date) -> tuple[Observation, ...]:
    """Return a recorded input, oldest first."""
    values: dict[date, float] = {}
    for file in FILES[name]:
        values = {**read_values(root / file), **values}
    return tuple(Observation(day, value) for day, value in sorted(values.items()) if day >= since)


def reference(root: Path, name: str) -> dict[date, float]:
    """Return a published index by its Friday."""
    return read_values(root / REFERENCES[name])


def read_values(file: Path) -> dict[date, float]:
    """Read a date and a value a row; a price file's value is its close, a missing one is empty or a point."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.reader(lines) if len(row) > 1]
    column = next((row.index("Close") for row in rows if "Close" in row), 1)
    return {
        date.fromisoformat(row[0]): float(row[column])
        for row in rows
        if _is_date(row[0]) and row[column] not in {"", "."}
    }


def _is_date(text: str) -> bool:
    return len(text) == 10 and text[:4].isdigit() and text[4] == "-"


def starts_of(series: Mapping[str, Sequence[Observation]]) -> dict[str, date]:
    """Return the first date of each series."""
    return {name: rows[0].observed for name, rows in series.items() if rows}
