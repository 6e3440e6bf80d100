"""Crypto rows: upserts that change nothing twice, restatements of what was final, history that never overwrites."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import NOW, dump, examples, open_store, query

from tray_app.core.coverage import Coverage
from tray_app.core.series import SeriesPoint
from tray_app.datasets.crypto.reads import CryptoReads
from tray_app.datasets.crypto.rows import CoinDay, CoinHistoryPoint, CoinName, CryptoSource, FearGreedDay, MarketTotals
from tray_app.datasets.crypto.store import CryptoStore
from tray_app.store.database import Database
from tray_app.store.series import Provenance

TODAY = date(2026, 8, 22)


def totals(day: date, *values: float) -> MarketTotals:
    return MarketTotals(datetime.combine(day, time(12), UTC), *values)


YESTERDAY = TODAY - timedelta(days=1)
SEEN = Provenance(NOW, 1)
LATER = Provenance(NOW + timedelta(hours=1), 2)
TOMORROW = Provenance(NOW + timedelta(days=1), 3)
BITCOIN = CoinName("bitcoin", "btc", "Bitcoin")


@pytest.fixture
def store(database: Database) -> CryptoStore:
    return CryptoStore(database)


def coin(day: date = TODAY, coin_id: str = "bitcoin", price: float = 77_000.0, **changes: object) -> CoinDay:
    row = CoinDay(day, coin_id, coin_id[:3], coin_id.title(), 1, price, 1.5e12, 4e10, -1.7, 3.2, CryptoSource.SNAPSHOT)
    return replace(row, **changes)  # type: ignore[arg-type]


def point(day: date, price: float = 70_000.0) -> CoinHistoryPoint:
    return CoinHistoryPoint(day, price, 1.4e12, 3e10)


def restated(database: Database) -> list[tuple[object, ...]]:
    return query(database, "SELECT table_name, row_key, column_name, old, new, run_id FROM restatements")


def changes(database: Database) -> int:
    with database.reading() as connection:
        return connection.total_changes


# --- snapshots ----------------------------------------------------------------------------------------------------


def test_the_same_snapshot_twice_changes_nothing(database: Database, store: CryptoStore) -> None:
    rows = [coin(), coin(coin_id="ethereum", rank=None, market_cap=None, volume_24h=0.0, change_24h=None)]
    assert store.store_snapshot(rows, SEEN) == 2
    before, counted = dump(database), changes(database)
    assert store.store_snapshot(rows, LATER) == 0
    assert dump(database) == before
    assert changes(database) == counted


def test_a_running_days_snapshot_moves_without_a_restatement(database: Database, store: CryptoStore) -> None:
    store.store_snapshot([coin()], SEEN)
    assert store.store_snapshot([coin(price=78_000.0)], LATER) == 1
    assert query(database, "SELECT price_usd, collected_at FROM crypto_price") == [(78_000.0, "2026-08-22T11:50:00Z")]
    assert restated(database) == []


def test_a_snapshot_taken_after_its_day_is_final(database: Database, store: CryptoStore) -> None:
    store.store_snapshot([coin(YESTERDAY)], SEEN)
    store.store_snapshot([coin(YESTERDAY, price=76_000.0, change_24h=None)], LATER)
    key = "2026-08-21/bitcoin"
    assert restated(database) == [
        ("crypto_price", key, "change_24h", "-1.7", None, 2),
        ("crypto_price", key, "price_usd", "77000.0", "76000.0", 2),
    ]


def test_two_coins_with_one_symbol_are_two_rows(database: Database, store: CryptoStore) -> None:
    store.store_snapshot([coin(coin_id="usdf-one", symbol="usdf"), coin(coin_id="usdf-two", symbol="usdf")], SEEN)
    assert query(database, "SELECT coin_id, symbol FROM crypto_price") == [("usdf-one", "usdf"), ("usdf-two", "usdf")]


def test_a_coin_that_leaves_the_top_leaves_a_gap_and_no_zero(database: Database, store: CryptoStore) -> None:
    store.store_snapshot([coin(YESTERDAY, "bitcoin"), coin(YESTERDAY, "rain")], SEEN)
    store.store_snapshot([coin(TODAY, "bitcoin")], SEEN)
    assert query(database, "SELECT date FROM crypto_price WHERE coin_id = 'rain'") == [("2026-08-21",)]
    assert [row.coin_id for row in CryptoReads(database).coins_of(TODAY)] == ["bitcoin"]


def test_a_run_that_fails_half_way_stores_nothing_of_its_answer(database: Database, store: CryptoStore) -> None:
    bad = replace(coin(coin_id="ethereum"), price_usd=None)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="NOT NULL"):
        store.store_snapshot([coin(), bad], SEEN)
    assert query(database, "SELECT * FROM crypto_price") == []


# --- history ------------------------------------------------------------------------------------------------------


def fill(store: CryptoStore, *points: CoinHistoryPoint, seen: Provenance = SEEN) -> int:
    return store.store_coin_history(BITCOIN, points, Coverage(points[0].date, points[-1].date), seen)


def test_history_is_marked_and_the_same_twice_changes_nothing(database: Database, store: CryptoStore) -> None:
    points = [point(YESTERDAY - timedelta(days=1)), point(YESTERDAY)]
    assert fill(store, *points) == 2
    assert query(database, "SELECT DISTINCT source_name, rank, change_24h FROM crypto_price") == [
        ("coingecko:market_chart", None, None)
    ]
    before, counted = dump(database), changes(database)
    assert fill(store, *points, seen=LATER) == 0
    assert dump(database) == before
    assert changes(database) == counted


def test_history_never_overwrites_a_snapshot(database: Database, store: CryptoStore) -> None:
    store.store_snapshot([coin(YESTERDAY)], SEEN)
    assert fill(store, point(YESTERDAY, 1.0), seen=LATER) == 0
    assert query(database, "SELECT price_usd, source_name FROM crypto_price") == [(77_000.0, "coingecko:markets")]
    assert restated(database) == []


def test_a_snapshot_overwrites_history_and_that_is_no_restatement(database: Database, store: CryptoStore) -> None:
    fill(store, point(YESTERDAY))
    store.store_snapshot([coin(YESTERDAY)], LATER)
    assert query(database, "SELECT price_usd, source_name FROM crypto_price") == [(77_000.0, "coingecko:markets")]
    assert restated(database) == []


def test_changed_history_is_restated(database: Database, store: CryptoStore) -> None:
    fill(store, point(YESTERDAY, 70_000.0))
    assert fill(store, point(YESTERDAY, 71_000.0), seen=LATER) == 1
    assert restated(database) == [("crypto_price", "2026-08-21/bitcoin", "price_usd", "70000.0", "71000.0", 2)]


def test_covered_days_are_remembered_even_where_the_source_knows_none(database: Database, store: CryptoStore) -> None:
    asked = Coverage(date(2025, 8, 23), YESTERDAY)
    store.store_coin_history(BITCOIN, [point(YESTERDAY)], asked, SEEN)
    assert CryptoReads(database).coin_coverage("bitcoin") == asked
    store.store_snapshot([coin(TODAY)], SEEN)
    assert CryptoReads(database).coin_coverage("bitcoin") == Coverage(asked.first, TODAY)
    # A day left out stays a hole that can be seen.
    store.store_snapshot([coin(TODAY + timedelta(days=2))], SEEN)
    assert CryptoReads(database).coin_coverage("bitcoin") == Coverage(asked.first, TODAY)


def test_a_snapshot_alone_covers_no_history(database: Database, store: CryptoStore) -> None:
    store.store_snapshot([coin()], SEEN)
    assert CryptoReads(database).coin_coverage("bitcoin") is None


# --- the market row -----------------------------------------------------------------------------------------------

TOTALS = totals(TODAY, 2.6e12, 1.1e11, 57.5)


def test_totals_of_the_running_day_move_and_those_of_a_past_day_are_restated(
    database: Database, store: CryptoStore
) -> None:
    assert store.store_totals(TOTALS, SEEN) == 3
    assert store.store_totals(TOTALS, LATER) == 0
    assert store.store_totals(replace(TOTALS, btc_dominance=57.6), LATER) == 1
    assert restated(database) == []
    store.store_totals(TOTALS, TOMORROW)
    store.store_totals(replace(TOTALS, total_market_cap=2.7e12), TOMORROW)
    assert restated(database) == [
        ("crypto_metric", "2026-08-22", "total_market_cap", "2600000000000.0", "2700000000000.0", 3)
    ]


def test_each_source_keeps_its_own_date_in_the_market_row(database: Database, store: CryptoStore) -> None:
    store.store_totals(TOTALS, SEEN)
    store.store_fear_greed([FearGreedDay(YESTERDAY, 71, "Greed")], Coverage(YESTERDAY, YESTERDAY), SEEN)
    store.store_snapshot([], SEEN, eth_btc=SeriesPoint(TODAY, 0.0234))
    rows = query(
        database, "SELECT date, btc_dominance, fear_greed_index, fear_greed_label, eth_btc_ratio FROM crypto_metric"
    )
    assert rows == [("2026-08-21", None, 71, "Greed", None), ("2026-08-22", 57.5, None, None, 0.0234)]


def test_old_ratios_fill_empty_days_only(database: Database, store: CryptoStore) -> None:
    store.store_snapshot([], SEEN, eth_btc=SeriesPoint(YESTERDAY, 0.02))
    assert store.fill_eth_btc({YESTERDAY: 0.5, YESTERDAY - timedelta(days=1): 0.021}, SEEN) == 1
    assert query(database, "SELECT date, eth_btc_ratio FROM crypto_metric") == [
        ("2026-08-20", 0.021),
        ("2026-08-21", 0.02),
    ]
    assert store.fill_eth_btc({}, SEEN) == 0


def series(store: CryptoStore, *values: tuple[date, float], seen: Provenance = SEEN) -> int:
    points = [SeriesPoint(day, value) for day, value in values]
    return store.store_series("defi_tvl", points, Coverage(points[0].date, points[-1].date), points[-1].date, seen)


def test_the_last_point_of_a_series_is_provisional_and_the_others_are_final(
    database: Database, store: CryptoStore
) -> None:
    assert series(store, (YESTERDAY, 1.0), (TODAY, 2.0)) == 2
    assert series(store, (YESTERDAY, 1.0), (TODAY, 2.5), seen=LATER) == 1
    assert restated(database) == []
    assert series(store, (YESTERDAY, 1.1), (TODAY, 2.5), seen=LATER) == 1
    assert restated(database) == [("crypto_metric", "2026-08-21", "defi_tvl", "1.0", "1.1", 2)]


def test_what_was_provisional_yesterday_is_final_once_the_next_day_has_come(
    database: Database, store: CryptoStore
) -> None:
    next_day = TODAY + timedelta(days=1)
    series(store, (TODAY, 2.0))
    series(store, (TODAY, 2.9), (next_day, 3.0), seen=TOMORROW)
    assert restated(database) == []
    series(store, (TODAY, 2.95), (next_day, 3.0), seen=TOMORROW)
    assert [row[1:3] for row in restated(database)] == [("2026-08-22", "defi_tvl")]


def test_an_outage_of_a_week_is_filled_by_one_answer(database: Database, store: CryptoStore) -> None:
    start = TODAY - timedelta(days=10)
    series(store, (start, 1.0))
    week = [(start + timedelta(days=number), float(number)) for number in range(11)]
    assert series(store, *week, seen=LATER) == 11
    assert CryptoReads(database).series_coverage("defi_tvl") == Coverage(start, TODAY)
    assert restated(database) == []


def test_fear_and_greed_is_final_at_once(database: Database, store: CryptoStore) -> None:
    covers = Coverage(TODAY, TODAY)
    assert store.store_fear_greed([FearGreedDay(TODAY, 71, "Greed")], covers, SEEN) == 1
    assert store.store_fear_greed([FearGreedDay(TODAY, 71, "Greed")], covers, LATER) == 0
    store.store_fear_greed([FearGreedDay(TODAY, 20, "Extreme Fear")], covers, LATER)
    assert [row[2:5] for row in restated(database)] == [
        ("fear_greed_index", "71", "20"),
        ("fear_greed_label", "Greed", "Extreme Fear"),
    ]


# --- any sequence of answers --------------------------------------------------------------------------------------

prices = st.sampled_from([1.0, 2.5, 3.0])
days = st.integers(0, 6).map(lambda number: date(2026, 8, 16) + timedelta(days=number))
Step = Callable[[CryptoStore, Provenance], object]
steps = st.one_of(
    st.builds(
        lambda day, price: lambda store, seen: store.store_snapshot([coin(day, price=price)], seen), days, prices
    ),
    st.builds(lambda day, price: lambda store, seen: fill(store, point(day, price), seen=seen), days, prices),
    st.builds(lambda day, price: lambda store, seen: series(store, (day, price), seen=seen), days, prices),
    st.builds(
        lambda day, price: lambda store, seen: store.store_totals(totals(day, price, price, price), seen),
        days,
        prices,
    ),
)


@settings(deadline=None, max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
@given(answers=st.lists(steps, min_size=1, max_size=12))
def test_every_answer_given_twice_changes_nothing_the_second_time(
    answers: list[Step], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with open_store(tmp_path_factory.mktemp("twice")) as database:
        store = CryptoStore(database)
        for number, answer in enumerate(answers):
            seen = Provenance(datetime(2026, 8, 23, tzinfo=UTC) + timedelta(minutes=number), number)
            answer(store, seen)
            before = dump(database)
            answer(store, Provenance(seen.at + timedelta(seconds=30), number))
            assert dump(database) == before
        # Every stored past value that ever changed is told of, and no value is told to have changed into itself.
        assert query(database, "SELECT * FROM restatements WHERE old IS new") == []
