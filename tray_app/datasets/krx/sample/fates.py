"""What happens to an issue between its first session and its last: halts, splits, new shares, news, the end."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.sample.calendar import KrxCalendar
from tray_app.datasets.krx.sample.issues import ADMINISTRATION, CAUTION, EventKind, Issue, Population
from tray_app.datasets.krx.sample.ticks import on_coarse_tick

# What comes over an issue at a session, given the session that must stay free; returns when it is over.
Turn = Callable[[int, int], int]

SPLIT_OF_THE_LARGEST = date(2018, 5, 4)
QUICK_SPLITS_FROM = date(2018, 1, 1)
SESSIONS_A_YEAR = 245
LIQUIDATION_SESSIONS = 7
HIGHEST_START = 400_000.0


@dataclass(frozen=True)
class Chances:
    """How often a year each turn of fate comes to an issue."""

    short_halt: float
    halt: float
    long_halt: float
    split: float
    reverse_split: float
    reprice: float
    rights: float
    bonus: float
    growth: float
    rename: float
    shock: float


CHANCES = {
    Market.KOSPI: Chances(0.10, 0.03, 0.014, 0.012, 0.004, 0.006, 0.05, 0.015, 0.25, 0.03, 0.3),
    Market.KOSDAQ: Chances(0.20, 0.06, 0.026, 0.015, 0.006, 0.012, 0.08, 0.030, 0.70, 0.06, 0.7),
    Market.KONEX: Chances(0.05, 0.03, 0.020, 0.005, 0.000, 0.005, 0.03, 0.010, 0.15, 0.02, 0.5),
}
CALM = Chances(0.02, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
LESS_CALM = replace(CALM, short_halt=0.05, shock=0.2)


class Fates:
    """Writes the events of issues into a population."""

    def __init__(self, calendar: KrxCalendar, made: Population) -> None:
        self._calendar = calendar
        self._made = made
        events = (event for today in made.events.values() for event in today)
        self._followed = frozenset(event.other for event in events if event.kind is EventKind.FOLLOW)

    def live(self, issue: Issue) -> Issue:
        """Note the events of one issue; return it with a starting price that suits its splits."""
        return _Life(self._calendar, self._made, issue, goes_on=issue.number in self._followed).lived()


class _Life:
    def __init__(self, calendar: KrxCalendar, made: Population, issue: Issue, *, goes_on: bool) -> None:
        self._calendar = calendar
        self._goes_on = goes_on
        self._made = made
        self._issue = issue
        self._luck = random.Random(f"krx fate {issue.number}")
        self._names_left = len(issue.titles) - 1
        self._ratio = 1.0

    def lived(self) -> Issue:
        issue = self._issue
        leaves = issue.number in self._made.ends
        rest = self._part(self._made.ends[issue.number]) if leaves else len(self._calendar.sessions)
        chances = CALM if issue.is_shell else LESS_CALM if issue.is_preferred else CHANCES[issue.market]
        turns = self._turns(chances)
        rate = sum(weight for _, weight in turns)
        now = issue.first + 25
        if issue.rank == 0 and issue.market is Market.KOSPI:
            split = self._calendar.at_or_after(SPLIT_OF_THE_LARGEST)
            self._split(split - 3, 3, 50)
            return self._with_suitable_start(1.0)
        while True:
            now += 5 + int(self._luck.expovariate(rate / SESSIONS_A_YEAR))
            if now >= rest - 5:
                break
            act = self._luck.choices([act for act, _ in turns], [weight for _, weight in turns])[0]
            now = act(now, rest)
        return self._with_suitable_start(self._ratio)

    def _turns(self, chances: Chances) -> list[tuple[Turn, float]]:
        named: list[tuple[Turn, float]] = [
            (self._short_halt, chances.short_halt),
            (self._halt, chances.halt),
            (self._long_halt, chances.long_halt),
            (self._usual_split, chances.split),
            (self._reverse_split, chances.reverse_split),
            (self._reprice, chances.reprice),
            (self._rights, chances.rights),
            (self._bonus, chances.bonus),
            (self._growth, chances.growth),
            (self._rename, chances.rename),
            (self._shock, chances.shock),
        ]
        return [(act, weight) for act, weight in named if weight]

    def _with_suitable_start(self, ratio: float) -> Issue:
        issue = self._issue
        if not issue.offer or ratio == 1.0:
            return issue
        offer = on_coarse_tick(min(max(issue.offer * ratio, 300.0), HIGHEST_START if issue.rank else 1_500_000.0))
        return replace(issue, offer=offer, shares=max(50_000, int(issue.shares * issue.offer / offer)))

    def _add(self, session: int, kind: EventKind, amount: float = 0.0) -> None:
        self._made.add_event(session, kind, self._issue.number, amount)

    def _stop(self, first: int, sessions: int) -> int:
        self._add(first, EventKind.HALT)
        self._add(first + sessions, EventKind.RESUME)
        return first + sessions

    def _short_halt(self, now: int, rest: int) -> int:
        return self._stop(now, min(self._luck.choice((1, 1, 1, 2, 3)), rest - now - 1))

    def _halt(self, now: int, rest: int) -> int:
        return self._stop(now, min(self._luck.randint(5, 60), rest - now - 1))

    def _long_halt(self, now: int, rest: int) -> int:
        back = self._stop(now, min(self._luck.randint(100, 700), rest - now - 1))
        self._add(back, EventKind.SHOCK, self._luck.gauss(-0.4, 0.4))
        if self._issue.market is Market.KOSDAQ:
            self._add(now, EventKind.SECTION, ADMINISTRATION)
            self._add(back, EventKind.SECTION, CAUTION)
            self._add(back + 1 + min(120, rest - back - 2), EventKind.SECTION, self._issue.section)
        return back + 1 + min(120, rest - back - 2)

    def _split(self, now: int, sessions: int, ratio: float, kind: EventKind = EventKind.SPLIT) -> int:
        back = self._stop(now, sessions)
        self._add(back, kind, ratio)
        self._ratio *= ratio
        return back

    def _pause(self, now: int, rest: int) -> int:
        quick = self._calendar.sessions[now] >= QUICK_SPLITS_FROM
        return min(3 if quick else self._luck.randint(12, 20), rest - now - 1)

    def _usual_split(self, now: int, rest: int) -> int:
        return self._split(now, self._pause(now, rest), self._luck.choice((2, 5, 5, 10)))

    def _reverse_split(self, now: int, rest: int) -> int:
        return self._split(now, min(self._luck.randint(12, 20), rest - now - 1), self._luck.choice((0.2, 0.1)))

    def _reprice(self, now: int, rest: int) -> int:
        pause = min(self._luck.randint(12, 25), rest - now - 1)
        return self._split(now, pause, self._luck.choice((0.1, 0.1, 0.2, 0.05)), EventKind.REPRICE)

    def _rights(self, now: int, rest: int) -> int:
        self._add(now, EventKind.CUT_BASE, self._luck.uniform(0.85, 0.995))
        return self._listed_later(now, rest, self._luck.uniform(1.05, 1.6))

    def _bonus(self, now: int, rest: int) -> int:
        new = self._luck.choice((1.05, 1.2, 1.5, 2.0, 2.0))
        self._add(now, EventKind.CUT_BASE, 1 / new)
        return self._listed_later(now, rest, new)

    def _listed_later(self, now: int, rest: int, ratio: float) -> int:
        later = now + min(self._luck.randint(14, 28), rest - now - 1)
        self._add(later, EventKind.GROW, ratio)
        return later

    def _growth(self, now: int, _rest: int) -> int:
        smaller = self._luck.random() < 0.1
        self._add(now, EventKind.GROW, self._luck.uniform(0.97, 0.999) if smaller else self._luck.uniform(1.001, 1.04))
        return now

    def _rename(self, now: int, _rest: int) -> int:
        if self._names_left:
            self._names_left -= 1
            self._add(now, EventKind.RENAME)
        return now

    def _shock(self, now: int, _rest: int) -> int:
        self._add(now, EventKind.SHOCK, self._luck.gauss(0.02, 0.22))
        return now

    def _part(self, end: int) -> int:
        """Note how the issue leaves; return from when on nothing else may happen to it."""
        issue = self._issue
        self._add(end, EventKind.DELIST)
        quick = self._goes_on or issue.is_shell or issue.market is Market.KONEX or end - issue.first < 260
        if quick or self._luck.random() < 0.4:
            pause = self._luck.choice((2, 3) if self._goes_on else (2, 3, 10, 25))
            halted = max(issue.first + 1, end - pause)
            self._add(halted, EventKind.HALT)
            return halted
        back = end - LIQUIDATION_SESSIONS
        halted = back - self._luck.randint(15, 180)
        if issue.market is Market.KOSDAQ:
            self._add(max(issue.first + 1, halted - 40), EventKind.SECTION, ADMINISTRATION)
        self._add(halted, EventKind.HALT)
        for kind in (EventKind.RESUME, EventKind.UNLIMIT):
            self._add(back, kind)
        self._add(back, EventKind.SHOCK, self._luck.uniform(-2.2, -0.8))
        return halted - 40
