"""The liquidity collector's day: five steps that fail alone or together, the same day twice, keys and outages."""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise, product
from pathlib import Path

import pytest
from liquidity_machine import (
    FED,
    FRED_FILES,
    FRED_HOST,
    GOOGLE,
    SEARCH,
    YAHOO_HOST,
    LiquidityMachine,
    a_liquidity_machine,
)
from support import HOSTS, NOW, Clock

from tray_app.core.model import RunStatus, StepStatus, Trigger
from tray_app.datasets.liquidity.catalogue import Provider, catalogue
from tray_app.datasets.liquidity.dataset import WITHOUT_KEY
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer

# What goes on: a series that has ended is not asked for any more.
ASKED = Counter(each.provider for each in catalogue() if not each.ended)
STEPS = ("fred", "price", "news", "fed_tone", "stress_calc")
PLACES = {"fred": FRED_HOST, "price": YAHOO_HOST, "news": GOOGLE, "fed_tone": FED}
TABLES = {
    "fred": "SELECT COUNT(*) FROM macro_observation o JOIN macro_series USING (series_id) WHERE source = 'fred'",
    "price": "SELECT COUNT(*) FROM macro_observation o JOIN macro_series USING (series_id) WHERE source = 'yahoo'",
    "news": "SELECT COUNT(*) FROM news_article",
    "fed_tone": "SELECT COUNT(*) FROM fed_document",
    "stress_calc": "SELECT COUNT(*) FROM stress_index",
}
LATER = timedelta(days=17)


@pytest.fixture(scope="module")
def module_clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def samples(module_clock: Clock) -> Iterator[SampleServer]:
    """Serve the samples to all tests here: making their history takes a while."""
    with SampleServer(module_clock.now, hosts=HOSTS) as running:
        yield running


