"""Yahoo as the collector meets it: left alone for an hour after a refusal, asked again after New York's close only."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from liquidity_machine import LIQUIDITY, SEARCH, YAHOO_HOST, LiquidityMachine, a_liquidity_machine
from support import HOSTS, Clock

from tray_app.core.coverage import Coverage
from tray_app.core.model import RunStatus, Trigger, Window
from tray_app.core.series import SeriesPoint
from tray_app.core.times import utc_date
from tray_app.datasets.liquidity.catalogue import Provider, catalogue
from tray_app.datasets.liquidity.collect.spans import last_new_york_session
from tray_app.datasets.liquidity.store.series import MacroStore, SeriesUpdate
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.store.series import Provenance

# 06:00 and 07:10 in Korea: in summer New York has been closed for an hour at the first, in winter it closes just then.
SUMMER = datetime(2026, 8, 20, 21, 0, tzinfo=UTC)
WINTER = datetime(2026, 12, 9, 21, 0, tzinfo=UTC)
SECOND = timedelta(minutes=70)
WHOLE = ["fred", "price", "news", "fed_tone", "stress_calc"]
CLOSE = ["price", "stress_calc"]


@pytest.fixture(scope="module")
def time_of_day() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def samples(time_of_day: Clock) -> Iterator[SampleServer]:
    with SampleServer(time_of_day.now, hosts=HOSTS) as running:
        yield running


@pytest.fixture
def machine(tmp_path: Path, samples: SampleServer, time_of_day: Clock) -> Iterator[LiquidityMachine]:
    time_of_day.at = SUMMER
    samples.misbehave.clear()
    samples.log.clear()
    with a_liquidity_machine(tmp_path, samples, time_of_day) as made:
        made.settings = SEARCH
        yield made


def refuse_from_the_third_symbol_on(machine: LiquidityMachine) -> None:
    for symbol in ("^GSPC", "XLF", "KRE", "HYG"):
        machine.server.misbehave.set(YAHOO_HOST, Mode.RATE_LIMITED, path=f"/v8/finance/chart/{symbol}")


def of_the_morning(machine: LiquidityMachine, **changes: object) -> list[str]:
    """Make the scheduler's run of a due time and return its steps."""
    run = machine.run(due_at=machine.clock.at, trigger=Trigger.SCHEDULER)
    assert run.status is changes.get("status", RunStatus.SUCCESS)
    return [step.name for step in run.steps]


# --- refusals -----------------------------------------------------------------------------------------------------


def test_the_first_refusal_ends_the_asking_for_an_hour(machine: LiquidityMachine) -> None:
    refuse_from_the_third_symbol_on(machine)
    run = machine.run()
    assert machine.server.count(YAHOO_HOST) == 3
    assert machine.steps(run)["price"] == "skipped"
    # 06:00 and an hour; what came before is stored, and the rest of the run goes on.
    assert machine.notes(run)["price"] == (
        "Yahoo asks to be left alone until 07:00 KST; stored closes reach 2026-08-20."
        f" 2 of {len([each for each in catalogue() if each.provider is Provider.YAHOO])} series"
    )
    assert run.retry_at == SUMMER + timedelta(minutes=60)
    assert (run.status, machine.steps(run)["stress_calc"]) == (RunStatus.PARTIAL, "success")
    assert machine.reads.observations("^MOVE")


def test_within_the_hour_nothing_is_sent_also_after_a_restart(
    machine: LiquidityMachine, samples: SampleServer, time_of_day: Clock
) -> None:
    refuse_from_the_third_symbol_on(machine)
    machine.run()
    samples.misbehave.clear()
    machine.asked()
    time_of_day.advance(minutes=59)
    with a_liquidity_machine(machine.folder, samples, time_of_day) as restarted:
        restarted.settings = SEARCH
        run = restarted.run()
        assert restarted.asked(YAHOO_HOST) == []
        assert restarted.steps(run)["price"] == "skipped"
        assert restarted.notes(run)["price"].startswith("Yahoo asks to be left alone until 07:00 KST")
        history = restarted.run(window=Window(date(2024, 1, 1)))
        assert restarted.asked(YAHOO_HOST) == []
        assert history.retry_at == SUMMER + timedelta(minutes=60)
        time_of_day.advance(minutes=2)
        assert restarted.run().status is RunStatus.SUCCESS
        assert len(restarted.asked(YAHOO_HOST)) == 11


def test_a_refusal_at_the_first_symbol_says_that_nothing_is_stored(machine: LiquidityMachine) -> None:
    machine.server.misbehave.set(YAHOO_HOST, Mode.RATE_LIMITED)
    run = machine.run()
    assert machine.server.count(YAHOO_HOST) == 1
    assert machine.notes(run)["price"].endswith("07:00 KST; nothing is stored yet.")


# --- New York's close ---------------------------------------------------------------------------------------------


