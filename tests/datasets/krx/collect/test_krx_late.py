"""The exchange's collector and a morning that goes wrong: the next run asks for what failed or was not out yet."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from krx_exchange import SESSIONS, body_of
from krx_machine import KRX, KrxMachine, a_krx_machine, notes
from krx_wire import DAILY, HOST, INDEX, PREFIX, KrxWire

from tray_app.core.due import HOURLY, RETRY_DELAYS, Decision, Plan, Why, decide
from tray_app.core.model import Run, RunStatus, Trigger
from tray_app.core.times import KST, kst_instant
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.calendar import PUBLICATION_GRACE, PUBLISHED_AT
from tray_app.datasets.krx.rules.ledger import EMPTY_DELAYS, JITTER_SHARE, TRACKS
from tray_app.demo.misbehave import Mode
from tray_app.store.runs import RunStore

YESTERDAY, TODAY = SESSIONS[5], SESSIONS[6]
PLAN = Plan(KRX, (time(8, 10), time(18, 0)), KST)
DUE = kst_instant(TODAY, time(8, 10))
SERVICES = frozenset({*DAILY.values(), *INDEX.values()})
BY_MARKET = ("kospi", "kosdaq", "konex", "indices")


class Late:
    """An exchange that holds some lists of yesterday back."""

    def __init__(self) -> None:
        self.held_back: frozenset[str] = frozenset()

    def body(self, service: str, day: date) -> bytes | None:
        return None if day == YESTERDAY and service in self.held_back else body_of(service, day)


@pytest.fixture
def late() -> Late:
    return Late()


@pytest.fixture
def machine(tmp_path: Path, late: Late) -> Iterator[KrxMachine]:
    """Give a machine that has everything up to the day before yesterday, at ten past eight."""
    with a_krx_machine(tmp_path, KrxWire(late.body)) as made:
        made.at(YESTERDAY, 8, 10)
        made.run()
        made.at(TODAY, 8, 10)
        made.asked()
        yield made


def decision(machine: KrxMachine, now: datetime | None = None) -> Decision:
    log = RunStore(machine.database).daily_since(KRX, DUE)
    return decide(PLAN, now or machine.clock.now(), log)


def scheduled(machine: KrxMachine) -> Run:
    made = decision(machine)
    assert made.run_now
    return machine.run(trigger=made.trigger, due_at=made.due_at)


@pytest.mark.parametrize("mode", [Mode.MAINTENANCE_403, Mode.SERVER_ERROR_HTML, Mode.CUT_BODY])
@pytest.mark.parametrize("again", [scheduled, KrxMachine.run], ids=["scheduler", "by hand"])
def test_the_retry_of_a_bad_morning_asks_for_everything(
    machine: KrxMachine, mode: Mode, again: Callable[[KrxMachine], Run]
) -> None:
    machine.server.misbehave.set(HOST, mode, path=PREFIX)
    assert scheduled(machine).worth_retrying
    machine.server.misbehave.clear()
    machine.asked()
    machine.clock.at = decision(machine).next_at
    assert machine.clock.at <= DUE + RETRY_DELAYS[0] + timedelta(minutes=1)
    run = again(machine)
    assert run.status is RunStatus.SUCCESS
    assert sorted(machine.asked()) == sorted((service, YESTERDAY) for service in SERVICES)
    assert machine.states()[YESTERDAY] == "verified"
    assert decision(machine).why is Why.DONE


def test_a_source_that_stays_down_is_not_hammered(machine: KrxMachine) -> None:
    machine.server.misbehave.set(HOST, Mode.MAINTENANCE_403, path=PREFIX)
    scheduled(machine)
    at_once = len(machine.asked())
    for delay in (*RETRY_DELAYS, HOURLY):
        assert decision(machine).next_at - machine.clock.now() == delay
        machine.clock.at = decision(machine).next_at
        scheduled(machine)
    assert len(machine.asked()) == at_once * (len(RETRY_DELAYS) + 1)


def test_a_late_publication_is_asked_for_again_by_itself(machine: KrxMachine, late: Late) -> None:
    late.held_back = SERVICES
    run = scheduled(machine)
    assert (run.status, run.message, notes(run)["kospi"]) == (RunStatus.SUCCESS, "", "not published yet")
    machine.asked()
    waiting = decision(machine)
    assert (waiting.run_now, waiting.why) == (False, Why.LATE)
    assert EMPTY_DELAYS[0] <= waiting.next_at - DUE <= EMPTY_DELAYS[0] * (1 + JITTER_SHARE)
    late.held_back = frozenset()
    machine.clock.at = waiting.next_at
    run = scheduled(machine)
    assert (run.status, run.trigger, run.due_at) == (RunStatus.SUCCESS, Trigger.SCHEDULER, DUE)
    assert machine.states()[YESTERDAY] == "verified"
    assert decision(machine).why is Why.DONE


def test_a_session_that_does_not_come_in_an_hour_is_a_failure_and_retried_as_one(
    machine: KrxMachine, late: Late
) -> None:
    late.held_back = SERVICES
    grace_ends = kst_instant(TODAY, PUBLISHED_AT) + PUBLICATION_GRACE
    run, moments = scheduled(machine), [DUE]
    while (coming := decision(machine)).why is Why.LATE:
        assert (run.status, coming.next_at > machine.clock.now()) == (RunStatus.SUCCESS, True)
        machine.clock.at = coming.next_at
        run = scheduled(machine)
        moments.append(machine.clock.at)
    assert moments[-2] < grace_ends <= moments[-1]
    assert all(
        later - earlier >= delay for (earlier, later), delay in zip(pairwise(moments), EMPTY_DELAYS, strict=False)
    )
    assert run.status is RunStatus.FAILED
    assert notes(run)["kospi"].startswith(f"{YESTERDAY}: {HOST} sent no rows although they should be published.")
    assert (coming.why, coming.next_at - machine.clock.now()) == (Why.RETRY, RETRY_DELAYS[0])
    assert len(machine.asked()) == len(moments) * len(TRACKS)
    late.held_back = frozenset()
    machine.clock.at = coming.next_at
    assert scheduled(machine).status is RunStatus.SUCCESS


def test_a_person_may_ask_before_the_next_try(machine: KrxMachine, late: Late) -> None:
    late.held_back = SERVICES
    scheduled(machine)
    machine.asked()
    late.held_back = frozenset()
    machine.clock.advance(minutes=5)
    run = machine.run(trigger=Trigger.TRAY)
    assert len(machine.asked()) == len(TRACKS)
    assert {notes(run)[step] for step in BY_MARKET} == {"1 sessions", "3 sessions"}
    assert decision(machine).why is Why.DONE


def test_a_market_that_is_late_alone_is_asked_for_again_with_what_failed(machine: KrxMachine, late: Late) -> None:
    konex, kosdaq = DAILY[Market.KONEX], DAILY[Market.KOSDAQ]
    machine.server.misbehave.set(HOST, Mode.MAINTENANCE_403, path=f"{PREFIX}{kosdaq}")
    late.held_back = frozenset({konex})
    first = scheduled(machine)
    assert (first.status, notes(first)["konex"]) == (RunStatus.PARTIAL, "not published yet")
    machine.server.misbehave.clear()
    machine.asked()
    machine.clock.at = decision(machine).next_at
    second = scheduled(machine)
    assert second.status is RunStatus.SUCCESS
    assert {service for service, _day in machine.asked()} & SERVICES == {konex, kosdaq}
    assert decision(machine).why is Why.LATE
    late.held_back = frozenset()
    machine.clock.at = decision(machine).next_at
    scheduled(machine)
    assert machine.states("KONEX")[YESTERDAY] == "verified"
    assert decision(machine).why is Why.DONE


def test_a_session_that_came_empty_beside_newer_ones_says_when_it_is_asked_for(machine: KrxMachine, late: Late) -> None:
    late.held_back = SERVICES
    scheduled(machine)
    machine.at(SESSIONS[7], 8, 10)
    machine.run()
    assert machine.states()[YESTERDAY] == "not_yet_published"
    machine.at(SESSIONS[7], 18)
    machine.run()
    assert machine.states()[YESTERDAY] == "unknown"
    machine.asked()
    machine.clock.advance(hours=1)
    run = machine.run()
    assert machine.asked() == []
    for step in BY_MARKET:
        assert notes(run)[step].startswith(("1 sessions came empty", "3 sessions came empty"))
        assert "asked again at 20" in notes(run)[step]
    assert run.status is RunStatus.SUCCESS
