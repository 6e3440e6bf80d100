"""Where the days of a heat map lie: years down, 53 weeks of five days across."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QPoint, QRect, QRectF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WEEKDAYS = 5
WEEKS = 53
COLUMNS = WEEKS * WEEKDAYS
COMMON_YEAR = 2026

State = TypeVar("State")


@dataclass(frozen=True)
class HeatGrid:
    """The rectangle of all cells; edges fall on whole pixels of the screen, so that cells are crisp."""

    area: QRect
    years: range
    ratio: float = 1.0

    @property
    def row_height(self) -> float:
        """Return the height of a year."""
        return self.area.height() / max(1, len(self.years))

    def rect(self, day: date) -> QRectF:
        """Return a day's cell; weekends lie on the Friday before."""
        column = column_of(day)
        return self.strip(day.year, column, column)

    def strip(self, year: int, first: int, last: int) -> QRectF:
        """Return the cells of a year from one place to another."""
        left, right = self._edge(first), self._edge(last + 1)
        return QRectF(left, self.row_top(year), right - left, self.row_height - 1)

    def row_top(self, year: int) -> int:
        """Return the upper edge of a year."""
        return round(self.area.top() + (year - self.years.start) * self.row_height)

    def day_at(self, place: QPoint) -> date | None:
        """Return the weekday at a place."""
        if not self.area.contains(place) or not self.years:
            return None
        year = self.years.start + int((place.y() - self.area.top()) / self.row_height)
        column = int((place.x() - self.area.left()) / self.area.width() * COLUMNS)
        near = (column + step for step in (0, -1, 1))
        return next((d for each in near if (d := day_of(year, each)) and self.rect(d).contains(place)), None)

    def same_place(self, day: date, years: int) -> date | None:
        """Return the day above or below."""
        column = column_of(day)
        for step in (0, 1, -1, 2, -2, 3, -3):
            found = day_of(day.year + years, column + step)
            if found is not None:
                return found
        return None

    def months(self) -> Iterator[tuple[int, int]]:
        """Yield every month and the place where it begins."""
        for month in range(1, 13):
            yield month, round(self._edge(column_of(date(COMMON_YEAR, month, 1))))

    def _edge(self, column: int) -> float:
        return round((self.area.left() + column * self.area.width() / COLUMNS) * self.ratio) / self.ratio


@dataclass(frozen=True, slots=True)
class Strip(Generic[State]):
    """Neighbours of one state in a year: drawn at once, they look as drawn one by one."""

    year: int
    first: int
    last: int
    state: State


def strips(cells: Mapping[date, State]) -> Iterator[Strip[State]]:
    """Yield the cells as strips."""
    open_strip: Strip[State] | None = None
    for day in sorted(cells):
        column, state = column_of(day), cells[day]
        if open_strip is not None:
            is_next = open_strip.year == day.year and column - open_strip.last <= 1
            if is_next and open_strip.state == state:
                open_strip = Strip(day.year, open_strip.first, column, state)
                continue
            yield open_strip
        open_strip = Strip(day.year, column, column, state)
    if open_strip is not None:
        yield open_strip


def column_of(day: date) -> int:
    """Return the place of a day in its year: its week's five places, Monday first."""
    week = max(0, (day - _first_monday(day.year)).days // 7)
    return week * WEEKDAYS + min(day.weekday(), WEEKDAYS - 1)


def day_of(year: int, column: int) -> date | None:
    """Return the weekday at a place of a year, if the year has it."""
    if not 0 <= column < COLUMNS:
        return None
    week, weekday = divmod(column, WEEKDAYS)
    day = _first_monday(year) + timedelta(days=week * 7 + weekday)
    return day if day.year == year else None


def _first_monday(year: int) -> date:
    """Return the Monday of the year's first week that has a weekday."""
    first = date(year, 1, 1)
    back = first.weekday()
    return first + timedelta(days=-back if back < WEEKDAYS else 7 - back)
