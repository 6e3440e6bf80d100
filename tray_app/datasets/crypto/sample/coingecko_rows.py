"""Rows of CoinGecko's /coins/markets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tray_app.datasets.crypto.sample.market import CoinMarket, Listing
from tray_app.demo.series import DAY_SECONDS, dice
from tray_app.demo.wire import Json

HOUR_SECONDS = 3600
SPANS: Mapping[str, int] = {
    "1h": HOUR_SECONDS,
    "24h": DAY_SECONDS,
    **{f"{days}d": days * DAY_SECONDS for days in (7, 14, 30, 200)},
    "1y": 365 * DAY_SECONDS,
}


@dataclass(frozen=True)
class RowStyle:
    """How rows are written: `spans` asked for, coarse as without a key."""

    spans: tuple[str, ...]
    coarse: bool


def shown(value: float) -> int | float:
    """Round a price the way it is shown: whole from 10,000 on, 2 to 8 digits below."""
    if value >= 10_000:
        return round(value)
    limits = ((1.1, 2), (1.0, 3), (0.1, 6), (1e-6, 8))
    return round(value, next((digits for limit, digits in limits if value >= limit), 14))


def ranks(listed: Iterable[Listing], seconds: int) -> dict[str, int]:
    """Return market_cap_rank by coin id: two neighbours swapped each day, none for a coin without a rank."""
    ranked = [one.coin.id for one in listed if "unranked" not in one.coin.traits]
    place = min(9 + dice("rank", seconds // DAY_SECONDS, 10), len(ranked) - 2)
    if place >= 0:
        ranked[place], ranked[place + 1] = ranked[place + 1], ranked[place]
    return {coin_id: place for place, coin_id in enumerate(ranked, start=1)}


def coin_row(market: CoinMarket, listing: Listing, rank: int | None, seconds: int, style: RowStyle) -> Json:
    """Return one row as of an instant (seconds since 1970 UTC); money in USD."""
    coin, now = listing.coin, listing.quote(seconds)
    row: dict[str, Json] = {
        "id": coin.id,
        "symbol": coin.symbol,
        "name": coin.name,
        "image": f"https://coin-images.coingecko.com/coins/images/{dice(coin.id, 0, 70_000)}/large/{coin.symbol}.png?1",
        "current_price": shown(now.price),
        "market_cap": round(now.cap),
        "market_cap_rank": rank,
        "fully_diluted_valuation": round(now.price * (coin.max_supply or coin.supply)),
        "total_volume": round(now.volume) if now.volume else 0.0,
        **_day_fields(listing, seconds, style),
        "circulating_supply": round(coin.supply, 1),
        "total_supply": round(coin.supply, 1),
        "max_supply": coin.max_supply,
        **_extremes(listing, now.price, seconds),
        "roi": _roi(market, listing, now.price, seconds),
        "last_updated": _heard(listing, seconds, style),
    }
    for span in (span for span in SPANS if span in style.spans):
        change = None if "nulls" in coin.traits and span in {"1h", "24h"} else _change(listing, seconds, SPANS[span])
        coarse = None if change is None else round(change, 1) + 0.0
        row[f"price_change_percentage_{span}_in_currency"] = coarse if style.coarse else change
    return row


def _day_fields(listing: Listing, seconds: int, style: RowStyle) -> dict[str, Json]:
    names = ("high_24h", "low_24h", "price_change_24h", "price_change_percentage_24h")
    cap_names = ("market_cap_change_24h", "market_cap_change_percentage_24h")
    change = _change(listing, seconds, DAY_SECONDS)
    if "nulls" in listing.coin.traits or change is None:
        return dict.fromkeys((*names, *cap_names))
    hours = [listing.price(at) for at in range(seconds - DAY_SECONDS, seconds + 1, HOUR_SECONDS)]
    # Without a key the absolute change is an hour old while the percentage is new: their signs may disagree.
    until = seconds // HOUR_SECONDS * HOUR_SECONDS if style.coarse else seconds
    after, before = (listing.quote(max(listing.first_second, at)) for at in (until, until - DAY_SECONDS))
    moved, cap_moved = after.price - before.price, after.cap - before.cap
    values = (
        shown(max(hours)),
        shown(min(hours)),
        round(moved, 2 if abs(moved) > 1 else 8) if style.coarse else moved,
        round(change, 1 if style.coarse else 5) + 0.0,
        round(cap_moved) if style.coarse else cap_moved,
        round(100 * cap_moved / before.cap, 5),
    )
    return dict(zip((*names, *cap_names), values, strict=True))


def _extremes(listing: Listing, price: float, seconds: int) -> dict[str, Json]:
    day = listing.heard(seconds) // DAY_SECONDS
    row: dict[str, Json] = {}
    for name, choose, found in (("ath", max, listing.prices.highest(day)), ("atl", min, listing.prices.lowest(day))):
        extreme = choose(listing.prices.open(found), price)
        row[name] = float(shown(extreme)) if name == "atl" else shown(extreme)
        row[f"{name}_change_percentage"] = round(100 * (price / extreme - 1), 5)
        row[f"{name}_date"] = stamp(found * DAY_SECONDS - dice(listing.coin.id, found, DAY_SECONDS))
    return row


def _roi(market: CoinMarket, listing: Listing, price: float, seconds: int) -> Json:
    bitcoin = market.find("bitcoin", seconds)
    if not listing.coin.roi_from or bitcoin is None:
        return None
    times = price / bitcoin.price(seconds) / listing.coin.roi_from - 1
    return {"times": times, "currency": "btc", "percentage": times * 100}


def _change(listing: Listing, seconds: int, length: int) -> float | None:
    if seconds - length < listing.first_second:
        return None
    return 100 * (listing.price(seconds) / listing.price(seconds - length) - 1)


def _heard(listing: Listing, seconds: int, style: RowStyle) -> str:
    milliseconds = listing.heard(seconds) * 1000 - dice(listing.coin.id, seconds, 40_000)
    return stamp(milliseconds // 10_000 * 10) if style.coarse else stamp(milliseconds / 1000)


def stamp(seconds: float) -> str:
    """Return an instant as ISO-8601 with milliseconds and Z."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
