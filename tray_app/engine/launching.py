"""Opening the engine on a thread of its own, so that imports and the check of the database never hold up the icon."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from tray_app.engine.facade import Engine
    from tray_app.logs import LogTail

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class OpenedEngine:
    """An engine that is open but not started, the tail of its log, and the secrets no text may show."""

    engine: Engine
    log_tail: LogTail
    known_secrets: Callable[[], Sequence[str]]


def run_aside(
    name: str, work: Callable[[], Result], done: Callable[[Result], None], failed: Callable[[Exception], None]
) -> Callable[[float], None]:
    """Start work on a thread; its result, or its error, goes to a callback there. Returns what waits for its end."""

    def guarded() -> None:
        try:
            result = work()
        except Exception as error:
            failed(error)
        else:
            done(result)

    thread = Thread(target=guarded, name=name)
    thread.start()
    return thread.join


def hear_thread_faults(caught: Callable[[type[BaseException], BaseException, TracebackType | None], None]) -> None:
    """Hand over whatever escapes from a thread from now on."""

    def hear(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            caught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    threading.excepthook = hear
