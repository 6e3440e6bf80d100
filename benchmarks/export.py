"""Exporting everything and one market-year: our command line against what a user would write instead.

Run: python -m benchmarks.export [--small] [--rounds N] [--folder DIR]. Stores are built once per folder. Every way is a
whole process; ways alternate within a round; ratios are taken round by round. The other ways read the same rows from an
ordinary ORM schema (rowid, text) of their own, and beside that from our file through its view. DuckDB and its scanner
are those that .ci/loaders installs. What the comparison with the sums takes is the processor's time within it, on every
thread, as a share of what the whole process takes; bar: <= 5 %. Of 400 sessions of 2,800 issues it was 2.5 %, and 3.5 %
before it went piece by piece, on a busy machine with two cores.
"""

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.krx_store import StoreSize, build, sessions

REPOSITORY = Path(__file__).parents[1]
COLUMNS = (
    "instrument_id, external_code, market_code, instrument_name, listing_date, delisting_date, trade_date, open, high,"
    " low, close, volume, turnover_value, market_value, is_trade_halted, is_under_supervision, record_status,"
    " listed_shares, base_price"
)
COMPARED = ("trade_date", "instrument_id", "open", "close", "volume", "turnover_value", "market_value", "base_price")
OURS = "market-tray export"
JOINED, VIEW = "daily JOIN instrument USING (instrument_id)", "instrument_daily_v1"
# DuckDB cannot read the text of a view of SQLite's, and takes the columns a view works out for bytes.
SCANNED_VIEW = (
    "(SELECT * REPLACE (decode(trade_date) AS trade_date, decode(record_status) AS record_status)"
    " FROM sqlite_scan('{}', 'instrument_daily_v1'))"
)
LOADERS = REPOSITORY / ".cache" / "loaders" / "bin" / "python"
EVERYTHING = StoreSize()
SMALL = StoreSize(instruments=400, sessions=300)


@dataclass(frozen=True, slots=True)
class Task:
    """What is exported."""

    name: str
    first: date
    last: date
    market: str | None

    def query(self, source: str) -> str:
        """Return the task as a query of what has the bars."""
        market = f" AND market_code = '{self.market}'" if self.market else ""
        return (
            f"SELECT {COLUMNS} FROM {source}"  # noqa: S608 - our own names
            f" WHERE trade_date BETWEEN '{self.first}' AND '{self.last}'{market} ORDER BY trade_date, external_code"
        )


@dataclass(frozen=True, slots=True)
class Way:
    """A process that exports, and the file it writes."""

    command: Sequence[str]
    written: Path


@dataclass(frozen=True, slots=True)
class Measured:
    """One process: seconds of the clock, of the processor, and its largest size in MiB."""

    wall: float
    cpu: float
    peak: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--share", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--compare", type=Path, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, default=REPOSITORY / ".cache" / "export-benchmark")
    asked = parser.parse_args()
    if asked.compare is not None:
        compare(asked.compare[0], asked.compare[1])
        return
    size = SMALL if asked.small else EVERYTHING
    if asked.share is not None:
        export_telling_the_share(asked.share, size)
        return
    folder: Path = asked.folder / f"{size.instruments}x{size.sessions}"
    prepare(folder, size)
    days = sessions(size)
    year = days[0].year
    tasks = [
        Task("everything", days[0], days[-1], None),
        Task("one market, one year", days[0], min(date(year, 12, 31), days[-1]), "KOSDAQ"),
    ]
    for task in tasks:
        measure_task(folder, task, asked.rounds)
    for _ in range(asked.rounds):
        run_apart("--share", str(folder), *(["--small"] if asked.small else []))
    measure_incremental(folder, tasks[0], size)


