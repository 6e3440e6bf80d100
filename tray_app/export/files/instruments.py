"""The listing episodes of a set as arrays, in the order rows are sorted by: integer ids leave no trace."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tray_app.core.days import day_number
from tray_app.core.errors import AppError
from tray_app.core.words import tr
from tray_app.store.arrow_columns import NO_DAY, Days, date_column, days_of, number

Positions = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Instruments:
    """Episodes sorted by (market_code, external_code, listing_date); a position is a place in that order."""

    table: pa.Table
    position_of_id: Positions
    listed_on: Days
    delisted_on: Days
    known_listing: npt.NDArray[np.bool_]
    liquidated_from: Days

    @property
    def count(self) -> int:
        """Return how many there are."""
        return int(self.table.num_rows)

    def positions(self, ids: npt.NDArray[np.int64]) -> Positions:
        """Return the places of integer ids. Raises AppError for one that has no instrument."""
        inside = (ids >= 0) & (ids < len(self.position_of_id))
        found = self.position_of_id[np.where(inside, ids, 0)]
        bad = ~inside | (found < 0)
        if bad.any():
            raise AppError(
                tr("A row has no instrument"),
                tr("Daily rows name the instrument {number}, which is not known.", number=int(ids[bad][0])),
                tr("Run: market-tray doctor"),
            )
        return found


def read_instruments(table: pa.Table, first_days: dict[str, int]) -> Instruments:
    """Return the episodes of a table of the store. first_days are the first stored days of the markets, as numbers.

    A listing date that base info never confirmed is only the first day seen: it tells of a new listing unless the
    market's rows begin there.
    """
    order = pc.sort_indices(
        table,
        sort_keys=[(name, "ascending") for name in ("market_code", "external_code", "listing_date", "episode")],
    )
    ordered = table.take(order)
    ids = ordered.column("instrument_id").to_numpy()
    position_of_id = np.full(int(ids.max(initial=0)) + 1, -1, dtype=np.int32)
    if len(ids):
        position_of_id[ids] = np.arange(len(ids), dtype=np.int32)
    listed = days_of(ordered.column("listing_date"))
    confirmed = ordered.column("isin").is_valid().to_numpy()
    # An issue that came from another market was traded the day before.
    came = pc.not_equal(ordered.column("moved_from").cast(pa.string()), "").to_numpy()
    first = np.array([first_days.get(market, NO_DAY) for market in ordered.column("market_code").to_pylist()])
    return Instruments(
        ordered,
        position_of_id,
        listed,
        days_of(ordered.column("delisting_date")),
        ~came & (confirmed | (listed > first.astype(np.int32))) if len(ids) else confirmed,
        days_of(ordered.column("liquidation_from")),
    )


def file_table(instruments: Instruments, wanted: npt.NDArray[np.bool_]) -> pa.Table:
    """Return the rows of instruments.parquet."""
    table = instruments.table.filter(pa.array(wanted))
    columns = {
        "instrument_id": table.column("uid"),
        **{name: table.column(name) for name in table.column_names if name not in {"instrument_id", "uid"}},
        "listed_shares": number(table.column("listed_shares")),
        "listing_date": date_column(table.column("listing_date")),
        "delisting_date": date_column(table.column("delisting_date")),
        "first_seen": date_column(table.column("first_seen")),
        "last_seen": date_column(table.column("last_seen")),
        **{name: _or_null(table.column(name)) for name in ("end_reason", "moved_from", "moved_to")},
        "liquidation_from": date_column(table.column("liquidation_from")),
        "is_identified": pc.equal(table.column("is_identified"), 1),
    }
    return pa.table(columns)


def seen_between(instruments: Instruments, first: date, last: date) -> npt.NDArray[np.bool_]:
    """Return which episodes have rows, as far as their first and last day seen tell, in these days."""
    begun = days_of(instruments.table.column("first_seen")) <= day_number(last)
    ended = days_of(instruments.table.column("last_seen")) >= day_number(first)
    return np.asarray(begun & ended)


def _or_null(column: pa.ChunkedArray) -> pa.ChunkedArray:
    texts = column.cast(pa.string())
    return pc.if_else(pc.equal(texts, ""), None, texts)
