"""The sample economy: one value a day for any series, FRED's and Yahoo's telling one story.

Restlessness follows fear: calm years, and crises in which everything moves at once. Days are whole days since
1970-01-01; a value depends on the series' name and the day alone.
"""

import math
from collections.abc import Callable, Mapping

from tray_app.datasets.liquidity.catalogue import catalogue
from tray_app.datasets.liquidity.rules.plausible import ANYTHING
from tray_app.datasets.liquidity.sample.macro_turns import turning_points
from tray_app.demo.series import Anchor, Series, anchors, date_of, day_of, dice

Value = Callable[[int], float]

FIRST_DAY = day_of("1990-01-01")
USUAL_LEVEL = 2.5
# Days on which repo was scarce, with what SOFR then cost above the funds rate, in percentage points.
REPO_SQUEEZES: Mapping[int, float] = {
    point.day: point.value
    for point in anchors(
        "2018-12-31:0.65 2019-09-16:0.20 2019-09-17:3.05 2019-09-18:0.60 2019-09-19:0.12 2020-03-13:0.15 "
        "2020-03-16:0.18 2020-03-17:0.30 2025-10-31:0.34"
    )
}
TIGHT_FROM, TIGHT_TO = day_of("2025-10-10"), day_of("2026-01-05")


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


