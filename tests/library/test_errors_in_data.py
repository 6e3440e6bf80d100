"""Rows that open errors touch are given only to who asks for them all the same."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from export.exchange import MALFORMED, collect, without
from export.files.test_findings import issue
from export.kit import change
from krx_exchange import RIGHTS as NEIGHBOUR
from krx_exchange import SESSIONS, SPLIT
from krx_wire import DAILY

import market_tray
from library.kit import FIRST, LAST
from tray_app.core.errors import AppError
from tray_app.datasets.krx.rows import Market
from tray_app.paths import Home


def ids(home: Home) -> tuple[str, str, int]:
    """Return two codes that were each one listing only, and the id of the first one's."""
    with market_tray.open(home.root) as store:
        listings = store.instruments(markets="KOSPI")
    once = listings[~listings["external_code"].duplicated(keep=False)]
    first, second = once["external_code"].iloc[:2]
    with closing(sqlite3.connect(home.database)) as connection:
        (number,) = connection.execute(
            "SELECT instrument_id FROM instruments WHERE external_code = ?", (first,)
        ).fetchone()
    return first, second, number


def test_an_error_counts_for_its_own_issue_and_days(home: Home) -> None:
    bad, good, number = ids(home)
    change(home, issue(subject=f"KOSPI:{bad}", code="ROW_OHLC_ORDER", number=number))

    with market_tray.open(home.root) as store:
        assert len(store.prices(good)) > 0
        assert len(store.prices(bad, start=LAST)) > 0
        assert len(store.indices()) > 0
        asked: tuple[Callable[[], pd.DataFrame], ...] = (
            lambda: store.prices(bad),
            lambda: store.prices([good, bad]),
            lambda: store.day(FIRST),
        )
        for ask in asked:
            with pytest.raises(market_tray.ErrorsInData) as refused:
                ask()
            assert f"ROW_OHLC_ORDER KOSPI:{bad} {FIRST}" in refused.value.message
            assert "allow_errors=True" in refused.value.hint
            assert "--" not in refused.value.hint
        rows = store.prices(bad, allow_errors=True)
        assert rows["trade_date"].dt.date.min() == FIRST
        assert bad in set(store.issues()["external_code"])


def test_an_error_of_a_market_counts_for_all_its_issues_and_not_for_indices(home: Home) -> None:
    bad, _good, _number = ids(home)
    change(home, issue(subject="KOSPI", code="DAY_SUM_MISMATCH"))

    with market_tray.open(home.root) as store:
        with pytest.raises(market_tray.ErrorsInData):
            store.prices(bad)
        assert len(store.prices(None, markets=["KONEX"])) > 0
        assert len(store.indices()) > 0


def test_an_error_of_an_index_counts_for_indices_alone(home: Home) -> None:
    change(home, issue(subject="KOSPI200", index="'KOSPI200'", dataset="index"))

    with market_tray.open(home.root) as store:
        with pytest.raises(market_tray.ErrorsInData):
            store.indices()
        assert set(store.indices("KOSDAQ")["index_code"]) == {"KOSDAQ"}
        assert len(store.indices(allow_errors=True)) > 0
        assert len(store.prices()) > 0


@pytest.mark.parametrize(
    ("error", "asked", "other"),
    [
        (("macro", "SOFR"), ("macro", "SOFR"), ("macro", "^VIX")),
        (("crypto", "coin:bitcoin market_cap"), ("crypto", "bitcoin"), ("crypto", "ethereum")),
        (("crypto", "market_totals"), ("crypto_market",), ("crypto",)),
    ],
)
def test_an_error_of_a_value_counts_for_its_own_series(
    home: Home, error: tuple[str, str], asked: tuple[str, ...], other: tuple[str, ...]
) -> None:
    dataset, subject = error
    change(home, issue(subject=subject, code="VALUE_SIGN", dataset=dataset))

    with market_tray.open(home.root) as store:
        method, *names = asked
        with pytest.raises(market_tray.ErrorsInData):
            getattr(store, method)(*names)
        assert len(getattr(store, method)(*names, allow_errors=True)) > 0
        method, *names = other
        assert len(getattr(store, method)(*names)) > 0


def test_a_session_missing_between_stored_ones_is_an_error(tmp_path: Path) -> None:
    home = collect(Home(tmp_path / "home"), (0, 3), (6, 8))

    with market_tray.open(home.root) as store:
        with pytest.raises(market_tray.ErrorsInData) as refused:
            store.prices(SPLIT.code)
        assert f"DAY_MISSING KOSPI {SESSIONS[4]}..{SESSIONS[5]} (2)" in refused.value.message
        with pytest.raises(market_tray.ErrorsInData):
            store.indices("KOSPI")
        with pytest.raises(market_tray.ErrorsInData):
            store.day(SESSIONS[4])
        assert len(store.prices(SPLIT.code, SESSIONS[6])) == 3
        assert len(store.prices(SPLIT.code, allow_errors=True)) == 7


def test_a_market_that_failed_while_others_went_on_does_not_end_early(tmp_path: Path) -> None:
    home = collect(Home(tmp_path / "home"), (0, 8), body=without(DAILY[Market.KOSPI], 4, MALFORMED))

    with market_tray.open(home.root) as store:
        with pytest.raises(market_tray.ErrorsInData) as refused:
            store.prices(SPLIT.code)
        assert "DAY_MISSING KOSPI" in refused.value.message
        assert len(store.prices(NEIGHBOUR.code)) == 9
        assert 0 < len(store.prices(SPLIT.code, allow_errors=True)) < 9


def test_adjusted_prices_wait_for_their_factors(home: Home) -> None:
    bad, _good, _number = ids(home)
    change(home, "INSERT INTO pending_checks SELECT MAX(trade_date) FROM day_summary")

    with market_tray.open(home.root) as store:
        with pytest.raises(market_tray.ErrorsInData) as refused:
            store.prices(bad, adjusted=True)
        assert f"adjustment factors not worked out yet for {LAST}" in refused.value.message
        assert len(store.prices(bad, adjusted=True, end=FIRST)) == 1
        assert len(store.prices(bad)) > 1


def test_rows_that_the_disk_changed_are_refused(home: Home) -> None:
    with closing(sqlite3.connect(home.database)) as connection, connection:
        connection.execute("UPDATE daily_market_data SET close = close + 1 WHERE volume > 0")

    with market_tray.open(home.root) as store, pytest.raises(AppError) as refused:
        store.day(LAST)
    assert refused.value.title == "Stored rows have changed"
