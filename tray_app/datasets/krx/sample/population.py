"""Who is listed when: the sample market's issues from 2010 on, close to the real market in numbers only."""

import math
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.krx.sample.calendar import FIRST_YEAR, LAST_YEAR, KrxCalendar
from tray_app.datasets.krx.sample.codes import CodeBook, foreign_isin_of, isin_of
from tray_app.datasets.krx.sample.fates import Fates
from tray_app.datasets.krx.sample.issues import (
    FOREIGN_SECTION,
    KONEX_SECTION,
    SHELL_SECTION,
    EventKind,
    Issue,
    Population,
)
from tray_app.datasets.krx.sample.ticks import on_coarse_tick
from tray_app.datasets.krx.sample.words import TRADES, NameBook, Sector, preferred

KONEX_FIRST_DAY = date(2013, 7, 1)
FREE_FIRST_DAY = date(2023, 6, 26)

# Rows of the real market on the first session of 2010, 2011 ... (the last one goes on).
_ROWS = {
    Market.KOSPI: (906, 905, 905, 902, 900, 900, 895, 896, 898, 901, 915, 920, 940, 945, 952, 948, 943, 945),
    Market.KOSDAQ: (
        *(1028, 1029, 1031, 1005, 1009, 1061, 1152, 1209, 1267),
        *(1325, 1408, 1471, 1535, 1614, 1703, 1790, 1810, 1825),
    ),
    Market.KONEX: (0, 0, 0, 0, 45, 71, 108, 141, 154, 153, 151, 143, 132, 132, 129, 120, 110, 108),
}
EXITS = {Market.KOSPI: 12, Market.KOSDAQ: 38, Market.KONEX: 8}
MOVING_UP = {Market.KOSPI: 0, Market.KOSDAQ: 3, Market.KONEX: 9}
SHELL_AGE = 400
SHELLS_A_YEAR = (10, 6, 2, 2, 16, 28, 10, 14, 14, 20, 12, 16, 30, 25, 26, 18, 18)
FIRST_KONEX_ROWS = 21
UNRANKED = 9999
# The largest companies of KOSPI have the preferred shares and stay.
PARENTS = 250
ALL_THERE = 20
# Worth of a newcomer in won and its spread, and the usual price of a share.
NEW_WORTH = {Market.KOSPI: (2.5e11, 1.1), Market.KOSDAQ: (1.1e11, 0.7), Market.KONEX: (3e10, 0.8)}
FOREIGN_CHANCE = {Market.KOSPI: 0.004, Market.KOSDAQ: 0.012, Market.KONEX: 0.0}
FOREIGN_FOUNDERS = {Market.KOSPI: (300,), Market.KOSDAQ: (250, 400, 600, 800), Market.KONEX: ()}
USUAL_PRICE = {Market.KOSPI: 11_000, Market.KOSDAQ: 6_000, Market.KONEX: 5_000}
_PREFERRED = "5" * 81 + "7" * 9 + "9" + "K" * 20 + "L" * 4 + "M"
_PARS = ("100", "500", "500", "500", "500", "1000", "2500", "5000", "5000", "200")
_ODD_PARS = ("무액면", "0", ".25", ".05", "1.5")