def test_in_summer_the_second_time_sends_nothing(machine: LiquidityMachine, time_of_day: Clock) -> None:
    assert of_the_morning(machine) == WHOLE
    machine.asked()
    time_of_day.advance(minutes=70)
    before = machine.data()
    assert of_the_morning(machine) == CLOSE
    assert machine.asked() == []
    assert machine.data() == before


def test_in_winter_the_second_time_brings_the_close(machine: LiquidityMachine, time_of_day: Clock) -> None:
    time_of_day.at = WINTER
    assert of_the_morning(machine) == WHOLE
    assert machine.reads.newest_observation("^GSPC") == date(2026, 12, 8)
    machine.asked()
    time_of_day.advance(minutes=70)
    assert of_the_morning(machine) == CLOSE
    assert machine.reads.newest_observation("^GSPC") == date(2026, 12, 9)
    assert {path.split("/")[0] for path in machine.asked()} == {YAHOO_HOST}


def test_the_second_time_is_whole_when_the_first_was_not(machine: LiquidityMachine, time_of_day: Clock) -> None:
    machine.server.misbehave.set("news.google.com", Mode.SERVER_ERROR_HTML)
    assert of_the_morning(machine, status=RunStatus.PARTIAL) == WHOLE
    machine.server.misbehave.clear()
    time_of_day.advance(minutes=70)
    assert of_the_morning(machine) == WHOLE


def test_the_second_time_is_whole_when_there_was_no_first(machine: LiquidityMachine, time_of_day: Clock) -> None:
    time_of_day.at = SUMMER + SECOND
    assert of_the_morning(machine) == WHOLE


def test_the_next_morning_is_whole_again(machine: LiquidityMachine, time_of_day: Clock) -> None:
    of_the_morning(machine)
    time_of_day.advance(days=1)
    assert of_the_morning(machine) == WHOLE


def test_a_time_in_the_evening_is_whole(machine: LiquidityMachine, time_of_day: Clock) -> None:
    of_the_morning(machine)
    time_of_day.advance(hours=16)
    assert of_the_morning(machine) == WHOLE


def test_a_run_by_hand_is_always_whole(machine: LiquidityMachine, time_of_day: Clock) -> None:
    of_the_morning(machine)
    time_of_day.advance(minutes=70)
    assert [step.name for step in machine.run().steps] == WHOLE


def test_a_second_time_that_failed_is_tried_again_as_what_it_was(machine: LiquidityMachine, time_of_day: Clock) -> None:
    time_of_day.at = WINTER
    of_the_morning(machine)
    time_of_day.advance(minutes=70)
    due_at = time_of_day.at
    machine.server.misbehave.set(YAHOO_HOST, Mode.SERVER_ERROR_HTML)
    assert of_the_morning(machine, status=RunStatus.FAILED) == CLOSE
    machine.server.misbehave.clear()
    time_of_day.advance(minutes=5)
    run = machine.run(LIQUIDITY, due_at=due_at, trigger=Trigger.SCHEDULER)
    assert ([step.name for step in run.steps], run.status) == (CLOSE, RunStatus.SUCCESS)


@pytest.mark.parametrize(
    ("now", "session"),
    [
        (datetime(2026, 8, 21, 19, 59, tzinfo=UTC), date(2026, 8, 20)),
        (datetime(2026, 8, 21, 20, 0, tzinfo=UTC), date(2026, 8, 21)),
        (datetime(2026, 8, 23, 12, 0, tzinfo=UTC), date(2026, 8, 21)),
        (datetime(2026, 8, 24, 15, 0, tzinfo=UTC), date(2026, 8, 21)),
        (datetime(2026, 12, 9, 20, 59, tzinfo=UTC), date(2026, 12, 8)),
        (datetime(2026, 12, 9, 21, 0, tzinfo=UTC), date(2026, 12, 9)),
    ],
)
def test_the_last_session_of_new_york(now: datetime, session: date) -> None:
    assert last_new_york_session(now) == session


# --- splits -------------------------------------------------------------------------------------------------------


def test_after_a_split_the_whole_history_comes_anew(machine: LiquidityMachine) -> None:
    machine.run(window=Window(date(2026, 1, 1)))
    whole = machine.reads.observations("XLF")
    # As it was before each share became two.
    dear = [SeriesPoint(point.date, 2 * point.value) for point in whole]
    covers = Coverage(whole[0].date, utc_date(SUMMER))
    MacroStore(machine.database).store(
        "XLF", SeriesUpdate(dear, covers, is_last_provisional=True), Provenance(SUMMER, 1)
    )
    machine.asked()
    machine.run()
    assert machine.reads.observations("XLF", since=whole[0].date) == whole
    assert machine.reads.observations("XLF")[0].date < date(2000, 1, 1)
    assert [path.rpartition("/")[2] for path in machine.asked(YAHOO_HOST)].count("XLF") == 2
    assert machine.query("SELECT COUNT(*) FROM restatements WHERE row_key LIKE 'XLF/%'")[0][0] >= len(whole) - 1
