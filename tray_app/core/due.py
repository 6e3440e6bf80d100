"""When a collector is due: one rule for on time, late start, sleep, crash, retry and late publication.

The latest due time is served when the run log holds a finished run for it that brought all that was due. What is
missing is asked for again after 5, 15 and 60 minutes, then hourly until the day of the sources ends; where a source or
a key forbids it, when that allows it. Nothing but the log and the last change of a key is remembered, so nothing can be
forgotten. All functions are pure: now and the log are parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

from tray_app.core.model import CollectorName, Run, RunKind, RunStatus, Trigger
from tray_app.core.times import kst_date, kst_instant

RETRY_DELAYS = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
HOURLY = timedelta(hours=1)
ON_TIME = timedelta(minutes=2)
# A source that names a time further off than this, or named it while the clock was ahead, is asked again all the same.
LONGEST_ASKED = timedelta(hours=2)
# A run that lies further ahead of now was logged by a clock that has been set back since.
CLOCK_WAS_WRONG = timedelta(seconds=30)
# The due time of runs that were logged while the clock was ahead: they serve none.
NO_DUE_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """A collector, its daily due times in Korean time (at least one), and the zone of its sources' days."""

    collector: CollectorName
    times: tuple[time, ...]
    source_zone: tzinfo


class Why(StrEnum):
    """Why a collector runs now, or why not yet."""

    DUE = "due"
    RETRY = "retry"
    LATE = "late"
    DONE = "done"
    RUNNING = "running"
    WAITING = "waiting"
    GAVE_UP = "gave_up"
    PAUSED = "paused"
    WANTS_KEY = "wants_key"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now: run for due_at, or look again at next_at."""

    run_now: bool
    why: Why
    due_at: datetime
    next_at: datetime
    trigger: Trigger = Trigger.SCHEDULER


def latest_due(now: datetime, times: Sequence[time]) -> datetime:
    """Return the last due instant (UTC) at or before now."""
    today = kst_date(now)
    instants = (kst_instant(day, at) for day in (today, today - timedelta(days=1)) for at in times)
    return max(instant for instant in instants if instant <= now)


def next_due(now: datetime, times: Sequence[time]) -> datetime:
    """Return the first due instant (UTC) after now."""
    today = kst_date(now)
    instants = (kst_instant(day, at) for day in (today, today + timedelta(days=1)) for at in times)
    return min(instant for instant in instants if instant > now)


def source_day_end(zone: tzinfo, instant: datetime) -> datetime:
    """Return the end (UTC) of the day in a zone that an instant lies in."""
    following = instant.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(following, time.min, zone).astimezone(UTC)


def decide(
    plan: Plan,
    now: datetime,
    log: Sequence[Run],
    paused_until: datetime | None = None,
    key_entered_at: datetime | None = None,
) -> Decision:
    """Return what the collector should do now.

    log holds the collector's recent runs in any order; those that serve other due times are ignored, and so are those
    that lacked a key and ended before the last one was entered.
    """
    due_at = latest_due(now, plan.times)
    upcoming = next_due(now, plan.times)
    if key_entered_at is not None and key_entered_at > now + CLOCK_WAS_WRONG:
        # Noted while the clock was ahead: it would make what lacks a key due at every look.
        key_entered_at = None
    serving = [run for run in log if _serves(run, due_at, now) and not _lacked_key(run, key_entered_at)]
    statuses = {run.status for run in serving}
    if RunStatus.RUNNING in statuses:
        return Decision(run_now=False, why=Why.RUNNING, due_at=due_at, next_at=upcoming)
    if _is_done(serving, upcoming):
        return Decision(run_now=False, why=Why.DONE, due_at=due_at, next_at=upcoming)
    if paused_until is not None and now < paused_until:
        return Decision(run_now=False, why=Why.PAUSED, due_at=due_at, next_at=paused_until)
    if RunStatus.WAITING in statuses:
        # The waiting run itself is resumed, whatever due time it was for; see engine.planner.
        return Decision(run_now=False, why=Why.WAITING, due_at=due_at, next_at=now)
    return _late(serving, due_at, now) or _attempt(plan, serving, now, upcoming)


def _is_done(serving: Sequence[Run], upcoming: datetime) -> bool:
    later = [_asked_again_at(run) for run in serving if _settles(run)]
    return any(instant is None or instant >= upcoming for instant in later)


def _asked_again_at(run: Run) -> datetime | None:
    """Return when a settled run's rest is to be asked for: published late, or behind a quota that opens again."""
    if run.status is RunStatus.CANCELLED:
        return None
    return min((instant for instant in (run.late_at, run.opens_at) if instant is not None), default=None)


