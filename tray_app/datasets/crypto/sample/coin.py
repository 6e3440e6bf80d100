"""What the sample market knows about one coin."""

from dataclasses import dataclass
from enum import Enum


class Habit(Enum):
    """How a coin's price moves: sets the pace, goes with bitcoin, sticks to its line, walks alone, copies ether."""

    LEADER = "leader"
    FOLLOWER = "follower"
    STABLE = "stable"
    OWN = "own"
    SHADOW = "shadow"


@dataclass(frozen=True)
class Coin:
    """One coin: `supply` coins on 2026-08-22, `mint` more each day; `turnover` = daily volume / market cap.

    `stale_days` > 0: last_updated is that old, the price stands still and the volume is 0.0. `nulls`: every 24h
    field is null. `roi_from` is the launch price in `roi_currency`; `rehypothecated` coins show on demand only.
    """

    id: str
    symbol: str
    name: str
    image: int
    supply: float
    mint: float = 0.0
    max_supply: float | None = None
    turnover: float = 0.04
    habit: Habit = Habit.FOLLOWER
    step: float = 0.022
    stale_days: int = 0
    nulls: bool = False
    ranked: bool = True
    rehypothecated: bool = False
    roi_from: float = 0.0
    roi_currency: str = "usd"
