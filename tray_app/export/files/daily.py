"""The file of daily bars: months of rows joined with their instruments, adjusted, masked, cut into row groups."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tray_app.datasets.krx.tables import RecordStatus
from tray_app.export.files.adjust import Adjustments
from tray_app.export.files.as_of import NO_WORD, AsOf
from tray_app.export.files.instruments import Instruments
from tray_app.export.files.masks import REASONS, validity
from tray_app.export.files.scan import COLUMNS, Rows
from tray_app.export.files.writer import ROW_GROUP_ROWS
from tray_app.store.arrow_columns import NO_DAY

TEXT_COLUMNS = {
    "instrument_id": "uid",
    "external_code": "external_code",
    "market_code": "market_code",
}
STATUSES = pa.array([status.name for status in RecordStatus])
HALTED, SUPERVISED, STATUS_SHIFT = 1, 2, 2


@dataclass(frozen=True)
class Joining:
    """What the rows are joined with.

    Sorted row numbers of unresolved_rows: unresolved of doubtful corporate actions, invalid of rows nobody believes.
    """

    instruments: Instruments
    adjustments: Adjustments | None
    unresolved: npt.NDArray[np.int64]
    invalid: npt.NDArray[np.int64]
    names: AsOf
    sections: AsOf

    @cached_property
    def texts(self) -> dict[str, "Words"]:
        """Return the texts of the instruments by column, as places in a list of different words."""
        return {name: words_of(self.instruments.table.column(source)) for name, source in TEXT_COLUMNS.items()}


@dataclass(frozen=True, slots=True)
class Words:
    """Different words, and for each instrument the place of its own."""

    words: pa.Array
    places: npt.NDArray[np.int32]


def words_of(column: pa.ChunkedArray) -> Words:
    """Return a text column as words and places."""
    encoded = column.combine_chunks().dictionary_encode()
    return Words(encoded.dictionary, encoded.indices.to_numpy())


def unresolved_rows(pairs: Iterable[tuple[int, int]], count: int) -> npt.NDArray[np.int64]:
    """Return (day, position) pairs as sorted row numbers for Joining."""
    return np.unique(np.array([day * count + position for day, position in pairs], dtype=np.int64))


def row_groups(months: Iterable[Rows]) -> Iterator[Rows]:
    """Yield whole sessions, as few as fill a row group; where they end depends on nothing but the rows."""
    pending: list[Rows] = []
    waiting = 0
    for rows in months:
        if not rows.count:
            continue
        pending.append(rows)
        waiting += rows.count
        while waiting >= ROW_GROUP_ROWS:
            joined = _joined(pending)
            days = joined.columns["trade_date"]
            end = int(np.searchsorted(days, days[ROW_GROUP_ROWS - 1], side="right"))
            if end == joined.count and days[-1] == days[ROW_GROUP_ROWS - 1]:
                # A month holds whole sessions, so this one is complete.
                pending, waiting = [], 0
                yield joined
                break
            yield _cut(joined, 0, end)
            pending, waiting = [_cut(joined, end, joined.count)], joined.count - end
    if waiting:
        yield _joined(pending)


def batch(rows: Rows, joining: Joining, schema: pa.Schema) -> pa.RecordBatch:
    """Return rows as the file holds them."""
    instruments, columns = joining.instruments, rows.columns
    days, flags = columns["trade_date"], columns["flags"]
    halted = (flags & HALTED) != 0
    status = (flags >> STATUS_SHIFT).astype(np.int32)
    traded = columns["volume"] > 0
    valid = (status == RecordStatus.VALID) & ~_among(rows, joining.invalid, instruments.count)
    newly = (instruments.listed_on[rows.positions] == days) & instruments.known_listing[rows.positions]
    reasons = validity(
        valid=valid,
        halted=halted,
        traded=traded,
        newly_listed=newly,
        liquidated=_liquidated(rows, instruments),
        unresolved=_among(rows, joining.unresolved, instruments.count),
    )
    arrays: dict[str, Any] = {
        name: _words(text.places[rows.positions], text.words) for name, text in joining.texts.items()
    }
    arrays |= {
        "instrument_name": _words(joining.names.on(rows.positions, days), joining.names.words),
        "section": _words(joining.sections.on(rows.positions, days), joining.sections.words),
        "listing_date": _dates(instruments.listed_on[rows.positions]),
        "delisting_date": _dates(instruments.delisted_on[rows.positions]),
        "trade_date": _dates(days),
        **{name: _prices(columns[name]) for name in ("open", "high", "low")},
        **{name: pa.array(columns[name]) for name in COLUMNS[4:10]},
        "is_trade_halted": pa.array(halted),
        "is_under_supervision": pa.array((flags & SUPERVISED) != 0),
        "record_status": _words(status, STATUSES),
        "is_tradable": pa.array(traded & ~halted & valid),
        "signal_validity_reason": _words(reasons, pa.array(REASONS)),
    }
    if joining.adjustments is not None:
        arrays |= _adjusted(rows, joining.adjustments)
    return pa.RecordBatch.from_arrays([_typed(arrays[field.name], field.type) for field in schema], schema=schema)


def _adjusted(rows: Rows, adjustments: Adjustments) -> dict[str, pa.Array]:
    columns = rows.columns
    price, share = adjustments.after(rows.positions, columns["trade_date"])
    return {
        "adj_factor": pa.array(price),
        **{f"adj_{name}": _prices(columns[name] * price) for name in ("open", "high", "low")},
        "adj_close": pa.array(columns["close"] * price),
        "adj_volume": pa.array(columns["volume"] / share),
    }


def _liquidated(rows: Rows, instruments: Instruments) -> npt.NDArray[np.bool_]:
    begun = instruments.liquidated_from[rows.positions]
    return np.asarray((begun != NO_DAY) & (rows.columns["trade_date"] >= begun))


def _among(rows: Rows, wanted: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.bool_]:
    found = np.zeros(rows.count, dtype=np.bool_)
    if len(wanted) and rows.count:
        days = rows.columns["trade_date"]
        wanted = wanted[(wanted >= int(days[0]) * count) & (wanted < (int(days[-1]) + 1) * count)]
        if len(wanted):
            found[np.isin(days.astype(np.int64) * count + rows.positions, wanted)] = True
    return found


def _typed(array: pa.Array, kind: pa.DataType) -> pa.Array:
    return array if array.type == kind else array.cast(kind)


def _dates(days: npt.NDArray[np.int32]) -> pa.Array:
    return pa.array(days, mask=days == NO_DAY).view(pa.date32())


def _prices(values: npt.NDArray[np.float64]) -> pa.Array:
    missing = np.isneginf(values)
    return pa.array(np.where(missing, 0.0, values), mask=missing) if missing.any() else pa.array(values)


def _words(places: npt.NDArray[np.int32], words: pa.Array) -> pa.DictionaryArray:
    # Only the words that occur: a name of another year must not show in this group's bytes.
    missing = places == NO_WORD
    used = np.zeros(len(words), dtype=np.bool_)
    used[places[~missing]] = True
    compact = np.cumsum(used, dtype=np.int32) - np.int32(1)
    if not missing.any():
        return pa.DictionaryArray.from_arrays(compact[places], words.filter(pa.array(used)))
    indices = pa.array(np.append(compact, NO_WORD)[places], mask=missing)
    return pa.DictionaryArray.from_arrays(indices, words.filter(pa.array(used)))


def _joined(parts: list[Rows]) -> Rows:
    if len(parts) == 1:
        return parts[0]
    return Rows(
        np.concatenate([part.positions for part in parts]),
        {name: np.concatenate([part.columns[name] for part in parts]) for name in COLUMNS},
        frozenset().union(*(part.run_ids for part in parts)),
    )


def _cut(rows: Rows, begin: int, end: int) -> Rows:
    return Rows(rows.positions[begin:end], {name: rows.columns[name][begin:end] for name in COLUMNS}, rows.run_ids)