class Settlement:
    """Lists and delists year by year; the same at every start."""

    def __init__(self, calendar: KrxCalendar, share: float) -> None:
        """share: how many issues there are for one of the real market."""
        self._calendar = calendar
        self._share = share
        self._luck = random.Random("krx people 7")
        self._names = NameBook(self._luck)
        self._codes = CodeBook(self._luck)
        self._made = Population()
        self._alive: dict[Market, list[int]] = {market: [] for market in STOCK_MARKETS}
        self._shells = 0

    def population(self) -> Population:
        """Return everybody with the events of their lives."""
        self._found()
        for year in range(2010, LAST_YEAR + 1):
            self._live_through(year)
        fates = Fates(self._calendar, self._made)
        for issue in tuple(self._made.issues):
            self._made.issues[issue.number] = fates.live(issue)
        return self._made

    def _found(self) -> None:
        letters = "".join(
            letter * max(1, round(_PREFERRED.count(letter) * self._share)) for letter in dict.fromkeys(_PREFERRED)
        )
        ordinary = self._rows(Market.KOSPI, FIRST_YEAR) - len(letters)
        for rank in range(ordinary):
            self._list(self._company(Market.KOSPI, 0, 8.9e14 / 2.0 * (self._place(rank) + 2.5) ** -1.3, rank))
        with_one = len(letters) * 5 // 6
        parents = self._luck.sample(range(round(PARENTS * self._share)), with_one)
        for parent, letter in zip([*parents, *parents[: len(letters) - with_one]], letters, strict=True):
            self._list(self._preferred(self._made.issues[parent], letter))
        for rank in range(self._rows(Market.KOSDAQ, FIRST_YEAR)):
            self._list(self._company(Market.KOSDAQ, 0, 8.6e13 / 13.4 * (self._place(rank) + 4) ** -0.8, rank))

    def _live_through(self, year: int) -> None:
        start = self._calendar.at_or_after(date(year, 1, 1))
        last = self._calendar.last_before(date(year + 1, 1, 1)) or start
        leaving = [exit_ for market in STOCK_MARKETS for exit_ in self._exits(market, year, start, last)]
        tasks = [(session, self._follower(number, target)) for session, number, target in leaving if target]
        for market in STOCK_MARKETS:
            first = start
            arriving = sum(target is market for _, _, target in leaving)
            if market is Market.KONEX and year == KONEX_FIRST_DAY.year:
                first = self._calendar.at_or_after(KONEX_FIRST_DAY)
                arriving = max(1, round(FIRST_KONEX_ROWS * self._share))
                tasks += [(first, self._lister(market))] * arriving
            wanted = max(0, self._rows(market, year + 1) - len(self._alive[market]) - arriving)
            tasks += [(self._luck.randint(first, last), self._lister(market)) for _ in range(wanted)]
        for session, act in sorted(tasks, key=lambda task: task[0]):
            act(session)

    def _rows(self, market: Market, year: int) -> int:
        rows = _ROWS[market]
        return round(rows[min(year - FIRST_YEAR, len(rows) - 1)] * self._share)

    def _exits(self, market: Market, year: int, start: int, last: int) -> list[tuple[int, int, Market | None]]:
        """Return who leaves in a year, when, and for which market: some move up, shell companies merge or give up."""
        issues = self._made.issues
        alive = [number for number in self._alive[market] if self._may_leave(issues[number])]
        aged = [one for one in self._alive[market] if issues[one].is_shell and start - issues[one].first > SHELL_AGE]
        moving = self._about(MOVING_UP[market]) if year > KONEX_FIRST_DAY.year else 0
        leaving = min(len(alive) // 5, self._about(EXITS[market]) + moving)
        found: list[tuple[int, int, Market | None]] = []
        for place, number in enumerate(self._luck.sample(alive, leaving) + aged):
            session = self._luck.randint(start + 15, last)
            self._made.ends[number] = session
            self._alive[market].remove(number)
            target = None
            if issues[number].is_shell:
                target = Market.KOSDAQ if self._luck.random() < 0.6 else None
            elif place < moving:
                target = Market.KOSPI if market is Market.KOSDAQ else Market.KOSDAQ
            found.append((session, number, target))
        return found

    def _lister(self, market: Market) -> Callable[[int], None]:
        def act(session: int) -> None:
            year = self._calendar.sessions[session].year
            shells = SHELLS_A_YEAR[min(year - FIRST_YEAR, len(SHELLS_A_YEAR) - 1)]
            if market is Market.KOSDAQ and self._luck.random() < shells / 100:
                self._list(self._shell(session))
                return
            middle, spread = NEW_WORTH[market]
            self._list(self._company(market, session, self._luck.lognormvariate(math.log(middle), spread), UNRANKED))

        return act

    def _follower(self, number: int, market: Market) -> Callable[[int], None]:
        def act(session: int) -> None:
            before = self._made.issues[number]
            new = self._company(market, session, 1e11, UNRANKED)
            merges = before.is_shell
            new = replace(
                new,
                code=before.code,
                isin=before.isin,
                titles=new.titles if merges else before.titles,
                listed=before.listed if merges else new.listed,
                sector=new.sector if merges else before.sector,
                group="주권",
                is_foreign=False,
                offer=0,
                shares=0,
            )
            self._enroll(new)
            growth = self._luck.uniform(3, 9) if merges else self._luck.uniform(1.05, 1.3)
            self._made.add_event(session, EventKind.FOLLOW, new.number, growth, number)

        return act

    def _list(self, issue: Issue) -> None:
        self._enroll(issue)
        free = issue.listed >= FREE_FIRST_DAY
        pop = self._luck.gauss(0.03, 0.05) if issue.is_shell else self._luck.gauss(0.3, 0.45)
        if issue.first == 0 or issue.is_preferred:
            pop = self._luck.gauss(0.003, 0.015)
        highest = math.log(4.0 if free else 2.6)
        self._made.add_event(issue.first, EventKind.LIST, issue.number, min(max(pop, -0.3), highest))

    def _enroll(self, issue: Issue) -> None:
        self._made.issues.append(issue)
        self._alive[issue.market].append(issue.number)

    def _company(self, market: Market, session: int, worth: float, rank: int) -> Issue:
        luck = self._luck
        kospi = market is Market.KOSPI
        weights = [trade.kospi if kospi else trade.kosdaq for trade in TRADES]
        sector = luck.choices(TRADES, weights)[0].sector
        titles = tuple(self._names.company(sector) for _ in range(1 if luck.random() < 0.7 else 3))
        chance = FOREIGN_CHANCE[market]
        foreign = (
            luck.random() < chance
            if session
            else rank in {round(each * self._share) for each in FOREIGN_FOUNDERS[market]}
        )
        listed = self._calendar.sessions[session]
        code = self._codes.foreign() if foreign else self._codes.old() if session == 0 else self._codes.new(listed)
        worth *= 1.6 if rank == 0 and kospi else luck.lognormvariate(0, 0.25)
        price = luck.lognormvariate(math.log(USUAL_PRICE[market]), 0.8) * (worth / (2e11 if kospi else 9e10)) ** 0.25
        price = 800_000 if rank == 0 and kospi else min(max(price, 700), 900_000)
        offer = on_coarse_tick(price)
        section = luck.choices((1, 2, 3, 4), (468, 335, 513, 204))[0] if market is Market.KOSDAQ else 0
        rest = market is Market.KONEX
        return Issue(
            number=len(self._made.issues),
            code=code,
            isin=foreign_isin_of(code) if foreign else isin_of(code),
            market=market,
            sector=sector,
            titles=titles,
            listed=listed if session else date(1975, 6, 1) + timedelta(days=luck.randint(0, 12_500)),
            first=session,
            group="외국주권" if foreign else "부동산투자회사" if sector is Sector.REAL_ESTATE and kospi else "주권",
            par=_ODD_PARS[0] if rank == 3 else luck.choice(_ODD_PARS if luck.random() < 0.01 else _PARS),
            section=KONEX_SECTION if rest else FOREIGN_SECTION if foreign and not kospi else section,
            offer=offer,
            shares=max(300_000, int(worth / offer * luck.uniform(0.97, 1.03))),
            beta=min(max(luck.gauss(1.0 if rank > 20 else 1.05, 0.2 if rank > 20 else 0.05), 0.3), 1.7),
            step=luck.uniform(0.014, 0.026) if kospi else luck.uniform(0.02, 0.036),
            drift=luck.gauss(0.0, 0.04) if rank > 5 else 0.0,
            quiet=luck.uniform(0.02, 0.4) if rest else 0.0,
            turnover=0.00006 if rest else luck.lognormvariate(math.log(0.002 if kospi else 0.0045), 0.9),
            rank=rank,
            is_foreign=foreign,
        )

    def _shell(self, session: int) -> Issue:
        title = self._names.spac(self._shells)
        self._shells += 1
        issue = self._company(Market.KOSDAQ, session, 1e10, UNRANKED)
        traits = replace(
            issue, titles=(title,), sector=Sector.HOLDING, section=SHELL_SECTION, group="주권", par="100", is_shell=True
        )
        code = traits.code if not issue.is_foreign else self._codes.new(issue.listed)
        return replace(
            traits,
            code=code,
            isin=isin_of(code),
            is_foreign=False,
            offer=2_000,
            shares=self._luck.randint(30, 110) * 100_000 + 5_000,
            beta=0.04,
            step=0.003,
            drift=0.01,
            quiet=0.04,
            turnover=0.002,
        )

    def _preferred(self, parent: Issue, letter: str) -> Issue:
        code = parent.code[:5] + letter
        return replace(
            parent,
            number=len(self._made.issues),
            code=code,
            isin=isin_of(code),
            titles=tuple(preferred(title, letter) for title in parent.titles),
            listed=min(parent.listed + timedelta(days=self._luck.randint(300, 2000)), date(2009, 12, 1)),
            share_class="구형우선주" if letter == "5" else "종류주권" if letter == "K" else "신형우선주",
            offer=on_coarse_tick(max(1_000.0, parent.offer * self._luck.uniform(0.35, 0.8))),
            shares=max(100_000, int(parent.shares * self._luck.uniform(0.01, 0.12))),
            quiet=self._luck.choice((0.0, 0.0, 0.02, 0.08)),
            rank=UNRANKED,
            is_preferred=True,
        )

    def _place(self, rank: int) -> float:
        """Return the place in the real market: the largest are all there, of the others a share."""
        return rank if rank < ALL_THERE else ALL_THERE + (rank - ALL_THERE) / self._share

    def _about(self, real: int) -> int:
        return int(real * self._share + self._luck.random())

    def _may_leave(self, issue: Issue) -> bool:
        large = issue.market is Market.KOSPI and issue.rank < PARENTS * self._share
        is_foreign_founder = issue.is_foreign and issue.first == 0
        return not (large or issue.is_shell or issue.is_preferred or is_foreign_founder)