@pytest.fixture(scope="module")
def first_day(samples: SampleServer, module_clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home after a first good run."""
    folder = tmp_path_factory.mktemp("first")
    with a_liquidity_machine(folder, samples, module_clock) as machine:
        machine.settings = SEARCH
        run = machine.run()
        assert run.status is RunStatus.SUCCESS, run
        with machine.database.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "market.db"


@pytest.fixture
def fresh(tmp_path: Path, samples: SampleServer, module_clock: Clock) -> Iterator[LiquidityMachine]:
    module_clock.at = NOW
    samples.misbehave.clear()
    samples.log.clear()
    with a_liquidity_machine(tmp_path, samples, module_clock) as machine:
        machine.settings = SEARCH
        yield machine


@pytest.fixture
def machine(tmp_path: Path, samples: SampleServer, module_clock: Clock, first_day: Path) -> Iterator[LiquidityMachine]:
    """Give a machine some days after its first good run."""
    shutil.copy(first_day, tmp_path / "market.db")
    module_clock.at = NOW + LATER
    samples.misbehave.clear()
    samples.log.clear()
    with a_liquidity_machine(tmp_path, samples, module_clock) as made:
        made.settings = SEARCH
        yield made


def fails(machine: LiquidityMachine, *steps: str, mode: Mode = Mode.SERVER_ERROR_HTML) -> None:
    for step in steps:
        if step in PLACES:
            machine.server.misbehave.set(PLACES[step], mode)


def counts(machine: LiquidityMachine) -> dict[str, int]:
    return {step: machine.query(sql)[0][0] for step, sql in TABLES.items()}


def test_a_first_day_brings_everything(fresh: LiquidityMachine) -> None:
    run = fresh.run()
    assert (run.status, run.message) == (RunStatus.SUCCESS, "")
    assert fresh.steps(run) == dict.fromkeys(STEPS, "success")
    stored = {each.series_id for each in fresh.reads.series() if each.count}
    assert stored == {each.series_id for each in catalogue() if not each.ended}
    assert fresh.reads.newest_stress_date() == date(2026, 8, 21)
    assert fresh.liquidity.newest_date() == date(2026, 8, 21)
    day = fresh.reads.stress_day(date(2026, 8, 21))
    assert day is not None
    assert sum(day.contributions.values()) == pytest.approx(day.z)
    assert fresh.news.articles()
    newest, *_others = fresh.news.documents()
    assert fresh.news.sentences(newest.url)


def test_each_source_is_asked_once_for_each_of_its_series(fresh: LiquidityMachine) -> None:
    fresh.run()
    fred = [each for each in catalogue() if each.provider is Provider.FRED and not each.ended]
    yahoo = [each for each in catalogue() if each.provider is Provider.YAHOO]
    assert fresh.server.count(FRED_HOST) == len(fred)
    assert fresh.server.count(YAHOO_HOST) == len(yahoo)


def test_the_same_day_twice_changes_nothing(fresh: LiquidityMachine) -> None:
    fresh.run()
    before = fresh.data()
    again = fresh.run()
    assert fresh.data() == before
    assert again.status is RunStatus.SUCCESS
    assert [step.rows for step in again.steps] == [0] * 5


@pytest.mark.parametrize("failing", list(product([False, True], repeat=5)))
def test_every_combination_of_failing_steps_stores_the_rest_and_loses_nothing(
    machine: LiquidityMachine, failing: tuple[bool, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    down = {step for step, fails_now in zip(STEPS, failing, strict=True) if fails_now}
    before, rows = counts(machine), set(machine.query("SELECT series_id, date, value FROM macro_observation"))
    fails(machine, *down)
    with monkeypatch.context() as patch:
        if "stress_calc" in down:
            patch.setattr("tray_app.datasets.liquidity.collect.index.stress_history", lambda *_: 1 / 0)
        run = machine.run()
    expected = (
        RunStatus.FAILED if down >= set(STEPS) - {"stress_calc"} else RunStatus.PARTIAL if down else RunStatus.SUCCESS
    )
    assert (run.status, machine.steps(run)) == (
        expected,
        {step: "failed" if step in down else "success" for step in STEPS},
    )
    after = counts(machine)
    for step in STEPS:
        # The index goes on over days without new values: what is known is carried forward.
        assert (after[step] > before[step]) == (step not in down), step
    assert {row[:2] for row in rows} <= set(machine.query("SELECT series_id, date FROM macro_observation"))
    machine.server.misbehave.clear()
    again = machine.run()
    assert again.status is RunStatus.SUCCESS
    assert all(count > before[step] for step, count in counts(machine).items())


def test_without_a_key_the_step_is_skipped_and_the_icon_stays_idle(
    tmp_path: Path, samples: SampleServer, module_clock: Clock
) -> None:
    module_clock.at = NOW
    samples.misbehave.clear()
    samples.log.clear()
    with a_liquidity_machine(tmp_path, samples, module_clock, environment={}) as machine:
        machine.settings = SEARCH
        run = machine.run()
        assert machine.steps(run) == {**dict.fromkeys(STEPS, "success"), "fred": "skipped"}
        assert (run.status, run.only_wants_keys) == (RunStatus.PARTIAL, True)
        assert "FRED_API_KEY" in run.message
        assert machine.server.count(FRED_HOST) == 0
        # What is missing of FRED's history is no history to wait for.
        window = machine.liquidity.missing_history(NOW)
        assert window is not None
        assert machine.run(window=window).only_wants_keys
        assert machine.liquidity.missing_history(NOW) is None


def test_without_a_key_the_files_behind_the_charts_serve_those_who_ask_for_them(
    tmp_path: Path, samples: SampleServer, module_clock: Clock
) -> None:
    module_clock.at = NOW
    samples.misbehave.clear()
    samples.log.clear()
    with a_liquidity_machine(tmp_path, samples, module_clock, environment={}) as machine:
        machine.settings = SEARCH.changed({WITHOUT_KEY: True})
        run = machine.run()
        assert run.status is RunStatus.SUCCESS
        assert machine.server.count(FRED_FILES) == ASKED[Provider.FRED]
        assert machine.reads.observations("SOFR")


def test_a_wrong_key_ends_the_step_at_the_first_series(machine: LiquidityMachine) -> None:
    fails(machine, "fred", mode=Mode.WRONG_KEY)
    run = machine.run()
    assert machine.steps(run)["fred"] == "failed"
    assert "FRED does not know this key" in run.message
    assert machine.server.count(FRED_HOST) == 1
    assert not run.worth_retrying


def test_one_series_that_fails_does_not_keep_the_others_from_coming(machine: LiquidityMachine) -> None:
    # The request and its one more try, of the first series alone.
    machine.server.misbehave.set(FRED_HOST, Mode.SERVER_ERROR_HTML, times=2)
    run = machine.run()
    fred = run.steps[0]
    assert fred.status is StepStatus.PARTIAL
    assert fred.note.startswith("SOFR: api.stlouisfed.org is not working")
    assert fred.note.endswith(f"{ASKED[Provider.FRED] - 1} of {ASKED[Provider.FRED]} series")
    assert (run.status, run.worth_retrying) == (RunStatus.PARTIAL, True)


def test_a_host_that_fails_again_and_again_is_left_alone(machine: LiquidityMachine) -> None:
    fails(machine, "fred")
    machine.run()
    assert machine.server.count(FRED_HOST) == 2 * 5


def test_too_many_calls_end_the_step_with_what_came(machine: LiquidityMachine) -> None:
    machine.server.misbehave.set(FRED_HOST, Mode.RATE_LIMITED)
    run = machine.run()
    assert machine.steps(run)["fred"] == "skipped"
    assert machine.server.count(FRED_HOST) == 2
    assert run.worth_retrying


def test_half_a_body_is_told_and_nothing_of_it_is_stored(machine: LiquidityMachine) -> None:
    before = machine.query("SELECT COUNT(*) FROM macro_observation WHERE series_id = 'SOFR'")
    fails(machine, "fred", mode=Mode.PARTIAL_BODY)
    run = machine.run()
    assert machine.steps(run)["fred"] == "failed"
    assert "observations came" in machine.notes(run)["fred"]
    assert machine.query("SELECT COUNT(*) FROM macro_observation WHERE series_id = 'SOFR'") == before


def test_a_page_instead_of_prices_says_what_it_wants(machine: LiquidityMachine) -> None:
    fails(machine, "price", mode=Mode.CONSENT_REDIRECT)
    run = machine.run()
    assert machine.steps(run)["price"] == "failed"
    assert "consent" in run.message


def test_without_network_the_run_waits_though_the_index_needs_none(machine: LiquidityMachine) -> None:
    machine.server.stop()
    try:
        for trigger, status in ((Trigger.SCHEDULER, RunStatus.WAITING), (Trigger.MANUAL_CLI, RunStatus.FAILED)):
            run = machine.run(trigger=trigger)
            assert run.status is status
            assert machine.steps(run)["stress_calc"] == "success"
    finally:
        machine.server.start()


def test_the_key_is_in_no_step_and_no_log(machine: LiquidityMachine, caplog: pytest.LogCaptureFixture) -> None:
    for mode in (Mode.SERVER_ERROR_HTML, Mode.WRONG_KEY, Mode.PARTIAL_BODY, Mode.RATE_LIMITED):
        fails(machine, "fred", mode=mode)
        run = machine.run()
        assert "samplesample" not in "".join(machine.notes(run).values())
    assert "samplesample" not in caplog.text


def test_a_series_that_was_not_collected_for_long_is_taken_up_where_it_stopped(machine: LiquidityMachine) -> None:
    machine.run()
    days = [point.date for point in machine.reads.observations("T10Y2Y", since=date(2026, 8, 1))]
    gaps = [(after - before).days for before, after in pairwise(days)]
    assert max(gaps) <= 4
    assert days[-1] >= date(2026, 9, 4)


def test_a_plan_sends_nothing(machine: LiquidityMachine) -> None:
    planned = {step.name: step.calls for step in machine.liquidity.plan(None, machine.clock.now())}
    asked = {"fred": ASKED[Provider.FRED], "price": ASKED[Provider.YAHOO]}
    assert planned == {**asked, "news": 1, "fed_tone": 5, "stress_calc": 0}
    assert machine.server.count() == 0
