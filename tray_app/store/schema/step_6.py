"""Schema step 6: days that were verified, or given up, although an open error convicts them are asked for again."""

import sqlite3
from datetime import date

PURPOSE = "days that an open error convicts are in doubt: no factors, asked for again"

STATEMENTS: tuple[str, ...] = ()

# The errors about completeness, the source's integrity and single rows, as this step was released.
CONVICTING = (
    "DAY_ROWCOUNT_DROP",
    "MASTER_ORPHAN",
    "MASTER_MISSING",
    "BENCHMARK_MISSING",
    "RESPONSE_DATE_MISMATCH",
    "ALL_ZERO_SNAPSHOT",
    "DUPLICATE_OF_PREVIOUS_DAY",
    "TOTAL_MISMATCH",
    "FIELD_DRIFT",
    "IDENTITY_MISMATCH",
    "DUPLICATE_KEY",
    "OHLC_HIGH_INCONSISTENT",
    "OHLC_LOW_INCONSISTENT",
    "PRICE_NON_POSITIVE",
    "PRICE_NON_FINITE",
    "NEGATIVE_VOLUME",
    "NEGATIVE_TURNOVER",
    "NEGATIVE_MARKET_VALUE",
    "CHANGE_IDENTITY",
)
ACCUSES_BOTH = ("BENCHMARK_MISSING", "DUPLICATE_OF_PREVIOUS_DAY", "TOTAL_MISMATCH")
INDEX_CLASSES = {"KOSPI200": "KOSPI", "KOSPI_TOTAL": "KOSPI", "KOSDAQ150": "KOSDAQ", "KOSDAQ_TOTAL": "KOSDAQ",
                 "KRX300": "KRX"}  # fmt: skip
REASON = "An open error convicts the day: asked for again."
EPOCH = date(1970, 1, 1).toordinal()

Entry = tuple[str, str, str]


def rework(connection: sqlite3.Connection) -> None:
    """Put the convicted days in doubt, due at once; let the exchange's rested holes and doubts be asked for again."""
    for dataset, market, day in sorted(_convicted(connection)):
        # A due time that has passed long since is due now.
        changed = connection.execute(
            "UPDATE day_ledger SET state = 'collected', attempts = 1, next_try_at = ?, reason = ?"
            " WHERE dataset = ? AND market_code = ? AND trade_date = ? AND state IN ('collected', 'verified')",
            (f"{day}T00:00:00Z", REASON, dataset, market, day),
        )
        if changed.rowcount and dataset == "equity":
            _forget_factors(connection, market, date.fromisoformat(day))
    connection.execute(
        "UPDATE day_ledger SET next_try_at = trade_date || 'T00:00:00Z'"
        " WHERE state = 'collected' AND reason <> '' AND attempts >= 7 AND next_try_at IS NULL"
    )
    _reopen_holes(connection)


def _convicted(connection: sqlite3.Connection) -> set[Entry]:
    marks = ", ".join("?" for _ in CONVICTING)
    rows = connection.execute(
        "SELECT dataset_name, subject, trade_date, issue_code FROM data_quality_issues"
        f" WHERE resolved_at IS NULL AND severity = 'ERROR' AND issue_code IN ({marks})",
        CONVICTING,
    ).fetchall()
    found = set[Entry]()
    for dataset, subject, day, code in rows:
        owner = subject.partition(":")[0]
        if dataset == "index":
            found.add(("index", INDEX_CLASSES.get(owner, owner), day))
        elif dataset == "equity":
            found.add(("equity", owner, day))
            found.update({("index", owner, day)} if code in ACCUSES_BOTH else ())
    return found


def _reopen_holes(connection: sqlite3.Connection) -> None:
    """Ask again for sessions that were given up as empty although another list has rows of them."""
    holes = connection.execute(
        "SELECT dataset, market_code, trade_date FROM day_ledger l"
        " WHERE state = 'unknown' AND attempts > 0 AND next_try_at IS NULL AND market_code <> 'ETF' AND EXISTS ("
        " SELECT 1 FROM day_ledger o WHERE o.trade_date = l.trade_date AND o.state IN ('collected', 'verified')"
        " AND o.market_code <> 'ETF')"
    ).fetchall()
    for dataset, market, day in holes:
        connection.execute(
            "UPDATE day_ledger SET next_try_at = ? WHERE dataset = ? AND market_code = ? AND trade_date = ?",
            (f"{day}T00:00:00Z", dataset, market, day),
        )
        if dataset == "equity":
            _forget_factors(connection, market, date.fromisoformat(day))


def _forget_factors(connection: sqlite3.Connection, market: str, day: date) -> None:
    """Take back the factors that rest on a market's day: its own, and those of the stored session after it."""
    number = day.toordinal() - EPOCH
    (after,) = connection.execute(
        "SELECT MIN(trade_date) FROM day_summary"
        " WHERE dataset = 'equity' AND market_code = ? AND trade_date > ? AND rows > 0",
        (market, number),
    ).fetchone()
    for each in (number, after):
        if each is None:
            continue
        gone = connection.execute(
            "DELETE FROM price_adjustment_factors WHERE trade_date = ? AND instrument_id IN"
            " (SELECT instrument_id FROM instruments WHERE market_code = ?)",
            (each, market),
        )
        if gone.rowcount:
            connection.execute(
                "INSERT INTO month_stamp (table_name, month, stamp) VALUES ('price_adjustment_factors', ?, 1)"
                " ON CONFLICT (table_name, month) DO UPDATE SET stamp = stamp + 1",
                (f"{date.fromordinal(each + EPOCH):%Y-%m}",),
            )
        connection.execute("INSERT INTO pending_checks (trade_date) VALUES (?) ON CONFLICT DO NOTHING", (each,))
