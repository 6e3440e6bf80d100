"""What was asked for again although it was stored: a request that is cut off goes on behind it."""

from datetime import date, datetime, timedelta

from tray_app.core.coverage import Coverage
from tray_app.store.database import Database
from tray_app.store.models import AskedAgain
from tray_app.store.series import Provenance

# No request goes on for so long.
KEPT = timedelta(days=90)


class AgainStore:
    """Reads and writes asked_again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, subject: str, covers: Coverage, seen: Provenance) -> None:
        """Note that the source has answered for these days of a series, after the answer is stored."""
        key = [AskedAgain.subject, AskedAgain.date_from]
        with self._database.writing():
            self._database.write(AskedAgain.delete().where(AskedAgain.asked_at < seen.at - KEPT))
            self._database.write(
                AskedAgain.insert(
                    subject=subject, date_from=covers.first, date_through=covers.last, asked_at=seen.at
                ).on_conflict(conflict_target=key, preserve=[AskedAgain.date_through, AskedAgain.asked_at])
            )

    def since(self, subject: str, instant: datetime) -> tuple[Coverage, ...]:
        """Return the days of a series that its source has answered for again since an instant, ascending."""
        query = (
            AskedAgain.select(AskedAgain.date_from, AskedAgain.date_through)
            .where((AskedAgain.subject == subject) & (AskedAgain.asked_at >= instant))
            .order_by(AskedAgain.date_from)
        )
        found = self._database.rows(query)
        return tuple(Coverage(date.fromisoformat(first), date.fromisoformat(last)) for first, last in found)
