"""Every step from an empty file to the present schema, and the models that must agree with it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support import NOW, open_store, query

from tray_app.core.errors import DatabaseNewer
from tray_app.core.table import Added, Column, Kind, Period, Sums, Table, maybe
from tray_app.datasets.schema import SCHEMA
from tray_app.store import migrations
from tray_app.store.database import Database
from tray_app.store.lifecycle import open_database
from tray_app.store.migrations import MIGRATIONS, Migration, Schema

VERSION = SCHEMA.version
# What each step adds: a new step belongs here, with a test of what it does to rows that are there.
TABLES_AFTER = {
    1: {
        "api_usage",
        "backfill_requests",
        "collection_runs",
        "crypto_metric",
        "crypto_price",
        "engine_state",
        "lease",
        "restatements",
        "series_progress",
    },
    2: {
        "benchmark_index_data",
        "daily_market_data",
        "data_quality_issues",
        "day_ledger",
        "day_summary",
        "indices",
        "instrument_names",
        "instruments",
        "month_stamp",
        "price_adjustment_factors",
        "trading_calendar",
    },
    3: {"export_jobs"},
    4: {
        "fed_document",
        "fed_sentence",
        "macro_observation",
        "macro_series",
        "news_article",
        "news_copy",
        "source_pause",
        "stress_contribution",
        "stress_index",
    },
    5: set(),
    6: set(),
    7: set(),
    8: {"earlier_uids"},
    9: set(),
    10: set(),
    11: {"data_sums"},
    12: {"instrument_sections"},
    13: set(),
    14: {"etf_daily_data"},
    15: {"asked_again"},
    16: set(),
    17: {"source_answers"},
    18: set(),
    19: {"blank_days"},
    20: set(),
    21: set(),
    22: set(),
    23: set(),
    24: {"session_marks", "doubted_ends"},
}
EVERY_TABLE = {model._meta.table_name for model in SCHEMA.models}


def followed_by(step: Migration) -> tuple[Migration, ...]:
    """Return the steps with one more behind the newest, which a table may have made by itself."""
    return (*MIGRATIONS, *(Migration("made by its table", ()),) * (VERSION - len(MIGRATIONS)), step)


@pytest.fixture
def memory() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


def tables(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {row[0] for row in rows}


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_every_step_is_named_here_and_does_what_it_says(version: int, memory: sqlite3.Connection) -> None:
    for step in range(1, version + 1):
        migrations.apply(memory, step)
    assert migrations.schema_version(memory) == version
    assert TABLES_AFTER[version] <= tables(memory)
    assert MIGRATIONS[version - 1].purpose


def test_a_fresh_file_has_the_present_schema(database: Database) -> None:
    with database.reading() as connection:
        assert migrations.schema_version(connection) == VERSION
        assert tables(connection) == EVERY_TABLE
        settings = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 10_000}


def shape(connection: sqlite3.Connection) -> dict[str, Any]:
    """Return everything that is made in a file, whatever statements made it."""
    made: dict[str, Any] = {}
    for kind, name, sql in connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    ).fetchall():
        if kind != "table":
            made[name] = " ".join(sql.split())
            continue
        columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
        has_row_number = "WITHOUT ROWID" not in sql
        keys = [column[1] for column in columns if column[5]]
        indices = connection.execute(f"PRAGMA index_list({name})").fetchall()
        made[name] = (
            # A key that is SQLite's own row number is never null, though the schema does not say so.
            [(*each[:3], each[3] or (has_row_number and keys == [each[1]]), *each[4:]) for each in columns],
            sorted(connection.execute(f"PRAGMA foreign_key_list({name})")),
            sorted(
                (*each[2:], str(connection.execute(f"PRAGMA index_info({each[1]})").fetchall())) for each in indices
            ),
            has_row_number,
            "AUTOINCREMENT" in sql,
        )
    return made


def test_what_the_steps_make_of_an_empty_file_equals_a_fresh_one(
    database: Database, memory: sqlite3.Connection
) -> None:
    for version in range(1, VERSION + 1):
        SCHEMA.step(memory, version)
    with database.reading() as connection:
        assert shape(memory) == shape(connection)
        assert migrations.schema_version(memory) == migrations.schema_version(connection) == VERSION


def test_the_models_write_and_read_rows_of_the_schema(database: Database) -> None:
    for model in SCHEMA.models:
        with database.reading():
            assert list(model.select().tuples().execute(database.peewee)) == []


def test_a_column_that_comes_later_is_added_to_files_that_are_there_and_summed(tmp_path: Path) -> None:
    key, old = Column("date", Kind.DATE), maybe("old", Kind.FLOAT)
    new = maybe("new", Kind.FLOAT, added=Added(VERSION + 1, 3))
    before, after = (
        Table("values_of_days", key=("date",), columns=columns, sums=Sums(Period.DAY, "date"))
        for columns in ((key, old), (key, new, old))
    )
    paths = tmp_path / "market.db", tmp_path / "backups"
    database = open_database(*paths, NOW, Schema((*SCHEMA.tables, before)))
    with database.writing() as connection:
        connection.execute("INSERT INTO values_of_days VALUES ('2026-08-22', 1.5)")
    database.close_thread()
    later = Schema((*SCHEMA.tables, after))
    database = open_database(*paths, NOW, later)
    with database.writing() as connection:
        assert migrations.schema_version(connection) == later.version == VERSION + 1
        assert connection.execute("SELECT date, old, new FROM values_of_days").fetchall() == [("2026-08-22", 1.5, None)]
        connection.execute("UPDATE values_of_days SET new = 2.5")
    with database.reading() as connection:
        migrated = shape(connection)
        sums = connection.execute("SELECT * FROM data_sums").fetchall()
    database.close_thread()
    assert [copy.name for copy in paths[1].iterdir()] == [f"market-schema{VERSION}-20260822T105000Z.db"]
    with pytest.raises(DatabaseNewer):
        open_database(*paths, NOW, Schema((*SCHEMA.tables, before)))
    fresh = open_database(tmp_path / "fresh.db", tmp_path / "unused", NOW, later)
    with fresh.writing() as connection:
        connection.execute("INSERT INTO values_of_days (date, old, new) VALUES ('2026-08-22', 1.5, 2.5)")
    with fresh.reading() as connection:
        assert shape(connection) == migrated
        assert connection.execute("SELECT * FROM data_sums").fetchall() == sums
    fresh.close_thread()


def test_a_table_that_comes_later_is_made_in_files_that_are_there(tmp_path: Path) -> None:
    with open_store(tmp_path):
        pass
    columns = (Column("date", Kind.DATE), maybe("value", Kind.FLOAT))
    later = Schema((*SCHEMA.tables, Table("later", key=("date",), columns=columns, added=VERSION + 1)))
    database = open_database(tmp_path / "market.db", tmp_path / "backups", NOW, later)
    fresh = open_database(tmp_path / "fresh.db", tmp_path / "unused", NOW, later)
    with database.reading() as connection, fresh.reading() as other:
        assert migrations.schema_version(connection) == VERSION + 1
        assert "later" in tables(connection)
        assert shape(connection) == shape(other)
    database.close_thread()
    fresh.close_thread()


def test_the_view_for_people_has_the_promised_columns(database: Database) -> None:
    with database.reading() as connection:
        cursor = connection.execute("SELECT * FROM collector_log")
        columns = [column[0] for column in cursor.description]
    assert columns == ["id", "date", "collector", "status", "duration", "details", "triggered_by", "created_at"]


def test_sessions_that_nothing_proved_are_asked_for_again_with_the_indices_that_lack_the_total(
    memory: sqlite3.Connection,
) -> None:
    for step in range(1, 22):
        migrations.apply(memory, step)
    rows = [
        ("equity", "KOSPI", "2024-01-05", "collected", None, "The market's total row is blank."),
        ("index", "KOSPI", "2024-01-05", "verified", None, ""),
        ("index", "KOSPI", "2024-01-08", "verified", None, ""),
        ("equity", "ETF", "2024-01-05", "collected", None, "5 rows, usually 9."),
        ("equity", "KOSDAQ", "2024-01-05", "collected", "2024-02-01T00:00:00Z", "A row is wrong."),
        ("equity", "KONEX", "2024-01-05", "collected", None, ""),
    ]
    memory.executemany(
        "INSERT INTO day_ledger (dataset, market_code, trade_date, state, rows, attempts, next_try_at, reason, run_id)"
        " VALUES (?, ?, ?, ?, 9, 1, ?, ?, 1)",
        rows,
    )
    migrations.apply(memory, 22)
    found = memory.execute("SELECT dataset, market_code, trade_date, state, next_try_at FROM day_ledger").fetchall()
    again = "2024-01-05T00:00:00Z"
    assert set(found) == {
        ("equity", "KOSPI", "2024-01-05", "unproven", again),
        ("index", "KOSPI", "2024-01-05", "unproven", again),
        ("index", "KOSPI", "2024-01-08", "verified", None),
        ("equity", "ETF", "2024-01-05", "unproven", again),
        ("equity", "KOSDAQ", "2024-01-05", "collected", "2024-02-01T00:00:00Z"),
        ("equity", "KONEX", "2024-01-05", "collected", None),
    }


def test_runs_logged_before_are_told_by_their_day_in_korea_and_their_steps(memory: sqlite3.Connection) -> None:
    for step in range(1, 9):
        migrations.apply(memory, step)
    memory.execute(
        "INSERT INTO collection_runs (collector, triggered_by, kind, status, started_at, data_date, steps, message)"
        " VALUES ('krx', 'scheduler', 'daily', 'failed', '2026-08-21T23:10:00Z', '2026-08-20', '[1]', 'KRX is down.')"
    )
    told = "SELECT date, details FROM collector_log"
    assert memory.execute(told).fetchall() == [("2026-08-20", "KRX is down.")]
    migrations.apply(memory, 9)
    assert memory.execute(told).fetchall() == [("2026-08-22", "[1]")]


def test_a_newer_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    with open_store(tmp_path):
        pass
    path = tmp_path / "market.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 5}")
    before = path.read_bytes()
    with pytest.raises(DatabaseNewer, match=f"schema {VERSION + 5}.*Update Market Tray"):
        open_database(path, tmp_path / "backups", NOW, SCHEMA)
    assert path.read_bytes() == before
    assert not (tmp_path / "backups").exists()


@pytest.fixture
def one_step_more(monkeypatch: pytest.MonkeyPatch) -> Migration:
    """Make this program one version newer than it is."""
    step = Migration("a table for the test", ("CREATE TABLE later (a TEXT)", "INSERT INTO later VALUES ('new')"))
    monkeypatch.setattr(migrations, "MIGRATIONS", followed_by(step))
    return step


def filled(folder: Path) -> None:
    with open_store(folder) as database, database.writing() as connection:
        connection.execute("INSERT INTO engine_state VALUES ('kept', 'old')")


def test_an_older_file_is_backed_up_and_then_brought_up_to_date(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    filled(tmp_path)
    request.getfixturevalue("one_step_more")
    with open_store(tmp_path) as database:
        assert query(database, "SELECT a FROM later") == [("new",)]
        assert query(database, "SELECT value FROM engine_state WHERE name = 'kept'") == [("old",)]
    [copy] = (tmp_path / "backups").iterdir()
    assert copy.name == f"market-schema{VERSION}-20260822T105000Z.db"
    with closing(sqlite3.connect(copy)) as connection:
        assert migrations.schema_version(connection) == VERSION
        assert connection.execute("SELECT value FROM engine_state WHERE name = 'kept'").fetchone() == ("old",)
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_the_backup_holds_what_is_still_in_the_log(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    # Another connection keeps the write-ahead log alive: copying the main file alone would lose the row.
    with open_store(tmp_path) as other:
        filled(tmp_path)
        assert (tmp_path / "market.db-wal").stat().st_size > 0
        request.getfixturevalue("one_step_more")
        with open_store(tmp_path):
            pass
        assert other.path.exists()
    [copy] = (tmp_path / "backups").iterdir()
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT value FROM engine_state WHERE name = 'kept'").fetchone() == ("old",)


def test_a_step_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path)
    bad = Migration("fails half way", ("CREATE TABLE half (a TEXT)", "CREATE TABLE half (a TEXT)"))
    monkeypatch.setattr(migrations, "MIGRATIONS", followed_by(bad))
    with pytest.raises(sqlite3.OperationalError), open_store(tmp_path):
        pass
    monkeypatch.undo()
    with open_store(tmp_path) as database, database.reading() as connection:
        assert "half" not in tables(connection)
        assert migrations.schema_version(connection) == VERSION


def test_a_file_that_another_process_brings_up_to_date_meanwhile_is_fine(tmp_path: Path) -> None:
    first = Database(tmp_path / "market.db", SCHEMA)
    with first.reading() as connection:
        assert migrations.schema_version(connection) == 0
    with open_store(tmp_path):
        pass
    first.close_thread()
    with open_store(tmp_path) as database, database.reading() as connection:
        assert tables(connection) == EVERY_TABLE


def test_the_index_of_another_definition_is_emptied_and_its_observations_stay(memory: sqlite3.Connection) -> None:
    for step in range(1, 7):
        migrations.apply(memory, step)
    memory.execute("INSERT INTO macro_observation VALUES ('SOFR', '2026-08-20', 5.3, '2026-08-21T12:00:00Z', 1)")
    memory.execute(
        "INSERT INTO stress_index VALUES ('2026-08-20', 0.3, 71.5, 'watch', NULL, 1.0, 0, '', '2026-08-21T12:00:00Z',"
        " 1)"
    )
    memory.execute("INSERT INTO stress_contribution VALUES ('2026-08-20', 'rates', 0.1, 0.1, 0.02, '[]')")
    migrations.apply(memory, 7)
    counts = [
        memory.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
        for table in ("macro_observation", "stress_index", "stress_contribution")
    ]
    assert counts == [1, 0, 0]
    assert memory.execute("SELECT COUNT(*) FROM pragma_table_info('stress_index')").fetchone() == (11,)


def test_rows_dated_outside_the_life_of_their_source_are_removed(memory: sqlite3.Connection) -> None:
    for step in range(1, 10):
        migrations.apply(memory, step)
    at = "2026-08-22T10:00:00Z"
    memory.executemany(
        "INSERT INTO crypto_price VALUES (?, ?, 'x', 'X', 1, 5.0, NULL, NULL, NULL, NULL, 'coingecko:markets', ?)",
        [("good", "2026-08-23", at), ("bad", "0001-01-01", at), ("bad", "2026-08-24", at), ("bad", "2026-08-22", at)],
    )
    memory.executemany(
        "INSERT INTO crypto_metric (date, defi_tvl, fear_greed_index, fear_greed_label, created_at)"
        " VALUES (?, ?, ?, ?, ?)",
        [
            ("2017-10-01", 1.0, 5, "Fear", at),
            ("2026-08-22", 2.0, 50, "Neutral", at),
            ("2286-11-20", 3.0, None, None, at),
        ],
    )
    memory.executemany(
        "INSERT INTO macro_observation VALUES (?, ?, 1.0, ?, 1)",
        [
            ("DGS10", "2206-08-21", at),
            ("DGS10", "2026-08-21", at),
            ("^GSPC", "1950-01-03", at),
            ("DFF", "1900-01-01", at),
        ],
    )
    memory.execute("INSERT INTO macro_series VALUES ('^GSPC', 'S&P 500', 'close', 'daily', 'yahoo')")
    memory.executemany(
        "INSERT INTO series_progress VALUES (?, ?, ?, ?, ?)",
        [
            ("defi_tvl", "2286-11-19", "2017-09-27", "2286-11-20", at),
            ("macro:DGS10", "2206-08-21", "1986-01-02", "2206-08-21", at),
            ("macro:^GSPC", "2026-08-20", "1986-01-02", "2026-08-22", at),
            ("coin:bad", "2026-08-21", "2025-08-22", "2026-08-21", at),
        ],
    )
    for number, published in enumerate(["2026-08-22T09:00:00Z", "2100-01-01T00:00:00Z"]):
        memory.execute(
            "INSERT INTO news_article (hash, title, outlet, link, published_utc, first_seen_utc, lang, query, copies)"
            " VALUES (?, 't', 'o', 'l', ?, ?, 'en', 'q', 1)",
            (str(number), published, at),
        )
        memory.execute("INSERT INTO news_copy VALUES (?, ?)", (f"key {number}", str(number)))

    migrations.apply(memory, 10)

    def rows(sql: str) -> list[Any]:
        return memory.execute(sql).fetchall()

    assert rows("SELECT coin_id, date FROM crypto_price ORDER BY 1") == [("bad", "2026-08-22"), ("good", "2026-08-23")]
    assert rows("SELECT date, defi_tvl, fear_greed_index, fear_greed_label FROM crypto_metric ORDER BY 1") == [
        ("2017-10-01", 1.0, None, None),
        ("2026-08-22", 2.0, 50, "Neutral"),
    ]
    assert rows("SELECT series_id, date FROM macro_observation ORDER BY 1") == [
        ("DGS10", "2026-08-21"),
        ("^GSPC", "1950-01-03"),
    ]
    assert rows("SELECT series, final_through, covered_from, covered_through FROM series_progress ORDER BY 1") == [
        ("coin:bad", "2026-08-21", None, None),
        ("defi_tvl", "2026-08-21", None, None),
        ("macro:DGS10", "2026-08-20", None, None),
        ("macro:^GSPC", "2026-08-20", "1986-01-02", "2026-08-22"),
    ]
    assert rows("SELECT hash FROM news_article") == [("0",)]
    assert rows("SELECT hash FROM news_copy") == [("0",)]
    assert rows("SELECT dataset_name, subject, issue_detail FROM data_quality_issues ORDER BY 1, 2") == [
        ("crypto", "coin:bad", "2 stored before: 0001-01-01..2026-08-24; removed"),
        ("crypto", "defi_tvl", "1 stored before: 2286-11-20; removed"),
        ("crypto", "fear_greed_index", "1 stored before: 2017-10-01; removed"),
        ("macro", "DFF", "1 stored before: 1900-01-01; removed"),
        ("macro", "DGS10", "1 stored before: 2206-08-21; removed"),
        ("news", "headlines", "1 stored before: 2100-01-01; removed"),
    ]


def test_sessions_of_etfs_stored_without_their_figures_are_asked_for_again(memory: sqlite3.Connection) -> None:
    for step in range(1, 14):
        migrations.apply(memory, step)
    memory.executemany(
        "INSERT INTO day_ledger VALUES ('equity', ?, ?, ?, 800, 3, NULL, '', 1)",
        [("ETF", "2024-01-04", "verified"), ("ETF", "2024-01-01", "closed"), ("KOSPI", "2024-01-04", "verified")],
    )
    migrations.apply(memory, 14)
    states = "SELECT market_code, trade_date, state, attempts FROM day_ledger ORDER BY 1, 2"
    assert memory.execute(states).fetchall() == [
        ("ETF", "2024-01-01", "closed", 3),
        ("ETF", "2024-01-04", "unknown", 0),
        ("KOSPI", "2024-01-04", "verified", 3),
    ]


def test_requests_and_runs_of_before_asked_for_nothing_again(memory: sqlite3.Connection) -> None:
    for step in range(1, 15):
        migrations.apply(memory, step)
    at = "2026-08-22T10:00:00Z"
    memory.execute(
        "INSERT INTO backfill_requests (collector, date_from, state, requested_at, newest_first)"
        " VALUES ('krx', '2020-01-01', 'pending', ?, 1)",
        (at,),
    )
    memory.execute(
        "INSERT INTO collection_runs (collector, triggered_by, kind, window_start, status, started_at)"
        " VALUES ('krx', 'tray', 'history', '2020-01-01', 'running', ?)",
        (at,),
    )
    for step in range(15, len(MIGRATIONS) + 1):
        migrations.apply(memory, step)
    asked = "SELECT date_from, newest_first, again_since, only_subject FROM backfill_requests"
    assert memory.execute(asked).fetchall() == [("2020-01-01", 1, None, "")]
    logged = "SELECT window_start, status, again_since, only_subject FROM collection_runs"
    assert memory.execute(logged).fetchall() == [("2020-01-01", "running", None, "")]
    assert memory.execute("SELECT * FROM asked_again").fetchall() == []
    assert memory.execute("SELECT * FROM blank_days").fetchall() == []
    memory.execute("INSERT INTO asked_again VALUES ('KOSPI', '2020-01-02', '2020-01-02', ?)", (at,))


def test_a_store_without_such_rows_stays_as_it_is(memory: sqlite3.Connection) -> None:
    for step in range(1, 10):
        migrations.apply(memory, step)
    at = "2026-08-22T10:00:00Z"
    memory.execute("INSERT INTO macro_observation VALUES ('DGS10', '2026-08-21', 1.0, ?, 1)", (at,))
    memory.execute(
        "INSERT INTO series_progress VALUES ('macro:DGS10', '2026-08-21', '1986-01-02', '2026-08-22', ?)", (at,)
    )
    before = "".join(memory.iterdump())
    migrations.apply(memory, 10)
    assert "".join(memory.iterdump()) == before


def test_findings_of_before_were_accepted_by_nobody(memory: sqlite3.Connection) -> None:
    for step in range(1, 21):
        migrations.apply(memory, step)
    memory.execute(
        "INSERT INTO data_quality_issues (dataset_name, trade_date, subject, issue_code, severity, issue_detail,"
        " first_seen_at, last_seen_at, run_id)"
        " VALUES ('equity', '2024-01-05', 'KOSPI:005930', 'ROW_SET_ASIDE', 'WARN', 'd', 't', 't', 1)"
    )
    migrations.apply(memory, 21)
    found = memory.execute("SELECT subject, accepted_at, accepted_by, accepted_note FROM data_quality_issues")
    assert found.fetchall() == [("KOSPI:005930", None, None, None)]


def test_marks_of_the_exchange_move_into_their_own_tables(memory: sqlite3.Connection) -> None:
    for step in range(1, 24):
        migrations.apply(memory, step)
    at = "2026-08-22T10:50:00Z"
    names = ("krx:span:KOSPI:2024-01-05", "krx:span:ETF:2024-01-04", "krx:master_list:KOSDAQ:2024-01-05", "krx:end:42")
    memory.executemany("INSERT INTO series_progress (series, updated_at) VALUES (?, ?)", [(name, at) for name in names])
    memory.execute("INSERT INTO series_progress VALUES ('macro:DGS10', '2026-08-21', NULL, NULL, ?)", (at,))
    migrations.apply(memory, 24)
    assert memory.execute("SELECT mark, market_code, trade_date FROM session_marks ORDER BY 1, 2, 3").fetchall() == [
        ("master_list", "KOSDAQ", "2024-01-05"),
        ("span", "ETF", "2024-01-04"),
        ("span", "KOSPI", "2024-01-05"),
    ]
    assert memory.execute("SELECT instrument_id FROM doubted_ends").fetchall() == [(42,)]
    assert memory.execute("SELECT series FROM series_progress").fetchall() == [("macro:DGS10",)]
