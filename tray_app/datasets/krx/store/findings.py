"""What the quality rules found: written, and acted on in the same transaction."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from tray_app.core.quality import QualityIssue
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry, LedgerState, Track, after_check
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode
from tray_app.datasets.krx.rules.quality.source import LISTING_CODES, master_subject
from tray_app.datasets.krx.rules.verification import Accepted, Verification
from tray_app.datasets.krx.store.doubts import Doubts, accepted_days, accepted_on, left_out_on, open_doubts
from tray_app.datasets.krx.store.instruments import InstrumentBook
from tray_app.datasets.krx.store.ledger import save_entry
from tray_app.datasets.krx.store.ledger_book import ALL_TRACKS, Ledger
from tray_app.datasets.krx.store.stamps import clear_pending_check, set_pending_check
from tray_app.store.database import Database
from tray_app.store.issues import CheckScope, is_any_open, keep_issues, replace_store_wide_issues
from tray_app.store.series import Provenance

Checked = tuple[CheckScope, Sequence[QualityIssue]]
# Of the tracks whose day is or was in doubt, what their rows are worth as they stand.
Verdicts = Mapping[Track, Verification]


class Findings:
    """The quality issues of the exchange, and the ledger's entries they put in doubt."""

    def __init__(self, database: Database, instruments: InstrumentBook, ledger: Ledger) -> None:
        self._database = database
        self._instruments = instruments
        self._ledger = ledger
        with database.reading() as connection:
            self._accepted_days = accepted_days(connection)

    def doubts_on(self, day: date) -> Doubts:
        """Return the open findings that put a session in doubt, by track."""
        with self._database.reading() as connection:
            return open_doubts(connection, day)

    def accepted_on(self, day: date) -> Mapping[Track, Accepted]:
        """Return what a person has accepted a session without, by track. Nobody accepts while a run goes on."""
        if day not in self._accepted_days:
            return {}
        with self._database.reading() as connection:
            return accepted_on(connection, day)

    def left_out_on(self, market: Market, day: date) -> frozenset[str]:
        """Return the codes of a market's session whose rows were left out of what is stored."""
        with self._database.reading() as connection:
            return left_out_on(connection, market, day)

    def has_open(self, market: Market, day: date, codes: Collection[IssueCode]) -> bool:
        """Whether an issue of some codes about a market's whole list is open on a session."""
        with self._database.reading() as connection:
            return is_any_open(connection, day, market, codes)

    def has_odd_listings(self, market: Market, day: date) -> bool:
        """Whether an open issue says that rows were left out of a session's master list."""
        with self._database.reading() as connection:
            return is_any_open(connection, day, master_subject(market), LISTING_CODES)

    def finish_check(self, day: date, checks: Sequence[Checked], verdicts: Verdicts, seen: Provenance) -> None:
        """Write what the checks of a session decided, and act on it; with it the session counts as checked."""
        self._keep(day, checks, verdicts, seen, is_checked=True)

    def keep(self, day: date, checks: Sequence[Checked], verdicts: Verdicts, seen: Provenance) -> None:
        """Write what was decided of a session beside its check, and act on it."""
        self._keep(day, checks, verdicts, seen, is_checked=False)

    def replace_store_wide_issues(
        self, codes: Collection[IssueCode], issues: Sequence[QualityIssue], seen: Provenance
    ) -> list[QualityIssue]:
        """Make these all the issues of some codes, of whatever day; returns those that were not open before."""
        with self._database.writing() as connection:
            return replace_store_wide_issues(connection, codes, issues, self._instruments.id_on, seen)

    def _keep(
        self, day: date, checks: Sequence[Checked], verdicts: Verdicts, seen: Provenance, *, is_checked: bool
    ) -> None:
        with self._database.writing() as connection:
            for decided, issues in checks:
                keep_issues(connection, decided, issues, self._instruments.id_on, seen)
            if is_checked:
                clear_pending_check(connection, day)
            changed = self._act(connection, day, verdicts, seen)
        for entry in changed:
            self._ledger.note(entry)

    def _act(
        self, connection: sqlite3.Connection, day: date, verdicts: Verdicts, seen: Provenance
    ) -> list[LedgerEntry]:
        """Put in doubt what the open findings of a session convict, and believe again what they acquit."""
        doubts, changed = open_doubts(connection, day), list[LedgerEntry]()
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
