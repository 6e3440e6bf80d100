"""Texts of instruments as of each day: a name or a section holds from its day to the next one's."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tray_app.export.files.instruments import Instruments
from tray_app.store.arrow_columns import days_of

# Wider than any day number, so that position and day make one sortable number.
_STRIDE = np.int64(1 << 24)
NO_WORD = np.int32(-1)


@dataclass(frozen=True, slots=True)
class AsOf:
    """Different words, and which holds since when, sorted by (position, day).

    first is each position's first word, and the only one where there are not several; NO_WORD stands for none.
    """

    words: pa.Array
    keys: npt.NDArray[np.int64]
    places: npt.NDArray[np.int32]
    first: npt.NDArray[np.int32]
    has_several: npt.NDArray[np.bool_]

    def on(self, positions: npt.NDArray[np.int32], days: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Return the place of the word of each row; before its first day an instrument has the first one."""
        found = self.first[positions]
        (rows,) = np.nonzero(self.has_several[positions])
        if len(rows):
            owners = positions[rows].astype(np.int64)
            at = np.searchsorted(self.keys, owners * _STRIDE + days[rows], side="right") - 1
            is_own = (at >= 0) & (self.keys[at] // _STRIDE == owners)
            found[rows] = np.where(is_own, self.places[at], found[rows])
        return found


def as_of(spells: pa.Table, instruments: Instruments, default: str | None = None) -> AsOf:
    """Return spells (instrument_id, valid_from, text) as arrays; empty texts are none.

    default: the column of instruments that tells of those without a spell.
    """
    positions = instruments.positions(spells.column("instrument_id").cast(pa.int64()).to_numpy())
    days = days_of(spells.column("valid_from"))
    texts: list[str | None] = [text or None for text in spells.column("text").to_pylist()]
    if default is not None:
        missing = np.setdiff1d(np.arange(instruments.count, dtype=np.int32), positions)
        positions = np.concatenate([positions, missing])
        days = np.concatenate([days, np.zeros(len(missing), dtype=np.int32)])
        texts += instruments.table.column(default).take(pa.array(missing)).to_pylist()
    keys = positions.astype(np.int64) * _STRIDE + days
    order = np.argsort(keys, kind="stable")
    # In the order of the instruments, so that the words' places tell nothing of the store's ids.
    encoded = pa.array([texts[place] for place in order], pa.string()).dictionary_encode()
    places = encoded.indices.fill_null(int(NO_WORD)).to_numpy(zero_copy_only=False).astype(np.int32)
    owners = positions[order]
    first = np.full(instruments.count, NO_WORD, dtype=np.int32)
    first[owners[::-1]] = places[::-1]
    counts = np.bincount(owners, minlength=instruments.count)
    return AsOf(encoded.dictionary, keys[order], places, first, counts > 1)
