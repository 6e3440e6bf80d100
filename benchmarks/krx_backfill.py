"""A backfill of the sample exchange through the command line, against a server that only hands out ready bodies.

Usage: python benchmarks/krx_backfill.py [--sessions 250] [--delay 0.1]; bar: >= 90 % of the wall time is waiting. The
bodies are made before the clock runs, in the server's own process, so that the server costs next to nothing and the
measured time is the app's.
"""

import argparse
import gzip
import http.server
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.schema import SCHEMA
from tray_app.store.database import Database

FIRST = date(2024, 1, 2)
NOW = datetime(2026, 8, 22, 1, 0, tzinfo=UTC)
PATIENCE = 1800

Bodies = Mapping[tuple[str, str], bytes]


@dataclass(frozen=True)
class Backfill:
    """How a backfill went: wall and processor time of the app in seconds."""

    sessions: int
    rows: int
    requests: int
    wall: float
    cpu: float


def main() -> None:
    """Measure and print how a backfill spends its time."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sessions", type=int, default=250)
    arguments.add_argument("--delay", type=float, default=0.1, help="seconds that each request takes")
    asked = arguments.parse_args()
    found = backfill(asked.sessions, asked.delay)
    share = found.requests * asked.delay / found.wall
    print(f"backfill of {found.sessions} sessions, {found.rows:,} rows, {found.requests:,} requests of {asked.delay} s")
    print(f"wall time {found.wall:.1f} s, processor time of the app {found.cpu:.1f} s")
    print(f"waiting for HTTP {share:.1%} (>= 90 %) {'ok' if share >= 0.9 else 'BELOW THE BAR'}")


def backfill(sessions: int, delay: float) -> Backfill:
    """Collect so many sessions into an empty home and return how that went."""
    days = KrxCalendar().sessions(FIRST, FIRST + timedelta(days=sessions * 2))[:sessions]
    with tempfile.TemporaryDirectory(prefix="krx-backfill-") as folder, serving(days, delay) as (url, requests):
        home = Path(folder)
        words = ["collect", "krx", "--date-from", days[0].isoformat(), "--date-to", days[-1].isoformat()]
        environment = {
            **os.environ,
            "MARKET_TRAY_UPSTREAM": url,
            "MARKET_TRAY_NOW": NOW.isoformat(),
            "KRX_AUTH_KEY": "a-key-of-the-benchmark",
        }
        began, used = time.perf_counter(), _used_by_children()
        command = [sys.executable, "-m", "tray_app", "--home", str(home), *words]
        done = subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE, check=False)
        wall, cpu = time.perf_counter() - began, _used_by_children() - used
        assert done.returncode in {0, 3}, done.stderr.decode()
        return Backfill(sessions, _rows(home), requests(), wall, cpu)


def _rows(home: Path) -> int:
    database = Database(home / "market.db", SCHEMA)
    with database.reading() as connection:
        (count,) = connection.execute("SELECT SUM(rows) FROM day_summary WHERE dataset = 'equity'").fetchone()
    database.close_thread()
    return int(count)


def _used_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# --- the server ---------------------------------------------------------------------------------------------------


@contextmanager
def serving(days: list[date], delay: float) -> Iterator[tuple[str, Callable[[], int]]]:
    """Give the address of a server process and a way to ask how many requests it got."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, days, delay))
    server.start()
    try:
        port = ours.recv()

        def requests() -> int:
            ours.send("count")
            return int(ours.recv())

        yield f"http://127.0.0.1:{port}", requests
    finally:
        ours.send("end")
        server.join()


def serve(pipe: Connection, days: list[date], delay: float) -> None:
    """Serve ready bodies until told to end."""
    handler = _handler(_made(days), delay)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pipe.send(server.server_port)
    while pipe.recv() == "count":
        pipe.send(handler.count)
    server.shutdown()


def _made(days: list[date]) -> Bodies:
    from tray_app.datasets.krx.rows import IndexClass, Market
    from tray_app.datasets.krx.sample.answers import KrxAnswers
    from tray_app.datasets.krx.sample.host import DAILY, INDICES, MASTERS

    answers = KrxAnswers(share=1)
    asks = {
        **{service: answers.daily(Market(market)) for service, market in DAILY.items()},
        **{service: answers.master(Market(market)) for service, market in MASTERS.items()},
        **{service: answers.indices(IndexClass(family)) for service, family in INDICES.items()},
    }
    return {
        (service, f"{day:%Y%m%d}"): gzip.compress(ask(day, NOW), 1) for day in days for service, ask in asks.items()
    }


def _handler(bodies: Bodies, delay: float) -> type["_Ready"]:
    return type("Ready", (_Ready,), {"bodies": bodies, "delay": delay})


class _Ready(http.server.BaseHTTPRequestHandler):
    bodies: ClassVar[Bodies] = {}
    delay = 0.0
    count = 0
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """Send the ready body after the delay."""
        due = time.perf_counter() + self.delay
        type(self).count += 1
        parts = urlsplit(self.path)
        service = parts.path.partition("/svc/apis/")[2]
        body = self.bodies.get((service, parse_qs(parts.query)["basDd"][0]), gzip.compress(b'{"OutBlock_1":[]}', 1))
        self.send_response(200)
        self.send_header("Content-Type", "application/json;charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        time.sleep(max(0.0, due - time.perf_counter()))
        self.wfile.write(body)
        self.wfile.flush()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the time the app lives in: it stores nothing where a source's clock is another."""
        del timestamp
        return format_datetime(NOW, usegmt=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class' name
        """Say nothing."""


if __name__ == "__main__":
    main()
