"""The rows of the instruments' tables: an episode as it is stored, its names, its identifier and the earlier ones."""

import sqlite3
from dataclasses import dataclass
from datetime import date

from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.episodes import EndReason, Episode, EpisodeKey
from tray_app.datasets.krx.rules.spells import Spell, Spells

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


@dataclass(frozen=True, slots=True)
class SpellTable:
    """A table of texts that hold from a day to the next one."""

    table: str
    column: str


NAMES = SpellTable("instrument_names", "name")
SECTIONS = SpellTable("instrument_sections", "section")


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
                liquidation_from=date.fromisoformat(row[10]) if row[10] else None,
                delisting_date=date.fromisoformat(row[7]) if row[7] else None,
                isin=row[11],
                end_reason=EndReason(row[8]) if row[8] else None,
                moved_to=keys.get(row[9]),
            ),
            row[11:],
        )
        for row in rows
    ]


def write_spells(connection: sqlite3.Connection, kind: SpellTable, instrument_id: int, spells: Spells) -> None:
    """Make these an instrument's names, or sections."""
    connection.execute(f"DELETE FROM {kind.table} WHERE instrument_id = ?", (instrument_id,))
    connection.executemany(
        f"INSERT INTO {kind.table} (instrument_id, valid_from, {kind.column}) VALUES (?, ?, ?)",
        [(instrument_id, spell.valid_from.isoformat(), spell.text) for spell in spells],
    )


def write_all_spells(connection: sqlite3.Connection, stored: StoredEpisode) -> None:
    """Store an episode's names and sections as they are known now."""
    write_spells(connection, NAMES, stored.instrument_id, stored.episode.names)
    write_spells(connection, SECTIONS, stored.instrument_id, stored.episode.sections)


def _load_spells(connection: sqlite3.Connection, kind: SpellTable) -> dict[int, list[Spell]]:
    found: dict[int, list[Spell]] = {}
    rows = connection.execute(f"SELECT instrument_id, valid_from, {kind.column} FROM {kind.table} ORDER BY 1, 2")
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
