"""What a dataset tells of itself: facts only. What is heavy stands behind functions that import it when they run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tray_app.core.checks.self_check import SelfCheck
from tray_app.core.quality import QualityRule
from tray_app.core.words import N_
from tray_app.option import Option, Times, times_option

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date, datetime, time, tzinfo
    from pathlib import Path

    from tray_app.core.cancel import Cancellation
    from tray_app.core.table import Table
    from tray_app.datasets.collector import Collector, WithinRun
    from tray_app.datasets.export_kind import ExportKind, Measure, ReadRows
    from tray_app.demo.upstream import Upstream
    from tray_app.keys import Key, Keys
    from tray_app.settings import Settings
    from tray_app.store.backfill import BackfillStore
    from tray_app.store.database import Database
    from tray_app.store.runs import RunStore

NO_SELF_CHECK = SelfCheck()
Reads_co = TypeVar("Reads_co", covariant=True)
Acts_co = TypeVar("Acts_co", covariant=True)


@dataclass(frozen=True, slots=True)
class CollectorParts:
    """What a collector may be made of. The settings are asked at each run, so that a change counts at once.

    files gives the places of a file of words by its name, the user's own first; within is the work that datasets do
    within another one's run, by the name of the dataset.
    """

    database: Database
    keys: Keys
    settings: Callable[[], Settings]
    runs: RunStore
    backfills: BackfillStore
    files: Callable[[str], tuple[Path, ...]]
    within: Mapping[str, WithinRun] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HandParts:
    """What a person's word on a dataset is kept with.

    now gives the present instant (UTC). exclusive keeps the dataset's runs away meanwhile, and raises AlreadyRunning
    during one. publish tells which tables have changed. cancel stops what follows when it has to end.
    """

    database: Database
    now: Callable[[], datetime]
    exclusive: Callable[[], AbstractContextManager[None]]
    publish: Callable[[frozenset[str]], None]
    cancel: Cancellation


@dataclass(frozen=True, slots=True)
class ByHand(Generic[Acts_co]):
    """What a person may say of a dataset's data, beside its runs; dataset is its name."""

    dataset: str
    open: Callable[[HandParts], Acts_co]


class DatasetStep(str):
    """A part of a run that may fail alone: its name in the log and in JSON, with its title in English, `label`."""

    label: str

    def __new__(cls, name: str, label: str) -> DatasetStep:
        """Return the step's name, knowing its label."""
        step = super().__new__(cls, name)
        step.label = label
        return step


@dataclass(frozen=True, slots=True)
class Attribution:
    """A source that is named beside its data: its name and address, and the sentence its terms ask for, in English.

    {link} in the sentence is its name with its address, {notice} the words that stand as they are in every language.
    """

    name: str
    url: str
    sentence: str
    notice: str = ""

    @property
    def link(self) -> str:
        """Return the name as a link, in HTML."""
        return f'<a href="{self.url}">{self.name}</a>'


@dataclass(frozen=True, slots=True)
class DatasetParts(Generic[Reads_co]):
    """What the engine makes of a dataset.

    within: what it does within another dataset's run. measures: how large sets would be, by the kind's name.
    """

    make_collector: Callable[[CollectorParts], Collector]
    open_reads: Callable[[Database], Reads_co]
    within: Callable[[CollectorParts], WithinRun] | None = None
    measures: Mapping[str, Measure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FirstDay:
    """The first day a source offers, and the sentence that says so, in English; {day} in it is the day."""

    day: date
    sentence: str


@dataclass(frozen=True, slots=True)
class Dataset(Generic[Reads_co]):
    """A dataset: what it is called, when it is due, what it is made of, and how its parts are got.

    due: times of the day in Korea. source_zone: the zone of the days by which its sources publish. counts_in_utc: its
    dates are UTC dates. has_history: a range of days can be asked for. newest_first: its history may be filled from its
    end. first_day: before it nothing can be asked for. tables: what its runs write; owns: the tables that are its own.
    issues: what its quality issues are about. exports: what can be exported; export_rows: what reads the rows of a
    kind, by its name, loaded with pyarrow. due_hint: what the settings say beside its due times. own_options: what else
    of it can be set. keys: the secrets that its sources take. attributions: whose data it is. self_check: what of it
    the monthly check asks for again. quality_rules: the rules of its own, beside those that all share. parts: what the
    engine makes of it, imported when the engine is made.
    """

    name: str
    title: str
    due: tuple[time, ...]
    source_zone: tzinfo
    steps: tuple[DatasetStep, ...]
    tables: frozenset[str]
    owns: tuple[Table, ...]
    parts: Callable[[], DatasetParts[Reads_co]]
    sample_hosts: Callable[[], Mapping[str, Upstream]]
    due_hint: str = N_("One or more times like 06:00, 18:00.")
    own_options: tuple[Option[Any], ...] = ()
    keys: tuple[Key, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    self_check: SelfCheck = NO_SELF_CHECK
    counts_in_utc: bool = False
    has_history: bool = True
    newest_first: bool = False
    first_day: FirstDay | None = None
    quality_rules: tuple[QualityRule, ...] = ()
    issues: tuple[str, ...] = ()
    exports: tuple[ExportKind, ...] = ()
    export_rows: Callable[[], Mapping[str, ReadRows]] = dict

    @property
    def due_option(self) -> Option[Times]:
        """Return the option of its due times."""
        return times_option(self.name, self.title, self.due, self.due_hint)
