"""Rows of a KRX answer that cannot be are left out and named; only a body that reads badly is read row by row."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from tray_app.core.errors import SourceChangedShape
from tray_app.core.row_faults import RowFault, Sifted, are_too_many
from tray_app.core.words import tr
from tray_app.datasets.krx.source.block import Block

Row = TypeVar("Row")
LONGEST_NAME = 40


def sifted(
    block: Block, day: date, read: Callable[[Block], tuple[Row, ...]], field: str, name_of: Callable[[Row], str]
) -> Sifted[Row]:
    """Return what `read` makes of a block's rows, and the rows it refuses.

    field names a row as it was sent, name_of one that was read; of several rows of one name that differ none is kept.
    Raises what `read` says of the whole block when more than a few rows are at fault.
    """
    try:
        return Sifted(read(block))
    except SourceChangedShape as refused:
        rows: list[Row] = []
        faults: list[RowFault] = []
        for sent in block.rows:
            fault = refused
            try:
                found = read(Block(block.body, [sent]))
            except SourceChangedShape as error:
                found, fault = (), error
            rows += found
            if not found:
                # One that would be no row in a list of such is a fault among good ones.
                faults.append(RowFault(_name(sent.get(field)), fault.what, day))
        twice = Counter(name_of(row) for row in rows)
        faults += [RowFault(name, tr("stands twice"), day) for name, count in twice.items() if count > 1]
        alike = Counter(rows)
        kept = [row for row in dict.fromkeys(rows) if alike[row] == twice[name_of(row)]]
        if not faults or not kept or are_too_many(len(faults), len(block.rows)):
            raise
        return Sifted(tuple(kept), tuple(faults))


def _name(sent: object) -> str:
    return sent[:LONGEST_NAME] if isinstance(sent, str) and sent.isprintable() else ""
