"""The exchange's recorded days through the command line, in processes of their own."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from datasets.krx.rules.kit import RECORDED_DAYS, needs_recordings
from krx_wire import DAILY, INDEX, MASTER, App, Asked, Done, KrxWire, asked_of, recorded_body, serving
from machine import BOOKKEEPING
from support import dump, open_store, query

from tray_app.datasets.krx.rows import STOCK_MARKETS, IndexClass, Market
from tray_app.demo.server import SampleServer

NOW = datetime(2024, 1, 9, 3, 0, tzinfo=UTC)
THURSDAY, FRIDAY = RECORDED_DAYS
ROWS = {Market.KOSPI: 953, Market.KOSDAQ: 1703, Market.KONEX: 129}
INDEX_ROWS = {IndexClass.KOSPI: 47, IndexClass.KOSDAQ: 38, IndexClass.KRX: 34}
BLANKS = {"", "-"}

pytestmark = needs_recordings


@pytest.fixture(scope="module")
def server() -> Iterator[SampleServer]:
    with serving(KrxWire(recorded_body), lambda: NOW) as running:
        yield running


@pytest.fixture(scope="module")
def app(server: SampleServer, tmp_path_factory: pytest.TempPathFactory) -> App:
    return App(tmp_path_factory.mktemp("recordings") / "한국 홈", server.url)


@pytest.fixture(scope="module")
def collected(app: App) -> Done:
    """Collect the two days into the home."""
    return app.collect(THURSDAY, FRIDAY, now=NOW)


def rows_of(app: App, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with open_store(app.home, NOW) as database:
        return query(database, sql, *values)


def wire(service: str, day: date) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(recorded_body(service, day) or b"")["OutBlock_1"]
    return rows


def value(cell: str, kind: Callable[[str], Any]) -> Any:
    return None if cell in BLANKS else kind(cell.replace(",", ""))


def expected_row(row: dict[str, str]) -> tuple[Any, ...]:
    """Return what a body's row is stored as: zero prices are no trade, everything else is as it was sent."""
    prices = [float(row[name]) or None for name in ("TDD_OPNPRC", "TDD_HGPRC", "TDD_LWPRC")]
    close, change, volume = float(row["TDD_CLSPRC"]), float(row["CMPPREVDD_PRC"]), int(row["ACC_TRDVOL"])
    halted = int(volume == 0 and row["MKT_NM"] != Market.KONEX)
    sizes = [int(row[name]) for name in ("ACC_TRDVAL", "MKTCAP", "LIST_SHRS")]
    supervised = int("관리종목" in row["SECT_TP_NM"])
    return (row["ISU_CD"], row["ISU_NM"], *prices, close, change, volume, *sizes, close - change, halted, supervised)


def test_the_two_days_are_collected_and_verified(collected: Done, app: App, server: SampleServer) -> None:
    assert (collected.code, collected.document["status"]) == (0, "success")
    assert collected.steps["quality"] == "success (6 of 6 market days verified; 0 errors, 0 warnings)"
    ledger = rows_of(app, "SELECT dataset, market_code, trade_date, state, rows FROM day_ledger")
    days = (THURSDAY.isoformat(), FRIDAY.isoformat())
    assert set(ledger) == {
        *(("equity", market, day, "verified", count) for market, count in ROWS.items() for day in days),
        *(("index", name, day, "verified", count) for name, count in INDEX_ROWS.items() for day in days),
    }


def test_every_list_is_asked_for_once(collected: Done, server: SampleServer) -> None:
    wanted: list[Asked] = [
        *((service, day) for day in RECORDED_DAYS for service in (*DAILY.values(), *INDEX.values(), *MASTER.values())),
    ]
    assert Counter(asked_of(server)) == Counter(wanted)


@pytest.mark.parametrize("day", RECORDED_DAYS)
@pytest.mark.parametrize("market", STOCK_MARKETS)
def test_every_value_equals_the_body(collected: Done, app: App, market: Market, day: date) -> None:
    stored = rows_of(
        app,
        """
        SELECT external_code, instrument_name, open, high, low, close, change, volume, turnover_value, market_value,
               listed_shares, base_price, is_trade_halted, is_under_supervision
        FROM instrument_daily_v1 WHERE market_code = ? AND trade_date = ? AND record_status = 'VALID'
        """,
        market,
        day.isoformat(),
    )
    assert len(stored) == ROWS[market]
    sent = {row["ISU_CD"]: expected_row(row) for row in wire(DAILY[market], day)}
    # A name is the issue's newest one: the names of a day are looked at on its last one.
    width = 2 if day == FRIDAY else 1
    for row in stored:
        assert row[2:] == sent[row[0]][2:]
        assert row[:width] == sent[row[0]][:width]


