"""Who is listed when on the sample exchange, and what comes over them: quotas, not chances, so that all of it happens.

Sessions are numbers of the sample calendar. An issue that changes the market or merges with a shell company goes on as
another issue with the same code.
"""

import math
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import cycle

import numpy as np

from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.krx.sample.calendar import SampleCalendar
from tray_app.datasets.krx.sample.names import NameBook, Sector, Title, isin_of, sectors
from tray_app.datasets.krx.sample.ticks import on_coarse_tick

NEVER = 10**6
STEP = 20
SESSIONS_A_YEAR = 245
KONEX_FIRST_DAY = date(2013, 7, 1)
SPLIT_OF_THE_LARGEST = date(2018, 5, 4)
QUICK_SPLITS_FROM = date(2018, 1, 1)
LIQUIDATION_SESSIONS = 7
GONE_SESSIONS = 45
SHELL_AGE = 400
UNRANKED = 9999
# The largest are all there, of the others a share; the large have the preferred shares and stay.
ALL_THERE, LARGE = 20, 25
USUAL_SECTIONS = ("우량기업부", "벤처기업부", "중견기업부", "기술성장기업부")
SHELL, ADMINISTRATION, CAUTION = "SPAC(소속부없음)", "관리종목(소속부없음)", "투자주의환기종목(소속부없음)"
FOREIGN, KONEX = "외국기업(소속부없음)", "일반기업부"
# The real market's rows by year, how many leave in a year, the worth of a newcomer and its price, and how they leave.
ROWS = {
    Market.KOSPI: ((2010, 906), (2016, 895), (2019, 901), (2024, 952), (2027, 945)),
    Market.KOSDAQ: ((2010, 1028), (2013, 1005), (2014, 1010), (2016, 1152), (2019, 1325), (2024, 1703), (2027, 1825)),
    Market.KONEX: ((2013.49, 0), (2013.5, 21), (2014, 45), (2017, 141), (2019, 153), (2024, 130), (2027, 108)),
}
EXITS = {Market.KOSPI: 12, Market.KOSDAQ: 48, Market.KONEX: 17}
WORTH = {Market.KOSPI: (2.5e11, 14_000), Market.KOSDAQ: (1.1e11, 6_000), Market.KONEX: (3e10, 5_000)}
WAYS = {
    Market.KOSPI: "liquidated merged",
    Market.KOSDAQ: "liquidated up merged liquidated merged relisted",
    Market.KONEX: "up merged",
}
SHELL_PART = 0.4
PREFERRED = {"5": 81, "7": 9, "9": 1, "K": 20, "L": 4, "M": 1}
PARS = ("100", "500", "500", "500", "1000", "2500", "5000", "200", ".25")
# What comes over an issue, in turns, and the sessions between two of them.
FATE = (
    "growth short rights shock growth rename halt growth split shock bonus short growth {} section growth reverse "
    "short rights shock growth reprice"
)
COMMON_FATE = [kind for seldom in ("long", "short", "short") for kind in FATE.format(seldom).split()]
FATES = {"common": (COMMON_FATE, 160), "preferred": (["short", "shock"], 900), "shell": (["short"], 3000)}


@dataclass
class Issue:
    """An issue with the fixed traits of its price, and the spells of its names, sections and halts by first session.

    offer is the base of the first session in won (0 when it follows another issue), shares the number listed then;
    quiet is the chance of a session without a trade, turnover the part of the shares that changes hands on a usual day.
    end is the first session without it, unlimited the first one without a price limit.
    """

    number: int
    code: str
    isin: str
    market: Market
    sector: Sector
    listed: date
    first: int
    names: list[tuple[int, Title]]
    sections: list[tuple[int, str]]
    offer: int
    shares: int
    beta: float
    step: float
    quiet: float
    turnover: float
    rank: int = UNRANKED
    kind: str = "common"
    group: str = "주권"
    share_class: str = "보통주"
    par: str = "500"
    end: int = NEVER
    unlimited: int = NEVER
    halts: list[tuple[int, int]] = field(default_factory=list)

    @property
    def is_foreign(self) -> bool:
        """Whether its issuer is a foreign one."""
        return not self.isin.startswith("KR")


@dataclass(frozen=True)
class Change:
    """What comes over an issue before a session opens.

    price is the base for a close of 1, or the first base for an issue that follows another's close (listed: of its
    offer); shares are those for one old; shock is the logarithm by which its worth changes.
    """

    issue: int
    price: float = 1.0
    shares: float = 1.0
    shock: float = 0.0
    is_fresh: bool = False
    opens_at_base: bool = False
    follows: int | None = None


