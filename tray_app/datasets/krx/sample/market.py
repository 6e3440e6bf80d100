"""The sample market day by day: prices, shares and index levels of any session, the same at every start.

Runs forward once and keeps its state every 64 sessions; a past session is reached again from the state before it.
Prices and values are won in floats that hold whole numbers below 2**53, so that sums do not depend on their order.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tray_app.datasets.krx.sample.calendar import KrxCalendar
from tray_app.datasets.krx.sample.happenings import Opening, State, take_place
from tray_app.datasets.krx.sample.index_rules import INDEX_RULES, Membership, fitting, members
from tray_app.datasets.krx.sample.issues import MARKETS, Event, Issue
from tray_app.datasets.krx.sample.population import FREE_FIRST_DAY, Settlement
from tray_app.datasets.krx.sample.ticks import Ticks, limit_percent, ticks_of
from tray_app.datasets.krx.sample.traits import Flags, Floats, Traits
from tray_app.demo.series import Series, anchors, day_of

KEPT_EVERY = 64
KEPT_DAYS = 16
# The part of an issue's way apart from the market that is gone after a session.
PULL = 0.006
LOWEST_PRICE = 60.0
SAME_TICKS_BELOW = 49_000.0
MID_PRICES_FROM = date(2025, 3, 4)
QUOTED_PART = 0.25
KONEX = 2

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
    """One session of every issue that has ever been listed by then: arrays by issue number.

    fresh marks first rows, whose base is an offer price; repriced those whose base is the opening price.
    """

    session: int
    base: Floats
    close: Floats
    shares: Floats
    alive: Flags
    traded: Flags
    fresh: Flags
    repriced: Flags
    bounded: Flags
    title: NDArray[np.int8]
    section: NDArray[np.int8]
    levels_before: Floats
    levels: Floats
    membership: Membership


class SampleMarket:
    """Safe to use from any thread. The first call runs from 2010 to the session asked for: a second or two."""

    def __init__(self, share: float) -> None:
        """share: how many issues there are for one of the real market."""
        self.calendar = KrxCalendar()
        self._share = share
        made = Settlement(self.calendar, share).population()
        self.issues: tuple[Issue, ...] = tuple(made.issues)
        self.traits = Traits(self.issues)
        self._events: Mapping[int, list[Event]] = made.events
        self._fits = fitting(self.traits)
        self._factors = _factors(self.calendar)
        self._lock = threading.Lock()
        self._kept: list[State] = []
        self._days: dict[int, Day] = {}
        self._now = 0
        self._state = self._start()
        self._membership: Membership | None = None

    def day(self, session: int) -> Day:
        """Return a session."""
        with self._lock:
            known = self._days.pop(session, None)
            day = self._reach(session) if known is None else known
            self._days[session] = day
            if len(self._days) > KEPT_DAYS:
                del self._days[next(iter(self._days))]
            return day

    def ticks(self, session: int) -> tuple[Ticks, ...]:
        """Return the tick sizes in force, by place in MARKETS."""
        return tuple(ticks_of(market, self.calendar.sessions[session]) for market in MARKETS)

    def limits(self, session: int) -> NDArray[np.int64]:
        """Return the daily price limits in per cent, by place in MARKETS."""
        return np.array([limit_percent(market, self.calendar.sessions[session]) for market in MARKETS])

    def _start(self) -> State:
        count = len(self.issues)
        return State(
            worth=np.zeros(count),
            wander=np.zeros(count),
            close=np.ones(count),
            shares=np.zeros(count),
            levels=np.array([rule.start for rule in INDEX_RULES]),
            alive=np.zeros(count, dtype=np.bool_),
            halted=np.zeros(count, dtype=np.bool_),
            unlimited=np.zeros(count, dtype=np.bool_),
            odd=np.zeros(count, dtype=np.bool_),
            title=np.zeros(count, dtype=np.int8),
            section=np.array([issue.section for issue in self.issues], dtype=np.int8),
        )

    def _reach(self, session: int) -> Day:
        block = min(session // KEPT_EVERY, len(self._kept) - 1)
        if session < self._now or block * KEPT_EVERY > self._now:
            self._state, self._now = self._kept[block].copy(), block * KEPT_EVERY
        while True:
            if self._now == len(self._kept) * KEPT_EVERY:
                self._kept.append(self._state.copy())
            day = self._step(self._now)
            self._now += 1
            if day.session == session:
                return day

    def _step(self, session: int) -> Day:
        state, traits = self._state, self.traits
        count = traits.listed_by(session | (KEPT_EVERY - 1))
        opening = self._opening(session, count)
        for event in self._events.get(session, ()):
            take_place(event, self.issues, state, opening)
        base, alive, shares = opening.base, state.alive[:count], state.shares[:count]
        luck = np.random.Generator(np.random.Philox(key=session))
        shocks, chance = luck.standard_normal(count), luck.random(count)
        state.wander[:count] *= 1.0 - PULL
        state.wander[:count] += traits.step[:count] * shocks * np.where(chance > 0.96, 2.2, 0.9)
        state.worth[:count] += traits.drift[:count]
        fair = np.maximum(np.exp(state.worth[:count] + state.wander[:count] + opening.common), LOWEST_PRICE)
        quiet = traits.quiet[:count]
        able = alive & ~state.halted[:count]
        traded = able & (chance >= quiet)
        quoted = able & (chance < quiet * QUOTED_PART) & (traits.market[:count] == KONEX)
        close = np.where(traded | quoted, _nearest(fair, opening.ticks, traits.market[:count]), base)
        bounded = ~opening.fresh & ~state.unlimited[:count]
        self._keep_limits(close, opening, bounded)
        self._close_between_ticks(close, traded, chance, session)
        state.close[:count] = close
        if self._membership is None or session % KEPT_EVERY == 0:
            self._membership = members(self._fits, traits.market[:count], close * shares * alive, self._share)
        levels_before = state.levels.copy()
        steady = np.where(alive & ~opening.fresh, shares, 0.0)
        state.levels *= self._membership.moves(steady * base, steady * close)
        return Day(
            session=session,
            base=base,
            close=close,
            shares=shares.copy(),
            alive=alive.copy(),
            traded=traded,
            fresh=opening.fresh,
            repriced=opening.repriced,
            bounded=bounded,
            title=state.title[:count].copy(),
            section=state.section[:count].copy(),
            levels_before=levels_before,
            levels=state.levels.copy(),
            membership=self._membership,
        )

    def _opening(self, session: int, count: int) -> Opening:
        state = self._state
        base = state.close[:count].copy()
        odd = state.odd[:count]
        if odd.any():
            # After a close between two ticks the next base is the tick above.
            base[odd] = np.ceil(base[odd] / 5.0) * 5.0
            odd[:] = False
        common = self.traits.beta[:count] * self._factors[session][self.traits.market[:count]]
        fresh, repriced = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
        return Opening(session, base, fresh, repriced, common, self.ticks(session))

    def _keep_limits(self, close: Floats, opening: Opening, bounded: Flags) -> None:
        market = self.traits.market[: len(close)]
        percent = self.limits(opening.session)[market]
        lowest, highest = opening.base * (100 - percent) / 100, opening.base * (100 + percent) / 100
        free_first_day = self.calendar.sessions[opening.session] >= FREE_FIRST_DAY
        if opening.fresh.any():
            lowest[opening.fresh] = opening.base[opening.fresh] * (0.6 if free_first_day else 0.63)
            highest[opening.fresh] = opening.base[opening.fresh] * (4.0 if free_first_day else 2.6)
        beyond = np.flatnonzero(((close > highest) | (close < lowest)) & (bounded | opening.fresh))
        for place in np.unique(market[beyond]):
            here, ticks = beyond[market[beyond] == place], opening.ticks[place]
            most, least = ticks.below(highest[here]), ticks.above(lowest[here])
            close[here] = np.where(close[here] > highest[here], most, least)

    def _close_between_ticks(self, close: Floats, traded: Flags, chance: Floats, session: int) -> None:
        if self.calendar.sessions[session] < MID_PRICES_FROM:
            return
        shells = self.traits.shell[: len(close)]
        odd = shells & traded & (chance > 0.5) & (chance < 0.52) & (close >= 2_000) & (close < 4_990)
        close[odd] = np.floor(close[odd] / 5.0) * 5.0 + 2.0
        self._state.odd[: len(close)] = odd


def _nearest(prices: Floats, ticks: Sequence[Ticks], market: NDArray[np.int64]) -> Floats:
    nearest = ticks[0].nearest(prices)
    if ticks[0] != ticks[1]:
        others = np.flatnonzero((market > 0) & (prices > SAME_TICKS_BELOW))
        nearest[others] = ticks[1].nearest(prices[others])
    return nearest


def _factors(calendar: KrxCalendar) -> Floats:
    """Return the markets' part of worth: the logarithm of their level to 2010's first, by session and market."""
    kospi = Series("sample kospi", anchors(_KOSPI), step=0.0085)
    kosdaq = Series("sample kosdaq", anchors(_KOSDAQ), step=0.0105)
    days = [day_of(day.isoformat()) for day in calendar.sessions]
    first = [series.log_open(days[0]) for series in (kospi, kosdaq)]
    own = [[series.log_open(day) - start for day in days] for series, start in zip((kospi, kosdaq), first, strict=True)]
    return np.array([own[0], own[1], own[1]]).T
