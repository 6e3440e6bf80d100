"""Typed rows of the crypto sources. Money is US dollars; dates are the sources' UTC dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import isfinite

from tray_app.core.times import utc_date
from tray_app.datasets.crypto.metrics import DOMINANCE, MARKET_CAP, VOLUME


class CryptoSource(StrEnum):
    """Where a coin row came from: the running day's snapshot, or the price at the start of a past day."""

    SNAPSHOT = "coingecko:markets"
    HISTORY = "coingecko:market_chart"


@dataclass(frozen=True, slots=True)
class CoinName:
    """A coin that is stored."""

    coin_id: str
    symbol: str
    name: str


@dataclass(frozen=True, slots=True)
class CoinDay:
    """One coin on one UTC date; changes are per cent."""

    date: date
    coin_id: str
    symbol: str
    name: str
    rank: int | None
    price_usd: float
    market_cap: float | None
    volume_24h: float | None
    change_24h: float | None
    change_7d: float | None
    source_name: CryptoSource


@dataclass(frozen=True, slots=True)
class CoinHistoryPoint:
    """A coin's price at 00:00 UTC of a date."""

    date: date
    price_usd: float
    market_cap: float | None
    volume_24h: float | None


@dataclass(frozen=True, slots=True)
class MarketTotals:
    """The whole crypto market on one UTC date; dominance is per cent. updated_at: when the source worked them out."""

    updated_at: datetime
    total_market_cap: float
    total_volume_24h: float
    btc_dominance: float

    @property
    def date(self) -> date:
        """Return the UTC date they are of."""
        return utc_date(self.updated_at)

    @property
    def values(self) -> Mapping[str, float]:
        """Return the values by the columns of crypto_metric."""
        return {
            MARKET_CAP.name: self.total_market_cap,
            VOLUME.name: self.total_volume_24h,
            DOMINANCE.name: self.btc_dominance,
        }


@dataclass(frozen=True, slots=True)
class FearGreedDay:
    """The Fear & Greed index (0 to 100) of one UTC date with the label that was served."""

    date: date
    value: int
    label: str


BITCOIN = "bitcoin"
ETHEREUM = "ethereum"


def eth_btc_ratio(prices: dict[str, float]) -> float | None:
    """Return ETH priced in BTC from dollar prices by coin id, or nothing when either is missing."""
    bitcoin, ethereum = prices.get(BITCOIN), prices.get(ETHEREUM)
    if not bitcoin or not ethereum:
        return None
    ratio = ethereum / bitcoin
    return ratio if isfinite(ratio) else None
