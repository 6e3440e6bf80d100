"""Bytes flipped anywhere in a filled file: rows that changed are named, and no set is made of them."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.krx_store import StoreSize
from export import liquid
from export.kit import FIRST, change, export, make_home, names, opened
from tray_app.core.errors import AppError
from tray_app.datasets.exports import EXPORTS
from tray_app.datasets.schema import SCHEMA
from tray_app.export.files.stored_sums import examine
from tray_app.paths import Home
from tray_app.store.lifecycle import backup
from tray_app.store.summed_tables import SummedTable, filled

SEED = 20261130
COPIES = 30
FLIPS = 3
SIZE = StoreSize(instruments=12, first=FIRST, sessions=25)
COINS = """
    INSERT INTO crypto_price (coin_id, date, symbol, name, rank, price_usd, market_cap, volume_24h, change_24h,
        change_7d, source_name, collected_at)
    SELECT 'coin' || (number % 5), date('2023-11-01', '+' || (number / 5) || ' days'), 'C', 'Coin', 1, 1.5 + number,
        2.5, 3.5, 0.5, 0.25, 'coingecko', '2023-12-01T00:00:00Z'
    FROM (SELECT instrument_id AS number FROM instruments)
"""
METRICS = """
    INSERT INTO crypto_metric (date, total_market_cap, btc_dominance, fear_greed_index, fear_greed_label, created_at)
    SELECT DISTINCT date, 1e12, 51.5, 40, 'Fear', '2023-12-01T00:00:00Z' FROM crypto_price
"""
Content = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = liquid.fill(make_home(tmp_path_factory.mktemp("filled"), SIZE))
    change(home, COINS, METRICS)
    return home


def content(database: Path) -> Content | None:
    """Return what is summed of every row; nothing where it cannot be read."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.text_factory = bytes
            return {
                table.name: sorted(
                    connection.execute(f"SELECT {summed(table)} FROM {table.name} t").fetchall(), key=repr
                )
                for table in SCHEMA.summed
            }
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def summed(table: SummedTable) -> str:
    return ", ".join(filled(each, "t") for each in (table.scope, table.period, *table.columns))


def flip(database: Path, place: int, change: int) -> None:
    with database.open("r+b") as file:
        file.seek(place)
        [byte] = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ change]))


def looked_at(home: Home) -> str | None:
    """Return what the deep look says is wrong; nothing when all is well."""
    try:
        with opened(home):
            return "; ".join(map(str, examine(home.database))) or None
    except AppError as error:
        return error.title


def exported(home: Home, folder: Path) -> dict[str, bytes] | None:
    """Return the data files of a set of everything; nothing when none is made."""
    try:
        export(home, folder, datasets=EXPORTS, allow_errors=True)
    except AppError:
        assert not folder.exists()
        return None
    return {name: (folder / name).read_bytes() for name in names(folder) if name.endswith(".parquet")}


def copied(home: Home, target: Path) -> str | None:
    """Return what is wrong with a backup; nothing when all is well."""
    try:
        with opened(home) as database:
            copy = backup(database, target / "market.db")
    except AppError as error:
        return error.title
    return looked_at(Home(copy.parent))


def test_what_flipped_bytes_change_is_named_and_never_exported(store: Home, tmp_path: Path) -> None:
    whole, files = content(store.database), exported(store, tmp_path / "whole")
    assert whole is not None
    assert files is not None
    assert looked_at(store) is None
    assert copied(store, tmp_path / "backup") is None
    rng, size, seen = random.Random(SEED), store.database.stat().st_size, 0
    for number in range(COPIES):
        flips = [(rng.randrange(size), rng.randrange(1, 256)) for _ in range(FLIPS)]
        home = Home(tmp_path / f"home{number}")
        home.root.mkdir()
        shutil.copyfile(store.database, home.database)
        for place, turned in flips:
            flip(home.database, place, turned)
        if content(home.database) != whole:
            seen += 1
            assert looked_at(home) is not None, flips
            assert copied(home, tmp_path / f"backup{number}") is not None, flips
        assert exported(home, tmp_path / f"set{number}") in (None, files), flips
    assert seen > COPIES // 3
