"""Listings of one code in a set: their files never meet, and the links between them are proven."""

from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from export.kit import change, export, names
from tray_app.export.presets.backtrader import BACKTRADER
from tray_app.export.presets.preset import Preset
from tray_app.export.presets.qlib import QLIB
from tray_app.export.presets.zipline import ZIPLINE
from tray_app.export.set.verify_chains import FACTORS, INSTRUMENTS, broken_chains
from tray_app.paths import Home

FOLDERS = {BACKTRADER: "backtrader", QLIB: "qlib", ZIPLINE: "zipline/daily"}


@pytest.mark.parametrize("preset", FOLDERS, ids=attrgetter("name"))
def test_no_two_listings_share_a_file(home: Home, tmp_path: Path, preset: Preset) -> None:
    # One code everywhere, on three markets, and all on the same listing date.
    change(
        home,
        "UPDATE instruments SET external_code = '005930', episode = instrument_id, listing_date = '2001-02-03'",
    )
    folder = tmp_path / "set"
    export(home, folder, preset=preset)
    listed = pq.read_table(folder / "instrument_daily.parquet", columns=["instrument_id"]).column(0)
    made = [name for name in names(folder) if name.startswith(f"{FOLDERS[preset]}/") and name.endswith(".csv")]
    assert len(made) == len(set(listed.to_pylist())) > 40


HERE: dict[str, Any] = {
    "instrument_id": "a",
    "external_code": "066600",
    "market_code": "KOSDAQ",
    "first_seen": date(2024, 1, 2),
    "last_seen": date(2024, 1, 9),
    "delisting_date": None,
    "end_reason": "transferred",
    "moved_from": None,
    "moved_to": "b",
}
THERE = HERE | {
    "instrument_id": "b",
    "market_code": "KOSPI",
    "first_seen": date(2024, 1, 10),
    "last_seen": date(2024, 1, 31),
    "end_reason": None,
    "moved_from": "a",
    "moved_to": None,
}
SPLIT = {"instrument_id": "b", "trade_date": date(2024, 1, 20), "factor": 0.2, "share_factor": 0.2}
WHOLE = [SPLIT, SPLIT | {"instrument_id": "a"}]


def found(here: dict[str, Any], there: dict[str, Any], factors: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    broken = broken_chains(pa.Table.from_pylist([HERE | here, THERE | there]), pa.Table.from_pylist(factors))
    return [(finding.file, finding.column) for finding in broken]


def test_a_whole_chain_has_nothing_broken() -> None:
    assert found({}, {}, WHOLE) == []
    # Delisted for itself, and moved to or from a listing that the set does not hold.
    delisted = {"end_reason": "unknown", "delisting_date": date(2024, 1, 10), "moved_to": None}
    assert found(delisted, {"moved_from": None}, [SPLIT]) == []
    assert found({"moved_to": "elsewhere"}, {"moved_from": "elsewhere"}, [SPLIT]) == []


@pytest.mark.parametrize(
    ("here", "there", "factors", "where"),
    [
        ({}, {}, [SPLIT], (FACTORS, "instrument_id")),
        ({}, {}, [SPLIT, SPLIT | {"instrument_id": "a", "factor": 0.5}], (FACTORS, "instrument_id")),
        ({"delisting_date": date(2024, 1, 10)}, {}, WHOLE, (INSTRUMENTS, "delisting_date")),
        ({"end_reason": "delisted"}, {}, WHOLE, (INSTRUMENTS, "moved_to")),
        ({"moved_to": None}, {"moved_from": None}, WHOLE, (INSTRUMENTS, "moved_to")),
        ({}, {"delisting_date": date(2024, 2, 1)}, WHOLE, (INSTRUMENTS, "end_reason")),
        ({}, {"moved_from": None}, WHOLE, (INSTRUMENTS, "moved_to")),
        ({}, {"moved_from": "c"}, WHOLE, (INSTRUMENTS, "moved_to")),
        ({"end_reason": None, "moved_to": None}, {}, WHOLE, (INSTRUMENTS, "moved_from")),
        ({}, {"external_code": "066601"}, WHOLE, (INSTRUMENTS, "moved_to")),
        ({}, {"market_code": "KOSDAQ"}, WHOLE, (INSTRUMENTS, "moved_to")),
        ({}, {"first_seen": date(2024, 1, 9)}, WHOLE, (INSTRUMENTS, "moved_to")),
    ],
)
def test_every_broken_link_is_named(
    here: dict[str, Any], there: dict[str, Any], factors: list[dict[str, Any]], where: tuple[str, str]
) -> None:
    assert where in found(here, there, factors)
