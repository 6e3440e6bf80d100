"""The run log: the scheduler's only truth."""

import json
from collections.abc import Sequence
from datetime import datetime

import peewee

from tray_app.core.due import NO_DUE_TIME
from tray_app.core.incidents import JUDGED
from tray_app.core.model import (
    CollectorName,
    Job,
    Run,
    RunKind,
    RunStatus,
    StepOutcome,
    StepStatus,
    Trigger,
    Window,
)
from tray_app.core.times import maybe_date, maybe_instant, parse_instant
from tray_app.core.words import tr
from tray_app.store.database import Database
from tray_app.store.models import CollectionRun, Restatement, stored
from tray_app.store.restatements import Restated
from tray_app.store.statements import Given, Prepared


class RunStore:
    """Reads and writes collection_runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, job: Job, now: datetime) -> Run:
        """Log that a job has begun. A run of the same kind that waited for the network goes on in its row."""
        with self._database.writing():
            run_id = self._database.value(_waiting(job))
            if run_id is None:
                run_id = self._database.write(_started(job, now))
            else:
                self._change(
                    CollectionRun.run_id == run_id,
                    status=RunStatus.RUNNING,
                    due_at=job.due_at,
                    triggered_by=job.trigger,
                    started_at=now,
                    finished_at=None,
                )
            return self._runs(CollectionRun.select().where(CollectionRun.run_id == run_id))[0]

    def finish(self, run: Run) -> None:
        """Log how a run ended."""
        statuses = [step.status for step in run.steps]
        self._change(
            CollectionRun.run_id == run.run_id,
            status=run.status,
            finished_at=run.finished_at,
            duration=run.duration,
            data_date=run.data_date,
            success_count=statuses.count(StepStatus.SUCCESS),
            failure_count=statuses.count(StepStatus.FAILED),
            warning_count=statuses.count(StepStatus.SKIPPED) + statuses.count(StepStatus.PARTIAL),
            steps=encode_steps(run.steps),
            message=run.message,
        )

    def interrupt_running(self, collector: CollectorName, now: datetime) -> int:
        """Mark the collector's runs that are logged as running; the caller holds its lease, so nobody runs them."""
        return self._change(
            (CollectionRun.collector == collector) & (CollectionRun.status == RunStatus.RUNNING),
            status=RunStatus.INTERRUPTED,
            finished_at=now,
            message=cut_off_message(),
        )

    def forget_due_times_after(self, collector: CollectorName, limit: datetime) -> int:
        """Take the due time from runs that were logged while the clock was ahead, so that they serve none."""
        if not any(newest > limit for newest in self._database.look(_NEWEST_START, collector=collector)):
            return 0
        ahead = (CollectionRun.collector == collector) & (CollectionRun.started_at > limit) & _SERVES_SOMETHING
        return self._change(ahead, due_at=NO_DUE_TIME)

    def restatements(self, run: Run) -> tuple[Restated, ...]:
        """Return the stored values that were changed by what a run asked for again, and by those it goes on from."""
        window = run.window
        if window is None or window.again_since is None:
            return ()
        runs = CollectionRun.select(CollectionRun.run_id).where(
            (CollectionRun.collector == run.collector)
            & (CollectionRun.again_since == window.again_since)
            & (CollectionRun.window_start == window.date_from)
            & (CollectionRun.only_subject == window.only)
        )
        key = (Restatement.table_name, Restatement.row_key, Restatement.column_name)
        told = Restatement.select(*key, Restatement.old, Restatement.new).where(Restatement.run_id.in_(runs))
        return tuple(Restated(*row) for row in self._database.rows(told.order_by(*key)))

    def has_running(self, collector: CollectorName) -> bool:
        """Whether a run of the collector is logged as running, be its process alive or not."""
        return bool(self._database.look(_RUNNING, collector=collector))

    def since(self, collector: CollectorName, due_at: datetime, limit: datetime) -> tuple[Run, ...]:
        """Return the runs that may serve a due time: logged for it, or begun between it and the limit."""
        runs = self._database.look(_SINCE, collector=collector, due_at=due_at)
        return tuple(run for run in runs if run.due_at == due_at or run.started_at <= limit)

    def daily_since(self, collector: CollectorName, instant: datetime) -> tuple[Run, ...]:
        """Return the runs of today's data that began at an instant or later, oldest first."""
        is_daily = (CollectionRun.kind == RunKind.DAILY) & (CollectionRun.started_at >= instant)
        return self._runs(_of(collector).where(is_daily).order_by(CollectionRun.run_id))

    def latest(self, collector: CollectorName, kind: RunKind) -> Run | None:
        """Return the collector's newest run of a kind."""
        return next(iter(self._database.look(_LATEST, collector=collector, kind=kind)), None)

    def last_judged_before(self, collector: CollectorName, run_id: int) -> Run | None:
        """Return the collector's last run before this one that ended in success, partial or failed."""
        judged = (CollectionRun.run_id < run_id) & CollectionRun.status.in_(list(JUDGED))
        return self._newest(_of(collector).where(judged))

    def last_ended(self, kind: RunKind, collector: CollectorName | None = None) -> Run | None:
        """Return the newest run of a kind that has ended, of one collector or of all."""
        runs = _of(collector) if collector else CollectionRun.select()
        return self._newest(runs.where((CollectionRun.kind == kind) & (CollectionRun.status != RunStatus.RUNNING)))

    def history(self, limit: int = 200, collector: CollectorName | None = None) -> tuple[Run, ...]:
        """Return the newest runs, newest first."""
        runs = _of(collector) if collector else CollectionRun.select()
        return self._runs(runs.order_by(CollectionRun.run_id.desc()).limit(limit))

    def _newest(self, runs: "peewee.ModelSelect[CollectionRun]") -> Run | None:
        return next(iter(self._runs(runs.order_by(CollectionRun.run_id.desc()).limit(1))), None)

    def _runs(self, runs: "peewee.ModelSelect[CollectionRun]") -> tuple[Run, ...]:
        return tuple(map(_run, self._database.objects(runs)))

    def _change(self, which: object, **values: object) -> int:
        return self._database.write(CollectionRun.update(**values).where(which))


