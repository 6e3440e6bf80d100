"""What verify asks of the listings of a set that ended: transfers link two of them, and one series of prices."""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from tray_app.core.sets import Finding
from tray_app.core.words import tr
from tray_app.datasets.krx.rules.episodes import EndReason

INSTRUMENTS, FACTORS = "instruments.parquet", "adjustment_factors.parquet"

Row = Mapping[str, Any]


def broken_chains(instruments: pa.Table, factors: pa.Table | None) -> Iterator[Finding]:
    """Yield the first broken link of each kind. A listing outside the set may be named, but not looked at."""
    rows = instruments.to_pylist()
    listed = {row["instrument_id"]: row for row in rows}
    events = _events(factors)
    told: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, start=1):
        for file, column, problem in [*_ends(row), *_links(row, listed), *_prices(row, listed, events)]:
            if (file, problem) not in told:
                told.add((file, problem))
                yield Finding(file, problem, column, number if file == INSTRUMENTS else None)


def _ends(row: Row) -> Iterator[tuple[str, str, str]]:
    is_moved = row["end_reason"] == EndReason.TRANSFERRED
    if is_moved != (row["moved_to"] is not None):
        yield INSTRUMENTS, "moved_to", tr("a transferred listing, and no other, names the one it went on in")
    if is_moved and row["delisting_date"] is not None:
        yield INSTRUMENTS, "delisting_date", tr("a transferred listing was not delisted")
    if row["delisting_date"] is not None and row["end_reason"] is None:
        yield INSTRUMENTS, "end_reason", tr("a delisted listing has no reason")


def _links(row: Row, listed: Mapping[str, Row]) -> Iterator[tuple[str, str, str]]:
    later, earlier = listed.get(row["moved_to"]), listed.get(row["moved_from"])
    if later is not None:
        if later["moved_from"] != row["instrument_id"]:
            yield INSTRUMENTS, "moved_to", tr("the listing it went on in came from another one")
        if later["external_code"] != row["external_code"] or later["market_code"] == row["market_code"]:
            yield INSTRUMENTS, "moved_to", tr("the listing it went on in is not of its code on another market")
        if later["first_seen"] <= row["last_seen"]:
            yield INSTRUMENTS, "moved_to", tr("the listing it went on in began before it ended")
    if earlier is not None and earlier["moved_to"] != row["instrument_id"]:
        yield INSTRUMENTS, "moved_from", tr("the listing it came from went on in another one")


def _prices(
    row: Row, listed: Mapping[str, Row], events: Mapping[str, set[tuple[Any, ...]]]
) -> Iterator[tuple[str, str, str]]:
    if row["moved_to"] in listed and not events.get(row["moved_to"], set()) <= events.get(row["instrument_id"], set()):
        yield FACTORS, "instrument_id", tr("lacks, for an earlier listing, a factor of the one it went on in")


def _events(factors: pa.Table | None) -> dict[str, set[tuple[Any, ...]]]:
    found: dict[str, set[tuple[Any, ...]]] = {}
    for row in [] if factors is None else factors.to_pylist():
        event = (row["trade_date"], row["factor"], row["share_factor"])
        found.setdefault(row["instrument_id"], set()).add(event)
    return found
