"""The rows of the listings' tables: an episode as it is stored, its names and sections, its identifier; parted, joined.

Rows of the big table go to another instrument with all that is said of them.
"""

import sqlite3
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tray_app.core.days import day_number
from tray_app.core.table import Table
from tray_app.core.times import iso_instant, maybe_date
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.episodes import EndReason, Episode, EpisodeKey
from tray_app.datasets.krx.rules.relistings import EpisodeSplit
from tray_app.datasets.krx.rules.spells import Spell, Spells
from tray_app.datasets.krx.store.marks import bump_month
from tray_app.datasets.krx.tables import DAILY, FACTORS, NAMES, SECTIONS
from tray_app.store.series import Provenance

BASE_INFO_COLUMNS = (
    "isin",
    "name_en",
    "listing_date",
    "share_class",
    "security_group",
    "section",
    "par_value",
)
# An instrument's shares on a day, when it has a row there.
ROWS_SHARES = (
    "COALESCE((SELECT d.listed_shares FROM daily_market_data d"
    " WHERE d.trade_date = ? AND d.instrument_id = instruments.instrument_id), listed_shares)"
)
BaseInfoRow = tuple[str | None, ...]


@dataclass(slots=True)
class StoredEpisode:
    """An episode with its number and identifier in the tables, where an empty one is none yet.

    The episode is exchanged for what is known now.

    told is what base info says of it as it is stored; None when that is not known.
    """

    instrument_id: int
    uid: str
    episode: Episode
    told: BaseInfoRow | None = None


# By market, code and number: an EpisodeKey takes five times as long to look up, 2,800 times a day.
Markets = dict[Market, dict[tuple[str, int], StoredEpisode]]


def load_episodes(connection: sqlite3.Connection) -> list[StoredEpisode]:
    """Return every stored episode."""
    names, sections = (_load_spells(connection, kind) for kind in (NAMES, SECTIONS))
    rows = connection.execute(
        "SELECT instrument_id, uid, market_code, external_code, episode, first_seen, last_seen, delisting_date,"
        f" end_reason, moved_to, liquidation_from, {', '.join(BASE_INFO_COLUMNS)} FROM instruments"
    ).fetchall()
    keys = {row[0]: EpisodeKey(Market(row[2]), row[3], row[4]) for row in rows}
    return [
        StoredEpisode(
            row[0],
            row[1],
            Episode(
                key=keys[row[0]],
                first_seen=date.fromisoformat(row[5]),
                last_seen=date.fromisoformat(row[6]),
                listing_date=date.fromisoformat(row[13]),
                names=tuple(names.get(row[0], ())),
                sections=tuple(sections.get(row[0], ())),
                liquidation_from=maybe_date(row[10]),
                delisting_date=maybe_date(row[7]),
                isin=row[11],
                end_reason=EndReason(row[8]) if row[8] else None,
                moved_to=keys.get(row[9]),
            ),
            row[11:],
        )
        for row in rows
    ]


def write_spells(connection: sqlite3.Connection, kind: Table, instrument_id: int, spells: Spells) -> None:
    """Make these an instrument's names, or sections."""
    connection.execute(f"DELETE FROM {kind.name} WHERE instrument_id = ?", (instrument_id,))
    connection.executemany(
        f"INSERT INTO {kind.name} (instrument_id, valid_from, {kind.values[0]}) VALUES (?, ?, ?)",
        [(instrument_id, spell.valid_from.isoformat(), spell.text) for spell in spells],
    )


def write_all_spells(connection: sqlite3.Connection, stored: StoredEpisode) -> None:
    """Store an episode's names and sections as they are known now."""
    write_spells(connection, NAMES, stored.instrument_id, stored.episode.names)
    write_spells(connection, SECTIONS, stored.instrument_id, stored.episode.sections)


def _load_spells(connection: sqlite3.Connection, kind: Table) -> dict[int, list[Spell]]:
    found: dict[int, list[Spell]] = {}
    rows = connection.execute(f"SELECT instrument_id, valid_from, {kind.values[0]} FROM {kind.name} ORDER BY 1, 2")
    for instrument_id, valid_from, text in rows:
        found.setdefault(instrument_id, []).append(Spell(date.fromisoformat(valid_from), text))
    return found


def write_uid(connection: sqlite3.Connection, stored: StoredEpisode) -> None:
    """Store the identifier that follows from what is known now.

    The one before is kept when a set may bear it: nobody holds those that changed before the first export.
    """
    uid = str(stored.episode.uid)
    if uid == stored.uid:
        return
    connection.execute("UPDATE instruments SET uid = ? WHERE instrument_id = ?", (uid, stored.instrument_id))
    if stored.uid:
        keep_earlier_uid(connection, stored.uid, stored.instrument_id)
    connection.execute("DELETE FROM earlier_uids WHERE uid = ?", (uid,))
    stored.uid = uid


def keep_earlier_uid(connection: sqlite3.Connection, uid: str, instrument_id: int) -> None:
    """Keep what an instrument was called, when a set may say so."""
    connection.execute(
        "INSERT OR REPLACE INTO earlier_uids (uid, instrument_id) SELECT ?, ? WHERE EXISTS (SELECT 1 FROM export_jobs)",
        (uid, instrument_id),
    )


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
        connection.execute(f"DELETE FROM {spells.name} WHERE instrument_id = ?", (key,))
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
    for table in (DAILY.name, FACTORS.name):
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
        [(f"{day}/{new}", DAILY.name, f"{day}/{old}") for day in days],
    )


def _has_row(connection: sqlite3.Connection, instrument_id: int, day: date) -> bool:
    found = connection.execute(
        f"SELECT 1 FROM {DAILY.name} WHERE trade_date = ? AND instrument_id = ?", (day_number(day), instrument_id)
    )
    return found.fetchone() is not None
