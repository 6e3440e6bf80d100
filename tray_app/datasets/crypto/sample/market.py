"""The sample coin market: price, supply, volume and order of every coin at any instant (seconds since 1970 UTC)."""

import re
from dataclasses import dataclass

from tray_app.datasets.crypto.sample.coins import Coin, any_coin, sample_coins
from tray_app.demo.series import DAY_SECONDS, Anchor, Series, day_of, flicker

STABLE_STEP = 0.0003
REST_SHARE = 0.11
VOLUME_SWING = 0.35

_ID = re.compile(r"[a-z0-9-]{2,}")


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

    def price(self, seconds: int) -> float:
        """Return the price in USD."""
        return self.prices.at(self.heard(seconds))

    def quote(self, seconds: int) -> Quote:
        """Return price, capitalisation and volume."""
        price = self.price(seconds)
        cap = price * self.coin.supply
        return Quote(price, cap, cap * self.coin.turnover * flicker(self.coin.id, seconds, VOLUME_SWING))


class CoinMarket:
    """All coins. The total also holds a rest: the thousands of coins this market does not list."""

    def __init__(self) -> None:
        self._leaders: dict[str, Series] = {}
        self._listings = tuple(Listing(coin, self._prices(coin)) for coin in sample_coins())
        self._by_id = {listing.coin.id: listing for listing in self._listings}
        self._rest = Series("other coins", (Anchor(day_of("2017-01-01"), REST_SHARE),), step=0.004, pull=0.98)

    def find(self, coin_id: str, seconds: int) -> Listing | None:
        """Return the coin if it exists at the instant; one that is not listed is made up from its id."""
        if coin_id not in self._by_id and _ID.fullmatch(coin_id):
            coin = any_coin(coin_id)
            self._by_id[coin_id] = Listing(coin, self._prices(coin))
        listing = self._by_id.get(coin_id)
        return listing if listing is not None and listing.first_second <= seconds else None

    def called(self, symbol: str) -> Listing | None:
        """Return the first coin of the table with a symbol."""
        return next((one for one in self._listings if one.coin.symbol == symbol), None)

    def listed(self, seconds: int, *, rehypothecated: bool = False) -> tuple[Listing, ...]:
        """Return the coins that exist at the instant, biggest capitalisation first."""
        alive = (one for one in self._listings if one.first_second <= seconds)
        wanted = (one for one in alive if rehypothecated or "rehypothecated" not in one.coin.traits)
        return tuple(sorted(wanted, key=lambda one: -one.quote(seconds).cap))

    def total_cap(self, seconds: int) -> float:
        """Return the whole market's capitalisation in USD."""
        listed = sum(one.quote(seconds).cap for one in self.listed(seconds))
        return listed * (1.0 + self._rest.at(seconds))

    def total_volume(self, seconds: int) -> float:
        """Return the whole market's volume of 24 hours in USD."""
        listed = sum(one.quote(seconds).volume for one in self.listed(seconds))
        return listed * (1.0 + 2.0 * self._rest.at(seconds))

    def _prices(self, coin: Coin) -> Series:
        if "stable" in coin.traits:
            return Series(coin.id, coin.points, step=STABLE_STEP, pull=0.5)
        if "shadow" in coin.traits:
            ether, day = self._leaders["ethereum"], coin.points[0].day
            return Series(coin.id, (Anchor(day, ether.open(day)),), step=STABLE_STEP, pull=0.8, leader=ether)
        goes_alone = coin.traits & {"leader", "own"}
        made = Series(coin.id, coin.points, step=coin.step, leader=None if goes_alone else self._leaders["bitcoin"])
        if coin.id in {"bitcoin", "ethereum"}:
            self._leaders[coin.id] = made
        return made
