"""Whose data is shown, with the words and links their terms ask for."""

from __future__ import annotations

from tray_app.core.words import tr

# FRED's terms ask for this very sentence.
FRED_NOTICE = (
    "This product uses the FRED API but is not endorsed or certified by the Federal Reserve Bank of St. Louis."
)
COINGECKO = '<a href="https://www.coingecko.com/en/api">CoinGecko</a>'
LLAMA = '<a href="https://defillama.com">DefiLlama</a>'
FEAR_GREED = '<a href="https://alternative.me/crypto/fear-and-greed-index/">alternative.me</a>'
KRX = '<a href="https://openapi.krx.co.kr">한국거래소 통계정보</a>'
FRED = '<a href="https://fred.stlouisfed.org">FRED</a>'
YAHOO = '<a href="https://finance.yahoo.com">Yahoo Finance</a>'
FED = '<a href="https://www.federalreserve.gov">federalreserve.gov</a>'
GOOGLE_NEWS = '<a href="https://news.google.com">Google News</a>'


def all_attributions() -> tuple[str, ...]:
    """Return a line of HTML for each source."""
    return (
        tr("Korean stocks: {krx}, for the key's owner and non-commercial use only.", krx=KRX),
        tr("Macro series: {fred}. {notice}", fred=FRED, notice=FRED_NOTICE),
        tr("Market prices: {yahoo}, for personal use.", yahoo=YAHOO),
        tr("Documents and speeches: {fed}.", fed=FED),
        tr(
            "Headlines: {google}, the Bank of Korea, Yonhap and the feeds you add, for personal, non-commercial use; "
            "the stories are their outlets'.",
            google=GOOGLE_NEWS,
        ),
        tr("Crypto prices: Data provided by {coingecko}.", coingecko=COINGECKO),
        tr("DeFi and stablecoins: {llama}.", llama=LLAMA),
        tr("Fear &amp; Greed Index: {source}.", source=FEAR_GREED),
    )
