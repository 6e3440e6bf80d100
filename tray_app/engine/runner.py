"""Makes one run: lease, run log, steps each guarded alone, outcome. The same code for tray, scheduler and commands."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tray_app.core.checks.clock_check import ClockCheck, beside, is_right
from tray_app.core.errors import (
    AlreadyRunning,
    AppError,
    Cancelled,
    DatabaseGone,
    OwnFault,
    QuotaSpent,
)
from tray_app.core.events import DataChanged, Notice, RunFinished, RunProgress, RunStarted
from tray_app.core.model import (
    CollectorName,
    Job,
    Run,
    RunKind,
    RunStatus,
    StepOutcome,
    StepStatus,
    Trigger,
)
from tray_app.core.outcome import (
    Missing,
    again,
    again_message,
    is_key_refused,
    is_offline,
    run_message,
    run_status,
    step_note,
    step_status,
    wants_key,
)
from tray_app.core.times import kst_date, kst_instant
from tray_app.core.words import tr
from tray_app.datasets.collector import Collector, RunContext, Step, StepDone
from tray_app.engine.ahead import PrefetchThread
from tray_app.engine.bus import Bus
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.parts import WorkParts
from tray_app.net.request import HostAnswer, HttpOptions
from tray_app.net.sign_in import MANY_HOSTS
from tray_app.store.clock_repair import ClockRepair
from tray_app.store.issues import ISSUE_TABLES
from tray_app.store.restatements import restated_text
from tray_app.store.runs import cut_off_message

if TYPE_CHECKING:
    from tray_app.net.http import HttpClient

logger = logging.getLogger(__name__)


class Runner:
    """Runs jobs, one at a time, on the calling thread.

    http_options is asked at each run, so that a changed proxy counts at once. look_at_keys has keys known that another
    process changed.
    """

    def __init__(
        self,
        parts: WorkParts,
        http_options: Callable[[], HttpOptions],
        look_at_keys: Callable[[], None] = lambda: None,
    ) -> None:
        self._parts = parts
        self._http_options = http_options
        self._look_at_keys = look_at_keys

    def can_reach(self, name: CollectorName, cancel: CancelFlag) -> bool:
        """Whether any of the collector's sources answers, not the network for them. Raises Cancelled between them."""
        pages = set()
        for answer in self.probe((name,), cancel):
            if answer.has_own_voice:
                return True
            if answer.is_foreign:
                pages.add(answer.host)
        return 0 < len(pages) < MANY_HOSTS and not self._network_answers_others(pages, cancel)

    def probe(self, names: Collection[CollectorName], cancel: CancelFlag) -> Iterator[HostAnswer]:
        """Yield how each host of some collectors answers, asking one at a time and each once. Raises Cancelled."""
        self._look_at_keys()
        yield from self._probes(self._urls(names).values(), cancel)

    def _urls(self, names: Iterable[CollectorName]) -> dict[str | None, str]:
        """Return an address to ask of each host."""
        return {urlsplit(url).hostname: url for name in names for url in self._parts.collectors[name].probe_urls}

    def _probes(self, urls: Iterable[str], cancel: CancelFlag) -> Iterator[HostAnswer]:
        http = self._client(lambda _source: None, cancel)
        try:
            for url in urls:
                cancel.raise_if_cancelled()
                yield http.probe(url)
        finally:
            http.close()

    def _network_answers_others(self, hosts: Collection[str], cancel: CancelFlag) -> bool:
        """Whether pages come from other hosts than these, too, and none of them answers itself."""
        others = [url for host, url in self._urls(self._parts.collectors).items() if host not in hosts]
        pages = 0
        for answer in self._probes(others, cancel):
            if answer.has_own_voice:
                return False
            pages += answer.is_foreign
        return pages > 0

    def _repair_after_wrong_clock(self, name: CollectorName, cancel: CancelFlag) -> None:
        """Take back what runs left that are logged ahead of now, once a host says that now is right."""
        parts = self._parts
        repair = ClockRepair(parts.database)
        ahead = repair.ahead(parts.clock.now())
        if ahead is None:
            return
        for answer in self.probe((name,), cancel):
            now = parts.clock.now()
            if answer.sent_at is not None and is_right(now, ahead, answer.sent_at):
                repair.repair(now)
                logger.warning("the clock had been ahead: what lay in the future was taken back")
                return

    def close_interrupted(self, name: CollectorName) -> None:
        """Mark runs that are logged as running although their process is gone, so that they are due again."""
        parts = self._parts
        if not parts.runs.has_running(name) or not parts.leases.is_free(name):
            return
        try:
            with parts.leases.held(name, parts.holder, parts.clock.now()):
                parts.runs.interrupt_running(name, parts.clock.now())
        except AlreadyRunning:
            return
        logger.warning("%s: the last run had been cut off", name)

    def run(self, job: Job, cancel: CancelFlag) -> Run:
        """Make the run and return it as logged. Raises AlreadyRunning, KeyMissing, or the store's errors."""
        parts = self._parts
        self._look_at_keys()
        missing = parts.collectors[job.collector].missing_key()
        if missing is not None:
            raise missing
        with parts.leases.held(job.collector, parts.holder, parts.clock.now()):
            parts.runs.interrupt_running(job.collector, parts.clock.now())
            with suppress(Cancelled):
                self._repair_after_wrong_clock(job.collector, cancel)
            run = parts.runs.start(job, parts.clock.now())
            parts.bus.publish(RunStarted(run))
            finished = self._finish(run, self._take_steps(run, job, cancel), cancel)
        parts.bus.publish(RunFinished(finished))
        return finished

    def _take_steps(self, run: Run, job: Job, cancel: CancelFlag) -> "_Taken":
        parts = self._parts
        collector = parts.collectors[job.collector]
        check = ClockCheck(parts.clock.now)
        http = self._client(lambda source: self._reserve(source, collector, job), cancel, check.hear)
        begun = parts.clock.monotonic()
        progress = _Progress(parts.bus, run)
        ahead = PrefetchThread(parts.database.close_thread)
        context = RunContext(
            parts.clock.now(), run.run_id, http, cancel, progress.within_step, ahead, run.due_at, self._tried_since(run)
        )
        outcomes: list[StepOutcome] = []
        try:
            steps = collector.daily(context) if job.window is None else collector.history(context, job.window)
            for done, step in enumerate(steps):
                progress.step(step.name, done, len(steps))
                # What is worked out by the present would be worked out by a wrong one.
                outcome = _skipped(step) if step.is_local and check.is_far_off else self._take(step)
                is_well = outcome.status is StepStatus.SUCCESS and not (outcome.warnings or outcome.errors)
                outcomes.append(outcome if is_well else replace(outcome, note=beside(check.said, outcome.note)))
            progress.step("", len(steps), len(steps))
            seconds = parts.clock.monotonic() - begun
            unsure = http.signs.unsure
            wants_sign_in = http.signs.wants_sign_in or (bool(unsure) and self._network_answers_others(unsure, cancel))
            return _Taken(
                tuple(outcomes), cancelled=False, seconds=seconds, wants_sign_in=wants_sign_in, clock=check.said
            )
        except Cancelled:
            return _Taken(tuple(outcomes), cancelled=True, seconds=parts.clock.monotonic() - begun)
        finally:
            ahead.close()
            http.close()

    def _tried_since(self, run: Run) -> datetime | None:
        """Return when the first run began that was to bring what this one is for, if it is a retry."""
        if run.kind is not RunKind.DAILY or run.due_at is None:
            return None
        serving = self._parts.runs.since(run.collector, run.due_at, run.started_at)
        before = [each.started_at for each in serving if each.kind is RunKind.DAILY and each.run_id < run.run_id]
        return min((instant for instant in before if instant >= run.due_at), default=None)

    def _client(
        self,
        reserve: Callable[[str], object],
        cancel: CancelFlag,
        heard: Callable[[str, datetime], object] = lambda _host, _sent_at: None,
    ) -> "HttpClient":
        from tray_app.net.http import HttpClient  # noqa: PLC0415 - a fifth of the idle memory, for runs only

        return HttpClient(self._http_options(), reserve, cancel, heard)

    def _reserve(self, source: str, collector: Collector, job: Job) -> None:
        now = self._parts.clock.now()
        limit = collector.call_limit(source, job.kind)
        if not self._parts.usage.reserve(source, now, limit):
            tomorrow = _next_quota(now)
            spent = _spent_text(limit or 0, collector.call_limit(source, RunKind.DAILY) or 0)
            raise QuotaSpent(source, spent, tr("It goes on by itself on {day}.", day=kst_date(tomorrow)), tomorrow)

    def _take(self, step: Step) -> StepOutcome:
        try:
            done = step.run()
        except (Cancelled, DatabaseGone):
            raise
        except AppError as error:
            done = StepDone("", came=False, missing=(Missing(error),))
        except Exception:
            logger.exception("%s failed with a fault of ours", step.name)
            done = StepDone("", came=False, missing=(Missing(OwnFault()),))
        changed = done.tables if done.rows else done.tables & ISSUE_TABLES
        if changed:
            self._parts.bus.publish(DataChanged(changed))
        outcome = _outcome(step, done, self._parts.clock.now())
        if done.missing:
            logger.warning("%s: %s", step.name, outcome)
        return outcome

    def _finish(self, run: Run, taken: "_Taken", cancel: CancelFlag) -> Run:
        dates = [step.data_date for step in taken.outcomes if step.data_date is not None]
        status = run_status(taken.outcomes, run.trigger, wants_sign_in=taken.wants_sign_in)
        message = run_message(taken.outcomes, wants_sign_in=taken.wants_sign_in)
        if taken.cancelled:
            status, message = RunStatus.CANCELLED, str(Cancelled())
            if cancel.is_leaving:
                status, message = RunStatus.INTERRUPTED, cut_off_message()
        if run.window is not None and run.window.is_again:
            message = self._with_restated(run, message, taken)
        # A wrong clock is named though all went well: what is due and what is old were told by it.
        message = beside(taken.clock, message)
        finished = replace(
            run,
            status=status,
            finished_at=self._parts.clock.now(),
            duration=round(taken.seconds, 3),
            data_date=max(dates, default=None),
            steps=taken.outcomes,
            message=message,
        )
        self._parts.runs.finish(finished)
        level = logging.ERROR if finished.status in {RunStatus.PARTIAL, RunStatus.FAILED} else logging.INFO
        said = f" ({run.window.also_said})" if run.window is not None and run.window.also_said else ""
        ended = f"{run.collector} {run.kind}{said}: {finished.status} in {taken.seconds:.1f} s"
        logger.log(level, "%s", f"{ended}: {message}" if message else ended)
        return finished

    def _with_restated(self, run: Run, message: str, taken: "_Taken") -> str:
        restated = self._parts.runs.restatements(run)
        # Of what did not come nobody can say that it does not differ.
        if not restated and (taken.cancelled or any(step.is_missing for step in taken.outcomes)):
            return message
        told = again_message(len(restated))
        if restated and run.trigger is Trigger.SCHEDULER:
            # Nobody has asked for it, and nobody looks.
            told = f"{told} {restated_text(restated)}"
            self._parts.bus.publish(Notice(tr("Restated at the source"), told, is_failure=False))
        return f"{message} {told}".strip()


