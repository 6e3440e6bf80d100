"""The three standard streams: there whatever started us, and in UTF-8."""

import io
import os
import sys
from typing import Any

STREAMS = (0, 1, 2)
MOST_KEPT = 64_000


class Unheard(io.StringIO):
    """Stands for a missing stream of errors: keeps the end of what was said, which nobody could hear."""

    def write(self, text: str) -> int:
        """Keep a text."""
        written = super().write(text)
        said = self.getvalue()
        if len(said) > 2 * MOST_KEPT:
            self.seek(0)
            self.truncate()
            super().write(said[-MOST_KEPT:])
        return written


def open_streams() -> Unheard | None:
    """Open whatever stream is missing, as under pythonw, a task planner or `2>&-`; return what stands for errors."""
    for number in STREAMS:
        # The next file opened would get the number, the database for one, and what a library says there destroy it.
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003
    sys.stdin = sys.stdin or _nothing("r")
    sys.stdout = sys.stdout or _nothing("w")
    unheard = None
    if sys.stderr is None:
        sys.stderr = unheard = Unheard()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # A redirected stream has the code page of the system, in which half of our texts cannot be written.
            reconfigure(encoding="utf-8", errors="backslashreplace")
    return unheard


def _nothing(mode: str) -> Any:
    return open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123 - open as long as the process lives
