"""What a chart shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tray_app.core.words import tr
from tray_app.ui.labels import formats

if TYPE_CHECKING:
    from collections.abc import Callable

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


@dataclass(frozen=True)
class ChartFacts:
    """Everything about a chart but its lines; the attribution is HTML that may hold plain links.

    on_scrolled_page: the wheel scrolls the page until the chart is clicked.
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
