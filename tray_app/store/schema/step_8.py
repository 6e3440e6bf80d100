"""Schema step 8: identifiers of listings that follow from what a listing is, and those they bore before."""

import sqlite3
from uuid import UUID, uuid5

PURPOSE = "identifiers of listings by market, code and listing date, and the earlier ones"

STATEMENTS = (
    """
    CREATE TABLE earlier_uids (
        uid TEXT NOT NULL PRIMARY KEY,
        instrument_id INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
)

_NAMESPACE = UUID("5f0c2c86-3a0b-5c1e-9d57-6a1f0e6b7a34")
_Listing = tuple[int, str, str]


def rework(connection: sqlite3.Connection) -> None:
    """Give every listing its lasting identifier; two with one identifier are one listing."""
    listings: dict[str, list[_Listing]] = {}
    rows = connection.execute(
        "SELECT instrument_id, uid, market_code, external_code, isin, listing_date, first_seen FROM instruments"
        " ORDER BY first_seen, instrument_id"
    )
    for instrument_id, uid, market, code, isin, listing_date, first_seen in rows.fetchall():
        what = f"{market}:{code}"
        if isin is not None:
            what += f":{listing_date}"
        elif market != "ETF":
            what += f":unidentified:{first_seen}"
        listings.setdefault(str(uuid5(_NAMESPACE, what)), []).append((instrument_id, uid, first_seen))
    for uid, same in listings.items():
        kept = same[0][0]
        for gone, _, first_seen in same[1:]:
            _join(connection, kept, gone, first_seen)
        connection.execute("UPDATE instruments SET uid = ? WHERE instrument_id = ?", (uid, kept))
        earlier = [(before, kept) for _, before, _ in same]
        connection.executemany("INSERT INTO earlier_uids (uid, instrument_id) VALUES (?, ?)", earlier)


def _join(connection: sqlite3.Connection, kept: int, gone: int, first_seen: str) -> None:
    """Give the rows of a listing to an older one, which ends as it did; its first day is to be checked anew."""
    for table in ("daily_market_data", "price_adjustment_factors", "data_quality_issues"):
        connection.execute(f"UPDATE {table} SET instrument_id = ? WHERE instrument_id = ?", (kept, gone))
    connection.execute(
        "UPDATE restatements SET row_key = substr(row_key, 1, 11) || ?"
        " WHERE table_name = 'daily_market_data' AND row_key LIKE ?",
        (str(kept), f"____-__-__/{gone}"),
    )
    connection.execute("UPDATE month_stamp SET stamp = stamp + 1 WHERE table_name = 'daily_market_data'")
    connection.execute(
        "INSERT OR IGNORE INTO instrument_names (instrument_id, valid_from, name)"
        " SELECT ?, valid_from, name FROM instrument_names WHERE instrument_id = ?",
        (kept, gone),
    )
    connection.execute(
        """
        UPDATE instruments SET (instrument_name, isin, last_seen, delisting_date, end_reason, moved_to, listed_shares) =
            (SELECT other.instrument_name, other.isin, other.last_seen, other.delisting_date, other.end_reason,
                other.moved_to, other.listed_shares FROM instruments other WHERE other.instrument_id = ?)
        WHERE instrument_id = ?
        """,
        (gone, kept),
    )
    for link in ("moved_from", "moved_to"):
        connection.execute(f"UPDATE instruments SET {link} = ? WHERE {link} = ?", (kept, gone))
    connection.execute("DELETE FROM instrument_names WHERE instrument_id = ?", (gone,))
    connection.execute("DELETE FROM instruments WHERE instrument_id = ?", (gone,))
    connection.execute(
        "INSERT INTO pending_checks (trade_date) VALUES (CAST(strftime('%s', ?) AS INTEGER) / 86400)"
        " ON CONFLICT DO NOTHING",
        (first_seen,),
    )
