"""What can be exported of a dataset: facts only. How large it is and its rows are told by the dataset's parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from tray_app.core.table import SetFile, Table
    from tray_app.store.arrow_reader import ArrowReader
    from tray_app.store.database import Database
    from tray_app.store.export_reads import ExportRows


@dataclass(frozen=True, slots=True)
class Asked:
    """What a set is asked to hold: the days, both included, and what concerns some kinds alone."""

    first: date
    last: date
    markets: tuple[str, ...] = ()
    is_adjusted: bool = False
    include_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """What a set would hold of a kind: its rows, about how many bytes they take, its listings, and what is to be said.

    The bytes are measured on whole sets: five of the benchmarks' stores (100 to 2,080 issues over 20 to 1,000 sessions)
    and two of the demo's (2,900 issues over 23 and 157 sessions). Where both differ, the middle is taken.
    """

    rows: int
    bytes: float
    listings: int = 0
    notes: tuple[str, ...] = ()


Measure = Callable[["Database", Asked], Measured]
ReadRows = Callable[["ArrowReader", Asked], "ExportRows"]


@dataclass(frozen=True, slots=True, eq=False)
class ExportKind:
    """What can be exported, by its name in commands and JSON.

    In English: title; counted, which holds {rows}; none_stored. For the manifest: attribution, and by which days its
    dates are (dates). remarks: lines of the guide. frame_bytes: what manifest, guide, checksums and the heads of its
    files take. issues: the quality issues that block it. tables: those it is made of. files: made of its rows as they
    are read. loading: lines of Python by the program they load it with; where a program has none, each file is read.
    has_bars: it is the daily bars of an exchange, of which the files of programs are made. may_be_restricted: some of
    it may not be passed on.
    """

    name: str
    title: str
    counted: str
    none_stored: str
    attribution: str
    dates: str
    remarks: tuple[str, ...]
    frame_bytes: int
    issues: frozenset[str] = frozenset()
    tables: tuple[Table, ...] = ()
    files: tuple[SetFile, ...] = ()
    loading: Mapping[str, str] = field(default_factory=dict)
    has_bars: bool = False
    may_be_restricted: bool = False
