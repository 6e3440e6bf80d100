"""A session's open, high, low, volume and value, made to fit its base and close. Only computed for days asked for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tray_app.datasets.krx.sample.market import Day, SampleMarket
from tray_app.datasets.krx.sample.ticks import Ticks
from tray_app.datasets.krx.sample.traits import Floats

MOST_TURNED_OVER = 2.5


@dataclass(frozen=True)
class Trading:
    """Arrays by issue number: prices in won and 0 without a trade, volume in shares, value in won."""

    open: Floats
    high: Floats
    low: Floats
    volume: Floats
    value: Floats


def trading_of(market: SampleMarket, day: Day) -> Trading:
    """Return what was traded on a session."""
    count = len(day.close)
    luck = np.random.Generator(np.random.Philox(key=1_000_000 + day.session))
    gap, up, down, busy = luck.standard_normal((4, count))
    step, places = market.traits.step[:count], market.traits.market[:count]
    lowest, highest = _range(market, day, places)
    ticks = market.ticks(day.session)
    start = day.base * np.exp(step * 0.45 * gap) * (day.close / day.base) ** 0.35
    opened = np.clip(_nearest(start, ticks, places), lowest, highest)
    opened = np.where(day.repriced, day.base, opened)
    high = np.maximum(opened, day.close) * np.exp(step * 0.35 * np.abs(up))
    high = np.maximum(np.minimum(_nearest(high, ticks, places), highest), np.maximum(opened, day.close))
    low = np.minimum(opened, day.close) * np.exp(-step * 0.35 * np.abs(down))
    low = np.minimum(np.maximum(_nearest(low, ticks, places), lowest), np.minimum(opened, day.close))
    move = np.abs(day.close / day.base - 1.0)
    eager = market.traits.turnover[:count] * np.exp(0.55 * busy + np.minimum(9.0 * move, 3.0))
    eager = np.where(day.fresh, eager * 80.0 + 0.3, eager)
    volume = np.maximum(np.floor(day.shares * np.minimum(eager, MOST_TURNED_OVER)), 1.0)
    middle = (opened + high + low + 2.0 * day.close) / 5.0
    value = np.floor(volume * middle)
    none = np.zeros(count)
    return Trading(*(np.where(day.traded, one, none) for one in (opened, high, low, volume, value)))


def _range(market: SampleMarket, day: Day, places: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the lowest and highest price allowed; where no limit holds, up to the close and a little beyond."""
    percent = market.limits(day.session)[places]
    ticks = market.ticks(day.session)
    widest = np.maximum(day.base, day.close)
    narrowest = np.minimum(day.base, day.close)
    lowest = np.where(day.bounded, day.base * (100 - percent) / 100, narrowest * 0.97)
    highest = np.where(day.bounded, day.base * (100 + percent) / 100, widest * 1.03)
    lows, highs = np.empty(len(lowest)), np.empty(len(highest))
    for place, one in enumerate(ticks):
        here = places == place
        lows[here], highs[here] = one.above(lowest[here]), one.below(highest[here])
    return lows, highs


def _nearest(prices: Floats, ticks: tuple[Ticks, ...], places: NDArray[np.int64]) -> Floats:
    if ticks[0] == ticks[1]:
        return ticks[0].nearest(prices)
    return np.where(places == 0, ticks[0].nearest(prices), ticks[1].nearest(prices))
