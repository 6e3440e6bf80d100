"""Sums follow every statement of this program and no other's; every store of the tests is held to them at its end."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from datasets.krx.store.test_migrated_listings import LISTINGS, RELEASED, add
from hypothesis import given, settings
from hypothesis import strategies as st
from sums import check_sums, kept_and_true
from support import NOW, examples, open_store, query

from tray_app.datasets.schema import SCHEMA
from tray_app.store import migrations, sums
from tray_app.store.database import Database
from tray_app.store.lifecycle import backup, open_database
from tray_app.store.restoring import restore

DAYS = ("2025-12-31", "2026-01-01", "2026-01-02")
INSERT = "INSERT INTO macro_observation VALUES (?, ?, ?, '', 1)"
SERIES, DAY, VALUE = st.sampled_from(("A", "나")), st.sampled_from(DAYS), st.floats(-9, 9) | st.just(-0.0)
WRITES = st.one_of(
    st.tuples(st.just(f"{INSERT} ON CONFLICT DO UPDATE SET value = excluded.value"), SERIES, DAY, VALUE),
    st.tuples(st.just(INSERT.replace("INSERT", "INSERT OR REPLACE")), SERIES, DAY, VALUE),
    st.tuples(st.just("UPDATE macro_observation SET value = value + ? WHERE series_id = ?"), VALUE, SERIES),
    st.tuples(st.just("UPDATE OR REPLACE macro_observation SET date = ? WHERE series_id = ?"), DAY, SERIES),
    st.tuples(st.just("UPDATE OR REPLACE macro_observation SET series_id = ? WHERE date = ?"), SERIES, DAY),
    st.tuples(st.just("UPDATE macro_observation SET first_seen_at = ?"), DAY),
    st.tuples(st.just("DELETE FROM macro_observation WHERE date = ?"), DAY),
    st.tuples(st.just("DELETE FROM macro_observation")),
)
Write = tuple[object, ...]


def write(database: Database, *writes: Write) -> None:
    with database.writing() as connection:
        for statement, *values in writes:
            connection.execute(str(statement), values)


@settings(max_examples=examples(30))
@given(st.lists(st.tuples(st.lists(WRITES, max_size=6), st.booleans()), max_size=6))
def test_sums_follow_whatever_is_written_in_transactions_kept_or_undone(
    transactions: Sequence[tuple[Sequence[Write], bool]],
) -> None:
    database = open_database(Path(":memory:"), Path("unused"), NOW, SCHEMA)
    try:
        for writes, is_undone in transactions:
            if is_undone:
                with pytest.raises(sqlite3.ProgrammingError):
                    write(database, *writes, ("SELECT ?",))
            else:
                write(database, *writes)
            check_sums(database)
    finally:
        database.close_thread()


def test_a_bulk_of_rows_is_summed_as_single_ones_are(database: Database) -> None:
    days = [date.fromordinal(738_000 + number).isoformat() for number in range(900)]
    rows = [(INSERT, f"S{number % 3}", day, number / 7) for number, day in enumerate(days)]
    write(database, *rows)
    check_sums(database)
    write(database, ("UPDATE macro_observation SET value = -value WHERE value > 30",))
    kept, true = kept_and_true(database)
    assert kept == true
    assert sum(row[3] for row in kept) == 900


def test_no_transaction_is_committed_with_rows_that_were_not_added_up(database: Database) -> None:
    with database.reading() as connection:
        sums.watch(connection, SCHEMA)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(INSERT, ("A", DAYS[0], 1.0))
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            connection.execute("COMMIT")
        connection.execute("ROLLBACK")
    assert query(database, "SELECT COUNT(*) FROM macro_observation") == [(0,)]


def test_a_row_that_changed_on_the_disk_stays_visible_when_others_of_its_year_are_written(database: Database) -> None:
    write(database, (INSERT, "A", DAYS[1], 1.0), (INSERT, "B", DAYS[1], 1.0))
    with closing(sqlite3.connect(database.path)) as other, other:
        other.execute("UPDATE macro_observation SET value = 2.0 WHERE series_id = 'A'")
    write(database, (INSERT, "A", DAYS[2], 3.0), ("UPDATE macro_observation SET value = 5.0 WHERE series_id = 'B'",))
    kept, true = kept_and_true(database)
    assert [row[1] for row, other in zip(kept, true, strict=True) if row != other] == ["A"]
    write(database, ("UPDATE macro_observation SET value = 1.0 WHERE series_id = 'B'",))
    with closing(sqlite3.connect(database.path)) as other, other:
        other.execute("UPDATE macro_observation SET value = 1.0 WHERE series_id = 'A' AND date = ?", (DAYS[1],))
    check_sums(database)


def test_what_is_given_whole_replaces_what_was_noted(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(
            "INSERT INTO stress_index (date, z, score, band, coverage, repo_flag, repo_label, updated_at, run_id)"
            " VALUES ('2026-01-02', 0.5, 60.0, 'calm', 1.0, 0, '', '', 1)"
        )
        sums.set_sum(connection, "stress_index", "", "2026-01-02", 7, 8, 9)
    found = "SELECT rows, total, rest FROM data_sums WHERE table_name = 'stress_index'"
    assert query(database, found) == [(7, 8, 9)]
    with database.writing() as connection:
        sums.rebuild(connection, SCHEMA.summed)


def test_a_store_of_an_older_version_gets_right_sums_and_a_restored_one_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "market.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for step in range(1, RELEASED + 1):
            migrations.apply(connection, step)
        add(connection, LISTINGS)
        connection.executemany(INSERT, [("A", day, 1.5) for day in DAYS])
    database = open_database(path, tmp_path / "backups", NOW, SCHEMA)
    check_sums(database)
    assert {row[0] for row in kept_and_true(database)[0]} >= {"instruments", "macro_observation"}
    copy = backup(database, tmp_path / "copy.db")
    write(database, ("UPDATE macro_observation SET value = 2.5",))
    database.close_thread()
    restore(copy, path, NOW, SCHEMA)
    with open_store(tmp_path) as restored:
        assert query(restored, "SELECT DISTINCT value FROM macro_observation") == [(1.5,)]
        check_sums(restored)


def test_a_row_that_changed_on_the_disk_has_its_sum_again_once_it_is_collected_again(database: Database) -> None:
    write(database, *[(INSERT, "A", day, 1.0) for day in DAYS], *[(INSERT, "B", day, 1.0) for day in DAYS])
    spoiled = "UPDATE macro_observation SET value = value + 5 WHERE series_id = 'A' AND date = ?"
    again = f"{INSERT} ON CONFLICT DO UPDATE SET value = excluded.value"
    with closing(sqlite3.connect(database.path)) as foreign, foreign:
        foreign.execute("DELETE FROM macro_observation WHERE series_id = 'A' AND date = ?", DAYS[2:])
    write(database, (again, "A", DAYS[2], 1.0))
    check_sums(database)
    for damaged, other in ((DAYS[1:], 1.0), (DAYS[1:2], 3.0)):
        with closing(sqlite3.connect(database.path)) as foreign, foreign:
            foreign.executemany(spoiled, [(day,) for day in damaged])
        kept, true = kept_and_true(database)
        assert kept != true
        write(database, *[(again, "A", day, 1.0) for day in damaged], (again, "B", DAYS[2], other))
        check_sums(database)
