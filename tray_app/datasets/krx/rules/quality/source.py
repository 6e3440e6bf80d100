"""Quality rules about what the source sent, or did not send, for a session; and about rows against their neighbours."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tray_app.core.quality import QualityIssue, Severity, ValueCode
from tray_app.core.row_faults import RowFault, findings
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.ledger import ASKS_BEFORE_REST, BarKind, LedgerEntry, LedgerState, Track
from tray_app.datasets.krx.rules.quality.catalogue import (
    IssueCode,
    IssueDataset,
    index_issue,
    instrument_issue,
    listed,
    market_issue,
)

SHAPE_CODES = frozenset({IssueCode.FIELD_DRIFT, IssueCode.RESPONSE_DATE_MISMATCH})
LISTING_CODES = frozenset({ValueCode.LISTING_SET_ASIDE})
MASTER_CODES = frozenset({IssueCode.MASTER_ORPHAN, IssueCode.MASTER_MISSING})
ASKS_BESIDE_OTHERS = 3


def source_subject(track: Track) -> str:
    """Return the subject of an issue about a track's whole answer."""
    return track.market_code if track.dataset is BarKind.EQUITY else f"{track.market_code}:*"


def shape_issue(track: Track, day: date, fault: str) -> QualityIssue:
    """Return FIELD_DRIFT or RESPONSE_DATE_MISMATCH, from what the source found wrong with an answer."""
    other_day = IssueCode.RESPONSE_DATE_MISMATCH
    return _about(track, day, other_day if other_day in fault else IssueCode.FIELD_DRIFT, fault)


def row_subject(track: Track, name: str) -> str:
    """Return the subject of an issue about one row, by its code or index name; without one that of the answer."""
    return f"{track.market_code}:{name}" if name else source_subject(track)


def left_out_issues(track: Track, day: date, faults: Iterable[RowFault]) -> list[QualityIssue]:
    """Return an issue for each instrument or index whose row was left out of an answer."""
    named = [replace(fault, subject=row_subject(track, fault.subject), day=day) for fault in faults]
    return [_left_out(track, finding.issue(dataset_of(track), day)) for finding in findings(named)]


def _left_out(track: Track, issue: QualityIssue) -> QualityIssue:
    if track.dataset is BarKind.INDEX:
        return replace(issue, index_code=issue.subject)
    code = issue.subject.partition(":")[2]
    return replace(issue, market_code=track.market_code, external_code=code or None)


def master_subject(market: Market) -> str:
    """Return the subject of an issue about the rows of a market's master list."""
    return f"{market}:master"


def master_rows_issues(market: Market, day: date, faults: Iterable[RowFault]) -> list[QualityIssue]:
    """Return a WARN about the rows left out of a master list, if there are: what the day's own rows say still holds."""
    subject = master_subject(market)
    code = ValueCode.LISTING_SET_ASIDE
    named = [RowFault(subject, f"{fault.subject} {fault.reason}", day, code) for fault in faults]
    return [finding.issue(IssueDataset.EQUITY, day) for finding in findings(named)]


def check_empty(entry: LedgerEntry, *, others_have_rows: bool) -> Iterator[QualityIssue]:
    """EMPTY_ON_EXPECTED_SESSION, DAY_MISSING: a session that stays empty although it should be published by now.

    A late morning is no finding: a later session must be published, or the day's other lists long since. While it is
    asked again daily it is empty, after seven asks it is missing.
    """
    is_late = entry.state is LedgerState.NOT_YET_PUBLISHED and others_have_rows
    if not (entry.state is LedgerState.UNKNOWN or (is_late and entry.attempts >= ASKS_BESIDE_OTHERS)):
        return
    if entry.attempts == 0 or entry.reason.startswith("Predicted closed"):
        return
    is_unknown = entry.state is LedgerState.UNKNOWN
    if is_unknown and others_have_rows and entry.attempts >= ASKS_BEFORE_REST:
        yield _about(entry.track, entry.session, IssueCode.DAY_MISSING, f"Empty {entry.attempts} times.")
        return
    severity = Severity.ERROR if others_have_rows else Severity.WARN
    issue = _about(entry.track, entry.session, IssueCode.EMPTY_ON_EXPECTED_SESSION, entry.reason)
    yield replace(issue, severity=severity)


def check_staleness(
    market: Market, newest: date | None, missing_since: date | None, expected: date
) -> Iterator[QualityIssue]:
    """STALE_DATASET, on the first session that is missing. expected: a session published long enough ago."""
    if newest is None or newest < expected:
        detail = f"Newest stored day {newest or 'none'}, published {expected} at least."
        yield market_issue(missing_since or expected, market, IssueCode.STALE_DATASET, detail)


def check_restated(day: date, market: Market, changed: Mapping[str, Collection[str]]) -> Iterator[QualityIssue]:
    """RESTATED_VALUE, one per market and day. changed: the columns of each code that a later answer changed."""
    codes = [code for code, columns in changed.items() if columns]
    if codes:
        columns = sorted({column for code in codes for column in changed[code]})
        yield market_issue(day, market, IssueCode.RESTATED_VALUE, f"{', '.join(columns)} of {listed(codes)}")


def check_gaps(market: Market, sessions: Sequence[date], last_rows: Mapping[str, date]) -> Iterator[QualityIssue]:
    """INSTRUMENT_GAP, on the last session without a row. Halted issues have rows.

    sessions: stored ones without a hole, ascending, up to the one on which issues are back that the one before lacks.
    last_rows: by their codes the session of the last row before.
    """
    for code, last in last_rows.items():
        absent = len(sessions) - 2 - sessions.index(last)
        many = f"No rows on the {absent} sessions between {last} and {sessions[-1]}."
        detail = many if absent > 1 else "Rows on the sessions before and after."
        yield instrument_issue(sessions[-2], market, code, IssueCode.INSTRUMENT_GAP, detail)


def check_master(day: date, market: Market, rows: Collection[str], told: Collection[str]) -> Iterator[QualityIssue]:
    """MASTER_ORPHAN, MASTER_MISSING: the codes of the day's rows against those of the same day's base info."""
    orphans, missing = set(rows) - set(told), set(told) - set(rows)
    for code, codes in ((IssueCode.MASTER_ORPHAN, orphans), (IssueCode.MASTER_MISSING, missing)):
        if codes:
            yield market_issue(day, market, code, listed(list(codes)))


def _about(track: Track, day: date, code: IssueCode, detail: str) -> QualityIssue:
    subject = source_subject(track)
    if track.dataset is BarKind.INDEX:
        return index_issue(day, subject, code, detail)
    return market_issue(day, subject, code, detail)


def dataset_of(track: Track) -> IssueDataset:
    """Return the dataset of a track's issues."""
    return IssueDataset.EQUITY if track.dataset is BarKind.EQUITY else IssueDataset.INDEX
