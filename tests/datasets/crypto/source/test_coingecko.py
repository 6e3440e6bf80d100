"""CoinGecko: its refusals, its shapes and every trap that was seen in its answers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from net.replies import json_body, noting, page, told
from support import COINGECKO, NOW, SECRET, client

from tray_app.core.errors import AppError, KeyRefused, QuotaSpent, RateLimited, SourceChangedShape, SourceDown
from tray_app.datasets.crypto.coingecko import CoinGecko
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer

DAY = date(2026, 8, 22)


def coin(**changes: Any) -> dict[str, Any]:
    facts = {
        "id": "bitcoin",
        "symbol": "btc",
        "name": "Bitcoin",
        "current_price": 77112,
        "market_cap": 1536000000000,
        "market_cap_rank": 1,
        "total_volume": 41000000000,
        "price_change_percentage_24h": -1.7,
        "price_change_percentage_7d_in_currency": 3.2,
        "last_updated": "2026-08-22T10:46:00.000Z",
    }
    return {**facts, **changes}


@contextmanager
def answering(body: Any, status: int = 200, key: str | None = None) -> Iterator[CoinGecko]:
    reply = json_body(body if isinstance(body, bytes) else json.dumps(body), status)
    with told(reply, hosts=(COINGECKO,)) as (url, seen), client(url) as http:
        source = CoinGecko(http, key)
        source.seen = seen.seen  # type: ignore[attr-defined]
        yield source


def asked(source: CoinGecko) -> list[Any]:
    return source.seen  # type: ignore[attr-defined,no-any-return]


# --- what is asked ------------------------------------------------------------------------------------------------


def test_one_request_asks_for_the_top_twenty_with_both_changes() -> None:
    with answering([coin()]) as source:
        source.markets(20, NOW)
    [request] = asked(source)
    assert request.path == "/api/v3/coins/markets"
    assert dict(request.query) == {
        "vs_currency": "usd",
        "order": "market_cap_desc",
        "per_page": "20",
        "page": "1",
        "sparkline": "false",
        "price_change_percentage": "24h,7d",
    }


def test_the_key_goes_in_the_header_and_never_in_the_address() -> None:
    with answering([coin()], key=SECRET) as source:
        source.markets(20, NOW)
    [request] = asked(source)
    assert request.header("x-cg-demo-api-key") == SECRET
    assert SECRET not in str(request.query) + request.path


def test_without_a_key_no_header_is_sent() -> None:
    with answering([coin()]) as source:
        source.markets(20, NOW)
    assert asked(source)[0].header("x-cg-demo-api-key") == ""


def test_a_coin_id_cannot_change_the_address() -> None:
    with answering({}, key=SECRET) as source, pytest.raises(SourceChangedShape):
        source.history("../../ping?x=1#y", 5, NOW)
    [request] = asked(source)
    assert request.path == "/api/v3/coins/../../ping?x=1#y/market_chart"
    assert dict(request.query)["days"] == "5"


def test_more_than_a_year_is_never_asked_for() -> None:
    with answering({}) as source, pytest.raises(SourceChangedShape):
        source.history("bitcoin", 5000, NOW)
    assert dict(asked(source)[0].query) == {"vs_currency": "usd", "days": "365", "interval": "daily"}


def test_calls_are_spaced_and_more_so_without_a_key() -> None:
    for key, distance in ((None, 3.0), ("k", 1.0)):
        with told(json_body(json.dumps([coin()])), hosts=(COINGECKO,)) as (url, _seen), noting(url) as (http, waits):
            source = CoinGecko(http, key)
            source.markets(20, NOW)
            source.markets(20, NOW)
        assert distance - 1 < waits.waited[0] <= distance


def test_history_without_a_key_is_spaced_for_the_keyless_limit() -> None:
    start = int(datetime(2026, 8, 20, tzinfo=UTC).timestamp() * 1000)
    points = [[start, 1.0], [start + 86_400_000, 2.0]]
    chart = json_body(json.dumps({"prices": points, "market_caps": points, "total_volumes": points}))
    for key, distance in ((None, 16.0), ("k", 1.0)):
        with told(chart, hosts=(COINGECKO,)) as (url, _seen), noting(url) as (http, waits):
            source = CoinGecko(http, key)
            source.history("bitcoin", 5, NOW)
            source.history("ethereum", 5, NOW)
        assert distance - 1 < waits.waited[0] <= distance


# --- refusals, against the sample server --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "error", "requests"),
    [
        (Mode.RATE_LIMITED, RateLimited, 2),
        (Mode.RATE_LIMITED_RETRY_AFTER, RateLimited, 2),
        (Mode.RATE_LIMITED_DATE, RateLimited, 2),
        (Mode.QUOTA_10006, QuotaSpent, 1),
        (Mode.REFUSED_KEY, KeyRefused, 1),
        (Mode.SERVER_ERROR_HTML, SourceDown, 2),
        (Mode.CUT_BODY, SourceDown, 2),
        (Mode.EMPTY_LIST, SourceChangedShape, 1),
        (Mode.EMPTY_OBJECT, SourceChangedShape, 1),
        (Mode.HTML_200, SourceChangedShape, 1),
        (Mode.WRONG_TYPE, SourceChangedShape, 1),
    ],
)
def test_refusals_and_how_often_each_is_asked(
    server: SampleServer, mode: Mode, error: type[AppError], requests: int
) -> None:
    server.misbehave.set(COINGECKO, mode)
    with client(server.url) as http:
        for ask in (lambda: CoinGecko(http, None).markets(20, NOW), lambda: CoinGecko(http, None).totals(NOW)):
            before = server.count(COINGECKO)
            with pytest.raises(error):
                ask()
            assert server.count(COINGECKO) - before == requests


def test_a_longer_retry_after_than_a_minute_is_not_waited_for(server: SampleServer) -> None:
    server.misbehave.set(COINGECKO, Mode.RATE_LIMITED_RETRY_AFTER, seconds=61)
    with client(server.url) as http, pytest.raises(RateLimited):
        CoinGecko(http, None).totals(NOW)
    assert server.count(COINGECKO) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_firewall_page_is_a_refusal_that_says_what_to_do(status: int) -> None:
    refused = pytest.raises(KeyRefused, match=f"status {status}.*Demo key")
    with told(page(status), hosts=(COINGECKO,)) as (url, seen), client(url) as http, refused:
        CoinGecko(http, None).markets(20, NOW)
    assert len(seen.seen) == 1


@pytest.mark.parametrize(
    ("status", "body", "error", "says"),
    [
        (
            401,
            {"error": {"status": {"error_code": 10012, "error_message": "limited to 365 days"}}},
            KeyRefused,
            "365 days",
        ),
        (401, {"status": {"error_code": 10002, "error_message": "no key"}}, KeyRefused, "10002"),
        (400, {"status": {"error_code": 10010}}, KeyRefused, "10010"),
        (400, {"status": {"error_code": 10011}}, KeyRefused, "10011"),
        (429, {"status": {"error_code": 10006}}, QuotaSpent, "10,000 calls"),
        (200, {"status": {"error_code": 10006}}, QuotaSpent, "10,000 calls"),
        (200, {"status": {"error_code": 429, "error_message": "slow down"}}, RateLimited, "too many"),
        (200, {"error": {"status": {"error_code": 10012}}}, KeyRefused, "365 days"),
        (200, {"status": {"error_code": 20000}}, SourceChangedShape, "20000"),
        (403, {"status": {"error_code": 20000}}, KeyRefused, "403"),
        (404, {"error": "coin not found"}, SourceChangedShape, "404"),
        (200, {"error": "coin not found"}, SourceChangedShape, "unknown form"),
    ],
)
def test_an_error_body_is_an_error_even_where_a_list_is_expected(
    status: int, body: Any, error: type[AppError], says: str
) -> None:
    with answering(body, status) as source:
        for ask in (
            lambda: source.markets(20, NOW),
            lambda: source.totals(NOW),
            lambda: source.history("bitcoin", 5, NOW),
        ):
            with pytest.raises(error, match=says):
                ask()


# --- traps of the answers -----------------------------------------------------------------------------------------
