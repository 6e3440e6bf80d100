"""The library only reads: whatever it meets, the home's files are as they were, and a collection goes on beside it."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from export.kit import change, opened
from repository import REPOSITORY
from support import dump

import market_tray
from library.kit import FIRST, FORMS, LAST, QUESTIONS, run
from tray_app.core.errors import (
    AppError,
    BadInput,
    DatabaseDamaged,
    DatabaseForeign,
    DatabaseNewer,
    DatabaseOlder,
)
from tray_app.datasets.schema import SCHEMA
from tray_app.paths import HOME_VARIABLE, Home
from tray_app.store.arrow_reader import read_only

STATES = 5
MOST_ANSWERS = 1_000
# Stamps the first and the last session with one number, in one transaction, over and over; says when it has begun.
WRITER = """
import sys, time
from pathlib import Path
from export.kit import opened
from tray_app.paths import Home
number = 0
with opened(Home(Path(sys.argv[1]))) as database:
    while True:
        number += 1
        with database.writing() as connection:
            connection.execute(
                "UPDATE daily_market_data SET turnover_value = ? WHERE trade_date IN"
                " (SELECT MIN(trade_date) FROM day_summary UNION SELECT MAX(trade_date) FROM day_summary)", (number,)
            )
        print(number, flush=True)
        time.sleep(0.002)
"""


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def left_alone(home: Home) -> tuple[str, int, dict[str, str]]:
    """Return what reading must not change: bytes and time of the file, and the other files but SQLite's own two."""
    own = {f"market.db{suffix}" for suffix in ("-wal", "-shm")}
    others = {path.name: digest(path) for path in home.root.rglob("*") if path.is_file() and path.name not in own}
    return digest(home.database), home.database.stat().st_mtime_ns, others


def test_reading_everything_changes_nothing(home: Home) -> None:
    before = left_alone(home)
    with market_tray.open(home.root) as store:
        for question in QUESTIONS:
            for form in FORMS:
                question.ask(store, form)
        store.news()
    assert left_alone(home) == before
    with opened(home) as database:
        assert dict(dump(database))


@pytest.mark.skipif(sys.platform == "win32", reason="file modes are POSIX's")
def test_a_file_that_nobody_may_write_is_read(home: Home) -> None:
    home.database.chmod(0o444)
    with market_tray.open(home.root) as store:
        assert len(store.day(LAST)) > 0
    assert home.database.stat().st_mode & 0o777 == 0o444


def test_the_connection_itself_refuses_to_write(home: Home) -> None:
    before = left_alone(home)
    with read_only(home.database, SCHEMA.version) as snapshot, pytest.raises(Exception, match="readonly"):
        snapshot.reader.run("DELETE FROM daily_market_data")
    assert left_alone(home) == before


def test_every_answer_is_one_state_while_another_process_writes(home: Home) -> None:
    with market_tray.open(home.root) as store:
        code = store.day(LAST)["external_code"].iloc[0]
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(home.root)],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tests")])},
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        assert writer.stdout is not None
        try:
            assert writer.stdout.readline().strip() == "1"
            seen: list[int] = []
            while len(set(seen)) < STATES:
                assert len(seen) < MOST_ANSWERS, "what is written is never seen"
                bars = store.prices()
                ends = bars[bars["trade_date"].dt.date.isin([FIRST, LAST])]
                (number,) = set(ends["turnover_value"])
                (again,) = set(store.prices(code, LAST)["turnover_value"])
                assert again >= number
                seen.append(number)
        finally:
            writer.kill()
            last = [line for line in writer.stdout.read().splitlines() if line][-1]
            writer.wait()
            writer.stdout.close()
    assert int(last) > max(seen) - 2


def test_several_threads_may_ask(shared_home: Home) -> None:
    with market_tray.open(shared_home.root) as store, ThreadPoolExecutor(4) as pool:
        alone = store.day(LAST)
        together = list(pool.map(lambda _number: store.day(LAST), range(12)))
    assert all(alone.equals(each) for each in together)


