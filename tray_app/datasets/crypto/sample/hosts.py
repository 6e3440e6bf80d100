"""Which sample answers for which host of the crypto market."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from tray_app.datasets.crypto.sample.coingecko import CoinGecko
from tray_app.datasets.crypto.sample.fear_greed import FearGreed
from tray_app.datasets.crypto.sample.llama import Llama, Stablecoins
from tray_app.datasets.crypto.sample.market import CoinMarket
from tray_app.datasets.crypto.series import WHOLE_SERIES
from tray_app.demo.upstream import Upstream


def sample_hosts() -> Mapping[str, Upstream]:
    """Return the sample hosts by name; those that tell of the same market share one."""
    market = CoinMarket()
    return {
        "api.coingecko.com": CoinGecko(market),
        "api.llama.fi": Llama(),
        "stablecoins.llama.fi": Stablecoins(),
        "api.alternative.me": FearGreed(market),
        **{urlsplit(each.probe).hostname or "": each.sample() for each in WHOLE_SERIES if each.sample is not None},
    }