def prepare(folder: Path, size: StoreSize) -> None:
    """Build our store, and the same rows in an ordinary schema; kept for the next time."""
    ours, theirs = folder / "home" / "market.db", folder / "ordinary.db"
    if not theirs.exists():
        shutil.rmtree(folder, ignore_errors=True)
        ours.parent.mkdir(parents=True)
        begun = time.monotonic()
        rows = build(ours, size)
        partial = theirs.with_suffix(".part")
        with closing(sqlite3.connect(partial)) as connection:
            connection.executescript(f"""
                ATTACH '{ours}' AS ours;
                PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
                CREATE TABLE instrument AS SELECT uid AS instrument_id, external_code, market_code, instrument_name,
                    listing_date, delisting_date FROM ours.instruments;
                CREATE UNIQUE INDEX instrument_key ON instrument (instrument_id);
                CREATE TABLE daily (id INTEGER PRIMARY KEY, trade_date TEXT NOT NULL, instrument_id TEXT NOT NULL,
                    open REAL, high REAL, low REAL, close REAL, volume INTEGER, turnover_value INTEGER,
                    market_value INTEGER, is_trade_halted INTEGER, is_under_supervision INTEGER, record_status TEXT,
                    listed_shares INTEGER, base_price REAL, source_name TEXT, collected_at TEXT);
                INSERT INTO daily SELECT NULL, trade_date, instrument_id, open, high, low, close, volume,
                    turnover_value, market_value, is_trade_halted, is_under_supervision, record_status, listed_shares,
                    base_price, 'krx_open_api', '2026-01-05T00:00:00Z' FROM ours.instrument_daily_v1;
                CREATE INDEX daily_by_date ON daily (trade_date);
            """)  # noqa: S608 - our own path
        partial.rename(theirs)
        print(f"built {rows:,} rows in {time.monotonic() - begun:.0f} s")
    for file in (ours, theirs):
        print(f"{file.name}: {file.stat().st_size / 1e6:,.0f} MB")


def measure_task(folder: Path, task: Task, rounds: int) -> None:
    """Run every way in turn and print what they took."""
    ways = ways_of(folder, task)
    for way in ways.values():
        way.written.unlink(missing_ok=True)
    measured: dict[str, list[Measured]] = {name: [] for name in ways}
    for number in range(rounds):
        order = list(ways) if number % 2 == 0 else list(reversed(ways))
        for name in order:
            found = run(ways[name].command)
            if found is not None:
                measured[name].append(found)
    print(f"\n{task.name}: median of {rounds} rounds")
    print(f"{'way':<28}{'wall s':>9}{'cpu s':>9}{'peak MiB':>10}{'wall x ours':>13}{'peak x ours':>13}")
    ours = measured[OURS]
    for name, runs in measured.items():
        if len(runs) < rounds:
            print(f"{name:<28}{'did not run here':>20}")
            continue
        wall, cpu, peak = (statistics.median(getattr(item, part) for item in runs) for part in ("wall", "cpu", "peak"))
        slower = statistics.median(other.wall / mine.wall for other, mine in zip(runs, ours, strict=True))
        bigger = statistics.median(other.peak / mine.peak for other, mine in zip(runs, ours, strict=True))
        print(f"{name:<28}{wall:>9.2f}{cpu:>9.2f}{peak:>10.0f}{slower:>13.1f}{bigger:>13.1f}", flush=True)
    for name, way in ways.items():
        if name != OURS and measured[name]:
            print(f"{name}: ", end="", flush=True)
            compare_apart(ways[OURS].written, way.written)


def ways_of(folder: Path, task: Task) -> dict[str, Way]:
    """Return our command line and what a user would write instead, on an ordinary schema and on ours."""
    ordinary, ours = folder / "ordinary.db", folder / "home" / "market.db"
    pandas, duckdb = (sys.executable, PANDAS), (str(LOADERS), DUCKDB)
    others = {
        "pandas read_sql": (pandas, ordinary, JOINED),
        "DuckDB COPY": (duckdb, ordinary, JOINED),
        "pandas read_sql, our view": (pandas, ours, VIEW),
        "DuckDB COPY, our view": (duckdb, ours, SCANNED_VIEW.format(ours)),
    }
    ways = {OURS: Way(our_command(folder, task), folder / "set" / "instrument_daily.parquet")}
    for name, ((python, code), database, source) in others.items():
        written = folder / f"{name.replace(', ', '-').replace(' ', '-')}.parquet"
        ways[name] = Way([python, "-c", code, str(database), task.query(source), str(written)], written)
    return ways


def compare_apart(ours: Path, theirs: Path) -> None:
    """Compare in a process of its own: a child starts with the peak its parent had."""
    run_apart("--compare", str(ours), str(theirs))


def run_apart(*words: str) -> None:
    """Run a part of this in a process of its own."""
    subprocess.run([sys.executable, "-m", "benchmarks.export", *words], cwd=REPOSITORY, check=True)


