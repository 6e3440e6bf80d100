"""Looks at everything that can keep data from coming, and says what to do."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tray_app.core.due import Why
from tray_app.core.overview import Overview, why_text
from tray_app.core.words import tr
from tray_app.engine.facade import Engine
from tray_app.keys import KeyPlace

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
        _database(engine),
        _disk(engine),
        _clock(engine),
        *_keys(engine),
        *_sources(engine, overview),
        *_schedule(overview),
    )


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
