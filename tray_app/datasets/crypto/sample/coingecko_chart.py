"""CoinGecko's /coins/{id}/market_chart: price, capitalisation and volume of one coin through time."""

import zlib
from dataclasses import dataclass

from tray_app.datasets.crypto.sample.market import CoinMarket, Listing
from tray_app.demo.series import DAY_SECONDS, dice
from tray_app.demo.wire import Json

LONGEST_DAYS = 365
HOURLY_DAYS = 90
MIDNIGHT_DELAY_SECONDS = 35 * 60
NULL_CAP_EVERY_DAYS = 307


@dataclass(frozen=True)
class Span:
    """What a chart covers: `days` days to now, at midnights only if `daily`, in bitcoin or else in USD."""

    days: int
    daily: bool
    in_bitcoin: bool


def instants(first: int, seconds: int, span: Span) -> list[int]:
    """Return the instants of a chart up to now, without now itself (seconds since 1970 UTC).

    Daily charts have `days` midnights; the newest comes 35 minutes late. Others have a point every hour or, for one
    day, every 5 minutes, each some seconds late.
    """
    days = span.days
    if span.daily or days > HOURLY_DAYS:
        last = (seconds - MIDNIGHT_DELAY_SECONDS) // DAY_SECONDS
        return [day * DAY_SECONDS for day in range(last - days + 1, last + 1) if day * DAY_SECONDS >= first]
    step = 300 if days == 1 else 3600
    grid = range((seconds - days * DAY_SECONDS) // step + 1, seconds // step + 1)
    late = ((place * step + dice("chart", place, step // 10)) for place in grid)
    return [at for at in late if first <= at < seconds]


def chart(market: CoinMarket, listing: Listing, seconds: int, span: Span) -> Json:
    """Return the three lists of [milliseconds, value] in USD or bitcoin; the last point is now."""
    minute = seconds - seconds % 60
    prices: list[Json] = []
    caps: list[Json] = []
    volumes: list[Json] = []
    bitcoin = market.find("bitcoin", minute) if span.in_bitcoin else None
    for at in [*instants(listing.first_second, seconds, span), seconds]:
        shown = minute if at == seconds else at
        quote = listing.quote(shown)
        unit = 1.0 if bitcoin is None else bitcoin.price(shown)
        null = at != seconds and (at // DAY_SECONDS + zlib.crc32(listing.coin.id.encode())) % NULL_CAP_EVERY_DAYS == 0
        prices.append([at * 1000, quote.price / unit])
        caps.append([at * 1000, None if null else quote.cap / unit])
        volumes.append([at * 1000, quote.volume / unit])
    return {"prices": prices, "market_caps": caps, "total_volumes": volumes}
