"""Accepting a market's day without its rows in doubt: what a person may take on, and what has to be waited for first.

One bad cell would keep a whole market's day in doubt for ever. Only findings about single rows may be accepted, and
what follows from such a row being gone; a list that is wrong as a whole may not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tray_app.core.errors import BadInput
from tray_app.core.quality import DoubtFinding
from tray_app.core.row_faults import are_too_many
from tray_app.core.times import kst_date
from tray_app.core.words import tr
from tray_app.datasets.krx.rows import IndexClass
from tray_app.datasets.krx.rules.indices import MAIN_INDICES
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry, growing_delay
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, IssueDataset
from tray_app.datasets.krx.rules.quality.convictions import ROW_CODES, row_name
from tray_app.datasets.krx.rules.quality.day import figures_off

# The first ask, and those 1, 2 and 4 days after it: a week in which the source may correct itself.
ASKS_BEFORE_ACCEPTANCE = 4
WAIT = sum((growing_delay(number) for number in range(1, ASKS_BEFORE_ACCEPTANCE)), timedelta())
# What a class without its main index brings about.
OF_MAIN_INDEX = frozenset({IssueCode.BENCHMARK_MISSING, IssueCode.IDENTITY_MISMATCH})


@dataclass(frozen=True, slots=True)
class DoubtedDay:
    """A session of a market, or class of indices, that is in doubt or accepted: its ledger entries and findings."""

    session: date
    market_code: str
    entries: Sequence[LedgerEntry]
    findings: Sequence[DoubtFinding]

    @property
    def is_accepted(self) -> bool:
        """Whether nothing of it is in doubt any more, as a person has accepted it."""
        return all(finding.accepted_at is not None for finding in self.findings)

    @property
    def rows(self) -> tuple[str, ...]:
        """Return the rows in doubt, by code or index name; the subject of a finding that names none."""
        names = (row_name(each.dataset_name, each.subject) or each.subject for each in self.findings
                 if _is_about_a_row(each))  # fmt: skip
        return tuple(sorted(set(names))) or tuple(each.subject for each in self.findings)

    def refusal(self, now: datetime) -> BadInput | None:
        """Return why it cannot be accepted (yet)."""
        whole = [finding for finding in self.findings if not self._may_be_accepted(finding)]
        if whole:
            return self._refused(tr("The list is in doubt as a whole, not for single rows: {what}", what=whole[0].text))
        if self._are_too_many():
            return self._refused(tr("So many rows are in doubt that the list itself is."))
        if not self._has_waited():
            return self._refused(
                tr(
                    "It is still asked for by itself, next on {day}: a source corrects most of its mistakes within"
                    " days, and only what stays wrong for a week can be accepted.",
                    day=kst_date(min((each.next_try_at for each in self.entries if each.next_try_at), default=now)),
                )
            )
        return None

    def _may_be_accepted(self, finding: DoubtFinding) -> bool:
        if _is_about_a_row(finding):
            return True
        if finding.issue_code == IssueCode.TOTAL_MISMATCH:
            # One figure off beside others that agree to the won is one wrong cell; of more, a row must be known.
            return any(_is_about_a_row(each) for each in self.findings) or figures_off(finding.detail) == 1
        return finding.issue_code in OF_MAIN_INDEX and any(self._is_of_main_index(each) for each in self.findings)

    def _is_of_main_index(self, finding: DoubtFinding) -> bool:
        if finding.dataset_name != IssueDataset.INDEX or not _is_about_a_row(finding):
            return False
        return row_name(finding.dataset_name, finding.subject) == MAIN_INDICES[IndexClass(self.market_code)]

    def _are_too_many(self) -> bool:
        for dataset in (BarKind.EQUITY, BarKind.INDEX):
            named = sum(_is_about_a_row(each) and each.dataset_name == dataset for each in self.findings)
            rows = sum(entry.rows for entry in self.entries if entry.track.dataset is dataset)
            if are_too_many(named, max(rows, named + 1)):
                return True
        return False

    def _has_waited(self) -> bool:
        asked = [entry for entry in self.entries if entry.is_in_doubt]
        of_rows = [each for each in self.findings if _is_about_a_row(each)] or self.findings
        lasted = (each.last_seen_at - each.first_seen_at for each in of_rows if each.accepted_at is None)
        return all(entry.attempts >= ASKS_BEFORE_ACCEPTANCE for entry in asked) and min(lasted, default=WAIT) >= WAIT

    def _refused(self, why: str) -> BadInput:
        return BadInput(
            tr("{market} of {day} cannot be accepted", market=self.market_code, day=self.session),
            why,
            tr("It is asked for again by itself, and at once by a range that names the day."),
        )


def _is_about_a_row(finding: DoubtFinding) -> bool:
    """Whether a finding names the row that is wrong."""
    return finding.issue_code in ROW_CODES
