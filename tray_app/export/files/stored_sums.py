"""Compares rows that are read with the sums the store keeps of them: what changed on the disk is named, never exported.

The arithmetic is that of core.checks.row_sums, over whole columns at a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tray_app.core.checks.row_sums import FIRST, MIX, NULL_WORD, factor, signed, text_word
from tray_app.core.days import day_number, day_of
from tray_app.core.table import Table
from tray_app.datasets.krx.tables import DAILY
from tray_app.datasets.schema import SCHEMA
from tray_app.export.errors import RowsChanged
from tray_app.export.files.instruments import Instruments
from tray_app.store.arrow_reader import ArrowReader, snapshot
from tray_app.store.export_reads import Span, kept_sums, summed_rows, summed_years
from tray_app.store.summed_tables import SummedTable, summed

Words = npt.NDArray[np.uint64]
EVER = Span(date(1000, 1, 1), date(9998, 12, 31))
DAILY_VALUES = (
    "open",
    "high",
    "low",
    "close",
    "volume",
    "turnover_value",
    "market_value",
    "listed_shares",
    "base_price",
)
# Of these a row may have none.
MAYBE = frozenset(column.name for column in DAILY.columns if column.nullable)
# Rows that are summed at once: what they take stays in the processor's cache.
AT_ONCE = 8192
NO_PRICE = np.array([-np.inf]).view(np.uint64)[0]
_NULL = np.uint64(NULL_WORD)
_ONE = np.uint64(1)
# What the columns of flags add to a row, by the number they are read as: halted, under supervision, four times status.
_FLAGS = np.arange(64, dtype=np.uint64)
_AFTER = 2 * len(DAILY_VALUES) + 1
FLAG_WORDS = (_FLAGS & _ONE) * np.uint64(_AFTER)
FLAG_WORDS += (_FLAGS >> _ONE & _ONE) * np.uint64(_AFTER + 2) + (_FLAGS >> np.uint64(2)) * np.uint64(_AFTER + 4)


@dataclass(frozen=True, slots=True, order=True)
class ChangedRows:
    """Rows that are not those that were stored: of which table, which market or series, and which day or year."""

    table: str
    scope: str
    period: str

    def __str__(self) -> str:
        """Return it as a person names it."""
        return " ".join(part for part in (self.table, self.scope, self.period) if part)


def check(reader: ArrowReader, tables: Sequence[Table], span: Span, scopes: Sequence[str] | None = None) -> None:
    """Raise RowsChanged when rows of small tables are not those that were stored; scopes: of these alone."""
    found = [changed for table in tables for changed in compared(reader, summed(table), span, scopes)]
    if found:
        raise RowsChanged([str(each) for each in found])


def examine(database: Path) -> list[ChangedRows]:
    """Compare every row of a database, columns that no set holds among them. Close other connections before."""
    with snapshot(database, 1) as state:
        return sorted({changed for table in SCHEMA.summed for changed in _examined(state.reader, table)})


def _examined(reader: ArrowReader, table: SummedTable) -> Iterator[ChangedRows]:
    spans = (
        [Span(date(year, 1, 1), date(year, 12, 31)) for year in summed_years(reader, table)] if table.bulk else [EVER]
    )
    for span in spans:
        try:
            yield from compared(reader, table, span, whole=True)
        except ValueError:
            # Values of another kind than the column's, or texts that are none: only a disk puts them there.
            yield ChangedRows(table.name, "", str(span.first.year) if table.bulk else "")


def compared(
    reader: ArrowReader, table: SummedTable, span: Span, scopes: Sequence[str] | None = None, *, whole: bool = False
) -> Iterator[ChangedRows]:
    """Yield the scopes and periods of a table whose rows differ from their sums; whole: in columns outside sets too."""
    found = _sums(summed_rows(reader, table, span, scopes), table)
    kept = {place: sums for place, sums in _kept(reader, table, span).items() if scopes is None or place[0] in scopes}
    for place in sorted({*found, *kept}):
        rows_now, *totals_now = found.get(place, (0, 0, 0))
        rows_kept, *totals_kept = kept.get(place, (0, 0, 0))
        if rows_now != rows_kept or totals_now[: 1 + whole] != totals_kept[: 1 + whole]:
            yield ChangedRows(table.name, *place)


def _kept(reader: ArrowReader, table: SummedTable, span: Span) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Return the stored (rows, total, rest) by scope and period."""
    found = kept_sums(reader, table, span).to_pylist()
    return {(row["scope"], row["period"]): (row["rows"], row["total"], row["rest"]) for row in found}


