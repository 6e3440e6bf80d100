"""Every source's life, in one place for the tests that go through them all."""

from tray_app.datasets.crypto import alternative, coingecko, defillama
from tray_app.datasets.krx.source import rows
from tray_app.datasets.liquidity.source import fred, yahoo_chart
from tray_app.datasets.news.rules import model

COINGECKO = coingecko.LIFE
DEFILLAMA, STABLECOINS = defillama.TVL_LIFE, defillama.STABLECOINS_LIFE
FEAR_GREED = alternative.LIFE
FRED = fred.LIFE
YAHOO = yahoo_chart.LIFE
KRX_LISTINGS = rows.LISTING_LIFE
FEEDS = model.FEED_LIFE

ALL = (COINGECKO, DEFILLAMA, STABLECOINS, FEAR_GREED, FRED, YAHOO, KRX_LISTINGS, FEEDS)