class Population:
    """Every issue there ever is, by number, and the changes by session; the same at every start.

    share: how many issues there are for one of the real market.
    """

    def __init__(self, calendar: SampleCalendar, share: float) -> None:
        self.issues: list[Issue] = []
        self.changes: dict[int, list[Change]] = {}
        self._calendar = calendar
        self._share = share
        self._luck = random.Random("krx people")
        self._book = NameBook(self._luck)
        self._sectors = sectors()
        self._alive: dict[Market, list[Issue]] = {market: [] for market in STOCK_MARKETS}
        self._ways = {market: cycle(ways.split()) for market, ways in WAYS.items()}
        self._shells: Counter[str] = Counter()
        self._found()
        leaving = dict.fromkeys(STOCK_MARKETS, 0.0)
        for start in range(0, len(calendar.sessions) - STEP, STEP):
            self._live_through(start, leaving)
        for issue in tuple(self.issues):
            self._live(issue)

    def add(self, session: int, change: Change) -> None:
        """Let a change happen."""
        self.changes.setdefault(session, []).append(change)

    # --- who comes and goes ---------------------------------------------------------------------------------------

    def _found(self) -> None:
        letters = [letter for letter, count in PREFERRED.items() for _ in range(max(1, round(count * self._share)))]
        for rank in range(self._wanted(Market.KOSPI, 0) - len(letters)):
            worth = 4.5e14 * (self._place(rank) + 2.5) ** -1.3
            self._list(self._company(Market.KOSPI, 0, worth * (1 if rank else 1.4), rank))
        for place, letter in enumerate(letters):
            self._list(self._preferred(self.issues[place % max(LARGE, len(letters) * 5 // 6)], letter))
        for rank in range(self._wanted(Market.KOSDAQ, 0)):
            self._list(self._company(Market.KOSDAQ, 0, 6.4e12 * (self._place(rank) + 4) ** -0.8, rank))

    def _place(self, rank: int) -> float:
        return rank if rank < ALL_THERE else ALL_THERE + (rank - ALL_THERE) / self._share

    def _wanted(self, market: Market, session: int) -> int:
        day = self._calendar.sessions[session]
        years, rows = zip(*ROWS[market], strict=True)
        return round(float(np.interp(day.year + (day.timetuple().tm_yday - 1) / 366, years, rows)) * self._share)

    def _live_through(self, start: int, leaving: dict[Market, float]) -> None:
        for market in STOCK_MARKETS:
            if self._calendar.sessions[start + STEP - 1] < KONEX_FIRST_DAY and market is Market.KONEX:
                continue
            earliest = max(start, self._calendar.at_or_after(KONEX_FIRST_DAY)) if market is Market.KONEX else start
            for shell in [one for one in self._alive[market] if one.kind == "shell" and start - one.first > SHELL_AGE]:
                self._shells["gone"] += 1
                self._leave(shell, start + self._luck.randrange(STEP), "up" if self._shells["gone"] % 3 else "merged")
            leaving[market] += EXITS[market] * self._share * STEP / SESSIONS_A_YEAR if start > STEP * 4 else 0
            able = [one for one in self._alive[market] if _may_leave(one) and start - one.first > 60]
            while leaving[market] >= 1 and able:
                leaving[market] -= 1
                issue = able.pop(self._luck.randrange(len(able)))
                self._leave(issue, start + self._luck.randrange(STEP), next(self._ways[market]))
            for _ in range(self._wanted(market, start + STEP - 1) - len(self._alive[market])):
                is_first = earliest > start
                self._arrive(market, earliest if is_first else start + self._luck.randrange(STEP))

    def _arrive(self, market: Market, session: int) -> None:
        self._shells["all"] += market is Market.KOSDAQ
        if market is Market.KOSDAQ and self._shells["all"] * SHELL_PART >= self._shells["made"] + 1:
            self._list(self._shell(session))
        else:
            self._list(self._company(market, session, self._luck.lognormvariate(math.log(WORTH[market][0]), 0.8)))

    def _leave(self, issue: Issue, session: int, way: str) -> None:
        issue.end = session
        self._alive[issue.market].remove(issue)
        goes_up = way == "up"
        if goes_up:
            self._follow(issue, session)
        if way == "relisted" and session + GONE_SESSIONS < len(self._calendar.sessions):
            back = self._company(issue.market, session + GONE_SESSIONS, 1e11)
            self._list(replace(back, code=issue.code, isin=issue.isin, names=[(0, issue.names[0][1])]))
        luck, first = self._luck, issue.first
        if way != "liquidated" or session - first < 260:
            halted = max(first + 1, session - (luck.choice((2, 3)) if goes_up else luck.choice((2, 3, 10, 25))))
            issue.halts.append((halted, session))
            return
        back_at = session - LIQUIDATION_SESSIONS
        halted = back_at - luck.randint(15, 90)
        issue.halts.append((halted, back_at))
        issue.unlimited = back_at
        self.add(back_at, Change(issue.number, shock=luck.uniform(-2.2, -0.8)))
        if issue.market is Market.KOSDAQ:
            issue.sections.append((max(first + 1, halted - 40), ADMINISTRATION))

    def _follow(self, before: Issue, session: int) -> None:
        merges = before.kind == "shell"
        market = Market.KOSPI if before.market is Market.KOSDAQ and not merges else Market.KOSDAQ
        new = self._company(market, session, 1e11)
        kept = replace(new, code=before.code, isin=before.isin, group="주권", offer=0, par=before.par)
        if merges:
            kept = replace(kept, listed=before.listed)
        else:
            kept = replace(kept, names=[(0, before.names[0][1])], sector=before.sector)
        self._enroll(kept)
        was_offered = before.market is Market.KONEX
        growth = self._luck.uniform(3, 9) if merges else self._luck.uniform(1.05, 1.3)
        price, shock = (0.93, 0.12) if was_offered else (1.0, 0.0)
        self.add(session, Change(kept.number, price, growth, shock, is_fresh=was_offered, follows=before.number))

    def _list(self, issue: Issue) -> None:
        self._enroll(issue)
        pop = self._luck.gauss(0.03, 0.05) if issue.kind == "shell" else self._luck.gauss(0.3, 0.45)
        pop = self._luck.gauss(0.003, 0.015) if issue.first == 0 else min(max(pop, -0.3), math.log(2.6))
        self.add(issue.first, Change(issue.number, shock=pop, is_fresh=issue.first > 0))

    def _enroll(self, issue: Issue) -> None:
        self.issues.append(issue)
        self._alive[issue.market].append(issue)

    def _company(self, market: Market, session: int, worth: float, rank: int = UNRANKED) -> Issue:
        luck, listed = self._luck, self._calendar.sessions[session]
        is_kospi, is_konex, is_founder = market is Market.KOSPI, market is Market.KONEX, session == 0
        sector = luck.choices(self._sectors, [one.weights[0 if is_kospi else 1] for one in self._sectors])[0]
        # Some foreign issuers are there from the beginning and stay.
        is_foreign = is_founder and rank in {LARGE + 3, LARGE + 17}
        code = self._book.code(listed, is_founder=is_founder, is_foreign=is_foreign)
        price = luck.lognormvariate(math.log(WORTH[market][1]), 0.7)
        offer = on_coarse_tick(800_000 if rank == 0 and is_kospi else min(max(price, 1_000), 200_000))
        usual = FOREIGN if is_foreign else USUAL_SECTIONS[luck.choices(range(4), (468, 335, 513, 204))[0]]
        is_trust = sector.name == "real_estate" and is_kospi
        return Issue(
            number=len(self.issues),
            code=code,
            isin=isin_of(code, is_foreign=is_foreign),
            market=market,
            sector=sector,
            listed=date(1975, 6, 1) + timedelta(days=luck.randint(0, 12_500)) if is_founder else listed,
            first=session,
            names=[(0, self._book.company(sector))],
            sections=[(0, "" if is_kospi else KONEX if is_konex else usual)],
            offer=offer,
            shares=max(300_000, int(worth / offer)),
            beta=1.0 if rank < ALL_THERE else min(max(luck.gauss(1.0, 0.2), 0.3), 1.7),
            step=luck.uniform(0.014, 0.026) if is_kospi else luck.uniform(0.02, 0.036),
            quiet=luck.uniform(0.1, 0.4) if is_konex else 0.0,
            turnover=0.00006 if is_konex else luck.lognormvariate(math.log(0.002 if is_kospi else 0.0045), 0.9),
            rank=rank,
            group="외국주권" if is_foreign else "부동산투자회사" if is_trust else "주권",
            par="무액면" if rank == LARGE else luck.choice(PARS),
        )

    def _shell(self, session: int) -> Issue:
        title = self._book.shell(self._shells["made"])
        self._shells["made"] += 1
        issue = self._company(Market.KOSDAQ, session, 1e10)
        shares = self._luck.randint(30, 110) * 100_000 + 5_000
        issue = replace(issue, names=[(0, title)], sections=[(0, SHELL)], kind="shell", par="100", offer=2_000)
        return replace(issue, shares=shares, beta=0.04, step=0.003, quiet=0.04, turnover=0.002)

    def _preferred(self, parent: Issue, letter: str) -> Issue:
        code, luck = parent.code[:5] + letter, self._luck
        return replace(
            parent,
            number=len(self.issues),
            code=code,
            isin=isin_of(code),
            names=[(0, parent.names[0][1].preferred(letter))],
            sections=[(0, "")],
            listed=min(parent.listed + timedelta(days=luck.randint(300, 2000)), date(2009, 12, 1)),
            kind="preferred",
            share_class={"5": "구형우선주", "K": "종류주권"}.get(letter, "신형우선주"),
            offer=on_coarse_tick(max(1_000.0, min(parent.offer, 200_000) * luck.uniform(0.35, 0.8))),
            shares=max(100_000, int(parent.shares * luck.uniform(0.01, 0.12))),
            rank=UNRANKED,
            halts=[],
        )

    # --- what happens in between ----------------------------------------------------------------------------------

    def _live(self, issue: Issue) -> None:
        if issue.rank == 0 and issue.market is Market.KOSPI:
            split = self._calendar.at_or_after(SPLIT_OF_THE_LARGEST)
            issue.halts.append((split - 3, split))
            self.add(split, Change(issue.number, 1 / 50, 50))
            return
        kinds, gap = FATES[issue.kind]
        rest = min(issue.end, len(self._calendar.sessions)) - (60 if issue.end < NEVER else 5)
        rest = min([rest, *(first - 45 for first, _ in issue.halts)])
        place = issue.number * 5
        now = issue.first + 25 + self._luck.randrange(gap)
        while now < rest:
            kind = kinds[place % len(kinds)]
            place += 1
            now = self._act(issue, kind, now, rest) + 5 + int(self._luck.expovariate(1 / gap))
        issue.sections.sort()

    def _act(self, issue: Issue, kind: str, now: int, rest: int) -> int:
        """Let a kind of thing begin at a session; returns when it is over, by the session that must stay free."""
        luck = self._luck
        match kind:
            case "short" | "halt" | "long":
                lasts = {"short": (1, 3), "halt": (5, 30), "long": (130, 320)}[kind]
                back = min(now + luck.randint(*lasts), rest)
                issue.halts.append((now, back))
                if kind == "long":
                    self.add(back, Change(issue.number, shock=luck.gauss(-0.4, 0.4)))
                    self._supervise(issue, now, back, rest)
                return back
            case "split" | "reverse" | "reprice":
                is_quick = kind == "split" and self._calendar.sessions[now] >= QUICK_SPLITS_FROM
                back = min(now + (3 if is_quick else luck.randint(12, 20)), rest)
                ratio = luck.choice({"split": (2, 5, 5, 10), "reverse": (0.2, 0.1)}.get(kind, (0.1, 0.2, 0.05)))
                news = luck.uniform(0.65, 1.5) if kind == "reprice" else 1.0
                issue.halts.append((now, back))
                self.add(back, Change(issue.number, news / ratio, ratio, opens_at_base=kind == "reprice"))
                return back
            case "rights" | "bonus":
                ratio = luck.uniform(1.05, 1.6) if kind == "rights" else luck.choice((1.2, 1.5, 2.0))
                self.add(now, Change(issue.number, luck.uniform(0.8, 0.97) if kind == "rights" else 1 / ratio))
                later = min(now + luck.randint(14, 28), rest)
                self.add(later, Change(issue.number, shares=ratio))
                return later
            case "growth":
                self.add(now, Change(issue.number, shares=luck.choice((0.98, 1.002, 1.01, 1.02, 1.03, 1.04))))
            case "shock":
                self.add(now, Change(issue.number, shock=luck.gauss(0.02, 0.22)))
            case "rename":
                issue.names.append((now, self._book.company(issue.sector)))
            case _:
                if issue.market is Market.KOSDAQ and issue.sections[0][1] in USUAL_SECTIONS:
                    issue.sections.append((now, luck.choice(USUAL_SECTIONS)))
        return now

    @staticmethod
    def _supervise(issue: Issue, halted: int, back: int, rest: int) -> None:
        if issue.market is Market.KOSDAQ:
            usual = max(spell for spell in issue.sections if spell[0] <= halted)[1]
            over = min(back + 120, rest)
            issue.sections += [(halted, ADMINISTRATION), (back, CAUTION), (over + 1, usual)]


def _may_leave(issue: Issue) -> bool:
    is_large = issue.market is Market.KOSPI and issue.rank < LARGE
    return not (is_large or issue.kind != "common" or issue.is_foreign)
