"""Asks once a month for a sample of old days again; what is asked for is kept like any other request for history."""

from collections.abc import Mapping
from datetime import datetime

from tray_app.core.checks.self_check import due_on, sample
from tray_app.core.model import CollectorName
from tray_app.core.times import kst_date
from tray_app.datasets import DATASETS
from tray_app.datasets.collector import Collector
from tray_app.store.backfill import BackfillStore
from tray_app.store.state import StateStore


class SelfChecks:
    """Keeps the day of the last check; the first one comes a month after the store was first looked after."""

    def __init__(
        self, collectors: Mapping[CollectorName, Collector], backfills: BackfillStore, state: StateStore
    ) -> None:
        self._collectors = collectors
        self._backfills = backfills
        self._state = state

    def ask(self, now: datetime) -> None:
        """Keep the requests of a check that is due, leaving out what lacks its key, and note that it was made.

        Killed in between, the same requests are made once more, and those that are kept already are not doubled.
        """
        today, checked_on = kst_date(now), self._state.self_checked_on()
        due = due_on(checked_on, today)
        if due is not None:
            for dataset in DATASETS:
                collector = self._collectors.get(dataset.name)
                if collector is not None and collector.missing_key() is None:
                    for window in sample(dataset.name, dataset.self_check.days, collector.checkable(now), due, now):
                        self._backfills.request(dataset.name, window, now)
        # A day ahead was noted by a clock that has been set back since.
        if due is not None or checked_on is None or checked_on > today:
            self._state.note_self_checked(today)
