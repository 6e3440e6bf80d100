"""Whether a day's list is complete: row counts against the days around it, sums against the exchange's own totals.

The first index row of KOSPI and KOSDAQ, `(외국주포함)`, carries the market's totals: the sums of market value, of
traded value and of volume over the issues equal it to the won and the share. KONEX has no index and is checked by its
row count alone.
Source: docs/sources/krx.md, "Market totals".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from tray_app.datasets.krx.rows import EquityBar, IndexBar, IndexClass, Market
from tray_app.datasets.krx.rules.indices import MAIN_INDICES, TOTALS

BASELINE_SESSIONS = 20
BASELINE_REACH = timedelta(days=45)
# Stands for a row without a name.
WHOLE_CLASS = "*"
LEAST_SHARE = 0.95
GREATEST_SHARE = 1.05
# So many times the issues of any day around it: the list of something else.
FOREIGN_TIMES = 5


class Verdict(StrEnum):
    """What checking a day's rows showed."""

    VERIFIED = "verified"
    ACCEPTED = "accepted"
    UNPROVEN = "unproven"
    CONTRADICTED = "contradicted"


class CountVerdict(StrEnum):
    """How a row count compares with the days around it."""

    SANE = "sane"
    DROP = "drop"
    JUMP = "jump"
    NO_BASELINE = "no_baseline"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What of a track's day a person has accepted it without: rows, by code or index name, and the market's total."""

    rows: frozenset[str] = frozenset()
    without_total: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.rows) or self.without_total

    def missing(self, present: Iterable[str]) -> int:
        """Return how many of the rows are not among those that are stored."""
        return len(self.rows - {WHOLE_CLASS, *present})

    @property
    def reason(self) -> str:
        """Return it as a text."""
        named = [*sorted(self.rows), *(["the market's total"] if self.without_total else [])]
        return f"Accepted without {', '.join(named)}."


ALL_ROWS = Accepted()


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict on a day's list and why it is not verified.

    Rows of base info for the same day would settle it when wants_base_info, the class of indices when wants_total.
    """

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    wants_base_info: bool = False
    wants_total: bool = False

    @property
    def reason(self) -> str:
        """Return the reasons as one text."""
        return " ".join(self.reasons)


def baseline_counts(counts: Mapping[date, int], session: date) -> list[int]:
    """Return the row counts to compare a session with: of the last 20 sessions before it, else of the first 20 after.

    counts: rows per stored session of one market. Sessions more than 45 days away tell nothing.
    """
    before = sorted(day for day in counts if session - BASELINE_REACH <= day < session)
    after = sorted(day for day in counts if session < day <= session + BASELINE_REACH)
    near = before[-BASELINE_SESSIONS:] or after[:BASELINE_SESSIONS]
    return [counts[day] for day in near]


def check_count(rows: int, baseline: Sequence[int]) -> CountVerdict:
    """Compare a row count with the median of its baseline: 95 % to 105 % of it is sane."""
    if not baseline:
        return CountVerdict.NO_BASELINE
    usual = median(baseline)
    if rows < usual * LEAST_SHARE:
        return CountVerdict.DROP
    return CountVerdict.JUMP if rows > usual * GREATEST_SHARE else CountVerdict.SANE


def is_of_another_service(rows: int, baseline: Sequence[int]) -> bool:
    """Whether a list is so long that it cannot be the market's; one short list among the days before proves nothing."""
    return bool(baseline) and rows >= FOREIGN_TIMES * max(baseline)


def verify_equities(  # noqa: PLR0913, PLR0917 - what speaks for a list
    market: Market,
    bars: Sequence[EquityBar],
    baseline: Sequence[int],
    base_info_rows: int | None = None,
    total: IndexBar | None = None,
    accepted: Accepted = ALL_ROWS,
) -> Verification:
    """Check one market's list of a day.

    base_info_rows: rows of the same day's base info, when asked for; total: the `(외국주포함)` row of the same day.
    """
    sum_verdict, sum_reasons = Verdict.VERIFIED, list[str]()
    if market in TOTALS and not accepted.without_total:
        sum_verdict, sum_reasons = _check_sums(bars, total)
    rows = len(bars) + accepted.missing(bar.code for bar in bars)
    count_verdict, count_reasons = _check_rows(rows, baseline, base_info_rows)
    if market is Market.ETF:
        return _but_for(accepted, _by_count_alone(count_verdict, count_reasons, baseline))
    reasons = (*sum_reasons, *count_reasons)
    if Verdict.CONTRADICTED in {sum_verdict, count_verdict}:
        return Verification(Verdict.CONTRADICTED, reasons)
    if reasons:
        return Verification(
            Verdict.UNPROVEN, reasons, count_verdict is Verdict.UNPROVEN, sum_verdict is Verdict.UNPROVEN
        )
    return _but_for(accepted, Verification(Verdict.VERIFIED))


