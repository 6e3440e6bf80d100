"""The crypto collector's day: five steps that fail alone or together, the same day twice, outages and gaps."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from machine import Harness, a_machine
from support import COINGECKO, FEAR_GREED, HOSTS, LLAMA, SECRET, STABLECOINS, Clock

from tray_app.core.events import DataChanged, RunFinished, RunProgress, RunStarted
from tray_app.core.model import RunStatus, StepStatus, Trigger, Window
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer

TODAY = "2026-08-22"
STEPS = ("coingecko_prices", "coingecko_global", "defillama_tvl", "defillama_stablecoins", "fear_greed")
PLACES = {
    "coingecko_prices": (COINGECKO, "/api/v3/coins/markets"),
    "coingecko_global": (COINGECKO, "/api/v3/global"),
    "defillama_tvl": (LLAMA, "/"),
    "defillama_stablecoins": (STABLECOINS, "/"),
    "fear_greed": (FEAR_GREED, "/"),
}
COLUMNS = {
    "coingecko_prices": ("eth_btc_ratio",),
    "coingecko_global": ("total_market_cap", "total_volume_24h", "btc_dominance"),
    "defillama_tvl": ("defi_tvl",),
    "defillama_stablecoins": ("stablecoin_mcap",),
    "fear_greed": ("fear_greed_index", "fear_greed_label"),
}


@pytest.fixture
def machine(tmp_path: Path, server: SampleServer, clock: Clock) -> Iterator[Harness]:
    with a_machine(tmp_path, server, clock) as made:
        yield made


def fails(machine: Harness, *steps: str, mode: Mode = Mode.SERVER_ERROR_HTML) -> None:
    for step in steps:
        host, path = PLACES[step]
        machine.server.misbehave.set(host, mode, path=path)


def row(machine: Harness, day: str = TODAY) -> dict[str, object]:
    columns = [column for names in COLUMNS.values() for column in names]
    found = machine.query(f"SELECT {', '.join(columns)} FROM crypto_metric WHERE date = ?", day)
    return dict(zip(columns, found[0], strict=True)) if found else dict.fromkeys(columns)


def test_a_good_day(machine: Harness) -> None:
    run = machine.run()
    assert (run.status, run.trigger, run.message) == (RunStatus.SUCCESS, Trigger.MANUAL_CLI, "")
    assert machine.steps(run) == dict.fromkeys(STEPS, "success")
    assert machine.query("SELECT COUNT(*), COUNT(DISTINCT coin_id), MIN(date), MAX(date) FROM crypto_price") == [
        (20, 20, TODAY, TODAY)
    ]
    assert None not in row(machine).values()
    assert run.data_date == date(2026, 8, 22)
    assert str(run.steps[0]) == "success (20 coins)"


def test_a_day_asks_five_times_and_no_more(machine: Harness) -> None:
    machine.run()
    assert machine.asked() == [
        f"{COINGECKO}/api/v3/coins/markets",
        f"{COINGECKO}/api/v3/global",
        f"{LLAMA}/v2/historicalChainTvl",
        f"{STABLECOINS}/stablecoincharts/all",
        f"{FEAR_GREED}/fng/",
    ]
    calls = dict(machine.query("SELECT source, calls FROM api_usage"))
    assert calls == {COINGECKO: 2, LLAMA: 1, STABLECOINS: 1, FEAR_GREED: 1}


def test_the_tail_that_is_revised_comes_with_the_day_and_not_the_whole_history(machine: Harness) -> None:
    machine.run()
    [(count, first)] = machine.query("SELECT COUNT(*), MIN(date) FROM crypto_metric WHERE defi_tvl IS NOT NULL")
    assert (count, first) == (31, "2026-07-23")


def test_the_same_day_twice_changes_nothing(machine: Harness) -> None:
    machine.run()
    before = machine.data()
    run = machine.run()
    assert machine.data() == before
    assert run.status is RunStatus.SUCCESS
    assert [step.rows for step in run.steps] == [0] * 5
    assert machine.query("SELECT * FROM restatements") == []


def test_the_row_agrees_with_the_prices_it_was_made_of(machine: Harness) -> None:
    machine.run()
    prices = dict(machine.query("SELECT coin_id, price_usd FROM crypto_price"))
    assert row(machine)["eth_btc_ratio"] == pytest.approx(prices["ethereum"] / prices["bitcoin"])


@pytest.mark.parametrize("failing", list(product([False, True], repeat=5)))
def test_every_combination_of_failing_steps_stores_the_rest(machine: Harness, failing: tuple[bool, ...]) -> None:
    down = [step for step, fails_now in zip(STEPS, failing, strict=True) if fails_now]
    fails(machine, *down)
    run = machine.run()
    expected = RunStatus.PARTIAL if down else RunStatus.SUCCESS
    assert run.status is (RunStatus.FAILED if len(down) == 5 else expected)
    assert machine.steps(run) == {step: "failed" if step in down else "success" for step in STEPS}
    assert [(count,) for (count,) in machine.query("SELECT COUNT(*) FROM crypto_price")] == [
        (0 if "coingecko_prices" in down else 20,)
    ]
    stored = row(machine)
    for step in STEPS:
        for column in COLUMNS[step]:
            assert (stored[column] is None) == (step in down), column
    # Another run brings what was missing, and only that is new.
    machine.server.misbehave.clear()
    again = machine.run()
    assert again.status is RunStatus.SUCCESS
    assert None not in row(machine).values()
    assert {step.name for step in again.steps if step.rows} == set(down)
    assert machine.query("SELECT * FROM restatements") == []


@pytest.mark.parametrize(
    ("mode", "status"),
    [
        (Mode.RATE_LIMITED, StepStatus.SKIPPED),
        (Mode.RATE_LIMITED_RETRY_AFTER, StepStatus.SKIPPED),
        (Mode.QUOTA_10006, StepStatus.SKIPPED),
        (Mode.REFUSED_KEY, StepStatus.FAILED),
        (Mode.SERVER_ERROR_HTML, StepStatus.FAILED),
        (Mode.CUT_BODY, StepStatus.FAILED),
        (Mode.EMPTY_LIST, StepStatus.FAILED),
        (Mode.HTML_200, StepStatus.FAILED),
        (Mode.WRONG_TYPE, StepStatus.FAILED),
    ],
)
def test_a_refusal_is_told_with_what_to_do(machine: Harness, mode: Mode, status: StepStatus) -> None:
    fails(machine, "coingecko_prices", mode=mode)
    run = machine.run()
    assert run.status is RunStatus.PARTIAL
    assert run.steps[0].status is status
    assert run.steps[0].note
    assert run.message == run.steps[0].note
    assert run.worth_retrying == (mode not in {Mode.QUOTA_10006, Mode.REFUSED_KEY})


def test_a_spent_quota_leaves_the_other_sources_alone(machine: Harness) -> None:
    machine.server.misbehave.set(COINGECKO, Mode.QUOTA_10006)
    run = machine.run()
    assert machine.steps(run) == {
        "coingecko_prices": "skipped",
        "coingecko_global": "skipped",
        "defillama_tvl": "success",
        "defillama_stablecoins": "success",
        "fear_greed": "success",
    }
    assert machine.server.count(COINGECKO) == 2


def test_without_network_the_command_line_fails_and_the_scheduler_waits(tmp_path: Path, clock: Clock) -> None:
    server = SampleServer(clock.now, hosts=HOSTS)
    server.start()
    server.stop()
    with a_machine(tmp_path, server, clock) as machine:
        run = machine.run()
        assert run.status is RunStatus.FAILED
        assert "network did not reach api.coingecko.com" in run.message
        for trigger in (Trigger.SCHEDULER, Trigger.CATCH_UP, Trigger.TRAY):
            assert machine.run(trigger=trigger).status is RunStatus.WAITING
        assert machine.query("SELECT * FROM crypto_metric") == []
        server.start()
        resumed = machine.run(trigger=Trigger.SCHEDULER)
        assert resumed.status is RunStatus.SUCCESS
        server.stop()
        # What waited went on in its own row.
        assert machine.query("SELECT status FROM collection_runs ORDER BY run_id") == [("failed",), ("success",)]


def test_an_outage_of_a_week_is_filled(machine: Harness, clock: Clock) -> None:
    machine.run()
    clock.advance(days=8)
    run = machine.run()
    assert run.status is RunStatus.SUCCESS
    days = [f"2026-08-{day}" for day in range(22, 31)]
    stored = machine.query(
        "SELECT date, defi_tvl, stablecoin_mcap, fear_greed_index FROM crypto_metric WHERE date >= ? ORDER BY date",
        TODAY,
    )
    assert [day for day, *_rest in stored] == days
    assert all(None not in values for values in stored)
    assert machine.server.requests[-1].param("limit") == "8"
    # Snapshots of the days in between are nowhere to be had: a gap, and no invented row.
    assert machine.query("SELECT DISTINCT date FROM crypto_price ORDER BY date") == [(TODAY,), ("2026-08-30",)]


def test_before_nine_in_the_morning_in_korea_rows_carry_the_utc_date(machine: Harness, clock: Clock) -> None:
    clock.at = datetime(2026, 8, 22, 21, 0, tzinfo=UTC)  # 06:00 on the 23rd
    run = machine.run()
    assert run.data_date == date(2026, 8, 22)
    assert machine.query("SELECT MAX(date) FROM crypto_metric") == [("2026-08-22",)]
    assert machine.query("SELECT day FROM api_usage LIMIT 1") == [("2026-08-23",)]


def test_later_on_the_same_day_the_running_values_move_without_restatements(machine: Harness, clock: Clock) -> None:
    machine.run()
    clock.advance(hours=5)
    run = machine.run()
    assert run.steps[0].rows > 0
    assert machine.query("SELECT COUNT(*) FROM crypto_price") == [(20,)]
    assert machine.query("SELECT table_name, row_key FROM restatements WHERE row_key LIKE '2026-08-22%'") == []


def test_the_demo_key_is_sent_and_is_in_no_file(tmp_path: Path, server: SampleServer, clock: Clock) -> None:
    with a_machine(tmp_path, server, clock, {"COINGECKO_DEMO_KEY": SECRET}) as machine:
        fails(machine, "coingecko_global", mode=Mode.REFUSED_KEY)
        machine.run()
        assert machine.server.requests[0].header("x-cg-demo-api-key")
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes()


def test_the_events_of_a_run(machine: Harness) -> None:
    machine.run()
    kinds = [type(event) for event in machine.events]
    assert kinds[0] is RunStarted
    assert kinds[-1] is RunFinished
    told = [(event.step, event.done, event.total) for event in machine.events if isinstance(event, RunProgress)]
    assert told == [*((step, place, 5) for place, step in enumerate(STEPS)), ("", 5, 5)]
    tables = {table for event in machine.events if isinstance(event, DataChanged) for table in event.tables}
    assert tables == {"crypto_price", "crypto_metric"}


def test_nothing_new_changes_no_window(machine: Harness) -> None:
    machine.run()
    machine.events.clear()
    machine.run()
    assert not [event for event in machine.events if isinstance(event, DataChanged)]


def test_a_fault_of_ours_fails_its_step_alone(
    machine: Harness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(machine.collector, "_totals", broken)
    run = machine.run()
    assert run.status is RunStatus.PARTIAL
    assert machine.steps(run)["coingecko_global"] == "failed"
    assert "fault in Market Tray" in run.message
    assert "a bug" not in run.message
    assert "ZeroDivisionError: a bug" in caplog.text


def test_the_plan_sends_nothing(machine: Harness) -> None:
    planned = machine.collector.plan(None, machine.clock.now())
    assert [step.name for step in planned] == list(STEPS)
    assert sum(step.calls for step in planned) == 5
    assert machine.asked() == []


def test_the_run_is_logged_with_its_steps(machine: Harness) -> None:
    fails(machine, "fear_greed")
    run = machine.run()
    assert machine.runs.latest(run.collector, run.kind) == replace(run, finished_at=machine.clock.now())
    [logged] = machine.query("SELECT success_count, failure_count, warning_count, status FROM collection_runs")
    assert logged == (4, 1, 0, "partial")


def test_probes_reach_every_host_of_the_steps(machine: Harness) -> None:
    hosts = {url.split("/")[2] for url in machine.collector.probe_urls}
    assert hosts == {host for host, _path in PLACES.values()}


def test_the_newest_date_is_that_of_the_snapshot(machine: Harness) -> None:
    assert machine.collector.newest_date() is None
    machine.run()
    assert machine.collector.newest_date() == date(2026, 8, 22)
    machine.clock.advance(days=1)
    machine.run()
    assert machine.collector.newest_date() == date(2026, 8, 22) + timedelta(days=1)


def test_a_full_disk_is_told_and_leaves_nothing_half_stored(machine: Harness) -> None:
    machine.run()
    [(pages,)] = machine.query("PRAGMA page_count")
    machine.query(f"PRAGMA max_page_count = {pages + 1}")
    before = machine.query("SELECT COUNT(*) FROM crypto_metric")
    run = machine.run(Window(date(2017, 9, 27)))
    assert run.status is not RunStatus.SUCCESS
    assert "no room left" in run.message
    assert "fault in Market Tray" not in run.message
    assert machine.query("SELECT COUNT(*) FROM crypto_metric") == before
    # Room again, and all of it comes.
    machine.query("PRAGMA max_page_count = 1000000")
    assert machine.run(Window(date(2017, 9, 27))).status is RunStatus.SUCCESS
    assert machine.query("PRAGMA quick_check") == [("ok",)]
