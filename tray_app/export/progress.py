"""How far an export is, and whether it shall stop."""

from collections.abc import Callable
from dataclasses import dataclass

from tray_app.core.cancel import Cancellation


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """Rows or files done of a total, in a stage: `daily`, `tables`, `preset` or `publish`."""

    stage: str
    done: int
    total: int


Listener = Callable[[ExportProgress], None]


@dataclass(frozen=True, slots=True)
class Watch:
    """Tells progress and asks whether to go on."""

    listener: Listener
    cancel: Cancellation

    def step(self, stage: str, done: int, total: int) -> None:
        """Tell progress. Raises Cancelled when the user wants to stop."""
        self.cancel.raise_if_cancelled()
        self.listener(ExportProgress(stage, done, total))
