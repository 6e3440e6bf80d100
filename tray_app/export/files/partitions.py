"""How the daily bars are cut into files, and which of them need not be written again.

A part is carried over from the set being replaced when its stamp is the same: a digest of all it was made from, read
off the store's small tables and change counters, never off its rows.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tray_app.core.days import day_number
from tray_app.export.files.instruments import Instruments, seen_between
from tray_app.export.files.schemas import SCHEMA_VERSION
from tray_app.export.files.writer import FileFacts
from tray_app.export.kinds import Layout
from tray_app.export.request import ExportRequest
from tray_app.files import sync
from tray_app.store.export_reads import Span

# To be raised when the same rows would be written as other bytes.
WRITER_VERSION = 1
EXPORTED = (
    "uid",
    "external_code",
    "market_code",
    "instrument_name",
    "listing_date",
    "delisting_date",
    "isin",
    "liquidation_from",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of daily bars and its days."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Earlier:
    """The set that is being replaced: its stamped parts that are still as they were written, by name."""

    folder: Path
    parts: Mapping[str, FileFacts]


def parts_of(request: ExportRequest) -> list[Part]:
    """Return the files of daily bars, oldest first."""
    if request.layout is Layout.SINGLE:
        return [Part("instrument_daily.parquet", Span(request.date_from, request.date_to))]
    return [
        Part(
            f"instrument_daily/year={year}/part-0.parquet",
            Span(max(date(year, 1, 1), request.date_from), min(date(year, 12, 31), request.date_to)),
        )
        for year in range(request.date_from.year, request.date_to.year + 1)
    ]


@dataclass(frozen=True, slots=True)
class Origin:
    """What parts are made from.

    spells are (instrument id, day, text); factors and doubts are (instrument id, day number, ...) of the whole set.
    """

    store_id: str
    request: ExportRequest
    months: Mapping[str, int]
    instruments: Instruments
    spells: Sequence[tuple[int, str, str]]
    factors: Sequence[tuple[Any, ...]]
    doubts: Sequence[tuple[int, int]]

    def stamp(self, part: Part) -> str:
        """Return the digest of all that decides a part's rows."""
        first, last = f"{part.span.first:%Y-%m}", f"{part.span.last:%Y-%m}"
        begin, end = day_number(part.span.first), day_number(part.span.last)
        here = seen_between(self.instruments, part.span.first, part.span.last)
        ids = self.instruments.table.column("instrument_id").to_numpy()
        uids = self.instruments.table.column("uid").to_pylist()
        uid_of = {int(ids[place]): uids[place] for place in np.flatnonzero(here)}
        adjusting = self.request.is_adjusted
        content = {
            "store": self.store_id,
            "versions": [WRITER_VERSION, SCHEMA_VERSION, pa.__version__],
            "days": [str(part.span.first), str(part.span.last)],
            "options": [self.request.shape()[key] for key in ("market_codes", "adjusted", "date_type")],
            "months": {month: stamp for month, stamp in self.months.items() if first <= month <= last},
            "instruments": _digest(self.instruments.table.filter(pa.array(here))),
            "listings": self.instruments.known_listing[here].astype(int).tolist(),
            "spells": sorted([uid_of[number], day, text] for number, day, text in self.spells if number in uid_of),
            "factors": sorted(
                [uid_of[number], day, *values]
                for number, day, *values in self.factors
                if number in uid_of and ((adjusting and day > begin) or (values[-1] and begin <= day <= end))
            ),
            "doubts": sorted([uid_of[number], day] for number, day in self.doubts if number in uid_of),
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def carry(source: Path, target: Path) -> None:
    """Put a file into another folder too: as a second name where the file system can, else as a copy."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        sync(target)


def _digest(table: pa.Table) -> str:
    rows = [table.column(name).to_pylist() for name in EXPORTED]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()
