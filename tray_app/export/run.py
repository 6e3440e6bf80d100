"""From a request to a published set."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tray_app import __version__
from tray_app.core.errors import AppError, Cancelled, DiskFull
from tray_app.core.sets import Finished
from tray_app.core.times import iso_instant
from tray_app.export.errors import ExportCancelled, NotASet, RowsChanged, TargetNotWritable
from tray_app.export.files import schemas
from tray_app.export.files.findings import severities
from tray_app.export.files.krx import KrxFiles
from tray_app.export.files.partitions import Earlier
from tray_app.export.files.plain import PlainFiles, plain_files
from tray_app.export.files.stored_sums import examine
from tray_app.export.files.writer import FileFacts
from tray_app.export.kinds import Basis, Layout
from tray_app.export.presets.bars import DailyBars
from tray_app.export.progress import ExportProgress, Watch
from tray_app.export.request import ExportRequest
from tray_app.export.set import manifest
from tray_app.export.set.integrity import whole_parts
from tray_app.export.set.load_md import write_guide
from tray_app.export.set.locking import locked
from tray_app.export.set.publish import new_work_folder, publish, recover_locked
from tray_app.export.set.target import PRODUCT, row_counts
from tray_app.files import is_disk_full
from tray_app.store import export_reads as common
from tray_app.store.arrow_reader import Snapshot, snapshot

READERS = 2
NOTED_STEP = 0.1


@dataclass(frozen=True, slots=True)
class Job:
    """A set to be made: from which store, when, and what shall be in it."""

    job_id: str
    request: ExportRequest
    database: Path
    store_id: str
    now: datetime


def export(job: Job, watch: Watch, begin: Callable[[], None]) -> Finished:
    """Make and publish a set; `begin` is called when its turn has come. Raises AppError; the target is as it was then.

    When `begin` returns, this process has no connection to the store any more.
    """
    target = job.request.output_path
    with _own_errors(target), locked(target, job.job_id):
        begin()
        recover_locked(target)
        work = new_work_folder(target)
        try:
            with _damage_named(job.database), snapshot(job.database, READERS) as state:
                document, files, krx = _build(state, job, watch, work)
            watch.step("publish", 0, 1)
            manifest.write_manifest(work, document)
            published = publish(work, target)
        finally:
            recover_locked(target)
    return Finished(
        path=published.path,
        is_elsewhere=published.is_elsewhere,
        files=tuple(facts.name for facts in files),
        row_counts=row_counts((facts.name, facts.rows) for facts in files),
        carried=sum(1 for facts in files if krx is not None and facts.name in krx.carried),
        not_collected_yet=krx.missing.not_collected_yet if krx is not None else {},
        notes=(*(krx.notes if krx is not None else ()), *document["licence_notes"]),
    )


def _build(
    state: Snapshot, job: Job, watch: Watch, work: Path
) -> tuple[dict[str, Any], list[FileFacts], KrxFiles | None]:
    request = job.request
    files: list[FileFacts] = []
    runs: set[int] = set()

    krx = KrxFiles(state, request.within_reach, job.store_id, job.now) if request.has_bars else None
    plain = [plain_files(state, request, kind) for kind in request.chosen_datasets if not kind.has_bars]
    parts: list[KrxFiles | PlainFiles] = [krx, *plain] if krx is not None else [*plain]
    for part in parts:
        part.check()
    if krx is not None:
        files += krx.write(work, _earlier(request), _noted(watch, state, job.job_id))
        runs |= krx.source_runs
    for number, each in enumerate(plain):
        watch.step("tables", number, len(plain))
        files += each.write(work)
        runs |= each.rows.source_runs
    notes = [note for each in plain for note in each.rows.notes]
    others = [*_write_preset(work, request, watch), *write_guide(work, request, files, notes)]
    asked = request.shape()
    document = {
        "product": PRODUCT,
        "job_id": job.job_id,
        "schema_version": schemas.SCHEMA_VERSION,
        "tool_version": __version__,
        "datasets": asked["datasets"],
        "market_codes": asked["market_codes"] if krx else [],
        "index_codes": krx.indices.column("index_code").to_pylist() if krx else [],
        "date_from": request.date_from.isoformat(),
        "date_to": request.date_to.isoformat(),
        "generated_at": iso_instant(job.now),
        "request": asked,
        "adjustment": _adjustment(request),
        "missing_policy": manifest.MISSING_POLICY,
        "supervision": manifest.SUPERVISION,
        "calendar": manifest.CALENDAR,
        **(krx.shape() if krx else manifest.NOTHING_LACKS),
        "timezone": manifest.DATES,
        "attribution": {kind.name: kind.attribution for kind in request.chosen_datasets},
        "licence_notes": notes,
        "open_issues": _open_issues(parts),
        "source_runs": common.runs(state.reader, sorted(runs)).to_pylist(),
        "files": [manifest.file_entry(facts) for facts in files],
        "other_files": manifest.write_sums(work, files, others),
    }
    return document, files, krx


def _write_preset(folder: Path, request: ExportRequest, watch: Watch) -> list[str]:
    """Write the files of the request's program into the set; returns their names."""
    write = request.preset.write
    if write is None:
        return []
    bars = DailyBars(folder, watch)
    write(bars)
    return bars.names


def _noted(watch: Watch, state: Snapshot, job_id: str) -> Watch:
    noted, told = 0.0, ExportProgress("", 0, 0)

    def listener(progress: ExportProgress) -> None:
        nonlocal noted, told
        if progress == told:
            return  # a month without rows
        told = progress
        watch.listener(progress)
        fraction = progress.done / max(progress.total, 1)
        if progress.stage == "daily" and fraction >= noted + NOTED_STEP:
            noted = fraction
            state.note_progress(job_id, fraction)

    return Watch(listener, watch.cancel)


def _earlier(request: ExportRequest) -> Earlier:
    folder = request.output_path
    if request.layout is not Layout.YEAR:
        return Earlier(folder, {})
    try:
        return Earlier(folder, whole_parts(folder, manifest.read_manifest(folder)))
    except NotASet:
        return Earlier(folder, {})


def _adjustment(request: ExportRequest) -> dict[str, Any]:
    if not request.has_bars:
        return {"columns": False}
    return {
        "columns": request.is_adjusted,
        "basis": str(request.basis),
        "rule": (
            "adj_factor is the product of the factors of the days after the row"
            + (" up to date_to" if request.basis is Basis.END else " that are known")
            + "; adj_ prices are the price times adj_factor; adj_volume is the volume divided by the product of the "
            "share factors of the same days; price return, cash dividends are not in it"
        ),
    }


def _open_issues(parts: Sequence[KrxFiles | PlainFiles]) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in parts:
        for severity, count in severities(part.issues).items():
            total[severity] = total.get(severity, 0) + count
    return total


@contextmanager
def _damage_named(database: Path) -> Iterator[None]:
    """Where rows have changed on the disk, values that fit no column are theirs; else the fault is ours."""
    try:
        yield
    except ValueError as error:
        changed = examine(database)
        if not changed:
            raise
        raise RowsChanged(list(map(str, changed))) from error


@contextmanager
def _own_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except Cancelled as error:
        raise ExportCancelled from error
    except AppError:
        raise
    except OSError as error:
        if is_disk_full(error):
            raise DiskFull(str(target)) from error
        raise TargetNotWritable(target, error.strerror or str(error)) from error
