"""The due rule case by case; months of it are lived in tests/engine/test_months.py."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import chain, pairwise, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import CRYPTO, a_run

from tray_app import datasets
from tray_app.core.due import (
    HOURLY,
    LONGEST_ASKED,
    NO_DUE_TIME,
    RETRY_DELAYS,
    Decision,
    Plan,
    Why,
    decide,
    latest_due,
    next_due,
    source_day_end,
)
from tray_app.core.model import Run, RunKind, RunStatus, StepOutcome, StepStatus, Trigger, Window
from tray_app.core.times import kst_instant, to_kst
from tray_app.datasets.crypto.dataset import CRYPTO as CRYPTO_DATASET
from tray_app.datasets.dataset import Dataset
from tray_app.datasets.krx.dataset import KRX as KRX_DATASET
from tray_app.datasets.liquidity.dataset import LIQUIDITY as LIQUIDITY_DATASET
from tray_app.datasets.news.dataset import NEWS as NEWS_DATASET

SIX = Plan(CRYPTO, (time(6, 0),), UTC)
DUE = datetime(2026, 8, 21, 21, 0, tzinfo=UTC)  # 06:00 on the 22nd in Korea
NEXT = DUE + timedelta(days=1)
MINUTE = timedelta(minutes=1)
HALF = (
    StepOutcome("a", StepStatus.SUCCESS),
    StepOutcome("b", StepStatus.FAILED, "down", retryable=True),
)
HALF_FOR_GOOD = (StepOutcome("a", StepStatus.SUCCESS), StepOutcome("b", StepStatus.SKIPPED, "no key", wants_key=True))
DOWN = (StepOutcome("a", StepStatus.FAILED, "down", retryable=True),)


def run(status: RunStatus, started: datetime = DUE, due_at: datetime | None = DUE, **changes: object) -> Run:
    steps = {RunStatus.PARTIAL: HALF, RunStatus.FAILED: DOWN}.get(status, ())
    made = a_run(
        status=status, started_at=started, finished_at=started + 10 * timedelta(seconds=1), due_at=due_at, steps=steps
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def failures(count: int, after: datetime = DUE, apart: timedelta = timedelta(hours=2)) -> list[Run]:
    return [run(RunStatus.FAILED, after + number * apart, run_id=number + 1) for number in range(count)]


def at(now: datetime, *log: Run, paused_until: datetime | None = None) -> Decision:
    return decide(SIX, now, log, paused_until)


moments = st.datetimes(datetime(2000, 1, 2), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
schedules = st.lists(st.times().map(lambda moment: moment.replace(second=0, microsecond=0)), min_size=1, max_size=4)


@given(now=moments, times=schedules)
def test_the_latest_and_the_next_due_time_enclose_now(now: datetime, times: list[time]) -> None:
    before, after = latest_due(now, times), next_due(now, times)
    assert before <= now < after
    assert after - before <= timedelta(days=1)
    assert to_kst(before).time() in times
    assert to_kst(after).time() in times
    # Nothing lies between.
    for day in (to_kst(now).date() + timedelta(days=number) for number in (-1, 0, 1)):
        assert not [each for each in times if before < kst_instant(day, each) < after]


@given(now=moments, times=schedules)
def test_a_first_start_is_due_at_once(now: datetime, times: list[time]) -> None:
    decision = decide(Plan(CRYPTO, tuple(times), UTC), now, [])
    assert (decision.run_now, decision.why, decision.due_at) == (True, Why.DUE, latest_due(now, times))


def test_on_time_is_the_scheduler_and_late_is_a_catch_up() -> None:
    assert at(DUE).trigger is Trigger.SCHEDULER
    assert at(DUE + 2 * MINUTE).trigger is Trigger.SCHEDULER
    assert at(DUE + 3 * MINUTE).trigger is Trigger.CATCH_UP


def test_a_retry_keeps_the_trigger_of_its_first_attempt() -> None:
    decision = at(DUE + timedelta(hours=1), run(RunStatus.FAILED, trigger=Trigger.SCHEDULER))
    assert (decision.run_now, decision.trigger) == (True, Trigger.SCHEDULER)


@pytest.mark.parametrize("status", [RunStatus.SUCCESS, RunStatus.CANCELLED])
def test_what_ended_well_or_by_the_user_is_done(status: RunStatus) -> None:
    assert at(DUE + MINUTE, run(status)) == Decision(run_now=False, why=Why.DONE, due_at=DUE, next_at=NEXT)


def test_half_a_run_is_done_when_trying_again_cannot_help() -> None:
    assert at(DUE + MINUTE, run(RunStatus.PARTIAL, steps=HALF_FOR_GOOD)).why is Why.DONE
    assert at(DUE + MINUTE, run(RunStatus.PARTIAL, steps=HALF)).why is Why.RETRY


@pytest.mark.parametrize("status", [RunStatus.PARTIAL, RunStatus.FAILED])
def test_retries_come_after_5_15_and_60_minutes_then_hourly_until_the_sources_day_ends(status: RunStatus) -> None:
    log: list[Run] = []
    now, ends = DUE, source_day_end(UTC, DUE)
    delays = chain(RETRY_DELAYS, repeat(HOURLY))
    while True:
        log.append(run(status, now, run_id=len(log) + 1))
        ended, delay = log[-1].finished_at, next(delays)
        assert ended is not None
        if len(log) > len(RETRY_DELAYS) and ended + delay > ends:
            break
        assert at(ended, *log) == Decision(
            run_now=False, why=Why.RETRY, due_at=DUE, next_at=ended + delay, trigger=Trigger.SCHEDULER
        )
        assert not at(ended + delay - timedelta(seconds=1), *log).run_now
        assert at(ended + delay, *log).run_now
        now = ended + delay
    # 06:00, 06:05, 06:20, 07:20 and 08:20 in Korea: CoinGecko's day ends at nine.
    assert len(log) == 5
    assert at(now + timedelta(hours=9), *log) == Decision(run_now=False, why=Why.GAVE_UP, due_at=DUE, next_at=NEXT)
    assert at(NEXT, *log).why is Why.DUE


@pytest.mark.parametrize(
    ("dataset", "ends"),
    [
        (CRYPTO_DATASET, datetime(2026, 8, 22, 0, 0, tzinfo=UTC)),
        (LIQUIDITY_DATASET, datetime(2026, 8, 22, 4, 0, tzinfo=UTC)),
        (NEWS_DATASET, datetime(2026, 8, 22, 15, 0, tzinfo=UTC)),
        (KRX_DATASET, datetime(2026, 8, 22, 15, 0, tzinfo=UTC)),
    ],
)
def test_the_day_of_the_sources_ends_by_their_own_clock(dataset: Dataset[object], ends: datetime) -> None:
    assert source_day_end(dataset.source_zone, DUE) == ends


@given(st.sampled_from(datasets.DATASETS), moments, st.lists(st.integers(1, 200), max_size=30))
def test_what_is_missing_is_asked_for_until_the_day_ends_and_never_hammered(
    dataset: Dataset[object], now: datetime, delays: list[int]
) -> None:
    plan, log, made = Plan(dataset.name, (time(6, 0),), dataset.source_zone), list[Run](), list[datetime]()
    due_at = latest_due(now, plan.times)
    while (decision := decide(plan, now, log)).why is not Why.GAVE_UP and decision.due_at == due_at:
        if decision.run_now:
            made.append(now)
            log.append(run(RunStatus.FAILED, now, due_at, run_id=len(log) + 1))
            now = log[-1].finished_at or now
        else:
            now = decision.next_at + (delays.pop() if delays else 0) * MINUTE
    gaps = [later - earlier for earlier, later in pairwise(made)]
    assert all(gap >= delay for gap, delay in zip(gaps, chain(RETRY_DELAYS, repeat(HOURLY)), strict=False))
    if decision.due_at == due_at:
        assert len(made) > len(RETRY_DELAYS)
        assert made[-1] + HOURLY + MINUTE > source_day_end(dataset.source_zone, made[0])


def test_a_spent_quota_is_asked_for_when_it_opens_again() -> None:
    opens = DUE + timedelta(hours=18)
    spent = StepOutcome("b", StepStatus.SKIPPED, "spent", retry_at=opens)
    half = run(RunStatus.PARTIAL, steps=(StepOutcome("a", StepStatus.SUCCESS), spent))
    assert at(DUE + MINUTE, half) == Decision(run_now=False, why=Why.RETRY, due_at=DUE, next_at=opens)
    assert at(opens, half).run_now
    assert at(opens, replace(half, steps=(replace(spent, retry_at=NEXT),))).why is Why.DONE
    # What else is missing is not kept waiting for it.
    assert at(DUE + MINUTE, replace(half, steps=(*half.steps, *DOWN))).next_at < DUE + timedelta(hours=1)


@pytest.mark.parametrize("lack", [{"wants_key": True}, {"key_refused": True}])
def test_what_lacked_its_key_is_due_once_a_key_is_entered(lack: dict[str, bool]) -> None:
    short = StepOutcome("b", StepStatus.FAILED, "the key", **lack)  # type: ignore[arg-type]
    half = run(RunStatus.PARTIAL, steps=(StepOutcome("a", StepStatus.SUCCESS), short))
    now = DUE + timedelta(hours=3)
    assert decide(SIX, now, [half]).why is Why.DONE
    assert decide(SIX, now, [half], None, DUE - MINUTE).why is Why.DONE
    assert decide(SIX, now, [half], None, DUE + MINUTE).why is Why.DUE
    again = replace(half, run_id=2, started_at=DUE + 2 * MINUTE, finished_at=DUE + 3 * MINUTE)
    assert decide(SIX, now, [half, again], None, DUE + MINUTE).why is Why.DONE
    fine = run(RunStatus.SUCCESS)
    assert decide(SIX, now, [fine], None, DUE + MINUTE).why is Why.DONE
    # A key entered while the clock was ahead would make it due at every look until then.
    assert decide(SIX, now, [half], None, now + HOURLY).why is Why.DONE


def late(status: RunStatus = RunStatus.SUCCESS, minutes: int = 20, **changes: object) -> Run:
    """Return a run that found something not published yet, to be asked for so many minutes after the due time."""
    steps = (
        StepOutcome("a", StepStatus.SUCCESS, late_at=DUE + (minutes + 5) * MINUTE),
        StepOutcome("b", StepStatus.SUCCESS, late_at=DUE + minutes * MINUTE),
        StepOutcome("c", StepStatus.SUCCESS, warnings=int(status is RunStatus.PARTIAL)),
    )
    return run(status, steps=steps, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [RunStatus.SUCCESS, RunStatus.PARTIAL])
def test_what_was_not_published_yet_is_asked_for_when_its_time_comes(status: RunStatus) -> None:
    waits = at(DUE + MINUTE, late(status))
    assert waits == Decision(run_now=False, why=Why.LATE, due_at=DUE, next_at=DUE + 20 * MINUTE)
    assert at(DUE + 20 * MINUTE, late(status)).run_now
    # Not when the next due time comes first, nor when the user ended it.
    assert at(DUE + MINUTE, late(status, minutes=24 * 60)).why is Why.DONE
    assert at(DUE + 20 * MINUTE, late(RunStatus.CANCELLED)).why is Why.DONE


def test_only_the_latest_run_says_what_is_late() -> None:
    first = late()
    again = late(minutes=60, run_id=2, started_at=DUE + 20 * MINUTE)
    assert at(DUE + 21 * MINUTE, first, again).next_at == DUE + 60 * MINUTE
    assert at(DUE + 60 * MINUTE, first, again, run(RunStatus.SUCCESS, run_id=3)).why is Why.DONE
    by_hand = run(RunStatus.SUCCESS, DUE + 10 * MINUTE, None, run_id=2, trigger=Trigger.TRAY)
    assert at(DUE + 20 * MINUTE, first, by_hand).why is Why.DONE


def test_a_late_publication_takes_no_retry_from_failures_and_comes_after_them() -> None:
    failed = run(RunStatus.FAILED, DUE + 20 * MINUTE, run_id=2)
    decision = at(DUE + 21 * MINUTE, late(), failed)
    assert (decision.why, decision.next_at) == (Why.RETRY, DUE + 25 * MINUTE + timedelta(seconds=10))
    assert at(DUE + MINUTE, run(RunStatus.FAILED), late(run_id=2)).why is Why.LATE
    assert at(DUE + 20 * MINUTE, late(), run(RunStatus.INTERRUPTED, run_id=2)).run_now
    # A run by hand that failed changes nothing.
    assert at(DUE + 10 * MINUTE, late(), replace(failed, due_at=None)).why is Why.LATE


def test_a_late_publication_waits_for_the_end_of_a_pause_and_keeps_the_trigger() -> None:
    until = DUE + timedelta(hours=1)
    assert at(DUE + 30 * MINUTE, late(), paused_until=until).why is Why.PAUSED
    assert at(until, late(trigger=Trigger.CATCH_UP), paused_until=until).trigger is Trigger.CATCH_UP
    by_hand = late(due_at=None, started=DUE + 5 * MINUTE, trigger=Trigger.TRAY)
    assert at(until, by_hand) == Decision(run_now=True, why=Why.LATE, due_at=DUE, next_at=DUE + 20 * MINUTE)


def test_an_interrupted_run_is_due_again_at_once_and_is_no_failure() -> None:
    cut = [run(RunStatus.INTERRUPTED, run_id=number) for number in range(1, 9)]
    assert at(DUE + MINUTE, *cut).why is Why.DUE
    assert at(DUE + MINUTE, *cut, run(RunStatus.FAILED, run_id=9)).why is Why.RETRY


def test_what_runs_is_not_started_again() -> None:
    assert at(DUE + MINUTE, run(RunStatus.RUNNING, finished_at=None)).why is Why.RUNNING
    by_hand = run(RunStatus.RUNNING, DUE + MINUTE, None, finished_at=None)
    assert at(DUE + 2 * MINUTE, by_hand).why is Why.RUNNING


def test_a_run_that_waits_for_the_network_is_looked_at_at_every_tick() -> None:
    decision = at(DUE + MINUTE, run(RunStatus.WAITING))
    assert (decision.run_now, decision.why, decision.next_at) == (False, Why.WAITING, DUE + MINUTE)


@pytest.mark.parametrize("trigger", [Trigger.TRAY, Trigger.MANUAL_CLI, Trigger.API])
def test_a_run_by_hand_after_the_due_time_serves_it(trigger: Trigger) -> None:
    good = run(RunStatus.SUCCESS, DUE + MINUTE, None, trigger=trigger)
    assert at(DUE + 2 * MINUTE, good).why is Why.DONE
    early = run(RunStatus.SUCCESS, DUE - MINUTE, None, trigger=trigger)
    assert at(DUE + 2 * MINUTE, early).why is Why.DUE


def test_a_run_by_hand_that_failed_or_was_cancelled_serves_nothing_and_uses_up_no_retry() -> None:
    for status in (RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.INTERRUPTED):
        assert at(DUE + 2 * MINUTE, run(status, DUE + MINUTE, None)).why is Why.DUE


def test_a_late_run_for_an_older_due_time_serves_the_newer_one_too() -> None:
    waited = run(RunStatus.SUCCESS, DUE + MINUTE, DUE - timedelta(days=1), trigger=Trigger.CATCH_UP)
    assert at(DUE + 2 * MINUTE, waited).why is Why.DONE


def test_moving_the_schedule_back_does_not_collect_twice() -> None:
    earlier = Plan(CRYPTO, (time(5, 0),), UTC)
    assert decide(earlier, DUE + MINUTE, [run(RunStatus.SUCCESS)]).why is Why.DONE


def test_history_serves_no_due_time() -> None:
    history = run(RunStatus.SUCCESS, kind=RunKind.HISTORY, window=Window(DUE.date()), due_at=None)
    assert at(DUE + MINUTE, history).why is Why.DUE


def test_a_pause_holds_back_and_is_caught_up() -> None:
    until = DUE + timedelta(hours=1)
    assert at(DUE + MINUTE, paused_until=until) == Decision(run_now=False, why=Why.PAUSED, due_at=DUE, next_at=until)
    assert at(DUE + MINUTE, run(RunStatus.FAILED), paused_until=until).why is Why.PAUSED
    assert at(DUE + MINUTE, run(RunStatus.WAITING), paused_until=until).why is Why.PAUSED
    assert at(DUE + MINUTE, run(RunStatus.SUCCESS), paused_until=until).why is Why.DONE
    assert at(until, paused_until=until).run_now


def test_a_run_of_a_clock_that_was_ahead_serves_nothing_even_when_its_time_has_come() -> None:
    for started in (DUE + MINUTE, DUE - MINUTE, DUE + timedelta(days=400)):
        assert at(DUE + 2 * MINUTE, run(RunStatus.SUCCESS, started, NO_DUE_TIME)).why is Why.DUE


def test_a_source_that_named_a_time_is_not_asked_before_it() -> None:
    asked = DUE + timedelta(hours=1)
    limited = StepOutcome("b", StepStatus.SKIPPED, "too many", retryable=True, retry_at=asked)
    ended = DUE + 10 * timedelta(seconds=1)
    assert at(DUE + MINUTE, run(RunStatus.PARTIAL, steps=(limited,))).next_at == asked
    # Another part of the run may come sooner.
    assert at(DUE + MINUTE, run(RunStatus.PARTIAL, steps=(limited, *DOWN))).next_at == ended + RETRY_DELAYS[0]
    # A time named by a clock that was ahead does not hold up the day.
    far = replace(limited, retry_at=DUE + timedelta(days=400))
    assert at(DUE + MINUTE, run(RunStatus.PARTIAL, steps=(far,))).next_at == ended + LONGEST_ASKED


def test_a_clock_set_back_does_not_starve_the_retry_and_does_not_burn_the_others() -> None:
    ahead = run(RunStatus.FAILED, DUE + timedelta(hours=20), run_id=1)
    now = DUE + timedelta(hours=1)
    assert at(now, ahead).run_now
    again = run(RunStatus.FAILED, now, run_id=2)
    assert at(now + MINUTE, ahead, again) == Decision(
        run_now=False,
        why=Why.RETRY,
        due_at=DUE,
        next_at=now + 10 * timedelta(seconds=1) + RETRY_DELAYS[1],
        trigger=Trigger.SCHEDULER,
    )


def test_the_order_of_the_log_does_not_matter() -> None:
    log = [*failures(3), run(RunStatus.INTERRUPTED, DUE - MINUTE, run_id=9)]
    assert at(DUE + timedelta(hours=5), *log) == at(DUE + timedelta(hours=5), *reversed(log))


def test_without_an_end_a_failed_run_counts_from_its_start() -> None:
    assert at(DUE + MINUTE, run(RunStatus.FAILED, finished_at=None)).next_at == DUE + RETRY_DELAYS[0]
