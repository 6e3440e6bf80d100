"""The run log, the requests for history and the small facts that survive a restart."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import CRYPTO, NOW, a_job, query

from tray_app.core.due import NO_DUE_TIME
from tray_app.core.model import Run, RunKind, RunStatus, StepOutcome, StepStatus, Trigger, Window
from tray_app.core.times import iso_instant
from tray_app.store.backfill import BackfillStore, RequestState
from tray_app.store.database import Database
from tray_app.store.runs import RunStore, decode_steps, encode_steps
from tray_app.store.state import StateStore

STEPS = (
    StepOutcome("coingecko_prices", StepStatus.SUCCESS, "20 coins", 20, date(2026, 8, 22)),
    StepOutcome("fear_greed", StepStatus.FAILED, "아직 없음", retryable=True, offline=True),
    StepOutcome("coingecko_global", StepStatus.SKIPPED, "no key", wants_key=True),
)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def runs(database: Database) -> RunStore:
    return RunStore(database)


def finish(runs: RunStore, run: Run, status: RunStatus = RunStatus.PARTIAL) -> Run:
    done = replace(
        run,
        status=status,
        finished_at=NOW + MINUTE,
        duration=8.5,
        data_date=date(2026, 8, 22),
        steps=STEPS,
        message="half",
    )
    runs.finish(done)
    return done


def test_a_run_is_read_as_it_was_logged(runs: RunStore) -> None:
    started = runs.start(a_job(due_at=NOW - MINUTE), NOW)
    assert (started.status, started.started_at, started.due_at) == (RunStatus.RUNNING, NOW, NOW - MINUTE)
    assert runs.latest(CRYPTO, RunKind.DAILY) == started
    assert runs.latest(CRYPTO, RunKind.DAILY) != finish(runs, started)
    [logged] = runs.history()
    assert logged == finish(runs, started)


def test_the_counts_and_the_view_for_people(database: Database, runs: RunStore) -> None:
    finish(runs, runs.start(a_job(trigger=Trigger.MANUAL_CLI), NOW))
    assert query(database, "SELECT success_count, failure_count, warning_count FROM collection_runs") == [(1, 1, 1)]
    [row] = query(database, "SELECT * FROM collector_log")
    assert row[:5] + row[6:] == (1, "2026-08-22", "crypto", "partial", 8.5, "manual-cli", "2026-08-22T10:50:00Z")
    # Whatever the run's message says, its steps stand there.
    assert decode_steps(row[5]) == STEPS


def test_the_view_dates_a_run_by_its_day_in_korea(database: Database, runs: RunStore) -> None:
    late = NOW.replace(hour=20)
    run = runs.start(a_job(), late)
    assert query(database, "SELECT date, details FROM collector_log") == [("2026-08-23", "[]")]
    finish(runs, run)
    assert query(database, "SELECT date FROM collector_log") == [("2026-08-23",)]


def test_history_runs_keep_their_window(runs: RunStore) -> None:
    windows = [Window(date(2026, 1, 1)), Window(date(2026, 1, 1), date(2026, 2, 1)), None]
    for window in windows:
        runs.start(a_job(window=window), NOW)
    assert [run.window for run in reversed(runs.history())] == windows
    assert [run.kind for run in reversed(runs.history())] == [RunKind.HISTORY, RunKind.HISTORY, RunKind.DAILY]
    assert runs.latest(CRYPTO, RunKind.HISTORY) == runs.history()[1]


def test_the_log_says_what_was_asked_for_again_and_of_what_alone(database: Database, runs: RunStore) -> None:
    first, last = date(2026, 1, 1), date(2026, 2, 1)
    window = Window(first, last, again_since=NOW, only="KOSDAQ")
    run = runs.start(a_job(window=window), NOW)
    assert (run.window, window.also_said) == (window, "again, only KOSDAQ")
    assert runs.history()[0].window == window
    assert query(database, "SELECT again_since, only_subject FROM collection_runs") == [(iso_instant(NOW), "KOSDAQ")]
    finish(runs, run, RunStatus.WAITING)
    # Other work over the same days does not go on in the row of this one.
    others = (Window(first, last), Window(first, last, only="KOSDAQ"), replace(window, only=""))
    assert [each.also_said for each in others] == ["", "only KOSDAQ", "again"]
    assert run.run_id not in {runs.start(a_job(window=each), NOW).run_id for each in others}
    later = replace(window, again_since=NOW + MINUTE)
    assert runs.start(a_job(window=later), NOW + MINUTE).run_id == run.run_id


@given(
    steps=st.lists(
        st.builds(
            StepOutcome,
            name=st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
            status=st.sampled_from(StepStatus),
            note=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
            rows=st.integers(0, 10**9),
            data_date=st.one_of(st.none(), st.dates()),
            retryable=st.booleans(),
            offline=st.booleans(),
            wants_key=st.booleans(),
        ),
        max_size=6,
    ).map(tuple)
)
def test_steps_come_back_as_they_went(steps: tuple[StepOutcome, ...]) -> None:
    assert decode_steps(encode_steps(steps)) == steps


def test_a_waiting_run_goes_on_in_its_own_row(runs: RunStore) -> None:
    first = runs.start(a_job(due_at=NOW), NOW)
    finish(runs, first, RunStatus.WAITING)
    again = runs.start(a_job(due_at=NOW + MINUTE, trigger=Trigger.CATCH_UP), NOW + 2 * MINUTE)
    assert again.run_id == first.run_id
    assert (again.status, again.due_at, again.trigger) == (RunStatus.RUNNING, NOW + MINUTE, Trigger.CATCH_UP)
    assert (again.started_at, again.finished_at) == (NOW + 2 * MINUTE, None)
    assert len(runs.history()) == 1


def test_only_a_run_of_the_same_kind_and_window_goes_on(runs: RunStore) -> None:
    window = Window(date(2026, 1, 1))
    finish(runs, runs.start(a_job(window=window), NOW), RunStatus.WAITING)
    assert runs.start(a_job(), NOW).run_id == 2
    assert runs.start(a_job(window=Window(date(2026, 1, 2))), NOW).run_id == 3
    assert runs.start(a_job(window=Window(date(2026, 1, 1), date(2026, 1, 5))), NOW).run_id == 4
    assert runs.start(a_job(window=window), NOW).run_id == 1


def test_what_was_running_is_marked_as_cut_off(runs: RunStore) -> None:
    assert not runs.has_running(CRYPTO)
    runs.start(a_job(due_at=NOW), NOW)
    finish(runs, runs.start(a_job(), NOW), RunStatus.SUCCESS)
    assert runs.has_running(CRYPTO)
    assert runs.interrupt_running(CRYPTO, NOW + MINUTE) == 1
    assert not runs.has_running(CRYPTO)
    cut, done = reversed(runs.history())
    assert (cut.status, cut.finished_at, cut.due_at) == (RunStatus.INTERRUPTED, NOW + MINUTE, NOW)
    assert "ended" in cut.message
    assert done.status is RunStatus.SUCCESS


def test_runs_for_a_due_time_or_begun_after_it_are_found(runs: RunStore) -> None:
    due = NOW
    before = runs.start(a_job(), due - MINUTE)
    for_it = runs.start(a_job(due_at=due), due - 2 * MINUTE)
    after = runs.start(a_job(), due + MINUTE)
    runs.start(a_job(), due + 10 * MINUTE)
    found = runs.since(CRYPTO, due, due + 5 * MINUTE)
    assert [run.run_id for run in found] == [for_it.run_id, after.run_id]
    assert before.run_id not in [run.run_id for run in found]


def test_runs_logged_by_a_clock_that_was_ahead_serve_no_due_time(runs: RunStore) -> None:
    ahead = NOW + timedelta(days=400)
    runs.start(a_job(due_at=ahead), ahead)
    runs.start(a_job(), ahead)
    good = runs.start(a_job(due_at=NOW), NOW)
    assert runs.forget_due_times_after(CRYPTO, NOW + timedelta(hours=1)) == 2
    assert runs.forget_due_times_after(CRYPTO, NOW + timedelta(hours=1)) == 0
    assert [run.due_at for run in reversed(runs.history())] == [NO_DUE_TIME, NO_DUE_TIME, good.due_at]


def test_the_last_run_that_was_judged(runs: RunStore) -> None:
    statuses = [RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.INTERRUPTED, RunStatus.WAITING]
    for status in statuses:
        window = Window(date(2026, 1, 1)) if status is RunStatus.WAITING else None
        finish(runs, runs.start(a_job(window=window), NOW), status)
    found = runs.last_judged_before(CRYPTO, 5)
    assert found is not None
    assert found.status is RunStatus.FAILED
    assert runs.last_judged_before(CRYPTO, 1) is None


def test_the_last_run_of_a_kind_that_has_ended(runs: RunStore) -> None:
    assert runs.last_ended(RunKind.HISTORY) is None
    finish(runs, runs.start(a_job(window=Window(date(2026, 1, 1))), NOW), RunStatus.PARTIAL)
    finish(runs, runs.start(a_job(), NOW), RunStatus.SUCCESS)
    runs.start(a_job(window=Window(date(2026, 1, 2))), NOW)
    found = runs.last_ended(RunKind.HISTORY), runs.last_ended(RunKind.DAILY, CRYPTO)
    assert [run.run_id for run in found if run is not None] == [1, 2]
    assert runs.last_ended(RunKind.DAILY, "krx") is None


def test_newest_first_and_no_more_than_asked_for(runs: RunStore) -> None:
    for _ in range(5):
        runs.start(a_job(), NOW)
    assert [run.run_id for run in runs.history(limit=3)] == [5, 4, 3]
    assert len(runs.history(collector=CRYPTO)) == 5


# --- requests for history -----------------------------------------------------------------------------------------


def test_a_request_is_kept_until_it_is_done_and_not_doubled(database: Database) -> None:
    store = BackfillStore(database)
    everything, part = Window(date(2017, 9, 27)), Window(date(2026, 1, 1), date(2026, 2, 1))
    first = store.request(CRYPTO, everything, NOW)
    assert store.request(CRYPTO, everything, NOW + MINUTE) == first
    second = store.request(CRYPTO, part, NOW)
    assert [(each.request_id, each.window) for each in store.pending()] == [(first, everything), (second, part)]
    store.postpone(first, NOW + 5 * MINUTE)
    assert [(each.attempts, each.next_try_at) for each in store.pending()] == [(1, NOW + 5 * MINUTE), (0, None)]
    store.close(first, RequestState.DONE)
    store.close(second, RequestState.CANCELLED)
    assert store.pending() == ()
    assert store.request(CRYPTO, everything, NOW) not in {first, second}


# --- small facts --------------------------------------------------------------------------------------------------


def test_a_pause_survives_and_ends(database: Database) -> None:
    state = StateStore(database)
    assert state.paused_until() is None
    state.pause_until(NOW)
    assert StateStore(database).paused_until() == NOW
    state.pause_until(None)
    assert state.paused_until() is None


def test_instants_are_stored_as_text_whose_order_is_that_of_time(database: Database, runs: RunStore) -> None:
    runs.start(a_job(due_at=NOW), NOW)
    [(due_at, started_at)] = query(database, "SELECT due_at, started_at FROM collection_runs")
    assert due_at == started_at == iso_instant(NOW) == "2026-08-22T10:50:00Z"
