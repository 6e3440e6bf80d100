"""What is worked out of a session: factors, and what the quality rules found, acted on in the same transaction."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from tray_app.core.days import day_number
from tray_app.core.quality import QualityIssue, Severity
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.adjustment import Adjustment, AdjustmentMethod, Factor
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry, LedgerState, Track, after_check
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, IssueDataset
from tray_app.datasets.krx.rules.quality.convictions import LEFT_OUT, accepted_rows, accused, row_name
from tray_app.datasets.krx.rules.quality.source import LISTING_CODES, master_subject
from tray_app.datasets.krx.rules.verification import Accepted, Verification
from tray_app.datasets.krx.store.ledger import ALL_TRACKS, Ledger, save_entry
from tray_app.datasets.krx.store.listings import Listings
from tray_app.datasets.krx.store.marks import (
    bump_month,
    clear_pending_check,
    is_unchecked,
    set_pending_check,
    unchecked_days,
)
from tray_app.datasets.krx.tables import ABOUT_ROWS, FACTORS
from tray_app.store.database import Database
from tray_app.store.issues import CheckScope, keep_issues, replace_store_wide_issues
from tray_app.store.series import Provenance
from tray_app.store.statements import upsert

# What a factor is, behind whose it is.
FACTOR_COLUMNS = ", ".join(name for name in FACTORS.names if name not in {"trade_date", "run_id"})
SAVE_FACTOR = upsert(FACTORS)

Checked = tuple[CheckScope, Sequence[QualityIssue]]
# Of the tracks whose day is or was in doubt, what their rows are worth as they stand.
Verdicts = Mapping[Track, Verification]
Doubts = Mapping[Track, Sequence[str]]


class Checks:
    """The sessions to be checked, their factors and quality issues, and the ledger's entries these put in doubt."""

    def __init__(self, database: Database, ledger: Ledger, listings: Listings) -> None:
        self._database = database
        self._ledger = ledger
        self._listings = listings
        with database.reading() as connection:
            self._accepted_days = _accepted_days(connection)

    def doubts_on(self, day: date) -> Doubts:
        """Return the open findings that put a session in doubt, by track."""
        with self._database.reading() as connection:
            return _open_doubts(connection, day)

    def accepted_on(self, day: date) -> Mapping[Track, Accepted]:
        """Return what a person has accepted a session without, by track. Nobody accepts while a run goes on."""
        if day not in self._accepted_days:
            return {}
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT dataset_name, subject, issue_code FROM data_quality_issues WHERE {ABOUT_ROWS}"
                " AND trade_date = ? AND resolved_at IS NULL AND accepted_at IS NOT NULL",
                (day.isoformat(),),
            ).fetchall()
        return accepted_rows(rows)

    def left_out_on(self, market: Market, day: date) -> frozenset[str]:
        """Return the codes of a market's session whose rows were left out of what is stored."""
        marks = ", ".join("?" for _ in LEFT_OUT)
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT subject FROM data_quality_issues WHERE dataset_name = ? AND trade_date = ?"
                f" AND resolved_at IS NULL AND issue_code IN ({marks}) AND subject LIKE ? || ':%'",
                (IssueDataset.EQUITY, day.isoformat(), *LEFT_OUT, market),
            ).fetchall()
        return frozenset(row_name(IssueDataset.EQUITY, row[0]) for row in rows)

    def has_open(self, market: Market, day: date, codes: Collection[IssueCode]) -> bool:
        """Whether an issue of some codes about a market's whole list is open on a session."""
        with self._database.reading() as connection:
            return _is_any_open(connection, day, market, codes)

    def has_odd_listings(self, market: Market, day: date) -> bool:
        """Whether an open issue says that rows were left out of a session's master list."""
        with self._database.reading() as connection:
            return _is_any_open(connection, day, master_subject(market), LISTING_CODES)

    def keep(
        self, day: date, checks: Sequence[Checked], verdicts: Verdicts, seen: Provenance, *, is_checked: bool = False
    ) -> None:
        """Write what was decided of a session, and act on it. is_checked: with it the session counts as checked."""
        with self._database.writing() as connection:
            for decided, issues in checks:
                keep_issues(connection, decided, issues, self._listings.id_on, seen)
            if is_checked:
                clear_pending_check(connection, day)
            changed = self._act(connection, day, verdicts, seen)
        for entry in changed:
            self._ledger.note(entry)

    def replace_store_wide_issues(
        self, codes: Collection[IssueCode], issues: Sequence[QualityIssue], seen: Provenance
    ) -> list[QualityIssue]:
        """Make these all the issues of some codes, of whatever day; returns those that were not open before."""
        with self._database.writing() as connection:
            return replace_store_wide_issues(connection, codes, issues, self._listings.id_on, seen)

    def unchecked_days(self) -> list[date]:
        """Return the sessions whose factors and quality are still to be worked out, ascending."""
        with self._database.reading() as connection:
            return unchecked_days(connection)

    def is_unchecked(self, day: date) -> bool:
        """Whether a session's factors and quality are still to be worked out."""
        with self._database.reading() as connection:
            return is_unchecked(connection, day)

    def replace_factors(self, market: Market, day: date, events: Mapping[int, Adjustment], seen: Provenance) -> int:
        """Make these the factors of a market's session, by instrument id; returns how many changed."""
        number = day_number(day)
        wanted = {key: _factor(event) for key, event in events.items() if event.changes_prices}
        with self._database.writing() as connection:
            rows = connection.execute(
                # One seek an instrument, as the table is clustered by it; SQLite's own choice takes thrice as long.
                f"SELECT {FACTOR_COLUMNS} FROM instruments i CROSS JOIN {FACTORS.name} f USING (instrument_id)"
                " WHERE i.market_code = ? AND f.trade_date = ?",
                (market, number),
            )
            stored = {row[0]: tuple(row[1:]) for row in rows}
            gone = [(key, number) for key in stored.keys() - wanted.keys()]
            changed = [(key, number, *each, seen.run_id) for key, each in wanted.items() if stored.get(key) != each]
            connection.executemany(f"DELETE FROM {FACTORS.name} WHERE instrument_id = ? AND trade_date = ?", gone)
            connection.executemany(SAVE_FACTOR, changed)
            if gone or changed:
                bump_month(connection, FACTORS.name, day)
        return len(gone) + len(changed)

    def factors_of(self, market: Market, day: date) -> dict[str, Factor]:
        """Return the stored factors of a market's session by issue code."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT i.external_code, f.factor, f.method FROM {FACTORS.name} f"
                " JOIN instruments i ON i.instrument_id = f.instrument_id WHERE f.trade_date = ? AND i.market_code = ?",
                (day_number(day), market),
            ).fetchall()
        return {row[0]: Factor(day, row[1], AdjustmentMethod(row[2])) for row in rows}

    def has_factor(self, market: Market) -> bool:
        """Whether any factor of a market is stored."""
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT 1 FROM price_adjustment_factors f JOIN instruments i ON i.instrument_id = f.instrument_id"
                " WHERE i.market_code = ? LIMIT 1",
                (market,),
            )
            return found.fetchone() is not None

    def _act(
        self, connection: sqlite3.Connection, day: date, verdicts: Verdicts, seen: Provenance
    ) -> list[LedgerEntry]:
        """Put in doubt what the open findings of a session convict, and believe again what they acquit."""
        doubts, changed = _open_doubts(connection, day), list[LedgerEntry]()
        for entry in self._stored_entries(day):
            judged = after_check(entry, doubts.get(entry.track, ()), verdicts.get(entry.track), seen.at)
            if judged == entry:
                continue
            save_entry(connection, judged, seen.run_id)
            changed.append(judged)
            if _makes_factors(judged) != _makes_factors(entry) and entry.track.dataset is BarKind.EQUITY:
                # Factors of the day, and of the session that speaks of its closes, are to be made or taken back.
                for each in (day, self._ledger.following(entry)):
                    if each is not None:
                        set_pending_check(connection, each)
        return changed

    def _stored_entries(self, day: date) -> list[LedgerEntry]:
        found = (self._ledger.entry(track, day) for track in ALL_TRACKS)
        return [entry for entry in found if entry is not None and entry.state.is_stored]


def _makes_factors(entry: LedgerEntry) -> tuple[bool, str]:
    """Return what decides which factors are made of a session: those of rows that it is accepted without are not."""
    return entry.is_in_doubt, entry.reason if entry.state is LedgerState.ACCEPTED else ""


def _open_doubts(connection: sqlite3.Connection, day: date) -> Doubts:
    """Return why each track's list of a day is held to be wrong, one text a rule."""
    marks = ", ".join("?" for _ in LEFT_OUT)
    rows = connection.execute(
        "SELECT dataset_name, subject, issue_code, issue_detail FROM data_quality_issues"
        f" WHERE {ABOUT_ROWS} AND trade_date = ?"
        " AND resolved_at IS NULL AND accepted_at IS NULL"
        f" AND (severity = ? OR issue_code IN ({marks})) ORDER BY issue_code, subject",
        (day.isoformat(), Severity.ERROR, *LEFT_OUT),
    ).fetchall()
    found: dict[Track, dict[str, list[str]]] = {}
    for dataset_name, subject, code, detail in rows:
        for track in accused(dataset_name, subject, code):
            found.setdefault(track, {}).setdefault(code, []).append(f"{subject}: {detail}")
    return {track: [_said(code, each) for code, each in by_code.items()] for track, by_code in found.items()}


