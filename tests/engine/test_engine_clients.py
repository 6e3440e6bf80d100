"""What clients ask of the engine: pause, stop, queries, settings, events."""

import sqlite3
import sys
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from machine import NO_HISTORY, Heard, an_engine
from patience import PATIENCE, hold
from support import COINGECKO, CRYPTO, NOW, a_job

from engine.test_engine import is_notice
from tray_app.core.due import Why
from tray_app.core.errors import DatabaseGone
from tray_app.core.events import DataChanged, EngineChanged, Event, Notice, RunStarted
from tray_app.core.model import Run, RunStatus, Trigger
from tray_app.datasets.crypto.dataset import CRYPTO as CRYPTO_DATASET
from tray_app.demo.server import SampleServer
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.facade import Engine
from tray_app.paths import Home


def test_a_pause_holds_back_and_ends(engine: Engine) -> None:
    heard = Heard(engine)
    engine._worker.start()
    engine.pause(timedelta(hours=1))
    engine._ticker.tick()
    assert engine.active_jobs == ()
    assert engine.overview().is_paused
    assert engine.overview().collectors[0].decision.why is Why.PAUSED
    engine.resume()
    assert not engine.overview().is_paused
    engine._ticker.tick()
    assert heard.finished().status is RunStatus.SUCCESS
    assert [event for event in heard.all() if isinstance(event, EngineChanged)]


def test_a_pause_until_tomorrow_ends_at_midnight_in_korea(engine: Engine) -> None:
    engine.pause_until_tomorrow()
    until = engine.overview().paused_until
    assert until is not None
    assert abs(until - NOW.replace(hour=15, minute=0)) < timedelta(minutes=1)
    engine.pause(None)
    assert engine.overview().paused_until > NOW + timedelta(days=3000)  # type: ignore[operator]


def test_a_pause_survives_a_restart(tmp_path: Path, server: SampleServer) -> None:
    with an_engine(tmp_path, server.url) as engine:
        engine.pause(timedelta(hours=1))
    with an_engine(tmp_path, server.url) as again:
        assert again.overview().is_paused


def test_work_by_hand_goes_on_in_a_pause(engine: Engine) -> None:
    heard = Heard(engine)
    engine._worker.start()
    engine.pause(timedelta(hours=1))
    assert engine.collect_now(CRYPTO)
    assert heard.finished().trigger is Trigger.TRAY


