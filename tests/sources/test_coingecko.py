"""CoinGecko: its refusals, its shapes and every trap that was seen in its answers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from support import COINGECKO, NOW, SECRET, client

from tray_app.core.crypto import CryptoSource
from tray_app.core.errors import AppError, KeyRefused, QuotaSpent, RateLimited, SourceChangedShape, SourceDown
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.sources.coingecko import CoinGecko

from .replies import json_body, noting, page, told

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
        source.history("../../ping?x=1#y", 5)
    [request] = asked(source)
    assert request.path == "/api/v3/coins/../../ping?x=1#y/market_chart"
    assert dict(request.query)["days"] == "5"


def test_more_than_a_year_is_never_asked_for() -> None:
    with answering({}) as source, pytest.raises(SourceChangedShape):
        source.history("bitcoin", 5000)
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
            source.history("bitcoin", 5)
            source.history("ethereum", 5)
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
            lambda: source.history("bitcoin", 5),
        ):
            with pytest.raises(error, match=says):
                ask()


# --- traps of the answers -----------------------------------------------------------------------------------------


def test_trap_1_nulls_in_every_field_that_was_seen_null() -> None:
    nulls = coin(
        market_cap_rank=None,
        price_change_percentage_24h=None,
        price_change_percentage_7d_in_currency=None,
        market_cap=None,
        total_volume=None,
    )
    with answering([nulls]) as source:
        [row] = source.markets(20, NOW).coins
    assert (row.rank, row.change_24h, row.change_7d, row.market_cap, row.volume_24h) == (None,) * 5
    assert row.price_usd == 77112.0


def test_trap_1_a_coin_without_price_is_refused() -> None:
    with answering([coin(current_price=None)]) as source, pytest.raises(SourceChangedShape, match="current_price"):
        source.markets(20, NOW)


def test_trap_2_what_is_served_is_kept_though_it_contradicts_itself() -> None:
    # August 2026: the change in dollars rises while the percentage falls.
    with answering([coin(price_change_24h=277.56, price_change_percentage_24h=-1.7)]) as source:
        [row] = source.markets(20, NOW).coins
    assert row.change_24h == -1.7


def test_trap_3_order_and_rank_are_kept_as_served() -> None:
    rows = [coin(id="a", market_cap=5, market_cap_rank=18), coin(id="b", market_cap=4, market_cap_rank=17)]
    with answering(rows) as source:
        assert [(row.coin_id, row.rank) for row in source.markets(20, NOW).coins] == [("a", 18), ("b", 17)]


def test_trap_4_two_coins_may_share_a_symbol() -> None:
    rows = [coin(id="usdf-one", symbol="usdf"), coin(id="usdf-two", symbol="usdf")]
    with answering(rows) as source:
        assert {row.coin_id for row in source.markets(20, NOW).coins} == {"usdf-one", "usdf-two"}


def test_trap_6_a_stale_coin_with_no_volume_belongs_to_the_day_of_the_snapshot() -> None:
    rows = [coin(), coin(id="usyc", total_volume=0.0, last_updated="2026-08-19T03:00:00.000Z")]
    with answering(rows) as source:
        snapshot = source.markets(20, NOW)
    assert snapshot.date == DAY
    assert [(row.date, row.volume_24h) for row in snapshot.coins] == [(DAY, 41e9), (DAY, 0.0)]


@pytest.mark.parametrize(("served", "stored"), [(77112, 77112.0), (4.46e-06, 4.46e-06), (5.6e-11, 5.6e-11), (0, 0.0)])
def test_trap_7_whole_and_broken_numbers_are_one_type(served: float, stored: float) -> None:
    with answering([coin(current_price=served, market_cap=41300000000000000, market_cap_rank=3.0)]) as source:
        [row] = source.markets(20, NOW).coins
    assert (row.price_usd, row.market_cap, row.rank) == (stored, 4.13e16, 3)
    assert isinstance(row.price_usd, float)
    assert isinstance(row.market_cap, float)
    assert isinstance(row.rank, int)


def test_trap_8_a_glitch_in_a_field_we_do_not_use_is_no_matter() -> None:
    with answering(totals(active_cryptocurrencies=None, markets="many")) as source:
        assert source.totals(NOW).btc_dominance == 57.5


def test_trap_13_a_list_is_expected_with_a_row_and_no_id_twice() -> None:
    bodies: tuple[Any, ...] = ([], {}, {"data": []}, [[]], [None], "[]", [coin(), coin()])
    for body in bodies:
        with answering(body) as source, pytest.raises(SourceChangedShape):
            source.markets(20, NOW)


def test_trap_13_data_is_expected() -> None:
    bodies: tuple[Any, ...] = ({}, [], {"data": None}, {"data": []}, {"data": {}})
    for body in bodies:
        with answering(body) as source, pytest.raises(SourceChangedShape):
            source.totals(NOW)


def test_more_rows_than_asked_for_are_cut() -> None:
    with answering([coin(id=f"coin-{number}") for number in range(100)]) as source:
        assert len(source.markets(20, NOW).coins) == 20


@pytest.mark.parametrize("field", ["id", "symbol", "name", "last_updated", "price_change_percentage_7d_in_currency"])
def test_a_missing_field_is_named(field: str) -> None:
    row = coin()
    del row[field]
    with answering([row]) as source, pytest.raises(SourceChangedShape, match=field):
        source.markets(20, NOW)


@pytest.mark.parametrize("moment", ["yesterday", "2026-08-22T10:46:00", "", "0001-01-01T00:00:00+09:00"])
def test_a_time_that_is_none_is_refused(moment: str) -> None:
    with answering([coin(last_updated=moment)]) as source, pytest.raises(SourceChangedShape, match="last_updated"):
        source.markets(20, NOW)


def test_a_time_in_the_future_is_refused() -> None:
    with answering([coin(last_updated="2026-08-24T10:46:00.000Z")]) as source, pytest.raises(SourceChangedShape):
        source.markets(20, NOW)


# --- which date a row carries -------------------------------------------------------------------------------------


def test_the_date_is_that_of_the_answer_and_not_of_the_run() -> None:
    just_after_midnight = datetime(2026, 8, 13, 0, 5, tzinfo=UTC)
    with answering(totals(updated_at=int(datetime(2026, 8, 12, 23, 57, tzinfo=UTC).timestamp()))) as source:
        assert source.totals(just_after_midnight).date == date(2026, 8, 12)
    with answering([coin(last_updated="2026-08-12T23:57:00.000Z")]) as source:
        snapshot = source.markets(20, just_after_midnight)
    assert snapshot.date == date(2026, 8, 12)
    assert snapshot.coins[0].source_name is CryptoSource.SNAPSHOT


def test_a_morning_in_korea_is_still_yesterday_in_utc() -> None:
    early = datetime(2026, 8, 21, 21, 0, tzinfo=UTC)  # 06:00 on the 22nd in Korea
    with answering([coin(last_updated="2026-08-21T20:59:00.000Z")]) as source:
        assert source.markets(20, early).date == date(2026, 8, 21)


# --- totals -------------------------------------------------------------------------------------------------------


def totals(**changes: Any) -> dict[str, Any]:
    data = {
        "total_market_cap": {"usd": 2.6e12, "idr": 4.13e16},
        "total_volume": {"usd": 1.1e11},
        "market_cap_percentage": {"btc": 57.5, "eth": 11.0},
        "updated_at": int(NOW.timestamp()) - 600,
    }
    return {"data": {**data, **changes}}


def test_totals_are_in_dollars_and_dominance_is_bitcoins() -> None:
    with answering(totals()) as source:
        found = source.totals(NOW)
    assert (found.date, found.total_market_cap, found.total_volume_24h, found.btc_dominance) == (
        DAY,
        2.6e12,
        1.1e11,
        57.5,
    )


def test_totals_without_bitcoin_are_refused() -> None:
    with (
        answering(totals(market_cap_percentage={"eth": 11.0})) as source,
        pytest.raises(SourceChangedShape, match="btc"),
    ):
        source.totals(NOW)


# --- history ------------------------------------------------------------------------------------------------------


def chart(*points: tuple[datetime, Any], caps: Any = None, volumes: Any = None) -> dict[str, Any]:
    stamped = [[int(at.timestamp() * 1000), price] for at, price in points]
    return {
        "prices": stamped,
        "market_caps": [[at, cap] for (at, _price), cap in zip(stamped, caps or [1.0] * len(stamped), strict=True)],
        "total_volumes": [
            [at, vol] for (at, _price), vol in zip(stamped, volumes or [2.0] * len(stamped), strict=True)
        ],
    }


def midnight(day: int, **more: int) -> datetime:
    return datetime(2026, 8, day, tzinfo=UTC) + timedelta(**more)


def test_history_leaves_the_present_out() -> None:
    body = chart((midnight(20), 1.0), (midnight(21), 2.0), (midnight(22), 3.0), (NOW, 99.0), volumes=[1, 1, 1, 15])
    with answering(body) as source:
        points = source.history("bitcoin", 3)
    assert [(point.date.day, point.price_usd) for point in points] == [(20, 1.0), (21, 2.0), (22, 3.0)]


def test_history_accepts_null_market_caps_and_zero_volumes() -> None:
    body = chart((midnight(20), 1.0), (midnight(21), 2.0), (NOW, 3.0), caps=[None, 5, 5], volumes=[0, None, 1])
    with answering(body) as source:
        points = source.history("bitcoin", 3)
    assert [(point.market_cap, point.volume_24h) for point in points] == [(None, 0.0), (5.0, None)]


def test_history_keeps_of_two_points_on_one_day_the_one_nearer_to_midnight() -> None:
    body = chart(
        (midnight(20, hours=23, minutes=29), 2.0), (midnight(20), 1.0), (midnight(21, minutes=5), 3.0), (NOW, 4.0)
    )
    with answering(body) as source:
        assert [(point.date.day, point.price_usd) for point in source.history("bitcoin", 3)] == [(20, 1.0), (21, 3.0)]


def test_history_leaves_missing_days_and_missing_prices_as_holes() -> None:
    body = chart((midnight(17), 1.0), (midnight(19), None), (midnight(20), 2.0), (NOW, 3.0))
    with answering(body) as source:
        assert [point.date.day for point in source.history("bitcoin", 5)] == [17, 20]


def test_history_of_a_coin_listed_today_is_empty() -> None:
    with answering(chart((NOW, 3.0))) as source:
        assert source.history("new-coin", 365) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [[1]],
        [["2026", 1]],
        [[1e12]],
        [[1, 2.0], [2, 3.0]],
        "text",
        None,
        [[1_787_000_000_000, -5], [1_787_000_000_001, 1]],
    ],
)
def test_history_of_another_shape_is_refused(wrong: Any) -> None:
    body = chart((midnight(20), 1.0), (NOW, 2.0))
    with answering({**body, "prices": wrong}) as source, pytest.raises(SourceChangedShape):
        source.history("bitcoin", 3)
