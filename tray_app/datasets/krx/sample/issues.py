"""What the sample market is made of: issues with their fixed traits, and the events of their lives.

Sessions are numbers of the sample calendar. An issue that changes the market or merges with a shell company goes on as
another issue with the same code.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.sample.words import Sector, Title

MARKETS = (Market.KOSPI, Market.KOSDAQ, Market.KONEX)
BLANK_SECTION = ""
SECTIONS = (
    BLANK_SECTION,
    "우량기업부",
    "벤처기업부",
    "중견기업부",
    "기술성장기업부",
    "SPAC(소속부없음)",
    "관리종목(소속부없음)",
    "투자주의환기종목(소속부없음)",
    "외국기업(소속부없음)",
    "일반기업부",
)
SHELL_SECTION = SECTIONS.index("SPAC(소속부없음)")
ADMINISTRATION = SECTIONS.index("관리종목(소속부없음)")
CAUTION = SECTIONS.index("투자주의환기종목(소속부없음)")
FOREIGN_SECTION = SECTIONS.index("외국기업(소속부없음)")
KONEX_SECTION = SECTIONS.index("일반기업부")


class EventKind(IntEnum):
    """What can happen to an issue before a session opens; the amount's meaning stands in brackets."""

    LIST = 0  # (logarithm of the first close to the offer price, as the market means it)
    FOLLOW = 1  # goes on where another issue ends (shares for one of the other's)
    DELIST = 2  # no row from this session on
    HALT = 3
    RESUME = 4
    SPLIT = 5  # the base follows the shares (new shares for one old; below 1: reverse split)
    REPRICE = 6  # as SPLIT, but the base is the opening price
    CUT_BASE = 7  # rights, bonus, stock dividend: shares as before (base for a close of 1)
    GROW = 8  # the listed shares change alone (new shares for one old)
    RENAME = 9  # the next of its names
    SECTION = 10  # (place in SECTIONS)
    SHOCK = 11  # news (logarithm of the change of worth)
    UNLIMIT = 12  # no daily price limit from here on


@dataclass(frozen=True)
class Event:
    """One event of one issue before a session opens; other is the issue that a FOLLOW goes on from."""

    kind: EventKind
    issue: int
    amount: float = 0.0
    other: int = -1


@dataclass(frozen=True)
class Issue:
    """The fixed traits of an issue.

    offer is the base of the first session in won, shares the number listed then (both 0 when it follows another);
    quiet is the chance of a session without a trade, turnover the part of the shares that changes hands on a usual day;
    beta, step and drift (a year) shape the price. rank is the size at the start, 0 the largest of its market.
    """

    number: int
    code: str
    isin: str
    market: Market
    sector: Sector
    titles: tuple[Title, ...]
    listed: date
    first: int
    group: str = "주권"
    share_class: str = "보통주"
    par: str = "500"
    section: int = 0
    offer: int = 0
    shares: int = 0
    beta: float = 1.0
    step: float = 0.025
    drift: float = 0.0
    quiet: float = 0.0
    turnover: float = 0.004
    rank: int = 9999
    is_shell: bool = False
    is_foreign: bool = False
    is_preferred: bool = False


@dataclass
class Population:
    """Every issue there ever is, by number and so by first session; the ends; the events by session."""

    issues: list[Issue] = field(default_factory=list)
    ends: dict[int, int] = field(default_factory=dict)
    events: dict[int, list[Event]] = field(default_factory=dict)

    def add_event(self, session: int, kind: EventKind, issue: int, amount: float = 0.0, other: int = -1) -> None:
        """Note an event."""
        self.events.setdefault(session, []).append(Event(kind, issue, amount, other))