@pytest.mark.parametrize("day", RECORDED_DAYS)
@pytest.mark.parametrize("index_class", IndexClass)
def test_every_index_value_equals_the_body(collected: Done, app: App, index_class: IndexClass, day: date) -> None:
    stored = rows_of(
        app,
        """
        SELECT index_name, open, high, low, close, change, volume, turnover_value, market_cap
        FROM benchmark_daily_v1 WHERE index_class = ? AND trade_date = ?
        """,
        index_class,
        day.isoformat(),
    )
    prices = ("OPNPRC_IDX", "HGPRC_IDX", "LWPRC_IDX", "CLSPRC_IDX", "CMPPREVDD_IDX")
    sizes = ("ACC_TRDVOL", "ACC_TRDVAL", "MKTCAP")
    sent = {
        (row["IDX_NM"], *(value(row[name], float) for name in prices), *(value(row[name], int) for name in sizes))
        for row in wire(INDEX[index_class], day)
    }
    assert len(stored) == INDEX_ROWS[index_class]
    assert set(stored) == sent


@pytest.mark.parametrize("market", [Market.KOSPI, Market.KOSDAQ])
@pytest.mark.parametrize("day", RECORDED_DAYS)
def test_the_stored_rows_add_up_to_the_market_s_total(collected: Done, app: App, market: Market, day: date) -> None:
    sums = rows_of(
        app,
        "SELECT SUM(market_value), SUM(turnover_value) FROM instrument_daily_v1"
        " WHERE market_code = ? AND trade_date = ?",
        market,
        day.isoformat(),
    )
    total = "SELECT market_cap, turnover_value FROM benchmark_daily_v1 WHERE index_code = ? AND trade_date = ?"
    assert sums == rows_of(app, total, f"{market}_TOTAL", day.isoformat())


def test_one_factor_and_none_for_new_shares(collected: Done, app: App) -> None:
    factors = rows_of(
        app,
        "SELECT i.external_code, date(f.trade_date * 86400, 'unixepoch'), f.factor, f.share_factor, f.method"
        " FROM price_adjustment_factors f JOIN instruments i ON i.instrument_id = f.instrument_id",
    )
    assert factors == [("073010", FRIDAY.isoformat(), 2995 / 3040, 1.0, "base_price")]
    jumps = rows_of(app, "SELECT subject FROM data_quality_issues WHERE issue_code = 'LISTED_SHARES_JUMP'")
    assert ("KOSDAQ:092040",) in jumps


def test_the_master_lists_tell_who_the_issues_are(collected: Done, app: App) -> None:
    sent = {
        (market, row["ISU_SRT_CD"], row["ISU_CD"], f"{row['LIST_DD'][:4]}-{row['LIST_DD'][4:6]}-{row['LIST_DD'][6:]}",
         row["ISU_ENG_NM"], row["KIND_STKCERT_TP_NM"], None if row["PARVAL"] in BLANKS else row["PARVAL"])
        for market in STOCK_MARKETS
        for row in wire(MASTER[market], THURSDAY)
    }  # fmt: skip
    stored = rows_of(
        app,
        "SELECT market_code, external_code, isin, listing_date, name_en, share_class, par_value FROM instruments"
        " WHERE first_seen = ?",
        THURSDAY.isoformat(),
    )
    assert set(stored) == sent
    assert rows_of(app, "SELECT COUNT(*) FROM instruments WHERE delisting_date IS NOT NULL") == [(0,)]


def test_a_second_run_writes_nothing_and_sends_nothing(collected: Done, app: App, server: SampleServer) -> None:
    with open_store(app.home, NOW) as database:
        before = dump(database, *BOOKKEEPING)
    asked = len(asked_of(server))
    again = app.do("collect", "krx", "--date-from", "2024-01-04", "--date-to", "2024-01-05", now=NOW)
    assert (again.code, again.steps["kospi"]) == (0, "success (nothing missing)")
    with open_store(app.home, NOW) as database:
        assert dump(database, *BOOKKEEPING) == before
    assert len(asked_of(server)) == asked


def test_the_key_is_in_no_file_and_no_request_line(collected: Done, app: App, server: SampleServer) -> None:
    from krx_wire import KEY

    held = [path.name for path in app.home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert held == []
    assert all(KEY not in f"{one.path}{one.query}" for one in server.requests)
