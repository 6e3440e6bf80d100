"""Bars and indices as numpy arrays; imported on reader threads, which wait for numpy instead of the UI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import tray_app.ui.charts.candle_plot  # noqa: F401 - pyqtgraph too is loaded here, so that the chart need not wait
from tray_app.datasets.krx.rules.adjustment import AdjustmentMethod, Factor, cumulative_factors
from tray_app.ui.charts.bars import Bars
from tray_app.ui.charts.series import Series
from tray_app.ui.charts.ticks import EPOCH, day_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tray_app.datasets.krx.reads import Bar, IndexClose, StoredFactor
    from tray_app.ui.charts.traces import Numbers


def bars_of(bars: Sequence[Bar]) -> Bars:
    """Return stored bars as arrays."""
    table = np.array([(bar.open, bar.high, bar.low, bar.close, bar.volume) for bar in bars], np.float64)
    columns = table.reshape(-1, 5).T
    return Bars(_numbers([bar.trade_date for bar in bars]), *(np.ascontiguousarray(column) for column in columns))


def adjusted_bars(raw: Bars, factors: Sequence[StoredFactor]) -> Bars:
    """Return back-adjusted bars: prices times the factors of later days, volume by those that changed the shares."""
    if not factors:
        return raw
    events = [Factor(each.trade_date, each.factor, AdjustmentMethod(each.method)) for each in factors]
    products = cumulative_factors([day_of(day) for day in raw.days], events)
    price = np.array([product.price for product in products])
    volume = np.array([product.volume for product in products])
    opened, high, low, close = (each * price for each in (raw.open, raw.high, raw.low, raw.close))
    return Bars(raw.days, opened, high, low, close, np.round(raw.volume / volume))


def closes_of(key: str, name: str, closes: Sequence[IndexClose]) -> Series:
    """Return an index's closes as a line."""
    values = np.array([close.close for close in closes], np.float64)
    return Series(key, name, _numbers([close.trade_date for close in closes]), values)


def _numbers(days: Sequence[date]) -> Numbers:
    return np.array([day.toordinal() for day in days], np.float64) - EPOCH
