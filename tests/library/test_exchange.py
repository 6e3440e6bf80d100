"""Bars and listings of an exchange with a story: what codes give, and that every number is an exported set's."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from datasets.krx.rules.kit import at
from export import exchange
from export import kit as export_kit
from export.files.test_etfs import COUNTED, LISTED, TRADED
from krx_exchange import CLIMBED, ISSUES, LEAVER, NEWCOMER, RENAMED, REUSED_NEW, SESSIONS, SPLIT, Exchange

import market_tray
from library.kit import plain, read
from tray_app.datasets.krx.rows import Market
from tray_app.export.kinds import Basis
from tray_app.paths import Home

LAST = 34
NOW = at(SESSIONS[LAST + 1])
SPLIT_AT = 18
# The issue that moves from KONEX to KOSDAQ is split after that.
MOVED = tuple(replace(each, split_at=SPLIT_AT) if each.code == CLIMBED.code else each for each in ISSUES)
CHOSEN = (SPLIT.code, CLIMBED.code, REUSED_NEW.code, LEAVER.code)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home that a real collection has filled from the story's exchange."""
    root = tmp_path_factory.mktemp("story")
    return exchange.collect(Home(root), (0, LAST), body=Exchange(MOVED).body_of, now=NOW)


@pytest.fixture
def store(told: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[market_tray.Store]:
    monkeypatch.setenv("MARKET_TRAY_NOW", NOW.isoformat())
    with market_tray.open(told.root) as opened:
        yield opened


def made(home: Home, path: Path, **changes: Any) -> Path:
    days = {"date_from": SESSIONS[0], "date_to": SESSIONS[LAST], **changes}
    export_kit.export(home, path, now=NOW, **days)
    return path


@pytest.mark.parametrize("basis", list(Basis))
@pytest.mark.parametrize("last", [SPLIT_AT - 1, LAST])
def test_adjusted_bars_of_some_codes_are_those_of_the_set(
    told: Home, store: market_tray.Store, tmp_path: Path, basis: Basis, last: int
) -> None:
    folder = made(told, tmp_path / "set", adjusted=True, basis=basis, date_to=SESSIONS[last])
    codes = set(CHOSEN)

    found = store.prices(CHOSEN, SESSIONS[0], SESSIONS[last], adjusted=True, basis=basis.value, as_="arrow")
    whole = store.prices(None, SESSIONS[0], SESSIONS[last], adjusted=True, basis=basis.value, as_="arrow")

    file = plain(read(folder, "instrument_daily"))
    assert plain(whole).equals(file)
    assert plain(found).to_pylist() == [row for row in file.to_pylist() if row["external_code"] in codes]
    factors = set(found.column("adj_factor").to_pylist())
    assert (0.2 in factors) == (last == LAST or basis is Basis.LATEST)


def test_a_transferred_code_is_two_listings_of_one_adjusted_series(store: market_tray.Store) -> None:
    bars = store.prices(CLIMBED.code, adjusted=True)
    listings = store.instruments(CLIMBED.code)

    assert list(listings["market_code"]) == ["KONEX", "KOSDAQ"] or list(listings["market_code"]) == ["KOSDAQ", "KONEX"]
    here, there = (listings[listings["market_code"] == market].iloc[0] for market in ("KONEX", "KOSDAQ"))
    assert (here["moved_to"], there["moved_from"]) == (there["instrument_id"], here["instrument_id"])
    assert list(bars["trade_date"].dt.date) == list(SESSIONS[: LAST + 1])
    assert list(bars["market_code"]) == ["KONEX"] * 15 + ["KOSDAQ"] * (LAST - 14)
    before = bars["trade_date"] < pd.Timestamp(SESSIONS[SPLIT_AT])
    assert set(bars.loc[before, "adj_factor"]) == {0.2}
    assert set(bars.loc[~before, "adj_factor"]) == {1.0}
    assert (bars["adj_close"].pct_change().abs().dropna() < 0.3).all()
    assert (bars["close"].pct_change().abs().dropna() > 0.3).any()
    assert list(store.factors(CLIMBED.code)["event_instrument_id"]) == [there["instrument_id"]] * 2


def test_a_reused_code_gives_both_companies_and_an_instrument_id_one(store: market_tray.Store) -> None:
    both = store.prices(REUSED_NEW.code)
    old, new = both["instrument_id"].unique()

    assert set(both[both["instrument_id"] == old]["trade_date"].dt.date) == set(SESSIONS[:6])
    assert set(store.prices(new)["trade_date"].dt.date) == set(SESSIONS[30 : LAST + 1])
    assert set(store.prices([old, SPLIT.code])["external_code"]) == {REUSED_NEW.code, SPLIT.code}
    assert store.prices(REUSED_NEW.code, markets="KOSDAQ").equals(both)
    with pytest.raises(market_tray.Unknown):
        store.prices(REUSED_NEW.code, markets="KOSPI")


def test_a_day_is_what_the_exchange_said_of_all_issues(told: Home, store: market_tray.Store, tmp_path: Path) -> None:
    folder = made(told, tmp_path / "set", date_from=SESSIONS[10], date_to=SESSIONS[10])

    found = store.day(SESSIONS[10], as_="arrow")
    assert plain(found).equals(plain(read(folder, "instrument_daily")))
    assert set(store.day(str(SESSIONS[10]), markets=["KONEX"])["market_code"]) == {"KONEX"}
    assert len(store.day("2024-03-09")) == 0


def test_the_universe_of_a_day_is_named_as_it_was(store: market_tray.Store) -> None:
    early, late = (store.instruments(on=SESSIONS[number]).set_index("external_code") for number in (7, 26))

    assert NEWCOMER.code not in early.index
    assert NEWCOMER.code in late.index
    assert LEAVER.code in early.index
    assert LEAVER.code not in late.index
    assert early.loc[RENAMED.code, "instrument_name"] == f"종목 {RENAMED.code}"
    assert late.loc[RENAMED.code, "instrument_name"] == "더새이름"
    assert set(early.index) == set(store.day(SESSIONS[7])["external_code"])
    assert set(store.instruments(markets="KONEX")["market_code"]) == {Market.KONEX}


def test_the_small_tables_are_those_of_the_set(told: Home, store: market_tray.Store, tmp_path: Path) -> None:
    folder = made(told, tmp_path / "set")
    days = (SESSIONS[0], SESSIONS[LAST])
    found = {
        "benchmark_daily": store.indices(None, *days, as_="arrow"),
        "trading_calendar": store.calendar(*days, as_="arrow"),
        "instruments": store.instruments(as_="arrow"),
        "adjustment_factors": store.factors(None, *days, as_="arrow"),
    }
    for name, table in found.items():
        assert plain(table).equals(plain(read(folder, name))), name


def test_etfs_are_taken_when_they_are_named(home: Home, tmp_path: Path) -> None:
    export_kit.add_sessions(home, LISTED, TRADED, COUNTED)
    folder = tmp_path / "set"
    export_kit.export(home, folder, markets=(Market.ETF,), adjusted=True)
    file = plain(read(folder, "instrument_daily"))

    with market_tray.open(home.root) as store:
        assert plain(store.prices("0184E0", adjusted=True, as_="arrow")).equals(file)
        assert plain(store.prices(markets="ETF", adjusted=True, as_="arrow")).equals(file)
        assert "ETF" not in set(store.prices()["market_code"])
