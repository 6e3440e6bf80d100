"""Back-adjustment: what a price of a day must be multiplied by so that later splits do not show."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
# Wider than any day number, so that position and day make one sortable number.
_STRIDE = np.int64(1 << 24)


@dataclass(frozen=True, slots=True)
class Adjustments:
    """Products of all factors after each event, sorted by (position, day)."""

    keys: npt.NDArray[np.int64]
    prices: Floats
    shares: Floats
    last_event: npt.NDArray[np.int64]

    def after(self, positions: npt.NDArray[np.int32], days: npt.NDArray[np.int32]) -> tuple[Floats, Floats]:
        """Return for each row the products of the price and share factors of the days after it."""
        price, share = np.ones(len(positions)), np.ones(len(positions))
        (rows,) = np.nonzero(self.last_event[positions] > days)
        if len(rows):
            wanted = positions[rows].astype(np.int64) * _STRIDE + days[rows]
            places = np.searchsorted(self.keys, wanted, side="right")
            price[rows], share[rows] = self.prices[places], self.shares[places]
        return price, share


def adjustments(
    positions: Sequence[int], days: Sequence[int], factors: Sequence[float], shares: Sequence[float], count: int
) -> Adjustments:
    """Return the products for events in any order, of `count` instruments."""
    keys = np.asarray(positions, dtype=np.int64) * _STRIDE + np.asarray(days, dtype=np.int64)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    last_event = np.full(count, -1, dtype=np.int64)
    np.maximum.at(last_event, np.asarray(positions, dtype=np.int64), np.asarray(days, dtype=np.int64))
    return Adjustments(
        ordered,
        _products(ordered, np.asarray(factors, dtype=np.float64)[order]),
        _products(ordered, np.asarray(shares, dtype=np.float64)[order]),
        last_event,
    )


def _products(keys: npt.NDArray[np.int64], factors: Floats) -> Floats:
    # From the latest event back, so that a product does not depend on how many older events there are.
    products = factors.copy()
    owners = keys // _STRIDE
    for place in range(len(products) - 2, -1, -1):
        if owners[place] == owners[place + 1]:
            products[place] *= products[place + 1]
    return products