class Economy:
    """Values by series id, units those of the catalogue; days without a value are up to the calendars of its source.

    A series without a line here walks by itself, at a level and with steps that its rules in the catalogue allow.
    """

    def __init__(self) -> None:
        self._turns = turning_points()
        self._rules = {one.series_id: one.rules for one in catalogue()}
        self._funds = Stairs(self._turns["FUNDS"])
        self._vix, self._move = self._walk("VIX", 0.042, 0.9, calm=True), self._walk("MOVE", 0.03, 0.9, calm=True)
        self._bills, self._notes, self._aaa = (
            self._walk(name, step) for name, step in (("bills", 0.008), ("notes", 0.010), ("aaa", 0.006))
        )
        self._ten, self._baa = self._walk("TEN_YEARS", 0.009, 0.97), self._walk("BAA", 0.005, 0.97)
        self._banks, self._stocks = self._walk("BANKS", 0.03, 0.9), self._walk("STOCKS", 0.0085)
        self._dollar, self._won = self._walk("DOLLAR", 0.0034), self._walk("WON", 0.0035)
        self._values: dict[str, Value] = {
            **dict.fromkeys(("EFFR", "DFF"), self._effr),
            "IORB": lambda day: self._funds.at(day) + 0.07,
            "SOFR": lambda day: self._effr(day) + self._repo(day),
            "SOFR99": lambda day: self._effr(day) + 0.12 + 2.0 * max(0.0, self._repo(day)),
            "DGS3MO": self._bill,
            "DGS2": self._note,
            "DGS10": self._ten.open,
            "T10Y2Y": lambda day: round(self._ten.open(day), 2) - round(self._note(day), 2),
            "T10Y3M": lambda day: round(self._ten.open(day), 2) - round(self._bill(day), 2),
            "DCPF3M": lambda day: self._bill(day) + 0.6 * self._banks.open(day),
            "TEDRATE": self._banks.open,
            "BAA10Y": self._baa.open,
            "AAA10Y": lambda day: 0.55 * self._baa.open(day) * self._aaa.open(day),
            "BAMLH0A0HYM2": lambda day: 2.8 * (self._baa.open(day) / 1.6) ** 1.5,
            "BAMLC0A0CM": lambda day: 0.85 * (self._baa.open(day) / 1.6) ** 1.45,
            **dict.fromkeys(("VIXCLS", "^VIX"), self._vix.open),
            "^VIX3M": lambda day: 2.26 * self._vix.open(day) ** 0.75,
            "^MOVE": self._move.open,
            "DX-Y.NYB": self._dollar.open,
            "DTWEXBGS": lambda day: 1.2 * self._dollar.open(day),
            "KRW=X": self._won.open,
            "DEXKOUS": lambda day: self._won.open(day) * (1.0 + (dice("noon", day, 200) - 100) * 1e-5),
            "NFCI": lambda day: 1.1 * self._mood(day) - 0.35,
            "STLFSI4": lambda day: 1.7 * self._mood(day) - 0.3,
            "DRTSCILM": lambda day: 32.0 * self._mood(day) + 5.0,
            "^GSPC": self._stocks.open,
            "XLF": self._along(self._stocks, "FINANCIALS", 0.005),
            "KRE": self._along(self._stocks, "REGIONAL_BANKS", 0.006),
            "HYG": self._along(self._baa, "hyg", 0.0024, 92.0, -0.2),
            "LQD": self._along(self._baa, "lqd", 0.0026, 112.0, -0.06),
            "IEF": lambda day: 120.0 * math.exp(-0.06 * self._ten.open(day)),
        }

    def value(self, series: str, day: int) -> float:
        """Return a series' value."""
        if series not in self._values:
            self._values[series] = self._any(series)
        return self._values[series](day)

    def _any(self, series: str) -> Value:
        rules = self._rules.get(series, ANYTHING)
        if rules.is_relative:
            return self._walk(series, min(0.02, rules.jump / 12), level=math.sqrt(rules.low * rules.high)).open
        return self._walk(series, 0.004, level=min(max(USUAL_LEVEL, rules.low), rules.high)).open

    def _walk(self, name: str, step: float, pull: float = 0.96, *, level: float = 1.0, calm: bool = False) -> Series:
        """Return a walk along its turning points, or around a level; its steps follow fear unless it makes it."""
        points = self._turns.get(name, (Anchor(FIRST_DAY, level),))
        return Series(name.lower(), points, step=step, pull=pull, pace=_works if calm else self._fear_of)

    def _along(self, led: Series, name: str, step: float, size: float = 1.0, power: float = 1.0) -> Value:
        own = self._walk(name, step)
        return lambda day: size * led.open(day) ** power * own.open(day)

    def _fear(self, day: int) -> float:
        return min(4.5, max(0.5, self._vix.open(day) / 18.0))

    def _fear_of(self, day: int) -> float:
        return self._fear(day) * _works(day)

    def _effr(self, day: int) -> float:
        unrest = max(0.0, self._fear(day) - 1.5) * 0.06
        return max(0.04, self._funds.at(day) + (dice("effr", day, 201) - 100) / 100 * (0.015 + unrest))

    def _repo(self, day: int) -> float:
        """Return what repo costs above the funds rate: more at the turn of a quarter, much more in a squeeze."""
        spread = (dice("repo", day, 61) - 30) / 1000
        moment = date_of(day)
        if moment.month % 3 == 0 and moment.day >= 29:
            spread += 0.06 + dice("quarter", day, 80) / 1000
        if TIGHT_FROM <= day <= TIGHT_TO:
            spread += 0.10
        return spread + REPO_SQUEEZES.get(day, 0.0)

    def _bill(self, day: int) -> float:
        """Return the 3-month bill: what the committee is about to do, less what frightened money pays for safety."""
        line = self._funds.mean(day, day + 60)
        flight = min(0.85, 0.25 * max(0.0, self._fear(day) - 1.6))
        return max(0.01, line * (0.98 - flight * min(1.0, line)) * self._bills.open(day))

    def _note(self, day: int) -> float:
        """Return the 2-year note: the coming months of the funds rate, leaning on the 10-year note."""
        line = 0.65 * self._funds.mean(day + 30, day + 240) + 0.3 * self._ten.open(day)
        return max(0.1, line * self._notes.open(day))

    def _mood(self, day: int) -> float:
        return math.log(self._vix.open(day) / 19.0) + math.log(self._baa.open(day) / 2.1)


def _works(day: int) -> float:
    """Return 1 on a weekday and 0 at a weekend, when nothing happens; 1970-01-01 was a Thursday."""
    return 0.0 if day % 7 in {2, 3} else 1.0