def _sums(rows: pa.Table, table: SummedTable) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Return (rows, total, rest) of what was read, by scope and period."""
    if not rows.num_rows:
        return {}
    keys, values = len(table.key), len(table.values)
    words = [_words(rows.column(f"c{place}")) for place in range(len(table.columns))]
    of_key = _weighted(words[:keys], rows.num_rows)
    factors = _key_factors(of_key)
    totals = factors * (of_key + _weighted(words[keys : keys + values], rows.num_rows))
    rest = factors * (of_key + _weighted(words[keys + values :], rows.num_rows))
    scopes, periods = (_texts(rows.column(name)).dictionary_encode() for name in ("scope", "period"))
    codes = scopes.indices.to_numpy() * np.int64(len(periods.dictionary)) + periods.indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(codes[order]) != 0])
    counts = np.diff(np.r_[starts, len(codes)])
    found: dict[tuple[str, str], tuple[int, int, int]] = {}
    all_totals, all_rests = (np.add.reduceat(each[order], starts).view(np.int64) for each in (totals, rest))
    for number, start in enumerate(starts):
        scope, period = divmod(int(codes[order[start]]), len(periods.dictionary))
        place = (scopes.dictionary[scope].as_py(), periods.dictionary[period].as_py())
        rest_sum = int(all_rests[number]) if table.rest else 0
        found[place] = (int(counts[number]), int(all_totals[number]), rest_sum)
    return found


class DailySums:
    """The kept sums of the daily rows of some markets, for readers that go through them month by month."""

    def __init__(self, reader: ArrowReader, span: Span, markets: Sequence[str], instruments: Instruments) -> None:
        codes = _texts(instruments.table.column("market_code")).to_pylist()
        # Positions go from market to market: of each the market, and the first.
        self._markets = sorted(set(codes))
        self._bounds = np.searchsorted(np.array(codes), self._markets).astype(np.int32)
        self._ids = instruments.table.column("instrument_id").to_numpy().view(np.uint64)
        self._factors = _key_factors(self._ids * np.uint64(FIRST))
        self._kept: dict[int, dict[str, tuple[int, int]]] = {}
        for (scope, period), (rows, total, _rest) in _kept(reader, summed(DAILY), span).items():
            if scope in markets:
                self._kept.setdefault(day_number(date.fromisoformat(period)), {})[scope] = rows, total

    def check(self, span: Span, positions: npt.NDArray[np.int32], columns: Mapping[str, npt.NDArray[Any]]) -> None:
        """Raise RowsChanged unless the rows of some days, sorted by day and position, are those that were stored."""
        found = self._found(positions, columns)
        days = range(day_number(span.first), day_number(span.last) + 1)
        wrong = [
            ChangedRows(DAILY.name, market, str(day_of(day)))
            for day in sorted({*days, *found})
            for market in sorted(set(self._kept.get(day, ())) | set(found.get(day, ())))
            if self._kept.get(day, {}).get(market) != found.get(day, {}).get(market)
        ]
        if wrong:
            raise RowsChanged([str(each) for each in wrong])

    def _found(
        self, positions: npt.NDArray[np.int32], columns: Mapping[str, npt.NDArray[Any]]
    ) -> dict[int, dict[str, tuple[int, int]]]:
        """Return the rows and their total by day and market."""
        found: dict[int, dict[str, tuple[int, int]]] = {}
        if not len(positions):
            return found
        days = columns["trade_date"]
        edges = [0, *(np.flatnonzero(days[1:] != days[:-1]) + 1).tolist(), len(days)]
        sums = self._row_sums(positions, columns)
        for first, last in pairwise(edges):
            inner = first + np.searchsorted(positions[first:last], self._bounds)
            ends = [*inner.tolist(), last]
            found[int(days[first])] = {
                market: (end - start, signed(int(sums[start:end].sum()) * FIRST))
                for market, (start, end) in zip(self._markets, pairwise(ends), strict=True)
                if end > start
            }
        return found

    def _row_sums(self, positions: npt.NDArray[np.int32], columns: Mapping[str, npt.NDArray[Any]]) -> Words:
        """Return what each row adds to its sum, but for FIRST, which all of it is times."""
        sums = np.empty(len(positions), np.uint64)
        words = [_number_words(columns[name]) for name in DAILY_VALUES]
        for start in range(0, len(positions), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            # The odd numbers 1, 3, 5 ... of columns by additions alone: of each column, and of all behind it, twice.
            total, behind = np.zeros((2, len(sums[part])), np.uint64)
            for name, column in zip(reversed(DAILY_VALUES), reversed(words), strict=True):
                total += behind
                cells = column[part]
                if name in MAYBE:
                    cells = np.where(cells == NO_PRICE, _NULL, cells)
                behind += cells
            total += total
            total += behind
            total += FLAG_WORDS.take(columns["flags"][part], mode="wrap")
            total += self._ids.take(positions[part], mode="wrap")
            np.multiply(total, self._factors.take(positions[part], mode="wrap"), out=sums[part])
        return sums


def _number_words(values: npt.NDArray[Any]) -> Words:
    """Return the words of numbers as they are read: prices that are none as minus infinity, and no -0.0."""
    return (values if values.dtype == np.float64 else values.astype(np.int64, copy=False)).view(np.uint64)


def _words(column: pa.ChunkedArray) -> Words:
    """Return the word of each value of a column."""
    whole = column.combine_chunks()
    nulls = whole.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_null(whole.type):
        return np.full(len(whole), _NULL)
    if pa.types.is_integer(whole.type):
        words = whole.fill_null(0).to_numpy().astype(np.int64).view(np.uint64)
    elif pa.types.is_floating(whole.type):
        words = (whole.fill_null(0.0).to_numpy().astype(np.float64) + 0.0).view(np.uint64)
    else:
        encoded = _texts(whole).fill_null("").dictionary_encode()
        of_texts = np.array([text_word(text) for text in encoded.dictionary.to_pylist()], dtype=np.uint64)
        words = of_texts[encoded.indices.to_numpy()]
    return np.where(nulls, _NULL, words) if nulls.any() else words


def _texts(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.cast(pa.string())


def _weighted(words: Sequence[Words], rows: int) -> Words:
    total = np.zeros(rows, dtype=np.uint64)
    for place, column in enumerate(words):
        total += column * np.uint64(factor(place))
    return total


def _key_factors(of_key: Words) -> Words:
    mixed = (of_key ^ (of_key >> np.uint64(32))) * np.uint64(MIX)
    return (mixed ^ (mixed >> np.uint64(29))) | _ONE
