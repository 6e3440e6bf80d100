"""What a set would hold, told before it is made."""

from collections.abc import Mapping
from dataclasses import dataclass

from tray_app.core.liquidity.restrictions import included_sentence, left_out_sentences, restrictions
from tray_app.export.request import Dataset, ExportRequest
from tray_app.store.export_counts import ExportCounts

# Measured on generated rows; real names and prices differ little.
ROW_BYTES, ADJUSTED_ROW_BYTES = 29, 31
PLAIN_ROW_BYTES = {Dataset.CRYPTO: 26, Dataset.MACRO: 7, Dataset.STRESS: 105}


@dataclass(frozen=True, slots=True)
class Estimate:
    """The rows of each chosen dataset (of krx the daily bars), about how many bytes, and sentences on licences."""

    rows: Mapping[Dataset, int]
    bytes: int
    notes: tuple[str, ...] = ()


def estimate(counts: ExportCounts, request: ExportRequest) -> Estimate:
    """Return what a request would give. Reads the store."""
    first, last = request.date_from, request.date_to
    rows: dict[Dataset, int] = {}
    notes: tuple[str, ...] = ()
    for dataset in Dataset:
        if dataset not in request.datasets:
            continue
        if dataset is Dataset.KRX:
            rows[dataset] = counts.daily_bars(first, last, request.chosen_markets)
        elif dataset is Dataset.CRYPTO:
            rows[dataset] = counts.crypto(first, last)
        elif dataset is Dataset.MACRO:
            rows[dataset], notes = _macro(counts, request)
        else:
            rows[dataset] = counts.stress(first, last)
    return Estimate(rows, sum(number * _row_bytes(dataset, request) for dataset, number in rows.items()), notes)


def _macro(counts: ExportCounts, request: ExportRequest) -> tuple[int, tuple[str, ...]]:
    series = counts.macro(request.date_from, request.date_to)
    restricted = restrictions({each.series_id: each.source for each in series})
    if request.include_restricted:
        return sum(each.rows for each in series), (included_sentence(restricted),) if restricted else ()
    free = sum(each.rows for each in series if each.series_id not in restricted)
    return free, left_out_sentences(restricted)


def _row_bytes(dataset: Dataset, request: ExportRequest) -> int:
    if dataset is Dataset.KRX:
        return ADJUSTED_ROW_BYTES if request.is_adjusted else ROW_BYTES
    return PLAIN_ROW_BYTES[dataset]
