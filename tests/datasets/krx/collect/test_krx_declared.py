"""Days that a person declares closed or open: the collector goes by them, the calendar says so, and rows overrule."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from krx_exchange import SESSIONS, body_of
from krx_machine import KrxMachine, a_krx_machine, notes
from krx_wire import KrxWire

from tray_app.core.errors import BadInput
from tray_app.core.model import RunStatus, Window
from tray_app.datasets.krx.rules.calendar import Declaration
from tray_app.datasets.krx.store.declared import DeclaredDays

DAY = SESSIONS[5]
CALENDAR = "SELECT DISTINCT state, is_open, evidence, holiday_name FROM trading_calendar WHERE trade_date = ?"


class Shut:
    """An exchange that has nothing of some days."""

    def __init__(self) -> None:
        self.days = {DAY}

    def body(self, service: str, day: date) -> bytes | None:
        return None if day in self.days else body_of(service, day)


@pytest.fixture
def shut() -> Shut:
    return Shut()


@pytest.fixture
def machine(tmp_path: Path, shut: Shut) -> Iterator[KrxMachine]:
    with a_krx_machine(tmp_path, KrxWire(shut.body)) as made:
        made.at(SESSIONS[16], 8, 10)
        yield made


def declare(machine: KrxMachine, day: date, *, is_open: bool, note: str = "") -> None:
    DeclaredDays(machine.database).declare(Declaration(day, is_open, note), machine.clock.now())


def test_a_temporary_holiday_that_was_announced_is_no_hole(machine: KrxMachine) -> None:
    window = Window(SESSIONS[4], SESSIONS[6])
    assert machine.run(window).status is RunStatus.PARTIAL
    declare(machine, DAY, is_open=False, note="임시공휴일")
    assert machine.query(CALENDAR, str(DAY)) == [("closed", 0, "manual", "임시공휴일")]
    machine.asked()
    run = machine.run(window)
    assert run.status is RunStatus.SUCCESS
    assert machine.asked_days() == []
    # The calendar is judged anew at every run, and what a person said of the day stays.
    assert machine.query(CALENDAR, str(DAY)) == [("closed", 0, "manual", "임시공휴일")]
    errors = "SELECT subject FROM data_quality_issues WHERE resolved_at IS NULL AND severity = 'ERROR'"
    assert machine.query(errors) == []


def test_a_declaration_is_taken_back(machine: KrxMachine, shut: Shut) -> None:
    declare(machine, DAY, is_open=False)
    machine.run(Window(DAY, SESSIONS[6]))
    assert DeclaredDays(machine.database).forget(DAY)
    assert not DeclaredDays(machine.database).forget(DAY)
    shut.days.clear()
    assert machine.run(Window(DAY, SESSIONS[6])).status is RunStatus.SUCCESS
    assert machine.states()[DAY] == "verified"
    assert machine.query(CALENDAR, str(DAY)) == [("open", 1, "rows", None)]


def test_a_day_predicted_closed_is_asked_for_once_declared_open(machine: KrxMachine) -> None:
    saturday = DAY + timedelta(days=5 - DAY.weekday())
    declare(machine, saturday, is_open=True)
    machine.asked()
    run = machine.run(Window(saturday, saturday))
    assert machine.asked_days() == [saturday]
    assert run.status is RunStatus.FAILED
    assert "sent no rows although they should be published" in notes(run)["kospi"]
    assert machine.query(CALENDAR, str(saturday)) == [("open", 1, "manual", None)]


def test_rows_overrule_a_person(machine: KrxMachine, shut: Shut) -> None:
    shut.days.clear()
    machine.run(Window(DAY, DAY))
    with pytest.raises(BadInput, match=f"Rows of {DAY} are stored"):
        declare(machine, DAY, is_open=False)
    assert machine.query(CALENDAR, str(DAY)) == [("open", 1, "rows", None)]
