"""Whether rows come in the order of their keys, each key once; fed table by table."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tray_app.core.words import tr


class OrderCheck:
    """Compares each row with the one before it, across tables."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = list(keys)
        self._last: pa.Table | None = None
        self.is_broken = False

    def take(self, table: pa.Table) -> Iterator[tuple[str, str | None, int]]:
        """Yield (problem, column, row of this table) for the first row out of order and the first repeated key."""
        keys = pa.table({name: _plain(table.column(name)) for name in self._keys})
        joined = keys if self._last is None else pa.concat_tables([self._last, keys])
        offset = 1 if self._last is None else 0
        if table.num_rows:
            self._last = keys.slice(table.num_rows - 1)
        if joined.num_rows < 2:
            return
        earlier = np.zeros(joined.num_rows - 1, dtype=np.bool_)
        equal = np.ones(joined.num_rows - 1, dtype=np.bool_)
        for name in self._keys:
            values = _comparable(joined.column(name).combine_chunks())
            earlier |= equal & (values[1:] < values[:-1])
            equal &= values[1:] == values[:-1]
        if earlier.any():
            self.is_broken = True
            place = int(np.argmax(earlier))
            yield tr("is not in the order of {keys}", keys=", ".join(self._keys)), None, place + offset
        if equal.any():
            place = int(np.argmax(equal))
            key = ", ".join(str(value) for value in joined.slice(place + 1, 1).to_pylist()[0].values())
            yield tr("repeats the key ({key}) of the row before it", key=key), None, place + offset


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _comparable(column: pa.Array) -> npt.NDArray[Any]:
    # Texts become places in the sorted list of those that occur; nulls come first.
    if not pa.types.is_string(column.type):
        whole = (
            column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column.cast(pa.int32()).cast(pa.int64())
        )
        return whole.fill_null(-(2**62)).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]
    encoded = column.dictionary_encode()
    ranks = np.empty(len(encoded.dictionary) + 1, dtype=np.int64)
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    ranks[order] = np.arange(len(order))
    ranks[-1] = -1
    return ranks[encoded.indices.fill_null(len(order)).to_numpy(zero_copy_only=False)]  # type: ignore[no-any-return]
