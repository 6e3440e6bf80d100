"""A file for what went wrong where neither a log nor a reader was there: the tray app's next start shows it once."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tray_app.files import require_file
from tray_app.paths import find_home

UNREAD = "crash-unread.txt"
ELSEWHERE = "market-tray-crash.txt"
LARGEST_BYTES = 1_000_000


class LastWords:
    """What a command would say to nobody; has_log once a log has been started, which takes errors by itself."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self.has_log = False

    def keep(self, told: BaseException | str) -> None:
        """Write an error down in the home's logs, or where the system keeps passing files."""
        import tempfile  # noqa: PLC0415 - these only where something went wrong: not on the way to the icon
        import traceback  # noqa: PLC0415
        from datetime import UTC, datetime  # noqa: PLC0415

        from tray_app.core.secrets import struck_out  # noqa: PLC0415
        from tray_app.core.texts import clean_lines  # noqa: PLC0415

        text = told if isinstance(told, str) else "".join(traceback.format_exception(told))
        entry = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n{clean_lines(struck_out(text, self._secrets()))}\n"
        places = []
        # Whatever broke the command may break this too.
        with suppress(Exception):
            places.append(find_home(_home_named(self._words), os.environ).logs / UNREAD)
        for place in (*places, Path(tempfile.gettempdir()) / ELSEWHERE):
            with suppress(OSError):
                _add(place, entry)
                return

    def _secrets(self) -> Sequence[str]:
        from tray_app.datasets.keys import KEY_NAMES  # noqa: PLC0415
        from tray_app.keys import Keys, NoStore  # noqa: PLC0415
        from tray_app.settings import read_environment  # noqa: PLC0415

        environment = dict(os.environ)
        with suppress(Exception):
            environment = read_environment(os.environ, find_home(_home_named(self._words), os.environ).environment)
        return Keys(environment, NoStore(), KEY_NAMES).known_secrets()


def _home_named(words: Sequence[str]) -> Path | None:
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--home" and following:
            return Path(following)
        if word.startswith("--home="):
            return Path(word.removeprefix("--home="))
    return None


def _add(place: Path, entry: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    require_file(place)
    is_small = not place.exists() or place.stat().st_size < LARGEST_BYTES
    with place.open("a" if is_small else "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(entry)
