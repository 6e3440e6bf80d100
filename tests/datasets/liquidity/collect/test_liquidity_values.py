"""What the liquidity collector does with rows that cannot be and with answers that are old."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from altered import Altered
from liquidity_machine import FRED_HOST, YAHOO_HOST, LiquidityMachine, a_liquidity_machine
from support import HOSTS, Clock

from tray_app.core.model import Run, RunStatus
from tray_app.demo.server import SampleServer


@pytest.fixture
def fred() -> Altered:
    return Altered(FRED_HOST)


@pytest.fixture
def yahoo() -> Altered:
    return Altered(YAHOO_HOST)


@pytest.fixture
def machine(tmp_path: Path, clock: Clock, fred: Altered, yahoo: Altered) -> Iterator[LiquidityMachine]:
    hosts = {**HOSTS, FRED_HOST: fred, YAHOO_HOST: yahoo}
    with SampleServer(clock.now, hosts=hosts) as server, a_liquidity_machine(tmp_path, server, clock) as made:
        yield made


def issues(machine: LiquidityMachine) -> list[tuple[Any, ...]]:
    return machine.query(
        "SELECT trade_date, subject, issue_code FROM data_quality_issues"
        " WHERE dataset_name = 'macro' AND resolved_at IS NULL ORDER BY subject, issue_code"
    )


def note(run: Run, step: str) -> str:
    return next(each.note for each in run.steps if each.name == step)


def observations(change: Callable[[list[Any]], list[Any]]) -> Callable[[Any], Any]:
    """Change the observations of every series."""

    def changed(answer: Any) -> Any:
        rows = change(answer["observations"])
        return {**answer, "observations": rows, "count": len(rows)}

    return changed


def far_point(rows: list[Any]) -> list[Any]:
    return [*rows, {"date": "2206-08-21", "value": "4.59"}]


def test_a_point_of_a_far_day_is_set_aside_and_its_series_asked_on(machine: LiquidityMachine, fred: Altered) -> None:
    fred.change("/fred", observations(far_point))
    run = machine.run()
    assert run.status is RunStatus.PARTIAL
    assert {row[2] for row in issues(machine)} == {"DATE_IMPOSSIBLE"}
    assert machine.query("SELECT COUNT(*) FROM macro_observation WHERE date > '2026-08-23'") == [(0,)]
    assert machine.query("SELECT COUNT(*) FROM series_progress WHERE covered_through > '2026-08-23'") == [(0,)]
    before = machine.asked(FRED_HOST)
    machine.run()
    assert machine.asked(FRED_HOST) == before


def test_the_last_day_there_is_does_no_harm(machine: LiquidityMachine, fred: Altered) -> None:
    fred.change("/fred", observations(lambda rows: [*rows, {"date": "9999-12-31", "value": "4.59"}]))
    machine.run()
    assert machine.reads.observations("DGS10")
    fred.change("/fred", lambda answer: answer)
    machine.clock.advance(days=1)
    run = machine.run()
    assert machine.steps(run)["fred"] == "success"
    assert issues(machine) == []


def test_an_answer_that_stands_still_is_no_success(machine: LiquidityMachine, fred: Altered) -> None:
    assert machine.run().status is RunStatus.SUCCESS
    machine.clock.advance(days=14)
    fred.change("/fred", observations(lambda rows: [row for row in rows if row["date"] <= "2026-08-21"]))
    run = machine.run()
    assert run.status is RunStatus.PARTIAL
    assert "business days old" in note(run, "fred")
    stale = {row[1] for row in issues(machine) if row[2] == "STALE_ANSWER"}
    assert {"SOFR", "DGS10", "VIXCLS"} <= stale
    assert "DRTSCILM" not in stale


def test_closes_of_zero_are_set_aside(machine: LiquidityMachine, yahoo: Altered) -> None:
    def change(answer: Any) -> Any:
        answer["chart"]["result"][0]["indicators"]["quote"][0]["close"][3] = -0.0
        return answer

    yahoo.change("/v8", change)
    run = machine.run()
    assert run.status is RunStatus.PARTIAL
    assert "close is not above zero" in note(run, "price")
    assert {row[2] for row in issues(machine)} == {"ROW_SET_ASIDE"}
    assert machine.query("SELECT COUNT(*) FROM macro_observation WHERE series_id = 'XLF' AND value <= 0") == [(0,)]
