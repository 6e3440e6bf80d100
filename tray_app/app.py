"""The entry point: what the command line asks for, told apart before anything heavy is loaded."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tray_app.core.errors import AppError
from tray_app.core.words import tr
from tray_app.crashes import LastWords
from tray_app.files import write_privately
from tray_app.paths import Home, find_home
from tray_app.streams import open_streams

if TYPE_CHECKING:
    from tray_app.ui.shell.opening import TrayParts
    from tray_app.wiring import HomeWays


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    unheard, last = open_streams(), LastWords(words)
    write_privately()
    try:
        code = _run(words, last)
    except Exception as error:
        last.keep(error)
        raise
    if code and unheard is not None and not last.has_log:
        last.keep(unheard.getvalue())
    return code


def _run(words: list[str], last: LastWords) -> int:
    tray = tray_request(words)
    if tray is not None and _can_draw():
        return _draw_tray(tray.home, hidden=tray.hidden)
    from tray_app.cli.commands import run_command  # noqa: PLC0415 - not on the way to the icon
    from tray_app.wiring import starters  # noqa: PLC0415

    return run_command(words, starters(last, run_tray))


@dataclass(frozen=True, slots=True)
class TrayRequest:
    """The tray app as asked for on the command line."""

    home: Path | None
    hidden: bool


def tray_request(words: Sequence[str]) -> TrayRequest | None:
    """Return the plain forms of `[--home DIR] [run [--hidden]]`; anything else is the command line's to parse.

    The parser takes longer to load than the icon may take to appear.
    """
    rest = list(words)
    home = None
    if len(rest) >= 2 and rest[0] == "--home":
        home, rest = Path(rest[1]), rest[2:]
    if rest in ([], ["run"], ["run", "--hidden"]):
        return TrayRequest(home, hidden="--hidden" in rest)
    return None


def run_tray(home: Path | None, *, hidden: bool) -> int:
    """Start the tray app; returns when it has quit. Raises AppError where nothing can draw windows."""
    if not _can_draw():
        raise AppError(
            tr("No windows"),
            tr("The tray app draws its windows with PySide6, which is not installed here."),
            tr("`market-tray serve` collects by the schedule without a window."),
        )
    return _draw_tray(home, hidden=hidden)


def _draw_tray(home: Path | None, *, hidden: bool) -> int:
    from tray_app.ui.start import start  # noqa: PLC0415 - Qt, for this face only

    return start(tray_parts(find_home(home, os.environ), hidden=hidden))


def _can_draw() -> bool:
    return find_spec("PySide6") is not None


def tray_parts(home: Home, *, hidden: bool) -> "TrayParts":
    """Return what the tray app of a home starts with."""
    from tray_app.ui.shell.opening import TrayParts  # noqa: PLC0415

    return TrayParts(
        home=home,
        hidden=hidden,
        open_engine=lambda: _ways(home).open_engine(),
        restore=lambda file: _ways(home).restore(file),
        begin_empty=lambda: _ways(home).begin_empty(),
    )


def _ways(home: Home) -> "HomeWays":
    from tray_app.wiring import HomeWays  # noqa: PLC0415 - everything but Qt, after the icon

    return HomeWays(home)
