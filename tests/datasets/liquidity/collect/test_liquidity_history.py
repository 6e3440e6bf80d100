"""Liquidity's history: each series from where it stands, taken up where it stopped, nothing asked for twice."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from liquidity_machine import FRED_HOST, SEARCH, YAHOO_HOST, LiquidityMachine, a_liquidity_machine
from machine import CancelAfter
from support import HOSTS, NOW, Clock

from tray_app.core.model import RunStatus, Trigger, Window
from tray_app.datasets.liquidity.catalogue import Provider, catalogue
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer

EVERYTHING = Window(date(1986, 1, 1))
SERIES = len(catalogue())


@pytest.fixture(scope="module")
def module_clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def samples(module_clock: Clock) -> Iterator[SampleServer]:
    with SampleServer(module_clock.now, hosts=HOSTS) as running:
        yield running


@pytest.fixture
def machine(tmp_path: Path, samples: SampleServer, module_clock: Clock) -> Iterator[LiquidityMachine]:
    module_clock.at = NOW
    samples.misbehave.clear()
    samples.log.clear()
    with a_liquidity_machine(tmp_path, samples, module_clock) as made:
        made.settings = SEARCH
        yield made


def test_history_fills_what_a_first_run_leaves_out_and_only_once(machine: LiquidityMachine) -> None:
    machine.run()
    assert machine.liquidity.missing_history(NOW) == EVERYTHING
    machine.asked()
    run = machine.run(window=EVERYTHING)
    assert run.status is RunStatus.SUCCESS
    # The two that are revised as a whole are whole already.
    assert len(machine.asked()) == SERIES - 2
    assert machine.reads.observations("TEDRATE")[-1].date == date(2022, 1, 21)
    assert machine.reads.observations("^GSPC")[0].date < date(1990, 1, 10)
    assert machine.reads.stress_days()[0].date < date(1992, 1, 1)
    assert machine.liquidity.missing_history(NOW) is None
    before = machine.data()
    again = machine.run(window=EVERYTHING)
    assert machine.asked() == []
    assert machine.data() == before
    assert machine.notes(again)["fred"] == "nothing missing"


def test_the_days_after_history_ask_for_tails_and_miss_nothing(machine: LiquidityMachine, module_clock: Clock) -> None:
    machine.run()
    machine.run(window=EVERYTHING)
    module_clock.advance(days=60)
    machine.asked()
    assert machine.run().status is RunStatus.SUCCESS
    assert machine.liquidity.missing_history(module_clock.now()) is None
    days = [point.date for point in machine.reads.observations("^GSPC", since=NOW.date() - timedelta(days=10))]
    assert max((after - before).days for before, after in pairwise(days)) <= 4


def test_a_run_that_is_cut_off_goes_on_with_the_next_series(machine: LiquidityMachine, samples: SampleServer) -> None:
    run = machine.run(window=EVERYTHING, cancel=CancelAfter(samples, 10))
    assert run.status is RunStatus.CANCELLED
    done = sum(1 for each in machine.reads.series() if each.count)
    assert 9 <= done <= 11
    machine.asked()
    assert machine.run(window=EVERYTHING).status is RunStatus.SUCCESS
    assert len(machine.asked()) == SERIES - done


def test_a_source_that_shortens_a_series_takes_nothing_away(machine: LiquidityMachine, module_clock: Clock) -> None:
    machine.run(window=EVERYTHING)
    before = machine.reads.observations("BAMLH0A0HYM2")
    module_clock.advance(days=400)
    machine.run()
    machine.run(window=EVERYTHING)
    after = machine.reads.observations("BAMLH0A0HYM2")
    assert after[: len(before)] == before
    assert len(after) > len(before)


def test_a_short_range_asks_for_the_series_that_were_there(machine: LiquidityMachine) -> None:
    machine.run(window=Window(date(1995, 1, 1), date(1995, 12, 31)))
    asked = {path.rpartition("/")[2] for path in machine.asked(YAHOO_HOST)}
    assert asked == {"^VIX", "^GSPC", "DX-Y.NYB"}


def test_a_fred_that_is_down_leaves_its_part_for_later(machine: LiquidityMachine) -> None:
    machine.server.misbehave.set(FRED_HOST, Mode.SERVER_ERROR_HTML)
    run = machine.run(window=EVERYTHING)
    assert (run.status, machine.steps(run)["price"], machine.steps(run)["fred"]) == (
        RunStatus.PARTIAL,
        "success",
        "failed",
    )
    machine.server.misbehave.clear()
    machine.asked()
    assert machine.run(window=EVERYTHING).status is RunStatus.SUCCESS
    assert {path.partition("/")[0] for path in machine.asked()} == {FRED_HOST}


def test_without_network_a_history_waits(machine: LiquidityMachine) -> None:
    machine.server.stop()
    try:
        assert machine.run(window=EVERYTHING, trigger=Trigger.SCHEDULER).status is RunStatus.WAITING
    finally:
        machine.server.start()


def test_a_plan_counts_what_is_missing(machine: LiquidityMachine) -> None:
    planned = {step.name: step.calls for step in machine.liquidity.plan(EVERYTHING, NOW)}
    assert planned == {
        "fred": len([each for each in catalogue() if each.provider is Provider.FRED]),
        "price": len([each for each in catalogue() if each.provider is Provider.YAHOO]),
        "news": 0,
        "fed_tone": 0,
        "stress_calc": 0,
    }
    machine.run(window=EVERYTHING)
    assert sum(step.calls for step in machine.liquidity.plan(EVERYTHING, NOW)) == 0
