"""The monthly self-check of an engine: a few calls, what differs is told and put right, a kill loses nothing."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from machine import Heard, an_engine
from support import CRYPTO, NOW, a_job

from tray_app.core.checks.self_check import EVERY, MOST_CALLS
from tray_app.core.events import Notice
from tray_app.core.model import RunStatus, Trigger, Window
from tray_app.datasets.crypto.dataset import CRYPTO as CRYPTO_DATASET
from tray_app.demo.server import SampleServer
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.facade import Engine

# Nothing is due at this hour: what is asked for is asked for by the check.
BEGUN = NOW.date() - EVERY
HISTORY = Window(date(2017, 9, 27))


def collected(engine: Engine) -> None:
    for window in (None, HISTORY):
        run = engine.collect(a_job(trigger=Trigger.MANUAL_CLI, window=window), CancelFlag())
        assert run.status is RunStatus.SUCCESS


def rows(home: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(home / "market.db")) as connection, connection:
        return connection.execute(sql).fetchall()


def asked(engine: Engine) -> list[tuple[date, str]]:
    return [(request.window.date_from, request.window.only) for request in engine.history.pending()]


def test_counting_begins_with_the_first_look_and_no_day_ahead_stays(tmp_path: Path, server: SampleServer) -> None:
    with an_engine(tmp_path, server.url) as engine:
        collected(engine)
        state = engine._parts.state
        for before in (None, NOW.date() + timedelta(days=400)):
            if before is not None:
                state.note_self_checked(before)
            engine._planner.tick(slept=False)
            assert state.self_checked_on() == NOW.date()
            assert asked(engine) == []


def test_a_month_later_a_sample_is_asked_for_again_once(tmp_path: Path, server: SampleServer) -> None:
    with an_engine(tmp_path, server.url) as engine:
        collected(engine)
        state = engine._parts.state
        state.note_self_checked(BEGUN)
        engine._planner.tick(slept=False)
        first = asked(engine)
        # KRX has no key here: nothing is asked of it.
        assert len(first) == CRYPTO_DATASET.self_check.days
        assert {request.collector for request in engine.history.pending()} == {CRYPTO}
        # Killed before the day was noted, the same is asked for, once.
        state.note_self_checked(BEGUN)
        engine._planner.tick(slept=False)
        assert asked(engine) == first
        assert state.self_checked_on() == NOW.date()
        engine._planner.tick(slept=False)
        assert asked(engine) == first


def test_what_differs_is_told_and_put_right(tmp_path: Path, server: SampleServer) -> None:
    with an_engine(tmp_path, server.url) as engine:
        collected(engine)
        engine._parts.state.note_self_checked(BEGUN)
        engine._planner.tick(slept=False)
        day, subject = asked(engine)[0]
        prices = "SELECT date, coin_id, price_usd FROM crypto_price ORDER BY 1, 2"
        metrics = "SELECT date, defi_tvl, stablecoin_mcap, fear_greed_index FROM crypto_metric ORDER BY 1"
        before = rows(tmp_path, prices), rows(tmp_path, metrics)
        spoil = (
            f"UPDATE crypto_metric SET {subject} = 1 WHERE date = '{day}'"
            if subject in {"defi_tvl", "stablecoin_mcap", "fear_greed_index"}
            else f"UPDATE crypto_price SET price_usd = 1 WHERE coin_id = '{subject}' AND date = '{day}'"
        )
        rows(tmp_path, spoil)
        assert (rows(tmp_path, prices), rows(tmp_path, metrics)) != before
        sent, heard = server.count(), Heard(engine)
        engine._worker.start()
        engine._planner.tick(slept=False)
        heard.finished(CRYPTO_DATASET.self_check.days)
        heard.idle(engine)
        assert 0 < server.count() - sent <= MOST_CALLS
        assert asked(engine) == []
        assert (rows(tmp_path, prices), rows(tmp_path, metrics)) == before
        [notice] = [each for each in heard.all() if isinstance(each, Notice)]
        assert (notice.title, notice.is_failure) == ("Restated at the source", False)
        assert f"{day}" in notice.message
        logged = [run for run in engine.runs() if "Restated at the source" in run.message]
        assert [run.window.only for run in logged if run.window is not None] == [subject]
        assert rows(tmp_path, "SELECT COUNT(*) FROM restatements") == [(1,)]
