"""Parting a listing in the tables, or joining two: rows go to another instrument with all that is said of them."""

import sqlite3
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from tray_app.core.days import day_number
from tray_app.core.times import iso_instant
from tray_app.datasets.krx.rules.episodes import Episode, EpisodeKey
from tray_app.datasets.krx.rules.relistings import EpisodeSplit
from tray_app.datasets.krx.store.codes import EQUITY_TABLE
from tray_app.datasets.krx.store.episode_rows import (
    NAMES,
    ROWS_SHARES,
    SECTIONS,
    StoredEpisode,
    keep_earlier_uid,
    write_uid,
)
from tray_app.datasets.krx.store.factors import TABLE as FACTOR_TABLE
from tray_app.datasets.krx.store.stamps import bump_month
from tray_app.store.series import Provenance


def parting_around(
    connection: sqlite3.Connection, key: EpisodeKey, instrument_id: int, day: date, stored: Sequence[date]
) -> EpisodeSplit | None:
    """Return the rows right before a day and from it on; nothing when one side has none. stored: ascending."""
    place = bisect_left(stored, day)
    before = next((each for each in reversed(stored[:place]) if _has_row(connection, instrument_id, each)), None)
    after = next((each for each in stored[place:] if _has_row(connection, instrument_id, each)), None)
    return None if before is None or after is None else EpisodeSplit(key, before, after)


def part_listing(connection: sqlite3.Connection, stored: StoredEpisode, later: Episode, seen: Provenance) -> int:
    """Add the later listing of two that were one, with all that was said of both; returns its instrument id.

    What it was that the issue went on in belongs to the later one too. `write_listing` tells the two apart.
    """
    cursor = connection.execute(
        """
        INSERT INTO instruments (uid, market_code, external_code, episode, isin, instrument_name, name_en,
            listing_date, share_class, security_group, section, par_value, listed_shares,
            first_seen, last_seen, source_name, collected_at, updated_at, end_reason, delisting_date, moved_to,
            liquidation_from)
        SELECT 'parted:' || uid, market_code, external_code, ?, isin, instrument_name, name_en,
            listing_date, share_class, security_group, section, par_value, listed_shares,
            first_seen, last_seen, source_name, collected_at, ?, end_reason, delisting_date, moved_to, liquidation_from
        FROM instruments WHERE instrument_id = ?
        """,
        (later.key.number, iso_instant(seen.at), stored.instrument_id),
    )
    added = int(cursor.lastrowid or 0)
    connection.execute("UPDATE instruments SET moved_from = ? WHERE moved_from = ?", (added, stored.instrument_id))
    connection.execute(
        "UPDATE instruments SET delisting_date = NULL, end_reason = NULL, moved_to = NULL, liquidation_from = NULL"
        " WHERE instrument_id = ?",
        (stored.instrument_id,),
    )
    return added


def join_listing(connection: sqlite3.Connection, kept: int, gone: StoredEpisode, seen: Provenance) -> None:
    """Take a listing away that is one with an older one, which ends as it did. Its rows are moved already."""
    key = gone.instrument_id
    connection.execute(
        """
        UPDATE instruments SET (isin, name_en, share_class, security_group, section, par_value, end_reason,
            delisting_date, moved_to, liquidation_from, updated_at) = (
                SELECT COALESCE(other.isin, instruments.isin), other.name_en, other.share_class, other.security_group,
                    other.section, other.par_value, other.end_reason, other.delisting_date, other.moved_to,
                    other.liquidation_from, ?
                FROM instruments other WHERE other.instrument_id = ?)
        WHERE instrument_id = ?
        """,
        (iso_instant(seen.at), key, kept),
    )
    for link in ("moved_from", "moved_to"):
        connection.execute(f"UPDATE instruments SET {link} = ? WHERE {link} = ?", (kept, key))
    for table in ("earlier_uids", "data_quality_issues"):
        connection.execute(f"UPDATE {table} SET instrument_id = ? WHERE instrument_id = ?", (kept, key))
    keep_earlier_uid(connection, gone.uid, kept)
    for spells in (NAMES, SECTIONS):
        connection.execute(f"DELETE FROM {spells.table} WHERE instrument_id = ?", (key,))
    connection.execute("DELETE FROM instruments WHERE instrument_id = ?", (key,))


def write_listing(connection: sqlite3.Connection, stored: StoredEpisode, seen: Provenance) -> None:
    """Store who an episode is, and how far it reaches."""
    episode = stored.episode
    connection.execute(
        "UPDATE instruments SET isin = ?, instrument_name = ?, listing_date = ?, first_seen = ?, last_seen = ?,"
        f" listed_shares = {ROWS_SHARES}, updated_at = ? WHERE instrument_id = ?",
        (
            episode.isin,
            episode.names[-1].text,
            episode.listing_date.isoformat(),
            episode.first_seen.isoformat(),
            episode.last_seen.isoformat(),
            day_number(episode.last_seen),
            iso_instant(seen.at),
            stored.instrument_id,
        ),
    )
    write_uid(connection, stored)


def move_rows(connection: sqlite3.Connection, old: int, new: int, days: Sequence[date]) -> None:
    """Give an instrument's rows of some sessions to another one."""
    for table in (EQUITY_TABLE, FACTOR_TABLE):
        connection.executemany(
            f"UPDATE {table} SET instrument_id = ? WHERE trade_date = ? AND instrument_id = ?",
            [(new, day_number(day), old) for day in days],
        )
        for day in {day.replace(day=1) for day in days}:
            bump_month(connection, table, day)
    connection.executemany(
        "UPDATE data_quality_issues SET instrument_id = ? WHERE dataset_name = 'equity' AND trade_date = ?"
        " AND instrument_id = ?",
        [(new, day.isoformat(), old) for day in days],
    )
    connection.executemany(
        "UPDATE restatements SET row_key = ? WHERE table_name = ? AND row_key = ?",
        [(f"{day}/{new}", EQUITY_TABLE, f"{day}/{old}") for day in days],
    )


def _has_row(connection: sqlite3.Connection, instrument_id: int, day: date) -> bool:
    found = connection.execute(
        f"SELECT 1 FROM {EQUITY_TABLE} WHERE trade_date = ? AND instrument_id = ?", (day_number(day), instrument_id)
    )
    return found.fetchone() is not None
