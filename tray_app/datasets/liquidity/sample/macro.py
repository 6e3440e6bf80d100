"""The sample economy: one value a day for every series of the catalogue, FRED's and Yahoo's telling one story."""

import math
from collections.abc import Callable, Mapping

from tray_app.datasets.liquidity.sample.macro_turns import TURNS
from tray_app.datasets.liquidity.sample.macro_walk import Stairs, Walk
from tray_app.demo.series import anchors, date_of, day_of, dice

Value = Callable[[int], float]

# Days on which repo was scarce, with what SOFR then cost above the funds rate, in percentage points.
REPO_SQUEEZES: Mapping[int, float] = {
    day_of("2018-12-31"): 0.65,
    day_of("2019-09-16"): 0.20,
    day_of("2019-09-17"): 3.05,
    day_of("2019-09-18"): 0.60,
    day_of("2019-09-19"): 0.12,
    day_of("2020-03-13"): 0.15,
    day_of("2020-03-16"): 0.18,
    day_of("2020-03-17"): 0.30,
    day_of("2025-10-31"): 0.34,
}
TIGHT_FROM, TIGHT_TO = day_of("2025-10-10"), day_of("2026-01-05")


class Economy:
    """Values by series id; days are whole days since 1970-01-01, units those of the catalogue."""

    def __init__(self) -> None:
        self._funds = Stairs(anchors(TURNS["FUNDS"]))
        self._vix = Walk("vix", anchors(TURNS["VIX"]), step=0.042, pull=0.9)
        self._move = Walk("move", anchors(TURNS["MOVE"]), step=0.03, pull=0.9)
        self._bills = Walk("bills", anchors("1990-01:1"), step=0.008, fear=self._fear)
        self._notes = Walk("notes", anchors("1990-01:1"), step=0.010, fear=self._nerves)
        self._ten = self._restless("TEN_YEARS", 0.009, 0.97)
        self._baa = self._fearful("BAA", 0.005, 0.97)
        self._aaa = Walk("aaa", anchors("1990-01:0.55"), step=0.006)
        self._banks = self._fearful("BANKS", 0.03, 0.9)
        self._stocks = self._fearful("STOCKS", 0.0085, 0.96)
        self._values = self._by_name()

    def value(self, series: str, day: int) -> float:
        """Return a series' value; days without one are up to the calendars of its source. KeyError when unknown."""
        return self._values[series](day)

    def _fearful(self, name: str, step: float, pull: float = 0.96) -> Walk:
        return Walk(name.lower(), anchors(TURNS[name]), step=step, pull=pull, fear=self._fear)

    def _restless(self, name: str, step: float, pull: float = 0.96) -> Walk:
        return Walk(name.lower(), anchors(TURNS[name]), step=step, pull=pull, fear=self._nerves)

    def _fear(self, day: int) -> float:
        return min(4.5, max(0.5, self._vix.at(day) / 18.0))

    def _nerves(self, day: int) -> float:
        return min(3.0, max(0.4, self._move.at(day) / 95.0))

    def _by_name(self) -> dict[str, Value]:
        return self._rates() | self._spreads() | self._balances() | self._indices() | self._prices()

    def _rates(self) -> dict[str, Value]:
        volume = Walk("repo volume", anchors(TURNS["REPO_VOLUME"]), step=0.02, pull=0.8)
        return {
            "EFFR": self._effr,
            "DFF": self._effr,
            "IORB": lambda day: self._funds.at(day) + 0.07,
            "SOFR": lambda day: self._effr(day) + self._repo(day),
            "SOFR99": lambda day: self._effr(day) + 0.12 + 2.0 * max(0.0, self._repo(day)),
            "SOFRVOL": volume.at,
            "DGS3MO": self._bill,
            "DGS2": self._note,
            "DGS10": self._ten.at,
            "T10Y2Y": lambda day: round(self._ten.at(day), 2) - round(self._note(day), 2),
            "T10Y3M": lambda day: round(self._ten.at(day), 2) - round(self._bill(day), 2),
        }

    def _spreads(self) -> dict[str, Value]:
        return {
            "DCPF3M": lambda day: self._bill(day) + 0.6 * self._banks.at(day),
            "TEDRATE": self._banks.at,
            "BAA10Y": self._baa.at,
            "AAA10Y": lambda day: self._baa.at(day) * self._aaa.at(day),
            "BAMLH0A0HYM2": lambda day: 2.8 * (self._baa.at(day) / 1.6) ** 1.5,
            "BAMLC0A0CM": lambda day: 0.85 * (self._baa.at(day) / 1.6) ** 1.45,
        }

    def _balances(self) -> dict[str, Value]:
        return {
            "RRPONTSYD": Walk("reverse repo", anchors(TURNS["REVERSE_REPO"]), step=0.15, pull=0.6).at,
            "WALCL": Walk("assets", anchors(TURNS["ASSETS"]), step=0.0015, pull=0.8).at,
            "WRESBAL": Walk("reserves", anchors(TURNS["RESERVES"]), step=0.01, pull=0.8).at,
            "WTREGEN": Walk("treasury", anchors(TURNS["TREASURY"]), step=0.05, pull=0.8).at,
        }

    def _indices(self) -> dict[str, Value]:
        won = self._fearful("WON", 0.0035)
        return {
            "VIXCLS": self._vix.at,
            "DTWEXBGS": self._fearful("BROAD_DOLLAR", 0.0026).at,
            "DEXKOUS": lambda day: won.at(day) * (1.0 + (dice("noon", day, 200) - 100) * 1e-5),
            "KRW=X": won.at,
            "NFCI": lambda day: 1.1 * self._mood(day) - 0.35,
            "STLFSI4": lambda day: 1.7 * self._mood(day) - 0.3,
            "DRTSCILM": lambda day: 32.0 * self._mood(day) + 5.0,
        }

    def _prices(self) -> dict[str, Value]:
        financials = self._fearful("FINANCIALS", 0.005)
        regional = self._fearful("REGIONAL_BANKS", 0.006)
        return {
            "^VIX": self._vix.at,
            "^VIX3M": lambda day: 2.26 * self._vix.at(day) ** 0.75,
            "^MOVE": self._move.at,
            "^GSPC": self._stocks.at,
            "XLF": lambda day: self._stocks.at(day) * financials.at(day),
            "KRE": lambda day: self._stocks.at(day) * regional.at(day),
            "HYG": self._fearful("HYG", 0.0024).at,
            "LQD": self._fearful("LQD", 0.0026).at,
            "IEF": self._restless("IEF", 0.0032).at,
            "DX-Y.NYB": self._fearful("DOLLAR", 0.0034).at,
        }

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
        return max(0.01, line * (0.98 - flight * min(1.0, line)) * self._bills.at(day))

    def _note(self, day: int) -> float:
        """Return the 2-year note: the coming months of the funds rate, leaning on the 10-year note."""
        line = 0.65 * self._funds.mean(day + 30, day + 240) + 0.3 * self._ten.at(day)
        return max(0.1, line * self._notes.at(day))

    def _mood(self, day: int) -> float:
        return math.log(self._vix.at(day) / 19.0) + math.log(self._baa.at(day) / 2.1)
