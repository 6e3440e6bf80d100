"""What people and programs are told of where everything stands."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from support import ALL_NAMES, CRYPTO, NOW, a_run

from tray_app.core.due import Decision, Why
from tray_app.core.errors import BadInput
from tray_app.core.events import RunProgress
from tray_app.core.model import CollectorName, RunStatus, StepOutcome, StepStatus, Trigger, Window
from tray_app.core.overview import (
    CollectorState,
    Overview,
    headline,
    last_collected_text,
    progress_text,
    short_time,
    tooltip,
    why_text,
)
from tray_app.core.shapes.runs import (
    all_runs_shape,
    error_shape,
    logged_run_shape,
    overview_shape,
    run_shape,
    worst_status,
)
from tray_app.datasets.titles import collector_title

LATER = NOW + timedelta(hours=10)


def state(**changes: Any) -> CollectorState:
    facts: dict[str, Any] = {
        "collector": CRYPTO,
        "title": "Crypto",
        "last_run": a_run(),
        "newest_date": date(2026, 8, 22),
        "decision": Decision(run_now=False, why=Why.DONE, due_at=NOW, next_at=LATER),
    }
    return CollectorState(**(facts | changes))


def overview(*states: CollectorState, **changes: Any) -> Overview:
    whole = Overview(now=NOW, collectors=states or (state(),), paused_until=None, progress=None)
    return replace(whole, **changes)


@pytest.mark.parametrize("name", ALL_NAMES)
def test_every_collector_has_a_title(name: CollectorName) -> None:
    assert collector_title(name)


def test_times_are_korean_and_short_today() -> None:
    assert short_time(NOW, NOW) == "19:50"
    assert short_time(NOW - timedelta(days=1), NOW) == "2026-08-21 19:50"


@pytest.mark.parametrize("why", Why)
def test_every_reason_is_told(why: Why) -> None:
    decision = Decision(run_now=False, why=why, due_at=NOW, next_at=LATER)
    assert why_text(state(decision=decision), NOW)
    told = overview_shape(overview(state(decision=decision)))["collectors"][CRYPTO]
    assert told["next_run_reason"] == why_text(state(decision=decision), NOW)


def test_the_line_of_the_last_run() -> None:
    run = a_run(started_at=datetime(2026, 2, 18, 21, 1, tzinfo=UTC))
    assert last_collected_text(run) == "Last collected 2026-02-19 06:01 (scheduler) - success"
    assert last_collected_text(None) == "Nothing collected yet"


def test_the_line_of_running_work() -> None:
    progress = RunProgress(1, CRYPTO, "fear_greed", 2, 5)
    assert progress_text(progress) == "Collecting crypto: 3 of 5"
    assert progress_text(replace(progress, done=5)) == "Collecting crypto: 5 of 5"
    assert progress_text(replace(progress, note="Bitcoin (1 of 20)")) == "Collecting crypto: 3 of 5, Bitcoin (1 of 20)"


def test_the_tooltip() -> None:
    assert tooltip(overview()) == "Market Tray - crypto 19:50 success - next: Crypto 2026-08-23 05:50"
    assert tooltip(overview(state(last_run=None))) == "Market Tray - next: Crypto 2026-08-23 05:50"
    working = overview(progress=RunProgress(1, CRYPTO, "x", 0, 5))
    assert tooltip(working).startswith("Market Tray - Collecting crypto: 1 of 5 - next")
    assert tooltip(overview(paused_until=LATER)).endswith("paused until 2026-08-23 05:50")
    assert "paused" not in tooltip(overview(paused_until=NOW - timedelta(hours=1)))


def test_the_headline() -> None:
    assert headline(overview()).startswith("All data is current to 2026-08-22. Crypto: Next at")
    assert headline(overview(state(newest_date=None))).startswith("Nothing is collected yet.")
    assert headline(overview(state(last_run=a_run(status=RunStatus.PARTIAL)))).startswith("Crypto is not complete.")
    assert headline(overview(state(last_run=None))).startswith("All data is current")


def test_running_and_next() -> None:
    soon = state(decision=Decision(run_now=True, why=Why.DUE, due_at=NOW, next_at=NOW))
    assert overview(state(), soon).next_state == soon
    assert state(last_run=a_run(status=RunStatus.RUNNING)).is_running
    assert not state().is_running
    assert not state(last_run=None).is_running


# --- JSON ---------------------------------------------------------------------------------------------------------


def test_a_run_as_json() -> None:
    run = a_run(started_at=NOW.replace(hour=20), data_date=date(2026, 8, 21), duration=8.5)
    assert json.loads(json.dumps(run_shape(run))) == {
        "collector": "crypto",
        "status": "success",
        "duration": 8.5,
        "date": "2026-08-23",
        "data_date": "2026-08-21",
        "steps": {"coingecko_prices": "success (20 coins)"},
        "message": "",
    }


def test_a_run_without_data_carries_the_korean_date_of_its_start() -> None:
    late = NOW.replace(hour=20)
    shape = run_shape(a_run(started_at=late, data_date=None))
    assert (shape["date"], shape["data_date"]) == ("2026-08-23", None)


def test_a_row_of_the_log_as_json() -> None:
    run = a_run(window=Window(date(2026, 1, 1), date(2026, 2, 1)), due_at=NOW, trigger=Trigger.CATCH_UP)
    shape = json.loads(json.dumps(logged_run_shape(run)))
    assert shape["triggered_by"] == "catch-up"
    assert (shape["window_start"], shape["window_end"]) == ("2026-01-01", "2026-02-01")
    assert shape["due_at"] == shape["started_at"] == "2026-08-22T19:50:00+09:00"
    open_ended = logged_run_shape(a_run(window=Window(date(2026, 1, 1)), finished_at=None))
    assert (open_ended["window_end"], open_ended["finished_at"], open_ended["due_at"]) == (None, None, None)
    assert logged_run_shape(a_run())["window_start"] is None
    assert (shape["again"], shape["only"]) == (False, None)
    again = logged_run_shape(a_run(window=Window(date(2026, 1, 1), again_since=NOW, only="KOSDAQ")))
    assert (again["again"], again["only"]) == (True, "KOSDAQ")


def test_several_runs_as_json_take_the_worst() -> None:
    runs = [a_run(), a_run(status=RunStatus.PARTIAL, steps=(StepOutcome("a", StepStatus.FAILED),))]
    shape = all_runs_shape(runs, 3.14159)
    assert (shape["status"], shape["total_duration"], len(shape["collectors"])) == ("partial", 3.142, 2)


def test_the_worst_status() -> None:
    order = [RunStatus.SUCCESS, RunStatus.PARTIAL, RunStatus.WAITING, RunStatus.FAILED, RunStatus.CANCELLED]
    for place, status in enumerate(order):
        assert worst_status([a_run(status=each) for each in order[: place + 1]]) is status
    assert worst_status([]) is RunStatus.SUCCESS


def test_where_everything_stands_as_json() -> None:
    shape = json.loads(json.dumps(overview_shape(overview(paused_until=LATER))))
    assert shape["paused_until"] == "2026-08-23T05:50:00+09:00"
    told = shape["collectors"]["crypto"]
    assert {"date", "status", "duration", "triggered_by", "next_run"} <= set(told)
    assert (told["date"], told["status"], told["triggered_by"]) == ("2026-08-22", "success", "scheduler")
    evening = overview_shape(overview(state(last_run=a_run(started_at=NOW.replace(hour=20)))))["collectors"][CRYPTO]
    assert (evening["date"], evening["data_date"]) == ("2026-08-23", "2026-08-22")
    empty = overview_shape(overview(state(last_run=None, newest_date=None)))
    assert empty["paused_until"] is None
    nothing = empty["collectors"][CRYPTO]
    assert (nothing["status"], nothing["date"], nothing["data_date"]) == (None, None, None)
    assert overview_shape(overview(paused_until=NOW - timedelta(1)))["paused_until"] is None


def test_an_error_as_json() -> None:
    shape = error_shape(BadInput("Bad", "It is bad.", "Do better."))
    assert shape == {"status": "failed", "error": {"title": "Bad", "message": "It is bad.", "hint": "Do better."}}
