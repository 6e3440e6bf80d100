"""Every question is answered as a file of a set would, in each form."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import market_tray
from library.kit import FIRST, FORMS, LAST, QUESTIONS, Question, plain, read
from tray_app.core.errors import BadInput
from tray_app.paths import Home

NAMES = [each.file for each in QUESTIONS]


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
def test_arrow_is_the_file(shared_home: Home, exported: Path, question: Question) -> None:
    file = read(exported, question.file)
    with market_tray.open(shared_home.root) as store:
        found = question.ask(store, "arrow")

    assert file.num_rows > 0
    assert found.schema.equals(file.schema)
    assert plain(found).equals(plain(file))


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
def test_pandas_is_the_file(shared_home: Home, exported: Path, question: Question) -> None:
    file = read(exported, question.file).to_pandas(date_as_object=False)
    with market_tray.open(shared_home.root) as store:
        found = question.ask(store, "pandas")

    assert isinstance(found, pd.DataFrame)
    pd.testing.assert_frame_equal(found, file, check_categorical=False)


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
def test_polars_is_the_file(shared_home: Home, exported: Path, question: Question) -> None:
    file = pl.read_parquet(exported / f"{question.file}.parquet")
    with market_tray.open(shared_home.root) as store:
        found = question.ask(store, "polars")

    assert isinstance(found, pl.DataFrame)
    assert found.columns == file.columns
    assert found.rows() == file.rows()


def test_pandas_is_the_form_unless_asked(shared_home: Home) -> None:
    with market_tray.open(shared_home.root) as store:
        bars = store.prices(start=LAST)
        assert isinstance(bars, pd.DataFrame)
        assert isinstance(store.calendar(as_="arrow"), pa.Table)
        with pytest.raises(BadInput) as refused:
            store.calendar(as_="numpy")  # type: ignore[call-overload]
    assert bars.dtypes["trade_date"] == "datetime64[ms]"
    assert bars.dtypes["instrument_name"] == "category"
    assert refused.value.hint == "Allowed: pandas, arrow, polars."


@pytest.mark.parametrize("form", FORMS)
def test_days_without_rows_give_an_empty_frame_of_the_same_columns(shared_home: Home, form: Any) -> None:
    ages_ago = date(2001, 1, 5)
    with market_tray.open(shared_home.root) as store:
        for question in (store.prices, store.indices, store.macro, store.crypto, store.factors):
            some, none = question(as_=form), question(None, ages_ago, ages_ago, as_=form)
            assert some.shape[0] > 0 == none.shape[0]
            assert some.shape[1] == none.shape[1]
        for dated in (store.news, store.stress, store.crypto_market, store.calendar):
            some, none = dated(as_=form), dated(ages_ago, ages_ago, as_=form)
            assert some.shape[0] > 0 == none.shape[0]
            assert some.shape[1] == none.shape[1]


def test_headlines_are_told_by_the_utc_date_they_were_published(shared_home: Home) -> None:
    with market_tray.open(shared_home.root) as store:
        (first,) = store.news(end=FIRST, as_="arrow").to_pylist()
        both = store.news()
    assert first == {
        "published_at": datetime(FIRST.year, FIRST.month, FIRST.day, 23, 59, 59, tzinfo=UTC),
        "title": "금리 동결",
        "outlet": "Yonhap",
        "link": "https://x.example/b",
        "language": "ko",
        "feed": "feed",
        "copies": 2,
        "first_seen_at": datetime(LAST.year, LAST.month, LAST.day, tzinfo=UTC),
        "is_time_first_seen": False,
    }
    assert list(both["title"]) == ["금리 동결", "Repo"]
    assert list(both["is_time_first_seen"]) == [False, True]
    assert both["published_at"].dt.tz is not None


def test_series_and_coins_are_chosen_by_name(shared_home: Home) -> None:
    with market_tray.open(shared_home.root) as store:
        assert set(store.macro(["^VIX", "SOFR"])["series_id"]) == {"^VIX", "SOFR"}
        assert set(store.crypto("bitcoin")["coin_id"]) == {"bitcoin"}
        assert set(store.indices("KOSPI:*")["index_class"]) == {"KOSPI"}
