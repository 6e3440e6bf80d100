"""Reads the daily table month by month with two threads and hands the months on in order, sorted as the file is.

Threads are allowed here because exports run in a process of their own. Two months per thread are under way at most, so
memory does not grow with the rows.
"""

import queue
import threading
from collections.abc import Callable, Collection, Generator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tray_app.datasets.krx.export_reads import DAY_FACTOR, RUN_FACTOR, daily
from tray_app.datasets.krx.rows import Market
from tray_app.export.files.instruments import Instruments
from tray_app.export.files.stored_sums import DAILY_VALUES, DailySums
from tray_app.store.arrow_reader import ArrowReader
from tray_app.store.export_reads import Span

Column = npt.NDArray[Any]
COLUMNS = ("trade_date", *DAILY_VALUES, "flags")


@dataclass(frozen=True, slots=True)
class Rows:
    """Daily rows sorted by (trade_date, position); prices that are none are minus infinity."""

    positions: npt.NDArray[np.int32]
    columns: dict[str, Column]
    run_ids: frozenset[int]

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return len(self.positions)


NO_ROWS = Rows(np.empty(0, np.int32), {name: np.empty(0) for name in COLUMNS}, frozenset())


def months(span: Span) -> list[Span]:
    """Return the months of some days, the first and last cut to fit."""
    found, first = [], span.first
    while first <= span.last:
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        found.append(Span(first, min(after - timedelta(days=1), span.last)))
        first = after
    return found


def scan(
    readers: Sequence[ArrowReader],
    spans: Sequence[Span],
    markets: Sequence[Market],
    instruments: Instruments,
    sums: DailySums,
) -> Generator[Rows, None, None]:
    """Yield the rows of each span, in the order of the spans. Raises RowsChanged for rows that were not stored so."""
    month_readers = [
        _MonthReader(
            reader,
            spans[number :: len(readers)],
            lambda reader, span: read_rows(reader, span, markets, instruments, sums),
        )
        for number, reader in enumerate(readers)
    ]
    try:
        for number in range(len(spans)):
            yield month_readers[number % len(month_readers)].take()
    finally:
        for month_reader in month_readers:
            month_reader.stop()


class _MonthReader:
    """One reading thread with its few finished months."""

    def __init__(self, reader: ArrowReader, spans: Sequence[Span], read: Callable[[ArrowReader, Span], Rows]) -> None:
        self._reader, self._spans, self._read = reader, spans, read
        self._done: queue.Queue[Rows | BaseException] = queue.Queue()
        self._room = threading.Semaphore(2)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="export-reader", daemon=True)
        self._thread.start()

    def take(self) -> Rows:
        """Return the next month. Raises what reading it raised."""
        found = self._done.get()
        self._room.release()
        if isinstance(found, BaseException):
            raise found
        return found

    def stop(self) -> None:
        """End the thread; the month it reads is read to its end."""
        self._stopped.set()
        self._room.release()
        self._thread.join()

    def _work(self) -> None:
        for span in self._spans:
            self._room.acquire()
            if self._stopped.is_set():
                return
            try:
                self._done.put(self._read(self._reader, span))
            except BaseException as error:
                self._done.put(error)
                return


def read_rows(  # noqa: PLR0913, PLR0917 - which rows, and what they are held against
    reader: ArrowReader,
    span: Span,
    markets: Sequence[Market],
    instruments: Instruments,
    sums: DailySums | None,
    listings: Collection[int] | None = None,
) -> Rows:
    """Return the rows of some days. Raises RowsChanged for rows that were not stored so.

    sums: of all rows of the markets; None where only some listings are read, of which no sum is kept.
    """
    table = daily(reader, span, markets, listings)
    rows = _sorted(table, instruments) if table.num_rows else NO_ROWS
    if sums is not None:
        sums.check(span, rows.positions, rows.columns)
    return rows


def _sorted(table: pa.Table, instruments: Instruments) -> Rows:
    numbers = {name: _array(table, name) for name in table.column_names}
    days, ids = np.divmod(numbers.pop("row_key"), DAY_FACTOR)
    positions = instruments.positions(ids)
    order = np.argsort(days * instruments.count + positions)
    runs, flags = np.divmod(numbers["flags"], RUN_FACTOR)
    numbers["flags"] = flags.astype(np.int8)
    numbers["trade_date"] = days.astype(np.int32)
    return Rows(
        positions[order],
        {name: numbers[name][order] for name in COLUMNS},
        frozenset([int(runs[0])] if (runs == runs[0]).all() else np.unique(runs).tolist()),
    )


def _array(table: pa.Table, name: str) -> Column:
    column: Column = table.column(name).to_numpy()
    return column
