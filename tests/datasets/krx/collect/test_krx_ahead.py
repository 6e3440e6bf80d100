"""In a range the next day's first request is on its way while a day is verified; a daily run asks one by one."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from krx_exchange import SESSIONS, body_of
from krx_machine import KrxMachine, a_krx_machine
from krx_wire import DAILY, MASTER, KrxWire

from tray_app.core.model import RunStatus, Window
from tray_app.datasets.krx.rows import Market

KOSPI, LISTING = DAILY[Market.KOSPI], MASTER[Market.KOSPI]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[KrxMachine]:
    with a_krx_machine(tmp_path) as made:
        made.at(SESSIONS[10], 8, 10)
        yield made


def test_a_range_sends_the_next_days_request_before_the_day_is_verified(machine: KrxMachine) -> None:
    machine.run(Window(SESSIONS[0], SESSIONS[2]))
    asked = machine.asked()
    # The first day has nothing to be compared with: its verification asks for the master lists.
    assert asked.index((KOSPI, SESSIONS[1])) < asked.index((LISTING, SESSIONS[0]))
    assert machine.states() == dict.fromkeys(SESSIONS[:3], "verified")
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("ahead")]


def test_a_daily_run_asks_for_a_day_when_the_one_before_is_verified(machine: KrxMachine) -> None:
    machine.run()
    asked = machine.asked()
    assert asked.index((LISTING, SESSIONS[5])) < asked.index((KOSPI, SESSIONS[6]))


@pytest.mark.parametrize("newest_first", [False, True])
def test_the_error_of_a_request_sent_ahead_is_that_of_its_own_day(tmp_path: Path, *, newest_first: bool) -> None:
    def broken(service: str, day: date) -> bytes | None:
        return b"[" if (service, day) == (KOSPI, SESSIONS[1]) else body_of(service, day)

    with a_krx_machine(tmp_path, KrxWire(broken)) as machine:
        machine.at(SESSIONS[10], 8, 10)
        run = machine.run(Window(SESSIONS[0], SESSIONS[3], newest_first=newest_first))
        assert run.status is RunStatus.FAILED
        assert machine.states() == dict.fromkeys(SESSIONS[:4], "verified") | {SESSIONS[1]: "failed"}
