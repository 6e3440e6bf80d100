"""Which findings put a day in doubt, and whose: such a day is not verified, makes no factors, is asked for again.

Convicting are the open ERRORs about completeness, the source's integrity and single rows. What the other ERRORs, the
warnings and the information do stands in docs/quality.md.
"""

from tray_app.core.krx.indices import parse_index_code
from tray_app.core.krx.ledger import Dataset, Track
from tray_app.core.krx.quality import RULES, IssueCode
from tray_app.core.quality import IssueDataset, ValueCode

CONVICTING = frozenset(rule.code for rule in RULES.values() if rule.convicts)
# Rows of an answer were left out: what is stored of the day is not all of it, however little that weighs elsewhere.
LEFT_OUT = frozenset({ValueCode.ROW_SET_ASIDE, ValueCode.DATE_IMPOSSIBLE})
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
        index_class = owner if ":" in subject else parse_index_code(subject).index_class
        return (Track(Dataset.INDEX, index_class),)
    if dataset_name != IssueDataset.EQUITY:
        return ()
    rows = Track(Dataset.EQUITY, owner)
    return (rows, Track(Dataset.INDEX, owner)) if code in ACCUSES_BOTH else (rows,)
