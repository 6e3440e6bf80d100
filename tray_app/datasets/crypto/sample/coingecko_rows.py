"""Rows of CoinGecko's /coins/markets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from tray_app.datasets.crypto.sample.market import CoinMarket, Listing
from tray_app.demo.series import DAY_SECONDS, dice
from tray_app.demo.wire import Json

HOUR_SECONDS = 3600
SPANS = (
    ("1h", HOUR_SECONDS),
    ("24h", DAY_SECONDS),
    ("7d", 7 * DAY_SECONDS),
    ("14d", 14 * DAY_SECONDS),
    ("30d", 30 * DAY_SECONDS),
    ("200d", 200 * DAY_SECONDS),
    ("1y", 365 * DAY_SECONDS),
)


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


def ranks(listed: Iterable[Listing], seconds: int) -> dict[str, int | None]:
    """Return market_cap_rank by coin id: two neighbours swapped each day, none for a coin without a rank."""
    ranked = [one.coin.id for one in listed if one.coin.ranked]
    place = min(9 + dice("rank", seconds // DAY_SECONDS, 10), len(ranked) - 2)
    if place >= 0:
        ranked[place], ranked[place + 1] = ranked[place + 1], ranked[place]
    return {coin_id: place for place, coin_id in enumerate(ranked, start=1)}


def coin_row(market: CoinMarket, listing: Listing, rank: int | None, seconds: int, style: RowStyle) -> Json:
    """Return one row as of an instant (seconds since 1970 UTC); money in USD."""
    coin = listing.coin
    now = listing.quote(seconds)
    supply = listing.supply(seconds)
    row: dict[str, Json] = {
        "id": coin.id,
        "symbol": coin.symbol,
        "name": coin.name,
        "image": f"https://coin-images.coingecko.com/coins/images/{dice(coin.id, 0, 70_000)}/large/{coin.symbol}.png?1",
        "current_price": shown(now.price),
        "market_cap": round(now.cap),
        "market_cap_rank": rank,
        "fully_diluted_valuation": round(now.price * (coin.max_supply or supply)),
        "total_volume": round(now.volume) if now.volume else 0.0,
    }
    row |= _day_fields(listing, seconds, style)
    row |= {
        "circulating_supply": round(supply, 1),
        "total_supply": round(supply, 1),
        "max_supply": coin.max_supply,
    }
    row |= _extremes(listing, now.price, seconds)
    row["roi"] = _roi(market, listing, now.price, seconds)
    row["last_updated"] = _heard(listing, seconds, style)
    for span, length in SPANS:
        if span in style.spans:
            change = None if coin.nulls and length <= DAY_SECONDS else _change(listing, seconds, length)
            coarse = None if change is None else round(change, 1) + 0.0
            row[f"price_change_percentage_{span}_in_currency"] = coarse if style.coarse else change
    return row


def _day_fields(listing: Listing, seconds: int, style: RowStyle) -> dict[str, Json]:
    coin = listing.coin
    names = ("high_24h", "low_24h", "price_change_24h", "price_change_percentage_24h")
    cap_names = ("market_cap_change_24h", "market_cap_change_percentage_24h")
    change = _change(listing, seconds, DAY_SECONDS)
    if coin.nulls or change is None:
        return dict.fromkeys((*names, *cap_names))
    hours = [listing.price(at) for at in range(seconds - DAY_SECONDS, seconds + 1, HOUR_SECONDS)]
    # Without a key the absolute change is an hour old while the percentage is new: their signs may disagree.
    until = seconds // HOUR_SECONDS * HOUR_SECONDS if style.coarse else seconds
    before = max(listing.first_second, until - DAY_SECONDS)
    moved = listing.price(until) - listing.price(before)
    cap, cap_before = listing.quote(until).cap, listing.quote(before).cap
    cap_moved = cap - cap_before
    values: tuple[Json, ...] = (
        shown(max(hours)),
        shown(min(hours)),
        round(moved, 2 if abs(moved) > 1 else 8) if style.coarse else moved,
        round(change, 1 if style.coarse else 5) + 0.0,
    )
    whole = style.coarse or dice(coin.id, until // HOUR_SECONDS, 4)
    cap_values: tuple[Json, ...] = (round(cap_moved) if whole else cap_moved, round(100 * cap_moved / cap_before, 5))
    row = dict(zip(names, values, strict=True)) | dict(zip(cap_names, cap_values, strict=True))
    if style.coarse and coin.id == "figure-heloc" and not dice(coin.id, until // HOUR_SECONDS, 5):
        row |= dict.fromkeys(("price_change_24h", *cap_names))
    return row


def _extremes(listing: Listing, price: float, seconds: int) -> dict[str, Json]:
    day = listing.heard(seconds) // DAY_SECONDS
    top, bottom = listing.prices.highest(day), listing.prices.lowest(day)
    high, low = max(listing.prices.open(top), price), min(listing.prices.open(bottom), price)
    return {
        "ath": shown(high),
        "ath_change_percentage": round(100 * (price / high - 1), 5),
        "ath_date": stamp(top * DAY_SECONDS - dice(listing.coin.id, top, DAY_SECONDS)),
        "atl": float(shown(low)),
        "atl_change_percentage": round(100 * (price / low - 1), 5),
        "atl_date": stamp(bottom * DAY_SECONDS - dice(listing.coin.id, bottom, DAY_SECONDS)),
    }


def _roi(market: CoinMarket, listing: Listing, price: float, seconds: int) -> Json:
    coin = listing.coin
    bitcoin = market.find("bitcoin", seconds)
    if not coin.roi_from or bitcoin is None:
        return None
    unit = bitcoin.price(seconds) if coin.roi_currency == "btc" else 1.0
    times = price / unit / coin.roi_from - 1
    return {"times": times, "currency": coin.roi_currency, "percentage": times * 100}


def _change(listing: Listing, seconds: int, length: int) -> float | None:
    if seconds - length < listing.first_second:
        return None
    return 100 * (listing.price(seconds) / listing.price(seconds - length) - 1)


def _heard(listing: Listing, seconds: int, style: RowStyle) -> str:
    age = dice(listing.coin.id, seconds, 40_000)
    milliseconds = listing.heard(seconds) * 1000 - age
    return stamp(milliseconds // 10_000 * 10) if style.coarse else stamp(milliseconds // 1000, milliseconds % 1000)


def stamp(seconds: int, milliseconds: int = 0) -> str:
    """Return an instant as ISO-8601 with milliseconds and Z."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds:03d}Z"
