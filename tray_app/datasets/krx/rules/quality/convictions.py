"""Which findings put a day in doubt, and whose: such a day is not verified, makes no factors, is asked for again.

Convicting are the open ERRORs about completeness, the source's integrity and single rows. What the other ERRORs, the
warnings and the information do stands in docs/quality.md.
"""

from collections.abc import Iterable, Mapping

from tray_app.core.quality import Severity, ValueCode
from tray_app.datasets.krx.rules.indices import TOTALS, parse_index_code
from tray_app.datasets.krx.rules.ledger import BarKind, Track
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, IssueDataset, RuleGroup
from tray_app.datasets.krx.rules.verification import Accepted

CONVICTING = frozenset(code for code in IssueCode if code.convicts)
# Rows of an answer were left out: what is stored of the day is not all of it, however little that weighs elsewhere.
LEFT_OUT = frozenset({ValueCode.ROW_SET_ASIDE, ValueCode.DATE_IMPOSSIBLE})
# About one row of a list each.
ROW_CODES = LEFT_OUT | {
    IssueCode.INDEX_RATE_MISMATCH,
    *(code for code in IssueCode if code.group is RuleGroup.ROW and code.severity is Severity.ERROR),
}
# These say that there are no rows; rows that come make them untrue.
ABOUT_NOTHING = frozenset({IssueCode.DAY_MISSING, IssueCode.EMPTY_ON_EXPECTED_SESSION})
# Of a market's rows and its indices either may be the wrong ones.
ACCUSES_BOTH = frozenset({
    IssueCode.TOTAL_MISMATCH,
    IssueCode.BENCHMARK_MISSING,
    IssueCode.DUPLICATE_OF_PREVIOUS_DAY,
    IssueCode.BASE_PRICES_OF_ANOTHER_DAY,
})  # fmt: skip


def accused(dataset_name: str, subject: str, code: str) -> tuple[Track, ...]:
    """Return the tracks whose rows of a day an open ERROR puts in doubt; none for a code that convicts nobody.

    subject: `KOSPI` or `KOSPI:005930` of equities; an index code or `KOSPI:*` of indices.
    """
    if code not in (CONVICTING | LEFT_OUT) - ABOUT_NOTHING:
        return ()
    owner = subject.partition(":")[0]
    if dataset_name == IssueDataset.INDEX:
        index_class = owner if ":" in subject else parse_index_code(subject)[0]
        return (Track(BarKind.INDEX, index_class),)
    if dataset_name != IssueDataset.EQUITY:
        return ()
    rows = Track(BarKind.EQUITY, owner)
    return (rows, Track(BarKind.INDEX, owner)) if code in ACCUSES_BOTH else (rows,)


def row_name(dataset_name: str, subject: str) -> str:
    """Return which row a finding is about, by its code or index name; nothing where it is about the whole list."""
    if dataset_name == IssueDataset.INDEX and ":" not in subject:
        return parse_index_code(subject)[1]
    return subject.partition(":")[2]


def accepted_rows(findings: Iterable[tuple[str, str, str]]) -> Mapping[Track, Accepted]:
    """Return what a day is accepted without, by track, from the accepted findings: dataset, subject and code of each.

    Whoever accepts that an index list lacks the market's total does so for the market's rows too.
    """
    rows: dict[Track, set[str]] = {}
    without_total = set[Track]()
    for dataset_name, subject, code in findings:
        track, name = accused(dataset_name, subject, code)[0], row_name(dataset_name, subject)
        if code in ROW_CODES:
            rows.setdefault(track, set()).add(name or subject)
        if code == IssueCode.TOTAL_MISMATCH or name in TOTALS.values():
            without_total.add(Track(BarKind.EQUITY, track.market_code))
    return {
        track: Accepted(frozenset(rows.get(track, ())), track in without_total) for track in {*rows, *without_total}
    }
