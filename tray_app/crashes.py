"""A file for what went wrong where neither a log nor a reader was there: the tray app's next start shows it once."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tray_app.paths import Home, find_home

UNREAD = "crash-unread.txt"


class LastWords:
    """What a command would say to nobody; has_log once a log has been started, which takes errors by itself."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self.has_log = False

    def keep(self, told: BaseException | str) -> None:
        """Write an error down in the home's logs, or where the system keeps passing files."""
        from tray_app.crash_file import write_entry  # noqa: PLC0415 - only where something went wrong

        home: Home | None = None
        # Whatever broke the command may break this too.
        with suppress(Exception):
            home = find_home(_home_named(self._words), os.environ)
        write_entry(told, home)


def _home_named(words: Sequence[str]) -> Path | None:
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--home" and following:
            return Path(following)
        if word.startswith("--home="):
            return Path(word.removeprefix("--home="))
    return None
