"""A set is one state of the store even while a collector writes, and does not hold the collector up."""

import json
import sys
import threading
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from e2e.children import held
from patience import PATIENCE
from running_time import becomes_true

from export.kit import FIRST, LAST, opened, request, run, started
from tray_app.export.set.verify import verify
from tray_app.paths import Home

DATES = ("--date-from", str(FIRST), "--date-to", str(LAST))
ENDS = "SELECT MIN(trade_date) FROM day_summary UNION SELECT MAX(trade_date) FROM day_summary"
PAUSE = 0.001
WRITES = 10


class Writer:
    """A collector that stamps the first and the last session and an index with one number, over and over."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.written = 0

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        with opened(self._home) as database:
            while not self._stop.is_set():
                with database.writing() as connection:
                    self.written += 1
                    for statement in (
                        f"UPDATE daily_market_data SET volume = {self.written} WHERE trade_date IN ({ENDS})",
                        f"UPDATE benchmark_index_data SET volume = {self.written}",
                        f"UPDATE trading_calendar SET evidence = 'e{self.written}'",
                    ):
                        connection.execute(statement)
                # SQLite's waiters are not served in turn: without a pause a second process hardly ever gets the lock.
                time.sleep(PAUSE)


def test_all_files_show_one_state(home: Home, tmp_path: Path) -> None:
    # In a process of its own, as always: two SQLite libraries in one process drop each other's locks.
    with Writer(home) as writer:
        for number in range(3):
            folder = tmp_path / f"set{number}"
            before = writer.written
            done = run(home, "export", *DATES, "--output-path", str(folder))
            assert done.returncode == 0, done.stderr
            assert writer.written > before
            daily = pq.read_table(folder / "instrument_daily.parquet")
            days = daily.column("trade_date").to_pylist()
            ends = {min(days), max(days)}
            volumes = daily.column("volume").to_pylist()
            found = {volume for day, volume in zip(days, volumes, strict=True) if day in ends}
            index = pq.read_table(folder / "benchmark_daily.parquet").column("volume").to_pylist()
            evidence = pq.read_table(folder / "trading_calendar.parquet").column("evidence").to_pylist()
            assert len(found) == 1
            assert set(index) == found
            assert set(evidence) == {f"e{volume}" for volume in found}
            assert verify(folder).findings == ()


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be held there")
def test_the_collector_writes_on_while_a_set_is_made(home: Home, tmp_path: Path) -> None:
    with Writer(home) as writer, started(home, request(tmp_path / "set")) as process:
        assert process.stderr is not None
        while json.loads(process.stderr.readline())["stage"] != "daily":
            pass
        with held(process):
            before = writer.written
            assert process.poll() is None
            assert becomes_true(lambda: writer.written > before + WRITES, PATIENCE)
        # To its end: what is told goes on until then, and closing its input would cancel it.
        process.stderr.read()
        process.communicate()
    assert process.returncode == 0
    assert verify(tmp_path / "set").findings == ()
