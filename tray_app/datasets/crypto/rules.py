"""What the values of the crypto market may be, column by column of crypto_price and crypto_metric.

Ranges hold everything these have been since their sources began with room to spare; jumps are far beyond what the
recorded years show of single days. crypto_price's rules hold for every coin.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from tray_app.core.value_rules import Sign, ValueRules

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
METRIC_RULES: Mapping[str, ValueRules] = MappingProxyType(
    {
        "total_market_cap": ValueRules(sign=Sign.POSITIVE, high=1e14, jump=0.25, is_relative=True, frozen=4),
        "total_volume_24h": ValueRules(sign=Sign.NOT_NEGATIVE, high=1e14, jump=2.0, is_relative=True, frozen=4),
        "btc_dominance": ValueRules(sign=Sign.POSITIVE, low=20.0, high=95.0, jump=6.0, frozen=6),
        "eth_btc_ratio": ValueRules(sign=Sign.POSITIVE, low=1e-4, high=1.0, jump=0.25, is_relative=True, frozen=4),
        "fear_greed_index": ValueRules(sign=Sign.NOT_NEGATIVE, high=100.0, jump=40.0, frozen=15),
        "defi_tvl": ValueRules(
            sign=Sign.NOT_NEGATIVE,
            high=1e13,
            jump=0.25,
            is_relative=True,
            frozen=4,
            judged_from=date(2021, 1, 1),
        ),
        "stablecoin_mcap": ValueRules(
            sign=Sign.NOT_NEGATIVE,
            high=1e13,
            jump=0.1,
            is_relative=True,
            frozen=4,
            judged_from=date(2020, 5, 1),
        ),
    }
)
