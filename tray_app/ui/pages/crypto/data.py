"""What the Crypto page says in numbers, read at one time on a reader thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tray_app.core.model import StepStatus
from tray_app.core.words import tr
from tray_app.datasets.crypto.dataset import CRYPTO
from tray_app.datasets.crypto.metrics import METRICS
from tray_app.ui.dataset_page.facts import Activity, CollectFacts, take_collect_facts

if TYPE_CHECKING:
    from datetime import date

    from tray_app.core.model import StepOutcome
    from tray_app.core.series import SeriesPoint
    from tray_app.datasets.crypto.metrics import Metric
    from tray_app.datasets.crypto.rows import CoinDay
    from tray_app.engine.facade import Engine


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric's newest stored value and the one before it; why the last run brought none, in short and in full."""

    newest: SeriesPoint | None
    before: SeriesPoint | None
    lack: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CryptoFacts:
    """Everything the page shows but its charts; the readings by the metrics' names."""

    collector: CollectFacts
    coins: tuple[CoinDay, ...]
    readings: dict[str, Reading]

    @property
    def day(self) -> date | None:
        """The newest day of the market."""
        return self.collector.newest_date

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever stored."""
        return self.day is None and all(reading.newest is None for reading in self.readings.values())


def take_facts(engine: Engine) -> CryptoFacts:
    """Read everything; not for the UI thread."""
    facts = take_collect_facts(engine, CRYPTO.name, CRYPTO.tables)
    day = facts.newest_date
    return CryptoFacts(
        collector=facts,
        coins=engine.reads(CRYPTO).coins_of(day) if day is not None else (),
        readings={metric.name: _reading(engine, metric, facts) for metric in METRICS},
    )


def _reading(engine: Engine, metric: Metric, facts: CollectFacts) -> Reading:
    values = engine.reads(CRYPTO).newest_values(metric.name, 2)
    newest, before = values[0] if values else None, values[1] if len(values) > 1 else None
    run, outcome = facts.last_run, facts.step(metric.step)
    if newest is None and facts.activity is not Activity.IDLE:
        return Reading(newest, before, tr("being collected"))
    if run is None:
        return Reading(newest, before, "" if newest else tr("not collected yet"))
    return Reading(newest, before, _lack(outcome), outcome.note if outcome else run.message)


def _lack(outcome: StepOutcome | None) -> str:
    if outcome is None:
        return tr("the last run did not get to it")
    return {
        StepStatus.FAILED: tr("failed in the last run"),
        StepStatus.PARTIAL: tr("not whole in the last run"),
        StepStatus.SKIPPED: tr("skipped in the last run"),
        StepStatus.SUCCESS: "",
    }[outcome.status]
