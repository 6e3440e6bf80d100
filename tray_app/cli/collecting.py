"""`collect`: one run on this thread, Ctrl+C cancels between requests."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import FrameType

from tray_app.cli.output import FAILED, RUNNING, SUCCESS, Printer, exit_code
from tray_app.core.errors import AlreadyRunning, BadInput
from tray_app.core.model import CollectorName, Job, Run, RunStatus, Trigger, Window
from tray_app.core.plan import RunPlan
from tray_app.core.shapes.runs import all_runs_shape, plan_shape, run_shape, worst_status
from tray_app.core.times import kst_date, to_kst
from tray_app.core.words import tr
from tray_app.datasets.titles import collector_title
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.facade import Engine


@dataclass(frozen=True, slots=True)
class Order:
    """What is said of a range beside its days."""

    newest_first: bool = False
    again: bool = False
    only: str = ""

    @property
    def options(self) -> tuple[str, ...]:
        """Return the options that were given."""
        given = {"--newest-first": self.newest_first, "--again": self.again, "--only": bool(self.only)}
        return tuple(option for option, is_given in given.items() if is_given)


def window(
    date_from: datetime | None, date_to: datetime | None, now: datetime, order: Order = Order()
) -> Window | None:
    """Return the range asked for; BadInput when it is reversed, open at its start or in the future."""
    if date_from is None and date_to is None:
        if order.options:
            raise _refused(tr("{option} needs --date-from.", option=order.options[0]))
        return None
    if date_from is None:
        raise _refused(tr("--date-to needs --date-from."))
    first, last = date_from.date(), date_to.date() if date_to else None
    if last is not None and last < first:
        raise _refused(tr("--date-to {last} lies before --date-from {first}.", last=last, first=first))
    if first > kst_date(now):
        raise _refused(tr("--date-from {first} lies in the future.", first=first))
    return Window(first, last, order.newest_first, now if order.again else None, order.only)


def those_that_know(engine: Engine, names: Sequence[CollectorName], only: str) -> list[CollectorName]:
    """Return the datasets that have a series or market, all of them when none is named; BadInput when none has it."""
    keys = {name: {subject.key for subject in engine.subjects(name)} for name in names} if only else {}
    knowing = [name for name in names if not only or only in keys[name]]
    if knowing:
        return knowing
    known = sorted(set[str]().union(*keys.values()))
    raise BadInput(
        tr("--only cannot be used"),
        tr("{only} is no series or market of what is to be collected.", only=only),
        tr("Allowed: {names}.", names=", ".join(known)) if known else tr("It has no history: leave --only out."),
    )


def _refused(message: str) -> BadInput:
    return BadInput(
        tr("The dates cannot be used"), message, tr("Allowed: dates like 2026-01-31, the first not after the last.")
    )


def collect_one(engine: Engine, name: CollectorName, asked: Window | None, printer: Printer) -> int:
    """Collect one dataset; AlreadyRunning when another process does."""
    asked = _going_on(engine, name, asked)
    with cancellable() as cancel, printer.progress(engine):
        run = engine.collect(Job(name, Trigger.MANUAL_CLI, window=asked), cancel)
    _leave_the_rest(engine, run, asked, printer)
    printer.result(run_shape(run), run_text(run))
    return exit_code(run.status)


def _going_on(engine: Engine, name: CollectorName, asked: Window | None) -> Window | None:
    return None if asked is None else engine.history.going_on(name, asked)


def _leave_the_rest(engine: Engine, run: Run, asked: Window | None, printer: Printer) -> None:
    """Hand a range that the day's calls did not do to the tray app or `serve`, which go on by themselves."""
    if asked is None or run.retry_at is None:
        return
    engine.history.keep(run.collector, asked)
    at = to_kst(run.retry_at).strftime("%Y-%m-%d %H:%M")
    printer.note(tr("The tray app or `serve` goes on at {at} KST; or run the same command then.", at=at))


def collect_all(engine: Engine, names: Sequence[CollectorName], asked: Window | None, printer: Printer) -> int:
    """Collect every dataset in order; one that is being collected elsewhere is told and left out."""
    runs: list[Run] = []
    elsewhere: list[AlreadyRunning] = []
    with cancellable() as cancel, printer.progress(engine):
        for name in filter(engine.can_collect, names):
            try:
                window = _going_on(engine, name, asked)
                runs.append(engine.collect(Job(name, Trigger.MANUAL_CLI, window=window), cancel))
                _leave_the_rest(engine, runs[-1], window, printer)
            except AlreadyRunning as error:
                elsewhere.append(error)
            if cancel.is_set:
                break
    if elsewhere and not runs:
        raise elsewhere[0]
    for refusal in elsewhere:
        printer.note(str(refusal))
    shape = all_runs_shape(runs, sum(run.duration or 0.0 for run in runs))
    printer.result(shape, "\n\n".join(run_text(run) for run in runs))
    code = exit_code(worst_status(runs))
    return RUNNING if elsewhere and code != FAILED else code


def show_plan(engine: Engine, names: Sequence[CollectorName], asked: Window | None, printer: Printer) -> int:
    """Print what a run would ask for."""
    plans = [_plan(engine, name, asked) for name in names]
    printer.result({"plan": {plan.name: plan_shape(plan) for plan in plans}}, "\n".join(map(plan_text, plans)))
    return SUCCESS


def _plan(engine: Engine, name: CollectorName, asked: Window | None) -> RunPlan:
    asked = _going_on(engine, name, asked)
    steps = engine.plan(name, asked)
    if asked is None:
        quota = engine.quota(name)
        return RunPlan(name, steps, None, None if quota is None else quota.left)
    backfill = engine.history.plan(name, asked)
    return RunPlan(name, steps, backfill, backfill.calls_left_today if backfill else None)


def plan_text(plan: RunPlan) -> str:
    """Return what a run would ask for, for people."""
    head = tr(
        "{title}: {calls} calls, about {seconds:.0f} s",
        title=collector_title(plan.name),
        calls=plan.calls,
        seconds=plan.seconds,
    )
    lines = [head, *(f"  {step.name:<24}{step.calls:>6}  {step.note}" for step in plan.steps)]
    if plan.calls_left is not None:
        lines.append(tr("  {calls} calls are left today.", calls=plan.calls_left))
    if plan.backfill is not None and plan.backfill.refusal is not None:
        lines.append(f"  {plan.backfill.refusal}")
    if plan.backfill is not None and plan.backfill.continues_on is not None:
        days = {"day": plan.backfill.continues_on, "end": plan.backfill.finishes_on}
        lines.append(tr("  Continues on {day}, done on {end}.", **days))
    return "\n".join(lines)


def run_text(run: Run) -> str:
    """Return a finished run for people; one that asked again says what came of it."""
    head = tr(
        "{title}: {status} in {seconds:.1f} s",
        title=collector_title(run.collector),
        status=run.status,
        seconds=run.duration or 0.0,
    )
    lines = [head, *(f"  {step.name:<24}{step}" for step in run.steps)]
    if run.message and (run.status is RunStatus.CANCELLED or (run.window is not None and run.window.is_again)):
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
