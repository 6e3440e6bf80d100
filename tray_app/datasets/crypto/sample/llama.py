"""The sample hosts of DefiLlama: value locked in DeFi, and stablecoins by the currency they are pegged to."""

from datetime import timedelta
from email.utils import format_datetime

from tray_app.demo.dayrows import DayRows
from tray_app.demo.series import DAY_SECONDS, Series, anchors, day_of, dice
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import TYPE_JSON, Json, Reply, Request, compact, text_reply

FIRST_DAY = day_of("2017-09-27")
EXPIRES = timedelta(hours=10)
REBUILT_EVERY_SECONDS = 1800
LARGEST_REVISION = 3e-4
_LOCKED = (
    "2018-01-26:900000 2018-05:28e6 2018-12:190e6 2019-12:640e6 2020-03-13:500e6 2020-09:9.1e9 2021-01:18e9 "
    "2021-05-11:128e9 2021-07-20:78e9 2021-11-09:176e9 2022-04-05:161e9 2022-06-19:54e9 2022-12-30:38.5e9 "
    "2023-04-15:52.5e9 2023-10-12:35.5e9 2024-03-14:97e9 2024-12-16:138e9 2025-04-08:86e9 2025-10-06:171e9 "
    "2026-02-06:92e9 2026-08-22:83.5e9 2027-11:165e9 2028-06:120e9"
)
_DOLLARS = (
    "2017-11-29:110000 2018-02-20:60e6 2018-11-24:333e6 2019-08-20:2440e6 2020-05-17:10.3e9 2020-11-13:22.2e9 "
    "2021-05-12:94.7e9 2022-04-05:188e9 2022-11-03:145.5e9 2023-11:124.2e9 2024-04-26:160e9 2025-01-21:211.5e9 "
    "2025-10-18:306.5e9 2026-04-16:318.5e9 2026-08-22:307.5e9 2028-08:430e9"
)
# Each peg's first day; * has units that are not released.
_PEGS = (
    "USD*2017-11-29 VAR*2021-02-14 EUR*2020-12-31 JPY*2023-08-10 CNY*2023-09-01 UAH:2023-10-04 ARS:2023-10-06 "
    "GBP:2023-11-23 CAD:2023-12-08 CHF:2024-01-25 AUD:2024-03-06 REAL:2024-07-03 RUB:2025-05-21 MXN*2025-07-02 "
    "SGD:2025-07-16 TRY*2025-08-29 PHP:2025-08-30 COP:2026-03-14 KES:2026-03-25 ZAR:2026-03-25 NGN:2026-03-25 "
    "XOF:2026-03-26 GHS:2026-03-26 CLP:2026-05-04 PEN:2026-05-04 MYR:2026-07-08 KRW:2026-07-25"
)


class Llama(Upstream):
    """The newest point carries today's 00:00 UTC and moves until the day ends; older ones stay."""

    def __init__(self) -> None:
        self._total = Series("value locked", anchors(_LOCKED), step=0.011)
        self._closed = DayRows(FIRST_DAY, lambda day: self._point(day, (day + 1) * DAY_SECONDS))

    def answer(self, request: Request) -> Reply:
        """Return the history."""
        if request.path != "/v2/historicalChainTvl":
            return text_reply("Data not found", 404, TYPE_JSON)
        today = request.seconds // DAY_SECONDS
        running = [self._point(today, request.seconds)] if today >= FIRST_DAY else []
        body = f"[{','.join((*self._closed.through(today - 1), *running))}]"
        expires = format_datetime(request.at + EXPIRES, usegmt=True)
        return Reply(200, body.encode(), TYPE_JSON, (("Expires", expires),))

    def _point(self, day: int, seconds: int) -> str:
        """Return a day's point with the USD locked at an instant; nothing before the first turning point."""
        value = self._total.at(seconds) if seconds >= self._total.first_day * DAY_SECONDS else 0
        return f'{{"date":{day * DAY_SECONDS},"tvl":{value!r}}}'


