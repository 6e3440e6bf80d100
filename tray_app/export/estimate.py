"""What a set would hold, told before it is made."""

from collections.abc import Mapping
from dataclasses import dataclass

from tray_app.datasets.crypto.reads import CryptoReads
from tray_app.datasets.krx.reads import KrxReads
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.liquidity.reads import LiquidityReads
from tray_app.datasets.liquidity.rules.restrictions import included_sentence, left_out_sentences, restrictions
from tray_app.export.kinds import ExportKind
from tray_app.export.request import ExportRequest
from tray_app.store.database import Database

# All measured on whole sets of every preset: five of the benchmarks' stores (100 to 2,080 issues over 20 to 1,000
# sessions) and two of the demo's (2,900 issues over 23 and 157 sessions). Where both differ, the middle is taken.
ROW_BYTES, ADJUSTED_ROW_BYTES = 30, 44
ETF_ROW_BYTES = 23
LISTING_BYTES = 55
PLAIN_ROW_BYTES = {ExportKind.CRYPTO: 26, ExportKind.MACRO: 7, ExportKind.STRESS: 105}
# Manifest, guide, checksums and the heads of the files.
FRAME_BYTES = {ExportKind.KRX: 45_000, ExportKind.CRYPTO: 13_000, ExportKind.MACRO: 6_000, ExportKind.STRESS: 15_000}


@dataclass(frozen=True, slots=True)
class Estimate:
    """The rows of each chosen dataset (of krx the daily bars), about how many bytes, and sentences on licences."""

    rows: Mapping[ExportKind, int]
    bytes: int
    notes: tuple[str, ...] = ()


def estimate(database: Database, request: ExportRequest) -> Estimate:
    """Return what a request would give. Reads the store."""
    first, last = request.date_from, request.date_to
    rows: dict[ExportKind, int] = {}
    notes: tuple[str, ...] = ()
    for dataset in request.chosen_datasets:
        if dataset is ExportKind.KRX:
            rows[dataset] = KrxReads(database).count_daily_bars(first, last, request.chosen_markets)
        elif dataset is ExportKind.CRYPTO:
            rows[dataset] = CryptoReads(database).count_rows(first, last)
        elif dataset is ExportKind.MACRO:
            rows[dataset], notes = _macro(database, request)
        else:
            rows[dataset] = LiquidityReads(database).count_stress_days(first, last)
    sizes = [_bytes(database, request, dataset, number) for dataset, number in rows.items() if number]
    return Estimate(rows, round(sum(sizes)), notes)


def _macro(database: Database, request: ExportRequest) -> tuple[int, tuple[str, ...]]:
    series = LiquidityReads(database).count_observations(request.date_from, request.date_to)
    restricted = restrictions({each.series_id: each.source for each in series})
    if request.include_restricted:
        return sum(each.rows for each in series), (included_sentence(restricted),) if restricted else ()
    free = sum(each.rows for each in series if each.series_id not in restricted)
    return free, left_out_sentences(restricted)


def _bytes(database: Database, request: ExportRequest, dataset: ExportKind, rows: int) -> float:
    if dataset is not ExportKind.KRX:
        return FRAME_BYTES[dataset] + rows * PLAIN_ROW_BYTES[dataset]
    listings = KrxReads(database).count_listings(request.date_from, request.date_to, request.chosen_markets)
    preset = request.preset.size
    row = preset.row + (ADJUSTED_ROW_BYTES if request.is_adjusted else ROW_BYTES)
    etfs = (
        KrxReads(database).count_etf_days(request.date_from, request.date_to)
        if Market.ETF in request.chosen_markets
        else 0
    )
    return FRAME_BYTES[dataset] + rows * row + etfs * ETF_ROW_BYTES + listings * (LISTING_BYTES + preset.listing)
