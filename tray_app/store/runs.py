"""The run log: the scheduler's only truth."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

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
from tray_app.core.times import iso_instant, parse_instant
from tray_app.core.words import tr
from tray_app.store.clock_repair import ClockRepair
from tray_app.store.database import Database
from tray_app.store.restatements import Restated

COLUMNS = (
    "run_id, collector, triggered_by, kind, due_at, window_start, window_end, status, started_at, finished_at, "
    "duration, data_date, steps, message, again_since, only_subject"
)


class RunStore:
    """Reads and writes collection_runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, job: Job, now: datetime) -> Run:
        """Log that a job has begun. A run of the same kind that waited for the network goes on in its row."""
        with self._database.writing() as connection:
            waiting = self._waiting_row(connection, job)
            if waiting is not None:
                connection.execute(
                    "UPDATE collection_runs SET status = ?, due_at = ?, triggered_by = ?, started_at = ?,"
                    " finished_at = NULL WHERE run_id = ?",
                    (RunStatus.RUNNING, _optional_instant(job.due_at), job.trigger, iso_instant(now), waiting),
                )
                run_id = waiting
            else:
                run_id = self._insert(connection, job, now)
            query = f"SELECT {COLUMNS} FROM collection_runs WHERE run_id = ?"
            return _run(connection.execute(query, (run_id,)).fetchone())

    def finish(self, run: Run) -> None:
        """Log how a run ended."""
        statuses = [step.status for step in run.steps]
        with self._database.writing() as connection:
            connection.execute(
                """
                UPDATE collection_runs SET status = ?, finished_at = ?, duration = ?, data_date = ?, success_count = ?,
                    failure_count = ?, warning_count = ?, steps = ?, message = ? WHERE run_id = ?
                """,
                (
                    run.status,
                    _optional_instant(run.finished_at),
                    run.duration,
                    run.data_date.isoformat() if run.data_date else None,
                    statuses.count(StepStatus.SUCCESS),
                    statuses.count(StepStatus.FAILED),
                    statuses.count(StepStatus.SKIPPED) + statuses.count(StepStatus.PARTIAL),
                    encode_steps(run.steps),
                    run.message,
                    run.run_id,
                ),
            )

    def interrupt_running(self, collector: CollectorName, now: datetime) -> int:
        """Mark the collector's runs that are logged as running; the caller holds its lease, so nobody runs them."""
        with self._database.writing() as connection:
            cursor = connection.execute(
                "UPDATE collection_runs SET status = ?, finished_at = ?, message = ?"
                " WHERE collector = ? AND status = ?",
                (
                    RunStatus.INTERRUPTED,
                    iso_instant(now),
                    cut_off_message(),
                    collector,
                    RunStatus.RUNNING,
                ),
            )
            return cursor.rowcount

    @property
    def clock_repair(self) -> ClockRepair:
        """Return what takes back the traces of runs that were logged while the clock was ahead."""
        return ClockRepair(self._database)

    def forget_due_times_after(self, collector: CollectorName, limit: datetime) -> int:
        """Take the due time from runs that were logged while the clock was ahead, so that they serve none."""
        ahead = (collector, iso_instant(limit), iso_instant(NO_DUE_TIME))
        found = "FROM collection_runs WHERE collector = ? AND started_at > ? AND due_at IS NOT ?"
        with self._database.reading() as connection:
            if connection.execute(f"SELECT 1 {found} LIMIT 1", ahead).fetchone() is None:
                return 0
        with self._database.writing() as connection:
            cursor = connection.execute(
                f"UPDATE collection_runs SET due_at = ? WHERE run_id IN (SELECT run_id {found})",
                (iso_instant(NO_DUE_TIME), *ahead),
            )
            return cursor.rowcount

    def restatements(self, run: Run) -> tuple[Restated, ...]:
        """Return the stored values that were changed by what a run asked for again, and by those it goes on from."""
        window = run.window
        if window is None or window.again_since is None:
            return ()
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT table_name, row_key, column_name, old, new FROM restatements WHERE run_id IN"
                " (SELECT run_id FROM collection_runs WHERE collector = ? AND again_since = ? AND window_start = ?"
                " AND only_subject = ?) ORDER BY table_name, row_key, column_name",
                (run.collector, iso_instant(window.again_since), window.date_from.isoformat(), window.only),
            ).fetchall()
        return tuple(Restated(*row) for row in rows)

    def has_running(self, collector: CollectorName) -> bool:
        """Whether a run of the collector is logged as running, be its process alive or not."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT 1 FROM collection_runs WHERE collector = ? AND status = ? LIMIT 1",
                (collector, RunStatus.RUNNING),
            ).fetchone()
        return row is not None

    def since(self, collector: CollectorName, due_at: datetime, limit: datetime) -> tuple[Run, ...]:
        """Return the runs that may serve a due time: logged for it, or begun between it and the limit."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM collection_runs"
                " WHERE collector = ? AND (due_at = ? OR started_at BETWEEN ? AND ?) ORDER BY run_id",
                (collector, iso_instant(due_at), iso_instant(due_at), iso_instant(limit)),
            ).fetchall()
        return tuple(_run(row) for row in rows)

    def daily_since(self, collector: CollectorName, instant: datetime) -> tuple[Run, ...]:
        """Return the runs of today's data that began at an instant or later, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM collection_runs WHERE collector = ? AND kind = ? AND started_at >= ?"
                " ORDER BY run_id",
                (collector, RunKind.DAILY, iso_instant(instant)),
            ).fetchall()
        return tuple(_run(row) for row in rows)

    def latest(self, collector: CollectorName, kind: RunKind | None = None) -> Run | None:
        """Return the collector's newest run."""
        kinds = [kind] if kind else list(RunKind)
        marks = ", ".join("?" for _ in kinds)
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {COLUMNS} FROM collection_runs WHERE collector = ? AND kind IN ({marks})"
                " ORDER BY run_id DESC LIMIT 1",
                (collector, *kinds),
            ).fetchone()
        return _run(row) if row else None

    def last_judged_before(self, collector: CollectorName, run_id: int) -> Run | None:
        """Return the collector's last run before this one that ended in success, partial or failed."""
        marks = ", ".join("?" for _ in JUDGED)
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {COLUMNS} FROM collection_runs WHERE collector = ? AND run_id < ? AND status IN ({marks})"
                " ORDER BY run_id DESC LIMIT 1",
                (collector, run_id, *JUDGED),
            ).fetchone()
        return _run(row) if row else None

    def last_ended(self, kind: RunKind, collector: CollectorName | None = None) -> Run | None:
        """Return the newest run of a kind that has ended, of one collector or of all."""
        chosen, values = (" AND collector = ?", [collector]) if collector else ("", [])
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {COLUMNS} FROM collection_runs WHERE kind = ? AND status <> ?{chosen}"
                " ORDER BY run_id DESC LIMIT 1",
                (kind.value, RunStatus.RUNNING.value, *values),
            ).fetchone()
        return None if row is None else _run(row)

    def history(self, limit: int = 200, collector: CollectorName | None = None) -> tuple[Run, ...]:
        """Return the newest runs, newest first."""
        chosen, values = ("WHERE collector = ?", [collector]) if collector else ("", [])
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM collection_runs {chosen} ORDER BY run_id DESC LIMIT ?",
                (*values, limit),
            ).fetchall()
        return tuple(_run(row) for row in rows)

    @staticmethod
    def _waiting_row(connection: sqlite3.Connection, job: Job) -> int | None:
        window = job.window
        row = connection.execute(
            "SELECT run_id FROM collection_runs WHERE collector = ? AND kind = ? AND window_start IS ?"
            " AND window_end IS ? AND (again_since IS NOT NULL) = ? AND only_subject = ? AND status = ?"
            " ORDER BY run_id DESC",
            (
                job.collector,
                job.kind,
                window.date_from.isoformat() if window else None,
                window.date_to.isoformat() if window and window.date_to else None,
                window is not None and window.is_again,
                window.only if window else "",
                RunStatus.WAITING,
            ),
        ).fetchone()
        return int(row[0]) if row else None

    @staticmethod
    def _insert(connection: sqlite3.Connection, job: Job, now: datetime) -> int:
        window = job.window
        cursor = connection.execute(
            """
            INSERT INTO collection_runs
                (collector, triggered_by, kind, due_at, window_start, window_end, again_since, only_subject,
                 status, started_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                job.collector,
                job.trigger,
                job.kind,
                _optional_instant(job.due_at),
                window.date_from.isoformat() if window else None,
                window.date_to.isoformat() if window and window.date_to else None,
                _optional_instant(window.again_since) if window else None,
                window.only if window else "",
                RunStatus.RUNNING,
                iso_instant(now),
            ),
        )
        return int(cursor.lastrowid or 0)


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
                "retry_at": _optional_instant(step.retry_at),
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
        "late_at": _optional_instant(step.late_at),
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
            data_date=_date(step["date"]),
            retryable=step["retryable"],
            offline=step["offline"],
            wants_key=step["wants_key"],
            key_refused=step.get("key_refused", False),
            retry_at=_instant(step.get("retry_at")),
            late_at=_instant(step.get("late_at")),
            warnings=step.get("warnings", 0),
            errors=step.get("errors", 0),
            was_due=step.get("was_due", True),
            came_before=step.get("came_before", False),
            is_local=step.get("is_local", False),
        )
        for step in json.loads(text)
    )


def _run(row: tuple[Any, ...]) -> Run:
    first = _date(row[5])
    return Run(
        run_id=row[0],
        collector=row[1],
        trigger=Trigger(row[2]),
        kind=RunKind(row[3]),
        due_at=_instant(row[4]),
        window=Window(first, _date(row[6]), again_since=_instant(row[14]), only=row[15]) if first else None,
        status=RunStatus(row[7]),
        started_at=parse_instant(row[8]),
        finished_at=_instant(row[9]),
        duration=row[10],
        data_date=_date(row[11]),
        steps=decode_steps(row[12]),
        message=row[13],
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(text: str | None) -> datetime | None:
    return parse_instant(text) if text else None


def _optional_instant(instant: datetime | None) -> str | None:
    return iso_instant(instant) if instant else None
