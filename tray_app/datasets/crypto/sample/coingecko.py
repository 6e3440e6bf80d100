"""The sample api.coingecko.com."""

import zlib
from datetime import datetime

from tray_app.datasets.crypto.sample.coingecko_rows import SPANS, RowStyle, coin_row, ranks
from tray_app.datasets.crypto.sample.market import CoinMarket, Listing
from tray_app.demo.misbehave import Mode
from tray_app.demo.series import DAY_SECONDS, dice
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Json, Reply, Request, json_reply

CACHE_HEADERS = (("Cache-Control", "max-age=30, public, must-revalidate, s-maxage=60"), ("CF-Cache-Status", "HIT"))
LARGEST_PAGE = 250
GLOBAL_EVERY_SECONDS = 600
GLOBAL_PHASE_SECONDS = 420
LONGEST_DAYS = 365
MIDNIGHT_DELAY_SECONDS = 35 * 60
NULL_CAP_EVERY_DAYS = 307
# What CoinGecko counts in, in its order: sample coins by their price, the others at a made-up constant rate.
CURRENCIES = (
    "btc eth ltc bch bnb eos xrp xlm link dot yfi sol usd aed ars aud bdt bhd bmd brl cad chf clp cny czk dkk eur "
    "gbp gel hkd huf idr ils inr jpy krw kwd lkr mmk mxn myr ngn nok nzd php pkr pln rub sar sek sgd thb try twd "
    "uah vef vnd zar xdr xag xau bits sats"
)
PER_USD = {"usd": 1.0, "eur": 0.86, "gbp": 0.73, "jpy": 159.0, "krw": 1386.0}
BITCOIN_PARTS = {"bits": 1e6, "sats": 1e8}
PRICING = "https://www.coingecko.com/en/api/pricing"
TOO_MANY = (
    f"You've exceeded the Rate Limit. Please visit {PRICING} to subscribe to our API plans for higher rate limits."
)
SPENT = (
    "You've reached 10,000 calls limit. You may visit developer dashboard for details, "
    f"or subscribe to paid subscription for higher rate limit: {PRICING}"
)
MISSING = "API Key Missing. Please make sure you're using the right authentication method."
TOO_OLD = (
    "Your request exceeds the allowed time range. Public API users are limited to querying historical data "
    f"within the past 365 days. Upgrade to a paid plan to enjoy full historical data access: {PRICING}."
)


