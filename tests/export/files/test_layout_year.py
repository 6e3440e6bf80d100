"""Layout year: only what changed is written again, decided without reading it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from export.kit import LAST, change, export, names, read_manifest
from tray_app.export.kinds import Layout
from tray_app.export.set.verify import verify
from tray_app.paths import Home

OLD = "instrument_daily/year=2023/part-0.parquet"
NEW = "instrument_daily/year=2024/part-0.parquet"


def export_years(home: Home, folder: Path, **changes: Any) -> int:
    """Make the set and return how many parts were carried over."""
    carried = export(home, folder, layout=Layout.YEAR, **changes).carried
    assert verify(folder).findings == ()
    return carried


@pytest.fixture
def folder(home: Home, tmp_path: Path) -> Path:
    assert export_years(home, tmp_path / "set") == 0
    return tmp_path / "set"


def test_the_parts_together_are_the_single_file(home: Home, folder: Path, tmp_path: Path) -> None:
    export(home, tmp_path / "single")
    single = pq.read_table(tmp_path / "single" / "instrument_daily.parquet")
    parts = ds.dataset(folder / "instrument_daily", partitioning="hive").to_table()
    assert parts.column("year").to_pylist()[0] == 2023
    assert parts.drop_columns(["year"]).to_pylist() == single.to_pylist()


def test_nothing_new_carries_every_part(home: Home, folder: Path) -> None:
    before = {name: (folder / name).read_bytes() for name in names(folder) if name.endswith(".parquet")}
    assert export_years(home, folder) == 2
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_a_new_day_rewrites_its_year_only(home: Home, folder: Path) -> None:
    untouched, changed = (folder / OLD).read_bytes(), (folder / NEW).read_bytes()
    change(
        home,
        "UPDATE daily_market_data SET close = close + 1 WHERE trade_date = (SELECT MAX(trade_date) FROM day_summary)",
        f"UPDATE month_stamp SET stamp = stamp + 1 WHERE month = '{LAST:%Y-%m}'",
    )
    assert export_years(home, folder) == 1
    assert (folder / OLD).read_bytes() == untouched
    assert (folder / NEW).read_bytes() != changed


def test_a_carried_part_is_the_one_a_fresh_export_writes(home: Home, folder: Path, tmp_path: Path) -> None:
    change(home, f"UPDATE month_stamp SET stamp = stamp + 1 WHERE month = '{LAST:%Y-%m}'")
    export_years(home, folder)
    export_years(home, tmp_path / "fresh")
    for name in names(tmp_path / "fresh") - {"manifest.json"}:
        assert (folder / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes(), name


def test_a_new_name_rewrites_the_years_it_appears_in(home: Home, folder: Path) -> None:
    change(
        home,
        "UPDATE instruments SET instrument_name = 'NEW' WHERE delisting_date IS NOT NULL"
        " AND last_seen = (SELECT MIN(last_seen) FROM instruments)",
    )
    last = min(row["last_seen"] for row in pq.read_table(folder / "instruments.parquet").to_pylist())
    assert export_years(home, folder) == (1 if last.year == 2023 else 0)
    change(home, "UPDATE instruments SET instrument_name = 'OTHER' WHERE instrument_id = 1")
    assert export_years(home, folder) == 0


def test_a_later_split_rewrites_adjusted_years_before_it(home: Home, tmp_path: Path) -> None:
    for folder, adjusted, carried in (("raw", False, 2), ("adjusted", True, 0)):
        export_years(home, tmp_path / folder, adjusted=adjusted)
        change(
            home,
            "INSERT INTO price_adjustment_factors SELECT 1, MAX(trade_date), 0.5, 0.5, 'split', 0, '{}', 1"
            " FROM day_summary WHERE 1 ON CONFLICT DO UPDATE SET factor = factor / 2",
        )
        assert export_years(home, tmp_path / folder, adjusted=adjusted) == carried


def test_other_options_carry_nothing(home: Home, folder: Path) -> None:
    assert export_years(home, folder, adjusted=True) == 0


def test_a_part_that_was_cut_short_is_written_again(home: Home, folder: Path) -> None:
    part = folder / OLD
    part.write_bytes(part.read_bytes()[:-1])
    assert export_years(home, folder) == 1


def test_a_part_that_was_changed_is_written_again(home: Home, folder: Path) -> None:
    body = (folder / OLD).read_bytes()
    spoilt = bytearray(body)
    spoilt[len(spoilt) // 2] ^= 0xFF
    (folder / OLD).write_bytes(spoilt)
    assert export_years(home, folder) == 1
    assert (folder / OLD).read_bytes() == body


def test_an_edited_manifest_carries_nothing(home: Home, folder: Path) -> None:
    document = read_manifest(folder)
    for entry in document["files"]:
        entry["rows"] += 1
    (folder / "manifest.json").write_text(json.dumps(document), "utf-8")
    assert export_years(home, folder) == 0


def test_counters_of_another_store_mean_nothing(home: Home, folder: Path) -> None:
    change(home, "UPDATE engine_state SET value = 'another' WHERE name = 'store_id'")
    assert export_years(home, folder) == 0


def test_fewer_years_leave_no_old_part(home: Home, folder: Path) -> None:
    export_years(home, folder, date_from=date(2024, 1, 1))
    assert OLD not in names(folder)
