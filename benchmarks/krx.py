"""Storing the Korea Exchange, as ratios against json + peewee in the same run, and how a backfill spends its time.

Usage: python benchmarks/krx.py [--rounds 9] [--sessions 250] [--delay 0.1]
Bars: the upsert alone is >= 15 times faster than insert_many().on_conflict(), body to rows >= 5 times; an unchanged day
again writes no market row; a backfill waits for HTTP >= 90 % of its wall time when each request takes 100 ms. Times are
the processor's. Measured with the sums that are kept beside the rows: 15 times (14.5 to 15.8), and 7 times;
when they were added up number by number: 9 times.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import peewee

from tray_app.core.days import day_number
from tray_app.datasets.krx.collect.context import KrxRunContext, open_context
from tray_app.datasets.krx.rows import STOCK_MARKETS, EquityBar, Market
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry, LedgerState, Track
from tray_app.datasets.krx.sample.answers import KrxAnswers
from tray_app.datasets.krx.source.block import read_block
from tray_app.datasets.krx.source.rows import equity_bars
from tray_app.datasets.krx.store.daily import store_market_day
from tray_app.datasets.krx.tables import DAILY
from tray_app.datasets.schema import SCHEMA
from tray_app.net.body import Body
from tray_app.store.database import Database
from tray_app.store.lifecycle import open_database
from tray_app.store.models import model_of
from tray_app.store.series import Provenance

HOST = "data-dbg.krx.co.kr"
NOW = datetime(2026, 8, 22, 1, 0, tzinfo=UTC)
FIRST = date(2026, 6, 15)
SEEN = Provenance(NOW, 1)
KEY = ("trade_date", "instrument_id")
# With batches of 50 to 1,800 rows peewee is fastest at about 100.
BATCH = 100
CONSTANTS = {"record_status": 0, "source_name": 1, "collected_at": int(NOW.timestamp()), "run_id": 1}

Bodies = Mapping[Market, bytes]
Bars = Mapping[Market, tuple[EquityBar, ...]]
# Instrument ids by code, as a run has them at hand.
Ids = Mapping[Market, Mapping[str, int]]


def main() -> None:
    """Measure and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=9)
    arguments.add_argument("--sessions", type=int, default=250, help="of the backfill; 0 leaves it out")
    arguments.add_argument("--delay", type=float, default=0.1, help="seconds that each request of the backfill takes")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="krx-bench-") as folder:
        storing(Path(folder), asked.rounds)
    if asked.sessions:
        script = Path(__file__).with_name("krx_backfill.py")
        words = ["--sessions", str(asked.sessions), "--delay", str(asked.delay)]
        subprocess.run([sys.executable, script, *words], check=True)


@dataclass(frozen=True)
class Stores:
    """Four databases: the plain way, the rows alone, from the body to the rows, and all that a run stores."""

    plain: Database
    alone: Database
    bodies: Database
    whole: Database


def storing(folder: Path, rounds: int) -> None:
    """Measure a day's upsert, its way from the body, and the same day again, on one new session a round."""
    answers = KrxAnswers(share=1)
    days = KrxCalendar().sessions(FIRST, NOW.date())[: rounds + 1]
    stores = Stores(*(open_at(folder / name) for name in ("plain", "alone", "bodies", "whole")))
    store = open_context(stores.whole, KrxCalendar(), NOW)
    took: dict[str, list[float]] = {}
    for place, day in enumerate(days):
        bodies = {market: answers.daily(market)(day, NOW) for market in STOCK_MARKETS}
        # The first session opens every listing; a usual one does not.
        for name, seconds in one_round(stores, store, bodies, day).items() if place else skipped(store, bodies, day):
            took.setdefault(name, []).append(seconds)
    middle = {name: statistics.median(times) for name, times in took.items()}
    rows = sum(map(len, ids_of(stores.whole, days[-1]).values()))
    print(f"{rows:,} rows a day, medians of {rounds} interleaved rounds")
    line("upsert alone", middle["upsert"], middle["peewee"], 15)
    line("body to rows", middle["body to rows"], middle["json + peewee"], 5)
    print(f"{'and listings, ledger':<22}{middle['whole'] * 1000:7.1f} ms")
    print(f"{'an unchanged day':<22}{middle['again'] * 1000:7.1f} ms   0 rows of any table written\n")
    for database in (stores.plain, stores.alone, stores.bodies, stores.whole):
        database.close_thread()


def skipped(store: KrxRunContext, bodies: Bodies, day: date) -> tuple[tuple[str, float], ...]:
    """Store a session without measuring."""
    keep(store, parsed(bodies, day), day)
    return ()


def one_round(stores: Stores, store: KrxRunContext, bodies: Bodies, day: date) -> dict[str, float]:
    """Measure everything once on a new session."""
    whole = timed(lambda: keep(store, parsed(bodies, day), day))
    bars, ids = parsed(bodies, day), ids_of(stores.whole, day)
    rows = peewee_rows(bars, ids)
    plain = timed(lambda: insert_many(stores.plain, rows))
    alone = timed(lambda: upsert(stores.alone, bars, ids))
    forget(stores.plain, day)
    wire = timed(lambda: insert_many(stores.plain, wire_rows(bodies, day, ids)))
    body_to_rows = timed(lambda: upsert(stores.bodies, parsed(bodies, day), ids))
    written = changes(stores.alone, lambda: upsert(stores.alone, bars, ids))
    assert written == 0, f"an unchanged day wrote {written} rows"
    again = timed(lambda: keep(store, parsed(bodies, day), day))
    return {
        "peewee": plain,
        "upsert": alone,
        "json + peewee": wire,
        "body to rows": body_to_rows,
        "whole": whole,
        "again": again,
    }


