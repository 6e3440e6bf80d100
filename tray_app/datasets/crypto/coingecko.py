"""CoinGecko: the top coins, the whole market, a coin's last year. Source: api.coingecko.com/api/v3.

Keyless or with a free Demo key in the header x-cg-demo-api-key. Facts: docs/sources/crypto.md, "CoinGecko".
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from tray_app.core.errors import AppError, KeyRefused, QuotaSpent, RateLimited, SourceChangedShape
from tray_app.core.row_faults import RowFault, Sifted
from tray_app.core.source_life import SourceLife
from tray_app.core.times import parse_instant, utc_date
from tray_app.core.words import tr
from tray_app.datasets.crypto.coin_history import coin_history
from tray_app.datasets.crypto.rows import CoinDay, CoinHistoryPoint, CryptoSource, MarketTotals
from tray_app.net.body import LAST_SECOND, Body
from tray_app.net.request import DAILY, HISTORY, Http, Request, Response, RetryPolicy
from tray_app.net.sift import Sieve

# The oldest day CoinGecko has ever given of any coin.
LIFE = SourceLife(date(2013, 4, 28), UTC)
HOST = "api.coingecko.com"
BASE = f"https://{HOST}/api/v3"
LONGEST_HISTORY = 365

QUOTA_ERROR = 10006
HISTORY_LIMIT_ERROR = 10012
KEY_ERRORS = frozenset({10002, 10005, 10010, 10011})

PAUSE_WITH_KEY = 1.0
PAUSE_KEYLESS = 3.0
HISTORY_PAUSE_KEYLESS = 16.0
# A computer's clock may be a little late.
AHEAD_OF_CLOCK = timedelta(hours=1)
# What a coin without a usable id is called.
NAMELESS = "coins"
LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class MarketSnapshot:
    """The top coins at one time, that of the newest row, whose UTC date all rows carry; and the rows left out."""

    updated_at: datetime
    coins: tuple[CoinDay, ...]
    faults: tuple[RowFault, ...] = ()

    @property
    def date(self) -> date:
        """Return the UTC date of the snapshot."""
        return utc_date(self.updated_at)


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
        return _snapshot(Sieve(body, LIFE, now, NAMELESS), rows[:count])

    def totals(self, now: datetime) -> MarketTotals:
        """Return market cap and volume of all coins and Bitcoin's share. Endpoint /global."""
        body = self._ask("/global", {}, DAILY)
        answer = body.value()
        _raise_error_body(body, answer)
        data = body.field(answer, "data")
        sieve = Sieve(body, LIFE, now, NAMELESS)
        updated_at = datetime.fromtimestamp(body.number(data, "updated_at", low=0, high=LAST_SECOND), UTC)
        sieve.possible(utc_date(updated_at))
        return MarketTotals(
            updated_at=updated_at,
            total_market_cap=body.number(body.field(data, "total_market_cap"), "usd", low=1),
            total_volume_24h=body.number(body.field(data, "total_volume"), "usd", low=0),
            btc_dominance=body.number(body.field(data, "market_cap_percentage"), "btc", low=0, high=100),
        )

    def history(self, coin_id: str, days: int, now: datetime) -> Sifted[CoinHistoryPoint]:
        """Return a coin's price at 00:00 UTC of each of the last days (365 at most), oldest first.

        Endpoint /coins/{id}/market_chart. The last point is the present and left out.
        """
        parameters = {"vs_currency": "usd", "days": str(min(days, LONGEST_HISTORY)), "interval": "daily"}
        body = self._ask(f"/coins/{quote(coin_id, safe='')}/market_chart", parameters, HISTORY)
        answer = body.value()
        _raise_error_body(body, answer)
        return coin_history(Sieve(body, LIFE, now, coin_id), answer)

    def _ask(self, path: str, parameters: dict[str, str], retry: RetryPolicy) -> Body:
        keyless_pause = HISTORY_PAUSE_KEYLESS if retry is HISTORY else PAUSE_KEYLESS
        response = self._http.get(
            Request(
                f"{BASE}{path}",
                parameters=parameters,
                headers=self._headers,
                pause=PAUSE_WITH_KEY if self._has_key else keyless_pause,
                retry=retry,
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


def _snapshot(sieve: Sieve, rows: list[Any]) -> MarketSnapshot:
    updated_at = _newest(sieve, rows)
    day = utc_date(updated_at)

    def read(row: Any, day: date) -> CoinDay:
        sieve.possible(utc_date(_instant(sieve.body, row)))
        return _coin_day(sieve.body, row, day)

    sifted = sieve.sift(rows, lambda _row: day, read, _coin_id)
    once = sieve.once(sifted, lambda coin: coin.coin_id, lambda coin: (coin.coin_id, coin.date))
    return MarketSnapshot(updated_at, once.rows, once.faults)


def _newest(sieve: Sieve, rows: list[Any]) -> datetime:
    """Return the newest time of the rows that can be; one that is ahead of the clock counts where all are."""
    instants = []
    refused: SourceChangedShape | None = None
    for row in rows:
        try:
            instant = _instant(sieve.body, row)
            sieve.possible(utc_date(instant))
        except SourceChangedShape as error:
            refused = refused or error
        else:
            instants.append(instant)
    if refused is not None and not instants:
        raise refused
    return max([instant for instant in instants if instant <= sieve.now + AHEAD_OF_CLOCK] or instants)


def _coin_id(row: Any) -> str:
    sent = row.get("id") if isinstance(row, dict) else None
    return sent[:LONGEST_ID] if isinstance(sent, str) and sent and sent.isprintable() else NAMELESS


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
        price_usd=body.price(row, "current_price"),
        market_cap=body.optional_number(row, "market_cap", low=0),
        volume_24h=body.optional_number(row, "total_volume", low=0),
        change_24h=body.optional_number(row, "price_change_percentage_24h", low=-100),
        change_7d=body.optional_number(row, "price_change_percentage_7d_in_currency", low=-100),
        source_name=CryptoSource.SNAPSHOT,
    )
