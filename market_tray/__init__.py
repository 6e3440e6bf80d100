"""Market Tray's data in pandas, Arrow or polars: a small library that only reads.

    import market_tray

    with market_tray.open() as store:
        closes = store.prices(["005930", "000660"], start="2024-01-01", adjusted=True)

It reads the home's database while the tray app or `market-tray serve` writes it, and never makes, changes or migrates
it. Importing it loads neither pandas nor pyarrow: the first question does.

What goes wrong is an AppError with `title`, `message` and `hint`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from market_tray.errors import Closed, ErrorsInData, NoDatabase, PolarsMissing, Unknown
from market_tray.store import Store
from tray_app.core.errors import AppError

if TYPE_CHECKING:
    import os

__all__ = ["AppError", "Closed", "ErrorsInData", "NoDatabase", "PolarsMissing", "Store", "Unknown", "open"]


def open(home: str | os.PathLike[str] | None = None) -> Store:  # noqa: A001 - market_tray.open, as in gzip.open
    """Return the store of a home folder, ready to be asked.

    home: the folder that holds market.db; None for the one the program itself would take (the variable
    MARKET_TRAY_HOME, else the platform's data folder).

    Raises NoDatabase where there is none, and other AppErrors for a database of an older or newer version of
    Market Tray, of another program, or damaged. Nothing is created or brought up to date.

    Between two questions no file is held open; SQLite's own market.db-wal and market.db-shm may be left beside it. Keep
    no connection of the module sqlite3 to the same market.db in the process that uses this library: on Linux two copies
    of SQLite in one process drop each other's locks.
    """
    return Store.of(home)
