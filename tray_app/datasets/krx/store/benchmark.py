"""The daily bars of the indices."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from tray_app.core.days import day_number
from tray_app.datasets.krx import tables
from tray_app.datasets.krx.rows import IndexBar, IndexClass
from tray_app.datasets.krx.rules.indices import index_code
from tray_app.datasets.krx.rules.ledger import BarKind
from tray_app.datasets.krx.store.clustered import ClusteredTable, Columns
from tray_app.datasets.krx.store.marks import has_rows, upsert_day_summary
from tray_app.datasets.krx.tables import RecordStatus, SourceCode
from tray_app.store.series import Provenance

BENCHMARK = ClusteredTable(tables.BENCHMARK)


def store_index_day(connection: sqlite3.Connection, day: date, bars: Sequence[IndexBar], seen: Provenance) -> int:
    """Upsert the indices of a class on a session, at least one; returns the rows new or changed."""
    ids, index_class = _ids(connection, bars), bars[0].index_class
    known = _known(connection, index_class, day) if has_rows(connection, BarKind.INDEX, index_class, day) else None
    by_id = {ids[bar.name]: bar for bar in bars}
    keys = sorted(by_id)
    changed = BENCHMARK.store(connection, day, keys, _columns([by_id[key] for key in keys]), seen, index_class, known)
    upsert_day_summary(connection, BarKind.INDEX, index_class, day, len(bars))
    return changed


def read_index_day(connection: sqlite3.Connection, index_class: IndexClass, day: date) -> tuple[IndexBar, ...]:
    """Return a class's stored session."""
    rows = connection.execute(
        """
        SELECT x.index_name, b.close, b.change, b.open, b.high, b.low, b.volume, b.turnover_value, b.market_cap
        FROM benchmark_index_data b JOIN indices x ON x.index_id = b.index_id
        WHERE b.trade_date = ? AND x.index_class = ? ORDER BY x.index_id
        """,
        (day_number(day), index_class),
    )
    return tuple(IndexBar(day, index_class, *row) for row in rows.fetchall())


def _known(connection: sqlite3.Connection, index_class: IndexClass, day: date) -> set[int]:
    rows = connection.execute(
        "SELECT b.index_id FROM benchmark_index_data b JOIN indices x ON x.index_id = b.index_id"
        " WHERE b.trade_date = ? AND x.index_class = ?",
        (day_number(day), index_class),
    )
    return {row[0] for row in rows}


def _ids(connection: sqlite3.Connection, bars: Sequence[IndexBar]) -> dict[str, int]:
    connection.executemany(
        "INSERT INTO indices (index_class, index_code, index_name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(bar.index_class, index_code(bar.index_class, bar.name), bar.name) for bar in bars],
    )
    rows = connection.execute("SELECT index_name, index_id FROM indices WHERE index_class = ?", (bars[0].index_class,))
    return dict(rows.fetchall())


def _columns(bars: Sequence[IndexBar]) -> Columns:
    told: Columns = {
        "record_status": [
            int(RecordStatus.PARTIAL if None in (bar.open, bar.high, bar.low, bar.close) else RecordStatus.VALID)
            for bar in bars
        ],
        "source_name": [int(SourceCode.KRX_OPEN_API)] * len(bars),
    }
    return {**told, **{name: list(map(attrgetter(name), bars)) for name in BENCHMARK.values if name not in told}}
