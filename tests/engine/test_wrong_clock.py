"""A clock that was ahead or behind: it is named, no source is blamed for it, and what it left behind is taken back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from machine import NO_HISTORY, an_engine_of
from support import HOSTS, NOW, Clock, a_run, open_store

from tray_app.core.checks import clock_check
from tray_app.core.checks.clock_check import ClockCheck
from tray_app.core.days import day_number
from tray_app.core.errors import WrongClock
from tray_app.core.health import Finding
from tray_app.core.model import CollectorName, Job, Run, RunStatus, Trigger
from tray_app.datasets.schema import SCHEMA
from tray_app.demo.server import SampleServer
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.doctor import examine
from tray_app.store.clock_repair import ClockRepair, instants
from tray_app.store.runs import RunStore

LIQUIDITY, CRYPTO, NEWS, KRX = "liquidity", "crypto", "news", "krx"
YEAR = timedelta(days=365)
LATER = NOW + timedelta(days=3)


@pytest.fixture
def upstream(clock: Clock) -> Iterator[SampleServer]:
    with SampleServer(clock.now, hosts=HOSTS) as running:
        yield running


def collected(home: Path, upstream: SampleServer, at: datetime, name: CollectorName = LIQUIDITY) -> Run:
    with an_engine_of((name,), home, upstream.url, MARKET_TRAY_NOW=at.isoformat(), **NO_HISTORY) as engine:
        return engine.collect(Job(name, Trigger.MANUAL_CLI), CancelFlag())


def told(run: Run) -> str:
    return " ".join(step.note for step in run.steps)


def rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "market.db")) as connection:
        return connection.execute(sql).fetchall()


def ahead_of(home: Path, limit: datetime) -> list[tuple[str, str]]:
    """Return the columns of instants in which something lies ahead."""
    text = limit.strftime("%Y-%m-%dT%H:%M:%SZ")
    return [
        (table, column)
        for table, column in instants(SCHEMA)
        if rows(home, f"SELECT 1 FROM {table} WHERE {column} > '{text}' LIMIT 1")
    ]


SERIES = "SELECT series, covered_through FROM series_progress ORDER BY series"
VALUES = "SELECT series_id, date, value FROM macro_observation ORDER BY series_id, date"
INDEX = "SELECT date, z, score, band, is_provisional FROM stress_index ORDER BY date"


# --- a run with a wrong clock -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [LIQUIDITY, CRYPTO])
@pytest.mark.parametrize("off", [YEAR, -YEAR])
def test_a_run_by_a_wrong_clock_names_it_and_stores_nothing(
    tmp_path: Path, upstream: SampleServer, name: CollectorName, off: timedelta
) -> None:
    run = collected(tmp_path, upstream, NOW + off, name)
    assert run.status is RunStatus.FAILED
    # FRED has no key here, and is not asked.
    assert all("clock" in step.note for step in run.steps if step.name != "fred")
    assert run.worth_retrying
    for table in ("macro_observation", "crypto_price", "crypto_metric", "stress_index", "news_article"):
        assert rows(tmp_path, f"SELECT COUNT(*) FROM {table}") == [(0,)]


def test_a_clock_off_by_days_is_named_before_a_source_is_told_to_be_late(
    tmp_path: Path, upstream: SampleServer
) -> None:
    run = collected(tmp_path, upstream, LATER, CRYPTO)
    late = [step.note for step in run.steps if step.warnings]
    assert late
    assert all(note.startswith("This computer's clock shows 2026-08-25") for note in late)


def test_a_clock_off_by_days_is_named_by_a_run_in_which_all_went_well(tmp_path: Path, upstream: SampleServer) -> None:
    run = collected(tmp_path, upstream, LATER, NEWS)
    assert run.status is RunStatus.SUCCESS
    assert run.message.startswith("This computer's clock shows 2026-08-25")
    assert all("clock" not in step.note for step in run.steps)


def test_a_clock_that_is_right_is_not_spoken_of(tmp_path: Path, upstream: SampleServer) -> None:
    assert "clock" not in told(collected(tmp_path, upstream, NOW))


def test_one_host_with_a_clock_of_its_own_is_no_reason_to_doubt_ours() -> None:
    check = ClockCheck(lambda: NOW)
    check.hear("one.example", NOW + timedelta(seconds=20))
    check.hear("odd.example", NOW - YEAR)
    assert not check.is_far_off
    assert not check.said
    other = ClockCheck(lambda: NOW)
    with pytest.raises(WrongClock, match=r"odd\.example"):
        other.hear("odd.example", NOW - YEAR)
    assert other.is_far_off
    other.hear("one.example", NOW)
    assert not other.is_far_off


# --- what a clock that was ahead left ---------------------------------------------------------------------------------


def undisturbed(home: Path, upstream: SampleServer, clock: Clock) -> None:
    clock.at = NOW
    collected(home, upstream, NOW)
    clock.at = LATER
    collected(home, upstream, LATER)


@pytest.mark.parametrize("sources", ["right", "ahead too"])
def test_after_a_run_ahead_the_right_clocks_next_run_is_as_if_it_had_not_been(
    tmp_path: Path, upstream: SampleServer, clock: Clock, monkeypatch: pytest.MonkeyPatch, sources: str
) -> None:
    home, plain = tmp_path / "home", tmp_path / "plain"
    collected(home, upstream, NOW)
    # As stores were left before answers' dates were looked at, or where no answer bore one.
    with monkeypatch.context() as before:
        before.setattr(clock_check, "FAR_OFF", 10 * YEAR)
        clock.at = NOW + YEAR if sources == "ahead too" else NOW
        collected(home, upstream, NOW + YEAR)
    assert ahead_of(home, LATER)
    clock.at = LATER
    run = collected(home, upstream, LATER)
    assert ahead_of(home, LATER + timedelta(minutes=10)) == []
    assert next(step for step in run.steps if step.name == "stress_calc").data_date == LATER.date() - timedelta(days=1)
    undisturbed(plain, upstream, clock)
    for what in (VALUES, INDEX, SERIES):
        assert rows(home, what) == rows(plain, what)


def test_crypto_after_a_run_ahead(
    tmp_path: Path, upstream: SampleServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_check, "FAR_OFF", 10 * YEAR)
    collected(tmp_path, upstream, NOW + YEAR, CRYPTO)
    clock.at = LATER
    assert collected(tmp_path, upstream, LATER, CRYPTO).status is RunStatus.SUCCESS
    assert ahead_of(tmp_path, LATER + timedelta(minutes=10)) == []
    assert rows(tmp_path, "SELECT COUNT(*) FROM data_quality_issues WHERE trade_date > '2026-08-26'") == [(0,)]


def test_a_day_of_the_exchange_is_not_left_alone_until_the_wrong_time(tmp_path: Path, database_of_past: Path) -> None:
    with open_store(database_of_past, LATER) as database:
        assert ClockRepair(database).ahead(LATER) is not None
        ClockRepair(database).repair(LATER)
        assert ClockRepair(database).ahead(LATER) is None
    waits = rows(database_of_past, "SELECT trade_date, next_try_at FROM day_ledger")
    assert waits == [("2026-08-24", "2026-08-25T10:50:00Z")]


@pytest.fixture
def database_of_past(tmp_path: Path) -> Path:
    with open_store(tmp_path, LATER) as database:
        RunStore(database).start(Job(KRX, Trigger.SCHEDULER), NOW + YEAR)
        with database.writing() as connection:
            connection.executemany(
                "INSERT INTO day_ledger (dataset, market_code, trade_date, state, next_try_at, run_id)"
                " VALUES ('daily', 'KOSPI', ?, 'unpublished', '2027-08-22T11:02:29Z', 1)",
                [("2026-08-24",), ("2027-08-20",)],
            )
    return tmp_path


def test_a_clock_that_went_back_takes_nothing_back(tmp_path: Path, upstream: SampleServer, clock: Clock) -> None:
    collected(tmp_path, upstream, NOW)
    seen = rows(tmp_path, "SELECT MAX(first_seen_at) FROM macro_observation")
    values = rows(tmp_path, VALUES)
    clock.at = NOW + timedelta(hours=1)
    collected(tmp_path, upstream, NOW - YEAR)
    assert rows(tmp_path, "SELECT MAX(first_seen_at) FROM macro_observation") == seen
    assert rows(tmp_path, VALUES) == values


def test_rows_of_the_exchange_were_not_collected_later_than_now(tmp_path: Path) -> None:
    at = [int((NOW + later).timestamp()) for later in (timedelta(days=-1), timedelta(), YEAR)]
    with open_store(tmp_path) as database:
        with database.writing() as connection:
            connection.executemany(
                "INSERT INTO benchmark_index_data"
                " (trade_date, index_id, close, record_status, source_name, collected_at, run_id)"
                " VALUES (?, 1, 100, 0, 0, ?, 1)",
                enumerate(at, start=day_number(NOW.date())),
            )
        ClockRepair(database).repair(NOW)
        with database.reading() as connection:
            found = connection.execute("SELECT collected_at FROM benchmark_index_data ORDER BY trade_date").fetchall()
    assert found == [(at[0],), (at[1],), (at[1],)]


def test_what_a_source_was_said_to_lack_of_days_that_were_not_so_old_is_taken_back(tmp_path: Path) -> None:
    today = NOW.date()
    with open_store(tmp_path) as database:
        spans = [(14, 20), (14, 13), (112, 200), (112, 111), (2, -100)]
        with database.writing() as connection:
            for number, (age, last) in enumerate(spans):
                day = (today - timedelta(days=last)).isoformat()
                connection.execute("INSERT INTO blank_days VALUES (?, ?, ?, ?)", (str(number), day, day, age))
        ClockRepair(database).repair(NOW)
        with database.reading() as connection:
            assert connection.execute("SELECT series FROM blank_days ORDER BY 1").fetchall() == [("0",), ("2",)]


def test_every_instant_of_the_store_is_looked_at(tmp_path: Path) -> None:
    # The log keeps what it was told; locks and jobs belong to processes; a pause is the user's.
    apart = {"collection_runs", "export_jobs", "lease", "stress_index"}
    with open_store(tmp_path) as database, database.reading() as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {
            (table, row[1])
            for table in tables
            for row in connection.execute(f"PRAGMA table_info({table})")
            if row[1].endswith(("_at", "_utc", "_since")) or row[1] == "until"
        }
    assert {each for each in found if each[0] not in apart} == set(instants(SCHEMA))


# --- doctor -------------------------------------------------------------------------------------------------------


def found(home: Path, upstream: SampleServer, at: datetime) -> dict[str, Finding]:
    with an_engine_of((CRYPTO, LIQUIDITY), home, upstream.url, MARKET_TRAY_NOW=at.isoformat()) as engine:
        return {finding.what: finding for finding in examine(engine)}


@pytest.mark.parametrize(
    ("off", "word"), [(YEAR, "365 d 0 h 0 min ahead"), (-YEAR, "behind"), (timedelta(minutes=9), "9 min ahead")]
)
def test_doctor_compares_the_clock_with_the_answers(
    tmp_path: Path, upstream: SampleServer, off: timedelta, word: str
) -> None:
    findings = found(tmp_path, upstream, NOW + off)
    assert not findings["Clock"].is_well
    assert word in findings["Clock"].advice
    assert findings["api.coingecko.com"].is_well


def test_doctor_believes_the_hosts_more_than_a_run_that_was_ahead(tmp_path: Path, upstream: SampleServer) -> None:
    with open_store(tmp_path) as database:
        runs = RunStore(database)
        run = runs.start(Job(CRYPTO, Trigger.MANUAL_CLI), NOW + YEAR)
        runs.finish(a_run(run_id=run.run_id, started_at=NOW + YEAR, finished_at=NOW + YEAR))
    assert found(tmp_path, upstream, NOW)["Clock"].is_well


def test_doctor_says_why_a_host_does_not_answer(tmp_path: Path, upstream: SampleServer) -> None:
    upstream.stop()
    findings = found(tmp_path, upstream, NOW)
    assert "connection refused" in findings["api.coingecko.com"].detail
    assert findings["Clock"].is_well
