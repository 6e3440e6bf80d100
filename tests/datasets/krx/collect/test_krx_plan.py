"""What the exchange's collector says before it sends anything, and what it sends then."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from krx_exchange import SESSIONS
from krx_machine import KrxMachine, a_krx_machine
from krx_wire import MASTER

from tray_app.core.model import Window
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.plan import REQUESTS_PER_SECOND

STEPS = ["instruments", "kospi", "kosdaq", "konex", "indices"]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[KrxMachine]:
    with a_krx_machine(tmp_path) as made:
        made.at(SESSIONS[11], 8, 10)
        yield made


def planned(machine: KrxMachine, window: Window | None = None) -> dict[str, int]:
    steps = machine.collector().plan(window, machine.clock.now())
    assert [step.name for step in steps] == STEPS
    assert all(step.seconds == step.calls / REQUESTS_PER_SECOND for step in steps)
    return {step.name: step.calls for step in steps}


def test_the_first_run_of_the_day_is_planned_with_its_lists(machine: KrxMachine) -> None:
    # Five sessions, the first lists of three markets, and some of issues that are listed in between.
    assert planned(machine) == {"instruments": 3 + 2, "kospi": 5, "kosdaq": 5, "konex": 5, "indices": 15}
    assert machine.asked() == []


def test_the_lists_of_the_week_are_planned(machine: KrxMachine) -> None:
    machine.run()
    assert set(planned(machine).values()) == {0}
    machine.asked()
    weekly = 0
    for newest, today in pairwise(SESSIONS[10:20]):
        machine.at(KrxCalendar().next_session(today), 8, 10)
        said = planned(machine)
        machine.run()
        sent = machine.asked()
        # The lists of the week are those of the newest session stored; an issue that is listed today comes on top.
        assert said["instruments"] == len([one for one in sent if one[0] in MASTER.values() and one[1] == newest])
        assert sum(said.values()) - said["instruments"] == len([one for one in sent if one[0] not in MASTER.values()])
        weekly += said["instruments"]
    assert weekly >= len(MASTER)


def test_the_steps_of_a_range_add_up_to_its_plan(machine: KrxMachine) -> None:
    window = Window(SESSIONS[2], SESSIONS[9])
    backfill = machine.collector().backfill(window, machine.clock.now(), 0)
    assert backfill is not None
    assert sum(planned(machine, window).values()) == backfill.calls
    assert planned(machine, window)["indices"] == 3 * 8