def export_telling_the_share(folder: Path, size: StoreSize) -> None:
    """Export everything within this process, and tell how much of its time the comparison with the sums takes."""
    from tray_app.app import main as program
    from tray_app.export.files.krx import KrxFiles
    from tray_app.export.files.stored_sums import DailySums

    spent: list[float] = []

    def counted(work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any) -> Any:
            begun = time.thread_time()
            try:
                return work(*values)
            finally:
                spent.append(time.thread_time() - begun)

        return call

    for kind, name in ((DailySums, "__init__"), (DailySums, "check"), (KrxFiles, "check_small_tables")):
        setattr(kind, name, counted(getattr(kind, name)))
    days = sessions(size)
    sys.argv[1:] = our_command(folder, Task("everything", days[0], days[-1], None))[3:]
    with redirect_stdout(None):
        code = program()
    if code:
        raise SystemExit("the export failed")
    share = sum(spent) / time.process_time()
    print(f"comparison with the sums: {share:.1%} of the processor's time (<= 5 %)")


def measure_incremental(folder: Path, task: Task, size: StoreSize) -> None:
    """Time layout year from nothing and after one changed day."""
    words = [*our_command(folder, task), "--layout", "year"]
    words[words.index("--output-path") + 1] = str(folder / "years")
    shutil.rmtree(folder / "years", ignore_errors=True)
    first = run(words)
    with closing(sqlite3.connect(folder / "home" / "market.db")) as connection, connection:
        connection.execute(
            "UPDATE month_stamp SET stamp = stamp + 1 WHERE table_name = 'daily_market_data' AND month = ?",
            (f"{sessions(size)[-1]:%Y-%m}",),
        )
    again = run(words)
    if first is None or again is None:
        raise SystemExit("the incremental export failed")
    print(f"\nlayout year: first {first.wall:.2f} s, after one changed day {again.wall:.2f} s", end="")
    print(f" ({first.wall / again.wall:.1f} times faster)")


def our_command(folder: Path, task: Task) -> list[str]:
    """Return our command line as a whole process."""
    command = [sys.executable, "-m", "tray_app", "--home", str(folder / "home"), "export", "--date-from"]
    command += [str(task.first), "--date-to", str(task.last), "--output-path", str(folder / "set")]
    return [*command, "--market-code", task.market] if task.market else command


def run(command: Sequence[str]) -> Measured | None:
    """Run a process and measure it; nothing when it fails or its Python was not installed."""
    if not Path(command[0]).exists():
        return None
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if not hasattr(os, "wait4"):
        process.communicate()
        return Measured(time.monotonic() - begun, 0.0, 1.0) if process.returncode == 0 else None
    errors = process.stderr.read() if process.stderr else ""
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        print(errors.strip().splitlines()[-1:] or process.returncode, file=sys.stderr)
        return None
    return Measured(time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def compare(ours: Path, theirs: Path) -> None:
    """Check that both files hold the same values."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    left, right = (pq.read_table(path, columns=list(COMPARED)) for path in (ours, theirs))
    place = right.schema.get_field_index("trade_date")
    right = right.set_column(place, "trade_date", right.column("trade_date").cast(pa.date32()))
    assert left.num_rows == right.num_rows, (left.num_rows, right.num_rows)
    keys = [("trade_date", "ascending"), ("instrument_id", "ascending")]
    left, right = left.sort_by(keys), right.sort_by(keys)
    for name in COMPARED:
        if name in {"trade_date", "instrument_id"}:
            assert left.column(name).cast(pa.string()).equals(right.column(name).cast(pa.string())), name
        else:
            mine, other = (side.column(name).to_numpy() for side in (left, right))
            assert np.array_equal(mine, other, equal_nan=left.schema.field(name).type == pa.float64()), name
    print(json.dumps({"rows": left.num_rows, "equal values in": list(COMPARED)}))


PANDAS = """
import sqlite3, sys
import pandas
database, query, target = sys.argv[1:]
frame = pandas.read_sql(query, sqlite3.connect(database))
frame.to_parquet(target, compression="zstd")
"""

DUCKDB = """
import sys
from pathlib import Path
import duckdb
import duckdb_extension_sqlite_scanner as scanner
database, query, target = sys.argv[1:]
connection = duckdb.connect()
folder = Path(scanner.__file__).parent / "extensions" / f"v{duckdb.__version__}"
connection.execute(f"LOAD '{folder / 'sqlite_scanner.duckdb_extension'}'")
connection.execute(f"ATTACH '{database}' AS store (TYPE sqlite, READ_ONLY)")
connection.execute("USE store")
connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
"""


if __name__ == "__main__":
    main()
