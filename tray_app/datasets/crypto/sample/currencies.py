"""The currencies CoinGecko counts in, with made-up constant rates for all that is not a sample coin."""

from dataclasses import dataclass

from tray_app.datasets.crypto.sample.market import CoinMarket

_COINS = (
    "btc:bitcoin eth:ethereum ltc:litecoin bch:bitcoin-cash bnb:binancecoin xrp:ripple xlm:stellar link:chainlink "
    "sol:solana"
)
_PER_USD = (
    "btc:0 eth:0 ltc:0 bch:0 bnb:0 eos:12.9 xrp:0 xlm:0 link:0 dot:1.06 yfi:0.00044 sol:0 usd:1 aed:3.67 ars:1500 "
    "aud:1.4 bdt:122 bhd:0.377 bmd:1 brl:5.1 cad:1.38 chf:0.8 clp:915 cny:6.7 czk:20.6 dkk:6.4 eur:0.86 gbp:0.73 "
    "gel:2.6 hkd:7.84 huf:310 idr:17600 ils:3 inr:95.7 jpy:159 krw:1386 kwd:0.308 lkr:330 mmk:2100 mxn:16.9 myr:4.04 "
    "ngn:1345 nok:9.3 nzd:1.67 php:61.7 pkr:278 pln:3.7 rub:82.7 sar:3.75 sek:9.5 sgd:1.27 thb:32.6 try:48 twd:31.8 "
    "uah:44.7 vef:77900000 vnd:26100 zar:16 xdr:0.73 xag:0.0145 xau:0.000217 bits:0 sats:0"
)


@dataclass(frozen=True)
class Currency:
    """A currency code in lower case and how much of it one USD buys."""

    code: str
    per_usd: float


def currencies(market: CoinMarket, seconds: int) -> tuple[Currency, ...]:
    """Return the 63 currencies in CoinGecko's order; a sample coin's rate is its price at the instant."""
    coin_ids = dict(pair.split(":") for pair in _COINS.split())
    bitcoin = _rate(market, "bitcoin", seconds)
    rates = []
    for code, fixed in (pair.split(":") for pair in _PER_USD.split()):
        if code in coin_ids:
            rate = _rate(market, coin_ids[code], seconds)
        elif code in {"bits", "sats"}:
            rate = bitcoin * (1e6 if code == "bits" else 1e8)
        else:
            rate = float(fixed)
        rates.append(Currency(code, rate))
    return tuple(rates)


def _rate(market: CoinMarket, coin_id: str, seconds: int) -> float:
    listing = market.find(coin_id, seconds)
    return 1.0 / listing.price(seconds) if listing else 0.0
