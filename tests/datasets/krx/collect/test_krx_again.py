"""Collect again: what is stored is asked for too, what differs is recorded, what was made of it is made anew."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from krx_exchange import SESSIONS
from krx_machine import KrxMachine, a_krx_machine
from krx_wire import DAILY, INDEX, MASTER

from datasets.krx.collect.test_krx_repairs import FACTORS, KOSPI, SPLIT_DAY, TOTALS, Rows, Wire
from tray_app.core.days import day_number
from tray_app.core.model import RunStatus, Window
from tray_app.datasets.krx.rows import IndexClass, Market

LAST = SESSIONS[22]
HELD = Window(SESSIONS[5], LAST)


def again(machine: KrxMachine, first: date, last: date, only: str = "") -> Window:
    return Window(first, last, again_since=machine.clock.now(), only=only)


def test_a_wrong_stored_value_is_put_right_with_all_that_was_made_of_it(tmp_path: Path) -> None:
    def unseen(service: str, day: date, rows: Rows) -> Rows:
        """Give a high that no rule can know to be wrong."""
        if day == SESSIONS[10] and service == KOSPI:
            for row in rows:
                if row["ISU_CD"] == "005930":
                    row["TDD_HGPRC"] = str(int(row["TDD_HGPRC"]) + 500)
        return rows

    wire = Wire(unseen)
    with a_krx_machine(tmp_path, wire) as machine:
        machine.at(SESSIONS[25], 8, 10)
        machine.run(HELD)
        wire.is_right = True
        machine.asked()
        assert machine.run(HELD).status is RunStatus.SUCCESS
        assert machine.asked_days() == []
        with closing(sqlite3.connect(machine.database.path)) as connection, connection:
            connection.execute("DELETE FROM price_adjustment_factors")
        machine.clock.advance(hours=1)
        run = machine.run(again(machine, *(HELD.date_from, LAST)))
        assert run.status is RunStatus.PARTIAL
        lists = len({*DAILY.values(), *INDEX.values()})
        asked = [day for service, day in machine.asked() if service.endswith("_trd")]
        days = [day for day in SESSIONS if HELD.date_from <= day <= LAST]
        assert [asked.count(day) for day in days] == [lists] * len(days)
        told = machine.query("SELECT column_name, CAST(old AS INTEGER) - CAST(new AS INTEGER) FROM restatements")
        assert told == [("high", 500)]
        assert machine.states()[SESSIONS[10]] == "verified"
        assert [row[0] for row in machine.query(FACTORS.format("trade_date = ?"), day_number(SPLIT_DAY))] == ["005930"]


def test_the_master_lists_that_are_stored_are_asked_for_with_their_days(tmp_path: Path) -> None:
    with a_krx_machine(tmp_path, Wire(lambda _service, _day, rows: rows)) as machine:
        machine.at(SESSIONS[25], 8, 10)
        machine.run(HELD)
        told = {one for one in machine.asked() if one[0] in MASTER.values()}
        assert told
        machine.clock.advance(hours=1)
        before = machine.data()
        machine.run(again(machine, HELD.date_from, LAST))
        assert {one for one in machine.asked() if one[0] in MASTER.values()} == told
        for data in (before, after := machine.data()):
            for bookkeeping in ("day_ledger", "asked_again", "data_quality_issues"):
                data.pop(bookkeeping)
        assert after == before


def test_one_market_alone(tmp_path: Path) -> None:
    with a_krx_machine(tmp_path, Wire(lambda _service, _day, rows: rows)) as machine:
        machine.at(SESSIONS[25], 8, 10)
        machine.run(HELD)
        machine.asked()
        run = machine.run(again(machine, SESSIONS[6], SESSIONS[7], only="KOSDAQ"))
        assert run.status is RunStatus.SUCCESS
        services = {one[0] for one in machine.asked() if one[0].endswith("_trd")}
        assert services == {DAILY[Market.KOSDAQ], INDEX[IndexClass.KOSDAQ]}


@pytest.mark.parametrize("limit", [160, 130])
def test_what_the_day_s_calls_did_not_do_goes_on_where_it_stopped(tmp_path: Path, limit: int) -> None:
    with a_krx_machine(tmp_path, Wire(lambda _service, _day, rows: rows)) as machine:
        machine.at(SESSIONS[25], 8, 10)
        machine.run(Window(SESSIONS[5], SESSIONS[14]))
        machine.clock.advance(days=1)
        window = again(machine, SESSIONS[5], SESSIONS[14])
        machine.asked()
        machine.limit = limit
        asked: list[tuple[str, date]] = []
        for _day in range(10):
            run = machine.run(window)
            asked += [one for one in machine.asked() if one[0].endswith("_trd")]
            if run.status is RunStatus.SUCCESS:
                break
            machine.clock.advance(days=1)
        assert len(asked) == len(set(asked)) == 10 * 6
        assert machine.run(window).status is RunStatus.SUCCESS
        assert machine.asked() == []


def test_a_day_that_was_closed_is_asked_for_too(tmp_path: Path) -> None:
    election = date(2024, 4, 10)
    with a_krx_machine(tmp_path, Wire(lambda _service, _day, rows: rows)) as machine:
        machine.at(SESSIONS[30], 8, 10)
        machine.run(Window(election, election))
        assert machine.states()[election] == "closed"
        machine.run(Window(SESSIONS[20], SESSIONS[25]))
        machine.asked()
        machine.run(Window(election, election))
        assert machine.asked() == []
        machine.run(again(machine, election - timedelta(days=3), election + timedelta(days=3)))
        assert election in machine.asked_days()
        assert machine.states()[election] == "closed"


def test_an_empty_answer_takes_nothing_away(tmp_path: Path) -> None:
    wire = Wire(lambda service, day, rows: None if day == SESSIONS[6] and service in {KOSPI, TOTALS} else rows)
    wire.is_right = True
    with a_krx_machine(tmp_path, wire) as machine:
        machine.at(SESSIONS[25], 8, 10)
        machine.run(HELD)
        wire.is_right = False
        before = machine.query("SELECT * FROM daily_market_data")
        run = machine.run(again(machine, SESSIONS[6], SESSIONS[6]))
        assert run.status is RunStatus.PARTIAL
        assert machine.query("SELECT * FROM daily_market_data") == before
        assert machine.states()[SESSIONS[6]] == "verified"
