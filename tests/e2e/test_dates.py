"""The whole of the sample sources at the present of the tests, whatever its date: `.ci/deep dates` tries ten."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import present

from e2e.children import environment, market
from e2e.desktop import Desktop, TrayApp, until
from tray_app.demo.server import SampleServer

COLLECTORS = ["liquidity", "crypto", "news", "krx"]
BROUGHT = "SELECT collector FROM collection_runs WHERE status IN ('success', 'partial')"


def short(steps: dict[str, str]) -> dict[str, str]:
    """Return the steps that did not succeed."""
    return {name: said for name, said in steps.items() if not said.startswith("success")}


def test_every_step_succeeds_and_the_set_is_whole(home: Path, tmp_path: Path, upstream: SampleServer) -> None:
    upstream.prepare()
    child = environment(upstream.url, present.STARTS_AT, KRX_AUTH_KEY="sample")
    collected = market(home, ["collect", "all", "--json"], child)
    # A day of the sample exchange may have findings: the run is partial then, though every step succeeded.
    assert collected.code in {0, 3}, collected.err
    steps: dict[str, dict[str, str]] = {each["collector"]: each["steps"] for each in collected.document["collectors"]}
    assert {name: short(each) for name, each in steps.items()} == {name: {} for name in steps}
    assert list(steps) == COLLECTORS
    asked = [
        "export",
        "--dataset",
        "krx",
        "--dataset",
        "crypto",
        "--date-from",
        "2020-01-01",
        "--date-to",
        "2035-01-01",
    ]
    exported = market(home, [*asked, "--adjusted", "--output-path", str(tmp_path / "set")], child)
    assert exported.code == 0, exported.err
    assert market(home, ["verify", str(tmp_path / "set")], child).code == 0


def test_the_demo_collects_all_four(bare_desktop: Desktop, tmp_path: Path) -> None:
    bare_desktop.start_tray()
    with TrayApp(bare_desktop, tmp_path, "", "demo", TMPDIR=str(tmp_path)) as app:
        until(lambda: app.is_over() or collected(tmp_path) >= set(COLLECTORS), "runs")
        assert not app.is_over()
        bare_desktop.screenshot("demo")
        app.end()
        assert app.result() == (0, "")
    assert not list(tmp_path.glob("market-tray-demo-*"))


def collected(folder: Path) -> set[Any]:
    """Return the collectors of the demo's home with a finished run that brought something."""
    found: set[Any] = set()
    for database in folder.glob("market-tray-demo-*/market.db"):
        try:
            with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
                rows = connection.execute(
                    "SELECT collector FROM collection_runs WHERE status IN ('success', 'partial')"
                )
                found |= {name for (name,) in rows}
        except sqlite3.OperationalError:  # the file or the table is being made
            continue
    return found
