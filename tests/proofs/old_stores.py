"""Stores of every schema there was, filled with what the collectors store, as far as that schema had a place for it."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from datasets.krx.rules.kit import at
from krx_exchange import SESSIONS, Exchange
from krx_machine import a_krx_machine
from krx_wire import KrxWire
from liquidity_machine import LIQUIDITY, NEWS, a_liquidity_machine
from machine import a_machine
from support import HOSTS, NOW, Clock

from proofs.kills import STORY
from tray_app.core.model import Window
from tray_app.demo.server import SampleServer
from tray_app.store import migrations

COUNT = 12


@dataclass(frozen=True)
class Earlier:
    """What stood differently in stores of the schemas since .. through, before a step put it right."""

    since: int
    through: int
    change: str


EARLIER = (
    Earlier(
        2,
        4,
        """
        UPDATE instruments SET delisting_date = date(last_seen, '+1 day')
        WHERE delisting_date IS NULL AND last_seen < (SELECT MAX(last_seen) FROM instruments)
        """,
    ),
    Earlier(2, 7, "UPDATE instruments SET uid = 'u' || instrument_id"),
    # The same listing once more, as of a code that came back.
    Earlier(
        2,
        7,
        """
        INSERT INTO instruments (uid, market_code, external_code, episode, instrument_name, isin, listing_date,
            first_seen, last_seen, source_name, collected_at, updated_at)
        SELECT 'again', market_code, external_code, 9, instrument_name, isin, listing_date, '2024-03-04', '2024-03-05',
            source_name, collected_at, updated_at
        FROM instruments WHERE market_code = 'KOSPI' AND isin IS NOT NULL ORDER BY instrument_id LIMIT 1
        """,
    ),
    Earlier(
        2,
        5,
        """
        INSERT INTO data_quality_issues (dataset_name, trade_date, subject, issue_code, severity, issue_detail,
            first_seen_at, last_seen_at, run_id)
        SELECT dataset, trade_date, market_code, 'DUPLICATE_OF_PREVIOUS_DAY', 'ERROR', 'the day before',
            '2024-03-05T00:00:00Z', '2024-03-05T00:00:00Z', 1
        FROM day_ledger WHERE dataset = 'equity' AND state = 'verified' ORDER BY trade_date DESC, market_code LIMIT 2
        """,
    ),
    Earlier(
        1,
        9,
        """
        INSERT INTO crypto_price
        SELECT coin_id, '0001-01-01', symbol, name, rank, price_usd, market_cap, volume_24h, change_24h, change_7d,
            source_name, collected_at
        FROM crypto_price WHERE date = '2026-08-22' LIMIT 3
        """,
    ),
    Earlier(
        1,
        9,
        "INSERT INTO crypto_metric (date, defi_tvl, created_at) VALUES ('2286-11-20', 1.0, '2026-08-22T10:50:00Z')",
    ),
    Earlier(
        4,
        9,
        """
        INSERT INTO macro_observation SELECT series_id, '2206-08-21', value, first_seen_at, run_id
        FROM macro_observation GROUP BY series_id LIMIT 2
        """,
    ),
    Earlier(4, 9, "UPDATE series_progress SET final_through = '2206-08-21' WHERE series = 'macro:DGS10'"),
    Earlier(
        4,
        9,
        """
        UPDATE news_article SET published_utc = '2100-01-01T00:00:00Z'
        WHERE hash = (SELECT MIN(hash) FROM news_article)
        """,
    ),
)


def present_store(home: Path) -> Path:
    """Let every collector store a little; returns the database, which is of the present schema."""
    with a_krx_machine(home, KrxWire(Exchange(STORY).body_of), at(SESSIONS[COUNT + 2], 9)) as krx:
        krx.run(Window(SESSIONS[0], SESSIONS[COUNT - 1]))
    with SampleServer(lambda: NOW, hosts=HOSTS) as server:
        with a_machine(home, server, Clock()) as crypto:
            crypto.run()
            crypto.run(Window(date(2026, 8, 1)))
        with a_liquidity_machine(home, server, Clock()) as liquidity:
            liquidity.run(LIQUIDITY)
            liquidity.run(LIQUIDITY, window=Window(NOW.date() - timedelta(days=20)))
            liquidity.run(NEWS)
            with liquidity.database.writing() as connection:
                # Decades of the same: a migration of them takes long and shows no more.
                connection.execute("DELETE FROM macro_observation WHERE date < '2026-08-01'")
    return home / "market.db"


def old_store(path: Path, version: int, present: Path) -> None:
    """Write a store of a schema with the rows of a present one, as a program of that schema would have left them."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        for step in range(1, version + 1):
            migrations.apply(connection, step)
        connection.execute("ATTACH ? AS present", (str(present),))
        tables = connection.execute(
            "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        for (table,) in tables:
            columns = ", ".join(
                name for name in _columns(connection, "main", table) if name in _columns(connection, "present", table)
            )
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM present.{table}")
        for earlier in EARLIER:
            if earlier.since <= version <= earlier.through:
                changed = connection.execute(earlier.change)
                if not changed.rowcount:
                    raise ValueError(f"schema {version}: nothing is as it was before: {earlier.change}")


def _columns(connection: sqlite3.Connection, schema: str, table: str) -> list[str]:
    return [str(row[1]) for row in connection.execute(f"PRAGMA {schema}.table_info({table})")]
