"""What is written of an error that nobody caught: loaded only where something went wrong."""

import logging
import os
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from tray_app.core.texts import clean_lines
from tray_app.core.web.secrets import struck_out
from tray_app.crashes import UNREAD
from tray_app.datasets.keys import KEY_NAMES
from tray_app.files import require_file
from tray_app.keys import Keys, NoStore
from tray_app.paths import Home
from tray_app.settings import read_environment

ELSEWHERE = "market-tray-crash.txt"
LARGEST_BYTES = 1_000_000


def place_of(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Return what tells where an error comes from."""
    return "".join((kind.__name__, *traceback.format_tb(trace)))


def logged_text(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None, secrets: Sequence[str]
) -> str:
    """Log an error, and return what a file may hold of it."""
    logging.getLogger(__name__).critical("an unexpected error", exc_info=(kind, error, trace))
    return clean_lines(struck_out("".join(traceback.format_exception(kind, error, trace)), secrets))


def write_entry(told: BaseException | str, home: Home | None) -> None:
    """Write an error down in the home's logs, or where the system keeps passing files."""
    text = told if isinstance(told, str) else "".join(traceback.format_exception(told))
    entry = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n{clean_lines(struck_out(text, _secrets(home)))}\n"
    places = [home.logs / UNREAD] if home is not None else []
    for place in (*places, Path(tempfile.gettempdir()) / ELSEWHERE):
        with suppress(OSError):
            _add(place, entry)
            return


def _secrets(home: Home | None) -> Sequence[str]:
    environment: Mapping[str, str] = dict(os.environ)
    # Whatever broke the command may break this too.
    with suppress(Exception):
        environment = read_environment(os.environ, home.environment) if home is not None else environment
    return Keys(environment, NoStore(), KEY_NAMES).known_secrets()


def _add(place: Path, entry: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    require_file(place)
    is_small = not place.exists() or place.stat().st_size < LARGEST_BYTES
    with place.open("a" if is_small else "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(entry)
