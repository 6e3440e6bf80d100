"""Looks at everything that can keep data from coming, and says what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tray_app.core.due import Why
from tray_app.core.overview import Overview, why_text
from tray_app.core.words import tr
from tray_app.engine.facade import Engine
from tray_app.files import is_open_to_others
from tray_app.keys import KeyPlace
from tray_app.paths import Home
from tray_app.places import conflict_copies, place_trouble
from tray_app.store.restoring import leftovers

LOW_DISK_BYTES = 1_000_000_000
CLOCK_TOLERANCE = timedelta(minutes=5)
FAR_AWAY = (Why.GAVE_UP, Why.RETRY, Why.WAITING)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    is_well: bool
    detail: str
    advice: str = ""


def examine(engine: Engine) -> tuple[Finding, ...]:
    """Look at everything; sends one small request to each collector's source."""
    overview = engine.overview()
    return (
        _home(Home(engine.home)),
        _database(engine),
        _disk(engine),
        _clock(engine),
        *_keys(engine),
        *_sources(engine, overview),
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


def _disk(engine: Engine) -> Finding:
    free = engine.storage().free_bytes
    well = free >= LOW_DISK_BYTES
    advice = "" if well else tr("Free some space: below 1 GB, collecting may stop.")
    return Finding(tr("Free disk"), well, tr("{size:.1f} GB", size=free / 1e9), advice)


def _clock(engine: Engine) -> Finding:
    now = engine.now()
    newest = max((run.started_at for run in engine.runs(limit=1)), default=now)
    in_order = newest <= now + CLOCK_TOLERANCE
    shown = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    if not in_order:
        return Finding(tr("Clock"), is_well=False, detail=shown, advice=_behind(newest))
    return Finding(tr("Clock"), is_well=True, detail=shown)


def _behind(newest: datetime) -> str:
    return tr("It lies behind the last run ({at:%Y-%m-%d %H:%M} UTC): set the computer's time.", at=newest)


def _keys(engine: Engine) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            state.name,
            is_well=True,
            detail=str(state.place) if state.place is not KeyPlace.NOWHERE else tr("not set (optional)"),
        )
        for state in engine.key_states()
    )


def _sources(engine: Engine, overview: Overview) -> tuple[Finding, ...]:
    # Collectors may share a host.
    hosts = {
        host: well for state in overview.collectors for host, well in engine.reachable_hosts(state.collector).items()
    }
    return tuple(_source(host, well) for host, well in hosts.items())


def _source(host: str, well: bool) -> Finding:  # noqa: FBT001 - what was found
    detail = tr("answers") if well else tr("no answer")
    advice = "" if well else tr("Check the connection, the proxy and the firewall.")
    return Finding(host, well, detail, advice)


def _schedule(overview: Overview) -> tuple[Finding, ...]:
    return tuple(
        Finding(state.title, state.decision.why not in FAR_AWAY, why_text(state, overview.now))
        for state in overview.collectors
    )
