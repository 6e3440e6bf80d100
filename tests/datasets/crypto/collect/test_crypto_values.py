"""What the crypto collector does with rows that cannot be, answers that are old and values in doubt."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from altered import Altered
from machine import Harness, a_machine
from support import COINGECKO, FEAR_GREED, HOSTS, LLAMA, STABLECOINS, Clock

from tray_app.core.model import Run, RunStatus, Window
from tray_app.demo.server import SampleServer

TODAY = date(2026, 8, 22)
MARKETS, GLOBAL = "/api/v3/coins/markets", "/api/v3/global"
ALTERED = {COINGECKO: MARKETS, LLAMA: "/v2", STABLECOINS: "/stablecoincharts", FEAR_GREED: "/fng"}

Issues = list[tuple[Any, ...]]


class World:
    """A machine whose sources say what a test wants."""

    def __init__(self, machine: Harness, hosts: dict[str, Altered]) -> None:
        self.machine = machine
        self.hosts = hosts

    def change(self, host: str, by: Callable[[Any], Any], path: str = "") -> None:
        self.hosts[host].change(path or ALTERED[host], by)

    def run(self, window: Window | None = None) -> Run:
        return self.machine.run(window)

    def note(self, run: Run, step: str) -> str:
        return next(each.note for each in run.steps if each.name == step)

    def issues(self) -> Issues:
        return self.machine.query(
            "SELECT trade_date, subject, issue_code FROM data_quality_issues"
            " WHERE dataset_name = 'crypto' AND resolved_at IS NULL ORDER BY subject, issue_code"
        )

    def values(self, column: str, *days: str) -> list[Any]:
        marks = ", ".join("?" * len(days))
        rows = self.machine.query(f"SELECT {column} FROM crypto_metric WHERE date IN ({marks}) ORDER BY date", *days)
        return [row[0] for row in rows]


@contextmanager
def a_world(folder: Path, clock: Clock) -> Iterator[World]:
    hosts = {host: Altered(host) for host in ALTERED}
    with SampleServer(clock.now, hosts={**HOSTS, **hosts}) as server, a_machine(folder, server, clock) as machine:
        yield World(machine, hosts)


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> Iterator[World]:
    with a_world(tmp_path, clock) as made:
        yield made


def with_row(**changes: Any) -> Callable[[Any], Any]:
    def change(rows: Any) -> Any:
        rows[3].update(changes)
        return rows

    return change


# --- rows ---------------------------------------------------------------------------------------------------------


def test_one_coin_without_a_price_loses_itself_only(world: World) -> None:
    world.change(COINGECKO, with_row(id="odd-coin", current_price=None))
    run = world.run()
    assert run.status is RunStatus.PARTIAL
    assert "19 coins" in world.note(run, "coingecko_prices")
    assert "coin:odd-coin: 1 row: current_price is empty" in world.note(run, "coingecko_prices")
    assert world.issues() == [("2026-08-22", "coin:odd-coin", "ROW_SET_ASIDE")]
    assert world.machine.query("SELECT COUNT(*) FROM crypto_price") == [(19,)]


def test_the_issue_is_resolved_once_the_row_comes_well(world: World) -> None:
    world.change(COINGECKO, with_row(id="odd-coin", current_price=0))
    world.run()
    world.change(COINGECKO, with_row(id="odd-coin"))
    assert world.run().status is RunStatus.SUCCESS
    assert world.issues() == []
    assert world.machine.query("SELECT COUNT(*) FROM crypto_price") == [(20,)]


def test_a_row_of_a_far_day_is_set_aside_and_hides_no_hole(world: World) -> None:
    far = {"date": 9_999_999_999, "tvl": 5.0}
    world.change(LLAMA, lambda rows: [*rows, far])
    run = world.run()
    assert run.status is RunStatus.PARTIAL
    assert world.issues() == [("2026-08-22", "defi_tvl", "DATE_IMPOSSIBLE")]
    world.machine.clock.advance(days=1)
    world.run()
    assert world.issues() == [("2026-08-22", "defi_tvl", "DATE_IMPOSSIBLE")]
    assert world.machine.query("SELECT MAX(date) FROM crypto_metric") == [("2026-08-23",)]
    assert world.machine.query("SELECT MAX(covered_through) FROM series_progress") == [("2026-08-23",)]
    assert world.machine.collector.missing_history(world.machine.clock.now()) is not None


@pytest.mark.parametrize(
    ("host", "far"),
    [
        (LLAMA, {"date": 4_102_444_800, "tvl": 5.0}),
        (STABLECOINS, {"date": "4102444800", "totalCirculatingUSD": {"peggedUSD": 5.0}}),
        (FEAR_GREED, {"timestamp": "4102444800", "value": "5", "value_classification": "x"}),
    ],
)
def test_no_history_is_ever_covered_beyond_today(world: World, host: str, far: Any) -> None:
    def change(answer: Any) -> Any:
        rows = answer["data"] if isinstance(answer, dict) else answer
        rows.append(far)
        return answer

    world.change(host, change)
    world.run(Window(TODAY - timedelta(days=60)))
    assert world.machine.query("SELECT MAX(covered_through), MAX(final_through) FROM series_progress") == [
        ("2026-08-22", "2026-08-22")
    ]
    assert world.machine.query("SELECT MAX(date) FROM crypto_metric") == [("2026-08-22",)]


def test_a_body_full_of_faults_is_refused_whole(world: World) -> None:
    world.change(COINGECKO, lambda rows: [*({**row, "current_price": None} for row in rows[:6]), *rows[6:]])
    run = world.run()
    assert world.machine.steps(run)["coingecko_prices"] == "failed"
    assert world.machine.query("SELECT COUNT(*) FROM crypto_price") == [(0,)]


# --- old answers --------------------------------------------------------------------------------------------------


def test_a_snapshot_of_five_days_ago_is_no_success_and_changes_nothing_stored(world: World) -> None:
    world.run()
    before = world.machine.query("SELECT * FROM crypto_price")
    world.machine.clock.advance(days=5)
    old = "2026-08-22T10:00:00.000Z"
    world.change(COINGECKO, lambda rows: [{**row, "current_price": 1.5, "last_updated": old} for row in rows])
    run = world.run()
    assert run.status is RunStatus.PARTIAL
    assert "the answer is of 2026-08-22 10:00 UTC, 120 hours old" in world.note(run, "coingecko_prices")
    assert world.issues() == [("2026-08-27", "coins", "STALE_ANSWER")]
    assert world.machine.query("SELECT * FROM crypto_price") == before
    assert world.machine.query("SELECT COUNT(*) FROM restatements WHERE table_name = 'crypto_price'") == [(0,)]


def test_totals_of_five_days_ago_are_no_success(world: World) -> None:
    world.run()
    before = world.values("total_market_cap", "2026-08-22")
    world.machine.clock.advance(days=5)
    stamp = int(datetime(2026, 8, 22, tzinfo=UTC).timestamp())

    def change(answer: Any) -> Any:
        answer["data"].update(updated_at=stamp, total_market_cap={"usd": 1e12})
        return answer

    world.change(COINGECKO, change, GLOBAL)
    assert world.run().status is RunStatus.PARTIAL
    assert world.issues() == [("2026-08-27", "market_totals", "STALE_ANSWER")]
    assert world.values("total_market_cap", "2026-08-22") == before


@pytest.mark.parametrize(("days", "is_stale"), [(2, False), (3, True)])
@pytest.mark.parametrize(
    ("host", "step", "column"),
    [
        (LLAMA, "defillama_tvl", "defi_tvl"),
        (STABLECOINS, "defillama_stablecoins", "stablecoin_mcap"),
        (FEAR_GREED, "fear_greed", "fear_greed_index"),
    ],
)
def test_a_daily_series_is_stale_after_two_days(
    world: World, host: str, step: str, column: str, days: int, *, is_stale: bool
) -> None:
    def change(answer: Any) -> Any:
        return {**answer, "data": answer["data"][days:]} if isinstance(answer, dict) else answer[:-days]

    world.machine.run()
    world.machine.clock.advance(days=6)
    world.change(host, change)
    run = world.run()
    found = [row for row in world.issues() if row[1] == column]
    assert found == ([("2026-08-28", column, "STALE_ANSWER")] if is_stale else [])
    assert ("days old" in world.note(run, step)) is is_stale
    assert (run.status is RunStatus.PARTIAL) is is_stale


# --- values in doubt ----------------------------------------------------------------------------------------------


def test_a_value_far_from_all_before_it_is_in_doubt(world: World) -> None:
    def double(rows: Any) -> Any:
        rows[-1]["tvl"] *= 3
        return rows

    world.change(LLAMA, double)
    run = world.run()
    assert run.status is RunStatus.PARTIAL
    assert world.issues() == [("2026-08-22", "defi_tvl", "VALUE_JUMP")]
    assert world.values("defi_tvl", "2026-08-22") != []
    world.change(LLAMA, lambda rows: rows)
    assert world.run().status is RunStatus.SUCCESS
    assert world.issues() == []


def test_a_price_in_doubt_is_told_by_its_coin(world: World) -> None:
    world.run()
    world.run(Window(TODAY - timedelta(days=300)))
    world.change(COINGECKO, lambda rows: [{**rows[0], "current_price": rows[0]["current_price"] * 9}, *rows[1:]])
    run = world.run()
    assert run.status is RunStatus.PARTIAL
    assert ("2026-08-22", "coin:bitcoin", "VALUE_JUMP") in world.issues()


def test_a_year_of_the_sample_has_nothing_in_doubt(world: World) -> None:
    assert world.run().status is RunStatus.SUCCESS
    assert world.run(Window(date(2017, 9, 27))).status is RunStatus.SUCCESS
    assert world.issues() == []
