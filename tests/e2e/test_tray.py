"""The tray app as a user meets it: a real icon in a real tray, a real menu, real windows, real processes."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from e2e.desktop import Desktop, TrayApp, until
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer

# Without its key the exchange is left out, and the sample servers make decades before they first answer.
CAUGHT_UP = ["liquidity", "crypto", "news"]
NO_HISTORY = {"MARKET_TRAY_HISTORY_ON_FIRST_RUN": "false"}


@pytest.fixture
def app(desktop: Desktop, home: Path, upstream: SampleServer) -> Iterator[TrayApp]:
    with TrayApp(desktop, home, upstream.url, "run", "--hidden", **NO_HISTORY) as started:
        until(lambda: _caught_up(home), "the runs that catch up")
        yield started


def _caught_up(home: Path) -> bool:
    return [name for name, _status in runs(home, "catch-up")] == CAUGHT_UP


def rows(home: Path, question: str) -> list[tuple[Any, ...]]:
    database = home / "market.db"
    if not database.exists():
        return []
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return connection.execute(question).fetchall()
    except sqlite3.OperationalError:  # the file or the table is being made
        return []


def runs(home: Path, trigger: str) -> list[tuple[Any, ...]]:
    return rows(
        home,
        f"SELECT collector, status FROM collection_runs WHERE triggered_by = '{trigger}' AND finished_at IS NOT NULL",
    )


def test_collect_from_the_menu_then_see_it_then_quit(desktop: Desktop, app: TrayApp, home: Path) -> None:
    app.choose("c", "c")
    assert until(lambda: runs(home, "tray"), "the run asked for") == [("crypto", "success")]
    assert rows(home, "SELECT count(DISTINCT coin_id) FROM crypto_price") == [(20,)]
    desktop.click_icon(1)
    until(lambda: desktop.titles() == ["Market Tray"], "the Status window")
    until(lambda: desktop.is_in_front("Market Tray"), "the window in front")
    desktop.screenshot("status")
    app.open_menu()
    desktop.screenshot("menu")
    desktop.key("q")
    assert app.result() == (0, "")
    assert not desktop.icon()


def test_a_second_start_raises_the_first_and_ends(
    desktop: Desktop, app: TrayApp, home: Path, upstream: SampleServer
) -> None:
    assert desktop.titles() == []
    with TrayApp(desktop, home, upstream.url) as second:
        assert second.result() == (0, "")
    until(lambda: desktop.titles() == ["Market Tray"], "the first one's window")
    until(lambda: desktop.is_in_front("Market Tray"), "the window in front")
    assert not app.is_over()
    app.choose("q")
    assert app.result() == (0, "")


def test_closing_the_window_keeps_the_app(desktop: Desktop, app: TrayApp) -> None:
    app.choose("s")
    until(lambda: desktop.is_in_front("Market Tray"), "the window in front")
    desktop.close_window("Market Tray")
    until(lambda: not desktop.titles(), "no window")
    assert desktop.icon()
    app.choose("l")
    until(lambda: desktop.titles() == ["Market Tray"], "the window again, on its log")
    desktop.screenshot("log")
    desktop.key("Escape")
    until(lambda: not desktop.titles(), "no window")
    app.end()
    assert app.result() == (0, "")


def test_a_pause_is_kept_and_ended(desktop: Desktop, app: TrayApp, home: Path) -> None:
    paused = "SELECT value FROM engine_state WHERE name = 'paused_until' AND value != ''"
    assert rows(home, paused) == []
    app.choose("p", "h")
    until(lambda: rows(home, paused), "the pause in the store")
    app.choose("r")
    until(lambda: not rows(home, paused), "no pause in the store")
    app.choose("q")
    assert app.result() == (0, "")


def test_a_failure_is_told_beside_the_icon_and_leads_to_the_status(
    desktop: Desktop, home: Path, upstream: SampleServer
) -> None:
    for host in ("api.coingecko.com", "api.llama.fi", "stablecoins.llama.fi", "api.alternative.me"):
        upstream.misbehave.set(host, Mode.SERVER_ERROR_HTML)
    with TrayApp(desktop, home, upstream.url, "run", "--hidden") as app:
        until(desktop.icon, "a tray icon")
        until(lambda: len(app.windows()) == 2, "a balloon beside the icon")
        desktop.click(max(map(desktop.place_of, app.windows()), key=lambda place: place.width))
        until(lambda: desktop.is_in_front("Market Tray"), "the Status window")
        app.end(signal.SIGINT)
        assert app.result() == (0, "")


def test_a_first_start_welcomes_once(desktop: Desktop, home: Path, upstream: SampleServer) -> None:
    # History that comes by itself would be there first, and the same is not collected twice.
    with TrayApp(desktop, home, upstream.url, MARKET_TRAY_HISTORY_ON_FIRST_RUN="false") as app:
        until(lambda: sorted(desktop.titles()) == ["Market Tray", "Welcome to Market Tray"], "window and welcome")
        until(lambda: desktop.is_in_front("Welcome to Market Tray"), "the welcome in front")
        desktop.screenshot("welcome")
        desktop.key("Return")  # Collect history now
        assert until(lambda: runs(home, "tray"), "a run asked for")
        until(lambda: desktop.titles() == ["Market Tray"], "the window alone")
        app.end()
        assert app.result() == (0, "")
    with TrayApp(desktop, home, upstream.url) as app:
        until(lambda: desktop.titles() == ["Market Tray"], "the window alone")
        app.choose("q")
        assert app.result() == (0, "")


def test_without_a_tray_the_window_carries_the_menu(bare_desktop: Desktop, home: Path, upstream: SampleServer) -> None:
    desktop = bare_desktop
    with TrayApp(desktop, home, upstream.url, "run", "--hidden", **NO_HISTORY) as app:
        until(lambda: desktop.is_in_front("Market Tray"), "the window, although hidden was asked for")
        before = app.windows()
        desktop.key("alt+m")
        until(lambda: app.windows() - before, "the menu in the window")
        desktop.screenshot("no-tray")
        desktop.key("Escape")
        desktop.start_tray()
        until(desktop.icon, "an icon in the tray that came late")
        desktop.close_window("Market Tray")
        until(lambda: not desktop.titles(), "no window")
        app.choose("q")
        assert app.result() == (0, "")


def test_without_a_tray_closing_the_window_quits(bare_desktop: Desktop, home: Path, upstream: SampleServer) -> None:
    with TrayApp(bare_desktop, home, upstream.url, "run", "--hidden", **NO_HISTORY) as app:
        until(lambda: bare_desktop.is_in_front("Market Tray"), "the window, although hidden was asked for")
        bare_desktop.close_window("Market Tray")
        assert app.result() == (0, "")


def test_a_killed_app_leaves_nothing_that_hinders_the_next(
    desktop: Desktop, home: Path, upstream: SampleServer
) -> None:
    with TrayApp(desktop, home, upstream.url, "run", "--hidden") as app:
        until(lambda: runs(home, "catch-up"), "the run that catches up")
        app.process.kill()
        app.result()
    with TrayApp(desktop, home, upstream.url, "run", "--hidden") as app:
        app.choose("q")
        assert app.result() == (0, "")


def test_a_damaged_database_is_told_and_not_deleted(desktop: Desktop, home: Path, upstream: SampleServer) -> None:
    home.mkdir(parents=True)
    damaged = b"SQLite format 3\\0" + b"not a database at all" * 300
    (home / "market.db").write_bytes(damaged)
    with TrayApp(desktop, home, upstream.url, "run", "--hidden", **NO_HISTORY) as app:
        until(lambda: desktop.is_in_front("Market Tray"), "the window that says so")
        desktop.screenshot("damaged")
        assert [file.read_bytes() for file in home.glob("market-damaged-*.db")] == [damaged]
        desktop.key("alt+e")  # Start with an empty database
        until(lambda: _caught_up(home), "the runs in the new database")
        assert ("crypto", "success") in runs(home, "catch-up")
        app.choose("q")
        assert app.result()[0] == 0


def test_no_process_is_left(desktop: Desktop, app: TrayApp, home: Path) -> None:
    app.choose("q")
    assert app.result() == (0, "")
    left = subprocess.run(["pgrep", "-f", str(home)], capture_output=True, text=True, check=False)
    assert left.stdout == "", sys.executable
