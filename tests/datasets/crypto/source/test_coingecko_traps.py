"""CoinGecko's answers: every trap of what it really sends."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from support import NOW

from datasets.crypto.source.test_coingecko import answering, coin
from tray_app.core.errors import SourceChangedShape
from tray_app.datasets.crypto.rows import CryptoSource

DAY = date(2026, 8, 22)


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


@pytest.mark.parametrize(("served", "stored"), [(77112, 77112.0), (4.46e-06, 4.46e-06), (5.6e-11, 5.6e-11), (1, 1.0)])
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


def test_trap_13_a_list_is_expected_with_a_row() -> None:
    bodies: tuple[Any, ...] = ([], {}, {"data": []}, [[]], [None], "[]")
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
        points = source.history("bitcoin", 3, NOW).rows
    assert [(point.date.day, point.price_usd) for point in points] == [(20, 1.0), (21, 2.0), (22, 3.0)]


def test_history_accepts_null_market_caps_and_zero_volumes() -> None:
    body = chart((midnight(20), 1.0), (midnight(21), 2.0), (NOW, 3.0), caps=[None, 5, 5], volumes=[0, None, 1])
    with answering(body) as source:
        points = source.history("bitcoin", 3, NOW).rows
    assert [(point.market_cap, point.volume_24h) for point in points] == [(None, 0.0), (5.0, None)]


def test_history_keeps_of_two_points_on_one_day_the_one_nearer_to_midnight() -> None:
    body = chart(
        (midnight(20, hours=23, minutes=29), 2.0), (midnight(20), 1.0), (midnight(21, minutes=5), 3.0), (NOW, 4.0)
    )
    with answering(body) as source:
        assert [(point.date.day, point.price_usd) for point in source.history("bitcoin", 3, NOW).rows] == [
            (20, 1.0),
            (21, 3.0),
        ]


def test_history_leaves_missing_days_and_missing_prices_as_holes() -> None:
    body = chart((midnight(17), 1.0), (midnight(19), None), (midnight(20), 2.0), (NOW, 3.0))
    with answering(body) as source:
        assert [point.date.day for point in source.history("bitcoin", 5, NOW).rows] == [17, 20]


def test_history_of_a_coin_listed_today_is_empty() -> None:
    with answering(chart((NOW, 3.0))) as source:
        assert source.history("new-coin", 365, NOW).rows == ()


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
        source.history("bitcoin", 3, NOW)
