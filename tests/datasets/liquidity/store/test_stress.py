"""The stress index in the store: whole days come back as they went in, and only what changed is written."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from support import NOW, dump, query

from tray_app.datasets.liquidity.reads import LiquidityReads, SourcePause
from tray_app.datasets.liquidity.rules.model import Band, Category, CategoryDay, InputReading, StressDay
from tray_app.datasets.liquidity.store.series import PauseStore
from tray_app.datasets.liquidity.store.stress import StressStore
from tray_app.datasets.liquidity.tables import STRESS_INDEX
from tray_app.store.database import Database
from tray_app.store.series import Provenance

DAY = date(2026, 8, 20)
SEEN = Provenance(NOW, 1)
LATER = Provenance(NOW + timedelta(days=1), 2)


@pytest.fixture
def store(database: Database) -> StressStore:
    return StressStore(database)


@pytest.fixture
def reads(database: Database) -> LiquidityReads:
    return LiquidityReads(database)


def reading(value: float = 15.2) -> InputReading:
    return InputReading("vix", "^VIX", value, 0.25, DAY, 1)


def a_day(day: date = DAY, z: float = 0.3) -> StressDay:
    return StressDay(
        date=day,
        z=z,
        score=71.5,
        band=Band.WATCH,
        breadth=None,
        coverage=0.6,
        repo_flag=True,
        repo_label="quarter-end",
        categories=(
            CategoryDay(Category.RATES, 0.1, 0.1, 0.02, ()),
            CategoryDay(Category.EQUITY, 0.5, 0.2, 0.28, (reading(),)),
        ),
    )


def test_a_day_comes_back_whole(store: StressStore, reads: LiquidityReads) -> None:
    assert store.store([a_day()], SEEN) == 1
    assert reads.stress_day(DAY) == a_day()
    assert reads.stress_day(DAY + timedelta(days=1)) is None
    assert reads.newest_stress_date() == DAY


def test_the_light_days_carry_contributions_and_sub_indices(store: StressStore, reads: LiquidityReads) -> None:
    store.store([a_day(), a_day(DAY + timedelta(days=1))], SEEN)
    first, second = reads.stress_days()
    assert (first.date, second.date) == (DAY, DAY + timedelta(days=1))
    assert (first.z, first.score, first.band, first.breadth, first.coverage) == (0.3, 71.5, Band.WATCH, None, 0.6)
    assert (first.repo_flag, first.repo_label) == (True, "quarter-end")
    assert first.contributions == {Category.RATES: 0.02, Category.EQUITY: 0.28}
    assert first.sub_indices == {Category.RATES: 0.1, Category.EQUITY: 0.5}
    assert reads.stress_days(since=DAY + timedelta(days=1)) == (second,)


def test_the_same_history_twice_changes_nothing(database: Database, store: StressStore) -> None:
    store.store([a_day()], SEEN)
    before = dump(database)
    assert store.store([a_day()], LATER) == 0
    assert dump(database) == before


def test_only_the_changed_day_is_written(database: Database, store: StressStore) -> None:
    later = DAY + timedelta(days=1)
    store.store([a_day(), a_day(later)], SEEN)
    assert store.store([a_day(), a_day(later, z=0.4)], LATER) == 1
    assert query(database, "SELECT date, run_id FROM stress_index ORDER BY date") == [(str(DAY), 1), (str(later), 2)]


def test_an_input_that_was_corrected_without_moving_the_index_is_written(
    store: StressStore, reads: LiquidityReads
) -> None:
    store.store([a_day()], SEEN)
    rates, equity = a_day().categories
    corrected = replace(a_day(), categories=(rates, replace(equity, inputs=(reading(15.3),))))
    assert store.store([corrected], LATER) == 1
    assert reads.stress_day(DAY) == corrected


def test_what_is_computed_no_more_goes(store: StressStore, reads: LiquidityReads) -> None:
    later = DAY + timedelta(days=1)
    store.store([a_day(), a_day(later)], SEEN)
    fewer = replace(a_day(later), categories=a_day().categories[:1])
    assert store.store([fewer], LATER) == 1
    assert reads.stress_day(DAY) is None
    assert reads.stress_day(later) == fewer


def restated(database: Database) -> list[tuple[object, ...]]:
    return query(
        database,
        "SELECT row_key, column_name, old, new, run_id FROM restatements WHERE table_name = ?",
        STRESS_INDEX.name,
    )


def test_a_final_day_that_is_told_otherwise_keeps_what_it_said(database: Database, store: StressStore) -> None:
    later = DAY + timedelta(days=1)
    store.store([a_day(), a_day(later)], SEEN)
    changed = replace(a_day(), z=0.7, score=88.0, band=Band.ELEVATED)
    store.store([changed, a_day(later), a_day(later + timedelta(days=1))], LATER)
    assert restated(database) == [
        (str(DAY), "band", "watch", "elevated", 2),
        (str(DAY), "score", "71.5", "88.0", 2),
        (str(DAY), "z", "0.3", "0.7", 2),
    ]


def test_a_provisional_day_may_move_and_is_final_once_it_is_not(
    database: Database, store: StressStore, reads: LiquidityReads
) -> None:
    store.store([replace(a_day(), is_provisional=True)], SEEN)
    found = reads.stress_day(DAY)
    assert found is not None
    assert found.is_provisional
    assert reads.stress_days()[0].is_provisional
    assert store.store([a_day(z=0.4)], LATER) == 1
    assert reads.stress_day(DAY) == a_day(z=0.4)
    assert restated(database) == []
    store.store([a_day(z=0.5)], LATER)
    assert [row[1:4] for row in restated(database)] == [("z", "0.4", "0.5")]


def test_a_day_that_goes_is_restated_and_rounding_is_not(database: Database, store: StressStore) -> None:
    later = DAY + timedelta(days=1)
    store.store([replace(a_day(), breadth=0.5), a_day(later)], SEEN)
    store.store([a_day(later, z=0.3 + 1e-12)], LATER)
    assert {row[0] for row in restated(database)} == {str(DAY)}
    assert ("z", "0.3", None) in [row[1:4] for row in restated(database)]


def test_an_empty_history_changes_nothing(store: StressStore, reads: LiquidityReads) -> None:
    store.store([a_day()], SEEN)
    assert store.store([], LATER) == 0
    assert reads.stress_day(DAY) == a_day()


def test_a_pause_outlives_its_writer_and_ends_by_itself(database: Database, reads: LiquidityReads) -> None:
    until = NOW + timedelta(minutes=60)
    PauseStore(database).pause("yahoo", until, "too many calls")
    assert reads.source_pause("yahoo", NOW) == SourcePause(until, "too many calls")
    assert reads.source_pause("fred", NOW) is None
    # The clock had been a month ahead.
    assert reads.source_pause("yahoo", NOW - timedelta(days=30)) is None
    assert reads.source_pause("yahoo", until) is None
    PauseStore(database).pause("yahoo", until + timedelta(minutes=5), "again")
    assert reads.source_pause("yahoo", until) == SourcePause(until + timedelta(minutes=5), "again")
