"""What a chart shows."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tray_app.core.words import tr
from tray_app.ui.labels import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tray_app.ui.labels.bands import Band


class Scale(StrEnum):
    """How values become heights."""

    LINEAR = "linear"
    LOG = "log"
    REBASED = "rebased"

    @property
    def word(self) -> str:
        """Return the word on the button."""
        return {"linear": tr("Linear"), "log": tr("Log"), "rebased": tr("Rebased")}[self.value]


class Span(StrEnum):
    """How much of the past is shown."""

    DAYS_30 = "30d"
    DAYS_90 = "90d"
    YEAR = "1y"
    YEARS_5 = "5y"
    ALL = "all"

    @property
    def days(self) -> int | None:
        """Return the number of days, or None for everything."""
        return {"30d": 30, "90d": 90, "1y": 365, "5y": 1826}.get(self.value)

    @property
    def word(self) -> str:
        """Return the word on the button."""
        words = {"30d": tr("30d"), "90d": tr("90d"), "1y": tr("1y"), "5y": tr("5y"), "all": tr("All")}
        return words[self.value]


SPANS = (Span.DAYS_30, Span.DAYS_90, Span.YEAR, Span.ALL)


@dataclass(frozen=True, eq=False)
class Series:
    """One line: UTC days (datetime64[D] or days since 1970, rising) and values, NaN where there is none."""

    key: str
    name: str
    days: NDArray[Any]
    values: NDArray[Any]

    @property
    def has_values(self) -> bool:
        """Whether there is a value to draw."""
        return bool((abs(self.values) < math.inf).any())


@dataclass(frozen=True)
class ChartFacts:
    """Everything about a chart but its lines; the attribution is HTML that may hold plain links.

    on_scrolled_page: the wheel scrolls the page until the chart is clicked.
    is_stacked: the first series is a total; the others have its days and are stacked above and below zero.
    """

    title: str
    attribution: str = ""
    empty: str = ""
    empty_action: str = ""
    scales: tuple[Scale, ...] = (Scale.LINEAR, Scale.LOG, Scale.REBASED)
    value_format: Callable[[float], str] = formats.price
    value_range: tuple[float, float] | None = None
    bands: tuple[Band, ...] = ()
    on_scrolled_page: bool = False
    spans: tuple[Span, ...] = SPANS
    is_stacked: bool = False


def banded(facts: ChartFacts, bands: Sequence[Band]) -> ChartFacts:
    """Return the facts of an index with these bands and their words behind its line; its range of values is theirs."""
    return replace(
        facts,
        bands=tuple(bands),
        value_range=(min(band.low for band in bands), max(band.high for band in bands)),
        scales=(Scale.LINEAR,),
        value_format=_whole,
    )


def _whole(value: float) -> str:
    return formats.plain(value, 0)
