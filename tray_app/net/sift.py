"""Reading an answer row by row, so that a row at fault is left out and named while the others are kept."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import pairwise
from typing import TypeVar

from tray_app.core.errors import SourceChangedShape
from tray_app.core.quality import ValueCode
from tray_app.core.row_faults import RowFault, Sifted, are_too_many
from tray_app.core.source_life import SourceLife
from tray_app.core.words import tr
from tray_app.net.body import Body

Sent = TypeVar("Sent")
Row = TypeVar("Row")


class ImpossibleDate(SourceChangedShape):
    """A row is dated outside its source's life."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """What the rows of one body are judged by. subject names those without a name of their own.

    zone: that of a symbol whose exchange keeps a calendar of its own.
    """

    body: Body
    source: SourceLife
    now: datetime
    subject: str
    zone: tzinfo | None = None

    def possible(self, day: date) -> date:
        """Return a date that lies in the source's life; raises ImpossibleDate for another."""
        if not self.source.holds(day, self.now, self.zone):
            raise ImpossibleDate(self.body.host, tr("{day} lies outside the source's life", day=day))
        return day

    def sift(
        self,
        sent: Iterable[Sent],
        day_of: Callable[[Sent], date],
        read: Callable[[Sent, date], Row | None],
        subject_of: Callable[[Sent], str] | None = None,
    ) -> Sifted[Row]:
        """Return what `read` makes of the rows, nothing where it finds nothing; both may raise SourceChangedShape.

        Raises it too when more than a few rows are at fault.
        """
        rows: list[Row] = []
        faults: list[RowFault] = []
        count = 0
        for each in sent:
            count += 1
            day: date | None = None
            try:
                day = self.possible(day_of(each))
                row = read(each, day)
            except SourceChangedShape as error:
                is_dated = day is not None and not isinstance(error, ImpossibleDate)
                code = ValueCode.ROW_SET_ASIDE if is_dated else ValueCode.DATE_IMPOSSIBLE
                faults.append(RowFault(subject_of(each) if subject_of else self.subject, error.what, day, code))
            else:
                if row is not None:
                    rows.append(row)
        return self.believed(Sifted(tuple(rows), tuple(faults)), count)

    def once(
        self, sifted: Sifted[Row], key_of: Callable[[Row], Hashable], name_of: Callable[[Row], tuple[str, date]]
    ) -> Sifted[Row]:
        """Return the rows with every key once: of equal ones the first, none of several that differ.

        name_of gives the subject and the day of a row.
        """
        groups: dict[Hashable, list[Row]] = {}
        for row in sifted.rows:
            groups.setdefault(key_of(row), []).append(row)
        doubled = [rows for rows in groups.values() if rows[1:]]
        if not doubled:
            return sifted
        faults = [RowFault(name_of(rows[0])[0], tr("stands twice"), name_of(rows[0])[1]) for rows in doubled]
        kept = [rows[0] for rows in groups.values() if all(row == rows[0] for row in rows)]
        count = len(sifted.rows) + len(sifted.faults)
        return self.believed(Sifted(tuple(kept), (*sifted.faults, *faults)), count)

    def in_order(
        self,
        sifted: Sifted[Row],
        place_of: Callable[[Row], float],
        name_of: Callable[[Row], tuple[str, date]],
        *,
        may_repeat: bool = False,
    ) -> Sifted[Row]:
        """Return as many rows as stand in a rising order; those out of it are at fault.

        may_repeat: rows right behind one in the same place stand in order too.
        """
        places = [place_of(row) for row in sifted.rows]
        rows: list[Row] = []
        faults: list[RowFault] = []
        rising, last = _rising(places), None
        for number, (row, place) in enumerate(zip(sifted.rows, places, strict=True)):
            if number in rising or (may_repeat and place == last):
                rows.append(row)
                last = place
            else:
                subject, day = name_of(row)
                faults.append(RowFault(subject, tr("stands out of order"), day))
        count = len(sifted.rows) + len(sifted.faults)
        return self.believed(Sifted(tuple(rows), (*sifted.faults, *faults)), count) if faults else sifted

    def believed(self, sifted: Sifted[Row], count: int) -> Sifted[Row]:
        """Return rows of which no more than a few are at fault; raises SourceChangedShape for others."""
        if are_too_many(len(sifted.faults), count) or (sifted.faults and not sifted.rows):
            raise self.body.changed(sifted.faults[0].reason)
        return sifted


def _rising(places: Sequence[float]) -> Set[int]:
    """Return which of some places make the longest sequence that rises."""
    if all(before < after for before, after in pairwise(places)):
        return frozenset(range(len(places)))
    # For each length of a sequence the lowest place it can end in, and where that stands.
    lowest: list[float] = []
    ends: list[int] = []
    before: list[int | None] = []
    for number, place in enumerate(places):
        length = bisect_left(lowest, place)
        before.append(ends[length - 1] if length else None)
        lowest[length : length + 1], ends[length : length + 1] = [place], [number]
    kept = set[int]()
    last: int | None = ends[-1]
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept
