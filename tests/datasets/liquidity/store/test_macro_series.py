"""Macro series in the store: nothing is ever taken away, what was first seen stays so, corrections are kept."""

from datetime import UTC, date, datetime, timedelta

import pytest
from support import NOW, dump, query

from tray_app.core.coverage import Coverage
from tray_app.core.series import SeriesPoint
from tray_app.datasets.liquidity.catalogue import Provider, catalogue
from tray_app.datasets.liquidity.reads import LiquidityReads
from tray_app.datasets.liquidity.rules.model import Observation
from tray_app.datasets.liquidity.store.series import MacroStore, SeriesUpdate
from tray_app.store.database import Database
from tray_app.store.series import Provenance

FIRST = date(2026, 8, 17)
SEEN = Provenance(NOW, 1)
LATER = Provenance(NOW + timedelta(days=1), 2)
WINDOW = Coverage(FIRST, date(2026, 8, 22))


@pytest.fixture
def store(database: Database) -> MacroStore:
    return MacroStore(database)


def points(*values: float, first: date = FIRST) -> list[SeriesPoint]:
    return [SeriesPoint(first + timedelta(days=offset), value) for offset, value in enumerate(values)]


def answer(*values: float, first: date = FIRST, provisional: bool = False, revised: bool = False) -> SeriesUpdate:
    return SeriesUpdate(points(*values, first=first), WINDOW, provisional, revised)


def restated(database: Database) -> list[tuple[object, ...]]:
    return query(database, "SELECT table_name, row_key, column_name, old, new, run_id FROM restatements")


def test_the_same_answer_twice_changes_nothing(database: Database, store: MacroStore) -> None:
    assert store.store("SOFR", answer(5.3, 5.31), SEEN).rows == 2
    before = dump(database)
    assert store.store("SOFR", answer(5.3, 5.31), LATER).rows == 0
    assert dump(database) == before


def test_a_source_that_shortens_its_history_takes_nothing_away(database: Database, store: MacroStore) -> None:
    store.store("BAMLH0A0HYM2", answer(3.1, 3.2, 3.3), SEEN)
    store.store("BAMLH0A0HYM2", answer(3.3, 3.4, first=FIRST + timedelta(days=2)), LATER)
    reads = LiquidityReads(database)
    assert [point.value for point in reads.observations("BAMLH0A0HYM2")] == [3.1, 3.2, 3.3, 3.4]


def test_a_correction_keeps_what_was_said_before_and_when_it_was_first_seen(
    database: Database, store: MacroStore
) -> None:
    store.store("EFFR", answer(5.33), SEEN)
    kept = store.store("EFFR", answer(5.34), LATER)
    assert kept.rows == len(kept.restated) == 1
    assert restated(database) == [("macro_observation", "EFFR/2026-08-17", "value", "5.33", "5.34", 2)]
    assert query(database, "SELECT value, first_seen_at, run_id FROM macro_observation") == [
        (5.34, "2026-08-22T10:50:00Z", 2)
    ]


def test_the_provisional_last_value_may_move(database: Database, store: MacroStore) -> None:
    store.store("^VIX", answer(15.0, 16.0, provisional=True), SEEN)
    assert store.store("^VIX", answer(15.0, 16.5, provisional=True), LATER).rows == 1
    assert restated(database) == []
    store.store("^VIX", answer(15.5, 16.5, provisional=True), LATER)
    assert [row[1] for row in restated(database)] == ["^VIX/2026-08-17"]


def test_an_index_that_is_revised_wholesale_fills_no_list_of_restatements(
    database: Database, store: MacroStore
) -> None:
    store.store("NFCI", answer(-0.5, -0.4, revised=True), SEEN)
    assert store.store("NFCI", answer(-0.51, -0.41, revised=True), LATER).rows == 2
    assert restated(database) == []


def test_coverage_holds_what_was_asked_for_though_no_value_came(database: Database, store: MacroStore) -> None:
    store.store("TEDRATE", SeriesUpdate((), WINDOW), SEEN)
    reads = LiquidityReads(database)
    assert reads.series_coverage("TEDRATE") == WINDOW
    assert reads.observations("TEDRATE") == ()


def test_the_index_reads_the_values_whenever_they_were_first_seen(database: Database, store: MacroStore) -> None:
    store.store("SOFR", answer(5.3), SEEN)
    store.store("SOFR", answer(5.3, 5.4), LATER)
    assert store.inputs(["SOFR", "IORB"]) == {
        "SOFR": (
            Observation(FIRST, 5.3),
            Observation(FIRST + timedelta(days=1), 5.4),
        ),
        "IORB": (),
    }


def test_series_tell_their_newest_value(database: Database, store: MacroStore) -> None:
    store.name_series(catalogue())
    before = dump(database)
    store.name_series(catalogue())
    assert dump(database) == before
    store.store("SOFR", answer(5.3, 5.31), SEEN)
    reads = LiquidityReads(database)
    series = {each.series_id: each for each in reads.series()}
    assert set(series) == {each.series_id for each in catalogue()}
    sofr, vix = series["SOFR"], series["^VIX"]
    assert (sofr.newest, sofr.newest_value, sofr.count) == (FIRST + timedelta(days=1), 5.31, 2)
    assert sofr.first_seen_at == datetime(2026, 8, 22, 10, 50, tzinfo=UTC)
    assert (vix.provider, vix.newest, vix.newest_value, vix.count) == (Provider.YAHOO, None, None, 0)
    assert reads.newest_observation("SOFR") == FIRST + timedelta(days=1)
    assert reads.newest_observation("^VIX") is None


def test_observations_may_begin_later(database: Database, store: MacroStore) -> None:
    store.store("SOFR", answer(5.3, 5.31), SEEN)
    since = FIRST + timedelta(days=1)
    assert LiquidityReads(database).observations("SOFR", since) == (SeriesPoint(since, 5.31),)
