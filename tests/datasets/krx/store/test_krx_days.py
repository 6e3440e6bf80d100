"""A session in the store: what is written once, what is written again, what a later answer changed, what views show."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from krx_machine import krx_context
from support import dump, query

from datasets.krx.rules.kit import bar, index_bar
from tray_app.datasets.krx.collect.context import KrxRunContext
from tray_app.datasets.krx.rows import EquityBar, IndexBar, IndexClass, Market
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry, LedgerState, Track
from tray_app.store.database import Database
from tray_app.store.series import Provenance

AT = datetime(2024, 1, 9, 3, 0, tzinfo=UTC)
SEEN, LATER = Provenance(AT, 1), Provenance(AT + timedelta(days=1), 2)
THURSDAY, FRIDAY, FEBRUARY = date(2024, 1, 4), date(2024, 1, 5), date(2024, 2, 1)
KOSPI, KOSDAQ = Market.KOSPI, Market.KOSDAQ


@pytest.fixture
def store(database: Database) -> KrxRunContext:
    return krx_context(database)


def entry(market: Market, day: date, rows: int = 1) -> LedgerEntry:
    return LedgerEntry(Track(BarKind.EQUITY, market), day, LedgerState.COLLECTED, rows, 1)


def keep(store: KrxRunContext, *bars: EquityBar, seen: Provenance = SEEN) -> int:
    return store.rows.upsert_bars(entry(bars[0].market, bars[0].trade_date, len(bars)), bars, seen)


def keep_indices(store: KrxRunContext, *bars: IndexBar, seen: Provenance = SEEN) -> int:
    track = Track(BarKind.INDEX, bars[0].index_class)
    return store.rows.upsert_index_bars(
        LedgerEntry(track, bars[0].trade_date, LedgerState.COLLECTED, len(bars), 1), bars, seen
    )


def written(database: Database, work: Any) -> int:
    """Return how many rows of any table the work writes."""
    with database.reading() as connection:
        before = connection.total_changes
        work()
        return connection.total_changes - before


def stamps(database: Database) -> Mapping[tuple[str, str], int]:
    return {(row[0], row[1]): row[2] for row in query(database, "SELECT table_name, month, stamp FROM month_stamp")}


def restated(database: Database) -> list[tuple[Any, ...]]:
    return query(database, "SELECT table_name, row_key, column_name, old, new, run_id FROM restatements ORDER BY 3")


# --- the same day again -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", ["the same store", "the next process"])
def test_an_unchanged_day_writes_no_row_of_any_table(database: Database, store: KrxRunContext, again: str) -> None:
    bars = (bar("005930", FRIDAY), bar("000660", FRIDAY, volume=0), bar("035420", FRIDAY, change=-50.0))
    assert keep(store, *bars) == 3
    store.listings.write_spans(SEEN)
    second = store if again == "the same store" else krx_context(database)
    before = dump(database)
    assert written(database, lambda: keep(second, *bars, seen=LATER)) <= 1  # the mark of how far listings reach
    second.listings.write_spans(LATER)
    assert dump(database) == before


def test_unchanged_indices_write_no_row_of_any_table(database: Database, store: KrxRunContext) -> None:
    bars = (index_bar(), index_bar("코스피 200", open=None, high=None, low=None, volume=None))
    assert keep_indices(store, *bars) == 2
    assert written(database, lambda: keep_indices(krx_context(database), *bars, seen=LATER)) == 0


def test_only_the_row_that_changed_is_written_and_what_it_was_is_kept(database: Database, store: KrxRunContext) -> None:
    keep(store, bar("005930", FRIDAY), bar("000660", FRIDAY))
    corrected = bar("000660", FRIDAY, volume=2_000, turnover_value=20_000_000)
    assert keep(krx_context(database), bar("005930", FRIDAY), corrected, seen=LATER) == 1
    [(key,)] = query(database, "SELECT instrument_id FROM instruments WHERE external_code = '000660'")
    assert restated(database) == [
        ("daily_market_data", f"2024-01-05/{key}", "turnover_value", "10000000", "20000000", 2),
        ("daily_market_data", f"2024-01-05/{key}", "volume", "1000", "2000", 2),
    ]
    runs = "SELECT i.external_code, d.run_id FROM daily_market_data d JOIN instruments i USING (instrument_id)"
    assert dict(query(database, runs)) == {"005930": 1, "000660": 2}


def test_a_row_that_came_to_be_halted_is_restated_from_its_prices(database: Database, store: KrxRunContext) -> None:
    keep(store, bar("005930", FRIDAY))
    keep(krx_context(database), bar("005930", FRIDAY, volume=0), seen=LATER)
    changed = {row[2]: row[3:5] for row in restated(database)}
    assert changed == {
        "open": ("10000.0", None),
        "high": ("10000.0", None),
        "low": ("10000.0", None),
        "volume": ("1000", "0"),
        "turnover_value": ("10000000", "0"),
        "is_trade_halted": ("0", "1"),
    }


def test_an_index_value_that_changed_is_restated_and_a_new_index_is_not(
    database: Database, store: KrxRunContext
) -> None:
    keep_indices(store, index_bar())
    changed = keep_indices(
        krx_context(database), index_bar(close=2_500.01), index_bar("코리아 밸류업 지수"), seen=LATER
    )
    assert changed == 2
    assert [row[2:] for row in restated(database)] == [("close", "2500.0", "2500.01", 2)]


def test_other_markets_of_the_same_day_are_left_alone(database: Database, store: KrxRunContext) -> None:
    keep(store, bar("005930", FRIDAY))
    keep(store, bar("005930", FRIDAY, market=KOSDAQ, close=500.0))
    assert restated(database) == []
    closes = "SELECT market_code, close FROM instrument_daily_v1 ORDER BY 1"
    assert query(database, closes) == [("KOSDAQ", 500.0), ("KOSPI", 10_000.0)]


# --- month stamps -------------------------------------------------------------------------------------------------


def test_a_month_s_counter_grows_with_its_own_changes_only(database: Database, store: KrxRunContext) -> None:
    keep(store, bar("005930", FRIDAY))
    keep(store, bar("005930", FEBRUARY))
    daily = "daily_market_data"
    assert stamps(database) == {(daily, "2024-01"): 1, (daily, "2024-02"): 1}
    keep(store, bar("005930", FRIDAY), seen=LATER)
    assert stamps(database)[daily, "2024-01"] == 1
    keep(store, bar("005930", FRIDAY, volume=5), seen=LATER)
    assert stamps(database) == {(daily, "2024-01"): 2, (daily, "2024-02"): 1}
    keep_indices(store, index_bar())
    assert stamps(database)["benchmark_index_data", "2024-01"] == 1


def test_the_rows_of_a_day_are_counted_by_market(database: Database, store: KrxRunContext) -> None:
    keep(store, bar("005930", FRIDAY), bar("000660", FRIDAY))
    keep(store, bar("091990", FRIDAY, market=KOSDAQ))
    keep_indices(store, index_bar())
    counted = "SELECT dataset, market_code, rows FROM day_summary ORDER BY 1, 2"
    assert query(database, counted) == [("equity", "KOSDAQ", 1), ("equity", "KOSPI", 2), ("index", "KOSPI", 1)]


# --- pending checks -----------------------------------------------------------------------------------------------


def test_new_and_changed_days_wait_for_their_checks_even_in_the_next_process(
    database: Database, store: KrxRunContext
) -> None:
    keep(store, bar("005930", FRIDAY))
    keep(store, bar("005930", THURSDAY))
    # As after a kill between the rows and the checks.
    assert krx_context(database).checks.unchecked_days() == [THURSDAY, FRIDAY]
    store.checks.keep(FRIDAY, (), {}, SEEN, is_checked=True)
    assert krx_context(database).checks.unchecked_days() == [THURSDAY]
    store.checks.keep(THURSDAY, (), {}, SEEN, is_checked=True)
    keep(store, bar("005930", FRIDAY), seen=LATER)
    assert store.checks.unchecked_days() == []
    keep(store, bar("005930", FRIDAY, volume=7), seen=LATER)
    assert store.checks.unchecked_days() == [FRIDAY]


def test_the_session_after_a_filled_hole_is_checked_again(database: Database, store: KrxRunContext) -> None:
    keep(store, bar("005930", FRIDAY))
    store.checks.keep(FRIDAY, (), {}, SEEN, is_checked=True)
    keep(store, bar("091990", THURSDAY, market=KOSDAQ))
    assert store.checks.unchecked_days() == [THURSDAY]
    keep(store, bar("005930", THURSDAY))
    assert store.checks.unchecked_days() == [THURSDAY, FRIDAY]


# --- reading back -------------------------------------------------------------------------------------------------


def test_what_was_stored_is_read_back(database: Database, store: KrxRunContext) -> None:
    bars = (
        bar("005930", FRIDAY, open=9_900.0, high=10_100.0, low=9_800.0, change=120.0),
        bar("0126Z0", FRIDAY, volume=0, change=0.0),
        bar("900100", FRIDAY, market_value=1_700_000_000_000_001, turnover_value=2**53 + 1),
    )
    keep(store, *bars)
    supervised = bar("003380", FRIDAY, market=KOSDAQ, section="관리종목(소속부없음)")
    keep(store, supervised)
    fresh = krx_context(database)
    assert set(fresh.rows.equity_bars(KOSPI, FRIDAY)) == set(bars)
    assert fresh.rows.equity_bars(KOSDAQ, FRIDAY) == (supervised,)
    assert fresh.rows.equity_bars(Market.KONEX, FRIDAY) == ()
    assert fresh.rows.equity_bars(KOSPI, THURSDAY) == ()
    indices = (index_bar(), index_bar("코스피 (외국주포함)", close=None, open=None, high=None, low=None, change=None))
    keep_indices(store, *indices)
    assert krx_context(database).rows.index_bars(Track(BarKind.INDEX, IndexClass.KOSPI), FRIDAY) == indices


# --- views --------------------------------------------------------------------------------------------------------


def test_the_view_of_issues_speaks_to_people(database: Database, store: KrxRunContext) -> None:
    keep(store, bar("0126Z0", FRIDAY, name="가람전자", volume=0))
    with database.reading() as connection:
        cursor = connection.execute("SELECT * FROM instrument_daily_v1")
        names, row = [column[0] for column in cursor.description], cursor.fetchone()
    assert names == [
        "instrument_id", "external_code", "market_code", "instrument_name", "listing_date", "delisting_date",
        "trade_date", "open", "high", "low", "close", "volume", "turnover_value", "market_value", "is_trade_halted",
        "is_under_supervision", "record_status", "listed_shares", "base_price", "change",
    ]  # fmt: skip
    found = dict(zip(names, row, strict=True))
    assert (found["external_code"], found["instrument_name"], found["trade_date"]) == (
        "0126Z0",
        "가람전자",
        "2024-01-05",
    )
    assert [found[name] for name in ("open", "high", "low", "close", "is_trade_halted")] == [None, None, None, 1e4, 1]
    assert (found["record_status"], len(found["instrument_id"])) == ("VALID", 36)


def test_the_view_of_indices_speaks_to_people(database: Database, store: KrxRunContext) -> None:
    keep_indices(store, index_bar(), index_bar("코스피 200", high=None), index_bar("화학"))
    rows = query(database, "SELECT index_code, index_class, index_name, trade_date, record_status"
                           " FROM benchmark_daily_v1 ORDER BY 1")  # fmt: skip
    assert rows == [
        ("KOSPI", "KOSPI", "코스피", "2024-01-05", "VALID"),
        ("KOSPI200", "KOSPI", "코스피 200", "2024-01-05", "PARTIAL"),
        ("KOSPI:화학", "KOSPI", "화학", "2024-01-05", "VALID"),
    ]
