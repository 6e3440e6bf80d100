"""A date and a value as FRED writes them: texts, missing values as "." or nothing."""

import re
from collections.abc import Iterable
from datetime import date

from tray_app.core.series import SeriesPoint
from tray_app.core.words import tr
from tray_app.sources.body import Body

MISSING = frozenset({"", "."})
LONGEST_NUMBER = 40

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")


def read_points(body: Body, rows: Iterable[tuple[str, str]], since: date | None) -> tuple[SeriesPoint, ...]:
    """Return the points from a date on, oldest first; missing values are no points. Dates must go up."""
    points = []
    last = date.min
    for day_text, value_text in rows:
        day = _date(body, day_text)
        if day <= last:
            raise body.changed(tr("{day} does not come after {last}", day=day, last=last))
        last = day
        if value_text not in MISSING and (since is None or day >= since):
            points.append(SeriesPoint(day, _number(body, value_text, day)))
    return tuple(points)


def _date(body: Body, text: str) -> date:
    if not _DATE.fullmatch(text):
        raise body.changed(tr("{text!r} is not a date", text=text[:20]))
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise body.changed(tr("{text!r} is not a date", text=text)) from error


def _number(body: Body, text: str, day: date) -> float:
    if len(text) > LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise body.changed(tr("the value of {day} is not a number", day=day))
    return body.checked(float(text), tr("the value of {day}", day=day))
