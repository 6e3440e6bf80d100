"""A small made-up exchange with a known story, for tests of many sessions: typed rows, and their bodies on the wire.

Sessions count from START. Issues come, go, move, split and change their names on the sessions named here; everything
else trades unchanged in between, so whatever a run finds is to be found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from datasets.krx.rules import kit
from krx_wire import DAILY, INDEX, MASTER, body, equity_row, index_body, master_body

from tray_app.datasets.krx.rows import STOCK_MARKETS, EquityBar, Market
from tray_app.datasets.krx.rules.calendar import KrxCalendar

START = date(2024, 3, 4)
LONG_AGO = date(2001, 5, 7)
SESSIONS = tuple(KrxCalendar().sessions(START, START + timedelta(days=120)))
PLAIN = {Market.KOSPI: 40, Market.KOSDAQ: 60, Market.KONEX: 25}

MARKET_OF = {service: market for services in (DAILY, MASTER) for market, service in services.items()}
CLASS_OF = {service: index_class for index_class, service in INDEX.items()}


@dataclass(frozen=True)
class Issue:
    """An issue listed on sessions first..last (both counted from 0); events tell what happens on a session."""

    market: Market
    code: str
    first: int = -1
    last: int = 10_000
    names: dict[int, str] = field(default_factory=dict)
    split_at: int | None = None
    ex_date_at: int | None = None
    halted: range = range(0)
    sections: dict[int, str] = field(default_factory=dict)
    closes: dict[int, float] = field(default_factory=dict)

    @property
    def listed(self) -> date:
        """Return the listing date."""
        return LONG_AGO if self.first < 0 else SESSIONS[self.first]

    def section(self, number: int) -> str:
        """Return the section it stands in on a session."""
        known = [at for at in self.sections if at <= number]
        plain = "" if self.market is Market.KOSPI else "벤처기업부"
        return self.sections[max(known)] if known else plain

    def name(self, number: int) -> str:
        """Return the name borne on a session."""
        known = [at for at in self.names if at <= number]
        return self.names[max(known)] if known else f"종목 {self.code}"


NEWCOMER = Issue(Market.KOSDAQ, "0088A0", first=12)
LEAVER = Issue(Market.KOSPI, "009900", last=20)
RENAMED = Issue(Market.KOSDAQ, "077700", names={8: "새이름", 25: "더새이름"})
CLIMBER = Issue(Market.KONEX, "055500", last=14)
CLIMBED = Issue(Market.KOSDAQ, "055500", first=15)
REUSED_OLD = Issue(Market.KOSDAQ, "033300", last=5)
REUSED_NEW = Issue(Market.KOSDAQ, "033300", first=30)
SPLIT = Issue(Market.KOSPI, "005930", split_at=18)
RIGHTS = Issue(Market.KOSDAQ, "073010", ex_date_at=22)
HALTED = Issue(Market.KOSPI, "011110", halted=range(9, 13))
STORY = (NEWCOMER, LEAVER, RENAMED, CLIMBER, CLIMBED, REUSED_OLD, REUSED_NEW, SPLIT, RIGHTS, HALTED)
ISSUES = (
    *STORY,
    *(
        Issue(market, f"{place + 1:01}{number:04}0")
        for place, (market, count) in enumerate(PLAIN.items())
        for number in range(100, 100 + count)
    ),
)


class Exchange:
    """What an exchange with these issues answers."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = issues
        self._rows: dict[tuple[Market, int], tuple[EquityBar, ...]] = {}
        self._bodies: dict[tuple[str, int], bytes] = {}

    def rows(self, market: Market, number: int) -> tuple[EquityBar, ...]:
        """Return a market's rows of a session."""
        if (market, number) not in self._rows:
            self._rows[market, number] = tuple(_row(issue, number) for issue in self._listed(market, number))
        return self._rows[market, number]

    def body_of(self, service: str, day: date) -> bytes | None:
        """Return the answer of a service for a day; none for a day without a session."""
        if day not in SESSIONS:
            return None
        asked = (service, SESSIONS.index(day))
        if asked not in self._bodies:
            self._bodies[asked] = self._body(*asked)
        return self._bodies[asked]

    def _body(self, service: str, number: int) -> bytes:
        day = SESSIONS[number]
        if service in CLASS_OF:
            index_class = CLASS_OF[service]
            bars = [bar for market in STOCK_MARKETS if market == index_class.value for bar in self.rows(market, number)]
            return index_body(index_class, day, bars)
        market = MARKET_OF[service]
        if service in MASTER.values():
            listed = {issue.code: issue.listed for issue in self._listed(market, number)}
            return master_body(self.rows(market, number), lambda bar: listed[bar.code])
        return body([equity_row(bar) for bar in self.rows(market, number)])

    def _listed(self, market: Market, number: int) -> list[Issue]:
        return [issue for issue in self.issues if issue.market is market and _is_listed(issue, number)]


EXCHANGE = Exchange(ISSUES)
rows, body_of = EXCHANGE.rows, EXCHANGE.body_of


def _is_listed(issue: Issue, number: int) -> bool:
    return issue.first <= number <= issue.last


def _close(issue: Issue, number: int) -> float:
    if number in issue.closes:
        return issue.closes[number]
    # A walk that never leaves the price limit nor meets a tick it may not stand on.
    close = 10_000.0 + 10 * ((number * 7 + int(issue.code[1:4], 36)) % 50)
    if issue.split_at is not None and number < issue.split_at:
        close *= 5
    if issue.ex_date_at is not None and number < issue.ex_date_at:
        close += 1_000
    return _close(issue, issue.halted.start - 1) if number in issue.halted else close


def _base(issue: Issue, number: int) -> float:
    before = _close(issue, number - 1)
    if number == issue.split_at:
        return before / 5
    if number == issue.ex_date_at:
        return before - 1_000
    return before


def _row(issue: Issue, number: int) -> EquityBar:
    close, base = _close(issue, number), _base(issue, number)
    shares = 1_000_000 if issue.split_at is None or number < issue.split_at else 5_000_000
    volume = 0 if number in issue.halted else 1_000 + number
    return kit.bar(
        issue.code,
        SESSIONS[number],
        market=issue.market,
        name=issue.name(number),
        section=issue.section(number),
        close=close,
        change=close - base,
        volume=volume,
        listed_shares=shares,
    )
