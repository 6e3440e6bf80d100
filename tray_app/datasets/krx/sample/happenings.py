"""Carries out what happens to issues before a session opens."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.sample.issues import MARKETS, Event, EventKind, Issue
from tray_app.datasets.krx.sample.ticks import Ticks
from tray_app.datasets.krx.sample.traits import Flags, Floats
from tray_app.demo.series import dice

UPLIST_DISCOUNT = 0.93
UPLIST_POP = 0.12
# Splits that would leave these prices are called off.
LEAST_AFTER_SPLIT, MOST_AFTER_SPLIT = 150.0, 150_000.0


@dataclass
class State:
    """What one session hands to the next, an element an issue (levels: an index).

    worth and wander are logarithms of won whose sum, with the market's, is what a share is worth; odd marks closes
    between two ticks.
    """

    worth: Floats
    wander: Floats
    close: Floats
    shares: Floats
    levels: Floats
    alive: Flags
    halted: Flags
    unlimited: Flags
    odd: Flags
    title: NDArray[np.int8]
    section: NDArray[np.int8]

    def copy(self) -> "State":
        """Return a state of its own."""
        return State(*(getattr(self, one.name).copy() for one in fields(self)))


@dataclass
class Opening:
    """A session about to open: bases, first rows, bases that are the opening price, the market's part of worth."""

    session: int
    base: Floats
    fresh: Flags
    repriced: Flags
    common: Floats
    ticks: Sequence[Ticks]


def take_place(event: Event, issues: Sequence[Issue], state: State, opening: Opening) -> None:
    """Carry out one event."""
    number = event.issue
    match event.kind:
        case EventKind.LIST:
            issue = issues[number]
            state.shares[number] = issue.shares
            _begin(state, opening, number, float(issue.offer), event.amount)
            opening.fresh[number] = opening.session > 0
        case EventKind.FOLLOW:
            _follow(event, issues, state, opening)
        case EventKind.DELIST:
            state.alive[number] = False
        case EventKind.HALT:
            state.halted[number] = True
        case EventKind.RESUME:
            state.halted[number] = False
        case EventKind.SPLIT | EventKind.REPRICE:
            _split(event, issues[number], state, opening)
        case EventKind.CUT_BASE:
            price = np.array([opening.base[number] * event.amount])
            opening.base[number] = _ticks(opening, issues[number]).above(price)[0]
            state.worth[number] += math.log(event.amount)
        case EventKind.GROW:
            state.shares[number] = math.floor(state.shares[number] * event.amount)
        case EventKind.RENAME:
            state.title[number] = min(state.title[number] + 1, len(issues[number].titles) - 1)
        case EventKind.SECTION:
            state.section[number] = int(event.amount)
        case EventKind.SHOCK:
            state.wander[number] += event.amount
        case EventKind.UNLIMIT:
            state.unlimited[number] = True


def _begin(state: State, opening: Opening, number: int, base: float, pop: float) -> None:
    state.alive[number] = True
    state.wander[number] = 0.0
    state.worth[number] = math.log(base) + pop - opening.common[number]
    state.close[number] = opening.base[number] = base


def _follow(event: Event, issues: Sequence[Issue], state: State, opening: Opening) -> None:
    before, after = issues[event.other], issues[event.issue]
    base = float(state.close[before.number])
    state.shares[after.number] = math.floor(state.shares[before.number] * event.amount)
    state.title[after.number] = 0 if before.is_shell else state.title[before.number]
    moves_up = before.market is Market.KONEX
    if moves_up:
        base = float(_ticks(opening, after).nearest(np.array([base * UPLIST_DISCOUNT]))[0])
        opening.fresh[after.number] = True
    _begin(state, opening, after.number, base, UPLIST_POP if moves_up else 0.0)


def _split(event: Event, issue: Issue, state: State, opening: Opening) -> None:
    number, ratio = issue.number, event.amount
    price = float(opening.base[number]) / ratio
    if not LEAST_AFTER_SPLIT <= price <= MOST_AFTER_SPLIT:
        return
    luck = 1.0
    if event.kind is EventKind.REPRICE:
        luck = 0.65 + dice(f"reprice {issue.code}", opening.session, 1000) / 1000.0 * 0.85
        opening.repriced[number] = True
    state.shares[number] = math.floor(state.shares[number] * ratio)
    state.worth[number] += math.log(luck / ratio)
    opening.base[number] = _ticks(opening, issue).nearest(np.array([price * luck]))[0]


def _ticks(opening: Opening, issue: Issue) -> Ticks:
    return opening.ticks[MARKETS.index(issue.market)]
