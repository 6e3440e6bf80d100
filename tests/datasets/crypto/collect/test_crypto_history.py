"""History: a year of coins and whole series, taken up where it stopped, nothing asked for twice."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from machine import CancelAfter, Harness, a_machine
from proofs.commits import copying
from support import COINGECKO, FEAR_GREED, HOSTS, LLAMA, NOW, STABLECOINS, Clock

from tray_app.core.model import Run, RunStatus, Trigger, Window
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer

EVERYTHING = Window(date(2017, 9, 27))
# Enough where only the coins that come matter.
LATELY = Window(date(2026, 7, 1))
CHARTS = f"{COINGECKO}/api/v3/coins/"
SERIES = [f"{LLAMA}/v2/historicalChainTvl", f"{STABLECOINS}/stablecoincharts/all", f"{FEAR_GREED}/fng/"]


@dataclass(frozen=True)
class Prepared:
    """Homes to begin with: after the first daily run, and after the whole history; with that run and what it asked."""

    day: Path
    whole: Path
    run: Run
    asked: list[str]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    day, whole = tmp_path_factory.mktemp("day"), tmp_path_factory.mktemp("whole") / "home"
    clock = Clock()
    with SampleServer(clock.now, hosts=HOSTS) as server:
        with a_machine(day, server, clock) as machine:
            machine.run()
        shutil.copytree(day, whole)
        with a_machine(whole, server, clock) as machine:
            machine.asked()
            run = machine.run(EVERYTHING)
            return Prepared(day, whole, run, coins_asked(machine))


@pytest.fixture
def machine(tmp_path: Path, server: SampleServer, clock: Clock) -> Iterator[Harness]:
    with a_machine(tmp_path, server, clock) as made:
        yield made


@pytest.fixture
def fresh(prepared: Prepared, tmp_path: Path, server: SampleServer, clock: Clock) -> Iterator[Harness]:
    """Give a machine after its first daily run."""
    with a_machine(shutil.copytree(prepared.day, tmp_path / "fresh"), server, clock) as made:
        yield made


@pytest.fixture
def filled(prepared: Prepared, tmp_path: Path, server: SampleServer, clock: Clock) -> Iterator[Harness]:
    """Give a machine after its first daily run and the whole history."""
    with a_machine(shutil.copytree(prepared.whole, tmp_path / "filled"), server, clock) as made:
        yield made


def coins_asked(machine: Harness) -> list[str]:
    charts = [one for one in machine.asked() if one.endswith("/market_chart")]
    return [one.removeprefix(CHARTS).removesuffix("/market_chart") for one in charts]


def stored(machine: Harness) -> dict[object, object]:
    return dict(
        machine.query(
            "SELECT coin_id, COUNT(*) FROM crypto_price WHERE source_name = 'coingecko:market_chart' GROUP BY 1"
        )
    )


def test_a_first_run_wants_everything(fresh: Harness) -> None:
    window = fresh.collector.missing_history(NOW)
    assert window == EVERYTHING
    assert window.date_to is None


def test_history_fills_a_year_of_coins_and_the_whole_of_the_series(prepared: Prepared, filled: Harness) -> None:
    assert prepared.run.status is RunStatus.SUCCESS
    assert set(stored(filled)) == {name for (name,) in filled.query("SELECT DISTINCT coin_id FROM crypto_price")}
    assert filled.query("SELECT MIN(date) FROM crypto_price") == [("2025-08-23",)]
    assert filled.query("SELECT MIN(date) FROM crypto_metric WHERE defi_tvl IS NOT NULL") == [("2017-09-27",)]
    assert filled.query("SELECT MIN(date) FROM crypto_metric WHERE stablecoin_mcap IS NOT NULL") == [("2017-11-29",)]
    assert filled.query("SELECT MIN(date) FROM crypto_metric WHERE fear_greed_index IS NOT NULL") == [("2018-02-01",)]
    [(ratios,)] = filled.query("SELECT COUNT(eth_btc_ratio) FROM crypto_metric")
    assert ratios == 365
    assert filled.query("SELECT * FROM restatements") == []
    # The free plan has no history of totals, and the run says so.
    assert "no free history" in prepared.run.steps[1].note


def test_bitcoin_and_ether_come_first_and_every_coin_once(prepared: Prepared) -> None:
    assert prepared.asked[:2] == ["bitcoin", "ethereum"]
    assert len(prepared.asked) == len(set(prepared.asked)) == 20


def test_today_keeps_its_snapshot(fresh: Harness, filled: Harness) -> None:
    today = "SELECT * FROM crypto_price WHERE date = '2026-08-22' ORDER BY coin_id"
    assert len(fresh.query(today)) == 20
    assert filled.query(today) == fresh.query(today)


def test_a_second_time_asks_for_nothing_and_changes_nothing(filled: Harness) -> None:
    before = filled.data()
    run = filled.run(EVERYTHING)
    assert run.status is RunStatus.SUCCESS
    assert filled.asked() == []
    assert filled.data() == before
    assert filled.collector.missing_history(NOW) is None


@pytest.mark.parametrize("window", [Window(date(2026, 8, 1)), Window(date(2026, 8, 1), again_since=NOW)])
def test_what_follows_from_the_prices_is_made_of_the_store_when_a_kill_left_it_out(
    fresh: Harness, window: Window
) -> None:
    fresh.run(window)
    before = fresh.data()
    with fresh.database.writing() as connection:
        connection.execute("UPDATE crypto_metric SET eth_btc_ratio = NULL")
    run = fresh.run(window)
    assert coins_asked(fresh)[20:] == []
    assert fresh.data() == before
    assert run.steps[0].rows == 22


def test_no_kill_comes_between_the_prices_of_the_day_and_what_follows_from_them(
    machine: Harness, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with copying(machine.folder, tmp_path_factory.mktemp("copies")) as copies:
        machine.run()
    assert len(copies) > 1
    for copy in copies:
        with closing(sqlite3.connect(copy / "market.db")) as killed:
            [(coins,)] = killed.execute("SELECT COUNT(*) FROM crypto_price")
            [(ratios,)] = killed.execute("SELECT COUNT(eth_btc_ratio) FROM crypto_metric")
        assert ratios == (1 if coins else 0)


@pytest.mark.parametrize("coins", [1, 2, 7, 19])
def test_a_run_that_was_stopped_goes_on_with_the_coins_that_are_missing(fresh: Harness, coins: int) -> None:
    stopped = fresh.run(LATELY, cancel=CancelAfter(fresh.server, coins))
    assert stopped.status is RunStatus.CANCELLED
    asked = coins_asked(fresh)
    assert len(asked) == coins + 1
    first = asked[:coins]
    assert set(stored(fresh)) == set(first)
    assert fresh.run(LATELY).status is RunStatus.SUCCESS
    rest = coins_asked(fresh)
    assert rest[0] == asked[coins]
    assert not set(first) & set(rest)
    assert len(set(stored(fresh))) == 20


def test_a_rate_limit_in_the_middle_keeps_what_came(fresh: Harness) -> None:
    fresh.server.misbehave.set(COINGECKO, Mode.QUOTA_10006, path="/api/v3/coins/solana")
    run = fresh.run(LATELY)
    assert run.status is RunStatus.PARTIAL
    assert fresh.steps(run)["coingecko_prices"] == "skipped"
    came = set(stored(fresh))
    assert {"bitcoin", "ethereum"} <= came
    fresh.asked()
    fresh.server.misbehave.clear()
    fresh.run(LATELY)
    assert not came & set(coins_asked(fresh))
    assert len(stored(fresh)) == 20


def test_history_waits_out_a_rate_limit_and_goes_on(fresh: Harness) -> None:
    fresh.server.misbehave.set(COINGECKO, Mode.RATE_LIMITED, path="/api/v3/coins/ethereum", times=4)
    assert fresh.run(LATELY).status is RunStatus.SUCCESS
    assert coins_asked(fresh).count("ethereum") == 5


def test_a_coin_that_is_not_known_any_more_does_not_keep_the_others_from_coming(fresh: Harness) -> None:
    fresh.server.misbehave.set(COINGECKO, Mode.EMPTY_OBJECT, path="/api/v3/coins/ethereum")
    run = fresh.run(LATELY)
    assert run.status is RunStatus.PARTIAL
    assert fresh.steps(run)["coingecko_prices"] == "partial"
    assert len(stored(fresh)) == 19
    assert "ethereum" not in stored(fresh)


def test_one_series_that_fails_does_not_stop_the_others(fresh: Harness) -> None:
    fresh.server.misbehave.set(LLAMA, Mode.SERVER_ERROR_HTML)
    run = fresh.run(EVERYTHING)
    assert run.status is RunStatus.PARTIAL
    assert fresh.query("SELECT MIN(date) FROM crypto_metric WHERE fear_greed_index IS NOT NULL") == [("2018-02-01",)]
    fresh.asked()
    fresh.server.misbehave.clear()
    fresh.run(EVERYTHING)
    assert fresh.asked() == [SERIES[0]]


def test_history_before_any_daily_run_takes_a_snapshot_to_know_the_coins(machine: Harness) -> None:
    assert machine.run(LATELY).status is RunStatus.SUCCESS
    assert machine.asked()[0] == f"{COINGECKO}/api/v3/coins/markets"
    assert len(stored(machine)) == 20


def test_a_range_fills_that_range(fresh: Harness) -> None:
    run = fresh.run(Window(date(2026, 7, 1), date(2026, 7, 10)))
    assert run.status is RunStatus.SUCCESS
    days = fresh.query("SELECT MIN(date), MAX(date) FROM crypto_price WHERE source_name = 'coingecko:market_chart'")
    assert days == [("2026-07-01", "2026-07-10")]
    values = fresh.query(
        "SELECT MIN(date), MAX(date) FROM crypto_metric WHERE date < '2026-07-20' AND defi_tvl IS NOT NULL"
    )
    assert values == [("2026-07-01", "2026-07-10")]


def test_a_hole_left_by_an_outage_is_missing_and_is_filled(filled: Harness) -> None:
    filled.clock.advance(days=9)
    filled.run()
    window = filled.collector.missing_history(filled.clock.now())
    assert window is not None
    assert window.date_from == date(2026, 8, 23)
    filled.asked()
    assert filled.run(window).status is RunStatus.SUCCESS
    assert len(coins_asked(filled)) >= 20
    days = filled.query(
        "SELECT date FROM crypto_price WHERE coin_id = 'bitcoin' AND date >= '2026-08-22' ORDER BY date"
    )
    assert [day for (day,) in days] == [str(date(2026, 8, 22) + timedelta(days=number)) for number in range(10)]
    assert filled.collector.missing_history(filled.clock.now()) is None


def test_day_by_day_nothing_is_missing(filled: Harness) -> None:
    for _day in range(4):
        filled.clock.advance(days=1)
        filled.run(trigger=Trigger.SCHEDULER)
        missing = filled.collector.missing_history(filled.clock.now())
        # Only a coin that has just entered the top has a past to fetch.
        newcomers = filled.query(
            "SELECT coin_id FROM crypto_price GROUP BY coin_id HAVING SUM(source_name = 'coingecko:market_chart') = 0"
        )
        assert (missing is None) == (not newcomers)


def test_the_plan_counts_what_is_missing_and_sends_nothing(fresh: Harness, filled: Harness) -> None:
    before = {step.name: step.calls for step in fresh.collector.plan(EVERYTHING, NOW)}
    assert before["coingecko_prices"] == 20
    assert sum(before.values()) == 23
    after = filled.collector.plan(EVERYTHING, NOW)
    assert sum(step.calls for step in after) == 0
    assert {step.note for step in after[1:]} == {"nothing missing"}
    assert fresh.asked() == []
