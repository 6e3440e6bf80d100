"""ETFs behind their setting: off they cost no call and leave no hole; on they are collected, proven and listed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from krx_exchange import SESSIONS, body_of
from krx_machine import KrxMachine, a_krx_machine, notes, steps
from krx_wire import HOST, PREFIX, KrxWire, body, equity_row

from datasets.krx.rules import kit
from tray_app.core.model import RunStatus, Window
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.schema import SCHEMA
from tray_app.demo.misbehave import Mode
from tray_app.store.sums import rebuild

Rows = Callable[[date], list[dict[str, str]]]
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
        rows.append(row | figures(place))
    return rows


def figures(place: int) -> dict[str, str]:
    index = {"IDX_IND_NM": "코스피 200", "OBJ_STKPRC_IDX": "346.50", "CMPPREVDD_IDX": "1.50", "FLUC_RT_IDX": "0.43"}
    return index | {"NAV": f"{10_000 + place}.25", "INVSTASST_NETASST_TOTAMT": str(7_000_000_000 + place)}


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


def test_nav_net_assets_and_underlying_are_kept_and_a_changed_one_is_a_restatement(machine: KrxMachine) -> None:
    machine.run()
    kept = "SELECT nav, net_assets, underlying_index, underlying_close, underlying_change FROM etf_daily_data"
    rows = machine.query(f"{kept} ORDER BY trade_date, nav")
    assert len(rows) == 5 * len(CODES)
    assert rows[1] == (10_001.25, 7_000_000_001, "코스피 200", 346.5, 1.5)
    with machine.database.writing() as connection:
        connection.execute("UPDATE etf_daily_data SET nav = 1.0 WHERE nav = 10001.25")
        connection.execute("UPDATE day_ledger SET state = 'unknown', attempts = 0 WHERE market_code = 'ETF'")
    machine.run()
    assert machine.query(f"{kept} ORDER BY trade_date, nav") == rows
    restated = "SELECT column_name, old, new FROM restatements WHERE table_name = 'etf_daily_data'"
    assert machine.query(restated) == [("nav", "1.0", "10001.25")] * 5
    with machine.database.writing() as connection:
        summed = "SELECT scope, period, rows, total, rest FROM data_sums WHERE table_name = 'etf_daily_data' ORDER BY 2"
        before = connection.execute(summed).fetchall()
        rebuild(connection, SCHEMA.summed)
        assert connection.execute(summed).fetchall() == before
        assert len(before) == 5


def test_their_figures_are_asked_for_again_although_they_are_stored(machine: KrxMachine) -> None:
    machine.run()
    kept = "SELECT * FROM etf_daily_data WHERE nav <> 10001.25 ORDER BY 1, 2"
    before = machine.query(kept)
    with machine.database.writing() as connection:
        connection.execute("UPDATE etf_daily_data SET nav = 1.0, net_assets = 2 WHERE nav = 10001.25")
    machine.asked()
    window = Window(SESSIONS[6], SESSIONS[10])
    machine.run(window)
    assert not [one for one in machine.asked() if one[0] == ETFS]
    again = replace(window, again_since=machine.clock.now(), only="ETF")
    assert machine.run(again).status is RunStatus.SUCCESS
    assert machine.asked() == [(ETFS, day) for day in SESSIONS[6:11]]
    assert (
        machine.query("SELECT nav, net_assets FROM etf_daily_data WHERE nav = 10001.25")
        == [(10_001.25, 7_000_000_001)] * 5
    )
    assert machine.query(kept) == before
    told = machine.query("SELECT column_name, old FROM restatements WHERE table_name = 'etf_daily_data' ORDER BY 1")
    assert told == [("nav", "1.0")] * 5 + [("net_assets", "2")] * 5
    assert set(machine.states("ETF").values()) == {"verified"}


def test_the_last_nav_and_premium_can_be_read_and_odd_ones_are_told(machine: KrxMachine, tmp_path: Path) -> None:
    machine.run()
    [found] = machine.reads.search("0184E0", 5)
    last = machine.reads.last_etf(found.instrument_id)
    assert last is not None
    assert (last.trade_date, last.nav, last.net_assets) == (SESSIONS[10], 10_030.25, 7_000_000_030)
    assert last.premium == last.close / 10_030.25 - 1
    [stock] = machine.query("SELECT MIN(instrument_id) FROM instruments WHERE market_code = 'KOSPI'")
    assert machine.reads.last_etf(*stock) is None

    def odd(service: str, day: date) -> bytes | None:
        if (service, day) != (ETFS, SESSIONS[10]):
            return with_funds(service, day)
        rows = fund_rows(day)
        return body([rows[0] | {"NAV": "0.00"}, rows[1] | {"NAV": "44.20"}, *rows[2:]])

    (tmp_path / "odd").mkdir()
    with a_krx_machine(tmp_path / "odd", KrxWire(odd), machine.clock.now()) as other:
        other.with_etfs = True
        assert other.run().status is RunStatus.PARTIAL
        told = "SELECT subject, issue_code, severity FROM data_quality_issues WHERE subject LIKE 'ETF%' ORDER BY 1"
        assert other.query(told) == [
            (f"ETF:{CODES[0]}", "ETF_NAV_MISSING", "WARN"),
            (f"ETF:{CODES[1]}", "ETF_PREMIUM_OUT_OF_RANGE", "WARN"),
        ]
        assert other.states("ETF")[SESSIONS[10]] == "verified"


WARRANT = {"ULY_NM": "삼성전자", "ULY_PRC": "76600", "CMPPREVDD_PRC_ULY": "600", "FLUC_RT_ULY": "0.79"}


def warrants(day: date) -> list[dict[str, str]]:
    """Return another service's list: shaped as that of ETFs but for the figures of a fund."""
    own = ("NAV", "INVSTASST_NETASST_TOTAMT", "IDX_IND_NM", "OBJ_STKPRC_IDX", "CMPPREVDD_IDX", "FLUC_RT_IDX")
    return [{name: cell for name, cell in row.items() if name not in own} | WARRANT for row in fund_rows(day)]


