"""ETFs behind their setting: off they cost no call and leave no hole; on they are collected, proven and listed."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from core.krx import kit
from krx_exchange import SESSIONS, body_of
from krx_machine import KrxMachine, a_krx_machine, notes, steps
from krx_wire import HOST, PREFIX, KrxWire, body, equity_row

from tray_app.core.krx.rows import STOCK_MARKETS, Market
from tray_app.core.model import RunStatus, Window
from tray_app.demo.misbehave import Mode

ETFS = "etp/etf_bydd_trd"
ELECTION = date(2024, 4, 10)
CODES = (*(f"0{number:04}0" for number in range(30)), "0184E0")


def fund_rows(day: date) -> list[dict[str, str]]:
    """Return the funds' rows; unit counts change daily and distributions move the base price, which are no events."""
    rows = []
    for place, code in enumerate(CODES):
        number = day.toordinal()
        changes = {"change": -50.0 * (place % 3), "listed_shares": 1_000 * number, "volume": 1_000 + number % 500}
        one = kit.bar(code, day, market=Market.ETF, **changes)
        row = equity_row(one)
        del row["MKT_NM"], row["SECT_TP_NM"]
        rows.append(row)
    return rows


def with_funds(service: str, day: date) -> bytes | None:
    if service != ETFS:
        return body_of(service, day)
    if day in SESSIONS:
        return body(fund_rows(day))
    blank = {"TDD_CLSPRC": "", "CMPPREVDD_PRC": "", "TDD_OPNPRC": "", "TDD_HGPRC": "", "TDD_LWPRC": ""}
    return body([{**row, **blank} for row in fund_rows(day)])


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[KrxMachine]:
    with a_krx_machine(tmp_path, KrxWire(with_funds)) as made:
        made.with_etfs = True
        made.at(SESSIONS[11], 8, 10)
        yield made


def without_funds(machine: KrxMachine) -> dict[str, list[tuple[Any, ...]]]:
    """Return what people see of everything but the funds."""
    return {
        "days": machine.query("SELECT * FROM instrument_daily_v1 WHERE market_code <> 'ETF' ORDER BY 1, 2"),
        "issues": machine.query("SELECT dataset_name, trade_date, subject, issue_code FROM data_quality_issues"),
        "factors": machine.query("SELECT trade_date, factor FROM price_adjustment_factors ORDER BY 1"),
        "calendar": machine.query("SELECT * FROM trading_calendar_v1 ORDER BY 1, 2"),
    }


def test_off_no_call_is_made_and_no_hole_is_left(machine: KrxMachine) -> None:
    machine.with_etfs = False
    run = machine.run()
    assert run.status is RunStatus.SUCCESS
    assert "etfs" not in steps(run)
    assert not [one for one in machine.asked() if one[0] == ETFS]
    assert machine.query("SELECT COUNT(*) FROM day_ledger WHERE market_code = 'ETF'") == [(0,)]


def test_on_they_are_collected_verified_by_their_number_and_listed(machine: KrxMachine) -> None:
    run = machine.run()
    assert run.status is RunStatus.SUCCESS
    assert notes(run)["etfs"] == "5 sessions"
    days = list(SESSIONS[6:11])
    assert sorted(day for service, day in machine.asked() if service == ETFS) == days
    assert machine.states("ETF") == dict.fromkeys(days, "verified")
    listed = "SELECT DISTINCT market_code, security_group, delisting_date FROM instruments WHERE market_code = 'ETF'"
    assert machine.query(listed) == [("ETF", "ETF", None)]
    assert machine.query("SELECT COUNT(*) FROM instrument_daily_v1 WHERE market_code = 'ETF'") == [(5 * len(CODES),)]
    [found] = machine.reads.search("0184E0")
    assert (found.market, found.code) == (Market.ETF, "0184E0")
    assert machine.query("SELECT COUNT(*) FROM price_adjustment_factors") == [(0,)]
    assert any(entry.track.market_code == "ETF" for entry in machine.reads.coverage())
    # A second run has nothing to do.
    before = machine.data()
    assert machine.run().status is RunStatus.SUCCESS
    assert (machine.asked(), machine.data()) == ([], before)


def test_switched_on_later_the_stored_days_are_filled_and_off_again_nothing_is_asked(machine: KrxMachine) -> None:
    machine.with_etfs = False
    machine.run()
    machine.with_etfs = True
    machine.asked()
    assert machine.run().status is RunStatus.SUCCESS
    assert machine.asked() == [(ETFS, day) for day in SESSIONS[6:11]]
    machine.with_etfs = False
    machine.at(SESSIONS[13], 8, 10)
    machine.run()
    assert not [one for one in machine.asked() if one[0] == ETFS]


def test_everything_else_is_the_same_with_and_without_them(machine: KrxMachine, tmp_path: Path) -> None:
    window, noon = Window(SESSIONS[0], SESSIONS[39]), datetime.fromisoformat("2024-05-20T03:00:00+00:00")
    machine.clock.at = noon
    machine.run(window)
    with a_krx_machine(tmp_path / "plain", KrxWire(with_funds), noon) as plain:
        plain.run(window)
        assert without_funds(machine) == without_funds(plain)
        for market in STOCK_MARKETS:
            assert machine.states(market) == plain.states(market)


def test_the_list_without_prices_on_a_holiday_stores_nothing(machine: KrxMachine) -> None:
    machine.at(SESSIONS[30], 8, 10)
    with machine.database.writing() as connection:
        row = ("equity", "ETF", ELECTION.isoformat(), "unknown", 0)
        connection.execute(
            "INSERT INTO day_ledger (dataset, market_code, trade_date, state, run_id) VALUES (?, ?, ?, ?, ?)", row
        )
    machine.run(Window(ELECTION, ELECTION))
    assert machine.states("ETF")[ELECTION] == "closed"
    assert machine.query("SELECT COUNT(*) FROM daily_market_data") == [(0,)]


def test_their_service_needs_an_approval_of_its_own(machine: KrxMachine) -> None:
    machine.server.misbehave.set(HOST, Mode.UNAPPROVED_SERVICE, path=f"{PREFIX}{ETFS}")
    run = machine.run()
    assert (run.status, steps(run)["etfs"], steps(run)["kospi"]) == (RunStatus.PARTIAL, "failed", "success")
    assert "ETF 일별매매정보" in notes(run)["etfs"]
    assert len([one for one in machine.asked() if one[0] == ETFS]) == 3


def test_a_list_that_repeats_the_day_before_is_in_doubt(machine: KrxMachine, tmp_path: Path) -> None:
    def repeating(service: str, day: date) -> bytes | None:
        found = with_funds(service, SESSIONS[9] if (service, day) == (ETFS, SESSIONS[10]) else day)
        return found and found.replace(f"{SESSIONS[9]:%Y%m%d}".encode(), f"{day:%Y%m%d}".encode())

    (tmp_path / "other").mkdir()
    with a_krx_machine(tmp_path / "other", KrxWire(repeating), machine.clock.now()) as other:
        other.with_etfs = True
        assert other.run().status is RunStatus.FAILED
        assert other.states("ETF")[SESSIONS[10]] == "collected"
        assert set(other.states().values()) == {"verified"}
