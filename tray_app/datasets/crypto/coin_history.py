"""A coin's last year as CoinGecko charts it: pairs of a time in milliseconds and a value, in three lists."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from tray_app.core.row_faults import Sifted
from tray_app.core.times import utc_date
from tray_app.core.words import tr
from tray_app.datasets.crypto.rows import CoinHistoryPoint
from tray_app.net.body import LAST_SECOND, Body
from tray_app.net.sift import Sieve


def coin_history(sieve: Sieve, answer: Any) -> Sifted[CoinHistoryPoint]:
    """Return the price at 00:00 UTC of every day but the present, oldest first; of two on a day the earlier."""
    body = sieve.body
    prices = _points(body, answer, "prices")
    present = prices[-1]
    caps, volumes = (_by_instant(_points(body, answer, name)[:-1]) for name in ("market_caps", "total_volumes"))

    def read(point: Any, day: date) -> tuple[int, CoinHistoryPoint] | None:
        instant, price = _milliseconds(body, point), point[1]
        if point is present:
            return None
        return instant, CoinHistoryPoint(
            date=day,
            price_usd=body.checked_price(price, "prices"),
            market_cap=_positive(body, caps.get(instant), "market_caps"),
            volume_24h=_positive(body, volumes.get(instant), "total_volumes"),
        )

    sifted = sieve.sift(prices, lambda point: utc_date(_instant(body, point)), read)
    days: dict[date, tuple[int, CoinHistoryPoint]] = {}
    for instant, point in sifted.rows:
        if point.date not in days or instant < days[point.date][0]:
            days[point.date] = (instant, point)
    return Sifted(tuple(days[day][1] for day in sorted(days)), sifted.faults)


def _points(body: Body, answer: Any, name: str) -> list[Any]:
    points = body.field(answer, name)
    if not isinstance(points, list) or not points:
        raise body.changed(tr("{name} is empty", name=name))
    return points


def _by_instant(points: list[Any]) -> Mapping[Any, Any]:
    """Return values by their time; what is no pair belongs to no price, and its day stays without the value."""
    pairs = [point for point in points if isinstance(point, list) and len(point) == 2]
    return {instant: value for instant, value in pairs if isinstance(instant, int | float)}


def _milliseconds(body: Body, point: Any) -> int:
    if not isinstance(point, list) or len(point) != 2:
        raise body.changed(tr("a price is not a pair"))
    return int(body.checked(point[0], "prices", low=0, high=LAST_SECOND * 1000))


def _instant(body: Body, point: Any) -> datetime:
    return datetime.fromtimestamp(_milliseconds(body, point) / 1000, tz=UTC)


def _positive(body: Body, value: Any, name: str) -> float | None:
    return None if value is None else body.checked(value, name, low=0)
