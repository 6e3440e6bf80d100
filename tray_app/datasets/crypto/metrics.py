"""The values of the whole crypto market, a line each: column, words, source, chart, and what its values may be.

Ranges hold everything these have been since their sources began with room to spare; jumps are far beyond what the
recorded years show of single days.
"""

from dataclasses import dataclass
from datetime import date

from tray_app.core.checks.value_rules import Sign, ValueRules
from tray_app.core.table import Column, Format, Kind, maybe
from tray_app.core.words import N_
from tray_app.datasets.dataset import Attribution, DatasetStep

COINGECKO = Attribution("CoinGecko", "https://www.coingecko.com/en/api", N_("Crypto prices: Data provided by {link}."))
LLAMA = Attribution("DefiLlama", "https://defillama.com", N_("DeFi and stablecoins: {link}."))
ALTERNATIVE_ME = Attribution(
    "alternative.me",
    "https://alternative.me/crypto/fear-and-greed-index/",
    N_("Fear &amp; Greed Index: {link}."),
)
ATTRIBUTIONS = (COINGECKO, LLAMA, ALTERNATIVE_ME)

PRICES = DatasetStep("coingecko_prices", N_("Coins and prices"))
GLOBAL = DatasetStep("coingecko_global", N_("Whole market"))
TVL = DatasetStep("defillama_tvl", N_("DeFi value locked"))
STABLECOINS = DatasetStep("defillama_stablecoins", N_("Stablecoins"))
FEAR_GREED = DatasetStep("fear_greed", N_("Fear & Greed"))
STEPS = (PRICES, GLOBAL, TVL, STABLECOINS, FEAR_GREED)


@dataclass(frozen=True, slots=True)
class Metric:
    """A value of each UTC day. step: what brings it; rules: what its values may be; chart: the drawing it is a line of.

    beside: columns that come with it.
    """

    column: Column
    step: DatasetStep
    source: Attribution
    rules: ValueRules
    chart: str = ""
    beside: tuple[Column, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of its column, by which the run's notes, issues and `--only` call it too."""
        return self.column.name


MARKET_CAP = Metric(
    maybe("total_market_cap", Kind.FLOAT, N_("Total market cap"), "USD", Format.MONEY),
    GLOBAL,
    COINGECKO,
    ValueRules(sign=Sign.POSITIVE, high=1e14, jump=0.25, is_relative=True, frozen=4),
)
VOLUME = Metric(
    maybe("total_volume_24h", Kind.FLOAT, N_("Volume, 24 h"), "USD", Format.MONEY),
    GLOBAL,
    COINGECKO,
    ValueRules(sign=Sign.NOT_NEGATIVE, high=1e14, jump=2.0, is_relative=True, frozen=4),
)
DOMINANCE = Metric(
    maybe("btc_dominance", Kind.FLOAT, N_("Bitcoin dominance"), "%", Format.SHARE),
    GLOBAL,
    COINGECKO,
    ValueRules(sign=Sign.POSITIVE, low=20.0, high=95.0, jump=6.0, frozen=6),
    "dominance",
)
ETH_BTC = Metric(
    maybe("eth_btc_ratio", Kind.FLOAT, N_("ETH/BTC"), "BTC"),
    PRICES,
    COINGECKO,
    ValueRules(sign=Sign.POSITIVE, low=1e-4, high=1.0, jump=0.25, is_relative=True, frozen=4),
    "ratio",
)
FEAR_GREED_INDEX = Metric(
    maybe("fear_greed_index", Kind.INTEGER, N_("Fear & Greed"), "0-100", Format.GAUGE),
    FEAR_GREED,
    ALTERNATIVE_ME,
    ValueRules(sign=Sign.NOT_NEGATIVE, high=100.0, jump=40.0, frozen=15),
    "fear",
    (maybe("fear_greed_label", Kind.WORD),),
)
DEFI_TVL = Metric(
    maybe("defi_tvl", Kind.FLOAT, N_("DeFi value locked"), "USD", Format.MONEY),
    TVL,
    LLAMA,
    ValueRules(sign=Sign.NOT_NEGATIVE, high=1e13, jump=0.25, is_relative=True, frozen=4, judged_from=date(2021, 1, 1)),
    "money",
)
STABLECOIN_MCAP = Metric(
    maybe("stablecoin_mcap", Kind.FLOAT, N_("Stablecoins"), "USD", Format.MONEY),
    STABLECOINS,
    LLAMA,
    ValueRules(sign=Sign.NOT_NEGATIVE, high=1e13, jump=0.1, is_relative=True, frozen=4, judged_from=date(2020, 5, 1)),
    "money",
)

METRICS = (MARKET_CAP, VOLUME, DOMINANCE, ETH_BTC, FEAR_GREED_INDEX, DEFI_TVL, STABLECOIN_MCAP)
METRIC_OF = {metric.name: metric for metric in METRICS}
