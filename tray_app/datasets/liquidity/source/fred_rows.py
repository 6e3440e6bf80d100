"""A date and a value as FRED writes them: texts, missing values as "." or nothing."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from tray_app.core.row_faults import Sifted
from tray_app.core.series import SeriesPoint
from tray_app.core.words import tr
from tray_app.net.body import Body, quoted
from tray_app.net.sift import Sieve

# A date and its value as they came.
Cell = tuple[object, object]

MISSING = frozenset({"", "."})
LONGEST_NUMBER = 40

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")


def read_points(sieve: Sieve, rows: Iterable[Cell], since: date | None) -> Sifted[SeriesPoint]:
    """Return the points from a date on, oldest first; missing values are no points.

    A date out of order, or a second time, is at fault; of one with two values neither is believed.
    """
    body = sieve.body

    def read(row: Cell, day: date) -> SeriesPoint | None:
        value = row[1]
        if not isinstance(value, str):
            raise body.changed(tr("the value of {day} is not a text", day=day))
        return None if value in MISSING else SeriesPoint(day, _number(body, value, day))

    sifted = sieve.sift(rows, lambda row: _date(body, row[0]), read)
    ordered = sieve.in_order(sifted, lambda point: point.date.toordinal(), lambda point: (sieve.subject, point.date))
    several = {point.date for point in ordered.rows} & _with_several_values(sifted.rows) if ordered.faults else set()
    kept = tuple(
        point for point in ordered.rows if point.date not in several and (since is None or point.date >= since)
    )
    return Sifted(kept, ordered.faults)


def _with_several_values(points: Iterable[SeriesPoint]) -> set[date]:
    counts = Counter(point.date for point in set(points))
    return {day for day, values in counts.items() if values > 1}


def _date(body: Body, sent: object) -> date:
    text = quoted(sent)
    if not isinstance(sent, str) or not _DATE.fullmatch(text):
        raise body.changed(tr("{text!r} is not a date", text=text[:20]))
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise body.changed(tr("{text!r} is not a date", text=text)) from error


def _number(body: Body, text: str, day: date) -> float:
    if len(text) > LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise body.changed(tr("the value of {day} is not a number", day=day))
    return body.checked(float(text), tr("the value of {day}", day=day))
