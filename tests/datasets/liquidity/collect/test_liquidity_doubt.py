"""Values no market ever gave: told as issues, kept out of the index or marked there, and gone when healed."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from liquidity_machine import FRED_HOST, SEARCH, YAHOO_HOST, LiquidityMachine, a_liquidity_machine
from support import HOSTS, Clock

from tray_app.core.model import RunStatus, Window
from tray_app.demo.server import SampleServer
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Reply, Request

START = datetime(2026, 8, 20, 21, 0, tzinfo=UTC)
SINCE = Window(date(2022, 1, 1))
# Series, date and value in; the value that is sent instead out.
Change = Callable[[str, date, float], float]


class Changed(Upstream):
    """Sends what the sample host sends, its values changed."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self.change: Change | None = None

    def answer(self, request: Request) -> Reply:
        """Return the sample's answer with other values."""
        reply = self._upstream.answer(request)
        if self.change is None or reply.status != 200:
            return reply
        body = json.loads(reply.body)
        if "chart" in body:
            _change_chart(body["chart"]["result"][0], self.change)
        else:
            for each in body.get("observations", ()):
                if each["value"] != ".":
                    changed = self.change(
                        request.param("series_id"), date.fromisoformat(each["date"]), float(each["value"])
                    )
                    each["value"] = f"{changed:.4f}"
        return replace(reply, body=json.dumps(body).encode())


def _change_chart(result: dict[str, Any], change: Change) -> None:
    meta, quote = result["meta"], result["indicators"]["quote"][0]
    zone = ZoneInfo(meta["exchangeTimezoneName"])
    days = [datetime.fromtimestamp(at, zone).date() for at in result.get("timestamp", [])]
    quote["close"] = [
        None if close is None else round(change(meta["symbol"], day, close), 2)
        for day, close in zip(days, quote.get("close", []), strict=True)
    ]


@pytest.fixture(scope="module")
def time_of_day() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def hosts() -> dict[str, Changed]:
    return {name: Changed(HOSTS[name]) for name in (YAHOO_HOST, FRED_HOST)}


@pytest.fixture(scope="module")
def samples(time_of_day: Clock, hosts: dict[str, Changed]) -> Iterator[SampleServer]:
    with SampleServer(time_of_day.now, hosts={**HOSTS, **hosts}) as running:
        yield running


@pytest.fixture
def machine(
    tmp_path: Path, samples: SampleServer, time_of_day: Clock, hosts: dict[str, Changed]
) -> Iterator[LiquidityMachine]:
    time_of_day.at = START
    for host in hosts.values():
        host.change = None
    with a_liquidity_machine(tmp_path, samples, time_of_day) as made:
        made.settings = SEARCH
        made.run(window=SINCE)
        made.run()
        yield made


def issues(machine: LiquidityMachine) -> list[tuple[object, ...]]:
    return machine.query(
        "SELECT subject, issue_code, trade_date FROM data_quality_issues"
        " WHERE dataset_name = 'macro' AND resolved_at IS NULL"
    )


def closes(machine: LiquidityMachine, symbol: str) -> dict[date, float]:
    return {point.date: point.value for point in machine.reads.observations(symbol)}


def largest_change(machine: LiquidityMachine, symbol: str) -> float:
    values = list(closes(machine, symbol).values())
    return max(abs(after / before - 1.0) for before, after in pairwise(values))


def of(symbol: str, ratio: float, first: date = date.min, last: date = date.max) -> Change:
    return lambda name, day, value: value * ratio if name == symbol and first <= day <= last else value


@pytest.mark.parametrize("ratio", [0.5, 0.9])
def test_a_history_divided_anew_comes_whole_whatever_the_ratio(
    machine: LiquidityMachine, hosts: dict[str, Changed], ratio: float
) -> None:
    before = closes(machine, "XLF")
    hosts[YAHOO_HOST].change = of("XLF", ratio)
    run = machine.run()
    assert run.status is RunStatus.SUCCESS
    after = closes(machine, "XLF")
    assert set(before) < set(after)
    assert all(after[day] == pytest.approx(value * ratio, abs=0.011) for day, value in before.items())
    assert issues(machine) == []
    assert largest_change(machine, "XLF") < 0.2


def test_a_history_divided_in_part_is_refused_told_and_taken_once_it_is_whole(
    machine: LiquidityMachine, hosts: dict[str, Changed], time_of_day: Clock
) -> None:
    before = closes(machine, "XLF")
    seam = START.date() - timedelta(days=8)
    hosts[YAHOO_HOST].change = of("XLF", 0.5, first=seam)
    time_of_day.advance(days=1)
    run = machine.run()
    assert run.status is RunStatus.PARTIAL
    assert closes(machine, "XLF") == before
    ((subject, code, _day),) = issues(machine)
    assert (subject, code) == ("XLF", "HISTORY_SEAM")
    assert f"on another scale from {seam}" in machine.notes(run)["price"]
    hosts[YAHOO_HOST].change = of("XLF", 0.5)
    assert machine.run().status is RunStatus.SUCCESS
    after = closes(machine, "XLF")
    assert all(after[day] == pytest.approx(value / 2, abs=0.011) for day, value in before.items())
    assert len(after) > len(before)
    assert issues(machine) == []


def test_a_first_history_divided_in_part_is_told_and_stays_out_of_the_index(
    tmp_path: Path, samples: SampleServer, hosts: dict[str, Changed], machine: LiquidityMachine
) -> None:
    seam = date(2026, 3, 3)
    hosts[YAHOO_HOST].change = of("XLF", 0.5, last=seam - timedelta(days=1))
    with a_liquidity_machine(tmp_path / "new", samples, machine.clock) as new:
        new.settings = SEARCH
        new.run(window=SINCE)
        new.run()
        assert issues(new) == [("XLF", "VALUE_JUMP", str(seam))]
        theirs = {day.date: day for day in machine.reads.stress_days()}
        ours = {day.date: day for day in new.reads.stress_days()}
        assert max(abs(ours[day].z - theirs[day].z) for day in theirs) < 0.1
        assert min(day for day, each in ours.items() if each.is_in_doubt) == seam
        assert not any(day.is_in_doubt for day in theirs.values())


def test_a_yield_that_doubles_is_told_and_marked_until_it_is_corrected(
    machine: LiquidityMachine, hosts: dict[str, Changed], time_of_day: Clock
) -> None:
    wrong = START.date() - timedelta(days=1)
    hosts[FRED_HOST].change = lambda name, day, value: 9.99 if (name, day) == ("DGS10", wrong) else value
    time_of_day.advance(days=1)
    assert machine.run().status is RunStatus.PARTIAL
    assert issues(machine) == [("DGS10", "VALUE_JUMP", str(wrong))]
    doubted = [day.date for day in machine.reads.stress_days() if day.is_in_doubt]
    assert doubted == [START.date(), START.date() + timedelta(days=1)]
    hosts[FRED_HOST].change = None
    machine.run()
    assert issues(machine) == []
    assert not any(day.is_in_doubt for day in machine.reads.stress_days())
