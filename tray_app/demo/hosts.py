"""Which sample answers for which host: one line per host."""

from collections.abc import Mapping

from tray_app.datasets.crypto.sample.coingecko import CoinGecko
from tray_app.datasets.crypto.sample.fear_greed import FearGreed
from tray_app.datasets.crypto.sample.llama import Llama
from tray_app.datasets.crypto.sample.market import CoinMarket
from tray_app.datasets.crypto.sample.stablecoins import Stablecoins
from tray_app.datasets.krx.sample.host import Krx
from tray_app.datasets.liquidity.sample.fred import Fred, FredGraph
from tray_app.datasets.liquidity.sample.fred_table import FredTable
from tray_app.datasets.liquidity.sample.macro import Economy
from tray_app.datasets.liquidity.sample.yahoo import Yahoo
from tray_app.datasets.liquidity.sample.yahoo_table import YahooTable
from tray_app.datasets.news.sample.fed import FederalReserve
from tray_app.datasets.news.sample.google_news import GoogleNews
from tray_app.datasets.news.sample.korean_feeds import BankOfKorea, Yonhap
from tray_app.demo.upstream import Upstream


def sample_hosts() -> Mapping[str, Upstream]:
    """Return every sample host by name; those that tell of the same market share one."""
    market = CoinMarket()
    economy = Economy()
    macro = FredTable(economy)
    return {
        "api.coingecko.com": CoinGecko(market),
        "api.llama.fi": Llama(),
        "stablecoins.llama.fi": Stablecoins(),
        "api.alternative.me": FearGreed(market),
        "data-dbg.krx.co.kr": Krx(),
        "api.stlouisfed.org": Fred(macro),
        "fred.stlouisfed.org": FredGraph(macro),
        "query1.finance.yahoo.com": Yahoo(YahooTable(economy)),
        "news.google.com": GoogleNews(),
        "www.federalreserve.gov": FederalReserve(),
        "www.bok.or.kr": BankOfKorea(),
        "www.yna.co.kr": Yonhap(),
    }