class CoinGecko(Upstream):
    """Prices are those of the full minute, /global that of its last rebuild; without a key values are coarser."""

    def __init__(self, market: CoinMarket) -> None:
        self._market = market

    def answer(self, request: Request) -> Reply:
        """Return the answer of the keyless or demo plan."""
        match request.path.rstrip("/").split("/")[1:]:
            case ["api", "v3", "ping"]:
                return self._fresh({"gecko_says": "(V3) To the Moon!"})
            case ["api", "v3", "coins", "markets"]:
                return self._markets(request)
            case ["api", "v3", "global"]:
                return self._fresh(self._global(request.seconds))
            case ["api", "v3", "coins", coin_id, "market_chart"]:
                return self._chart(request, coin_id)
            case _:
                return _plain("Incorrect path. Please check https://docs.coingecko.com", 404)

    def refusal(self, mode: Mode, request: Request) -> Reply | None:
        """Return CoinGecko's own error bodies."""
        match mode:
            case Mode.RATE_LIMITED:
                return json_reply(_status(429, TOO_MANY), 429)
            case Mode.QUOTA_10006:
                return json_reply(_status(10006, SPENT, request.at), 429)
            case Mode.REFUSED_KEY:
                return json_reply(_status(10002, MISSING, request.at), 401)
            case _:
                return None

    def _fresh(self, value: Json) -> Reply:
        return json_reply(value, headers=CACHE_HEADERS)

    def _markets(self, request: Request) -> Reply:
        if (currency := request.param("vs_currency")) != "usd":
            return _plain("invalid vs_currency" if currency else "Missing parameter vs_currency", 400)
        minute = request.seconds // 60 * 60
        everything = request.flag("include_rehypothecated")
        ids = request.params("ids")
        listed = self._market.listed(minute, rehypothecated=everything or bool(ids))
        places = ranks((one for one in listed if everything or "rehypothecated" not in one.coin.traits), minute)
        # What is named and not listed is made up, as the smallest.
        named = [
            one for coin_id in ids if (one := self._market.find(coin_id, minute)) is not None and one not in listed
        ]
        wanted_rows = [*(one for one in listed if not ids or one.coin.id in ids), *named]
        size = min(_number(request.param("per_page"), 100), LARGEST_PAGE)
        start = (_number(request.param("page"), 1) - 1) * size
        style = RowStyle(
            request.params("price_change_percentage"),
            not request.header("x-cg-demo-api-key") and not request.param("x_cg_demo_api_key"),
        )
        if unknown := set(style.spans) - SPANS.keys():
            return _plain(f"invalid price_change_percentage: {', '.join(sorted(unknown))}", 400)
        page = wanted_rows[start : start + size]
        return self._fresh([coin_row(self._market, one, places.get(one.coin.id), minute, style) for one in page])

    def _global(self, seconds: int) -> Json:
        market = self._market
        at = (seconds - GLOBAL_PHASE_SECONDS) // GLOBAL_EVERY_SECONDS * GLOBAL_EVERY_SECONDS + GLOBAL_PHASE_SECONDS
        cap, cap_before = market.total_cap(at), market.total_cap(at - DAY_SECONDS)
        volume, volume_before = market.total_volume(at), market.total_volume(at - DAY_SECONDS)
        rates = {code: self._per_usd(code, at) for code in CURRENCIES.split()}
        largest = market.listed(at, rehypothecated=True)[:10]
        day = at // DAY_SECONDS
        few = dice("listing glitch", day, 5) == 0
        data: dict[str, Json] = {
            "active_cryptocurrencies": (13_700 if few else 17_450) + dice("active", day, 60) + max(0, day - 20_600),
            "upcoming_icos": 0,
            "ongoing_icos": 49,
            "ended_icos": 3376,
            "markets": 1480 + dice("markets", day, 20),
            "total_market_cap": {code: cap * rate for code, rate in rates.items()},
            "total_volume": {code: volume * rate for code, rate in rates.items()},
            "market_cap_percentage": {one.coin.symbol: 100 * one.quote(at).cap / cap for one in largest},
            "market_cap_change_percentage_24h_usd": 100 * (cap / cap_before - 1),
            "volume_change_percentage_24h_usd": 100 * (volume / volume_before - 1),
            "updated_at": at,
        }
        return {"data": data}

    def _per_usd(self, code: str, at: int) -> float:
        bitcoins = BITCOIN_PARTS.get(code, 1.0)
        listing = self._market.called("btc" if code in BITCOIN_PARTS else code)
        if listing is not None:
            return bitcoins / listing.price(at)
        return PER_USD.get(code, 0.5 + dice(code, 0, 1000))

    def _chart(self, request: Request, coin_id: str) -> Reply:
        seconds = request.seconds
        listing = self._market.find(coin_id, seconds // 60 * 60)
        if listing is None:
            return _plain("coin not found", 404)
        currency, days = request.param("vs_currency"), request.param("days")
        if currency != "usd":
            return _plain("invalid vs_currency" if currency else "Missing parameter vs_currency", 400)
        if days == "max" or _number(days, 0) > LONGEST_DAYS:
            # One level deeper than the others.
            return json_reply({"error": _status(10012, TOO_OLD, request.at)}, 401)
        if not _number(days, 0):
            return _plain("invalid days" if days else "Missing parameter days", 400)
        return self._fresh(_points(listing, seconds, int(days)))


def _points(listing: Listing, seconds: int, days: int) -> Json:
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


def _plain(message: str, status: int) -> Reply:
    return json_reply({"error": message}, status)


def _status(code: int, message: str, at: datetime | None = None) -> Json:
    """Return an error as most are told: with its instant, but for too many calls a minute."""
    stamped: dict[str, Json] = {} if at is None else {"timestamp": at.isoformat(timespec="milliseconds")}
    return {"status": stamped | {"error_code": code, "error_message": message}}


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and int(text) > 0 else default
