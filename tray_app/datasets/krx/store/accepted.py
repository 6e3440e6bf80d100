"""Days that a person has accepted without their rows in doubt: the mark stands with each finding, and ends with it."""

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime

from tray_app.core.days import day_number, day_of
from tray_app.core.errors import BadInput
from tray_app.core.quality import DoubtFinding, Severity
from tray_app.core.texts import clean_text
from tray_app.core.times import iso_instant, parse_instant
from tray_app.core.words import tr
from tray_app.datasets.krx.rules.acceptance import DoubtedDay
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry, Track
from tray_app.datasets.krx.rules.quality.convictions import LEFT_OUT, accused
from tray_app.datasets.krx.store.ledger import all_tracks_entries
from tray_app.datasets.krx.store.marks import set_pending_check
from tray_app.datasets.krx.tables import ABOUT_ROWS
from tray_app.store.database import Database

MARK = (
    "UPDATE data_quality_issues SET accepted_at = ?, accepted_by = ?, accepted_note = ?"
    " WHERE dataset_name = ? AND trade_date = ? AND subject = ? AND issue_code = ?"
)


class AcceptedDays:
    """Reads and writes what a person has accepted; the session is then to be judged anew."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def doubted(self) -> tuple[DoubtedDay, ...]:
        """Return every session of a market that is in doubt, or accepted, newest first."""
        with self._database.reading() as connection:
            return _doubted(connection)

    def accept(self, day: date, market_code: str, by: str, note: str, now: datetime) -> DoubtedDay:
        """Keep that a person takes a day without its rows in doubt. Raises BadInput where that may not be (yet)."""
        with self._database.writing() as connection:
            found = _of(connection, day, market_code)
            if found.is_accepted:
                return found
            refusal = found.refusal(now)
            if refusal is not None:
                raise refusal
            _mark(connection, found, (iso_instant(now), clean_text(by), clean_text(note)))
            return _of(connection, day, market_code)

    def take_back(self, day: date, market_code: str) -> DoubtedDay:
        """Let a day be in doubt again. Raises BadInput where it was not accepted."""
        with self._database.writing() as connection:
            found = _of(connection, day, market_code)
            if not any(finding.accepted_at for finding in found.findings):
                raise BadInput(
                    tr("Nothing to take back"),
                    tr("{market} of {day} was not accepted.", market=market_code, day=day),
                )
            _mark(connection, found, (None, None, None))
            return _of(connection, day, market_code)


def _of(connection: sqlite3.Connection, day: date, market_code: str) -> DoubtedDay:
    found = [each for each in _doubted(connection, day) if each.market_code == market_code]
    if not found:
        raise BadInput(
            tr("{market} of {day} is not in doubt", market=market_code, day=day),
            tr("No finding holds its rows to be wrong."),
            tr("`market-tray accept` lists the days that are."),
        )
    return found[0]


def _doubted(connection: sqlite3.Connection, day: date | None = None) -> tuple[DoubtedDay, ...]:
    marks = ", ".join("?" for _ in LEFT_OUT)
    rows = connection.execute(
        "SELECT trade_date, dataset_name, subject, issue_code, issue_detail, first_seen_at, last_seen_at, accepted_at,"
        " COALESCE(accepted_by, ''), COALESCE(accepted_note, '') FROM data_quality_issues"
        f" WHERE {ABOUT_ROWS} AND resolved_at IS NULL AND (? IS NULL OR trade_date = ?)"
        f" AND (severity = ? OR issue_code IN ({marks})) ORDER BY trade_date DESC, dataset_name, issue_code, subject",
        (day and day.isoformat(), day and day.isoformat(), Severity.ERROR, *LEFT_OUT),
    ).fetchall()
    found: dict[tuple[date, str], list[DoubtFinding]] = {}
    for row in rows:
        tracks = accused(row[1], row[2], row[3])
        if tracks:
            seen, accepted_at = (parse_instant(row[5]), parse_instant(row[6])), row[7] and parse_instant(row[7])
            finding = DoubtFinding(row[1], row[2], row[3], row[4], *seen, accepted_at, row[8], row[9])
            found.setdefault((date.fromisoformat(row[0]), tracks[0].market_code), []).append(finding)
    entries: dict[tuple[date, str], list[LedgerEntry]] = {}
    for entry in all_tracks_entries(connection, day) if found else ():
        if entry.state.is_stored:
            entries.setdefault((entry.session, entry.track.market_code), []).append(entry)
    return tuple(
        DoubtedDay(session, market_code, entries[session, market_code], findings)
        for (session, market_code), findings in found.items()
        if (session, market_code) in entries
    )


def _mark(connection: sqlite3.Connection, found: DoubtedDay, mark: Sequence[str | None]) -> None:
    day = found.session.isoformat()
    for each in found.findings:
        connection.execute(MARK, (*mark, each.dataset_name, day, each.subject, each.issue_code))
    for judged in (found.session, _following(connection, found)):
        if judged is not None:
            set_pending_check(connection, judged)


def _following(connection: sqlite3.Connection, found: DoubtedDay) -> date | None:
    track = Track(BarKind.EQUITY, found.market_code)
    (number,) = connection.execute(
        "SELECT MIN(trade_date) FROM day_summary WHERE dataset = ? AND market_code = ? AND trade_date > ?",
        (track.dataset, track.market_code, day_number(found.session)),
    ).fetchone()
    return None if number is None else day_of(number)
