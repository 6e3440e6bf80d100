"""What the values of every coin may be, by the columns of crypto_price, and how old answers may be. See metrics.py."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from tray_app.core.checks.value_rules import Sign, ValueRules

# How old an answer may be: what CoinGecko works out anew every few minutes, and what others give by the day.
SNAPSHOT_RHYTHM = timedelta(hours=1)
DAILY_RHYTHM = timedelta(days=2)
# How long the same answer may come again: the market never rests for hours, however often it is asked.
SNAPSHOT_REST = timedelta(hours=6)

PRICE_RULES: Mapping[str, ValueRules] = MappingProxyType(
    {
        "price_usd": ValueRules(sign=Sign.POSITIVE, high=1e9, jump=0.3, is_relative=True),
        "market_cap": ValueRules(sign=Sign.NOT_NEGATIVE, high=1e14, jump=0.7, is_relative=True),
    }
)
