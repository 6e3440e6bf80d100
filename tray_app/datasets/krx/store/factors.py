"""The sparse table of adjustment factors."""

import sqlite3
from collections.abc import Mapping
from datetime import date

from tray_app.core.days import day_number
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.adjustment import Adjustment, AdjustmentMethod, Factor
from tray_app.datasets.krx.store.stamps import bump_month
from tray_app.datasets.krx.tables import FACTORS
from tray_app.store.series import Provenance
from tray_app.store.statements import upsert

TABLE = FACTORS.name
# What a factor is, behind whose it is.
COLUMNS = ", ".join(name for name in FACTORS.names if name not in {"trade_date", "run_id"})
UPSERT = upsert(FACTORS)


def store_factors(
    connection: sqlite3.Connection, market: Market, day: date, factors: Mapping[int, Adjustment], seen: Provenance
) -> int:
    """Make these the factors of a market's session, by instrument id; returns how many changed."""
    number = day_number(day)
    stored = {
        row[0]: tuple(row[1:])
        for row in connection.execute(
            # One seek an instrument, as the table is clustered by it; SQLite's own choice takes thrice as long.
            f"SELECT {COLUMNS} FROM instruments i CROSS JOIN {TABLE} f USING (instrument_id)"
            " WHERE i.market_code = ? AND f.trade_date = ?",
            (market, number),
        )
    }
    wanted = {key: _values(event) for key, event in factors.items()}
    gone = [(key, number) for key in stored.keys() - wanted.keys()]
    changed = [(key, number, *values, seen.run_id) for key, values in wanted.items() if stored.get(key) != values]
    connection.executemany(f"DELETE FROM {TABLE} WHERE instrument_id = ? AND trade_date = ?", gone)
    connection.executemany(UPSERT, changed)
    if gone or changed:
        bump_month(connection, TABLE, day)
    return len(gone) + len(changed)


def read_factors(connection: sqlite3.Connection, market: Market, day: date) -> dict[str, Factor]:
    """Return the factors of a market's session by issue code."""
    rows = connection.execute(
        f"SELECT i.external_code, f.factor, f.method FROM {TABLE} f"
        " JOIN instruments i ON i.instrument_id = f.instrument_id WHERE f.trade_date = ? AND i.market_code = ?",
        (day_number(day), market),
    )
    return {row[0]: Factor(day, row[1], AdjustmentMethod(row[2])) for row in rows}


def _values(event: Adjustment) -> tuple[float, float, str, int, str]:
    share_factor = event.factor if event.method.adjusts_volume else 1.0
    return (event.factor, share_factor, str(event.method), int(event.is_flagged), str(event.inputs))
