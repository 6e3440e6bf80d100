"""Days of the exchange that a person has declared closed or open, kept in the calendar with evidence `manual`."""

import sqlite3
from datetime import date, datetime

from tray_app.core.errors import BadInput
from tray_app.core.texts import clean_text
from tray_app.core.times import kst_date
from tray_app.core.words import tr
from tray_app.datasets.krx.rows import STOCK_MARKETS
from tray_app.datasets.krx.rules.calendar import CalendarDay, DayState, Declaration, Evidence, declarable
from tray_app.datasets.krx.rules.ledger import LedgerState
from tray_app.datasets.krx.store.ledger import save_calendar
from tray_app.store.database import Database
from tray_app.store.series import Provenance

NO_RUN = 0
STORED = tuple(state.value for state in LedgerState if state.is_stored)


class DeclaredDays:
    """Reads and writes what a person says of days; rows that come are believed all the same."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[date, Declaration]:
        """Return every declared day."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT DISTINCT trade_date, state, holiday_name FROM trading_calendar WHERE evidence = ?",
                (Evidence.MANUAL,),
            ).fetchall()
        days = (Declaration(date.fromisoformat(row[0]), row[1] == DayState.OPEN, row[2] or "") for row in rows)
        return {each.trade_date: each for each in days}

    def has_rows(self, day: date) -> bool:
        """Whether rows of a day are stored: the exchange traded."""
        with self._database.reading() as connection:
            return _has_rows(connection, day.isoformat())

    def declare(self, declared: Declaration, now: datetime) -> None:
        """Keep a declaration; the next run asks for a day declared open.

        Raises BadInput where rows say otherwise, and for a day that no run will ever come to.
        """
        first, last = declarable(kst_date(now))
        if not first <= declared.trade_date <= last:
            raise _out_of_reach(declared.trade_date, first, last)
        day = declared.trade_date.isoformat()
        state = DayState.OPEN if declared.is_open else DayState.CLOSED
        with self._database.writing() as connection:
            if not declared.is_open and _has_rows(connection, day):
                raise _contradicted(declared.trade_date)
            kept = CalendarDay(declared.trade_date, state, Evidence.MANUAL, clean_text(declared.note) or None)
            save_calendar(connection, STOCK_MARKETS, [kept], Provenance(now, NO_RUN))
            _forget_answers(connection, day)

    def forget(self, day: date) -> bool:
        """Let the calendar predict a day again; False when nothing was declared of it."""
        with self._database.writing() as connection:
            found = connection.execute(
                "DELETE FROM trading_calendar WHERE trade_date = ? AND evidence = ?", (day.isoformat(), Evidence.MANUAL)
            ).rowcount
            if found:
                _forget_answers(connection, day.isoformat())
        return bool(found)


def _has_rows(connection: sqlite3.Connection, day: str) -> bool:
    marks = ", ".join("?" for _ in STORED)
    query = f"SELECT 1 FROM day_ledger WHERE trade_date = ? AND state IN ({marks}) LIMIT 1"
    return connection.execute(query, (day, *STORED)).fetchone() is not None


def _forget_answers(connection: sqlite3.Connection, day: str) -> None:
    """Forget answers without rows: what they meant was judged by what the day was held to be."""
    marks = ", ".join("?" for _ in STORED)
    connection.execute(f"DELETE FROM day_ledger WHERE trade_date = ? AND state NOT IN ({marks})", (day, *STORED))


def _out_of_reach(day: date, first: date, last: date) -> BadInput:
    return BadInput(
        tr("The day cannot be declared"),
        tr("{day} is no day that is collected.", day=day),
        tr("Allowed: days from {first} to {last}.", first=first, last=last),
    )


def _contradicted(day: date) -> BadInput:
    return BadInput(
        tr("The day was not closed"),
        tr("Rows of {day} are stored: the exchange traded.", day=day),
        tr("Only a day without rows can be declared closed."),
    )
