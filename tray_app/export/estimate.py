"""What a set would hold, told before it is made."""

from collections.abc import Mapping
from dataclasses import dataclass

from tray_app.datasets.export_kind import ExportKind
from tray_app.datasets.exports import measure_of
from tray_app.export.request import ExportRequest
from tray_app.store.database import Database


@dataclass(frozen=True, slots=True)
class Estimate:
    """The rows of each chosen kind (the daily bars of one with bars), about how many bytes, sentences on licences."""

    rows: Mapping[ExportKind, int]
    bytes: int
    notes: tuple[str, ...] = ()


def estimate(database: Database, request: ExportRequest) -> Estimate:
    """Return what a request would give. Reads the store."""
    measured = {kind: measure_of(kind)(database, request.asked) for kind in request.chosen_datasets}
    size, preset = 0.0, request.preset.size
    for kind, each in measured.items():
        if each.rows:
            size += kind.frame_bytes + each.bytes
            size += each.rows * preset.row + each.listings * preset.listing if kind.has_bars else 0
    notes = tuple(note for each in measured.values() for note in each.notes)
    return Estimate({kind: each.rows for kind, each in measured.items()}, round(size), notes)
