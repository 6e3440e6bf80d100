"""Stores that a real collection has filled from the made-up exchange: whole, with sessions left out, or under way."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime

from datasets.krx.rules.kit import at
from krx_exchange import SESSIONS, body_of
from krx_machine import KrxMachine, a_krx_machine
from krx_wire import Asked, KrxWire

from tray_app.core.model import Window
from tray_app.paths import Home

Body = Callable[[str, date], bytes | None]
NOW = at(SESSIONS[25])
MALFORMED = b'{"OutBlock_1":[{"BAS_DD":"?"}]}'


@contextmanager
def exchange(home: Home, body: Body = body_of, now: datetime = NOW) -> Iterator[KrxMachine]:
    """Give a collector over a home's store."""
    home.root.mkdir(parents=True, exist_ok=True)
    with a_krx_machine(home.root, KrxWire(body), now) as machine:
        yield machine


def collect(home: Home, *spans: tuple[int, int], body: Body = body_of, now: datetime = NOW) -> Home:
    """Collect sessions by their numbers, and return the home."""
    with exchange(home, body, now) as machine:
        for first, last in spans:
            machine.run(window(first, last))
    return home


def window(first: int, last: int, *, newest_first: bool = False) -> Window:
    return Window(SESSIONS[first], SESSIONS[last], newest_first=newest_first)


def without(service: str, number: int, answer: bytes | None) -> Body:
    """Return the exchange's answers, but for another one of the services that begin so on a session."""

    def body(asked: str, day: date) -> bytes | None:
        is_it = asked.startswith(service) and asked.endswith("_trd") and day == SESSIONS[number]
        return answer if is_it else body_of(asked, day)

    return body


def copy_when_asked(machine: KrxMachine, asked: Asked, target: Home) -> None:
    """Copy the store while the collector waits for an answer: the state an export finds during a collection."""
    target.root.mkdir(parents=True, exist_ok=True)

    def look(request: Asked) -> None:
        if request == asked:
            with (
                closing(sqlite3.connect(machine.database.path)) as store,
                closing(sqlite3.connect(target.database)) as copy,
            ):
                store.backup(copy)

    machine.wire.before_answer = look
