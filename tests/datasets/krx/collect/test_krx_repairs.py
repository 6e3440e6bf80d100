"""What comes right later: closures nobody foresaw, totals that were wrong, rows that were taken back, days in doubt."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from krx_exchange import CLASS_OF, MARKET_OF, SESSIONS, body_of
from krx_exchange import rows as rows_on
from krx_machine import KrxMachine, a_krx_machine, next_session
from krx_wire import DAILY, INDEX, MASTER, KrxWire, equity_row, index_body, with_rates
from krx_wire import body as body_of_rows

from tray_app.core.days import day_number
from tray_app.core.model import RunStatus, Window
from tray_app.datasets.krx.rows import STOCK_MARKETS, EquityBar, IndexClass, Market

KOSPI, TOTALS = DAILY[Market.KOSPI], INDEX[IndexClass.KOSPI]
SPLIT_DAY, ELECTION = SESSIONS[18], date(2024, 4, 10)
FACTORS = "SELECT i.external_code FROM price_adjustment_factors f JOIN instruments i USING (instrument_id) WHERE f.{}"
ROWS = "SELECT COUNT(*) FROM daily_market_data d JOIN instruments i USING (instrument_id) WHERE {} = ? AND {} = ?"

Rows = list[dict[str, Any]]


class Wire(KrxWire):
    """An exchange whose rows are changed on the way, until it has come right."""

    def __init__(self, change: Callable[[str, date, Rows], Rows | None]) -> None:
        super().__init__(self._changed)
        self.is_right = False
        self._change = change

    def _changed(self, service: str, day: date) -> bytes | None:
        body = body_of(service, day)
        if self.is_right or body is None:
            return body
        rows = self._change(service, day, json.loads(body)["OutBlock_1"])
        return None if rows is None else json.dumps({"OutBlock_1": rows}).encode()


def factors_on(machine: KrxMachine, day: date) -> list[str]:
    return [row[0] for row in machine.query(FACTORS.format("trade_date = ?"), day_number(day))]


def open_errors(machine: KrxMachine, day: date) -> int:
    sql = "SELECT COUNT(*) FROM data_quality_issues WHERE severity = 'ERROR' AND resolved_at IS NULL AND trade_date = ?"
    return int(machine.query(sql, day.isoformat())[0][0])


def on_mornings(machine: KrxMachine, *places: int) -> None:
    for place in places:
        machine.at(SESSIONS[place], 8, 10)
        machine.run()


def test_the_factor_after_a_closure_nobody_foresaw(tmp_path: Path) -> None:
    def closed(service: str, day: date, rows: Rows) -> Rows | None:
        if day == SESSIONS[17]:
            return None
        if day == SPLIT_DAY and service in DAILY.values():
            before = json.loads(body_of(service, SESSIONS[16]) or b"")["OutBlock_1"]
            closes = {row["ISU_CD"]: float(row["TDD_CLSPRC"]) for row in before}
            for row in rows:
                base = closes.get(row["ISU_CD"], 0.0) / (5 if row["ISU_CD"] == "005930" else 1)
                row["CMPPREVDD_PRC"] = f"{float(row['TDD_CLSPRC']) - base:g}"
            return with_rates(rows)
        return rows

    wire = Wire(closed)
    with a_krx_machine(tmp_path, wire) as machine:
        machine.at(SESSIONS[16], 8, 10)
        machine.run(Window(SESSIONS[5], SESSIONS[15]))
        on_mornings(machine, 17, 18, 19)
        assert factors_on(machine, SPLIT_DAY) == []
        on_mornings(machine, *range(20, 35))
        assert machine.states()[SESSIONS[17]] == "unknown"
        assert factors_on(machine, SPLIT_DAY) == ["005930"]


def test_the_factor_across_a_session_without_a_row(tmp_path: Path) -> None:
    def without(service: str, day: date, rows: Rows) -> Rows:
        if day == SESSIONS[17] and service == TOTALS:
            return rows[1:]
        is_left_out = day == SESSIONS[17] and service in {KOSPI, MASTER[Market.KOSPI]}
        return [row for row in rows if not (is_left_out and "005930" in (row.get("ISU_SRT_CD"), row["ISU_CD"]))]

    with a_krx_machine(tmp_path, Wire(without)) as machine:
        machine.at(SESSIONS[25], 8, 10)
        machine.run(Window(SESSIONS[5], SESSIONS[22]))
        assert factors_on(machine, SPLIT_DAY) == ["005930"]


def quiet(service: str, day: date) -> bytes:
    """Return a session on which no price moved, so that those around it go on."""
    number = SESSIONS.index(max(before for before in SESSIONS if before < day))
    moved = {market: [still(bar, day) for bar in rows_on(market, number)] for market in STOCK_MARKETS}
    if service in CLASS_OF:
        index_class = CLASS_OF[service]
        return index_body(
            index_class, day, [bar for market in moved if market == index_class.value for bar in moved[market]]
        )
    return body_of_rows([equity_row(bar) for bar in moved[MARKET_OF[service]]])


def still(bar: EquityBar, day: date) -> EquityBar:
    volume = bar.volume + 7
    return replace(bar, trade_date=day, change=0.0, volume=volume, turnover_value=int(bar.close * volume))


@pytest.mark.parametrize("by_window", [True, False])
def test_a_session_on_a_predicted_holiday_is_asked_for(tmp_path: Path, *, by_window: bool) -> None:
    before_election = max(day for day in SESSIONS if day < ELECTION)

    def answer(service: str, day: date) -> bytes | None:
        if day == ELECTION and service not in MASTER.values():
            return quiet(service, day)
        body = body_of(service, before_election if day == ELECTION else day)
        if body is not None and service == TOTALS and day == next_session(ELECTION):
            rows = json.loads(body)["OutBlock_1"]
            moved = [row | {"CMPPREVDD_IDX": "12.34"} for row in rows if row["CLSPRC_IDX"]]
            body = json.dumps({"OutBlock_1": with_rates(moved)}).encode()
        return body

    with a_krx_machine(tmp_path, KrxWire(answer)) as machine:
        machine.at(SESSIONS[30], 8, 10)
        if by_window:
            machine.run(Window(ELECTION, ELECTION))
        else:
            # The index moved against its close before: the run says so, and the next one looks.
            machine.run(Window(SESSIONS[20], SESSIONS[29]))
            assert machine.query("SELECT 1 FROM data_quality_issues WHERE issue_code = 'CAL_CONFLICT'")
            machine.run()
        assert machine.states()[ELECTION] == "verified"
        is_open = "SELECT DISTINCT is_open FROM trading_calendar WHERE trade_date = ?"
        assert machine.query(is_open, ELECTION.isoformat()) == [(1,)]


def test_a_wrong_total_is_asked_for_again(tmp_path: Path) -> None:
    def wrong(service: str, day: date, rows: Rows) -> Rows:
        if service == TOTALS and day == SESSIONS[6]:
            rows[0]["ACC_TRDVAL"] = str(int(rows[0]["ACC_TRDVAL"]) - 777)
        return rows

    wire = Wire(wrong)
    with a_krx_machine(tmp_path, wire) as machine:
        machine.at(SESSIONS[7], 8, 10)
        assert machine.run(Window(SESSIONS[0], SESSIONS[6])).status is RunStatus.FAILED
        assert open_errors(machine, SESSIONS[6]) == 1
        wire.is_right = True
        on_mornings(machine, 9)
        assert machine.states()[SESSIONS[6]] == machine.states(dataset="index")[SESSIONS[6]] == "verified"
        assert open_errors(machine, SESSIONS[6]) == 0


def test_rows_that_never_add_up_are_asked_for_when_a_person_insists(tmp_path: Path) -> None:
    def wrong(service: str, day: date, rows: Rows) -> Rows:
        if service == KOSPI and day == SESSIONS[6]:
            rows[0]["ACC_TRDVAL"] = str(int(rows[0]["ACC_TRDVAL"]) + 5)
        return rows

    wire = Wire(wrong)
    with a_krx_machine(tmp_path, wire) as machine:
        machine.at(SESSIONS[7], 8, 10)
        machine.run(Window(SESSIONS[0], SESSIONS[6]))
        on_mornings(machine, *range(9, 26, 2))
        machine.asked()
        on_mornings(machine, 27)
        assert SESSIONS[6] not in machine.asked_days()
        wire.is_right = True
        machine.run(Window(SESSIONS[6], SESSIONS[6]))
        assert machine.states()[SESSIONS[6]] == "verified"


def test_a_row_that_is_taken_back_goes(tmp_path: Path) -> None:
    def more(service: str, day: date, rows: Rows) -> Rows:
        is_wrong = service == KOSPI and day == SESSIONS[6]
        return [*rows, rows[0] | {"ISU_CD": "999990", "ISU_NM": "유령"}] if is_wrong else rows

    wire = Wire(more)
    with a_krx_machine(tmp_path, wire) as machine:
        machine.at(SESSIONS[7], 8, 10)
        machine.run(Window(SESSIONS[0], SESSIONS[6]))
        count = machine.query(ROWS.format("trade_date", "market_code"), day_number(SESSIONS[6]), "KOSPI")
        wire.is_right = True
        on_mornings(machine, 9)
        assert machine.states()[SESSIONS[6]] == "verified"
        left = machine.query(ROWS.format("trade_date", "market_code"), day_number(SESSIONS[6]), "KOSPI")
        assert left[0][0] == count[0][0] - 1
        assert machine.query("SELECT 1 FROM instruments WHERE external_code = '999990'") == []
        assert machine.query("SELECT column_name, old, new FROM restatements") == [("row", "stored", None)]
        assert open_errors(machine, SESSIONS[6]) == 0
