"""The ticker: never raises, knows sleep, and goes on after the clock was set back."""

import datetime as real
from collections.abc import Callable
from datetime import timedelta
from threading import Event
from types import SimpleNamespace

import pytest
import schedule
from patience import PATIENCE
from support import Clock

from tray_app.engine.ticker import SLEPT, TICK_SECONDS, Ticker


def a_ticker(clock: Clock, tick: Callable[[bool], None]) -> Ticker:
    return Ticker(clock, tick, lambda: None)


def test_a_tick_never_raises(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_slept: bool) -> None:
        raise ZeroDivisionError("a bug")

    ticker = a_ticker(clock, broken)
    ticker.tick()
    ticker.tick()
    assert caplog.text.count("ZeroDivisionError: a bug") == 2


def test_a_clock_that_fails_does_not_end_it_either(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Clock):
        def now(self) -> real.datetime:
            raise OSError("no clock")

    a_ticker(Broken(), lambda _slept: None).tick()
    assert "no clock" in caplog.text


def test_a_gap_in_the_clock_is_sleep(clock: Clock) -> None:
    told: list[bool] = []
    ticker = a_ticker(clock, told.append)
    ticker.tick()
    clock.advance(seconds=TICK_SECONDS)
    ticker.tick()
    clock.at += SLEPT
    ticker.tick()
    clock.at += SLEPT + timedelta(seconds=1)
    ticker.tick()
    clock.advance(seconds=TICK_SECONDS)
    ticker.tick()
    clock.advance(days=-3)
    ticker.tick()
    assert told == [False, False, False, True, False, False]


class _Turned(real.datetime):
    """The local time that the schedule library sees."""

    at: real.datetime

    @classmethod
    def now(cls, tz: real.tzinfo | None = None) -> "_Turned":
        return cls(*cls.at.timetuple()[:6], tzinfo=tz)


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> type[_Turned]:
    module = SimpleNamespace(datetime=_Turned, timedelta=real.timedelta, time=real.time, date=real.date)
    monkeypatch.setattr(schedule, "datetime", module)
    monkeypatch.setattr(_Turned, "at", real.datetime(2026, 8, 22, 19, 50), raising=False)  # noqa: DTZ001 - as schedule
    return _Turned


@pytest.mark.parametrize("back", [timedelta(seconds=30), timedelta(hours=1), timedelta(days=400)])
def test_a_clock_set_back_does_not_stop_the_ticks(clock: Clock, turned: type[_Turned], back: timedelta) -> None:
    told: list[bool] = []
    ticker = a_ticker(clock, told.append)
    ticker._scheduler.every(TICK_SECONDS).seconds.do(ticker.tick)
    turned.at += timedelta(seconds=TICK_SECONDS)
    ticker._run_pending()
    assert len(told) == 1
    turned.at -= back
    for _second in range(2 * TICK_SECONDS + 2):
        ticker._run_pending()
        turned.at += timedelta(seconds=1)
    assert len(told) >= 2


def test_a_clock_set_forward_makes_one_tick_and_no_storm(clock: Clock, turned: type[_Turned]) -> None:
    told: list[bool] = []
    ticker = a_ticker(clock, told.append)
    ticker._scheduler.every(TICK_SECONDS).seconds.do(ticker.tick)
    turned.at += timedelta(days=400)
    for _ in range(10):
        ticker._run_pending()
    assert len(told) == 1


def test_the_thread_ticks_at_once_and_ends_when_asked(clock: Clock) -> None:
    ticked, closed = Event(), Event()
    ticker = Ticker(clock, lambda _slept: ticked.set(), closed.set)
    ticker.start()
    assert ticked.wait(PATIENCE)
    assert ticker.stop(PATIENCE)
    assert closed.is_set()


def test_a_ticker_that_was_never_started_stops(clock: Clock) -> None:
    assert a_ticker(clock, lambda _slept: None).stop(1)
