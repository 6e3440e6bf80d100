"""The table of every quality rule for equities, indices and the calendar of the Korea Exchange.

Severities: an ERROR blocks the export of its dataset unless the user says otherwise, a WARN is exported and flagged,
an INFO is only said. What each rule does: docs/quality.md. Missing values are never invented.
"""

from datetime import date
from enum import StrEnum
from typing import Self

from tray_app.core.quality import QualityIssue, Severity
from tray_app.datasets.krx.rows import EquityBar


class RuleGroup(StrEnum):
    """What kind of fault a rule looks for."""

    COMPLETENESS = "completeness"
    SOURCE = "source integrity"
    ROW = "row logic"
    SERIES = "series"
    CORPORATE_ACTION = "corporate actions"
    CALENDAR = "calendar"
    INDEX = "index"


_E, _W, _I = Severity.ERROR, Severity.WARN, Severity.INFO
_G = RuleGroup


class IssueDataset(StrEnum):
    """What an issue of the exchange is about."""

    EQUITY = "equity"
    INDEX = "index"
    CALENDAR = "calendar"


class IssueCode(StrEnum):
    """Every rule, by its name: what it says of a finding, what kind of fault that is, and what it means."""

    severity: Severity
    group: RuleGroup
    text: str

    def __new__(cls, name: str, severity: Severity, group: RuleGroup, text: str) -> Self:
        """Return a rule."""
        rule = str.__new__(cls, name)
        rule._value_ = name
        rule.severity, rule.group, rule.text = severity, group, text
        return rule

    # fmt: off
    DAY_MISSING = "DAY_MISSING", _E, _G.COMPLETENESS, "a market stays empty on a session with rows of others"
    DAY_ROWCOUNT_DROP = ("DAY_ROWCOUNT_DROP", _E, _G.COMPLETENESS,
        "fewer rows than 95 % of the median of 20 sessions; WARN for ETFs, whose count nothing proves")
    DAY_ROWCOUNT_JUMP = "DAY_ROWCOUNT_JUMP", _W, _G.COMPLETENESS, "more rows than 105 % of the median of 20 sessions"
    INSTRUMENT_GAP = "INSTRUMENT_GAP", _W, _G.COMPLETENESS, "an issue's row is absent between two days that have one"
    INSTRUMENT_VANISHED = ("INSTRUMENT_VANISHED", _W, _G.COMPLETENESS,
        "an issue's rows stopped 10 sessions ago, not delisted")
    UNLISTED_ROW = "UNLISTED_ROW", _W, _G.COMPLETENESS, "a row before the listing or after the delisting"
    MASTER_ORPHAN = "MASTER_ORPHAN", _E, _G.COMPLETENESS, "a row whose issue is not in the day's base info"
    MASTER_MISSING = "MASTER_MISSING", _E, _G.COMPLETENESS, "an issue of the day's base info without a row"
    BENCHMARK_MISSING = ("BENCHMARK_MISSING", _E, _G.COMPLETENESS,
        "stock rows without the market's index, or the reverse")
    STALE_DATASET = "STALE_DATASET", _W, _G.COMPLETENESS, "the newest stored day is older than the published ones"
    RESPONSE_DATE_MISMATCH = "RESPONSE_DATE_MISMATCH", _E, _G.SOURCE, "rows of another day than the one asked for"
    EMPTY_ON_EXPECTED_SESSION = ("EMPTY_ON_EXPECTED_SESSION", _W, _G.SOURCE,
        "an empty answer for a predicted session; ERROR with rows of another market")
    ALL_ZERO_SNAPSHOT = "ALL_ZERO_SNAPSHOT", _E, _G.SOURCE, "no row of a market has a trade"
    DUPLICATE_OF_PREVIOUS_DAY = ("DUPLICATE_OF_PREVIOUS_DAY", _E, _G.SOURCE,
        "over 90 % of the rows equal the previous session's")
    BASE_PRICES_OF_ANOTHER_DAY = ("BASE_PRICES_OF_ANOTHER_DAY", _E, _G.SOURCE,
        "the base prices of over 20 % of the traded issues are not the closes before: the body is another day's")
    TOTAL_MISMATCH = ("TOTAL_MISMATCH", _E, _G.SOURCE,
        "market value, traded value or volume are not the exchange's totals")
    FIELD_DRIFT = "FIELD_DRIFT", _E, _G.SOURCE, "a required field is missing, new or of another type"
    RESTATED_VALUE = "RESTATED_VALUE", _W, _G.SOURCE, "a later answer changed stored values; both are kept"
    IDENTITY_MISMATCH = "IDENTITY_MISMATCH", _E, _G.SOURCE, "a main index is gone from its class: renamed or misplaced"
    DUPLICATE_KEY = "DUPLICATE_KEY", _E, _G.SOURCE, "a code or index occurs twice on a day"
    OHLC_HIGH_INCONSISTENT = "OHLC_HIGH_INCONSISTENT", _E, _G.ROW, "the high is below another price of the day"
    OHLC_LOW_INCONSISTENT = "OHLC_LOW_INCONSISTENT", _E, _G.ROW, "the low is above another price of the day"
    PRICE_NON_POSITIVE = "PRICE_NON_POSITIVE", _E, _G.ROW, "a price is zero or negative"
    PRICE_NON_FINITE = "PRICE_NON_FINITE", _E, _G.ROW, "a price is no finite number"
    NEGATIVE_VOLUME = "NEGATIVE_VOLUME", _E, _G.ROW, "volume is negative"
    NEGATIVE_TURNOVER = "NEGATIVE_TURNOVER", _E, _G.ROW, "traded value is negative"
    NEGATIVE_MARKET_VALUE = "NEGATIVE_MARKET_VALUE", _E, _G.ROW, "market value is negative"
    ZERO_OHL_WITH_CLOSE = ("ZERO_OHL_WITH_CLOSE", _I, _G.ROW,
        "issues without a trade, by market and day: a carried close only")
    HALT_FLAG_MISMATCH = ("HALT_FLAG_MISMATCH", _W, _G.ROW,
        "prices without volume, volume without prices, or a change without a trade (KONEX quotes, so it may change)")
    TURNOVER_OUT_OF_RANGE = ("TURNOVER_OUT_OF_RANGE", _W, _G.ROW,
        ("traded value outside volume x low..high by over 2 %; INFO where block trades inside the price limit "
         "can explain it"))
    MARKETCAP_IDENTITY = "MARKETCAP_IDENTITY", _W, _G.ROW, "close x shares differs from market value by over 0.1 %"
    CHANGE_IDENTITY = "CHANGE_IDENTITY", _E, _G.ROW, "change does not fit the base price, the rate or the index before"
    TICK_SIZE_VIOLATION = "TICK_SIZE_VIOLATION", _I, _G.ROW, "prices off the tick grid of the day; one a market and day"
    PRICE_LIMIT_BREACH = ("PRICE_LIMIT_BREACH", _W, _G.ROW,
        "close outside the price limit; not on first days, in liquidation or on KONEX")
    LIMIT_UP_CLOSE = "LIMIT_UP_CLOSE", _I, _G.ROW, "closes at the upper price limit; one a market and day"
    LIMIT_DOWN_CLOSE = "LIMIT_DOWN_CLOSE", _I, _G.ROW, "closes at the lower price limit; one a market and day"
    LISTED_SHARES_JUMP = "LISTED_SHARES_JUMP", _W, _G.ROW, "shares changed by over 5 % without an event"
    RETURN_OUTLIER = "RETURN_OUTLIER", _W, _G.SERIES, "a return over 10 % with a robust z over 10, not market-wide"
    SPIKE_REVERSAL = "SPIKE_REVERSAL", _W, _G.SERIES, "a move of over 20 % is undone within two sessions"
    STALE_PRICE = "STALE_PRICE", _W, _G.SERIES, "the same close for 20 sessions with volume"
    BASE_PRICE_BREAK_NO_EVENT = ("BASE_PRICE_BREAK_NO_EVENT", _W, _G.CORPORATE_ACTION,
        "the base price differs from the previous close and no rule explains it for sure")
    FACTOR_MISSING = "FACTOR_MISSING", _E, _G.CORPORATE_ACTION, "an event without its stored factor"
    FACTOR_EXTREME = "FACTOR_EXTREME", _W, _G.CORPORATE_ACTION, "a factor below 1/200 or above 200"
    FACTOR_UNKNOWN = ("FACTOR_UNKNOWN", _E, _G.CORPORATE_ACTION,
        "an adjusted set goes across a missing or doubtful session")
    ADJ_EQUALS_RAW_SUSPECT = ("ADJ_EQUALS_RAW_SUSPECT", _E, _G.CORPORATE_ACTION,
        "no factor in a market over 250 sessions")
    ADJ_RETURN_DISCONTINUITY = ("ADJ_RETURN_DISCONTINUITY", _W, _G.CORPORATE_ACTION,
        "the return over an event exceeds the price limit")
    ADJ_VOLUME_BASIS_MIXED = ("ADJ_VOLUME_BASIS_MIXED", _E, _G.CORPORATE_ACTION,
        "a share-count event adjusts prices, not volume")
    CODE_REUSED = "CODE_REUSED", _I, _G.CORPORATE_ACTION, "a code is listed again: a new episode"
    MARKET_TRANSFER = "MARKET_TRANSFER", _I, _G.CORPORATE_ACTION, "an issue moved to another market: a new episode"
    TRANSFER_BASE_BREAK = ("TRANSFER_BASE_BREAK", _W, _G.CORPORATE_ACTION,
        "the base price of the first day on a new market is not the last close on the old one")
    CAL_CONFLICT = "CAL_CONFLICT", _W, _G.CALENDAR, "rows on a day predicted closed, or a sign of a session in between"
    CAL_UNKNOWN = "CAL_UNKNOWN", _W, _G.CALENDAR, "a predicted session that should be published stays empty"
    INDEX_PARTIAL_OHLC = ("INDEX_PARTIAL_OHLC", _W, _G.INDEX,
        "a main index has a close only; INFO for the others, one a class")
    INDEX_STEP = "INDEX_STEP", _W, _G.INDEX, "an index moved by over 12 % in a day"
    INDEX_RATE_MISMATCH = "INDEX_RATE_MISMATCH", _E, _G.SOURCE, "the rate of an index is not its change over its base"
    ETF_NAV_MISSING = "ETF_NAV_MISSING", _W, _G.ROW, "an ETF without a NAV"
    ETF_PREMIUM_OUT_OF_RANGE = "ETF_PREMIUM_OUT_OF_RANGE", _W, _G.ROW, "an ETF's close is over 10 % off its NAV"
    INDEX_VS_CONSTITUENTS = ("INDEX_VS_CONSTITUENTS", _I, _G.INDEX,
        "index return 0.5 points off its issues' weighted return")
    # fmt: on

    @property
    def code(self) -> Self:
        """Return its name."""
        return self

    @property
    def convicts(self) -> bool:
        """Whether an open ERROR of the rule puts the day's whole list in doubt: see convictions.py beside this."""
        return self.group in {RuleGroup.COMPLETENESS, RuleGroup.SOURCE, RuleGroup.ROW}


