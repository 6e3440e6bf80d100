"""What was asked for again although it was stored: a request that is cut off goes on behind it."""

from datetime import date, datetime, timedelta

from tray_app.core.coverage import Coverage
from tray_app.core.times import iso_instant
from tray_app.store.database import Database
from tray_app.store.series import Provenance

# No request goes on for so long.
KEPT = timedelta(days=90)


class AgainStore:
    """Reads and writes asked_again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, subject: str, covers: Coverage, seen: Provenance) -> None:
        """Note that the source has answered for these days of a series, after the answer is stored."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM asked_again WHERE asked_at < ?", (iso_instant(seen.at - KEPT),))
            connection.execute(
                "INSERT INTO asked_again (subject, date_from, date_through, asked_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (subject, date_from) DO UPDATE SET date_through = excluded.date_through,"
                " asked_at = excluded.asked_at",
                (subject, covers.first.isoformat(), covers.last.isoformat(), iso_instant(seen.at)),
            )

    def since(self, subject: str, instant: datetime) -> tuple[Coverage, ...]:
        """Return the days of a series that its source has answered for again since an instant, ascending."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT date_from, date_through FROM asked_again WHERE subject = ? AND asked_at >= ? ORDER BY 1",
                (subject, iso_instant(instant)),
            ).fetchall()
        return tuple(Coverage(date.fromisoformat(first), date.fromisoformat(last)) for first, last in rows)
