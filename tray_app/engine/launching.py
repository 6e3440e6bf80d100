"""Opening the engine on a thread of its own, so that imports and the check of the database never hold up the icon."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tray_app.engine.facade import Engine
    from tray_app.logs import LogTail

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Launched:
    """An engine that is open but not started, the tail of its log, and the secrets no text may show."""

    engine: Engine
    log_tail: LogTail
    known_secrets: Callable[[], Sequence[str]]


def run_aside(
    name: str, work: Callable[[], Result], done: Callable[[Result], None], failed: Callable[[Exception], None]
) -> Thread:
    """Start work on a thread; its result, or its error, goes to a callback there."""

    def guarded() -> None:
        try:
            result = work()
        except Exception as error:
            failed(error)
        else:
            done(result)

    thread = Thread(target=guarded, name=name)
    thread.start()
    return thread
