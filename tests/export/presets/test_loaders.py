"""Every engine gets the set's own bars by the very lines of LOAD.md, run by a Python that has the engine.

`.ci/loaders` makes that Python and names its folder in MARKET_TRAY_LOADERS. LEAN runs in a container only: its files
are checked field by field beside the others in test_presets.
"""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from patience import PATIENCE

from export import liquid, probes
from export.kit import FIRST, LAST, change, export, make_home
from tray_app.datasets.crypto.exports import CRYPTO_SETS
from tray_app.datasets.export_kind import ExportKind
from tray_app.datasets.krx.exports import KRX_SETS
from tray_app.datasets.liquidity.exports import MACRO_SETS, STRESS_SETS
from tray_app.export.kinds import Layout
from tray_app.export.presets.backtrader import BACKTRADER
from tray_app.export.presets.duckdb import DUCKDB
from tray_app.export.presets.nautilus import NAUTILUS
from tray_app.export.presets.pandas import PANDAS
from tray_app.export.presets.polars import POLARS
from tray_app.export.presets.preset import Preset
from tray_app.export.presets.qlib import QLIB
from tray_app.export.presets.vectorbt import VECTORBT
from tray_app.export.presets.zipline import ZIPLINE
from tray_app.export.set.load_md import snippet
from tray_app.export.set.verify import verify
from tray_app.paths import Home

Row = dict[str, Any]
Bars = dict[tuple[str, str], tuple[float, float]]

VARIABLE = "MARKET_TRAY_LOADERS"
SILENT_DAY = date(2023, 11, 15)
# Of the days the set has rows of, the calendar XKRX has no session on these.
HOLIDAYS = ("2023-12-25", "2023-12-29", "2024-01-01")
DEAR, LETTERS, REUSED = "076481", "0126Z0", ("704381_20010203", "704381_20231123")
# Issues of the store, two of which came late and one went early.
LATE_ID, GONE_ID, NEXT_ID = 8, 14, 33


@dataclass(frozen=True, slots=True)
class Loaded:
    """A set, and what an engine had of it."""

    folder: Path
    found: Row
    said: str

    @property
    def bars(self) -> Bars:
        """Return the engine's bars; each day of an issue comes once."""
        rows = {(ticker, day): (close, volume) for ticker, day, close, volume in self.found["rows"]}
        assert len(rows) == len(self.found["rows"])
        return rows


Load = Callable[..., Loaded]


@pytest.fixture(scope="module")
def interpreter() -> Path:
    """Return the Python that has the engines."""
    folder = os.environ.get(VARIABLE)
    if folder is None:
        pytest.skip(f"{VARIABLE} names no folder with the engines: .ci/loaders makes one and runs these tests")
    return Path(folder) / "bin" / "python"


@pytest.fixture(scope="module")
def odd_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a store with a code of letters, a code used again, a day without rows and a very high price."""
    home = make_home(tmp_path_factory.mktemp("투자자 100% #1"))
    silent = (SILENT_DAY - date(1970, 1, 1)).days
    change(
        home,
        f"UPDATE instruments SET external_code = '{LETTERS}' WHERE instrument_id = {LATE_ID}",
        "UPDATE instruments SET episode = 2,"
        f" external_code = (SELECT external_code FROM instruments WHERE instrument_id = {GONE_ID})"
        f" WHERE instrument_id = {NEXT_ID}",
        f"DELETE FROM daily_market_data WHERE trade_date = {silent}",
        f"DELETE FROM benchmark_index_data WHERE trade_date = {silent}",
        f"UPDATE trading_calendar SET state = 'closed', is_open = 0 WHERE trade_date = '{SILENT_DAY}'",
        "UPDATE daily_market_data SET high = 25000000 WHERE instrument_id ="
        f" (SELECT instrument_id FROM instruments WHERE external_code = '{DEAR}')"
        " AND trade_date = (SELECT min(trade_date) FROM daily_market_data)",
    )
    return home


@pytest.fixture(scope="module")
def full_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a store that has something of everything."""
    home = liquid.fill(make_home(tmp_path_factory.mktemp("투자자 100% #1")))
    change(
        home,
        f"INSERT INTO crypto_price VALUES ('bitcoin', '{FIRST}', 'btc', 'Bitcoin', 1, 35000.5, 7e11, 1, 1, 2, '', '')",
        f"INSERT INTO crypto_metric (date, btc_dominance, created_at) VALUES ('{LAST}', 51.5, 't')",
    )
    return home


@pytest.fixture
def load(interpreter: Path, tmp_path: Path) -> Load:
    """Return a way to make a set and run its LOAD.md in the engine."""

    def run(home: Home, preset: Preset, probe: str, layout: Layout = Layout.SINGLE, **changes: Any) -> Loaded:
        folder = tmp_path / "묶음 1"
        export(home, folder, preset=preset, layout=layout, **changes)
        text = snippet(preset, layout, changes.get("datasets", (KRX_SETS,)))
        assert f"```python\n{text.rstrip()}\n```" in (folder / "LOAD.md").read_text("utf-8")
        said = execute(interpreter, folder, text + probe)
        assert verify(folder).findings == (), "loading must leave the set as it was"
        return Loaded(folder, json.loads((tmp_path / "found.json").read_text("utf-8")), said)

    return run


