"""Quality issues of all datasets: checking again updates them, a passing check resolves them, none is said twice."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import peewee

from tray_app.core.quality import FoundIssue, QualityIssue, StandingSource, ValueCode
from tray_app.core.times import iso_instant
from tray_app.store.database import Database
from tray_app.store.models import QualityIssueRow
from tray_app.store.series import Provenance

# An instrument's id by market, code and day, if one was listed then.
InstrumentOn = Callable[[str, str, date], int | None]
OPEN_ISSUE = (
    QualityIssueRow.resolved_at.is_null()
    & QualityIssueRow.acknowledged_note.is_null()
    & QualityIssueRow.accepted_at.is_null()
)
# Of an exchange's dataset; issues of others are about none of its rows.
INSTRUMENTS = peewee.Table("instruments")
ISSUE_TABLES = frozenset({"data_quality_issues"})

RESOLVE = (
    "UPDATE data_quality_issues SET resolved_at = ?"
    " WHERE dataset_name = ? AND trade_date = ? AND subject = ? AND issue_code = ?"
)


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """How many issues of a code and severity there are, and the newest day of them."""

    issue_code: str
    severity: str
    count: int
    newest: date

    @property
    def kind(self) -> tuple[str, str]:
        """Return what tells a group from every other."""
        return self.issue_code, self.severity


@dataclass(frozen=True, slots=True)
class CheckScope:
    """What a check has decided: every issue of these codes of a dataset's day, of some subjects only or of all.

    through: the last of the days, when the check has decided on more than one. owner: what stands before the colon of
    the subjects decided on, a market.
    """

    dataset: str
    day: date
    codes: Collection[str]
    subjects: Collection[str] | None = None
    through: date | None = None
    owner: str | None = None

    def holds(self, subject: str, code: str) -> bool:
        """Whether an issue of the days was decided on."""
        is_owned = self.owner is None or subject.partition(":")[0] == self.owner
        return is_owned and code in self.codes and (self.subjects is None or subject in self.subjects)


class Note(Protocol):
    """What is told of an answer, written in the transaction that stores the answer."""

    def keep(self, connection: sqlite3.Connection, seen: Provenance) -> None:
        """Write it in the caller's transaction."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a check of no instrument of an exchange has decided and found: values of series, coins and documents."""

    decided: CheckScope
    issues: Sequence[QualityIssue]

    def keep(self, connection: sqlite3.Connection, seen: Provenance) -> None:
        """Write it in the caller's transaction."""
        keep_issues(connection, self.decided, self.issues, _no_instrument, seen)


class IssueStore:
    """Reads of the issues of every dataset, and people's notes on them; usable from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def groups(self, *, open_only: bool = True) -> tuple[IssueGroup, ...]:
        """Return how many quality issues of each code and severity there are."""
        kind = (QualityIssueRow.issue_code, QualityIssueRow.severity)
        counted = (peewee.fn.COUNT(QualityIssueRow.subject), peewee.fn.MAX(QualityIssueRow.trade_date))
        query = QualityIssueRow.select(*kind, *counted).group_by(*kind).order_by(*kind)
        rows = self._database.rows(query.where(OPEN_ISSUE) if open_only else query)
        return tuple(IssueGroup(row[0], row[1], row[2], date.fromisoformat(row[3])) for row in rows)

    def found(
        self, *, open_only: bool = True, group: IssueGroup | None = None, limit: int = -1
    ) -> tuple[FoundIssue, ...]:
        """Return the quality issues, newest day first; open ones are neither resolved, acknowledged nor accepted."""
        row = QualityIssueRow
        query = row.select(
            row.dataset_name,
            row.trade_date,
            row.subject,
            row.issue_code,
            row.severity,
            INSTRUMENTS.c.external_code,
            INSTRUMENTS.c.instrument_name,
            row.index_code,
            row.issue_detail,
            row.first_seen_at,
            row.last_seen_at,
            row.resolved_at,
            row.acknowledged_note,
            row.accepted_at,
            row.accepted_by,
        ).join(INSTRUMENTS, peewee.JOIN.LEFT_OUTER, on=INSTRUMENTS.c.instrument_id == row.instrument_id)
        if open_only:
            query = query.where(OPEN_ISSUE)
        if group is not None:
            query = query.where((row.issue_code == group.issue_code) & (row.severity == group.severity))
        query = query.order_by(row.trade_date.desc(), row.issue_code, row.subject)
        rows = self._database.rows(query if limit < 0 else query.limit(limit))
        return tuple(FoundIssue(row[0], date.fromisoformat(row[1]), *row[2:]) for row in rows)

    def acknowledge(self, issue: FoundIssue, note: str) -> None:
        """Keep the user's note on an issue, which takes it from the open ones."""
        self._database.write(
            QualityIssueRow.update(acknowledged_note=note).where(
                (QualityIssueRow.dataset_name == issue.dataset_name)
                & (QualityIssueRow.trade_date == issue.trade_date)
                & (QualityIssueRow.subject == issue.subject)
                & (QualityIssueRow.issue_code == issue.issue_code)
            )
        )

    def standing_still(self) -> tuple[StandingSource, ...]:
        """Return the sources that answer the same for longer than they ever do, by open issues of it."""
        told = (QualityIssueRow.dataset_name, QualityIssueRow.subject, QualityIssueRow.issue_detail)
        stands = (QualityIssueRow.issue_code == ValueCode.SOURCE_STANDS_STILL) & QualityIssueRow.resolved_at.is_null()
        return tuple(
            StandingSource(*row)
            for row in self._database.rows(QualityIssueRow.select(*told).where(stands).order_by(*told[:2]))
        )


