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
from tray_app.store.runs import RunStore
from tray_app.store.state import StateStore
from tray_app.store.usage import UsageStore


@dataclass(frozen=True, slots=True)
class WorkParts:
    """What runs are planned and made with. holder: who this is, for those who meet its leases."""

    clock: Clock
    bus: Bus
    database: Database
    collectors: Mapping[CollectorName, Collector]
    leases: Leases
    holder: str

    @property
    def runs(self) -> RunStore:
        """Return the run log."""
        return RunStore(self.database)

    @property
    def backfills(self) -> BackfillStore:
        """Return the requests for history."""
        return BackfillStore(self.database)

    @property
    def state(self) -> StateStore:
        """Return the facts that survive a restart."""
        return StateStore(self.database)

    @property
    def usage(self) -> UsageStore:
        """Return the count of calls."""
        return UsageStore(self.database)


@dataclass(frozen=True, slots=True)
class EngineParts(WorkParts):
    """The parts of one home folder's engine."""

    home: Home
    settings: LoadedSettings
    keys: Keys
    reads: Mapping[str, object]
    alerts: Alerts
    http_options: Callable[[Settings], HttpOptions]
