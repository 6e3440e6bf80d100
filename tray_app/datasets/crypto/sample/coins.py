"""The sample coins, roughly by size, with the turning points of their made-up prices."""

from collections.abc import Iterator
from dataclasses import dataclass

from tray_app.demo.series import Anchor, anchors, day_of, dice

# id|symbol|name|supply|max supply|turnover|traits|day:USD at 00:00 UTC ...; months mean their first day.
_TABLE = """
bitcoin|btc|Bitcoin|20071500|21000000|0.032|leader step=0.024|2013-04-28:135 2013-12-04:1130 2015-01-14:190
  2016-06-16:750 2017-03:1230 2017-06-11:2900 2017-07-16:2000 2017-12-17:19400 2018-02-06:7000 2018-07-25:8200
  2018-12-15:3250 2019-06-26:12800 2019-12-18:6900 2020-02-13:10300 2020-03-13:5100 2020-11:13800 2021-01-08:40500
  2021-04-14:63500 2021-07-20:29900 2021-11-09:67500 2022-01-22:35500 2022-03-28:47500 2022-06-18:19200 2022-11-21:15900
  2023-04-13:30200 2023-09-11:25500 2024-03-13:73000 2024-08-07:55500 2024-12-17:106000 2025-04-08:77500
  2025-05-22:111000 2025-10-06:124500 2025-11-21:85000 2026-01-14:96000 2026-02-06:65000 2026-07:62000 2026-12-20:98000
  2027-04:88000 2027-11:131000 2028-06:104000 2029-10:190000 2030-10:120000
ethereum|eth|Ethereum|120681573.5||0.09|step=0.018 roi=0.00075|2015-08-07:1.2 2017-06-12:380 2018-12-15:84
  2021-05-11:4100 2022-06-18:1000 2024-03-12:4000 2025-04-08:1480 2025-08-24:4800 2026-08-22:2400 2027-11:4300
tether|usdt|Tether|183230580000.2||0.55|stable|2015-02-25:1 2017-05:0.97 2017-08:1
ripple|xrp|XRP|62744504852|100000000000|0.09||2013-08-04:0.006 2018-01-04:3.1 2020-03-13:0.14 2026-02-06:1.3 2027-11:2.6
binancecoin|bnb|BNB|133163149.6|200000000|0.027|step=0.014|2017-09-16:1.6 2020-03-13:10 2021-05-10:650 2026-02-06:610
usd-coin|usdc|USDC|73553070000.7||0.35|stable|2018-10-05:1.006 2019-03:1
solana|sol|Solana|583177097.9||0.12|step=0.026|2020-04-11:0.95 2021-11-06:255 2022-12-29:9 2025-01-19:270 2026-08-22:93
tron|trx|TRON|94912588660.5||0.024|step=0.015|2017-11-09:0.0024 2018-01-05:0.22 2020-03-13:0.009 2026-08-22:0.343
figure-heloc|figr_heloc|Figure Heloc|21668459570.1||0.0009|own step=0.004|2025-08-25:1 2026-08:1.035
hyperliquid|hype|Hyperliquid|222445714.1|1000000000|0.11|step=0.03|2024-11-29:6 2025-09-18:58 2026-08-22:77
dogecoin|doge|Dogecoin|155597036383.7||0.17|step=0.028|2013-12-15:0.0005 2021-05-07:0.68 2026-08-22:0.09
zcash|zec|Zcash|16889729.9|21000000|0.16|step=0.035|2016-10-29:1800 2016-12:45 2024-07-05:17 2026-08-22:795
rain|rain|Rain|716592093026.7|1150000000000|0.003|own step=0.02|2025-09-15:0.0031 2026-08-22:0.0142
usds|usds|USDS|9740424290.700001||0.024|stable|2024-09-18:1
leo-token|leo|LEO Token|919923872.9||3e-05|own step=0.01|2019-05-21:1.05 2022-02-08:7.4 2026-08-22:9.4
chainlink|link|Chainlink|748099970.4|1000000000|0.12||2017-11-09:0.18 2021-05-10:50 2026-08-22:11.5
whitebit|wbt|WhiteBIT Coin|118000829|400000000|0.037|step=0.012|2022-08-05:3.5 2026-08-22:72
cardano|ada|Cardano|37486094747.8|45000000000|0.13||2017-10-18:0.026 2021-09-02:2.95 2026-08-22:0.223
monero|xmr|Monero|18794534.5||0.021||2014-05-21:1.6 2018-01-08:460 2026-08-22:423
stellar|xlm|Stellar|34585313338|50001806812.5|0.09||2014-08-05:0.0024 2018-01-04:0.83 2026-08-22:0.199
bitcoin-cash|bch|Bitcoin Cash|20078703|21000000|0.11||2017-08-02:400 2026-08-22:277
dai|dai|Dai|4575303834.8||0.08|stable|2019-11-19:1.01 2020-06:1
canton-network|cc|Canton|39400418278.4||0.007|own step=0.03|2025-11-10:0.11 2026-08-22:0.115
ethena-usde|usde|Ethena USDe|4106876243.9||0.03|stable|2024-02-19:1
litecoin|ltc|Litecoin|77522510.4|84000000|0.18||2013-04-28:4.4 2017-12-19:345 2026-08-22:51
the-open-network|gram|Gram (prev. Toncoin)|2762484830.2||0.024||2021-08-28:0.65 2024-06-15:7.9 2026-08-22:1.44
sui|sui|Sui|4074529886.4|10000000000|0.39|step=0.03|2023-05-03:1.3 2026-08-22:0.83
shiba-inu|shib|Shiba Inu|589239397569779.8||0.09|step=0.03|2020-11:1e-10 2021-05-10:3.2e-05 2026-08-22:5.5e-06
hashnote-usyc|usyc|Circle USYC|2576888993.2|||own step=0 stale=3|2024-06-20:1.03 2028-08:1.22
tether-gold|xaut|Tether Gold|612823.7||0.1|own step=0.008|2020-02-07:1570 2023-10-05:1820 2026-01-28:5400
falcon-finance|usdf|Falcon USD|1426788985.3||0.0007|stable|2025-04-30:1 2025-07-08:0.99 2025-08:0.998
peanut-2-2|peanut|Peanut|310000000000|310000000000||own step=0 stale=12 nulls|2026-05-02:0.00072 2026-06-30:0.00073
astherus-usdf|usdf|Aster USDF|113213473.5||0.0004|stable|2025-02-05:1
sample-gold-index|sgi|Sample Gold Index|1900000||0.001|own step=0.008 unranked|2025-01:26 2026-08-22:46
staked-ether|steth|Lido Staked Ether|9880000||0.002|shadow rehypothecated|2020-12-23:600
"""


