"""What commands print: one JSON document on stdout, or text for people; everything else goes to stderr."""

import io
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from typer.exceptions import TyperException

from tray_app.core.errors import AlreadyRunning, AppError, BadInput, Cancelled, FolderNotWritable
from tray_app.core.events import Event, RunFinished, RunProgress
from tray_app.core.model import RunStatus
from tray_app.core.overview import progress_text
from tray_app.core.shapes.runs import error_shape
from tray_app.core.texts import clean_json, clean_lines, clean_text
from tray_app.core.words import tr
from tray_app.engine.facade import Engine
from tray_app.export.errors import TargetBusy

SUCCESS, FAILED, USAGE, PARTIAL, RUNNING, CANCELLED = 0, 1, 2, 3, 4, 130

EXIT_CODES = {
    RunStatus.SUCCESS: SUCCESS,
    RunStatus.PARTIAL: PARTIAL,
    RunStatus.CANCELLED: CANCELLED,
}


def exit_code(status: RunStatus) -> int:
    """Return the exit code of a run's status."""
    return EXIT_CODES.get(status, FAILED)


def error_code(error: AppError) -> int:
    """Return the exit code of an error that kept a command from its work."""
    if isinstance(error, BadInput | FolderNotWritable):
        return USAGE
    if isinstance(error, AlreadyRunning | TargetBusy):
        return RUNNING
    return CANCELLED if isinstance(error, Cancelled) else FAILED


class Printer:
    """Prints a command's result in the form asked for."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._out = Console(file=sys.stdout, highlight=False, soft_wrap=True)
        self._aside = Console(file=sys.stderr, highlight=False, soft_wrap=True)

    def result(self, document: Mapping[str, Any], text: str) -> None:
        """Print a result."""
        self._document(document)
        if not self._as_json:
            self._say(self._out, text)

    def failed(self, error: AppError) -> int:
        """Print an error, for people on stderr and for programs as the one document; returns its exit code."""
        self._document(error_shape(error))
        self.note(f"{error.title}. {error}")
        return error_code(error)

    def refused(self, error: TyperException) -> None:
        """Print what the parser has against the command line."""
        self._document(error_shape(BadInput(tr("Wrong usage"), error.format_message())))
        show = getattr(error, "show", None)
        if show is not None:
            shown = io.StringIO()
            show(shown)
            self.note(shown.getvalue().rstrip())

    def _document(self, document: Mapping[str, Any]) -> None:
        if self._as_json:
            sys.stdout.write(clean_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n")

    def note(self, text: str) -> None:
        """Print something beside the result."""
        self._say(self._aside, text)

    @staticmethod
    def _say(console: Console, text: str) -> None:
        """Print a text that may quote a source or a file: neither rich nor the terminal finds an order in it."""
        console.print(clean_lines(text), markup=False, emoji=False)

    @contextmanager
    def progress(self, engine: Engine) -> Iterator[None]:
        """Show a bar of the engine's run while it lasts, on a terminal only."""
        if not sys.stderr.isatty():
            yield
            return
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._aside, transient=True) as bars:
            bar = bars.add_task("", total=None)

            def show(event: Event) -> None:
                if isinstance(event, RunProgress):
                    bars.update(
                        bar, description=clean_text(progress_text(event)), completed=event.done, total=event.total
                    )
                elif isinstance(event, RunFinished):
                    bars.update(bar, description="", completed=0, total=None)

            unsubscribe = engine.subscribe(show)
            try:
                yield
            finally:
                unsubscribe()
