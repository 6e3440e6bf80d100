"""What the step that cleans stored texts does to an older store: every text is clean, and nothing else has changed."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from tray_app.core.texts import clean_text
from tray_app.store import migrations
from tray_app.store.schema.step_18 import COLUMNS

BEFORE = 17
DIRTY = "삼성\u202e전자\x1b[31m\x00\r\n\u2066 (\u200b주)"
CLEAN = "삼성전자   (주)"


@pytest.fixture
def old() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for step in range(1, BEFORE + 1):
            migrations.apply(connection, step)
        yield connection


def fill(connection: sqlite3.Connection, text: str, key: str) -> None:
    """Add a row to every table that holds texts, each of them this one; the rest is of its column's kind."""
    for table in dict.fromkeys(table for table, _column in COLUMNS):
        texts = {column for owner, column in COLUMNS if owner == table}
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        row = [text if name in texts else _value(str(name), str(kind), key) for _n, name, kind, *_rest in columns]
        marks = ", ".join("?" for _ in row)
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)


def _value(name: str, kind: str, key: str) -> object:
    if name == "steps":
        return json.dumps([{"name": "a", "note": DIRTY if key != "clean" else CLEAN, "rows": 3}], ensure_ascii=False)
    if "INT" in kind.upper() or "BOOL" in kind.upper():
        return 2 if key == "clean" else 1
    return 1.5 if kind.upper() in {"REAL", "FLOAT"} else f"{key} {name}"


def test_the_text_of_these_tests_is_dirty() -> None:
    assert clean_text(DIRTY) == CLEAN != DIRTY


def test_every_stored_text_is_cleaned(old: sqlite3.Connection) -> None:
    fill(old, DIRTY, "dirty")
    migrations.apply(old, BEFORE + 1)
    for table, column in COLUMNS:
        assert old.execute(f"SELECT {column} FROM {table}").fetchall() == [(CLEAN,)], (table, column)
    [(steps,)] = old.execute("SELECT steps FROM collection_runs").fetchall()
    assert json.loads(steps) == [{"name": "a", "note": CLEAN, "rows": 3}]


def test_clean_texts_and_what_is_none_stay_as_they_are(old: sqlite3.Connection) -> None:
    fill(old, "삼성전자 <b>", "clean")
    old.execute("INSERT INTO restatements VALUES ('t', 'k', 'c', '', NULL, 4, 1)")
    before = list(old.iterdump())
    migrations.apply(old, BEFORE + 1)
    assert list(old.iterdump()) == before


def test_a_text_of_nothing_else_keeps_a_sign(old: sqlite3.Connection) -> None:
    fill(old, "\u202e\u2066", "dirty")
    migrations.apply(old, BEFORE + 1)
    assert old.execute("SELECT title, outlet FROM news_article").fetchall() == [("?", "?")]


def test_an_index_whose_clean_name_is_taken_does_not_stop_the_others(old: sqlite3.Connection) -> None:
    old.execute("INSERT INTO indices VALUES (1, 'KRX', 'KRX:a', '코스피 200')")
    old.execute("INSERT INTO indices VALUES (2, 'KRX', 'KRX:b', '코스피\u202e 200')")
    old.execute("INSERT INTO indices VALUES (3, 'KRX', 'KRX:c', '코스닥\u202e 150')")
    migrations.apply(old, BEFORE + 1)
    names = [name for (name,) in old.execute("SELECT index_name FROM indices ORDER BY index_id")]
    assert names == ["코스피 200", "코스피\u202e 200", "코스닥 150"]