def execute(interpreter: Path, folder: Path, text: str) -> str:
    """Run lines inside a set's folder; what its own lines are warned of is an error. Returns what was said."""
    script = folder.with_name("load.py")
    script.write_text(text + probes.SAVE, "utf-8")
    return child(folder, interpreter, "-I", "-W", "error:::__main__", script, folder.with_name("found.json"))


def child(folder: Path, *command: str | Path) -> str:
    """Run a process inside a set's folder, which must end well; returns what it said."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "ZIPLINE_ROOT": str(folder.with_name("zipline"))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def rows_of(folder: Path) -> list[Row]:
    """Return the set's bars in the set's order."""
    rows: list[Row] = pq.read_table(files_of(folder), partitioning=None).to_pylist()
    return rows


def files_of(folder: Path) -> list[Path]:
    single = folder / "instrument_daily.parquet"
    return [single] if single.exists() else sorted((folder / "instrument_daily").rglob("*.parquet"))


def names_of_tables(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir() if entry.is_dir() or entry.suffix == ".parquet"}


def tickers(folder: Path) -> dict[str, str]:
    """Return what each listing goes by: its code, with the listing date where the code was used again."""
    listed = pq.read_table(folder / "instruments.parquet").to_pylist()
    uses = Counter(row["external_code"] for row in listed)
    found = {
        row["instrument_id"]: row["external_code"]
        if uses[row["external_code"]] == 1
        else f"{row['external_code']}_{row['listing_date']:%Y%m%d}"
        for row in listed
    }
    assert {LETTERS, *REUSED} <= set(found.values())
    assert any(name.startswith("0") and name.isdigit() for name in found.values())
    return found


def adjusted(folder: Path, rows: Iterable[Row]) -> Bars:
    """Return the adjusted bars a preset promises, by ticker and day."""
    names = tickers(folder)
    return {
        (names[row["instrument_id"]], str(row["trade_date"])): (row["adj_close"], row["adj_volume"]) for row in rows
    }


def traded(folder: Path) -> list[Row]:
    return [row for row in rows_of(folder) if row["volume"]]


def assert_equal(found: Bars, wanted: Bars, price: float = 0.0, volume: float = 0.0, share: float = 0.0) -> None:
    """Compare every bar; engines that keep fewer digits say how many by the tolerances."""
    assert sorted(found) == sorted(wanted)
    for key, (close, size) in wanted.items():
        assert found[key][0] == pytest.approx(close, abs=price, rel=share), key
        assert found[key][1] == pytest.approx(size, abs=volume, rel=share), key


def assert_same_rows(loaded: Loaded) -> None:
    """Compare with the raw bars, in the set's order, codes and days as text."""
    rows = rows_of(loaded.folder)
    assert loaded.found["rows"] == [
        [row["external_code"], str(row["trade_date"]), row["close"], row["volume"]] for row in rows
    ]
    assert loaded.found["columns"] == list(rows[0])
    assert (str(rows[0]["trade_date"]), str(rows[-1]["trade_date"])) == (str(FIRST), str(LAST))


@pytest.mark.parametrize("layout", list(Layout))
def test_polars(odd_home: Home, load: Load, layout: Layout) -> None:
    loaded = load(odd_home, POLARS, probes.BARS[POLARS], layout)
    assert_same_rows(loaded)
    assert loaded.found["types"] == ["Date", "String", "Int64", "Boolean"]
    wide: dict[str, list[float]] = {}
    for row in rows_of(loaded.folder):
        wide.setdefault(row["instrument_id"], []).append(row["close"])
    assert loaded.found["wide"] == wide
    assert loaded.found["days"] == sorted({str(row["trade_date"]) for row in rows_of(loaded.folder)})


@pytest.mark.parametrize("layout", list(Layout))
def test_duckdb(odd_home: Home, load: Load, layout: Layout) -> None:
    loaded = load(odd_home, DUCKDB, probes.BARS[DUCKDB], layout)
    assert_same_rows(loaded)
    assert loaded.found["types"] == ["DATE", "VARCHAR", "BIGINT"]
    tables = {name.removesuffix(".parquet") for name in names_of_tables(loaded.folder)}
    assert {name for (name,) in loaded.found["names"]} == tables


def test_vectorbt(odd_home: Home, load: Load) -> None:
    loaded = load(odd_home, VECTORBT, probes.BARS[VECTORBT])
    wanted = adjusted(loaded.folder, rows_of(loaded.folder))
    assert_equal(loaded.bars, wanted)
    closes: dict[str, list[float]] = {}
    for (ticker, _day), (close, _volume) in wanted.items():
        closes.setdefault(ticker, []).append(close)
    returns = {ticker: held[-1] / held[0] - 1 for ticker, held in closes.items()}
    assert loaded.found["returns"] == pytest.approx(returns)
    assert loaded.found["orders"] == dict.fromkeys(closes, 1)


