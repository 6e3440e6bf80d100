"""Looks at everything that can keep data from coming, and says what to do."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tray_app.core.due import Why
from tray_app.core.errors import CertificateOutOfTime
from tray_app.core.health import LOW_DISK_BYTES, Finding
from tray_app.core.overview import Overview, why_text
from tray_app.core.words import tr
from tray_app.engine.facade import Engine
from tray_app.files import is_open_to_others
from tray_app.keys import KeyPlace
from tray_app.net.request import HostAnswer
from tray_app.paths import Home
from tray_app.places import conflict_copies, place_trouble
from tray_app.store.restoring import leftovers
from tray_app.windows.proxy_script import proxy_script

CLOCK_TOLERANCE = timedelta(minutes=5)
FAR_AWAY = (Why.GAVE_UP, Why.RETRY, Why.WAITING)


def examine(engine: Engine, *, deep: bool = False) -> tuple[Finding, ...]:
    """Look at everything; sends one small request to each collector's source. deep: at every stored row too."""
    overview = engine.overview()
    answers = engine.host_answers(*(each.collector for each in overview.collectors))
    clock = _clock(engine, answers)
    return (
        _home(Home(engine.home)),
        _database(engine),
        *([_rows(engine)] if deep else []),
        _disk(engine),
        clock,
        *_proxy(answers),
        *_keys(engine),
        *(_source(answer, clock) for answer in answers),
        *_standing_still(engine),
        *_schedule(overview),
    )


def _home(home: Home) -> Finding:
    """Return what of the home folder itself needs a hand: its place, what was left in it, who may read it."""
    copies = conflict_copies(home.database)
    left = leftovers(home.database, home.backups)
    trouble = place_trouble(home.root)
    for is_wrong, detail, advice in (
        (trouble, trouble, tr("Put it on a disk of this computer, under a short path, and name it with --home.")),
        (copies, _names(copies), tr("Another program copied the database. Keep the home folder out of its reach.")),
        (left, _names(left), tr("A kill left these behind. The next start or backup puts in order what it can.")),
        (
            is_open_to_others(home.environment),
            tr("{file} can be read by others", file=home.environment.name),
            tr("It may hold keys: chmod 600 {file}", file=home.environment),
        ),
    ):
        if is_wrong:
            return Finding(tr("Home folder"), is_well=False, detail=detail, advice=advice)
    return Finding(tr("Home folder"), is_well=True, detail=str(home.root))


def _names(files: Sequence[Path]) -> str:
    return ", ".join(file.name for file in files)


def _database(engine: Engine) -> Finding:
    found = engine.integrity()
    advice = "" if found == "ok" else tr("Restore a backup with: market-tray restore FILE")
    return Finding(tr("Database"), found == "ok", found, advice)


def _rows(engine: Engine) -> Finding:
    changed = engine.exports.changed_rows()
    detail = tr("as they were stored") if not changed else tr("changed since: {rows}", rows="; ".join(changed))
    advice = tr("Check the disk, then restore a backup from before.") if changed else ""
    return Finding(tr("Stored rows"), not changed, detail, advice)


def _disk(engine: Engine) -> Finding:
    free = engine.storage().free_bytes
    well = free >= LOW_DISK_BYTES
    advice = "" if well else tr("Free some space: below 1 GB, collecting may stop.")
    return Finding(tr("Free disk"), well, tr("{size:.1f} GB", size=free / 1e9), advice)


def _clock(engine: Engine, answers: Sequence[HostAnswer]) -> Finding:
    """Compare the clock with the dates of the sources' answers, else with the last run."""
    now = engine.now()
    shown = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    dated = sorted((answer.sent_at, answer.host) for answer in answers if answer.sent_at is not None)
    if dated:
        there, host = dated[len(dated) // 2]
        detail = tr("{here}; {host} says {there:%Y-%m-%d %H:%M} UTC", here=shown, host=host, there=there)
        if abs(there - now) <= CLOCK_TOLERANCE:
            return Finding(tr("Clock"), is_well=True, detail=detail)
        return Finding(tr("Clock"), is_well=False, detail=detail, advice=_set_clock(now, there))
    if any(isinstance(answer.error, CertificateOutOfTime) for answer in answers):
        advice = tr("The sources' certificates do not hold at this time: set the computer's date and time.")
        return Finding(tr("Clock"), is_well=False, detail=shown, advice=advice)
    newest = max((run.started_at for run in engine.runs(limit=1)), default=now)
    if newest > now + CLOCK_TOLERANCE:
        advice = tr("It lies behind the last run ({at:%Y-%m-%d %H:%M} UTC): set the computer's time.", at=newest)
        return Finding(tr("Clock"), is_well=False, detail=shown, advice=advice)
    return Finding(tr("Clock"), is_well=True, detail=shown)


def _set_clock(here: datetime, there: datetime) -> str:
    off = f"{abs(here - there).days} d {abs(here - there).seconds // 3600} h {abs(here - there).seconds // 60 % 60} min"
    if here > there:
        return tr("The clock is {off} ahead of {at:%Y-%m-%d %H:%M} UTC: set the computer's time.", off=off, at=there)
    return tr("The clock is {off} behind {at:%Y-%m-%d %H:%M} UTC: set the computer's time.", off=off, at=there)


def _proxy(answers: Sequence[HostAnswer]) -> tuple[Finding, ...]:
    """Name a proxy script of Windows where it may be why no source answers."""
    script = proxy_script()
    if not script:
        return ()
    well = any(answer.error is None for answer in answers)
    advice = "" if well else tr("Look in the script for the proxy's address and enter it under Settings.")
    return (Finding(tr("Proxy"), well, tr("Windows names a proxy script (PAC), which is not run"), advice),)


def _keys(engine: Engine) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            state.name,
            is_well=True,
            detail=str(state.place) if state.place is not KeyPlace.NOWHERE else tr("not set (optional)"),
        )
        for state in engine.key_states()
    )


def _source(answer: HostAnswer, clock: Finding) -> Finding:
    if answer.error is None:
        return Finding(answer.host, is_well=True, detail=tr("answers"))
    if not clock.is_well and isinstance(answer.error, CertificateOutOfTime):
        return Finding(answer.host, is_well=False, detail=tr("cannot be judged by a wrong clock"), advice=clock.advice)
    return Finding(answer.host, is_well=False, detail=answer.error.message, advice=answer.error.hint)


def _standing_still(engine: Engine) -> tuple[Finding, ...]:
    advice = tr("It answers, but with nothing new: look at its own site. This ends by itself once it moves.")
    still = engine.issues.standing_still()
    return tuple(Finding(each.subject, is_well=False, detail=each.detail, advice=advice) for each in still)


def _schedule(overview: Overview) -> tuple[Finding, ...]:
    return tuple(
        Finding(state.title, state.decision.why not in FAR_AWAY, why_text(state, overview.now))
        for state in overview.collectors
    )
