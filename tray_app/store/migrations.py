"""Numbered steps from an empty file to the present schema; `user_version` holds the number reached.

A step is frozen once released: models may change later, the past may not. A test holds the models to the result.
"""

import sqlite3
from dataclasses import dataclass

from tray_app.store.schema import step_1, step_2, step_3, step_4


@dataclass(frozen=True, slots=True)
class Migration:
    """One step; its version is its place in MIGRATIONS, counted from 1."""

    purpose: str
    statements: tuple[str, ...]


MIGRATIONS = tuple(Migration(step.PURPOSE, step.STATEMENTS) for step in (step_1, step_2, step_3, step_4))
SCHEMA_VERSION = len(MIGRATIONS)


def schema_version(connection: sqlite3.Connection) -> int:
    """Return the version a file is at; 0 for an empty one."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def apply(connection: sqlite3.Connection, version: int) -> None:
    """Make one step, inside the caller's transaction."""
    for statement in MIGRATIONS[version - 1].statements:
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {version}")