def _but_for(accepted: Accepted, found: Verification) -> Verification:
    """Return a verdict as it is where a person has accepted something: that a list is whole is said of none then."""
    return (
        Verification(Verdict.ACCEPTED, (accepted.reason,)) if accepted and found.verdict is Verdict.VERIFIED else found
    )


def _by_count_alone(verdict: Verdict, reasons: list[str], baseline: Sequence[int]) -> Verification:
    """Judge a list that neither totals nor a master list speak of; the first one has to be believed."""
    is_sane = verdict is Verdict.VERIFIED or not baseline
    return Verification(Verdict.VERIFIED) if is_sane else Verification(Verdict.UNPROVEN, tuple(reasons))


def verify_indices(
    index_class: IndexClass, bars: Sequence[IndexBar], baseline: Sequence[int], accepted: Accepted = ALL_ROWS
) -> Verification:
    """Check one class of indices of a day: its main index has a close and the number of rows did not drop."""
    closes = {bar.name for bar in bars if bar.close is not None}
    main = MAIN_INDICES[index_class]
    if main is not None and main not in closes | accepted.rows:
        return Verification(Verdict.CONTRADICTED, (f"The index {main} has no close.",))
    rows = len(bars) + accepted.missing(bar.name for bar in bars)
    if check_count(rows, baseline) is CountVerdict.DROP:
        reason = f"{len(bars)} rows, usually {median(baseline):g}."
        return Verification(Verdict.CONTRADICTED, (reason,))
    name = TOTALS.get(index_class)
    if name is not None and name not in accepted.rows and WHOLE_CLASS not in accepted.rows:
        lacking = _what_total_lacks(total_of(index_class, bars))
        if lacking:
            return Verification(Verdict.UNPROVEN, (lacking,))
    return _but_for(accepted, Verification(Verdict.VERIFIED))


def total_of(market: Market | IndexClass, bars: Sequence[IndexBar]) -> IndexBar | None:
    """Return the row with the totals of a market, or of its class, from the index rows of a day; KONEX has none."""
    name = TOTALS.get(market)
    return next((bar for bar in bars if bar.name == name), None)


def _check_sums(bars: Sequence[EquityBar], total: IndexBar | None) -> tuple[Verdict, list[str]]:
    lacking = _what_total_lacks(total)
    if total is None:
        return Verdict.UNPROVEN, [lacking]
    reasons = []
    volume = sum(bar.volume for bar in bars)
    # The two values prove a list where the total's volume is blank.
    if total.volume not in {None, volume}:
        reasons.append(f"Volume of the rows is {volume - (total.volume or 0):+,} shares off the market's total.")
    pairs = (
        ("Market value", sum(bar.market_value for bar in bars), total.market_cap),
        ("Traded value", sum(bar.turnover_value for bar in bars), total.turnover_value),
    )
    for what, added, expected in pairs:
        if expected not in {None, added}:
            reasons.append(f"{what} of the rows is {added - (expected or 0):+,} won off the market's total.")
    if reasons:
        return Verdict.CONTRADICTED, reasons
    return (Verdict.UNPROVEN, [lacking]) if lacking else (Verdict.VERIFIED, [])


def _what_total_lacks(total: IndexBar | None) -> str:
    """Return why a market's total row proves nothing; an empty text where it can, be its volume there or not."""
    if total is None:
        return "The market's total row is missing."
    return "The market's total row is blank." if None in {total.market_cap, total.turnover_value} else ""


def _check_rows(rows: int, baseline: Sequence[int], base_info_rows: int | None) -> tuple[Verdict, list[str]]:
    if base_info_rows is not None:
        if rows == base_info_rows:
            return Verdict.VERIFIED, []
        return Verdict.CONTRADICTED, [f"{rows} rows, base info has {base_info_rows}."]
    count = check_count(rows, baseline)
    if count is CountVerdict.SANE:
        return Verdict.VERIFIED, []
    if count is CountVerdict.NO_BASELINE:
        return Verdict.UNPROVEN, ["No days around it to compare the number of rows with."]
    return Verdict.UNPROVEN, [f"{rows} rows, usually {median(baseline):g}."]
