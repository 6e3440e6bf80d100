"""The lines of the Liquidity page as arrays; imported on reader threads, which wait for numpy instead of the UI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

import tray_app.ui.charts.stack  # noqa: F401 - pyqtgraph too is loaded here, so that the first chart need not wait
from tray_app.core.words import tr
from tray_app.datasets.liquidity.catalogue import Frequency
from tray_app.datasets.liquidity.rules.model import Category
from tray_app.datasets.news.rules.model import DocumentKind
from tray_app.ui.charts.drawing import Drawing, spaced
from tray_app.ui.pages.liquidity.words import BAND_EDGES, category_word, document_word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tray_app.core.series import SeriesPoint
    from tray_app.datasets.liquidity.reads import LiquidityReads, StoredSeries, StressPoint
    from tray_app.datasets.news.reads import StoredDocument
    from tray_app.ui.charts.series import Series

TOTAL = "z"
GAP = {Frequency.DAILY: 10, Frequency.WEEKLY: 30, Frequency.MONTHLY: 70, Frequency.QUARTERLY: 200}
TONE_GAP = 400


@dataclass(frozen=True, eq=False, slots=True)
class StressPicture:
    """The history of the index, how its days are shared among the bands, and from when on it is read."""

    stack: Drawing
    subs: Drawing
    breadth: Drawing
    shares: tuple[float, ...]
    since: date | None

    @property
    def is_whole(self) -> bool:
        """Whether everything stored was read."""
        return self.since is None


@dataclass(frozen=True, eq=False, slots=True)
class TonePicture:
    """The tone of documents over time, a line for each kind."""

    policy: Drawing
    stability: Drawing


def take_stress(reads: LiquidityReads, since: date | None) -> StressPicture:
    """Read the history of the index; not for the UI thread."""
    return stress_picture(reads.stress_days(since), since)


def stress_picture(points: Sequence[StressPoint], since: date | None = None) -> StressPicture:
    """Return the lines of the index."""
    days = [point.date for point in points]

    def line(key: str, name: str, values: Sequence[float | None]) -> Series:
        return spaced(key, name, days, values, GAP[Frequency.DAILY])

    total = line(TOTAL, tr("Index"), [point.z for point in points])
    parts = [line(each, category_word(each), [point.contributions.get(each) for point in points]) for each in Category]
    subs = [line(each, category_word(each), [point.sub_indices.get(each) for point in points]) for each in Category]
    breadth = line("breadth", tr("Breadth"), [point.breadth for point in points])
    return StressPicture(
        stack=Drawing((total, *parts)),
        # The index comes first here too, so that each category has its colour in both charts.
        subs=Drawing((total, *subs)),
        breadth=Drawing((breadth,)),
        shares=_shares(np.array([point.z for point in points], np.float64)),
        since=since,
    )


def series_lines(found: Sequence[tuple[StoredSeries, Frequency, tuple[SeriesPoint, ...]]]) -> tuple[Series, ...]:
    """Return stored series as lines."""
    return tuple(
        spaced(
            stored.series_id,
            f"{stored.series_id}, {stored.title}",
            [point.date for point in points],
            [point.value for point in points],
            GAP[frequency],
        )
        for stored, frequency, points in found
    )


def tone_picture(documents: Sequence[StoredDocument]) -> TonePicture:
    """Return the tone of documents, oldest first."""
    policy, stability = [], []
    for kind in DocumentKind:
        ours = _one_a_day([each for each in documents if each.kind is kind])
        days, name = [each.published.date() for each in ours], document_word(kind)
        policy.append(spaced(kind, name, days, [each.policy_tone for each in ours], TONE_GAP))
        stability.append(spaced(kind, name, days, [each.stability_tone for each in ours], TONE_GAP))
    return TonePicture(Drawing(tuple(policy)), Drawing(tuple(stability)))


def _one_a_day(documents: Sequence[StoredDocument]) -> list[StoredDocument]:
    """Return the last document of each day, oldest first."""
    by_day = {each.published.date(): each for each in sorted(documents, key=lambda each: each.published)}
    return list(by_day.values())


def _shares(z: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, ...]:
    return tuple(float(100 * np.mean(z <= edge)) for edge in BAND_EDGES) if len(z) else ()
