"""The daily bars of a set, one listing episode after the other. Memory stays flat: issues are taken in packs.

Presets do all that needs Arrow through it, so that their own modules load nothing heavy.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from tray_app.export.presets.preset import ADJUSTED_FIELDS
from tray_app.export.progress import Watch
from tray_app.files import sync

ROWS_AT_ONCE = 1_000_000
LISTINGS_A_STEP = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing episode and the name it goes by: its code, with listing date and market where others bear it too."""

    uid: str
    code: str
    market: str
    listed_on: date
    ticker: str


class DailyBars:
    """Reads instrument_daily of a set that lies in a folder, and writes files beside it, whose names it remembers."""

    def __init__(self, folder: Path, watch: Watch) -> None:
        self._folder, self._watch = folder, watch
        single = folder / "instrument_daily.parquet"
        self.files = [single] if single.exists() else sorted((folder / "instrument_daily").rglob("*.parquet"))
        self.rows = sum(pq.read_metadata(file).num_rows for file in self.files)
        self.listings = _listings(self.table("instruments"))
        self.names: list[str] = []

    def table(self, name: str) -> pa.Table:
        """Return a table of the set that is one file."""
        return pq.read_table(self._folder / f"{name}.parquet")

    @cached_property
    def sessions(self) -> list[date]:
        """Return the days that have rows."""
        found: set[date] = set()
        for file in self.files:
            found.update(pc.unique(pq.read_table(file, columns=["trade_date"], partitioning=None)[0]).to_pylist())
        return sorted(found)

    def by_listing(self, columns: Sequence[str]) -> Iterator[tuple[Listing, pa.Table]]:
        """Yield each episode that has rows with its bars, oldest first."""
        watch = self._watch
        packs = max(1, -(-self.rows // ROWS_AT_ONCE))
        total = len(self.listings)
        size = max(1, -(-total // packs))
        watch.step("preset", 0, total)
        done = 0
        for begin in range(0, total, size):
            for found in self._pack(self.listings[begin : begin + size], ["trade_date", *columns]):
                yield found
                done += 1
                if done % LISTINGS_A_STEP == 0:
                    watch.step("preset", done, total)
        watch.step("preset", total, total)

    def _pack(self, pack: Sequence[Listing], columns: Sequence[str]) -> Iterator[tuple[Listing, pa.Table]]:
        uids = pa.array([listing.uid for listing in pack])
        parts, owners = [], []
        for file in self.files:
            # Closed before a cancelled set is deleted, which Windows refuses while a file of it is open.
            with pq.ParquetFile(file, read_dictionary=["instrument_id"]) as reader:
                for batch in reader.iter_batches(batch_size=ROWS_AT_ONCE // 8, columns=["instrument_id", *columns]):
                    self._watch.cancel.raise_if_cancelled()
                    places = pc.index_in(pc.cast(batch.column("instrument_id"), pa.string()), uids)
                    parts.append(batch.select(list(columns)).filter(places.is_valid()))
                    owners.append(places.drop_null().to_numpy(zero_copy_only=False))
        if not parts:
            return
        table, owner = pa.Table.from_batches(parts).combine_chunks(), np.concatenate(owners)
        # Rows come by day, so a stable sort by owner leaves each owner's days in order.
        table = table.take(pa.array(np.argsort(owner, kind="stable")))
        ends = np.cumsum(np.bincount(owner.astype(np.int64), minlength=len(pack)))
        for listing, end, begin in zip(pack, ends.tolist(), [0, *ends.tolist()[:-1]], strict=True):
            if end > begin:
                yield listing, table.slice(begin, end - begin)

    def wide(self, field: str) -> dict[str, pa.Array]:
        """Return a field as a column per listing and a row per session; a session without a value is null."""
        sessions = np.array(self.sessions, dtype="datetime64[ms]")
        columns: dict[str, pa.Array] = {"date": pa.array(sessions)}
        for listing, table in self.by_listing([field]):
            values = np.full(len(sessions), np.nan)
            days = table.column("trade_date").cast(pa.timestamp("ms")).to_numpy()
            values[np.searchsorted(sessions, days)] = table.column(field).to_numpy()
            columns[listing.ticker] = pa.array(values, mask=np.isnan(values))
        return columns

    def traded(self, columns: Sequence[str]) -> Iterator[tuple[Listing, pa.Table]]:
        """Yield each episode that was ever traded with its bars of the days on which it was, oldest first."""
        for listing, table in self.by_listing([*columns, "volume"]):
            days = table.filter(pc.greater(table.column("volume"), 0))
            if days.num_rows:
                yield listing, days

    @staticmethod
    def dates(bars: pa.Table) -> pa.ChunkedArray:
        """Return the sessions of bars, as dates whatever type the set gives them."""
        return bars.column("trade_date").cast(pa.date32())

    @classmethod
    def instants(cls, bars: pa.Table, moment: time) -> pa.Array:
        """Return a moment (UTC) of the sessions of bars, in nanoseconds."""
        days = cls.dates(bars).cast(pa.int32()).cast(pa.int64()).to_numpy()
        seconds = days * 86_400 + moment.hour * 3_600 + moment.minute * 60 + moment.second
        return pa.array(seconds * 1_000_000_000).cast(pa.timestamp("ns", "UTC"))

    @staticmethod
    def adjusted(bars: pa.Table, *, silent_are_null: bool = False) -> dict[str, pa.ChunkedArray]:
        """Return the adjusted fields under their plain names; without values where nothing was traded, if asked."""
        columns = {field.removeprefix("adj_"): bars.column(field) for field in ADJUSTED_FIELDS}
        if not silent_are_null:
            return columns
        silent = pc.equal(bars.column("volume"), 0)
        return {name: pc.if_else(silent, None, column) for name, column in columns.items()}

    @staticmethod
    def constant(bars: pa.Table, value: float | str) -> pa.Array:
        """Return a column of one value."""
        return pa.repeat(value, bars.num_rows)

    def write_csv(self, name: str, columns: Mapping[str, Any]) -> None:
        """Write columns as CSV with a header, Unix line ends and nothing quoted."""
        table = pa.table(dict(columns))
        with self.writing(name) as path, path.open("wb") as stream:
            stream.write((",".join(table.column_names) + "\n").encode())
            pa_csv.write_csv(table, stream, pa_csv.WriteOptions(include_header=False, quoting_style="none"))

    def write_parquet(self, name: str, columns: Mapping[str, Any], **options: Any) -> None:
        """Write columns as Parquet."""
        with self.writing(name) as path:
            pq.write_table(pa.table(dict(columns)), path, compression="zstd", **options)

    def write_text(self, name: str, text: str) -> None:
        """Write a text file with Unix line ends."""
        with self.writing(name) as path:
            path.write_text(text, "utf-8", newline="\n")

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Give the place of a file to be written; afterwards it is on the disk and one of the set's."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        yield path
        sync(path)
        self.names.append(name)


def _listings(instruments: pa.Table) -> tuple[Listing, ...]:
    rows = instruments.select(["instrument_id", "external_code", "market_code", "listing_date"]).to_pylist()
    return tuple(
        Listing(
            uid=row["instrument_id"],
            code=row["external_code"],
            market=row["market_code"],
            listed_on=row["listing_date"],
            ticker=ticker,
        )
        for row, ticker in zip(rows, _tickers(rows), strict=True)
    )


def _tickers(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Return a name of its own for each listing: as short as its code when no other bears it, longer where it must be.

    The last resort is the identifier itself, so that no two files of a set ever bear one name.
    """
    parts = [
        (str(row["external_code"]), str(row["listing_date"])[:10].replace("-", ""), str(row["market_code"]),
         str(row["instrument_id"]))
        for row in rows
    ]  # fmt: skip
    names = [""] * len(rows)
    for length in range(1, 5):
        wanted = ["_".join(part[:length]) for part in parts]
        uses = Counter(wanted)
        names = [name or (word if uses[word] == 1 else "") for name, word in zip(names, wanted, strict=True)]
    return names
