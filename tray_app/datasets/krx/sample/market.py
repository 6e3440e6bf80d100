"""The sample market day by day: prices and shares of every session, made in one run from 2010 on, always the same.

Prices and values are won in floats that hold whole numbers below 2**53, so that sums do not depend on their order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tray_app.datasets.krx.rows import STOCK_MARKETS
from tray_app.datasets.krx.sample.calendar import SampleCalendar
from tray_app.datasets.krx.sample.issues import Change, Issue, Population
from tray_app.datasets.krx.sample.ticks import Flags, Floats, limits, nearest
from tray_app.demo.series import Series, anchors, day_of

# The part of an issue's way apart from the market that is gone after a session.
PULL = 0.006
LOWEST_PRICE = 60.0
# Splits that would leave these prices are called off.
LEAST_AFTER_SPLIT, MOST_AFTER_SPLIT = 150.0, 150_000.0
MID_PRICES_FROM = date(2025, 3, 4)
QUOTED_PART = 0.25
KOSPI, KONEX = 0, 2
UNBOUNDED = 9.0
MOST_TURNED_OVER = 2.5

_KOSPI = (
    "2010-01-04:1690 2010-05-25:1560 2011-04-27:2200 2011-09-26:1660 2012-03-14:2040 2012-07-25:1770 2013-06-25:1780 "
    "2014-07-30:2080 2015-04-23:2170 2016-02-12:1830 2017-11-03:2550 2018-01-29:2590 2018-10-29:2000 2019-08-06:1920 "
    "2020-01-20:2260 2020-03-19:1460 2021-01-11:3150 2021-06-25:3300 2022-09-30:2150 2023-08-01:2660 2023-10-31:2280 "
    "2024-07-11:2890 2024-12-09:2360 2025-04-09:2290 2025-11-03:4200 2026-01-02:4300 2026-02-27:6200 2026-03-09:5200 "
    "2026-09-10:5900 2027-06:5700 2029-06:4900 2032-01:5600"
)
_KOSDAQ = (
    "2010-01-04:528 2011-08-09:430 2012-01:500 2013-05-28:585 2014-12:540 2015-07-20:780 2016-12:595 2018-01-29:920 "
    "2019-08-06:550 2020-03-19:430 2021-08-06:1055 2022-10-13:650 2023-07-25:950 2024-01:870 2024-12-09:627 "
    "2025-04-09:643 2025-11-03:920 2026-02:1150 2026-09:1080 2027-06:1200 2032-01:1400"
)


@dataclass(frozen=True)
class Day:
    """One session: arrays by issue number, prices in won. bound: how far the price may go, as a share of the base."""

    session: int
    base: Floats
    close: Floats
    shares: Floats
    alive: Flags
    traded: Flags
    fresh: Flags
    opens_at_base: Flags
    bound: Floats


@dataclass(frozen=True)
class Trading:
    """Arrays by issue number: prices in won and 0 without a trade, volume in shares, value in won."""

    open: Floats
    high: Floats
    low: Floats
    volume: Floats
    value: Floats


class SampleMarket:
    """Safe to use from any thread once it is made, which takes a second.

    share: how many issues there are for one of the real market.
    """

    def __init__(self, share: float) -> None:
        self.calendar = SampleCalendar()
        population = Population(self.calendar, share)
        self.issues: tuple[Issue, ...] = tuple(population.issues)
        self.places: NDArray[np.int64] = np.array([STOCK_MARKETS.index(one.market) for one in self.issues])
        self._first, self._end, self._unlimited = (
            np.array([getattr(one, name) for one in self.issues]) for name in ("first", "end", "unlimited")
        )
        self._step, self._turnover = (
            np.array([getattr(one, name) for one in self.issues]) for name in ("step", "turnover")
        )
        size = (len(self.calendar.sessions), len(self.issues))
        self._base, self._close = np.zeros(size, np.float32), np.zeros(size, np.float32)
        self._shares = np.zeros(size)
        self._traded, self._fresh, self._at_base = (np.zeros(size, np.bool_) for _ in range(3))
        self._run(population.changes)

    def day(self, session: int) -> Day:
        """Return a session."""
        base, close = self._base[session].astype(np.float64), self._close[session].astype(np.float64)
        alive = (self._first <= session) & (session < self._end)
        marks = self._traded[session], self._fresh[session], self._at_base[session]
        return Day(session, base, close, self._shares[session], alive, *marks, self._bound(session))

    def trading(self, session: int) -> Trading:
        """Return what was traded on a session, made to fit its bases and closes."""
        day, count = self.day(session), len(self.issues)
        luck = np.random.Generator(np.random.Philox(key=1_000_000 + session))
        gap, up, down, busy = luck.standard_normal((4, count))
        today, is_kospi = self.calendar.sessions[session], self.places == KOSPI
        # Where no limit holds, up to the close and a little beyond.
        is_free = day.bound >= UNBOUNDED
        most = np.where(is_free, np.maximum(day.base, day.close) * 1.03, day.base * (1 + day.bound))
        least = np.where(is_free, np.minimum(day.base, day.close) * 0.97, day.base * (1 - day.bound))

        def within(prices: Floats) -> Floats:
            return nearest(np.clip(prices, least, most), is_kospi, today)

        opened = within(day.base * np.exp(self._step * 0.45 * gap) * (day.close / day.base) ** 0.35)
        opened = np.where(day.opens_at_base, day.base, opened)
        upper, lower = np.maximum(opened, day.close), np.minimum(opened, day.close)
        high = np.maximum(within(upper * np.exp(self._step * 0.35 * np.abs(up))), upper)
        low = np.minimum(within(lower * np.exp(-self._step * 0.35 * np.abs(down))), lower)
        eager = self._turnover * np.exp(0.55 * busy + np.minimum(9.0 * np.abs(day.close / day.base - 1.0), 3.0))
        eager = np.where(day.fresh, eager * 80.0 + 0.3, eager)
        volume = np.maximum(np.floor(day.shares * np.minimum(eager, MOST_TURNED_OVER)), 1.0)
        value = np.floor(volume * (opened + high + low + 2.0 * day.close) / 5.0)
        return Trading(*(np.where(day.traded, one, 0.0) for one in (opened, high, low, volume, value)))

    def _bound(self, session: int) -> Floats:
        usual = limits(self.places == KONEX, self.calendar.sessions[session])
        return np.where(self._fresh[session] | (self._unlimited <= session), UNBOUNDED, usual)

    def _run(self, changes: Mapping[int, list[Change]]) -> None:
        sessions, count = self.calendar.sessions, len(self.issues)
        moves = np.diff(_factors(self.calendar), axis=0, prepend=0.0)[:, np.minimum(self.places, 1)]
        moves *= np.array([one.beta for one in self.issues])
        halted = np.zeros(self._traded.shape, np.bool_)
        for issue in self.issues:
            for first, end in issue.halts:
                halted[first:end, issue.number] = True
        quiet = np.array([one.quiet for one in self.issues])
        shells = np.array([one.kind == "shell" for one in self.issues])
        is_kospi, is_konex = self.places == KOSPI, self.places == KONEX
        luck = np.random.Generator(np.random.Philox(key=1))
        close, shares, worth, apart = np.ones(count), np.zeros(count), np.zeros(count), np.zeros(count)
        odd = np.zeros(count, np.bool_)
        for session, today in enumerate(sessions):
            # After a close between two ticks the next base is the tick above.
            base = np.where(odd, np.ceil(close / 5.0) * 5.0, close)
            for change in changes.get(session, ()):
                self._apply(change, session, base, shares, worth)
            chance, shock = luck.random(count), luck.standard_normal(count)
            able = (self._first <= session) & (session < self._end) & ~halted[session]
            traded = able & (chance >= quiet)
            priced = traded | (able & is_konex & (chance < quiet * QUOTED_PART))
            own = self._step * shock * np.where(chance > 0.96, 2.2, 0.9) - PULL * apart
            bound = self._bound(session)
            fair = np.clip(np.exp(worth + moves[session] + own), base * (1 - bound), base * (1 + bound))
            fair = np.maximum(fair, LOWEST_PRICE)
            close = np.where(priced, nearest(fair, is_kospi, today), base)
            odd = shells & traded & (chance < 0.08) & (close >= 2_000) & (close < 4_990) & (today >= MID_PRICES_FROM)
            close = np.where(odd, np.floor(close / 5.0) * 5.0 + 2.0, close)
            apart = np.where(priced, apart + own, apart)
            worth = np.where(priced, np.log(fair), worth)
            self._base[session], self._close[session], self._shares[session] = base, close, shares
            self._traded[session] = traded

    def _apply(self, change: Change, session: int, base: Floats, shares: Floats, worth: Floats) -> None:
        number, issue, today = change.issue, self.issues[change.issue], self.calendar.sessions[session]
        if change.follows is not None:
            base[number] = base[change.follows]
            shares[number] = shares[change.follows]
            worth[number] = np.log(base[number])
        elif issue.first == session:
            base[number], shares[number], worth[number] = issue.offer, issue.shares, np.log(issue.offer)
        price = base[number] * change.price
        if change.shares != 1.0 and change.price != 1.0 and not LEAST_AFTER_SPLIT <= price <= MOST_AFTER_SPLIT:
            return
        if change.price != 1.0:
            is_kospi = self.places[number : number + 1] == KOSPI
            base[number] = nearest(np.array([price]), is_kospi, today)[0]
            worth[number] += np.log(change.price)
        shares[number] = np.floor(shares[number] * change.shares)
        worth[number] += change.shock
        self._fresh[session, number] = change.is_fresh
        self._at_base[session, number] = change.opens_at_base


def _factors(calendar: SampleCalendar) -> Floats:
    """Return the markets' part of worth: the logarithm of their level to 2010's first, by session and market."""
    kospi = Series("sample kospi", anchors(_KOSPI), step=0.0085)
    kosdaq = Series("sample kosdaq", anchors(_KOSDAQ), step=0.0105)
    days = [day_of(day.isoformat()) for day in calendar.sessions]
    return np.array([[one.log_open(day) - one.log_open(days[0]) for one in (kospi, kosdaq)] for day in days])
