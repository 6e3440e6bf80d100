"""What the Crypto page says in numbers, read at one time on a reader thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tray_app.core.model import CollectorName, Run, RunStatus, StepStatus
from tray_app.core.words import tr
from tray_app.ui.pages.status_snapshot import Activity

if TYPE_CHECKING:
    from datetime import date, datetime

    from tray_app.core.crypto import CoinDay
    from tray_app.core.model import Job, StepOutcome
    from tray_app.core.overview import CollectorState, Overview
    from tray_app.core.series import SeriesPoint
    from tray_app.engine.facade import Engine

TABLES = frozenset({"crypto_price", "crypto_metric"})
RUNS_SEARCHED = 50


class Metric(StrEnum):
    """The columns of crypto_metric that have a tile."""

    MARKET_CAP = "total_market_cap"
    VOLUME = "total_volume_24h"
    DOMINANCE = "btc_dominance"
    ETH_BTC = "eth_btc_ratio"
    FEAR_GREED = "fear_greed_index"
    TVL = "defi_tvl"
    STABLECOINS = "stablecoin_mcap"


STEP_OF = {
    Metric.MARKET_CAP: "coingecko_global",
    Metric.VOLUME: "coingecko_global",
    Metric.DOMINANCE: "coingecko_global",
    Metric.ETH_BTC: "coingecko_prices",
    Metric.FEAR_GREED: "fear_greed",
    Metric.TVL: "defillama_tvl",
    Metric.STABLECOINS: "defillama_stablecoins",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric's newest stored value and the one before it; why the last run brought none, in short and in full."""

    newest: SeriesPoint | None
    before: SeriesPoint | None
    lack: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CryptoFacts:
    """Everything the page shows but its charts."""

    now: datetime
    activity: Activity
    last_run: Run | None
    history_pending: bool
    day: date | None
    coins: tuple[CoinDay, ...]
    readings: dict[Metric, Reading]
    restated: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever stored."""
        return self.day is None and all(reading.newest is None for reading in self.readings.values())


def take_facts(engine: Engine) -> CryptoFacts:
    """Read everything; not for the UI thread."""
    jobs = engine.active_jobs
    overview = engine.overview()
    state = next(each for each in overview.collectors if each.collector is CollectorName.CRYPTO)
    last_run = _last_ended(engine, state)
    activity = _activity(state, overview, (*jobs, *engine.active_jobs))
    day = state.newest_date
    return CryptoFacts(
        now=overview.now,
        activity=activity,
        last_run=last_run,
        history_pending=state.history_pending,
        day=day,
        coins=engine.queries.coins_of(day) if day is not None else (),
        readings={metric: _reading(engine, metric, last_run, activity) for metric in Metric},
        restated=engine.queries.restatement_count(tables=TABLES),
    )


def _activity(state: CollectorState, overview: Overview, jobs: tuple[Job, ...]) -> Activity:
    progress = overview.progress
    if progress is not None and progress.collector is state.collector:
        return Activity.RUNNING
    if any(job.collector is state.collector for job in jobs):
        return Activity.RUNNING if state.is_running else Activity.QUEUED
    return Activity.ELSEWHERE if state.is_running else Activity.IDLE


def _last_ended(engine: Engine, state: CollectorState) -> Run | None:
    """Return the last run of today's data that has ended."""
    last = state.last_run
    if last is None or last.status is not RunStatus.RUNNING:
        return last
    runs = engine.runs(RUNS_SEARCHED, state.collector)
    return next((run for run in runs if run.kind is last.kind and run.status is not RunStatus.RUNNING), None)


def _reading(engine: Engine, metric: Metric, run: Run | None, activity: Activity) -> Reading:
    values = engine.queries.newest_values(metric, 2)
    newest, before = values[0] if values else None, values[1] if len(values) > 1 else None
    outcome = next((step for step in run.steps if step.name == STEP_OF[metric]), None) if run else None
    if newest is None and activity is not Activity.IDLE:
        return Reading(newest, before, tr("being collected"))
    if run is None:
        return Reading(newest, before, "" if newest else tr("not collected yet"))
    return Reading(newest, before, _lack(outcome), outcome.note if outcome else run.message)


def _lack(outcome: StepOutcome | None) -> str:
    if outcome is None:
        return tr("the last run did not get to it")
    return {
        StepStatus.FAILED: tr("failed in the last run"),
        StepStatus.SKIPPED: tr("skipped in the last run"),
        StepStatus.SUCCESS: "",
    }[outcome.status]
