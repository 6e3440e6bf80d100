"""Liquidity and news in the engine: due by their own times, history behind the first run, idle without a key."""

from datetime import date, time
from pathlib import Path

from liquidity_machine import ENVIRONMENT, LIQUIDITY, NEWS
from machine import NO_HISTORY, Heard, an_engine_of
from support import ALL_NAMES, CRYPTO

from tray_app.core.model import RunKind, RunStatus, Trigger
from tray_app.datasets.liquidity.dataset import LIQUIDITY as LIQUIDITY_DATASET
from tray_app.datasets.news.dataset import NEWS as NEWS_DATASET
from tray_app.demo.server import SampleServer


def test_all_four_are_there_in_the_order_they_are_collected(tmp_path: Path, server: SampleServer) -> None:
    with an_engine_of(ALL_NAMES, tmp_path, server.url) as engine:
        states = engine.overview().collectors
        assert [(state.collector, state.title) for state in states] == [
            (LIQUIDITY, "Liquidity"),
            (CRYPTO, "Crypto"),
            (NEWS, "News"),
            ("krx", "KRX"),
        ]
        settings = engine.settings.settings
        assert settings[LIQUIDITY_DATASET.due_option] == (time(6, 0), time(7, 10))
        assert settings[NEWS_DATASET.due_option] == (time(6, 30),)
        assert [name for name in ALL_NAMES if engine.can_collect(name)] == [LIQUIDITY, CRYPTO, NEWS]


def test_a_missed_morning_is_caught_up_with_its_history(tmp_path: Path, server: SampleServer) -> None:
    with an_engine_of((LIQUIDITY,), tmp_path, server.url, **ENVIRONMENT) as engine:
        heard = Heard(engine)
        engine.start()
        first = heard.finished()
        assert (first.kind, first.trigger, first.status) == (RunKind.DAILY, Trigger.CATCH_UP, RunStatus.SUCCESS)
        # The second time of the morning is served by the same run, which began after it.
        assert first.due_at is not None
        assert len(first.steps) == 5
        heard.idle(engine)
        engine._ticker.tick()
        history = heard.finished(2)
        assert (history.kind, history.status) == (RunKind.HISTORY, RunStatus.SUCCESS)
        heard.idle(engine)
        assert engine.history.pending() == ()
        asked = server.count()
        engine._ticker.tick()
        heard.idle(engine)
        assert server.count() == asked
        assert engine.reads(LIQUIDITY_DATASET).newest_stress_date() == date(2026, 8, 21)


def test_history_without_a_key_is_done_with_what_needs_none(tmp_path: Path, server: SampleServer) -> None:
    with an_engine_of((LIQUIDITY,), tmp_path, server.url) as engine:
        heard = Heard(engine)
        engine.start()
        assert heard.finished().only_wants_keys
        heard.idle(engine)
        engine._ticker.tick()
        history = heard.finished(2)
        assert (history.kind, history.status, history.only_wants_keys) == (RunKind.HISTORY, RunStatus.PARTIAL, True)
        heard.idle(engine)
        assert engine.history.pending() == ()
        assert engine.reads(LIQUIDITY_DATASET).observations("^GSPC")


def test_news_come_by_themselves_too(tmp_path: Path, server: SampleServer) -> None:
    with an_engine_of((NEWS,), tmp_path, server.url, **NO_HISTORY) as engine:
        heard = Heard(engine)
        engine.start()
        assert heard.finished().status is RunStatus.SUCCESS
        heard.idle(engine)
        assert engine.overview().collectors[0].newest_date == date(2026, 8, 22)
        assert engine.reads(NEWS_DATASET).articles(limit=5)