@dataclass(frozen=True, slots=True)
class _Taken:
    outcomes: tuple[StepOutcome, ...]
    cancelled: bool
    seconds: float
    wants_sign_in: bool = False
    clock: str = ""


class _Progress:
    def __init__(self, bus: Bus, run: Run) -> None:
        self._bus = bus
        self._now = RunProgress(run.run_id, run.collector, "", 0, 0)

    def step(self, name: str, done: int, total: int) -> None:
        self._now = replace(self._now, step=name, done=done, total=total, note="")
        self._bus.publish(self._now)

    def within_step(self, note: str, done: int, total: int) -> None:
        text = tr("{note} ({done} of {total})", note=note, done=done, total=total)
        self._bus.publish(replace(self._now, note=text, part_done=done, part_total=total))


def _next_quota(now: datetime) -> datetime:
    # A source that counts by another day refuses once more then, and is asked the day after.
    return kst_instant(kst_date(now) + timedelta(days=1), time(0, 5))


def _spent_text(limit: int, daily_limit: int) -> str:
    if limit >= daily_limit:
        return tr("The {limit} calls a day of the key are used up.", limit=limit)
    return tr(
        "Of the {limit} calls a day of the key, {kept} are kept for the runs of the day; the others are used up.",
        limit=daily_limit,
        kept=daily_limit - limit,
    )


def _skipped(step: Step) -> StepOutcome:
    note = tr("left out: this computer's clock is wrong")
    return StepOutcome(step.name, StepStatus.SKIPPED, note, retryable=True, is_local=True)


def _outcome(step: Step, done: StepDone, now: datetime) -> StepOutcome:
    when = again(done.missing)
    retry_at = when.retry_at
    if retry_at is None and any(isinstance(each.error, QuotaSpent) for each in done.missing):
        retry_at = None if when.retryable else _next_quota(now)
    return StepOutcome(
        step.name,
        step_status(done.missing, came=done.came),
        step_note(done.missing, done.note),
        done.rows,
        done.data_date,
        retryable=when.retryable,
        offline=is_offline(done.missing, came=done.came),
        wants_key=wants_key(done.missing),
        key_refused=is_key_refused(done.missing),
        retry_at=retry_at,
        late_at=done.late_at,
        warnings=done.warnings,
        errors=done.errors,
        was_due=done.came or bool(done.missing),
        came_before=done.came and bool(done.missing),
        is_local=step.is_local,
    )