def _of(collector: CollectorName) -> "peewee.ModelSelect[CollectionRun]":
    return CollectionRun.select().where(CollectionRun.collector == collector)


def _waiting(job: Job) -> "peewee.ModelSelect[CollectionRun]":
    """Return the newest run of the same kind that waited for the network."""
    window = job.window
    is_same = (
        (CollectionRun.kind == job.kind)
        & (CollectionRun.window_start == (window.date_from if window else None))
        & (CollectionRun.window_end == (window.date_to if window else None))
        & CollectionRun.again_since.is_null(window is None or not window.is_again)
        & (CollectionRun.only_subject == (window.only if window else ""))
        & (CollectionRun.status == RunStatus.WAITING)
    )
    found = CollectionRun.select(CollectionRun.run_id).where((CollectionRun.collector == job.collector) & is_same)
    return found.order_by(CollectionRun.run_id.desc()).limit(1)


def _started(job: Job, now: datetime) -> "peewee.ModelInsert":
    window = job.window
    return CollectionRun.insert(
        collector=job.collector,
        triggered_by=job.trigger,
        kind=job.kind,
        due_at=job.due_at,
        window_start=window.date_from if window else None,
        window_end=window.date_to if window else None,
        again_since=window.again_since if window else None,
        only_subject=window.only if window else "",
        status=RunStatus.RUNNING,
        started_at=now,
    )


def cut_off_message() -> str:
    """Return what the log says of a run that did not come to its end."""
    return tr("The program ended while this run was under way.")


