"""CoinGecko: the top coins, the whole market, a coin's last year. Source: api.coingecko.com/api/v3.

Keyless or with a free Demo key in the header x-cg-demo-api-key.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from tray_app.core.crypto import CoinDay, CoinHistoryPoint, CryptoSource, MarketTotals
from tray_app.core.errors import AppError, KeyRefused, QuotaSpent, RateLimited
from tray_app.core.times import epoch_date, parse_instant, utc_date
from tray_app.core.words import tr
from tray_app.sources.body import Body
from tray_app.sources.request import DAILY, HISTORY, Http, Patience, Request, Response

HOST = "api.coingecko.com"
BASE = f"https://{HOST}/api/v3"
KEY_NAME = "COINGECKO_DEMO_KEY"
LONGEST_HISTORY = 365

QUOTA_ERROR = 10006
HISTORY_LIMIT_ERROR = 10012
KEY_ERRORS = frozenset({10002, 10005, 10010, 10011})

PAUSE_WITH_KEY = 1.0
PAUSE_KEYLESS = 3.0
HISTORY_PAUSE_KEYLESS = 16.0
AHEAD_OF_CLOCK = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class MarketSnapshot:
    """The top coins at one time; all rows carry the date of the newest one."""

    date: date
    coins: tuple[CoinDay, ...]


class CoinGecko:
    """Asks CoinGecko."""

    def __init__(self, http: Http, key: str | None) -> None:
        self._http = http
        self._headers = {"x-cg-demo-api-key": key} if key else {}
        self._has_key = bool(key)

    def markets(self, count: int, now: datetime) -> MarketSnapshot:
        """Return the coins with the largest market cap, biggest first. Endpoint /coins/markets."""
        body = self._ask(
            "/coins/markets",
            {
                "vs_currency": "usd",
                "order": "market_cap_desc",
                "per_page": str(count),
                "page": "1",
                "sparkline": "false",
                "price_change_percentage": "24h,7d",
            },
            DAILY,
        )
        rows = body.value()
        _raise_error_body(body, rows)
        if not isinstance(rows, list) or not rows:
            raise body.changed(tr("a list of coins was expected"))
        rows = rows[:count]
        day = _snapshot_date(body, rows, now)
        coins = tuple(_coin_day(body, row, day) for row in rows)
        if len({coin.coin_id for coin in coins}) != len(coins):
            raise body.changed(tr("a coin stands twice"))
        return MarketSnapshot(day, coins)

    def totals(self, now: datetime) -> MarketTotals:
        """Return market cap and volume of all coins and Bitcoin's share. Endpoint /global."""
        body = self._ask("/global", {}, DAILY)
        answer = body.value()
        _raise_error_body(body, answer)
        data = body.field(answer, "data")
        return MarketTotals(
            date=_checked_date(body, body.number(data, "updated_at", low=1e9, high=1e10), now),
            total_market_cap=body.number(body.field(data, "total_market_cap"), "usd", low=1),
            total_volume_24h=body.number(body.field(data, "total_volume"), "usd", low=0),
            btc_dominance=body.number(body.field(data, "market_cap_percentage"), "btc", low=0, high=100),
        )

    def history(self, coin_id: str, days: int) -> tuple[CoinHistoryPoint, ...]:
        """Return a coin's price at 00:00 UTC of each of the last days (365 at most), oldest first.

        Endpoint /coins/{id}/market_chart. The last point is the present and left out.
        """
        parameters = {"vs_currency": "usd", "days": str(min(days, LONGEST_HISTORY)), "interval": "daily"}
        body = self._ask(f"/coins/{quote(coin_id, safe='')}/market_chart", parameters, HISTORY)
        answer = body.value()
        _raise_error_body(body, answer)
        prices = _points(body, answer, "prices")
        caps = dict(_points(body, answer, "market_caps")[:-1])
        volumes = dict(_points(body, answer, "total_volumes")[:-1])
        return tuple(
            CoinHistoryPoint(
                date=day,
                price_usd=body.checked(price, "prices", low=0),
                market_cap=_positive(body, caps.get(instant), "market_caps"),
                volume_24h=_positive(body, volumes.get(instant), "total_volumes"),
            )
            for day, (instant, price) in sorted(_nearest_midnight(prices[:-1]).items())
        )

    def _ask(self, path: str, parameters: dict[str, str], patience: Patience) -> Body:
        keyless_pause = HISTORY_PAUSE_KEYLESS if patience is HISTORY else PAUSE_KEYLESS
        response = self._http.get(
            Request(
                f"{BASE}{path}",
                parameters=parameters,
                headers=self._headers,
                pause=PAUSE_WITH_KEY if self._has_key else keyless_pause,
                patience=patience,
                classify=_refusal,
            )
        )
        return Body(HOST, response.body)


