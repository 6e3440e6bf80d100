"""The sample stablecoins.llama.fi: what circulates, by the currency it is pegged to."""

from dataclasses import dataclass

from tray_app.demo.dayrows import DayRows
from tray_app.demo.series import DAY_SECONDS, Anchor, Series, anchors, day_of, dice
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Json, Reply, Request, compact, text_reply

REBUILT_EVERY_SECONDS = 1800
LARGEST_REVISION = 3e-4
# Name, USD of one unit, unreleased units (0: none), turning points of the units in circulation.
_PEGS = """
USD|1.001|28.4e12|2017-11-29:110000 2018-01-20:24e6 2018-02-20:60e6 2018-08:15e6 2018-11-24:333e6
  2019-02-22:575e6 2019-08-20:2440e6 2020-02-17:5230e6 2020-05-17:10.3e9 2020-11-13:22.2e9
  2021-02-11:43.4e9 2021-05-12:94.7e9 2021-11-08:138.6e9 2022-04-05:188e9
  2022-05-20:160e9 2022-11-03:145.5e9 2023-08:125.5e9 2023-11:124.2e9 2024-04-26:160e9
  2024-10-23:173e9 2025-01-21:211.5e9 2025-07-20:260e9 2025-10-18:306.5e9
  2026-04-16:318.5e9 2026-08-22:307.5e9 2027-08:371e9 2028-08:430e9
VAR|1.19|4.5e6|2021-02-14:900000 2021-09:70e6 2023-05:94e6 2024-06:21e6 2026-08:10200000
EUR|1.15|1.0e13|2020-12-31:2e6 2021-12:270e6 2023-05:292e6 2024-10:210e6 2026-08:664e6
JPY|0.0063|5.9e9|2023-08-10:19e6 2025-11:3e9 2026-08:24e9
CNY|0.149|2.4e7|2023-09-01:2500000 2026-08:20500000
UAH|0.0224|0|2023-10-04:900000 2026-08:140000
ARS|0.00064|0|2023-10-06:3e6 2026-08:10.8e9
GBP|1.36|0|2023-11-23:1800000 2026-08:21500000
CAD|0.722|0|2023-12-08:400000 2026-08:5300000
CHF|1.25|0|2024-01-25:6e6 2026-08:36600000
AUD|0.71|0|2024-03-06:1200000 2026-08:22e6
REAL|0.193|0|2024-07-03:9e6 2026-08:160e6
RUB|0.012|0|2025-05-21:11e9 2026-08:39.4e9
MXN|0.059|437600|2025-07-02:2100000 2026-08:20500000
SGD|0.789|0|2025-07-16:14e6 2026-08:15300000
TRY|0.0208|1.2e8|2025-08-29:60e6 2026-08:333e6
PHP|0.0162|0|2025-08-30:110e6 2026-08:226e6
COP|0.00032|0|2026-03-14:90e6 2026-08:344e6
KES|0.00774|0|2026-03-25:17e6 2026-08:21300000
ZAR|0.0623|0|2026-03-25:500000 2026-08:814000
NGN|0.00074|0|2026-03-25:50e6 2026-08:75e6
XOF|0.00178|0|2026-03-26:12e6 2026-08:19100000
GHS|0.0909|0|2026-03-26:200000 2026-08:272000
CLP|0.00111|0|2026-05-04:41e6 2026-08:64e6
PEN|0.2998|0|2026-05-04:100000 2026-08:132800
MYR|0.247|0|2026-07-08:400000 2026-08:498000
KRW|0.000699|0|2026-07-25:600e6 2026-08:792e6
"""


@dataclass(frozen=True)
class Peg:
    """All stablecoins pegged to one currency: units in circulation, USD per unit, units not released."""

    name: str
    units: Series
    rate: Series
    unreleased: float


@dataclass(frozen=True)
class Amounts:
    """One peg on one day: units, their USD, units not released."""

    peg: str
    units: float
    usd: float
    unreleased: float


class Stablecoins(Upstream):
    """A day's row is provisional until the day ends: decimals, more fields and an amount slightly off."""

    def __init__(self) -> None:
        self._pegs = tuple(_peg(line) for line in _PEGS.strip().replace("\n  ", " ").splitlines())
        self._first_day = min(peg.units.first_day for peg in self._pegs)
        self._closed = DayRows(self._first_day, lambda day: compact(self._final_row(day)))

    def answer(self, request: Request) -> Reply:
        """Return the whole history, oldest first; the body is rebuilt every 30 minutes."""
        if request.path != "/stablecoincharts/all":
            return text_reply("Invalid request", 404)
        built = request.seconds // REBUILT_EVERY_SECONDS * REBUILT_EVERY_SECONDS
        today = built // DAY_SECONDS
        if today < self._first_day:
            return Reply(200, b"[]")
        return Reply(
            200, b"[" + b",".join((*self._closed.through(today - 1), compact(self._running_row(built)))) + b"]"
        )

    def _amounts(self, day: int) -> list[Amounts]:
        there = (peg for peg in self._pegs if peg.units.first_day <= day)
        units = ((peg, peg.units.open(day)) for peg in there)
        return [Amounts(peg.name, many, many * peg.rate.open(day), peg.unreleased) for peg, many in units]

    def _final_row(self, day: int) -> Json:
        amounts = self._amounts(day)
        row: dict[str, Json] = {
            "date": str(day * DAY_SECONDS),
            "totalCirculating": {one.peg: round(one.units) for one in amounts},
        }
        if _knows_unreleased(day):
            row["totalUnreleased"] = {one.peg: round(one.unreleased) for one in amounts if one.unreleased}
        row["totalCirculatingUSD"] = {one.peg: round(one.usd) for one in amounts}
        return row

    def _running_row(self, seconds: int) -> Json:
        day, rest = divmod(seconds, DAY_SECONDS)
        revision = (0.4 + 0.6 * dice("revision", day, 100) / 100) * (1 if dice("direction", day, 2) else -1)
        off = 1.0 + LARGEST_REVISION * revision * (0.4 + 0.6 * rest / DAY_SECONDS)
        amounts = self._amounts(day)
        return {
            "date": str(day * DAY_SECONDS),
            "totalCirculating": {one.peg: _cents(one.units * off) for one in amounts},
            "totalUnreleased": {one.peg: _cents(one.unreleased) for one in amounts},
            "totalCirculatingUSD": {one.peg: _cents(one.usd * off) for one in amounts},
            "totalMintedUSD": {one.peg: 0 for one in amounts},
            "totalBridgedToUSD": {one.peg: 0 for one in amounts},
        }


def _cents(amount: float) -> int | float:
    rounded = round(amount, 2)
    return int(rounded) if rounded.is_integer() else rounded


def _knows_unreleased(day: int) -> bool:
    return day_of("2018-07-29") <= day < day_of("2020-09-01") or day >= day_of("2021-04-23")


def _peg(line: str) -> Peg:
    name, rate, unreleased, turns = line.split("|")
    units = Series(f"pegged to {name}", anchors(turns), step=0.0012 if name == "USD" else 0.008, pull=0.985)
    start = (Anchor(units.first_day, float(rate)),)
    rates = Series(f"rate of {name}", start, step=0.00005 if name == "USD" else 0.003, pull=0.97)
    return Peg(f"pegged{name}", units, rates, float(unreleased))