# True of some issue on most good days: a run need not be partial for them.
ROUTINE = frozenset({
    IssueCode.TURNOVER_OUT_OF_RANGE,
    IssueCode.LISTED_SHARES_JUMP,
    IssueCode.RETURN_OUTLIER,
    IssueCode.SPIKE_REVERSAL,
    IssueCode.STALE_PRICE,
    IssueCode.BASE_PRICE_BREAK_NO_EVENT,
    IssueCode.TRANSFER_BASE_BREAK,
    IssueCode.ETF_PREMIUM_OUT_OF_RANGE,
})  # fmt: skip


def equity_issue(bar: EquityBar, code: IssueCode, detail: str, severity: Severity | None = None) -> QualityIssue:
    """Return an issue about one issue's row."""
    return instrument_issue(bar.trade_date, bar.market, bar.code, code, detail, severity)


def instrument_issue(  # noqa: PLR0913, PLR0917 - a finding's parts, each plain
    day: date, market_code: str, external_code: str, code: IssueCode, detail: str, severity: Severity | None = None
) -> QualityIssue:
    """Return an issue about one instrument on a day."""
    subject = f"{market_code}:{external_code}"
    level = severity or code.severity
    return QualityIssue(IssueDataset.EQUITY, day, subject, code, level, detail, market_code, external_code)


def market_issue(
    day: date, market_code: str, code: IssueCode, detail: str, severity: Severity | None = None
) -> QualityIssue:
    """Return an issue about a market's whole list on a day."""
    level = severity or code.severity
    return QualityIssue(IssueDataset.EQUITY, day, market_code, code, level, detail, market_code)


def index_issue(
    day: date, subject: str, code: IssueCode, detail: str, severity: Severity | None = None
) -> QualityIssue:
    """Return an issue about an index (its code) or a class of indices (`CLASS:*`)."""
    level = severity or code.severity
    return QualityIssue(IssueDataset.INDEX, day, subject, code, level, detail, index_code=subject)


def calendar_issue(day: date, code: IssueCode, detail: str) -> QualityIssue:
    """Return an issue about a day of the calendar."""
    return QualityIssue(IssueDataset.CALENDAR, day, "KRX", code, code.severity, detail)


def listed(codes: list[str], limit: int = 10) -> str:
    """Return a number of codes as `12: 000020, 000040, ...`."""
    shown = ", ".join(sorted(codes)[:limit])
    return f"{len(codes)}: {shown}{', ...' if len(codes) > limit else ''}"
