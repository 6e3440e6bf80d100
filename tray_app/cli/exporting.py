"""`export`, `verify` and `diff`."""

import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from tray_app.cli.collecting import cancellable
from tray_app.cli.no_pandas import without_pandas
from tray_app.cli.output import FAILED, SUCCESS, Printer
from tray_app.core.sets import Finished
from tray_app.core.shapes.sets import changes_shape, report_shape, set_shape
from tray_app.core.words import tr
from tray_app.engine.cancel import CancelFlag, read_line, stop_with_parent
from tray_app.engine.exporting import Exports
from tray_app.export.progress import ExportProgress, Listener
from tray_app.export.request import ExportRequest, from_line

LINE_SECONDS = 0.2


def export_asked(exports: Exports, printer: Printer) -> int:
    """Make the set that a line on standard input asks for, with progress lines; its end stops the work."""
    request = from_line(read_line())
    with cancellable() as cancel:
        stop_with_parent(cancel)
        return _export(exports, request, printer, cancel, _progress_lines())


def export(exports: Exports, request: ExportRequest, printer: Printer) -> int:
    """Make a set and print what it holds."""
    with cancellable() as cancel:
        return _export(exports, request, printer, cancel, _progress_bar())


def _export(
    exports: Exports,
    request: ExportRequest,
    printer: Printer,
    cancel: CancelFlag,
    shown: AbstractContextManager[Listener],
) -> int:
    with without_pandas(), shown as listener:
        job_id, finished = exports.run(request, listener, cancel)
    notes = _notes(finished)
    for note in notes:
        printer.note(note)
    rows = "\n".join(f"  {name:<22}{count:>12,}" for name, count in finished.row_counts.items())
    text = tr("The set is in {path}.", path=finished.path)
    printer.result(set_shape(job_id, finished, notes), f"{text}\n{rows}")
    return SUCCESS


def verify(folder: Path, printer: Printer, *, has_bar: bool) -> int:
    """Examine a set; exit 1 when something is wrong."""
    with without_pandas(), _moving_bar(tr("Verifying"), is_wanted=has_bar):
        from tray_app.export.set.verify import verify as examine  # noqa: PLC0415 - pyarrow, for this command only

        report = examine(folder)
    good = tr("The set is whole: {files} files, {rows:,} rows.", files=report.files, rows=report.rows)
    bad = [str(item) for item in report.findings]
    printer.result(report_shape(report), "\n".join(bad) or good)
    return SUCCESS if report.is_whole else FAILED


def diff(before: Path, after: Path, printer: Printer, *, has_bar: bool) -> int:
    """Print what changed between two sets."""
    with without_pandas(), _moving_bar(tr("Comparing"), is_wanted=has_bar):
        from tray_app.export.set.diff import diff as compare  # noqa: PLC0415 - pyarrow, for this command only

        changes = compare(before, after)
    printer.result(changes_shape(changes), changes.text())
    return SUCCESS


def _notes(finished: Finished) -> list[str]:
    """Return what there is to say beside a set, as sentences."""
    notes = []
    if finished.is_elsewhere:
        notes.append(tr("A program holds the old set open: the new one was put into {path}.", path=finished.path))
    for market, days in finished.not_collected_yet.items():
        notes.append(tr("{market}: not collected yet: {days}.", market=market, days=", ".join(days)))
    return [*notes, *finished.notes]


@contextmanager
def _progress_lines() -> Iterator[Listener]:
    begun, told = monotonic(), 0.0

    def listener(progress: ExportProgress) -> None:
        nonlocal told
        now = monotonic()
        if now - told < LINE_SECONDS and progress.done not in {0, progress.total}:
            return
        told = now
        speed = progress.done / max(now - begun, 1e-9)
        left = (progress.total - progress.done) / speed if speed else None
        line = {
            "stage": progress.stage,
            "done": progress.done,
            "total": progress.total,
            "rows_per_second": round(speed) if progress.stage == "daily" else None,
            "seconds_left": round(left, 1) if left is not None and progress.stage == "daily" else None,
        }
        sys.stderr.write(json.dumps(line) + "\n")
        sys.stderr.flush()

    yield listener


@contextmanager
def _progress_bar() -> Iterator[Listener]:
    if not sys.stderr.isatty():
        yield lambda _progress: None
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bars:
        bar = bars.add_task("", total=None)

        def listener(progress: ExportProgress) -> None:
            bars.update(bar, description=progress.stage, completed=progress.done, total=progress.total)

        yield listener


@contextmanager
def _moving_bar(what: str, *, is_wanted: bool) -> Iterator[None]:
    """Show on a terminal that work of unknown length goes on, and for how long it has."""
    if not (is_wanted and sys.stderr.isatty()):
        yield
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bars:
        bars.add_task(what, total=None)
        yield
