"""Six recorded days of March 2026 through the command line: which base prices become factors and which do not."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from datasets.krx.rules.kit import LISTED_DAYS, listed_bars, needs_recordings
from krx_wire import DAILY, INDEX, MASTER, App, Done, KrxWire, body, equity_row, index_body, master_body, serving
from support import open_store, query

from tray_app.datasets.krx.rows import EquityBar, Market
from tray_app.demo.server import SampleServer

NOW = datetime(2026, 3, 18, 3, 0, tzinfo=UTC)
LONG_AGO = date(2000, 1, 4)
MARKET_OF = {service: market for services in (DAILY, MASTER) for market, service in services.items()}
CLASS_OF = {service: index_class for index_class, service in INDEX.items()}

# Code: day, base price, previous close; from the recordings' README.
EX_DATES = {
    "170900": ("2026-03-10", 45_350 / 47_550),
    "000640": ("2026-03-11", 104_600 / 107_700),
    "115450": ("2026-03-12", 2_925 / 3_070),
    "006800": ("2026-03-16", 69_200 / 69_500),
    "00680K": ("2026-03-16", 21_500 / 22_000),
    "006805": ("2026-03-16", 23_900 / 24_250),
    "355690": ("2026-03-16", 5_180 / 6_430),
}
REVERSE_SPLIT = ("195990", "2026-03-12", 10.0, 10.0, "opening_share_count", 1)
TICK_ONLY = ("469880", "462020", "0068Y0", "473950", "477340", "0099W0", "469480", "489480", "0004Y0")
NEW_SHARES, NEW_LISTING, GONE = "300120", "0082N0", ("457940", "222810")

pytestmark = needs_recordings


@cache
def bars_of(day: date) -> tuple[EquityBar, ...]:
    return tuple(listed_bars(day)) if day in LISTED_DAYS else ()


def body_of(service: str, day: date) -> bytes | None:
    """Return a listing in the wire shape; the market totals are the exact sums of its rows."""
    if day not in LISTED_DAYS:
        return None
    if service in CLASS_OF:
        index_class = CLASS_OF[service]
        bars = [bar for bar in bars_of(day) if bar.market == index_class.value]
        return index_body(index_class, day, bars)
    bars = [bar for bar in bars_of(day) if bar.market is MARKET_OF[service]]
    if service in MASTER.values():
        return master_body(bars, lambda bar: day if bar.code == NEW_LISTING else LONG_AGO)
    return body([equity_row(bar) for bar in bars])


@pytest.fixture(scope="module")
def server() -> Iterator[SampleServer]:
    with serving(KrxWire(body_of), lambda: NOW) as running:
        yield running


@pytest.fixture(scope="module")
def app(server: SampleServer, tmp_path_factory: pytest.TempPathFactory) -> App:
    return App(tmp_path_factory.mktemp("listings"), server.url)


@pytest.fixture(scope="module")
def collected(app: App) -> Done:
    return app.collect(LISTED_DAYS[0], LISTED_DAYS[-1], now=NOW)


def rows_of(app: App, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with open_store(app.home, NOW) as database:
        return query(database, sql, *values)


def factors(app: App) -> dict[str, tuple[Any, ...]]:
    rows = rows_of(
        app,
        "SELECT i.external_code, date(f.trade_date * 86400, 'unixepoch'), f.factor, f.share_factor, f.method,"
        " f.is_flagged FROM price_adjustment_factors f JOIN instruments i ON i.instrument_id = f.instrument_id",
    )
    return {row[0]: row for row in rows}


def test_the_six_days_are_verified(collected: Done, app: App) -> None:
    # Three closes of issues about to be delisted are outside the usual price limit: partial, not failed.
    assert (collected.code, collected.document["status"]) == (3, "partial")
    assert collected.steps["quality"] == "success (18 of 18 market days verified; 0 errors, 3 warnings)"
    states = rows_of(app, "SELECT DISTINCT state FROM day_ledger")
    assert states == [("verified",)]


def test_factors_for_the_named_events_and_no_others(collected: Done, app: App) -> None:
    found = factors(app)
    assert found.keys() == {*EX_DATES, REVERSE_SPLIT[0]}
    for code, (day, factor) in EX_DATES.items():
        assert found[code] == (code, day, factor, 1.0, "base_price", 0)
    assert found[REVERSE_SPLIT[0]] == REVERSE_SPLIT


def test_none_for_a_tick_nor_for_new_shares_nor_for_a_first_day(collected: Done, app: App) -> None:
    assert not factors(app).keys() & {*TICK_ONLY, NEW_SHARES, NEW_LISTING, *GONE}
    [(before, after)] = rows_of(
        app,
        "SELECT MIN(listed_shares), MAX(listed_shares) FROM instrument_daily_v1 WHERE external_code = ?",
        NEW_SHARES,
    )
    assert after / before == pytest.approx(1.695, abs=0.001)


def test_the_issues_that_left_and_the_one_that_came(collected: Done, app: App) -> None:
    ended = "SELECT external_code, delisting_date FROM instruments WHERE external_code IN (?, ?)"
    assert set(rows_of(app, ended, *GONE)) == {(code, "2026-03-16") for code in GONE}
    reasons = "SELECT DISTINCT end_reason, liquidation_from FROM instruments WHERE external_code IN (?, ?)"
    assert rows_of(app, reasons, *GONE) == [("delisted", "2026-03-09")]
    came = "SELECT listing_date, first_seen, delisting_date FROM instruments WHERE external_code = ?"
    assert rows_of(app, came, NEW_LISTING) == [("2026-03-16", "2026-03-16", None)]
    assert rows_of(app, "SELECT external_code FROM instrument_daily_v1 WHERE external_code = '0068Y0' LIMIT 1")
    [(market,)] = rows_of(app, "SELECT DISTINCT market_code FROM instruments WHERE external_code = '195990'")
    assert market == Market.KOSDAQ
