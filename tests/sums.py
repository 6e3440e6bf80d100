"""Holds the kept sums of a store to its rows, whatever wrote them."""

from typing import Any

from tray_app.datasets.schema import SCHEMA
from tray_app.store import sums
from tray_app.store.database import Database

KEPT = (
    "SELECT table_name, scope, period, rows, total, rest FROM data_sums"
    " WHERE rows <> 0 OR total <> 0 OR rest <> 0 ORDER BY 1, 2, 3"
)


def kept_and_true(database: Database) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return the sums as they are kept, and as they are of the rows that are there."""
    with database.reading() as connection:
        kept = connection.execute(KEPT).fetchall()
        connection.execute("BEGIN")
        try:
            sums.rebuild(connection, SCHEMA.summed)
            return kept, connection.execute(KEPT).fetchall()
        finally:
            connection.execute("ROLLBACK")


def check_sums(database: Database) -> None:
    """Fail unless every sum is that of its rows."""
    kept, true = kept_and_true(database)
    assert kept == true
