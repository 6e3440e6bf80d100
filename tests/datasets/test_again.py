"""Collect again: every series asked for whatever is stored, what differs recorded, what was made of it made anew."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from liquidity_machine import FRED_HOST, SEARCH, YAHOO_HOST, LiquidityMachine, a_liquidity_machine
from machine import CancelAfter, Harness, a_machine
from support import COINGECKO, HOSTS, NOW, Clock

from tray_app.core.model import RunStatus, Window
from tray_app.datasets.liquidity.catalogue import catalogue
from tray_app.demo.server import SampleServer

FIRST = date(2026, 1, 1)
VALUES = "macro_observation"
AGAIN = Window(FIRST, again_since=NOW)


@pytest.fixture
def crypto(tmp_path: Path, server: SampleServer, clock: Clock) -> Iterator[Harness]:
    with a_machine(tmp_path, server, clock) as made:
        made.run()
        made.run(Window(date(2017, 9, 27)))
        made.asked()
        yield made


@pytest.fixture
def liquidity(tmp_path: Path, clock: Clock) -> Iterator[LiquidityMachine]:
    with (
        SampleServer(clock.now, hosts=HOSTS) as samples,
        a_liquidity_machine(tmp_path, samples, clock) as made,
    ):
        made.settings = SEARCH
        made.run()
        made.run(window=Window(date(2020, 1, 1)))
        made.asked()
        yield made


def spoil(machine: Harness | LiquidityMachine, sql: str, *values: object) -> None:
    """Change stored values behind the program's back."""
    with closing(sqlite3.connect(machine.database.path)) as connection, connection:
        assert connection.execute(sql, values).rowcount > 0


def test_wrong_values_of_the_crypto_market_are_put_right(crypto: Harness) -> None:
    before = {table: rows for table, rows in crypto.data().items() if table != "restatements"}
    day = "2026-03-03"
    spoil(crypto, "UPDATE crypto_metric SET defi_tvl = 1, fear_greed_index = 99, eth_btc_ratio = 7 WHERE date = ?", day)
    spoil(crypto, "UPDATE crypto_price SET price_usd = 1 WHERE coin_id = 'bitcoin' AND date = ?", day)
    spoil(crypto, "UPDATE crypto_price SET price_usd = 1 WHERE coin_id = 'bitcoin' AND date = '2025-12-01'")
    assert crypto.run(Window(FIRST)).status is RunStatus.SUCCESS
    assert crypto.asked() == []
    assert crypto.run(AGAIN).status is RunStatus.SUCCESS
    told = crypto.query("SELECT table_name, row_key, column_name FROM restatements ORDER BY 1, 2, 3")
    assert told == [
        ("crypto_metric", day, "defi_tvl"),
        ("crypto_metric", day, "fear_greed_index"),
        ("crypto_price", f"{day}/bitcoin", "price_usd"),
    ]
    assert crypto.query("SELECT price_usd FROM crypto_price WHERE coin_id = 'bitcoin' AND date = '2025-12-01'") == [
        (1,)
    ]
    assert crypto.run(Window(date(2025, 11, 1), again_since=NOW, only="bitcoin")).status is RunStatus.SUCCESS
    after = crypto.data()
    assert {table: after[table] for table in ("crypto_price", "crypto_metric")} == {
        table: before[table] for table in ("crypto_price", "crypto_metric")
    }


def test_one_coin_alone_and_one_series_alone(crypto: Harness) -> None:
    crypto.run(Window(FIRST, again_since=NOW, only="ethereum"))
    assert crypto.asked() == [f"{COINGECKO}/api/v3/coins/ethereum/market_chart"]
    crypto.run(Window(FIRST, again_since=NOW, only="fear_greed_index"))
    assert len(crypto.asked()) == 1
    assert {"ethereum", "fear_greed_index"} <= {each.key for each in crypto.collector.subjects()}


def test_a_cut_off_run_goes_on_with_the_next_coin(crypto: Harness, server: SampleServer) -> None:
    assert crypto.run(AGAIN, cancel=CancelAfter(server, 5)).status is RunStatus.CANCELLED
    first = crypto.asked()
    assert crypto.run(AGAIN).status is RunStatus.SUCCESS
    rest = crypto.asked()
    assert not set(first[:-1]) & set(rest)
    crypto.run(AGAIN)
    assert crypto.asked() == []


@pytest.mark.parametrize("series", ["DGS10", "^GSPC"])
def test_a_wrong_value_inside_a_stored_series_is_put_right(liquidity: LiquidityMachine, series: str) -> None:
    point = liquidity.reads.observations(series, FIRST)[20]
    index = liquidity.reads.stress_days(point.date)
    spoil(
        liquidity,
        "UPDATE macro_observation SET value = value * 1.01 WHERE series_id = ? AND date = ?",
        series,
        point.date.isoformat(),
    )
    assert liquidity.run(window=Window(FIRST, again_since=NOW, only=series)).status is RunStatus.SUCCESS
    assert len(liquidity.asked(FRED_HOST if series == "DGS10" else YAHOO_HOST)) == 1
    told = liquidity.query("SELECT row_key, CAST(new AS REAL) FROM restatements WHERE table_name = ?", VALUES)
    assert told == [(f"{series}/{point.date}", point.value)]
    assert point in liquidity.reads.observations(series, FIRST)
    assert liquidity.reads.stress_days(point.date) == index


def test_every_series_is_asked_for_once(liquidity: LiquidityMachine) -> None:
    before = liquidity.data()
    assert liquidity.run(window=AGAIN).status is RunStatus.SUCCESS
    assert len(liquidity.asked()) == len(catalogue())
    assert liquidity.query("SELECT * FROM restatements WHERE table_name = ?", VALUES) == []
    after = liquidity.data()
    assert {table: rows for table, rows in after.items() if table == "macro_observation"} == {
        "macro_observation": before["macro_observation"]
    }
    liquidity.run(window=AGAIN)
    assert liquidity.asked() == []
    liquidity.run(window=Window(FIRST - timedelta(days=9), again_since=NOW, only="DGS10"))
    assert len(liquidity.asked()) == 1