def line(name: str, ours: float, theirs: float, bar: float) -> None:
    """Print one comparison."""
    ratio = theirs / ours
    verdict = "ok" if ratio >= bar else "BELOW THE BAR"
    print(f"{name:<22}{ours * 1000:7.1f} ms   peewee {theirs * 1000:8.1f} ms   {ratio:5.1f} times (>= {bar}) {verdict}")


# --- one day, our way ---------------------------------------------------------------------------------------------


def open_at(folder: Path) -> Database:
    """Return a fresh database at the present schema."""
    folder.mkdir()
    return open_database(folder / "market.db", folder / "backups", NOW, SCHEMA)


def parsed(bodies: Bodies, day: date) -> Bars:
    """Return a session's typed rows, checked as the source checks them."""
    return {market: equity_bars(read_block(Body(HOST, body)), market, day) for market, body in bodies.items()}


def keep(store: KrxRunContext, bars: Bars, day: date) -> None:
    """Store a session as a run does: listings, rows and ledger, one transaction a market."""
    for market, rows in bars.items():
        entry = LedgerEntry(Track(BarKind.EQUITY, market), day, LedgerState.COLLECTED, len(rows), 1)
        store.rows.upsert_bars(entry, rows, SEEN)


def upsert(database: Database, bars: Bars, ids: Ids) -> None:
    """Store the rows alone, one transaction a market."""
    for market, rows in bars.items():
        with database.writing() as connection:
            store_market_day(connection, rows[0].trade_date, rows, ids[market], SEEN)


def ids_of(database: Database, day: date) -> Ids:
    """Return the instrument ids of a session."""
    found: dict[Market, dict[str, int]] = {market: {} for market in STOCK_MARKETS}
    with database.reading() as connection:
        rows = connection.execute(
            "SELECT i.market_code, i.external_code, d.instrument_id FROM daily_market_data d"
            " JOIN instruments i USING (instrument_id) WHERE d.trade_date = ?",
            (day_number(day),),
        )
        for market, code, instrument_id in rows:
            found[Market(market)][code] = instrument_id
    return found


def forget(database: Database, day: date) -> None:
    """Take a session's rows out again, past the store: the plain way notes nothing for sums."""
    number = day_number(day)
    with database.reading() as connection, database.peewee.atomic():
        connection.execute("DELETE FROM daily_market_data WHERE trade_date = ?", (number,))
        connection.execute("DELETE FROM day_summary WHERE trade_date = ?", (number,))


def changes(database: Database, work: Callable[[], object]) -> int:
    """Return how many rows of any table the work writes."""
    with database.reading() as connection:
        before = connection.total_changes
        work()
        return connection.total_changes - before


def timed(work: Callable[[], object]) -> float:
    """Return the processor's seconds that the work takes: those of the clock depend on who else is at work."""
    started = time.process_time()
    work()
    return time.process_time() - started


# --- one day, the plain way ---------------------------------------------------------------------------------------


def insert_many(database: Database, rows: list[dict[str, Any]]) -> None:
    """Upsert rows the way peewee offers it, in one transaction."""
    model = model_of(DAILY)
    fields = model._meta.fields
    with database.peewee.bind_ctx([model]), database.peewee.atomic():
        for batch in peewee.chunked(rows, BATCH):
            model.insert_many(batch).on_conflict(
                conflict_target=[fields[name] for name in KEY],
                preserve=[field for name, field in fields.items() if name not in KEY],
            ).execute()


def peewee_rows(bars: Bars, ids: Ids) -> list[dict[str, Any]]:
    """Return typed rows as insert_many takes them."""
    return [
        {
            "trade_date": day_number(bar.trade_date),
            "instrument_id": ids[market][bar.code],
            "open": bar.open,
            "high": bar.high,
            "low": bar.low,
            "close": bar.close,
            "change": bar.change,
            "volume": bar.volume,
            "turnover_value": bar.turnover_value,
            "market_value": bar.market_value,
            "listed_shares": bar.listed_shares,
            "base_price": bar.base_price,
            "is_trade_halted": bar.is_trade_halted,
            "is_under_supervision": bar.is_under_supervision,
            **CONSTANTS,
        }
        for market, each in bars.items()
        for bar in each
    ]


def wire_rows(bodies: Bodies, day: date, ids: Ids) -> list[dict[str, Any]]:
    """Return rows straight from json, without any check."""
    number = day_number(day)
    return [
        {
            "trade_date": number,
            "instrument_id": ids[market][row["ISU_CD"]],
            "open": float(row["TDD_OPNPRC"]) or None,
            "high": float(row["TDD_HGPRC"]) or None,
            "low": float(row["TDD_LWPRC"]) or None,
            "close": float(row["TDD_CLSPRC"]),
            "change": float(row["CMPPREVDD_PRC"]),
            "volume": int(row["ACC_TRDVOL"]),
            "turnover_value": int(row["ACC_TRDVAL"]),
            "market_value": int(row["MKTCAP"]),
            "listed_shares": int(row["LIST_SHRS"]),
            "base_price": float(row["TDD_CLSPRC"]) - float(row["CMPPREVDD_PRC"]),
            "is_trade_halted": row["ACC_TRDVOL"] == "0",
            "is_under_supervision": "관리종목" in row["SECT_TP_NM"],
            **CONSTANTS,
        }
        for market, body in bodies.items()
        for row in json.loads(body)["OutBlock_1"]
    ]


if __name__ == "__main__":
    main()
