"""The sample api.coingecko.com."""

from tray_app.datasets.crypto.sample import coingecko_errors as errors
from tray_app.datasets.crypto.sample.coingecko_chart import LONGEST_DAYS, chart
from tray_app.datasets.crypto.sample.coingecko_rows import SPANS, RowStyle, coin_row, ranks
from tray_app.datasets.crypto.sample.currencies import currencies
from tray_app.datasets.crypto.sample.market import CoinMarket
from tray_app.demo.misbehave import Mode
from tray_app.demo.series import DAY_SECONDS, dice
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Json, Reply, Request, json_reply

CACHE_HEADERS = (("Cache-Control", "max-age=30, public, must-revalidate, s-maxage=60"), ("CF-Cache-Status", "HIT"))
LARGEST_PAGE = 250
GLOBAL_EVERY_SECONDS = 600
GLOBAL_PHASE_SECONDS = 420


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
                return errors.plain("Incorrect path. Please check https://docs.coingecko.com", 404)

    def refusal(self, mode: Mode, request: Request) -> Reply | None:
        """Return CoinGecko's own error bodies."""
        match mode:
            case Mode.RATE_LIMITED:
                return errors.rate_limited()
            case Mode.QUOTA_10006:
                return errors.quota_spent(request.at)
            case Mode.REFUSED_KEY:
                return errors.refused_key(request.at)
            case _:
                return None

    def _fresh(self, value: Json) -> Reply:
        return json_reply(value, headers=CACHE_HEADERS)

    def _markets(self, request: Request) -> Reply:
        if request.param("vs_currency") != "usd":
            wanted = request.param("vs_currency")
            return errors.plain("invalid vs_currency" if wanted else "Missing parameter vs_currency", 400)
        minute = request.seconds // 60 * 60
        everything = request.flag("include_rehypothecated")
        ids = request.params("ids")
        listed = self._market.listed(minute, rehypothecated=everything or bool(ids))
        places = ranks((one for one in listed if everything or not one.coin.rehypothecated), minute)
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
        unknown = set(style.spans) - {span for span, _ in SPANS}
        if unknown:
            return errors.plain(f"invalid price_change_percentage: {', '.join(sorted(unknown))}", 400)
        page = wanted_rows[start : start + size]
        return self._fresh([coin_row(self._market, one, places.get(one.coin.id), minute, style) for one in page])

    def _global(self, seconds: int) -> Json:
        market = self._market
        at = (seconds - GLOBAL_PHASE_SECONDS) // GLOBAL_EVERY_SECONDS * GLOBAL_EVERY_SECONDS + GLOBAL_PHASE_SECONDS
        cap, cap_before = market.total_cap(at), market.total_cap(at - DAY_SECONDS)
        volume, volume_before = market.total_volume(at), market.total_volume(at - DAY_SECONDS)
        rates = currencies(market, at)
        largest = market.listed(at, rehypothecated=True)[:10]
        day = at // DAY_SECONDS
        few = dice("listing glitch", day, 5) == 0
        data: dict[str, Json] = {
            "active_cryptocurrencies": (13_700 if few else 17_450) + dice("active", day, 60) + max(0, day - 20_600),
            "upcoming_icos": 0,
            "ongoing_icos": 49,
            "ended_icos": 3376,
            "markets": 1480 + dice("markets", day, 20),
            "total_market_cap": {rate.code: cap * rate.per_usd for rate in rates},
            "total_volume": {rate.code: volume * rate.per_usd for rate in rates},
            "market_cap_percentage": {one.coin.symbol: 100 * one.quote(at).cap / cap for one in largest},
            "market_cap_change_percentage_24h_usd": 100 * (cap / cap_before - 1),
            "volume_change_percentage_24h_usd": 100 * (volume / volume_before - 1),
            "updated_at": at,
        }
        return {"data": data}

    def _chart(self, request: Request, coin_id: str) -> Reply:
        seconds = request.seconds
        listing = self._market.find(coin_id, seconds // 60 * 60)
        if listing is None:
            return errors.plain("coin not found", 404)
        currency, days = request.param("vs_currency"), request.param("days")
        if currency != "usd":
            return errors.plain("invalid vs_currency" if currency else "Missing parameter vs_currency", 400)
        if days == "max" or _number(days, 0) > LONGEST_DAYS:
            return errors.history_limit(request.at)
        if not _number(days, 0):
            return errors.plain("invalid days" if days else "Missing parameter days", 400)
        return self._fresh(chart(listing, seconds, int(days)))


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and int(text) > 0 else default
