"""What the Instruments page reads, on reader threads, and how it is named."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tray_app.core.words import tr
from tray_app.datasets.krx.dataset import KRX
from tray_app.datasets.krx.rules.adjustment import AdjustmentMethod
from tray_app.datasets.krx.rules.calendar import EARLIEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tray_app.datasets.krx.reads import EtfClose, FoundInstrument, StoredFactor
    from tray_app.engine.facade import Engine
    from tray_app.ui.charts.bars import Bars
    from tray_app.ui.charts.series import Series

TABLES = frozenset(
    {"instruments", "daily_market_data", "etf_daily_data", "benchmark_index_data", "price_adjustment_factors"}
)
MOST_FOUND = 200


class Benchmark(StrEnum):
    """The indices that can be laid over an issue."""

    KOSPI = "KOSPI"
    KOSDAQ = "KOSDAQ"
    KOSPI200 = "KOSPI200"

    @property
    def word(self) -> str:
        """Return the index's name."""
        return {"KOSPI": tr("KOSPI"), "KOSDAQ": tr("KOSDAQ"), "KOSPI200": tr("KOSPI 200")}[self.value]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought; without any session stored there is nothing to search."""

    text: str
    issues: tuple[FoundInstrument, ...]
    has_sessions: bool
    has_key: bool


@dataclass(frozen=True, eq=False, slots=True)
class IssuePicture:
    """An issue's bars as traded and adjusted, its factors, the indices, and of an ETF its NAV."""

    issue: FoundInstrument
    raw: Bars
    adjusted: Bars
    factors: tuple[StoredFactor, ...]
    benchmarks: Mapping[Benchmark, Series]
    etf: EtfClose | None


def take_found(engine: Engine, text: str) -> Found:
    """Search by code or name; not for the UI thread."""
    has_sessions = engine.reads(KRX).newest_session() is not None
    issues = engine.reads(KRX).search(text, MOST_FOUND) if has_sessions else ()
    return Found(text, issues, has_sessions, has_sessions or engine.can_collect(KRX.name))


def take_picture(engine: Engine, issue: FoundInstrument) -> IssuePicture:
    """Read an issue's whole history; not for the UI thread."""
    from tray_app.ui.pages.instruments.series import adjusted_bars, bars_of, closes_of  # noqa: PLC0415 - numpy

    krx = engine.reads(KRX)
    raw, factors = bars_of(krx.bars(issue.instrument_id, EARLIEST)), krx.factors(issue.instrument_id)
    known = set(krx.index_codes())
    benchmarks = {
        each: closes_of(each, each.word, krx.index_closes(each, EARLIEST)) for each in Benchmark if each in known
    }
    etf = krx.last_etf(issue.instrument_id)
    return IssuePicture(issue, raw, adjusted_bars(raw, factors), factors, benchmarks, etf)


def issue_title(issue: FoundInstrument) -> str:
    """Return an issue's code and name."""
    return f"{issue.code} {issue.name}"


def issue_life(issue: FoundInstrument) -> str:
    """Return an issue's market and the dates of its listing."""
    if issue.moved_to is not None:
        return tr(
            "{market}, listed {day}, moved to {other}",
            market=issue.market,
            day=issue.listing_date,
            other=issue.moved_to,
        )
    if issue.delisting_date is None and not issue.is_identified:
        return tr("{market}, first seen {day}, not identified yet", market=issue.market, day=issue.listing_date)
    if issue.delisting_date is None:
        return tr("{market}, listed {day}", market=issue.market, day=issue.listing_date)
    return tr(
        "{market}, listed {first}, delisted {last}",
        market=issue.market,
        first=issue.listing_date,
        last=issue.delisting_date,
    )


def method_word(method: str) -> str:
    """Return how a factor was found."""
    return {
        AdjustmentMethod.SHARE_COUNT: tr("share count: split or merger"),
        AdjustmentMethod.OPENING_SHARE_COUNT: tr("share count, opening-price base"),
        AdjustmentMethod.OPENING_BASE_PRICE: tr("opening-price base"),
        AdjustmentMethod.BASE_PRICE: tr("base price: rights or bonus"),
        AdjustmentMethod.REOPENING: tr("reopening"),
    }[AdjustmentMethod(method)]
