"""The engine with its threads: due, by hand, cancelled, quit in the middle, cut off, offline, held elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from machine import NO_HISTORY, Heard, an_engine
from patience import PATIENCE, hold
from support import COINGECKO, CRYPTO, LLAMA, NOW, STABLECOINS, a_job

from tray_app.core.due import Why
from tray_app.core.errors import AlreadyRunning
from tray_app.core.events import Event, Notice, RunProgress, RunStarted
from tray_app.core.model import RunKind, RunStatus, Trigger
from tray_app.datasets.crypto.dataset import CRYPTO as CRYPTO_DATASET
from tray_app.datasets.schema import SCHEMA
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.facade import Engine
from tray_app.paths import Home
from tray_app.store.database import Database
from tray_app.store.lease import Leases
from tray_app.store.runs import RunStore


@contextmanager
def runs_of(folder: Path) -> Iterator[RunStore]:
    """Give a run log as another process would have it open."""
    database = Database(Home(folder).database, SCHEMA)
    try:
        yield RunStore(database)
    finally:
        database.close_thread()


def is_notice(event: Event) -> bool:
    return isinstance(event, Notice)


def test_a_first_start_collects_at_once_and_then_rests(engine: Engine) -> None:
    heard = Heard(engine)
    engine.start()
    run = heard.finished()
    assert (run.status, run.trigger, run.kind) == (RunStatus.SUCCESS, Trigger.CATCH_UP, RunKind.DAILY)
    heard.idle(engine)
    engine._ticker.tick()
    assert engine.active_jobs == ()
    overview = engine.overview()
    [state] = [each for each in overview.collectors if each.collector is CRYPTO]
    assert state.decision.why is Why.DONE
    assert state.last_run is not None
    assert (state.last_run.run_id, state.last_run.status) == (run.run_id, RunStatus.SUCCESS)
    assert overview.progress is None


def test_history_follows_the_first_run_by_itself(tmp_path: Path, server: SampleServer) -> None:
    with an_engine(tmp_path, server.url) as engine:
        heard = Heard(engine)
        engine.start()
        heard.finished()
        heard.idle(engine)
        assert engine.history.pending()
        engine._ticker.tick()
        history = heard.finished(2)
        assert (history.kind, history.trigger, history.status) == (
            RunKind.HISTORY,
            Trigger.SCHEDULER,
            RunStatus.SUCCESS,
        )
        heard.idle(engine)
        assert engine.history.pending() == ()
        asked = server.count()
        engine._ticker.tick()
        heard.idle(engine)
        assert server.count() == asked


def test_history_that_did_not_come_whole_is_tried_again_later(tmp_path: Path, server: SampleServer) -> None:
    with an_engine(tmp_path, server.url) as engine:
        heard = Heard(engine)
        engine.collect(a_job(trigger=Trigger.MANUAL_CLI), CancelFlag())
        server.misbehave.set(LLAMA, Mode.HTML_200)
        engine._worker.start()
        assert engine.collect_history_now(CRYPTO)
        assert heard.finished(2).status is RunStatus.PARTIAL
        heard.idle(engine)
        [pending] = engine.history.pending()
        assert pending.attempts == 1
        assert pending.next_try_at is not None
        assert timedelta(minutes=4) < pending.next_try_at - NOW < timedelta(minutes=6)
        engine._ticker.tick()
        assert [job.kind for job in engine.active_jobs if job.kind is RunKind.HISTORY] == []


def test_an_equal_job_is_refused_while_the_first_is_in_hand(engine: Engine, server: SampleServer) -> None:
    heard = Heard(engine)
    hold(server, COINGECKO)
    engine._worker.start()
    assert engine.collect_now(CRYPTO)
    heard.wait(lambda event: isinstance(event, RunStarted))
    assert not engine.collect_now(CRYPTO)
    assert [job.trigger for job in engine.active_jobs] == [Trigger.TRAY]
    # History is another job: it queues.
    assert engine.request_history(CRYPTO, window=engine._parts.collectors[CRYPTO].missing_history(NOW))  # type: ignore[arg-type]
    engine.cancel()
    assert heard.finished().status is RunStatus.CANCELLED
    heard.idle(engine)
    assert engine.history.pending() == ()


def test_cancel_stops_between_requests_and_keeps_what_came(engine: Engine, server: SampleServer) -> None:
    heard = Heard(engine)
    hold(server, STABLECOINS)
    engine._worker.start()
    engine.collect_now(CRYPTO)
    heard.wait(lambda event: isinstance(event, RunProgress) and event.step == "defillama_stablecoins")
    assert server.log.wait_for(1, STABLECOINS, seconds=PATIENCE)
    engine.cancel()
    run = heard.finished()
    assert run.status is RunStatus.CANCELLED
    assert [step.name for step in run.steps] == ["coingecko_prices", "coingecko_global", "defillama_tvl"]
    assert "Stopped by you" in run.message
    assert len(engine.reads(CRYPTO_DATASET).coins_of(NOW.date())) == 20


def test_a_run_the_user_cancelled_is_not_started_again_by_the_schedule(engine: Engine, server: SampleServer) -> None:
    heard = Heard(engine)
    hold(server, COINGECKO)
    engine.start()
    heard.wait(lambda event: isinstance(event, RunStarted))
    engine.cancel()
    assert heard.finished().status is RunStatus.CANCELLED
    heard.idle(engine)
    engine._ticker.tick()
    assert engine.active_jobs == ()


def test_quitting_in_the_middle_leaves_the_due_time_due(tmp_path: Path, server: SampleServer) -> None:
    hold(server, COINGECKO)
    with an_engine(tmp_path, server.url, **NO_HISTORY) as engine:
        heard = Heard(engine)
        engine.start()
        heard.wait(lambda event: isinstance(event, RunStarted))
    assert heard.finished().status is RunStatus.INTERRUPTED
    server.misbehave.clear()
    with an_engine(tmp_path, server.url, **NO_HISTORY) as again:
        heard = Heard(again)
        again.start()
        assert heard.finished().status is RunStatus.SUCCESS
        assert [run.status for run in again.runs()] == [RunStatus.SUCCESS, RunStatus.INTERRUPTED]


def test_quitting_in_the_middle_of_history_keeps_the_request(tmp_path: Path, server: SampleServer) -> None:
    with an_engine(tmp_path, server.url, **NO_HISTORY) as engine:
        engine.collect(a_job(trigger=Trigger.MANUAL_CLI), CancelFlag())
        heard = Heard(engine)
        hold(server, COINGECKO)
        engine._worker.start()
        assert engine.collect_history_now(CRYPTO)
        heard.wait(lambda event: isinstance(event, RunStarted))
    with an_engine(tmp_path, server.url, **NO_HISTORY) as again:
        [pending] = again.history.pending()
        assert (pending.attempts, pending.next_try_at) == (0, None)


def test_a_run_whose_process_died_is_marked_and_made_again(tmp_path: Path, server: SampleServer) -> None:
    with an_engine(tmp_path, server.url, **NO_HISTORY) as engine:
        due_at = engine.overview().collectors[0].decision.due_at
    with runs_of(tmp_path) as dead:
        dead.start(a_job(due_at=due_at), NOW)
    with an_engine(tmp_path, server.url, **NO_HISTORY) as again:
        # Whoever looks sees at once that nobody works on it.
        assert [run.status for run in again.runs()] == [RunStatus.INTERRUPTED]
        heard = Heard(again)
        again.start()
        assert heard.finished().status is RunStatus.SUCCESS


def test_a_run_of_a_living_process_is_left_alone(tmp_path: Path, engine: Engine) -> None:
    with runs_of(tmp_path) as other:
        leases = Leases(Home(tmp_path).locks, engine._parts.database)
        with leases.held("crypto", "another", NOW):
            other.start(a_job(), NOW)
            assert [run.status for run in engine.runs()] == [RunStatus.RUNNING]
            engine._ticker.tick()
            assert engine.active_jobs == ()
            with pytest.raises(AlreadyRunning):
                engine.collect(a_job(trigger=Trigger.MANUAL_CLI), CancelFlag())
        assert [run.status for run in engine.runs()] == [RunStatus.INTERRUPTED]


def test_another_process_that_collects_is_no_fault(tmp_path: Path, engine: Engine) -> None:
    heard = Heard(engine)
    leases = Leases(Home(tmp_path).locks, engine._parts.database)
    with leases.held("crypto", "another", NOW):
        engine._worker.start()
        assert engine.collect_now(CRYPTO)
        heard.idle(engine)
    assert not [event for event in heard.all() if is_notice(event)]
    assert engine.runs() == ()


def test_without_network_it_waits_in_silence_and_goes_on_by_itself(tmp_path: Path, server: SampleServer) -> None:
    url = server.url
    server.stop()
    with an_engine(tmp_path, url, **NO_HISTORY) as engine:
        heard = Heard(engine)
        engine.start()
        waiting = heard.finished()
        assert waiting.status is RunStatus.WAITING
        heard.idle(engine)
        engine._ticker.tick()
        heard.idle(engine)
        assert [run.status for run in engine.runs()] == [RunStatus.WAITING]
        assert not [event for event in heard.all() if is_notice(event)]
        server.start()
        engine._ticker.tick()
        done = heard.finished(2)
        assert (done.run_id, done.status, done.due_at) == (waiting.run_id, RunStatus.SUCCESS, waiting.due_at)


def test_after_sleep_the_network_is_waited_for(tmp_path: Path, server: SampleServer) -> None:
    url = server.url
    server.stop()
    with an_engine(tmp_path, url, **NO_HISTORY) as engine:
        heard = Heard(engine)
        engine._worker.start()
        engine._planner.tick(slept=True)
        heard.idle(engine)
        assert engine.runs() == ()
        server.start()
        engine._planner.tick(slept=False)
        assert heard.finished().status is RunStatus.SUCCESS
