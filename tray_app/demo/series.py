"""Made-up daily series that look like markets: fixed turning points, a seeded wobble between them.

A value depends on the series' name and the date alone, so what was shown for a past day never changes.
Days are whole days since 1970-01-01 UTC; instants are seconds since then.
"""

import math
import random
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

DAY_SECONDS = 86_400
_EPOCH = date(1970, 1, 1).toordinal()


def day_of(text: str) -> int:
    """Return the day number of YYYY-MM-DD or of the first day of YYYY-MM."""
    return date.fromisoformat(text if len(text) == 10 else f"{text}-01").toordinal() - _EPOCH


def date_of(day: int) -> date:
    """Return the UTC date of a day number."""
    return date.fromordinal(day + _EPOCH)


def dice(seed: str, day: int, sides: int) -> int:
    """Return a number below `sides` that depends on the name and the day alone."""
    return zlib.crc32(f"{seed}:{day}".encode()) % sides


def flicker(seed: str, seconds: float, size: float) -> float:
    """Return a factor around 1 for trading volume: restless from day to day and week to week, calmer at weekends."""
    day, rest = divmod(seconds, DAY_SECONDS)
    part = rest / DAY_SECONDS
    return math.exp(_mood(seed, int(day), size) * (1.0 - part) + _mood(seed, int(day) + 1, size) * part)


def _mood(seed: str, day: int, size: float) -> float:
    daily = dice(seed, day, 1000) / 500.0 - 1.0
    weekly = dice(seed, day // 7 * 7 + 10_000_000, 1000) / 500.0 - 1.0
    weekend = -0.3 if (day + 3) % 7 >= 5 else 0.0
    return size * (daily + 0.8 * weekly + weekend)


@dataclass(frozen=True)
class Anchor:
    """A turning point: the value at 00:00 UTC of a day."""

    day: int
    value: float


def anchors(text: str) -> tuple[Anchor, ...]:
    """Read "2017-12-17:19400 2018-02:8300" into turning points, oldest first."""
    pairs = (part.split(":") for part in text.split())
    return tuple(Anchor(day_of(day), float(value)) for day, value in pairs)


class Series:
    """A positive daily series with values in between; safe to use from any thread.

    Logarithms run straight from turning point to turning point (flat after the last) and wobble around that line:
    `step` is the daily shock, `pull` the part of the wobble that stays to the next day. With a leader the line is
    the ratio to leader ** beta, so that the series moves with the leader between its own turning points. `pace` makes a
    day's shock larger or smaller; where it is 0 the wobble stays as it is.
    """

    def __init__(  # noqa: PLR0913 - a series has this many knobs
        self,
        seed: str,
        points: tuple[Anchor, ...],
        *,
        step: float,
        pull: float = 0.94,
        leader: "Series | None" = None,
        beta: float = 1.0,
        pace: Callable[[int], float] = lambda _day: 1.0,
    ) -> None:
        self.seed = seed
        self.first_day: int = points[0].day if leader is None else max(points[0].day, leader.first_day)
        self._points = points
        self._step = step
        self._pull = pull
        self._leader = leader
        self._pace = pace
        self._beta = beta if leader is not None else 0.0
        self._lock = threading.Lock()
        self._logs: list[float] = []
        self._more = self._generate()

    def open(self, day: int) -> float:
        """Return the value at 00:00 UTC of the day (of the first day, for days before it)."""
        return math.exp(self.log_open(day))

    def at(self, seconds: float) -> float:
        """Return the value at an instant; at 00:00 UTC exactly the day's opening value."""
        day, rest = divmod(seconds, DAY_SECONDS)
        start, end = self.log_open(int(day)), self.log_open(int(day) + 1)
        part = rest / DAY_SECONDS
        line = start + (end - start) * part
        if not rest or not self._step:
            return math.exp(line)
        swing = (
            self._swell(int(day), part)
            + self._jitter(int(day), part, 24, 0.25)
            + self._jitter(int(day), part, 288, 0.06)
        )
        return math.exp(line + self._step * swing)

    def _swell(self, day: int, part: float) -> float:
        bits = zlib.crc32(f"{self.seed}@{day}".encode())
        return sum(
            ((bits >> shift & 0xFF) / 127.5 - 1.0) * weight * math.sin(waves * math.pi * part)
            for shift, weight, waves in ((0, 0.5, 1), (8, 0.35, 2), (16, 0.2, 5))
        )

    def _jitter(self, day: int, part: float, pieces: int, size: float) -> float:
        place, rest = divmod(part * pieces, 1)
        left, right = self._notch(day, int(place), pieces), self._notch(day, int(place) + 1, pieces)
        return size * (left + (right - left) * rest)

    def _notch(self, day: int, place: int, pieces: int) -> float:
        edge = place in {0, pieces}
        return 0.0 if edge else dice(self.seed, day * pieces + place, 2000) / 1000.0 - 1.0

    def log_open(self, day: int) -> float:
        """Return the natural logarithm of the day's opening value."""
        place = max(0, day - self.first_day)
        if place >= len(self._logs):
            with self._lock:
                while place >= len(self._logs):
                    self._logs.append(next(self._more))
        return self._logs[place]

    def highest(self, day: int) -> int:
        """Return the day of the highest opening value from the first day to this one."""
        self.log_open(day)
        logs = self._logs[: max(0, day - self.first_day) + 1]
        return self.first_day + logs.index(max(logs))

    def lowest(self, day: int) -> int:
        """Return the day of the lowest opening value from the first day to this one."""
        self.log_open(day)
        logs = self._logs[: max(0, day - self.first_day) + 1]
        return self.first_day + logs.index(min(logs))

    def _generate(self) -> Iterator[float]:
        luck = random.Random(self.seed)
        wobble = 0.0
        day = self.first_day
        for start, end in (*zip(self._points, self._points[1:], strict=False), (self._points[-1], None)):
            low = self._ratio(start)
            slope = 0.0 if end is None else (self._ratio(end) - low) / (end.day - start.day)
            while end is None or day < end.day:
                if pace := self._pace(day):
                    wobble = wobble * self._pull + luck.gauss(0.0, self._step) * pace
                yield low + slope * (day - start.day) + self._led(day) + wobble
                day += 1

    def _ratio(self, point: Anchor) -> float:
        return math.log(point.value) - self._led(point.day)

    def _led(self, day: int) -> float:
        return 0.0 if self._leader is None else self._beta * self._leader.log_open(day)