class Peg:
    """All stablecoins pegged to one currency; what circulates on a day, and how many units are not released."""

    def __init__(self, text: str) -> None:
        code, first, is_held = text[:-11], text[-10:], text[-11] == "*"
        is_dollar = code == "USD"
        self.name = f"pegged{code}"
        usual = f"{first}:{10 ** (7 + dice(code, 0, 34) / 10):.0f}"
        self._units = Series(f"pegged to {code}", anchors(_DOLLARS if is_dollar else usual), step=0.0012, pull=0.985)
        worth = anchors(f"{first}:{1.001 if is_dollar else 10 ** (-1 - dice(code, 1, 20) / 10):.6f}")
        self._worth = Series(f"rate of {code}", worth, step=0.00005 if is_dollar else 0.003, pull=0.97)
        self.first_day = self._units.first_day
        self.unreleased = (28.4e12 if is_dollar else 1e4 + dice(code, 2, 10**7)) if is_held else 0.0

    def circulating(self, day: int) -> tuple[float, float]:
        """Return the units on a day, and what they are worth in USD."""
        units = self._units.open(day)
        return units, units * self._worth.open(day)


class Stablecoins(Upstream):
    """A day's row is provisional until the day ends: decimals, more fields and an amount slightly off."""

    def __init__(self) -> None:
        self._pegs = tuple(Peg(text) for text in _PEGS.split())
        self._first_day = min(peg.first_day for peg in self._pegs)
        self._closed = DayRows(self._first_day, lambda day: compact(self._final_row(day)))

    def answer(self, request: Request) -> Reply:
        """Return the whole history, oldest first; the body is rebuilt every 30 minutes."""
        if request.path != "/stablecoincharts/all":
            return text_reply("Invalid request", 404)
        built = request.seconds // REBUILT_EVERY_SECONDS * REBUILT_EVERY_SECONDS
        today = built // DAY_SECONDS
        running = [compact(self._running_row(built))] if today >= self._first_day else []
        return Reply(200, b"[" + b",".join((*self._closed.through(today - 1), *running)) + b"]")

    def _there(self, day: int) -> dict[Peg, tuple[float, float]]:
        return {peg: peg.circulating(day) for peg in self._pegs if peg.first_day <= day}

    def _final_row(self, day: int) -> Json:
        there = self._there(day)
        unreleased = {peg.name: round(peg.unreleased) for peg in there if peg.unreleased}
        return {
            "date": str(day * DAY_SECONDS),
            "totalCirculating": {peg.name: round(units) for peg, (units, _) in there.items()},
            **({"totalUnreleased": unreleased} if _knows_unreleased(day) else {}),
            "totalCirculatingUSD": {peg.name: round(usd) for peg, (_, usd) in there.items()},
        }

    def _running_row(self, seconds: int) -> Json:
        day, rest = divmod(seconds, DAY_SECONDS)
        revision = (0.4 + 0.6 * dice("revision", day, 100) / 100) * (1 if dice("direction", day, 2) else -1)
        off = 1.0 + LARGEST_REVISION * revision * (0.4 + 0.6 * rest / DAY_SECONDS)
        there = self._there(day)
        return {
            "date": str(day * DAY_SECONDS),
            "totalCirculating": {peg.name: _cents(units * off) for peg, (units, _) in there.items()},
            "totalUnreleased": {peg.name: _cents(peg.unreleased) for peg in there},
            "totalCirculatingUSD": {peg.name: _cents(usd * off) for peg, (_, usd) in there.items()},
            **{name: dict.fromkeys((peg.name for peg in there), 0) for name in ("totalMintedUSD", "totalBridgedToUSD")},
        }


def _cents(amount: float) -> int | float:
    rounded = round(amount, 2)
    return int(rounded) if rounded.is_integer() else rounded


def _knows_unreleased(day: int) -> bool:
    return day_of("2018-07-29") <= day < day_of("2020-09-01") or day >= day_of("2021-04-23")
