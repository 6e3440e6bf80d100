"""Quality rules about the calendar and the indices. Index values are points."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

from tray_app.core.quality import QualityIssue, Severity
from tray_app.datasets.krx.rows import EquityBar, IndexBar, IndexClass
from tray_app.datasets.krx.rules.calendar import CalendarDay, DayState, Evidence, KrxCalendar
from tray_app.datasets.krx.rules.indices import ALIASES, MAIN_INDICES, TOTAL_CODES, code_of
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, calendar_issue, index_issue, listed

CHANGE_SLACK = 0.0151
ROUNDING = 0.0101
STEP = 0.12
CONSTITUENT_SLACK = 0.005

INDEX_DAY_CODES = frozenset({
    IssueCode.IDENTITY_MISMATCH,
    IssueCode.DUPLICATE_KEY,
    IssueCode.OHLC_HIGH_INCONSISTENT,
    IssueCode.OHLC_LOW_INCONSISTENT,
    IssueCode.INDEX_PARTIAL_OHLC,
    IssueCode.INDEX_STEP,
    IssueCode.CHANGE_IDENTITY,
})  # fmt: skip


def check_calendar_day(day: CalendarDay) -> Iterator[QualityIssue]:
    """CAL_CONFLICT, CAL_UNKNOWN."""
    if day.is_conflict:
        detail = f"Rows on a day predicted closed: {day.holiday_name or 'weekend'}."
        yield calendar_issue(day.trade_date, IssueCode.CAL_CONFLICT, detail)
    if day.state is DayState.UNKNOWN and day.evidence is Evidence.EMPTY_ANSWERS:
        detail = "Predicted as a session, but every answer was empty."
        yield calendar_issue(day.trade_date, IssueCode.CAL_UNKNOWN, detail)


def check_index_day(
    day: date, index_class: IndexClass, bars: Sequence[IndexBar], previous: Mapping[str, IndexBar] | None = None
) -> list[QualityIssue]:
    """Return the findings about a class of indices on a stored day; it decides every code of INDEX_DAY_CODES for them.

    previous: the session before by index name, when it is stored.
    """
    issues = list(check_identity(day, index_class, bars))
    issues.extend(check_index_keys(day, index_class, bars))
    issues.extend(check_index_prices(day, index_class, bars))
    known = previous or {}
    issues.extend(issue for bar in bars for issue in check_step(bar))
    issues.extend(issue for bar in bars if bar.name in known for issue in check_index_change(bar, known[bar.name]))
    return issues


def check_identity(day: date, index_class: IndexClass, bars: Sequence[IndexBar]) -> Iterator[QualityIssue]:
    """IDENTITY_MISMATCH."""
    main = MAIN_INDICES[index_class]
    strangers = [bar.name for bar in bars if bar.index_class is not index_class]
    if strangers:
        yield index_issue(day, f"{index_class}:*", IssueCode.IDENTITY_MISMATCH, f"Other class: {listed(strangers)}")
    elif main is not None and bars and main not in {bar.name for bar in bars}:
        yield index_issue(day, f"{index_class}:*", IssueCode.IDENTITY_MISMATCH, f"The class has no {main}.")


def check_index_keys(day: date, index_class: IndexClass, bars: Sequence[IndexBar]) -> Iterator[QualityIssue]:
    """DUPLICATE_KEY."""
    names = [bar.name for bar in bars]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        yield index_issue(day, f"{index_class}:*", IssueCode.DUPLICATE_KEY, listed(twice))


def check_index_prices(day: date, index_class: IndexClass, bars: Sequence[IndexBar]) -> Iterator[QualityIssue]:
    """OHLC_HIGH_INCONSISTENT, OHLC_LOW_INCONSISTENT, INDEX_PARTIAL_OHLC. Market totals have no prices."""
    close_only = list[str]()
    for bar in bars:
        code, prices = code_of(bar), (bar.open, bar.high, bar.low, bar.close)
        known = [price for price in prices if price is not None]
        if code in TOTAL_CODES:
            continue
        if len(known) < len(prices):
            if (index_class, bar.name) in ALIASES:
                yield index_issue(day, code, IssueCode.INDEX_PARTIAL_OHLC, "No open, high or low.")
            else:
                close_only.append(bar.name)
            continue
        if bar.high is not None and bar.high < max(known) - ROUNDING:
            yield index_issue(day, code, IssueCode.OHLC_HIGH_INCONSISTENT, f"High {bar.high}, of {known}.")
        if bar.low is not None and bar.low > min(known) + ROUNDING:
            yield index_issue(day, code, IssueCode.OHLC_LOW_INCONSISTENT, f"Low {bar.low}, of {known}.")
    if close_only:
        detail, subject = listed(close_only), f"{index_class}:*"
        yield index_issue(day, subject, IssueCode.INDEX_PARTIAL_OHLC, detail, Severity.INFO)


def check_step(bar: IndexBar) -> Iterator[QualityIssue]:
    """INDEX_STEP."""
    if bar.close is not None and bar.change is not None and bar.close != bar.change:
        step = bar.change / (bar.close - bar.change)
        if abs(step) > STEP:
            code = code_of(bar)
            yield index_issue(bar.trade_date, code, IssueCode.INDEX_STEP, f"Moved by {step:+.1%}.")


def check_index_change(bar: IndexBar, previous: IndexBar) -> Iterator[QualityIssue]:
    """CHANGE_IDENTITY: close minus change is the close of the session before, else a session is missing between.

    Only WARN for indices whose history the exchange rewrites: all but the main ones.
    """
    if bar.close is None or bar.change is None or previous.close is None:
        return
    expected = bar.close - bar.change
    if abs(expected - previous.close) > CHANGE_SLACK:
        detail = f"Close less change {expected:.2f}, close of {previous.trade_date} {previous.close:.2f}."
        severity = Severity.ERROR if (bar.index_class, bar.name) in ALIASES else Severity.WARN
        yield index_issue(bar.trade_date, code_of(bar), IssueCode.CHANGE_IDENTITY, detail, severity)


def check_hidden_sessions(bar: IndexBar, previous: IndexBar, calendar: KrxCalendar) -> Iterator[QualityIssue]:
    """CAL_CONFLICT: a broken change across weekdays predicted closed means that one of them was a session.

    It costs no call, and finds what asking for predicted sessions only would lose.
    """
    between = (bar.trade_date - previous.trade_date).days
    days = [previous.trade_date + timedelta(days=offset) for offset in range(1, between)]
    closed = [day for day in days if calendar.holiday_name(day) is not None]
    if closed and not any(map(calendar.is_session, days)) and any(check_index_change(bar, previous)):
        for day in closed:
            detail = f"Predicted closed ({calendar.holiday_name(day)}), but the index moved across it."
            yield calendar_issue(day, IssueCode.CAL_CONFLICT, detail)


def check_constituents(index: IndexBar, bars: Collection[EquityBar]) -> Iterator[QualityIssue]:
    """INDEX_VS_CONSTITUENTS: against the market-value-weighted return of all the market's issues."""
    base_value = sum((bar.close - bar.change) * bar.listed_shares for bar in bars)
    if index.close is None or index.change is None or index.close == index.change or base_value <= 0:
        return
    weighted = sum(bar.close * bar.listed_shares for bar in bars) / base_value - 1
    moved = index.change / (index.close - index.change)
    if abs(weighted - moved) > CONSTITUENT_SLACK:
        detail = f"Index {moved:+.2%}, its market's issues {weighted:+.2%}."
        yield index_issue(index.trade_date, code_of(index), IssueCode.INDEX_VS_CONSTITUENTS, detail)