def encode_steps(steps: Sequence[StepOutcome]) -> str:
    """Return the steps as the JSON text of the run log."""
    return json.dumps(
        [
            {
                "name": step.name,
                "status": step.status,
                "note": step.note,
                "rows": step.rows,
                "date": step.data_date.isoformat() if step.data_date else None,
                "retryable": step.retryable,
                "offline": step.offline,
                "wants_key": step.wants_key,
                "retry_at": stored(step.retry_at),
                "warnings": step.warnings,
                "errors": step.errors,
                **_rarely_told(step),
            }
            for step in steps
        ],
        ensure_ascii=False,
    )


def _rarely_told(step: StepOutcome) -> dict[str, object]:
    """Return what is not so of most steps: a log that grows with every field would fill a full disk the sooner."""
    told = {
        "late_at": stored(step.late_at),
        "key_refused": step.key_refused,
        "came_before": step.came_before,
        "is_local": step.is_local,
    }
    rare: dict[str, object] = {name: value for name, value in told.items() if value}
    return rare if step.was_due else {**rare, "was_due": False}


def decode_steps(text: str) -> tuple[StepOutcome, ...]:
    """Return the steps of a row of the run log; rows of older versions lack what came to be told since."""
    return tuple(
        StepOutcome(
            name=step["name"],
            status=StepStatus(step["status"]),
            note=step["note"],
            rows=step["rows"],
            data_date=maybe_date(step["date"]),
            retryable=step["retryable"],
            offline=step["offline"],
            wants_key=step["wants_key"],
            key_refused=step.get("key_refused", False),
            retry_at=maybe_instant(step.get("retry_at")),
            late_at=maybe_instant(step.get("late_at")),
            warnings=step.get("warnings", 0),
            errors=step.get("errors", 0),
            was_due=step.get("was_due", True),
            came_before=step.get("came_before", False),
            is_local=step.get("is_local", False),
        )
        for step in json.loads(text)
    )


def _run(row: CollectionRun) -> Run:
    first = maybe_date(row.window_start)
    again_since = maybe_instant(row.again_since)
    return Run(
        run_id=row.run_id,
        collector=row.collector,
        trigger=Trigger(row.triggered_by),
        kind=RunKind(row.kind),
        due_at=maybe_instant(row.due_at),
        window=Window(first, maybe_date(row.window_end), again_since=again_since, only=row.only_subject)
        if first
        else None,
        status=RunStatus(row.status),
        started_at=parse_instant(row.started_at),
        finished_at=maybe_instant(row.finished_at),
        duration=row.duration,
        data_date=maybe_date(row.data_date),
        steps=decode_steps(row.steps),
        message=row.message,
    )


# What is asked at every tick.
_OF_COLLECTOR = CollectionRun.collector == Given("collector")
_SERVES_SOMETHING = CollectionRun.due_at.is_null() | (CollectionRun.due_at != NO_DUE_TIME)
_RUNNING = Prepared(
    CollectionRun.select(CollectionRun.run_id)
    .where(_OF_COLLECTOR & (CollectionRun.status == RunStatus.RUNNING))
    .limit(1),
    lambda row: row.run_id,
)
_NEWEST_START = Prepared(
    CollectionRun.select(CollectionRun.started_at)
    .where(_OF_COLLECTOR & _SERVES_SOMETHING)
    .order_by(CollectionRun.started_at.desc())
    .limit(1),
    lambda row: parse_instant(row.started_at),
)
_SINCE = Prepared(
    CollectionRun.select()
    .where(_OF_COLLECTOR & ((CollectionRun.due_at == Given("due_at")) | (CollectionRun.started_at >= Given("due_at"))))
    .order_by(CollectionRun.run_id),
    _run,
)
_LATEST = Prepared(
    CollectionRun.select()
    .where(_OF_COLLECTOR & (CollectionRun.kind == Given("kind")))
    .order_by(CollectionRun.run_id.desc())
    .limit(1),
    _run,
)
