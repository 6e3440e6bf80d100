"""Made-up series whose restlessness follows fear: calm years, and crises in which everything moves at once.

Days are whole days since 1970-01-01; a value depends on the series' name and the day alone.
"""

import bisect
import math
import random
import threading
from collections.abc import Callable, Iterator

from tray_app.demo.series import Anchor, day_of

FIRST_DAY = day_of("1990-01-01")


class Walk:
    """A positive series by day; safe to use from any thread.

    Logarithms run straight between turning points and wobble around that line: `step` is the shock of a working day,
    times what `fear` says of the day, `pull` the part of the wobble that stays to the next.
    """

    def __init__(
        self,
        seed: str,
        points: tuple[Anchor, ...],
        *,
        step: float,
        pull: float = 0.96,
        fear: Callable[[int], float] = lambda _day: 1.0,
    ) -> None:
        self._seed = seed
        self._points = points
        self._step = step
        self._pull = pull
        self._fear = fear
        self._lock = threading.Lock()
        self._values: list[float] = []
        self._more = self._generate()

    def at(self, day: int) -> float:
        """Return the value of a day; before 1990 the first one."""
        place = max(0, day - FIRST_DAY)
        if place >= len(self._values):
            with self._lock:
                while place >= len(self._values):
                    self._values.append(next(self._more))
        return self._values[place]

    def _generate(self) -> Iterator[float]:
        luck = random.Random(self._seed)
        wobble = 0.0
        day = FIRST_DAY
        while True:
            # 1970-01-01 was a Thursday: nothing happens on days that leave 2 and 3.
            if day % 7 not in {2, 3}:
                wobble = wobble * self._pull + luck.gauss(0.0, self._step) * self._fear(day)
            yield math.exp(self._line(day) + wobble)
            day += 1

    def _line(self, day: int) -> float:
        place = bisect.bisect_right(self._points, day, key=lambda point: point.day)
        before, after = self._points[max(0, place - 1)], self._points[min(place, len(self._points) - 1)]
        if before.day == after.day:
            return math.log(before.value)
        part = (day - before.day) / (after.day - before.day)
        return math.log(before.value) * (1 - part) + math.log(after.value) * part


class Stairs:
    """A rate that a committee sets: it stays until the next meeting's day. Means of any span come at once."""

    def __init__(self, points: tuple[Anchor, ...], years: int = 45) -> None:
        self._sums = [0.0]
        place = 0
        for day in range(FIRST_DAY, FIRST_DAY + 366 * years):
            while place + 1 < len(points) and points[place + 1].day <= day:
                place += 1
            self._sums.append(self._sums[-1] + points[place].value)

    def at(self, day: int) -> float:
        """Return the rate of a day."""
        return self.mean(day, day)

    def mean(self, first: int, last: int) -> float:
        """Return the mean of the days from the first to the last, both included."""
        start = min(max(first - FIRST_DAY, 0), len(self._sums) - 2)
        end = min(max(last - FIRST_DAY, start), len(self._sums) - 2)
        return (self._sums[end + 1] - self._sums[start]) / (end + 1 - start)