def test_where_there_is_no_database_none_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(market_tray.NoDatabase) as refused:
        market_tray.open(tmp_path / "nowhere")
    assert refused.value.title == "There is no database"
    assert str(tmp_path / "nowhere") in refused.value.message
    assert HOME_VARIABLE in refused.value.hint
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    with pytest.raises(market_tray.NoDatabase):
        market_tray.open()
    assert list(tmp_path.iterdir()) == []


def test_the_home_is_the_one_the_program_finds(shared_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(shared_home.root))
    with market_tray.open() as store:
        assert store.database == shared_home.database
        assert len(store.calendar()) > 0


@pytest.mark.parametrize(
    ("version", "error"), [(SCHEMA.version - 1, DatabaseOlder), (SCHEMA.version + 1, DatabaseNewer)]
)
def test_another_schema_is_refused_and_left_as_it_is(home: Home, version: int, error: type[AppError]) -> None:
    change(home, f"PRAGMA user_version = {version}")
    before = left_alone(home)
    with pytest.raises(error) as refused:
        market_tray.open(home.root)
    assert str(version) in refused.value.message
    assert refused.value.hint
    assert left_alone(home) == before


def test_what_is_no_database_of_ours_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "market.db")) as connection:
        connection.execute("CREATE TABLE other (a)")
    with pytest.raises(DatabaseForeign):
        market_tray.open(tmp_path)
    (tmp_path / "market.db").write_bytes(b"no database at all" * 1000)
    with pytest.raises(DatabaseDamaged):
        market_tray.open(tmp_path)


def test_a_file_that_goes_away_is_told(home: Home) -> None:
    with market_tray.open(home.root) as store:
        shutil.move(home.root, home.root.with_name("elsewhere"))
        with pytest.raises(AppError) as refused:
            store.calendar()
    assert refused.value.title == "The database cannot be read"
    assert "it is not there" in refused.value.message
    assert not home.root.exists()


def test_a_closed_store_answers_no_more(shared_home: Home) -> None:
    with market_tray.open(shared_home.root) as store:
        pass
    with pytest.raises(AppError) as refused:
        store.calendar()
    assert refused.value.hint == "Open it again."


def test_no_names_are_no_rows(shared_home: Home) -> None:
    with market_tray.open(shared_home.root) as store:
        for none in (
            store.prices([]),
            store.prices(markets=[]),
            store.indices([]),
            store.instruments([]),
            store.factors([]),
            store.macro([]),
            store.crypto([]),
            store.calendar(markets=[]),
        ):
            assert len(none) == 0


def test_what_cannot_be_asked_is_told(shared_home: Home) -> None:
    with market_tray.open(shared_home.root) as store:
        for asked, words in (
            (lambda: store.prices("123"), "No listing is stored as '123'"),
            (lambda: store.prices(["005930", 5930]), "5930 is not text"),  # type: ignore[list-item]
            (lambda: store.prices(markets="NYSE"), "NYSE"),
            (lambda: store.prices(start="yesterday"), "'yesterday' is not a day"),
            (lambda: store.prices(start=LAST, end=FIRST), "lies after"),
            (lambda: store.prices(basis="now"), "basis is 'now'"),  # type: ignore[call-overload]
            (lambda: store.indices("NIKKEI"), "NIKKEI"),
            (lambda: store.macro("DGS999"), "No series is stored as 'DGS999'"),
            (lambda: store.crypto(["bitcoin", "x'); DROP TABLE y"]), "No coin is stored as"),
            (lambda: store.day(None), "No day was given"),  # type: ignore[call-overload]
        ):
            with pytest.raises(BadInput) as refused:
                asked()
            assert words in str(refused.value)


def test_polars_is_asked_for_by_name_when_it_is_missing(shared_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with market_tray.open(shared_home.root) as store:
        assert len(store.calendar()) > 0
        with pytest.raises(market_tray.PolarsMissing) as refused:
            store.calendar(as_="polars")
    assert "pip install polars" in refused.value.hint


def test_importing_it_loads_nothing_heavy() -> None:
    heavy = ("pandas", "polars", "pyarrow", "numpy", "PySide6", "peewee", "sqlite3", "adbc_driver_manager", "requests")
    code = f"import sys, market_tray; print([name for name in {heavy} if name in sys.modules])"
    done = run(code)
    assert done.stdout.strip() == "[]", done.stderr
