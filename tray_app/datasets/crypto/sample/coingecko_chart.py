"""CoinGecko's /coins/{id}/market_chart: price, capitalisation and volume of one coin at the midnights of some days."""

import zlib

from tray_app.datasets.crypto.sample.market import Listing
from tray_app.demo.series import DAY_SECONDS
from tray_app.demo.wire import Json

LONGEST_DAYS = 365
MIDNIGHT_DELAY_SECONDS = 35 * 60
NULL_CAP_EVERY_DAYS = 307


def chart(listing: Listing, seconds: int, days: int) -> Json:
    """Return the three lists of [milliseconds, value] in USD; the newest midnight comes late, the last point is now."""
    last = (seconds - MIDNIGHT_DELAY_SECONDS) // DAY_SECONDS
    midnights = (day * DAY_SECONDS for day in range(last - days + 1, last + 1))
    points = [(at, listing.quote(at)) for at in midnights if at >= listing.first_second]
    points.append((seconds, listing.quote(seconds - seconds % 60)))
    mark = zlib.crc32(listing.coin.id.encode())
    nulls = {at for at, _ in points[:-1] if (at // DAY_SECONDS + mark) % NULL_CAP_EVERY_DAYS == 0}
    return {
        "prices": [[at * 1000, quote.price] for at, quote in points],
        "market_caps": [[at * 1000, None if at in nulls else quote.cap] for at, quote in points],
        "total_volumes": [[at * 1000, quote.volume] for at, quote in points],
    }
