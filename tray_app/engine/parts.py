"""What an engine is put together from; wiring.py fills it in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tray_app.core.clock import Clock
from tray_app.core.model import CollectorName
from tray_app.datasets.collector import Collector
from tray_app.engine.alerts import Alerts
from tray_app.engine.bus import Bus
from tray_app.keys import Keys
from tray_app.net.request import HttpOptions
from tray_app.paths import Home
from tray_app.settings import LoadedSettings, Settings
from tray_app.store.backfill import BackfillStore
from tray_app.store.database import Database
from tray_app.store.lease import Leases
from tray_app.store.restatements import RestatementReads
from tray_app.store.runs import RunStore
from tray_app.store.state import StateStore
from tray_app.store.usage import UsageStore


@dataclass(frozen=True, slots=True)
class EngineParts:
    """The parts of one home folder's engine."""

    home: Home
    settings: LoadedSettings
    keys: Keys
    clock: Clock
    bus: Bus
    database: Database
    collectors: Mapping[CollectorName, Collector]
    runs: RunStore
    backfills: BackfillStore
    state: StateStore
    usage: UsageStore
    leases: Leases
    restatements: RestatementReads
    reads: Mapping[str, object]
    alerts: Alerts
    http_options: Callable[[Settings], HttpOptions]
    holder: str
