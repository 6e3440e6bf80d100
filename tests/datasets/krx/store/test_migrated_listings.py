"""What the steps of the schema do to the listings of an older store."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from uuid import uuid5

import pytest

from tray_app.datasets.krx.rules.episodes import NAMESPACE
from tray_app.store import migrations

RELEASED = 4
COLUMNS = "instrument_id, uid, market_code, external_code, episode, first_seen, last_seen, delisting_date"
LISTINGS = (
    (1, "u1", "KONEX", "055500", 1, "2024-01-02", "2024-01-09", "2024-01-10"),
    (2, "u2", "KOSDAQ", "055500", 1, "2024-01-10", "2024-01-19", "2024-01-22"),
    (3, "u3", "KOSPI", "055500", 1, "2024-01-22", "2024-01-31", None),
    (4, "u4", "KOSPI", "009900", 1, "2024-01-02", "2024-01-09", "2024-01-10"),
    # The same code on another market, but long after: another firm.
    (5, "u5", "KOSDAQ", "009900", 1, "2024-01-20", "2024-01-31", None),
    (6, "u6", "ETF", "0184E0", 1, "2024-01-02", "2024-01-09", "2024-01-10"),
    (7, "u7", "KOSPI", "0184E0", 1, "2024-01-10", "2024-01-31", None),
)


@pytest.fixture
def old() -> Iterator[sqlite3.Connection]:
    """A store of the released schema with listings, among them one that moved twice."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for step in range(1, RELEASED + 1):
            migrations.apply(connection, step)
        add(connection, LISTINGS)
        yield connection


def add(connection: sqlite3.Connection, listings: Sequence[tuple[object, ...]]) -> None:
    connection.executemany(
        f"INSERT INTO instruments ({COLUMNS}, instrument_name, listing_date, source_name, collected_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'A', '2001-02-03', 'krx', '', '')",
        listings,
    )


def to_present(connection: sqlite3.Connection) -> None:
    for step in range(RELEASED + 1, len(migrations.MIGRATIONS) + 1):
        migrations.apply(connection, step)


def test_stored_transfers_are_linked_and_no_longer_delisted(old: sqlite3.Connection) -> None:
    to_present(old)
    ends = "SELECT instrument_id, end_reason, delisting_date, moved_from, moved_to FROM instruments ORDER BY 1"
    assert old.execute(ends).fetchall() == [
        (1, "transferred", None, None, 2),
        (2, "transferred", None, 1, 3),
        (3, None, None, 2, None),
        (4, "unknown", "2024-01-10", None, None),
        (5, None, None, None, None),
        (6, "unknown", "2024-01-10", None, None),
        (7, None, None, None, None),
    ]
    # The first days on the new markets are checked anew: their base prices were never compared.
    days = "SELECT date(trade_date * 86400, 'unixepoch') FROM pending_checks ORDER BY 1"
    assert old.execute(days).fetchall() == [("2024-01-10",), ("2024-01-22",)]


def uid(what: str) -> str:
    return str(uuid5(NAMESPACE, what))


def test_identifiers_follow_from_the_listing_and_the_earlier_ones_are_kept(old: sqlite3.Connection) -> None:
    old.execute("UPDATE instruments SET isin = 'KR7' WHERE instrument_id IN (1, 2)")
    to_present(old)
    found = old.execute("SELECT uid FROM instruments WHERE instrument_id IN (1, 2, 4, 6) ORDER BY instrument_id")
    assert [row[0] for row in found] == [
        uid("KONEX:055500:2001-02-03"),
        uid("KOSDAQ:055500:2001-02-03"),
        uid("KOSPI:009900:unidentified:2024-01-02"),
        uid("ETF:0184E0"),
    ]
    earlier = old.execute("SELECT uid, instrument_id FROM earlier_uids ORDER BY uid").fetchall()
    assert earlier == [(f"u{number}", number) for number in range(1, 8)]


def test_sections_of_old_rows_are_unknown_and_old_ends_are_looked_at(old: sqlite3.Connection) -> None:
    to_present(old)
    sections = old.execute("SELECT instrument_id, valid_from, section FROM instrument_sections ORDER BY 1").fetchall()
    assert sections == [(listing[0], listing[5], None) for listing in LISTINGS]
    ends = old.execute("SELECT instrument_id FROM doubted_ends ORDER BY 1").fetchall()
    assert ends == [(4,), (6,)]


def test_two_listings_of_one_date_become_one(old: sqlite3.Connection) -> None:
    add(
        old,
        [
            (8, "u8", "KOSPI", "009900", 2, "2024-02-20", "2024-02-29", None),
            (9, "u9", "ETF", "0184E0", 2, "2024-02-20", "2024-02-29", None),
        ],
    )
    old.execute("UPDATE instruments SET isin = 'KR7' WHERE external_code = '009900'")
    rows = [(19_724 + day, number) for day, number in ((0, 4), (49, 8), (0, 6), (49, 9))]
    old.executemany("INSERT INTO daily_market_data VALUES (?, ?, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 1)", rows)
    to_present(old)
    listed = (
        "SELECT instrument_id, last_seen, end_reason, delisting_date FROM instruments WHERE instrument_id IN (4,6,8,9)"
    )
    assert old.execute(listed).fetchall() == [(4, "2024-02-29", None, None), (6, "2024-02-29", None, None)]
    owners = "SELECT trade_date, instrument_id FROM daily_market_data ORDER BY 1, 2"
    assert old.execute(owners).fetchall() == [(19_724, 4), (19_724, 6), (19_773, 4), (19_773, 6)]
    assert old.execute("SELECT instrument_id FROM earlier_uids WHERE uid IN ('u8', 'u9') ORDER BY 1").fetchall() == [
        (4,),
        (6,),
    ]