def _accepted_days(connection: sqlite3.Connection) -> frozenset[date]:
    """Return the days that a person has accepted without some rows, of any track."""
    rows = connection.execute(
        "SELECT DISTINCT trade_date FROM data_quality_issues WHERE resolved_at IS NULL AND accepted_at IS NOT NULL"
    )
    return frozenset(date.fromisoformat(row[0]) for row in rows)


def _said(code: str, details: Sequence[str]) -> str:
    more = f" And {len(details) - 1} more." if len(details) > 1 else ""
    return f"{code} {details[0]}{more}"


def _factor(event: Adjustment) -> tuple[float, float, str, int, str]:
    share_factor = event.factor if event.method.adjusts_volume else 1.0
    return (event.factor, share_factor, str(event.method), int(event.is_flagged), str(event.inputs))


def _is_any_open(connection: sqlite3.Connection, day: date, subject: str, codes: Collection[str]) -> bool:
    """Whether an issue of some codes about an equity subject is open on a day."""
    marks = ", ".join("?" for _ in codes)
    found = connection.execute(
        "SELECT 1 FROM data_quality_issues WHERE dataset_name = ? AND trade_date = ? AND subject = ?"
        f" AND resolved_at IS NULL AND issue_code IN ({marks})",
        (IssueDataset.EQUITY, day.isoformat(), subject, *codes),
    )
    return found.fetchone() is not None