def many(day: date) -> list[dict[str, str]]:
    return [row | {"ISU_CD": f"{number:06}"} for number in range(5 * len(CODES)) for row in fund_rows(day)[:1]]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (warrants, "is missing"),
        (many, "155 rows, where 31 are usual"),
        (lambda day: fund_rows(day) + warrants(day), "missing"),
    ],
)
def test_a_list_of_something_else_is_refused(rows: Rows, told: str, tmp_path: Path) -> None:
    wrong = {(ETFS, SESSIONS[10])}

    def answer(service: str, day: date) -> bytes | None:
        return body(rows(day)) if (service, day) in wrong else with_funds(service, day)

    with a_krx_machine(tmp_path, KrxWire(answer)) as other:
        other.at(SESSIONS[11], 8, 10)
        other.with_etfs = True
        run = other.run()
        assert (run.status, steps(run)["etfs"], steps(run)["kospi"]) == (RunStatus.FAILED, "partial", "success")
        assert told in notes(run)["etfs"]
        assert other.states("ETF")[SESSIONS[10]] == "failed"
        assert other.query("SELECT DISTINCT COUNT(*) FROM etf_daily_data GROUP BY trade_date") == [(len(CODES),)]
        assert other.query("SELECT COUNT(*) FROM instruments WHERE market_code = 'ETF'") == [(len(CODES),)]
        # With the right list the fault is over.
        wrong.clear()
        assert other.run().status is RunStatus.SUCCESS
        drift = "SELECT COUNT(*) FROM data_quality_issues WHERE issue_code = 'FIELD_DRIFT' AND resolved_at IS NULL"
        assert other.query(drift) == [(0,)]


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


def test_half_a_list_is_flagged_and_asked_for_again_until_the_rest_came(tmp_path: Path) -> None:
    short = set[date]()

    def lacking(service: str, day: date) -> bytes | None:
        is_short = service == ETFS and day in short
        return body(fund_rows(day)[: len(CODES) // 2]) if is_short else with_funds(service, day)

    with a_krx_machine(tmp_path, KrxWire(lacking)) as machine:
        machine.with_etfs = True
        short.add(SESSIONS[10])
        machine.at(SESSIONS[11], 8, 10)
        run = machine.run()
        found = "SELECT issue_code, severity FROM data_quality_issues WHERE resolved_at IS NULL AND subject = 'ETF'"
        assert machine.query(found) == [("DAY_ROWCOUNT_DROP", "WARN")]
        assert run.status is RunStatus.PARTIAL
        assert machine.states("ETF")[SESSIONS[10]] == "unproven"
        short.clear()
        machine.at(SESSIONS[12], 8, 10)
        machine.run()
        assert machine.states("ETF")[SESSIONS[10]] == "verified"
        assert machine.query(found) == []