def keep_notes(connection: sqlite3.Connection, notes: Iterable[Note], seen: Provenance) -> None:
    """Write what is told of an answer."""
    for note in notes:
        note.keep(connection, seen)


def keep_issues(
    connection: sqlite3.Connection,
    decided: CheckScope,
    issues: Sequence[QualityIssue],
    instrument_on: InstrumentOn,
    seen: Provenance,
) -> None:
    """Write what a check found, and resolve what it no longer finds."""
    at = iso_instant(seen.at)
    rows = connection.execute(
        "SELECT trade_date, subject, issue_code FROM data_quality_issues"
        " WHERE dataset_name = ? AND trade_date BETWEEN ? AND ? AND resolved_at IS NULL ORDER BY trade_date DESC",
        (decided.dataset, decided.day.isoformat(), (decided.through or decided.day).isoformat()),
    ).fetchall()
    said = [(decided.dataset, date.fromisoformat(row[0]), row[1], row[2]) for row in rows if decided.holds(*row[1:])]
    first_days = {key[2:]: key[1] for key in said}
    found = {issue.key: issue for issue in (_on_its_first_day(issue, first_days) for issue in issues)}
    gone = [(at, key[0], key[1].isoformat(), *key[2:]) for key in said if key not in found]
    connection.executemany(RESOLVE, gone)
    _upsert(connection, list(found.values()), instrument_on, seen)


def _on_its_first_day(issue: QualityIssue, first_days: Mapping[tuple[str, str], date]) -> QualityIssue:
    if not issue.is_undated:
        return issue
    return replace(issue, trade_date=first_days.get((issue.subject, issue.issue_code), issue.trade_date))


def replace_store_wide_issues(
    connection: sqlite3.Connection,
    codes: Collection[str],
    issues: Sequence[QualityIssue],
    instrument_on: InstrumentOn,
    seen: Provenance,
) -> list[QualityIssue]:
    """Make these all the issues of some codes, of whatever day; returns those that were not open before.

    What is said already stays untouched, so that asking every day writes nothing.
    """
    at = iso_instant(seen.at)
    found = {issue.key: issue for issue in issues}
    marks = ", ".join("?" for _ in codes)
    rows = connection.execute(
        "SELECT dataset_name, trade_date, subject, issue_code, severity, issue_detail FROM data_quality_issues"
        f" WHERE resolved_at IS NULL AND issue_code IN ({marks})",
        tuple(codes),
    ).fetchall()
    said = {(row[0], date.fromisoformat(row[1]), row[2], row[3]): (row[4], row[5]) for row in rows}
    gone = [(at, key[0], key[1].isoformat(), *key[2:]) for key in said.keys() - found.keys()]
    connection.executemany(RESOLVE, gone)
    changed = [issue for key, issue in found.items() if said.get(key) != (issue.severity, issue.detail)]
    _upsert(connection, changed, instrument_on, seen)
    return [issue for issue in changed if issue.key not in said]


def _upsert(
    connection: sqlite3.Connection, issues: Sequence[QualityIssue], instrument_on: InstrumentOn, seen: Provenance
) -> None:
    at = iso_instant(seen.at)
    connection.executemany(
        """
        INSERT INTO data_quality_issues (dataset_name, trade_date, subject, issue_code, severity, instrument_id,
            index_code, issue_detail, first_seen_at, last_seen_at, run_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (dataset_name, trade_date, subject, issue_code) DO UPDATE SET severity = excluded.severity,
            instrument_id = COALESCE(excluded.instrument_id, data_quality_issues.instrument_id),
            issue_detail = excluded.issue_detail, last_seen_at = excluded.last_seen_at, resolved_at = NULL,
            run_id = excluded.run_id,
            -- What a person accepted was this finding, as long as it lasts.
            accepted_at = CASE WHEN data_quality_issues.resolved_at IS NULL
                AND data_quality_issues.issue_detail = excluded.issue_detail THEN accepted_at END
        """,
        [
            (
                issue.dataset_name,
                issue.trade_date.isoformat(),
                issue.subject,
                issue.issue_code,
                issue.severity,
                _instrument_id(issue, instrument_on),
                issue.index_code,
                issue.detail,
                at,
                at,
                seen.run_id,
            )
            for issue in issues
        ],
    )


def _no_instrument(market: str, code: str, day: date) -> None:
    """Return nothing."""


def _instrument_id(issue: QualityIssue, instrument_on: InstrumentOn) -> int | None:
    if issue.external_code is None or issue.market_code is None:
        return None
    return instrument_on(issue.market_code, issue.external_code, issue.trade_date)
