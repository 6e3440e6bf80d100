"""Adjusted sets across a missing session, and markets that failed wholly: said, blocked, masked, verified."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from krx_exchange import HALTED, SESSIONS, body_of
from krx_wire import DAILY, HOST, PREFIX

from export.exchange import MALFORMED, NOW, collect, exchange, window, without
from export.kit import export, read_manifest
from export.set.test_verify import rewrite, write_manifest
from tray_app.core.sets import Finished
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.demo.misbehave import Mode
from tray_app.export.errors import ExportBlocked
from tray_app.export.set.verify import verify
from tray_app.paths import Home

BEHIND = SESSIONS[7]


@pytest.fixture(scope="module")
def holed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a store of sessions 3 to 10 of which the sixth could not be read."""
    return collect(Home(tmp_path_factory.mktemp("holed") / "home"), (3, 10), body=without("", 6, MALFORMED))


def made(home: Home, path: Path, **changes: Any) -> Finished:
    span = {"date_from": SESSIONS[3], "date_to": SESSIONS[10]}
    return export(home, path, **{"now": NOW, **span, "adjusted": True, **changes})


def reasons(path: Path) -> dict[str, set[str]]:
    """Return the reasons of each day's rows."""
    found: dict[str, set[str]] = {}
    for row in pq.read_table(path / "instrument_daily.parquet").to_pylist():
        found.setdefault(str(row["trade_date"]), set()).add(row["signal_validity_reason"])
    return found


def test_the_first_rows_behind_a_missing_session_are_unresolved_and_said_so(holed: Home, tmp_path: Path) -> None:
    with pytest.raises(ExportBlocked):
        made(holed, tmp_path / "set")

    finished = made(holed, tmp_path / "set", allow_errors=True, include_issues=True)

    found = reasons(tmp_path / "set")
    assert found.pop(str(BEHIND)) == {"unresolved_action"}
    assert "unresolved_action" not in set().union(*found.values())
    document = read_manifest(tmp_path / "set")
    assert document["unknown_factors"] == {market: [str(BEHIND)] for market in STOCK_MARKETS}
    assert sum("adjustment factors" in note for note in finished.notes) == len(STOCK_MARKETS)
    issues = pq.read_table(tmp_path / "set" / "data_quality_issues.parquet").to_pylist()
    unknown = [row for row in issues if row["issue_code"] == "FACTOR_UNKNOWN"]
    assert {(row["subject"], row["trade_date"], row["severity"]) for row in unknown} == {
        (market, BEHIND, "ERROR") for market in STOCK_MARKETS
    }
    assert document["open_issues"]["ERROR"] == sum(row["severity"] == "ERROR" for row in issues)
    assert verify(tmp_path / "set").findings == ()


def test_verify_knows_rows_that_count_as_ok_behind_a_missing_session(holed: Home, tmp_path: Path) -> None:
    made(holed, tmp_path / "set", allow_errors=True)

    def trusting(table: pa.Table) -> pa.Table:
        place = table.column_names.index("signal_validity_reason")
        ok = pa.array(["ok"] * table.num_rows).dictionary_encode()
        return table.set_column(place, table.schema.field(place), ok.cast(table.schema.field(place).type))

    rewrite(tmp_path / "set", "instrument_daily.parquet", trusting)
    silent = read_manifest(tmp_path / "set") | {"unknown_factors": {}}
    write_manifest(tmp_path / "set", silent, sealed=True)

    found = [str(finding) for finding in verify(tmp_path / "set").findings]
    for market in STOCK_MARKETS:
        text = f"rows of {market} count as ok, though no factor is known: {BEHIND}"
        assert f"instrument_daily, column signal_validity_reason: {text}" in found


def test_a_session_nobody_has_rows_of_warns_until_it_is_given_up(tmp_path: Path) -> None:
    home = collect(Home(tmp_path / "home"), (3, 10), (3, 10), body=without("", 6, None))

    made(home, tmp_path / "set", include_issues=True)

    assert reasons(tmp_path / "set")[str(BEHIND)] == {"unresolved_action"}
    assert read_manifest(tmp_path / "set")["open_issues"]["WARN"] >= len(STOCK_MARKETS)
    assert verify(tmp_path / "set").findings == ()


@pytest.mark.parametrize("mode", [Mode.MAINTENANCE_403, Mode.EMPTY_OBJECT])
def test_a_market_that_failed_wholly_blocks_and_stands_in_the_set(tmp_path: Path, mode: Mode) -> None:
    home = Home(tmp_path / "home")
    with exchange(home) as machine:
        machine.server.misbehave.set(HOST, mode, path=f"{PREFIX}{DAILY[Market.KOSDAQ]}")
        machine.run(window(3, 5))
    span = {"date_to": SESSIONS[5], "adjusted": False}

    with pytest.raises(ExportBlocked, match=f"DAY_MISSING KOSDAQ {SESSIONS[3]}"):
        made(home, tmp_path / "set", **span)
    made(home, tmp_path / "other", **span, markets=(Market.KOSPI, Market.KONEX), index_codes=("KOSPI",))
    made(home, tmp_path / "set", **span, allow_errors=True)

    document = read_manifest(tmp_path / "set")
    assert document["missing_sessions"]["KOSDAQ"] == [str(day) for day in SESSIONS[3:6]]
    assert document["open_issues"]["ERROR"] >= 3
    shown = ", ".join(str(day) for day in SESSIONS[3:6])
    found = [str(finding) for finding in verify(tmp_path / "set").findings]
    assert f"instrument_daily: 3 sessions of KOSDAQ are missing: {shown}" in found


def test_a_market_that_answered_without_rows_while_others_had_some_blocks_too(tmp_path: Path) -> None:
    def body(service: str, day: date) -> bytes | None:
        is_lacking = service == DAILY[Market.KONEX] or (service, day) == (DAILY[Market.KOSDAQ], SESSIONS[3])
        return None if is_lacking else body_of(service, day)

    home = collect(Home(tmp_path / "home"), (3, 5), body=body)
    span = {"date_to": SESSIONS[5], "adjusted": False}

    with pytest.raises(ExportBlocked) as blocked:
        made(home, tmp_path / "set", **span)
    for named in (f"DAY_MISSING KOSDAQ {SESSIONS[3]}", f"DAY_MISSING KONEX {SESSIONS[3]}..{SESSIONS[5]} (3)"):
        assert named in blocked.value.message
    made(home, tmp_path / "set", **span, allow_errors=True)
    document = read_manifest(tmp_path / "set")
    assert document["open_issues"]["ERROR"] == 4
    assert document["not_collected"] == {}


def test_a_halted_issue_is_unresolved_behind_a_missing_session_like_any(tmp_path: Path) -> None:
    home = collect(Home(tmp_path / "home"), (3, 12), body=without("sto", HALTED.halted.start, MALFORMED))
    made(home, tmp_path / "set", date_to=SESSIONS[12], allow_errors=True)
    rows = pq.read_table(tmp_path / "set" / "instrument_daily.parquet").to_pylist()
    found = [row["signal_validity_reason"] for row in rows if row["external_code"] == HALTED.code]
    assert found == ["ok"] * 6 + ["unresolved_action", "halted", "halted"]
