"""What a set consists of."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from export.kit import FIRST, LAST, SIZE, change, export, make_home, names, read_manifest
from tray_app.core.errors import BadInput
from tray_app.datasets.crypto.exports import CRYPTO_SETS
from tray_app.datasets.krx.rows import Market
from tray_app.export.errors import NothingToExport
from tray_app.export.kinds import Basis, DateType, Layout
from tray_app.export.presets.lean import LEAN
from tray_app.export.presets.qlib import QLIB
from tray_app.export.set.verify import verify
from tray_app.paths import Home

COLUMNS = [
    ("instrument_id", "string", False),
    ("external_code", "string", False),
    ("market_code", "string", False),
    ("instrument_name", "dictionary<string>", False),
    ("listing_date", "date32[day]", False),
    ("delisting_date", "date32[day]", True),
    ("trade_date", "date32[day]", False),
    ("open", "double", True),
    ("high", "double", True),
    ("low", "double", True),
    ("close", "double", False),
    ("volume", "int64", False),
    ("turnover_value", "int64", False),
    ("market_value", "int64", False),
    ("is_trade_halted", "bool", False),
    ("is_under_supervision", "bool", False),
    ("record_status", "dictionary<string>", False),
    ("listed_shares", "int64", False),
    ("base_price", "double", False),
    ("is_tradable", "bool", False),
    ("signal_validity_reason", "dictionary<string>", False),
    ("section", "dictionary<string>", True),
]


def test_the_files_and_columns_are_those_of_the_contract(shared_home: Home, tmp_path: Path) -> None:
    finished = export(shared_home, tmp_path / "set", include_issues=True)

    assert names(tmp_path / "set") == {
        "LOAD.md",
        "SHA256SUMS",
        "manifest.json",
        "adjustment_factors.parquet",
        "benchmark_daily.parquet",
        "data_quality_issues.parquet",
        "instrument_daily.parquet",
        "instruments.parquet",
        "trading_calendar.parquet",
    }
    schema = pq.read_schema(tmp_path / "set" / "instrument_daily.parquet")
    found = [
        (item.name, "dictionary<string>" if pa.types.is_dictionary(item.type) else str(item.type), item.nullable)
        for item in schema
    ]
    assert found == COLUMNS
    assert (
        finished.row_counts["instrument_daily"]
        == pq.read_metadata(tmp_path / "set" / "instrument_daily.parquet").num_rows
    )
    assert verify(tmp_path / "set").findings == ()


def test_the_manifest_says_everything(shared_home: Home, tmp_path: Path) -> None:
    export(shared_home, tmp_path / "set")

    manifest = read_manifest(tmp_path / "set")
    assert set(manifest) >= {
        "job_id",
        "schema_version",
        "tool_version",
        "market_codes",
        "index_codes",
        "date_from",
        "date_to",
        "generated_at",
        "adjustment",
        "missing_policy",
        "timezone",
        "attribution",
        "open_issues",
        "source_runs",
        "files",
        "manifest_sha256",
    }
    assert [run["run_id"] for run in manifest["source_runs"]] == [1]
    assert manifest["open_issues"] == {"ERROR": 0, "WARN": 0, "INFO": 0}
    (daily,) = [entry for entry in manifest["files"] if entry["name"] == "instrument_daily.parquet"]
    assert daily["rows"] > 2000
    assert (daily["min_date"], daily["max_date"]) == (str(FIRST), str(LAST))
    assert daily["null_counts"]["open"] > 0
    assert daily["null_counts"]["close"] == 0
    assert daily["sort_keys"] == ["trade_date", "market_code", "external_code", "listing_date"]
    assert daily["sha256"] == hashlib.sha256((tmp_path / "set/instrument_daily.parquet").read_bytes()).hexdigest()


def test_sums_are_in_the_form_of_sha256sum(shared_home: Home, tmp_path: Path) -> None:
    export(shared_home, tmp_path / "set")

    lines = (tmp_path / "set" / "SHA256SUMS").read_text("utf-8").splitlines()
    assert {line.split("  ")[1] for line in lines} == names(tmp_path / "set") - {"SHA256SUMS", "manifest.json"}
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / "set" / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("layout", list(Layout))
def test_equal_requests_give_equal_bytes_whatever_the_stores_ids(
    shared_home: Home, tmp_path: Path, layout: Layout
) -> None:
    newest_first = make_home(tmp_path / "other", replace(SIZE, is_reversed=True))
    for name, home in (("one", shared_home), ("two", shared_home), ("three", newest_first)):
        export(home, tmp_path / name, adjusted=True, include_issues=True, layout=layout)

    files = names(tmp_path / "one")
    assert len([name for name in files if name.startswith("instrument_daily")]) == (1 if layout == "single" else 2)
    for name in sorted(files - {"manifest.json"}):
        first = (tmp_path / "one" / name).read_bytes()
        assert first == (tmp_path / "two" / name).read_bytes(), name
        assert first == (tmp_path / "three" / name).read_bytes(), name


def test_markets_indices_and_days_are_as_asked_for(shared_home: Home, tmp_path: Path) -> None:
    last = FIRST + timedelta(days=9)
    export(shared_home, tmp_path / "set", date_to=last, markets=(Market.KOSDAQ,), index_codes=("KOSPI:*", "KOSDAQ"))

    daily = pq.read_table(tmp_path / "set" / "instrument_daily.parquet")
    assert set(daily.column("market_code").to_pylist()) == {"KOSDAQ"}
    assert max(daily.column("trade_date").to_pylist()) <= last
    indices = pq.read_table(tmp_path / "set" / "benchmark_daily.parquet")
    assert set(indices.column("index_code").to_pylist()) == {"KOSDAQ", "KOSPI", "KOSPI200"}
    calendar = pq.read_table(tmp_path / "set" / "trading_calendar.parquet")
    assert set(calendar.column("market_code").to_pylist()) == {"KOSDAQ"}
    assert verify(tmp_path / "set").is_whole


def test_timestamps_may_stand_for_dates(shared_home: Home, tmp_path: Path) -> None:
    export(shared_home, tmp_path / "set", date_type=DateType.TIMESTAMP_MS)

    schema = pq.read_schema(tmp_path / "set" / "instrument_daily.parquet")
    assert str(schema.field("trade_date").type) == "timestamp[ms]"
    assert verify(tmp_path / "set").findings == ()


def test_silent_rows_carry_the_close_and_no_prices(shared_home: Home, tmp_path: Path) -> None:
    export(shared_home, tmp_path / "set")

    rows = pq.read_table(tmp_path / "set" / "instrument_daily.parquet").to_pylist()
    silent = [row for row in rows if row["volume"] == 0]
    assert silent
    for row in silent:
        assert row["open"] is row["high"] is row["low"] is None
        assert row["close"] == row["base_price"]
        assert not row["is_tradable"]
        assert row["signal_validity_reason"] == ("no_trade" if row["market_code"] == "KONEX" else "halted")
    listed = [row for row in rows if row["listing_date"] == row["trade_date"] and row["volume"]]
    assert listed
    assert {row["signal_validity_reason"] for row in listed} == {"new_listing"}


def test_a_flagged_factor_leaves_its_day_in_doubt(home: Home, tmp_path: Path) -> None:
    change(home, "UPDATE price_adjustment_factors SET is_flagged = 1 WHERE method = 'split'")

    export(home, tmp_path / "set")

    rows = pq.read_table(tmp_path / "set" / "instrument_daily.parquet").to_pylist()
    factors = pq.read_table(tmp_path / "set" / "adjustment_factors.parquet").to_pylist()
    flagged = {(row["instrument_id"], row["trade_date"]) for row in factors if row["is_flagged"]}
    doubtful = {
        (row["instrument_id"], row["trade_date"])
        for row in rows
        if row["signal_validity_reason"] == "unresolved_action"
    }
    assert doubtful
    assert doubtful <= flagged


@pytest.mark.parametrize("basis", list(Basis))
def test_adjusted_columns_follow_from_the_factors(shared_home: Home, tmp_path: Path, basis: Basis) -> None:
    last = FIRST + timedelta(days=50)
    export(shared_home, tmp_path / "set", date_to=last, adjusted=True, basis=basis)

    events: dict[str, list[tuple[date, float, float]]] = {}
    for row in pq.read_table(tmp_path / "set" / "adjustment_factors.parquet").to_pylist():
        found = events.setdefault(row["instrument_id"], [])
        found.append((row["trade_date"], row["factor"], row["share_factor"]))
        assert basis is Basis.LATEST or row["trade_date"] <= last
    rows = pq.read_table(tmp_path / "set" / "instrument_daily.parquet").to_pylist()
    assert any(row["adj_factor"] != 1 for row in rows)
    for row in rows:
        factor = share = 1.0
        for day, price, shares in sorted(events.get(row["instrument_id"], []), reverse=True):
            if day > row["trade_date"]:
                factor, share = factor * price, share * shares
        assert row["adj_factor"] == pytest.approx(factor, rel=1e-15)
        assert row["adj_close"] == row["close"] * row["adj_factor"]
        assert row["adj_open"] == (None if row["open"] is None else row["open"] * row["adj_factor"])
        assert row["adj_volume"] == pytest.approx(row["volume"] / share, rel=1e-15)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"date_from": LAST, "date_to": FIRST}, "lies before"),
        ({"datasets": ()}, "krx, crypto, macro, stress"),
        ({"datasets": (CRYPTO_SETS,), "preset": QLIB}, "pandas"),
        ({"datasets": (CRYPTO_SETS,), "preset": LEAN}, "pandas, polars, duckdb"),
        ({"index_codes": ("KOSPI", "NIKKEI")}, "NIKKEI"),
    ],
)
def test_what_cannot_be_is_refused(shared_home: Home, tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput) as refused:
        export(shared_home, tmp_path / "set", **changes)
    assert words in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_days_without_rows_give_no_set(shared_home: Home, tmp_path: Path) -> None:
    with pytest.raises(NothingToExport):
        export(shared_home, tmp_path / "set", date_from=date(2001, 1, 1), date_to=date(2001, 12, 31))
    assert not (tmp_path / "set").exists()


def test_crypto_goes_into_files_of_its_own(home: Home, tmp_path: Path) -> None:
    change(
        home,
        f"INSERT INTO crypto_price VALUES ('bitcoin', '{FIRST}', 'btc', 'Bitcoin', 1, 35000.5, 7e11, NULL, 1, 2,"
        " 'x', 't')",
        f"INSERT INTO crypto_price VALUES ('ethereum', '{FIRST}', 'eth', 'Ethereum', 2, 1800, 2e11, 3, 1, 2, 'x', 't')",
        "INSERT INTO crypto_metric (date, btc_dominance, fear_greed_index, created_at)"
        f" VALUES ('{LAST}', 51.5, 40, 't')",
    )

    export(home, tmp_path / "set", datasets=(CRYPTO_SETS,))

    prices = pq.read_table(tmp_path / "set" / "crypto_daily.parquet").to_pylist()
    assert [row["coin_id"] for row in prices] == ["bitcoin", "ethereum"]
    assert (prices[0]["price_usd"], prices[0]["volume_24h"], prices[0]["rank"]) == (35000.5, None, 1)
    (metric,) = pq.read_table(tmp_path / "set" / "crypto_metric.parquet").to_pylist()
    assert (metric["btc_dominance"], metric["fear_greed_index"], metric["defi_tvl"]) == (51.5, 40, None)
    assert verify(tmp_path / "set").findings == ()


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("basis", Basis)
def test_dates_beyond_every_store_ask_for_all_that_is_stored(
    shared_home: Home, tmp_path: Path, layout: Layout, basis: Basis
) -> None:
    export(shared_home, tmp_path / "asked", layout=layout, adjusted=True)
    told: list[object] = []
    ends = {"date_from": date.min, "date_to": date.max}
    export(shared_home, tmp_path / "all", told.append, layout=layout, adjusted=True, basis=basis, **ends)
    for name in names(tmp_path / "asked") - {"manifest.json", "LOAD.md", "SHA256SUMS"}:
        assert (tmp_path / "all" / name).read_bytes() == (tmp_path / "asked" / name).read_bytes(), name
    manifest = read_manifest(tmp_path / "all")
    assert (manifest["date_from"], manifest["date_to"]) == ("0001-01-01", "9999-12-31")
    assert manifest["request"]["date_from"] == "0001-01-01"
    assert verify(tmp_path / "all").findings == ()
    assert len(told) < 100


@pytest.mark.parametrize("ends", [(date.min, date.min), (date.max, date.max), (date(3000, 1, 1), date(3001, 1, 1))])
def test_dates_of_no_store_hold_nothing(shared_home: Home, tmp_path: Path, ends: tuple[date, date]) -> None:
    with pytest.raises(NothingToExport):
        export(shared_home, tmp_path / "set", date_from=ends[0], date_to=ends[1])
