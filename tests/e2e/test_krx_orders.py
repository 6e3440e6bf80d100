"""One range collected in different orders: the sets exported from the stores are the same, byte for byte."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from krx_wire import HOST, App
from support import HOSTS, Clock

from tray_app.datasets.krx.sample.answers import SHARE
from tray_app.demo.server import SampleServer

NOW = datetime(2026, 2, 20, 3, 0, tzinfo=UTC)
FIRST, LAST = "2025-11-20", "2025-12-30"
MIDDLE = (("2025-12-22", "2025-12-30"), ("2025-11-20", "2025-11-27"), ("2025-11-28", "2025-12-21"))
SHARES = """
    SELECT COUNT(*) FROM instruments i JOIN daily_market_data d ON d.instrument_id = i.instrument_id
    WHERE d.trade_date = unixepoch(i.last_seen) / 86400 AND {} d.listed_shares
"""


def filled(home: Path, server: SampleServer, windows: Sequence[tuple[str, str]], *more: str) -> App:
    app = App(home, server.url)
    for first, last in windows:
        done = app.do("collect", "krx", "--date-from", first, "--date-to", last, *more, now=NOW)
        assert done.code in {0, 3}, done.said
    return app


def exported(app: App, folder: Path) -> dict[str, bytes]:
    words = ("export", "--date-from", FIRST, "--date-to", LAST, "--include-issues", "--allow-errors")
    done = app.do(*words, "--output-path", str(folder), now=NOW)
    assert done.code == 0, done.said
    return {file.name: file.read_bytes() for file in folder.glob("*.parquet")}


def test_the_order_of_collecting_leaves_no_trace(tmp_path: Path) -> None:
    with SampleServer(Clock(NOW).now, hosts=HOSTS) as server:
        oldest = filled(tmp_path / "oldest", server, [(FIRST, LAST)])
        others = [
            filled(tmp_path / "newest", server, [(FIRST, LAST)], "--newest-first"),
            filled(tmp_path / "parts", server, MIDDLE),
        ]
    wanted = exported(oldest, tmp_path / "sets" / "oldest")
    assert len(wanted) >= 6
    for other in others:
        found = exported(other, tmp_path / "sets" / other.home.name)
        assert [name for name in wanted if found[name] != wanted[name]] == []
    with closing(sqlite3.connect(oldest.home / "market.db")) as connection:
        (agree,), (differ,) = (connection.execute(SHARES.format(f"i.listed_shares {op}")).fetchone() for op in "=<")
    assert agree > 2500 * SHARE
    assert differ == 0


def test_a_range_collected_again_asks_for_nothing(tmp_path: Path) -> None:
    with SampleServer(Clock(NOW).now, hosts=HOSTS) as server:
        app = filled(tmp_path / "home", server, [("2025-12-22", LAST)])
        before = server.count()
        assert server.count(HOST, "/svc/apis/sto/ksq_isu_base_info") >= 2
        filled(app.home, server, [("2025-12-22", LAST)])
        assert server.count() == before
