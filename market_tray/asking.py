"""How a question is put to the database: each to a state of its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from market_tray.errors import Closed
from tray_app.clock import NOW_VARIABLE, clock_from

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

    from market_tray.tables import Tables


class Asking:
    """A database that can be asked until it is closed."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._is_closed = False

    @property
    def database(self) -> Path:
        """Return the path of market.db."""
        return self._database

    def close(self) -> None:
        """Answer nothing more. No file is held open between two questions, so that nothing else has to be done."""
        self._is_closed = True

    def _answer(self, form: str, ask: Callable[[Tables], pa.Table]) -> Any:
        # What is heavy is loaded by the first question, so that importing the library costs nothing.
        from market_tray.tables import in_form, tables_of  # noqa: PLC0415

        if self._is_closed:
            raise Closed
        with tables_of(self._database, clock_from(os.environ.get(NOW_VARIABLE, "")).now()) as tables:
            found = ask(tables)
        return in_form(found, form)
