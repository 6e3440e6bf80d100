"""The rows of the instruments' tables: an episode as it is stored, its names, its identifier and the earlier ones."""

import sqlite3
from dataclasses import dataclass
from datetime import date

from tray_app.core.krx.episodes import EndReason, Episode, EpisodeKey, NameSpell
from tray_app.core.krx.rows import Market

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
Told = tuple[str | None, ...]


@dataclass(slots=True)
class StoredEpisode:
    """An episode with its number and identifier in the tables, where an empty one is none yet.

    The episode is exchanged for what is known now.

    told is what base info says of it as it is stored; None when that is not known.
    """

    instrument_id: int
    uid: str
    episode: Episode
    told: Told | None = None


def load_episodes(connection: sqlite3.Connection) -> list[StoredEpisode]:
    """Return every stored episode."""
    names: dict[int, list[NameSpell]] = {}
    for row in connection.execute("SELECT instrument_id, valid_from, name FROM instrument_names ORDER BY 1, 2"):
        names.setdefault(row[0], []).append(NameSpell(date.fromisoformat(row[1]), row[2]))
    rows = connection.execute(
        "SELECT instrument_id, uid, market_code, external_code, episode, first_seen, last_seen, delisting_date,"
        f" end_reason, moved_to, {', '.join(BASE_INFO_COLUMNS)} FROM instruments"
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
                listing_date=date.fromisoformat(row[12]),
                names=tuple(names.get(row[0], ())),
                delisting_date=date.fromisoformat(row[7]) if row[7] else None,
                isin=row[10],
                end_reason=EndReason(row[8]) if row[8] else None,
                moved_to=keys.get(row[9]),
            ),
            row[10:],
        )
        for row in rows
    ]


def write_names(connection: sqlite3.Connection, instrument_id: int, names: tuple[NameSpell, ...]) -> None:
    """Make these an instrument's names."""
    connection.execute("DELETE FROM instrument_names WHERE instrument_id = ?", (instrument_id,))
    connection.executemany(
        "INSERT INTO instrument_names (instrument_id, valid_from, name) VALUES (?, ?, ?)",
        [(instrument_id, spell.valid_from.isoformat(), spell.name) for spell in names],
    )


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
