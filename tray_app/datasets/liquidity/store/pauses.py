"""Sources that asked to be left alone, so that a restart does not forget it."""

from datetime import datetime

from tray_app.core.times import iso_instant
from tray_app.datasets.liquidity.tables import SOURCE_PAUSE
from tray_app.store.database import Database
from tray_app.store.statements import upsert


class PauseStore:
    """The writer of source_pause; LiquidityReads.source_pause reads it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pause(self, source: str, until: datetime, reason: str) -> None:
        """Note that a source is not asked before an instant."""
        with self._database.writing() as connection:
            connection.execute(upsert(SOURCE_PAUSE), (source, iso_instant(until), reason))
