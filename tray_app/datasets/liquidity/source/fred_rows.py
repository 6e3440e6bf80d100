"""A date and a value as FRED writes them: texts, missing values as "." or nothing."""

import re
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
    """Return the points from a date on, oldest first; missing values are no points. Dates must go up."""
    body = sieve.body
    last = date.min

    def read(row: Cell, day: date) -> SeriesPoint | None:
        nonlocal last
        if day <= last:
            raise body.changed(tr("{day} does not come after {last}", day=day, last=last))
        last = day
        value = row[1]
        if not isinstance(value, str):
            raise body.changed(tr("the value of {day} is not a text", day=day))
        return None if value in MISSING else SeriesPoint(day, _number(body, value, day))

    sifted = sieve.sift(rows, lambda row: _date(body, row[0]), read)
    kept = tuple(point for point in sifted.rows if since is None or point.date >= since)
    return Sifted(kept, sifted.faults)


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