def test_a_fault_of_ours_is_told_once_and_not_at_every_tick(
    tmp_path: Path, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    heard = Heard(engine)
    engine._worker.start()
    with closing(sqlite3.connect(Home(tmp_path).database)) as other:
        other.execute("ALTER TABLE lease RENAME TO gone")
    for _ in range(3):
        engine._ticker.tick()
        heard.idle(engine)
    notices = [event for event in heard.all() if is_notice(event)]
    assert len(notices) == 1
    assert "a fault of ours while collecting crypto" in caplog.text
    # Who asks by hand is told each time.
    engine.collect_now(CRYPTO)
    heard.wait(is_notice, 2)
    # And the worker lives on.
    with closing(sqlite3.connect(Home(tmp_path).database)) as other:
        other.execute("ALTER TABLE gone RENAME TO lease")
    engine._ticker.tick()
    assert heard.finished().status is RunStatus.SUCCESS


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody move a file that is open")
def test_a_database_that_is_deleted_under_the_engine_is_told_once_and_nothing_is_made(
    tmp_path: Path, server: SampleServer
) -> None:
    database = Home(tmp_path).database
    with an_engine(tmp_path, server.url, **NO_HISTORY) as engine:
        heard = Heard(engine)
        for aside in tmp_path.glob("market.db*"):
            aside.rename(tmp_path / f"away-{aside.name}")
        for _time in range(3):
            engine._ticker.tick()
        with pytest.raises(DatabaseGone):
            engine.collect(a_job(trigger=Trigger.MANUAL_CLI), CancelFlag())
        notices = [event for event in heard.all() if is_notice(event)]
        assert [notice.title for notice in notices if isinstance(notice, Notice)] == ["The database is gone"]
        assert server.count() == 0
        assert not database.exists()
        for away in tmp_path.glob("away-*"):
            away.rename(tmp_path / away.name.removeprefix("away-"))
        assert engine.collect(a_job(trigger=Trigger.MANUAL_CLI), CancelFlag()).status is RunStatus.SUCCESS


def test_stop_ends_in_the_middle_of_a_slow_answer_and_leaves_no_thread(tmp_path: Path, server: SampleServer) -> None:
    before = set(threading.enumerate())
    hold(server, COINGECKO)
    with an_engine(tmp_path, server.url, **NO_HISTORY) as engine:
        heard = Heard(engine)
        engine.start()
        heard.wait(lambda event: isinstance(event, RunStarted))
        assert server.log.wait_for(1, COINGECKO, seconds=PATIENCE)
        assert engine.stop()
    left = {thread.name for thread in set(threading.enumerate()) - before if not thread.daemon}
    assert left <= {"MainThread"}


def test_a_stopped_engine_takes_no_work(tmp_path: Path, server: SampleServer) -> None:
    with an_engine(tmp_path, server.url) as engine:
        engine.start()
        assert engine.stop()
        assert not engine.collect_now(CRYPTO)


def test_an_engine_that_was_never_started_stops(tmp_path: Path, server: SampleServer) -> None:
    with an_engine(tmp_path, server.url):
        pass


def test_queries_run_on_reader_threads_and_their_faults_come_back(engine: Engine) -> None:
    results: list[object] = []
    done = threading.Event()

    def keep(value: object) -> None:
        results.append((threading.current_thread().name.startswith("reader"), value))
        done.set()

    engine.read(engine.reads(CRYPTO_DATASET).newest_coin_date, keep, keep)
    assert done.wait(PATIENCE)
    done.clear()

    def broken() -> object:
        raise ZeroDivisionError("a bug")

    engine.read(broken, keep, keep)
    assert done.wait(PATIENCE)
    assert results[0] == (True, None)
    assert results[1][0] is True  # type: ignore[index]
    assert isinstance(results[1][1], ZeroDivisionError)  # type: ignore[index]


def test_a_changed_schedule_and_a_changed_setting_count_at_once(engine: Engine) -> None:
    from datetime import time

    settings = engine.settings.settings
    engine.change_settings(settings.changed({CRYPTO_DATASET.due_option: (time(19, 49),)}))
    [state] = [each for each in engine.overview().collectors if each.collector is CRYPTO]
    assert state.decision.due_at == NOW - timedelta(minutes=1)
    assert (engine.home / "settings.toml").read_text(encoding="utf-8").splitlines()[0:1] != []
    assert "upstream" not in (engine.home / "settings.toml").read_text(encoding="utf-8")


def test_storage_and_backup(engine: Engine) -> None:
    copy = engine.backup()
    assert engine.storage().backups == (copy,)
    assert engine.storage().database_bytes > 0
    assert engine.storage().free_bytes > 0
    assert engine.integrity() == "ok"
    assert engine.backup().name != copy.name


def test_the_hosts_of_a_collector(engine: Engine, server: SampleServer) -> None:
    assert all(answer.error is None for answer in engine.host_answers(CRYPTO))
    server.stop()
    assert all(answer.error is not None for answer in engine.host_answers(CRYPTO))


def test_windows_hear_what_changed(engine: Engine) -> None:
    heard = Heard(engine)
    engine.collect(a_job(trigger=Trigger.MANUAL_CLI), CancelFlag())
    tables = {table for event in heard.all() if isinstance(event, DataChanged) for table in event.tables}
    assert tables == {"crypto_price", "crypto_metric"}


def test_a_listener_that_fails_does_not_disturb_the_others(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_event: Event) -> None:
        raise ZeroDivisionError

    forget = engine.subscribe(broken)
    heard = Heard(engine)
    engine.pause(None)
    forget()
    forget()
    engine.resume()
    assert len(heard.all()) == 2
    assert caplog.text.count("a listener failed") == 1


def test_runs_are_newest_first_and_counted(engine: Engine) -> None:
    made: list[Run] = [engine.collect(a_job(trigger=Trigger.MANUAL_CLI), CancelFlag()) for _ in range(3)]
    assert [run.run_id for run in engine.runs(limit=2)] == [made[2].run_id, made[1].run_id]
    assert {usage.source: usage.calls for usage in engine.usage_today()}[COINGECKO] == 6