def _lacked_key(run: Run, key_entered_at: datetime | None) -> bool:
    return key_entered_at is not None and run.waits_for_key and (run.finished_at or run.started_at) < key_entered_at


def _late(serving: Sequence[Run], due_at: datetime, now: datetime) -> Decision | None:
    """Return when to ask for what was not there yet; nothing when a later attempt failed."""
    settled = [run for run in serving if _settles(run)]
    latest = max([*settled, *_failures(serving, due_at)], key=lambda run: run.run_id, default=None)
    again_at = _asked_again_at(latest) if latest is not None and latest in settled else None
    if latest is None or again_at is None:
        return None
    attempts = _attempts(serving, due_at)
    trigger = _trigger(attempts, due_at, now) if attempts else Trigger.SCHEDULER
    why = Why.LATE if again_at == latest.late_at else Why.RETRY
    return Decision(now >= again_at, why, due_at, again_at, trigger)


def _attempt(plan: Plan, serving: Sequence[Run], now: datetime, upcoming: datetime) -> Decision:
    due_at = latest_due(now, plan.times)
    trigger = _trigger(_attempts(serving, due_at), due_at, now)
    failures = _failures(serving, due_at)
    if not failures:
        return Decision(run_now=True, why=Why.DUE, due_at=due_at, next_at=now, trigger=trigger)
    retry_at = _retry_at(failures, now)
    if len(failures) > len(RETRY_DELAYS) and retry_at > _last_retry_at(plan.source_zone, failures):
        return Decision(run_now=False, why=Why.GAVE_UP, due_at=due_at, next_at=upcoming)
    return Decision(run_now=now >= retry_at, why=Why.RETRY, due_at=due_at, next_at=retry_at, trigger=trigger)


def _failures(serving: Sequence[Run], due_at: datetime) -> list[Run]:
    attempts = _attempts(serving, due_at)
    return [run for run in attempts if run.status is not RunStatus.INTERRUPTED and not _settles(run)]


def _attempts(serving: Sequence[Run], due_at: datetime) -> list[Run]:
    return [run for run in serving if run.due_at == due_at and run.status is not RunStatus.RUNNING]


def _serves(run: Run, due_at: datetime, now: datetime) -> bool:
    if run.kind is not RunKind.DAILY or run.due_at == NO_DUE_TIME:
        return False
    # Whatever a run was begun for, what it brings after a due time is what that due time asks for.
    return run.due_at == due_at or due_at <= run.started_at <= now


def _settles(run: Run) -> bool:
    if run.due_at is None:
        return run.status in {RunStatus.SUCCESS, RunStatus.PARTIAL} and not run.worth_retrying
    if run.status in {RunStatus.PARTIAL, RunStatus.FAILED}:
        return not run.worth_retrying
    return run.status in {RunStatus.SUCCESS, RunStatus.CANCELLED}


def _trigger(attempts: Sequence[Run], due_at: datetime, now: datetime) -> Trigger:
    if attempts:
        return min(attempts, key=lambda run: run.run_id).trigger
    return Trigger.SCHEDULER if now - due_at <= ON_TIME else Trigger.CATCH_UP


def _retry_at(failures: Sequence[Run], now: datetime) -> datetime:
    latest = max(failures, key=lambda run: run.run_id)
    last = latest.finished_at or latest.started_at
    if last > now:
        # The clock went back since: waiting for it to catch up would starve the retry.
        return now
    delay = RETRY_DELAYS[len(failures) - 1] if len(failures) <= len(RETRY_DELAYS) else HOURLY
    return last + max(delay, min(_asked_to_wait(latest) - last, LONGEST_ASKED))


def _last_retry_at(zone: tzinfo, failures: Sequence[Run]) -> datetime:
    """Return when the hourly retries end: with the sources' day that the first attempt was made on."""
    first = min(failures, key=lambda run: run.run_id)
    return source_day_end(zone, first.started_at)


def _asked_to_wait(run: Run) -> datetime:
    """Return when the first of the sources that can be asked again may be."""
    named = [step.retry_at for step in run.steps if step.retryable]
    return min((instant or NO_DUE_TIME for instant in named), default=NO_DUE_TIME)
