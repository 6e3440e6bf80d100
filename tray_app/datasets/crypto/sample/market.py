"""The sample coin market: price, supply, volume and order of every coin at any instant (seconds since 1970 UTC)."""

from dataclasses import dataclass

from tray_app.datasets.crypto.sample.coin import Coin, Habit
from tray_app.datasets.crypto.sample.coin_prices import PRICES
from tray_app.datasets.crypto.sample.coins import COINS
from tray_app.demo.series import DAY_SECONDS, Anchor, Series, anchors, day_of, flicker

STABLE_STEP = 0.0003
REST_SHARE = 0.11
VOLUME_SWING = 0.35
SUPPLY_DAY = day_of("2026-08-22")
LEAST_SUPPLY = 0.02


@dataclass(frozen=True)
class Quote:
    """One coin at one instant, in USD; volume is that of the last 24 hours."""

    price: float
    cap: float
    volume: float


@dataclass(frozen=True)
class Listing:
    """One coin with the series its prices come from."""

    coin: Coin
    prices: Series

    @property
    def first_second(self) -> int:
        """The instant of the first price."""
        return self.prices.first_day * DAY_SECONDS

    def heard(self, seconds: int) -> int:
        """Return when the price shown at an instant was made: earlier for a coin that is rarely traded."""
        return max(self.first_second, seconds - self.coin.stale_days * DAY_SECONDS)

    def supply(self, seconds: int) -> float:
        """Return how many coins circulate."""
        grown = self.coin.supply + self.coin.mint * (seconds / DAY_SECONDS - SUPPLY_DAY)
        return max(grown, self.coin.supply * LEAST_SUPPLY)

    def price(self, seconds: int) -> float:
        """Return the price in USD."""
        return self.prices.at(self.heard(seconds))

    def quote(self, seconds: int) -> Quote:
        """Return price, capitalisation and volume."""
        price = self.price(seconds)
        cap = price * self.supply(seconds)
        volume = (
            0.0 if self.coin.stale_days else cap * self.coin.turnover * flicker(self.coin.id, seconds, VOLUME_SWING)
        )
        return Quote(price, cap, volume)


class CoinMarket:
    """All coins. The total also holds a rest: the thousands of coins this market does not list."""

    def __init__(self) -> None:
        points = _price_points()
        bitcoin = Series("bitcoin", points["bitcoin"], step=0.024)
        ethereum = Series("ethereum", points["ethereum"], step=0.018, leader=bitcoin)
        made = {"bitcoin": bitcoin, "ethereum": ethereum}
        self._listings = tuple(
            Listing(
                coin,
                made.get(coin.id) or _prices(coin, points[coin.id], bitcoin, ethereum),
            )
            for coin in COINS
        )
        self._by_id = {listing.coin.id: listing for listing in self._listings}
        self._rest = Series("other coins", (Anchor(day_of("2017-01-01"), REST_SHARE),), step=0.004, pull=0.98)

    def find(self, coin_id: str, seconds: int) -> Listing | None:
        """Return the coin if it exists at the instant."""
        listing = self._by_id.get(coin_id)
        return listing if listing is not None and listing.first_second <= seconds else None

    def listed(self, seconds: int, *, rehypothecated: bool = False) -> tuple[Listing, ...]:
        """Return the coins that exist at the instant, biggest capitalisation first."""
        alive = (one for one in self._listings if one.first_second <= seconds)
        wanted = (one for one in alive if rehypothecated or not one.coin.rehypothecated)
        return tuple(sorted(wanted, key=lambda one: -one.quote(seconds).cap))

    def total_cap(self, seconds: int) -> float:
        """Return the whole market's capitalisation in USD."""
        listed = sum(one.quote(seconds).cap for one in self.listed(seconds))
        return listed * (1.0 + self._rest.at(seconds))

    def total_volume(self, seconds: int) -> float:
        """Return the whole market's volume of 24 hours in USD."""
        listed = sum(one.quote(seconds).volume for one in self.listed(seconds))
        return listed * (1.0 + 2.0 * self._rest.at(seconds))


def _prices(coin: Coin, points: tuple[Anchor, ...], bitcoin: Series, ethereum: Series) -> Series:
    match coin.habit:
        case Habit.STABLE:
            return Series(coin.id, points, step=STABLE_STEP, pull=0.5)
        case Habit.OWN:
            return Series(coin.id, points, step=coin.step)
        case Habit.SHADOW:
            start = Anchor(points[0].day, ethereum.open(points[0].day))
            return Series(coin.id, (start,), step=STABLE_STEP, pull=0.8, leader=ethereum)
        case _:
            return Series(coin.id, points, step=coin.step, leader=bitcoin)


def _price_points() -> dict[str, tuple[Anchor, ...]]:
    blocks = PRICES.strip().replace("\n  ", " ").splitlines()
    return {coin_id: anchors(text) for coin_id, text in (block.split(" ", 1) for block in blocks)}