def _refusal(response: Response) -> AppError | None:
    code = _error_code(response)
    if code is not None and (error := _known_refusal(code)) is not None:
        return error
    if response.status in {401, 403}:
        return KeyRefused(
            tr("CoinGecko refused the call"),
            tr("CoinGecko refused this computer or its key (status {status}).", status=response.status),
            tr("Check the Demo key under Settings, Keys; without a key, a VPN or shared address may be blocked."),
        )
    return None


def _error_code(response: Response) -> int | None:
    try:
        return _code_in(Body(HOST, response.body).value())
    except AppError:
        # An HTML page from the firewall carries no code; the status speaks for it.
        return None


def _code_in(answer: Any) -> int | None:
    if not isinstance(answer, dict):
        return None
    inner = answer.get("error", answer)
    status = inner.get("status") if isinstance(inner, dict) else None
    code = status.get("error_code") if isinstance(status, dict) else None
    return code if isinstance(code, int) else None


def _known_refusal(code: int) -> AppError | None:
    if code == QUOTA_ERROR:
        return QuotaSpent(
            HOST,
            tr("CoinGecko's 10,000 calls of this month are used up for this key or address."),
            tr("A free Demo key of your own brings 10,000 more: enter it under Settings, Keys."),
        )
    if code in KEY_ERRORS:
        return KeyRefused(
            tr("CoinGecko refused the key"),
            tr("CoinGecko does not accept the Demo key (error {code}).", code=code),
            tr("Check it under Settings, Keys, or delete it to go on without one."),
        )
    if code == HISTORY_LIMIT_ERROR:
        return KeyRefused(
            tr("CoinGecko refused the range"),
            tr("CoinGecko gives the last 365 days only."),
            tr("Ask for a later start date."),
        )
    return None


def _raise_error_body(body: Body, answer: Any) -> None:
    # An error body may come with status 200, even where a list is expected.
    code = _code_in(answer)
    if code is None:
        return
    known = _known_refusal(code)
    if known is not None:
        raise known
    if code == 429:
        raise RateLimited(HOST)
    raise body.changed(tr("error {code}", code=code))


def _snapshot_date(body: Body, rows: list[Any], now: datetime) -> date:
    newest = max(_instant(body, row) for row in rows)
    return _checked_date(body, newest.timestamp(), now)


def _checked_date(body: Body, seconds: float, now: datetime) -> date:
    if seconds > (now + AHEAD_OF_CLOCK).timestamp():
        raise body.changed(tr("a time in the future"))
    return epoch_date(seconds)


def _instant(body: Body, row: Any) -> datetime:
    try:
        return parse_instant(body.text(row, "last_updated"))
    except ValueError as error:
        raise body.changed(tr("last_updated is not a time")) from error


def _coin_day(body: Body, row: Any, day: date) -> CoinDay:
    rank = body.optional_number(row, "market_cap_rank", low=1, high=1e9)
    return CoinDay(
        date=day,
        coin_id=body.text(row, "id"),
        symbol=body.text(row, "symbol"),
        name=body.text(row, "name"),
        rank=None if rank is None else int(rank),
        price_usd=body.number(row, "current_price", low=0),
        market_cap=body.optional_number(row, "market_cap", low=0),
        volume_24h=body.optional_number(row, "total_volume", low=0),
        change_24h=body.optional_number(row, "price_change_percentage_24h", low=-100),
        change_7d=body.optional_number(row, "price_change_percentage_7d_in_currency", low=-100),
        source_name=CryptoSource.SNAPSHOT,
    )


def _points(body: Body, answer: Any, name: str) -> list[tuple[int, Any]]:
    points = body.field(answer, name)
    if not isinstance(points, list) or not points:
        raise body.changed(tr("{name} is empty", name=name))
    checked = []
    for point in points:
        if not isinstance(point, list) or len(point) != 2:
            raise body.changed(tr("{name} is not a list of pairs", name=name))
        checked.append((int(body.checked(point[0], name, low=1e12, high=1e13)), point[1]))
    return checked


def _positive(body: Body, value: Any, name: str) -> float | None:
    return None if value is None else body.checked(value, name, low=0)


def _nearest_midnight(points: list[tuple[int, Any]]) -> dict[date, tuple[int, Any]]:
    """Return one point a UTC date: of two on the same date, the one nearer to 00:00."""
    days: dict[date, tuple[int, Any]] = {}
    for instant, value in points:
        day = utc_date(datetime.fromtimestamp(instant / 1000, tz=UTC))
        if value is not None and (day not in days or instant < days[day][0]):
            days[day] = (instant, value)
    return days
