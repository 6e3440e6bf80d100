"""Where every collector stands, as windows, tray and command line show it."""

from dataclasses import dataclass
from datetime import date, datetime

from tray_app.core.due import Decision, Why
from tray_app.core.events import RunProgress
from tray_app.core.model import CollectorName, Run, RunStatus
from tray_app.core.times import to_kst
from tray_app.core.words import tr


@dataclass(frozen=True, slots=True)
class CollectorState:
    """One collector: its last finished or running run of today's data, its newest date, and what comes next."""

    collector: CollectorName
    title: str
    last_run: Run | None
    newest_date: date | None
    decision: Decision
    history_pending: bool = False

    @property
    def is_running(self) -> bool:
        """Whether it collects now, in this or another process."""
        return self.last_run is not None and self.last_run.status is RunStatus.RUNNING


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything at one time."""

    now: datetime
    collectors: tuple[CollectorState, ...]
    paused_until: datetime | None
    progress: RunProgress | None

    @property
    def is_paused(self) -> bool:
        """Whether automatic runs are held back now."""
        return self.paused_until is not None and self.now < self.paused_until

    @property
    def next_state(self) -> CollectorState:
        """Return the collector whose turn comes first."""
        return min(self.collectors, key=lambda state: state.decision.next_at)


def short_time(instant: datetime, now: datetime) -> str:
    """Return an instant in Korean time, with its date unless it is today's."""
    moment, today = to_kst(instant), to_kst(now).date()
    if moment.date() == today:
        return moment.strftime("%H:%M")
    return moment.strftime("%Y-%m-%d %H:%M")


def why_text(state: CollectorState, now: datetime) -> str:
    """Return when a collector runs next, and why then."""
    decision = state.decision
    at = short_time(decision.next_at, now)
    return {
        Why.DUE: tr("Due now"),
        Why.RUNNING: tr("Collecting now; next at {at} KST", at=at),
        Why.WAITING: tr("Waiting for the network; goes on by itself"),
        Why.RETRY: tr("Tries again at {at} KST, because the last run did not get everything", at=at),
        Why.LATE: tr("Asks again at {at} KST, because not everything was published yet", at=at),
        Why.DONE: tr("Next at {at} KST, by the schedule", at=at),
        Why.GAVE_UP: tr("Next at {at} KST, by the schedule; the tries in between did not help", at=at),
        Why.WANTS_KEY: tr("Not collected: enter its key under Settings, Keys"),
        Why.PAUSED: tr("Paused until {at} KST", at=at),
    }[decision.why]


def last_collected_text(run: Run | None) -> str:
    """Return the line that tells of the last run: `Last collected 2026-02-19 06:01 (scheduler) - success`."""
    if run is None:
        return tr("Nothing collected yet")
    at = to_kst(run.started_at).strftime("%Y-%m-%d %H:%M")
    return tr("Last collected {at} ({trigger}) - {status}", at=at, trigger=run.trigger, status=run.status)


def progress_text(progress: RunProgress) -> str:
    """Return the line of running work: `Collecting crypto: 3 of 5`."""
    line = tr(
        "Collecting {name}: {done} of {total}",
        name=progress.collector,
        done=min(progress.done + 1, progress.total),
        total=progress.total,
    )
    return tr("{line}, {note}", line=line, note=progress.note) if progress.note else line


def headline(overview: Overview) -> str:
    """Return the answer to `is my data whole and fresh?` in one sentence or two."""
    state = overview.next_state
    coming = tr("{title}: {why}.", title=state.title, why=why_text(state, overview.now))
    newest = [each.newest_date for each in overview.collectors if each.newest_date is not None]
    if not newest:
        return tr("Nothing is collected yet. {coming}", coming=coming)
    lacking = [each for each in overview.collectors if each.last_run and each.last_run.status in _LACKING]
    if lacking:
        names = ", ".join(each.title for each in lacking)
        return tr("{names} is not complete. {coming}", names=names, coming=coming)
    return tr("All data is current to {day}. {coming}", day=min(newest), coming=coming)


def tooltip(overview: Overview) -> str:
    """Return the tray icon's text: `Market Tray - crypto 06:01 success - next: KRX 18:00`."""
    parts = [tr("Market Tray")]
    runs = [state.last_run for state in overview.collectors if state.last_run is not None]
    if overview.progress is not None:
        parts.append(progress_text(overview.progress))
    elif runs:
        last = max(runs, key=lambda run: run.started_at)
        at = short_time(last.started_at, overview.now)
        parts.append(tr("{name} {at} {status}", name=last.collector, at=at, status=last.status))
    if overview.is_paused and overview.paused_until is not None:
        parts.append(tr("paused until {at}", at=short_time(overview.paused_until, overview.now)))
    else:
        coming = overview.next_state
        at = short_time(coming.decision.next_at, overview.now)
        parts.append(tr("next: {title} {at}", title=coming.title, at=at))
    return " - ".join(parts)


_LACKING = frozenset({RunStatus.PARTIAL, RunStatus.FAILED, RunStatus.WAITING, RunStatus.INTERRUPTED})
