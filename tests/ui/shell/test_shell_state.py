"""What the tray shows of the engine's state."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tray_app.core.due import Decision, Why
from tray_app.core.events import RunProgress
from tray_app.core.model import Run, RunKind, RunStatus, StepOutcome, StepStatus, Trigger
from tray_app.core.overview import CollectorState, Overview
from tray_app.ui.style.icons import TrayState
from tray_app.ui.tray.state import tray_facts

NOW = datetime(2026, 2, 18, 21, 5, tzinfo=UTC)


def run(status: RunStatus, *steps: StepOutcome) -> Run:
    return Run(7, "crypto", Trigger.SCHEDULER, RunKind.DAILY, status, NOW - timedelta(minutes=4), steps=steps)


def overview(last: Run | None = None, paused: timedelta | None = None, progress: RunProgress | None = None) -> Overview:
    decision = Decision(run_now=False, why=Why.DONE, due_at=NOW, next_at=NOW + timedelta(hours=1))
    state = CollectorState("crypto", "Crypto", last, date(2026, 2, 18), decision)
    return Overview(NOW, (state,), None if paused is None else NOW + paused, progress)


GOT = StepOutcome("fear_greed", StepStatus.SUCCESS)
KEYLESS = StepOutcome("coingecko_prices", StepStatus.SKIPPED, "key", wants_key=True)
DOWN = StepOutcome("defillama_tvl", StepStatus.FAILED, "down")


@pytest.mark.parametrize(
    ("last", "state"),
    [
        (None, TrayState.IDLE),
        (run(RunStatus.SUCCESS, GOT), TrayState.IDLE),
        (run(RunStatus.PARTIAL, GOT, DOWN), TrayState.ATTENTION),
        (run(RunStatus.PARTIAL, GOT, KEYLESS), TrayState.IDLE),
        (run(RunStatus.PARTIAL, GOT, KEYLESS, DOWN), TrayState.ATTENTION),
        (run(RunStatus.FAILED, DOWN), TrayState.ERROR),
        (run(RunStatus.WAITING, DOWN), TrayState.IDLE),
        (run(RunStatus.CANCELLED), TrayState.IDLE),
        (run(RunStatus.INTERRUPTED), TrayState.ATTENTION),
        (run(RunStatus.RUNNING), TrayState.WORKING),
    ],
)
def test_the_icon_tells_of_the_last_run(last: Run | None, state: TrayState) -> None:
    assert tray_facts(overview(last), is_working=False).state is state


def test_a_pause_is_seen_before_an_old_fault() -> None:
    failed = run(RunStatus.FAILED, DOWN)
    assert tray_facts(overview(failed, timedelta(hours=1)), is_working=False).state is TrayState.PAUSED
    assert tray_facts(overview(failed, timedelta(seconds=-1)), is_working=False).state is TrayState.ERROR


def test_work_is_seen_before_all_else() -> None:
    facts = tray_facts(overview(run(RunStatus.FAILED, DOWN), timedelta(hours=1)), is_working=True)
    assert (facts.state, facts.progress, facts.status_line) == (TrayState.WORKING, None, "Collecting")


def test_progress_fills_the_badge_and_the_line() -> None:
    progress = RunProgress(7, "crypto", "defillama_tvl", 2, 5)
    facts = tray_facts(overview(run(RunStatus.RUNNING), progress=progress), is_working=True)
    assert facts.progress == pytest.approx(0.4)
    assert facts.status_line == "Collecting crypto: 3 of 5"


def test_texts_are_those_of_the_contract() -> None:
    facts = tray_facts(overview(run(RunStatus.SUCCESS, GOT)), is_working=False)
    assert facts.status_line == "Last collected 2026-02-19 06:01 (scheduler) - success"
    assert facts.tooltip == "Market Tray - crypto 06:01 success - next: Crypto 07:05"
    assert tray_facts(overview(), is_working=False).status_line == "Nothing collected yet"