@dataclass(frozen=True)
class Coin:
    """One coin; `turnover` is daily volume / market cap, `step` a day's shock.

    traits: leader sets the pace; stable sticks to its line; own walks alone; shadow copies ether; the others go with
    bitcoin. nulls: every 24h field is null. rehypothecated coins show on demand only. `stale_days` > 0: last_updated
    is that old, the price stands still and the volume is 0.0. `roi_from` is the launch price in bitcoin.
    """

    id: str
    symbol: str
    name: str
    supply: float
    points: tuple[Anchor, ...]
    max_supply: float | None = None
    turnover: float = 0.0
    traits: frozenset[str] = frozenset()
    step: float = 0.022
    stale_days: int = 0
    roi_from: float = 0.0


def sample_coins() -> Iterator[Coin]:
    """Yield every coin of the table."""
    for line in _TABLE.strip().replace("\n  ", " ").splitlines():
        coin_id, symbol, name, supply, most, turnover, traits, points = line.split("|")
        words = dict(word.partition("=")[::2] for word in traits.split())
        yield Coin(
            coin_id,
            symbol,
            name,
            float(supply),
            anchors(points),
            float(most) if most else None,
            float(turnover or 0),
            frozenset(words),
            float(words.get("step", 0.022)),
            int(words.get("stale", 0)),
            float(words.get("roi", 0)),
        )


def any_coin(coin_id: str) -> Coin:
    """Return a coin that the table does not have: all of it follows from its id."""
    price = 10.0 ** (dice(coin_id, 0, 50) / 10 - 2)
    start = (Anchor(day_of("2020-01-01"), price),)
    return Coin(coin_id, coin_id[:5], coin_id.replace("-", " ").title(), 5e8 / price, start, turnover=0.04)