def test_backtrader(odd_home: Home, load: Load) -> None:
    loaded = load(odd_home, BACKTRADER, probes.BARS[BACKTRADER])
    wanted = adjusted(loaded.folder, traded(loaded.folder))
    assert_equal(loaded.bars, wanted)
    assert loaded.found["positions"] == {ticker: 1 for ticker, _day in wanted}


def test_zipline(odd_home: Home, load: Load) -> None:
    loaded = load(odd_home, ZIPLINE, probes.BARS[ZIPLINE])
    rows = [row for row in rows_of(loaded.folder) if str(row["trade_date"]) not in HOLIDAYS]
    wanted = adjusted(loaded.folder, rows)
    assert wanted.pop((DEAR, str(FIRST)))
    assert_equal(loaded.bars, wanted, price=0.0005, volume=0.5)
    assert f"no session there: {', '.join(HOLIDAYS)}\n" in loaded.said
    assert f"above 4,294,967 are left out: {DEAR}\n" in loaded.said

    days = sorted({day for _ticker, day in wanted} | {str(SILENT_DAY)})
    assert loaded.found["sessions"] == days
    lives = loaded.found["lives"]
    assert lives[DEAR] == [str(FIRST), str(LAST)]
    for ticker in set(lives) - {DEAR}:
        held = [day for name, day in wanted if name == ticker]
        assert lives[ticker] == [min(held), max(held)]
    assert loaded.found["looked up"] == list(lives)
    run = loaded.found["run"]
    assert (run["days"], run["price"]) == (len(days), pytest.approx(wanted[run["held"], str(LAST)][0], abs=0.0005))


def test_zipline_s_own_command_ingests_the_set(interpreter: Path, shared_home: Home, tmp_path: Path) -> None:
    export(shared_home, tmp_path / "set", preset=ZIPLINE)
    zipline = (interpreter, "-I", "-m", "zipline", "-e", "zipline/extension.py")
    child(tmp_path / "set", *zipline, "ingest", "-b", "market_tray", "--no-show-progress")
    assert re.search(r"^market_tray \d{4}-", child(tmp_path / "set", *zipline, "bundles"), re.MULTILINE)
    assert verify(tmp_path / "set").findings == ()


def test_qlib(odd_home: Home, load: Load) -> None:
    loaded = load(odd_home, QLIB, probes.BARS[QLIB])
    rows = rows_of(loaded.folder)
    assert_equal(loaded.bars, adjusted(loaded.folder, traded(loaded.folder)), share=1e-7)
    names = tickers(loaded.folder)
    factors = {(ticker, day): factor for ticker, day, factor in loaded.found["factors"]}
    wanted = {(names[row["instrument_id"]], str(row["trade_date"])): row["adj_factor"] for row in rows}
    assert {key: factors[key] for key in wanted} == pytest.approx(wanted, rel=1e-7)


def test_nautilus(odd_home: Home, load: Load) -> None:
    loaded = load(odd_home, NAUTILUS, probes.BARS[NAUTILUS])
    wanted = adjusted(loaded.folder, traded(loaded.folder))
    assert_equal(loaded.bars, wanted, price=0.00005, volume=0.5)
    assert loaded.found["moments"] == ["06:30:00"]
    assert loaded.found["instruments"] == sorted({f"{ticker}.XKRX" for ticker, _day in wanted})
    assert loaded.found["currencies"] == ["KRW"]


def test_nautilus_takes_a_later_set_of_the_same_bars(odd_home: Home, load: Load) -> None:
    middle = max(row for row in HOLIDAYS if row < str(LAST))
    for last in (date.fromisoformat(middle), LAST):
        loaded = load(odd_home, NAUTILUS, probes.BARS[NAUTILUS], date_to=last)
        assert_equal(loaded.bars, adjusted(loaded.folder, traded(loaded.folder)), price=0.00005, volume=0.5)


TABLES = [
    *((preset, bars) for preset in (PANDAS, POLARS, DUCKDB) for bars in ((), (KRX_SETS,))),
    (VECTORBT, (KRX_SETS,)),
]


@pytest.mark.parametrize(("preset", "bars"), TABLES)
def test_the_other_tables(full_home: Home, load: Load, preset: Preset, bars: Sequence[ExportKind]) -> None:
    loaded = load(full_home, preset, probes.TABLES, datasets=(*bars, CRYPTO_SETS, MACRO_SETS, STRESS_SETS))
    files = [
        loaded.folder / f"{name}.parquet" for name in ("crypto_daily", "crypto_metric", "macro_daily", "stress_daily")
    ]
    sizes = [pq.read_metadata(file).num_rows for file in files]
    assert min(sizes) > 0
    assert loaded.found["sizes"] == sizes
    assert loaded.found["names"] == pq.read_schema(files[2]).names
    if preset is not DUCKDB:
        assert {"SOFR", "DGS10", "NFCI"} <= set(loaded.found["levels"])
