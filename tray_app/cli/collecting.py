"""`collect`: one run on this thread, Ctrl+C cancels between requests."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import FrameType

from tray_app.cli.output import FAILED, RUNNING, SUCCESS, Printer, exit_code
from tray_app.core.errors import AlreadyRunning, BadInput
from tray_app.core.model import CollectorName, Job, Run, RunStatus, Trigger, Window
from tray_app.core.overview import collector_title
from tray_app.core.shapes import all_runs_shape, run_shape, worst_status
from tray_app.core.times import kst_date
from tray_app.core.words import tr
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.facade import Engine


def window(date_from: datetime | None, date_to: datetime | None, now: datetime) -> Window | None:
    """Return the range asked for; BadInput when it is reversed, open at its start or in the future."""
    if date_from is None and date_to is None:
        return None
    if date_from is None:
        raise _refused(tr("--date-to needs --date-from."))
    first, last = date_from.date(), date_to.date() if date_to else None
    if last is not None and last < first:
        raise _refused(tr("--date-to {last} lies before --date-from {first}.", last=last, first=first))
    if first > kst_date(now):
        raise _refused(tr("--date-from {first} lies in the future.", first=first))
    return Window(first, last)


def _refused(message: str) -> BadInput:
    return BadInput(
        tr("The dates cannot be used"), message, tr("Allowed: dates like 2026-01-31, the first not after the last.")
    )


def collect_one(engine: Engine, name: CollectorName, asked: Window | None, printer: Printer) -> int:
    """Collect one dataset; AlreadyRunning when another process does."""
    with cancellable() as cancel, printer.progress(engine):
        run = engine.collect(Job(name, Trigger.MANUAL_CLI, window=asked), cancel)
    printer.result(run_shape(run), run_text(run))
    return exit_code(run.status)


def collect_all(engine: Engine, names: Sequence[CollectorName], asked: Window | None, printer: Printer) -> int:
    """Collect every dataset in order; one that is being collected elsewhere is told and left out."""
    runs: list[Run] = []
    elsewhere: list[AlreadyRunning] = []
    with cancellable() as cancel, printer.progress(engine):
        for name in names:
            try:
                runs.append(engine.collect(Job(name, Trigger.MANUAL_CLI, window=asked), cancel))
            except AlreadyRunning as error:
                elsewhere.append(error)
            if cancel.is_set:
                break
    for refusal in elsewhere:
        printer.note(str(refusal))
    shape = all_runs_shape(runs, sum(run.duration or 0.0 for run in runs))
    printer.result(shape, "\n\n".join(run_text(run) for run in runs))
    code = exit_code(worst_status(runs))
    return RUNNING if elsewhere and code != FAILED else code


def show_plan(engine: Engine, names: Sequence[CollectorName], asked: Window | None, printer: Printer) -> int:
    """Print what a run would ask for."""
    plans = {name: engine.plan(name, asked) for name in names}
    document = {
        name: [{"step": step.name, "calls": step.calls, "seconds": step.seconds, "note": step.note} for step in steps]
        for name, steps in plans.items()
    }
    lines = []
    for name, steps in plans.items():
        calls, seconds = sum(step.calls for step in steps), sum(step.seconds for step in steps)
        lines.append(
            tr(
                "{title}: {calls} calls, about {seconds:.0f} s",
                title=collector_title(name),
                calls=calls,
                seconds=seconds,
            )
        )
        lines += [f"  {step.name:<24}{step.calls:>4}  {step.note}" for step in steps]
    printer.result({"plan": document}, "\n".join(lines))
    return SUCCESS


def run_text(run: Run) -> str:
    """Return a finished run for people."""
    head = tr(
        "{title}: {status} in {seconds:.1f} s",
        title=collector_title(run.collector),
        status=run.status,
        seconds=run.duration or 0.0,
    )
    lines = [head, *(f"  {step.name:<24}{step}" for step in run.steps)]
    if run.status is RunStatus.CANCELLED:
        lines.append(run.message)
    return "\n".join(lines)


@contextmanager
def cancellable() -> Iterator[CancelFlag]:
    """Give a flag that Ctrl+C sets."""
    cancel = CancelFlag()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        cancel.set()

    before = signal.signal(signal.SIGINT, ask_to_stop)
    try:
        yield cancel
    finally:
        signal.signal(signal.SIGINT, before)
