"""Homes to read from, and what a set exported from them holds."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from export import kit, liquid
from export.files.test_findings import issue
from patience import PATIENCE
from repository import REPOSITORY

import market_tray
from tray_app.paths import Home

FIRST, LAST = kit.FIRST, kit.LAST
FORMS = ("pandas", "arrow", "polars")
COIN = "INSERT INTO crypto_price VALUES ('{0}', '{1}', '{2}', '{0}', {3}, 35000.5, 7e11, NULL, 1, 2, 'x', 't')"
STORY = (
    "INSERT INTO news_article VALUES ('{0}', '{1}', 'Yonhap', 'https://x.example/{0}', '{2}', '{3}', 'ko', 'feed', 2)"
)

Ask = Callable[[market_tray.Store, Any], Any]


@dataclass(frozen=True)
class Question:
    """What the library is asked, and the file of a set that says the same."""

    file: str
    ask: Ask


QUESTIONS = (
    Question("instrument_daily", lambda store, form: store.prices(None, FIRST, LAST, adjusted=True, as_=form)),
    Question("benchmark_daily", lambda store, form: store.indices(None, FIRST, LAST, as_=form)),
    Question("trading_calendar", lambda store, form: store.calendar(FIRST, LAST, as_=form)),
    Question("instruments", lambda store, form: store.instruments(as_=form)),
    Question("adjustment_factors", lambda store, form: store.factors(None, FIRST, LAST, as_=form)),
    Question("macro_daily", lambda store, form: store.macro(None, FIRST, LAST, as_=form)),
    Question("stress_daily", lambda store, form: store.stress(FIRST, LAST, as_=form)),
    Question("crypto_daily", lambda store, form: store.crypto(None, FIRST, LAST, as_=form)),
    Question("crypto_metric", lambda store, form: store.crypto_market(FIRST, LAST, as_=form)),
    Question("data_quality_issues", lambda store, form: store.issues(FIRST, LAST, as_=form)),
)


def make_home(root: Path) -> Home:
    """Return a home with something of every dataset."""
    home = liquid.fill(kit.make_home(root))
    kit.change(
        home,
        COIN.format("bitcoin", FIRST, "btc", 1),
        COIN.format("ethereum", LAST, "eth", "NULL"),
        "INSERT INTO crypto_metric (date, btc_dominance, fear_greed_index, created_at)"
        f" VALUES ('{LAST}', 51.5, 40, 't')",
        STORY.format("b", "금리 동결", f"{FIRST}T23:59:59Z", f"{LAST}T00:00:00Z"),
        STORY.format("a", "Repo", f"{LAST}T00:00:00Z", f"{LAST}T00:00:00Z"),
        issue("WARN"),
    )
    return home


def read(folder: Path, name: str) -> pa.Table:
    return pq.read_table(folder / f"{name}.parquet")


def plain(table: pa.Table) -> pa.Table:
    """Return a table whose repeated texts are texts: the order of their words tells nothing."""
    fields = [each.with_type(pa.string()) if pa.types.is_dictionary(each.type) else each for each in table.schema]
    return table.cast(pa.schema(fields))


def run(code: str, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run Python code in a process of its own, which finds the library and the tests."""
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=REPOSITORY,
        env={**_environment(), **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
    )


def _environment() -> dict[str, str]:
    path = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tests")])
    return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"}
