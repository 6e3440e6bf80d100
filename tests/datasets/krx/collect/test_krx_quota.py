"""The key's calls a day: history stops in time and leaves some for the runs of the day, and goes on tomorrow."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from krx_exchange import SESSIONS
from krx_machine import KrxMachine, a_krx_machine, notes, steps
from krx_wire import asked_of, repeats

from tray_app.core.model import RunStatus, Window
from tray_app.datasets.krx.rows import STOCK_MARKETS
from tray_app.datasets.krx.rules.plan import DAILY_RUN_RESERVE

WINDOW = Window(SESSIONS[0], SESSIONS[29])
FOR_HISTORY = 50
# 30 sessions of six lists, and the master lists of the first day, of each newcomer and of the code used again.
LISTS = 30 * 6


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[KrxMachine]:
    with a_krx_machine(tmp_path) as made:
        made.at(SESSIONS[40], 9)
        made.limit = DAILY_RUN_RESERVE + FOR_HISTORY
        yield made


def calls(machine: KrxMachine) -> dict[str, int]:
    return dict(machine.query("SELECT day, calls FROM api_usage ORDER BY day"))


def whole_days(machine: KrxMachine) -> int:
    return min(list(machine.states(market).values()).count("verified") for market in STOCK_MARKETS)


def test_history_stops_before_the_reserve_and_says_when_it_goes_on(machine: KrxMachine) -> None:
    run = machine.run(WINDOW)
    assert len(asked_of(machine.server)) == FOR_HISTORY
    assert calls(machine) == {SESSIONS[40].isoformat(): FOR_HISTORY}
    assert run.status is RunStatus.PARTIAL
    assert {steps(run)[step] for step in ("kospi", "kosdaq", "konex", "indices")} == {"skipped"}
    said = f"Of the {machine.limit} calls a day of the key, {DAILY_RUN_RESERVE} are kept for the runs of the day"
    assert said in notes(run)["kospi"]
    assert run.retry_at is not None
    assert run.retry_at > machine.clock.now()
    # What was asked for is stored, proven and checked.
    assert whole_days(machine) >= (FOR_HISTORY - 4) // 6
    assert machine.query("SELECT COUNT(*) FROM pending_checks") == [(0,)]
    assert "failed" not in machine.states().values()


def test_no_further_run_of_history_sends_anything_that_day(machine: KrxMachine) -> None:
    machine.run(WINDOW)
    for _ in range(3):
        machine.run(WINDOW)
    assert len(asked_of(machine.server)) == FOR_HISTORY


def test_today_s_run_has_the_reserve(machine: KrxMachine) -> None:
    machine.run(WINDOW)
    machine.pending = [Window(SESSIONS[0])]
    run = machine.run()
    assert run.status is RunStatus.SUCCESS
    [(used,)] = machine.query("SELECT calls FROM api_usage")
    assert FOR_HISTORY < used <= machine.limit
    assert set(SESSIONS[35:40]) <= machine.states().keys()


def test_no_run_goes_over_the_limit(machine: KrxMachine) -> None:
    machine.limit = 20
    run = machine.run()
    assert "The 20 calls a day of the key are used up." in notes(run)["indices"]
    machine.run()
    machine.run(WINDOW)
    assert len(asked_of(machine.server)) == 20
    assert calls(machine) == {SESSIONS[40].isoformat(): 20}


def test_it_is_complete_after_some_days_without_a_repeated_request(machine: KrxMachine) -> None:
    planned = machine.collector().backfill(WINDOW, machine.clock.now(), 0)
    assert planned is not None
    days = 0
    run = None
    while run is None or run.status is not RunStatus.SUCCESS:
        machine.at(SESSIONS[40 + days], 9)
        run = machine.run(WINDOW)
        days += 1
        assert max(calls(machine).values()) <= FOR_HISTORY
    assert list(machine.states()) == list(SESSIONS[:30])
    assert {state for market in STOCK_MARKETS for state in machine.states(market).values()} == {"verified"}
    assert repeats(machine.server) == 0
    asked = len(asked_of(machine.server))
    assert days == -(-asked // FOR_HISTORY)
    assert LISTS < asked < LISTS + 12


@pytest.mark.parametrize("limit", [0, 20, DAILY_RUN_RESERVE])
def test_a_limit_below_the_reserve_leaves_nothing_for_history_and_promises_nothing(
    machine: KrxMachine, limit: int
) -> None:
    machine.limit = limit
    run = machine.run(WINDOW)
    assert asked_of(machine.server) == []
    assert {steps(run)[step] for step in ("kospi", "kosdaq", "konex", "indices")} == {"skipped"}
    assert run.status is RunStatus.FAILED
    assert run.message.startswith(f"KRX_DAILY_LIMIT is {limit}, and {DAILY_RUN_RESERVE} calls a day are kept")
    assert "does not go on by itself" in run.message
    assert (run.retry_at, run.opens_at, run.worth_retrying) == (None, None, False)
    planned = machine.collector().backfill(WINDOW, machine.clock.now(), 0)
    assert planned is not None
    assert (planned.days, planned.continues_on, str(planned.refusal)) == ((), None, run.message)
    # One call more a day, and it goes on.
    machine.limit = DAILY_RUN_RESERVE + 1
    assert machine.run(WINDOW).retry_at is not None
    assert len(asked_of(machine.server)) == 1


def test_the_count_starts_anew_at_midnight_in_korea(machine: KrxMachine) -> None:
    machine.at(SESSIONS[40], 23, 55)
    machine.run(WINDOW)
    machine.clock.advance(minutes=10)
    machine.run(WINDOW)
    assert [len(calls(machine)), *calls(machine).values()] == [2, FOR_HISTORY, FOR_HISTORY]
    assert list(calls(machine)) == [str(SESSIONS[40]), str(SESSIONS[40] + timedelta(days=1))]
