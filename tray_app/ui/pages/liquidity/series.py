"""The lines of the Liquidity page as arrays; imported on reader threads, which wait for numpy instead of the UI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

import tray_app.ui.charts.stack  # noqa: F401 - pyqtgraph too is loaded here, so that the first chart need not wait
from tray_app.core.words import tr
from tray_app.datasets.liquidity.catalogue import Frequency, catalogue
from tray_app.datasets.liquidity.dataset import LIQUIDITY
from tray_app.datasets.liquidity.rules.model import Category
from tray_app.datasets.news.dataset import NEWS
from tray_app.datasets.news.rules.model import DocumentKind
from tray_app.ui.charts.drawing import Drawing, spaced
from tray_app.ui.pages.liquidity.words import BAND_EDGES, category_word, document_word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tray_app.datasets.liquidity.reads import StoredSeries, StressPoint
    from tray_app.datasets.news.reads import StoredDocument
    from tray_app.engine.facade import Engine
    from tray_app.ui.charts.series import Series

TOTAL = "z"
GAP = {Frequency.DAILY: 10, Frequency.WEEKLY: 30, Frequency.MONTHLY: 70, Frequency.QUARTERLY: 200}
TONE_GAP = 400
MOST_DOCUMENTS = 1000


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
    """The documents, newest first, the one before each of its kind, and their tone over time, a line for each kind."""

    documents: tuple[StoredDocument, ...]
    before: tuple[StoredDocument | None, ...]
    policy: Drawing
    stability: Drawing


@dataclass(frozen=True, eq=False, slots=True)
class UnitPicture:
    """The chosen series of one unit, and who serves them."""

    units: str
    providers: tuple[str, ...]
    drawing: Drawing


@dataclass(frozen=True, eq=False, slots=True)
class RawPicture:
    """Every series that can be chosen, those that were, and their charts in the order they were chosen."""

    stored: tuple[StoredSeries, ...]
    chosen: tuple[StoredSeries, ...]
    units: tuple[UnitPicture, ...]


class Pictures:
    """Reads what the sections draw; not for the UI thread."""

    def __init__(self, engine: Engine) -> None:
        self._liquidity, self._news = engine.reads(LIQUIDITY), engine.reads(NEWS)

    def stress(self, since: date | None) -> StressPicture:
        """Read the history of the index."""
        return _stress_picture(self._liquidity.stress_days(since), since)

    def tone(self) -> TonePicture:
        """Read the newest documents."""
        documents = self._news.documents(MOST_DOCUMENTS)
        by_url = {each.url: each for each in documents}
        before = tuple(by_url.get(each.previous_url or "") for each in documents)
        policy, stability = [], []
        for kind in DocumentKind:
            ours = _one_a_day([each for each in documents if each.kind is kind])
            days, name = [each.published.date() for each in ours], document_word(kind)
            policy.append(spaced(kind, name, days, [each.policy_tone for each in ours], TONE_GAP))
            stability.append(spaced(kind, name, days, [each.stability_tone for each in ours], TONE_GAP))
        return TonePicture(documents, before, Drawing(tuple(policy)), Drawing(tuple(stability)))

    def raw(self, chosen: Sequence[str]) -> RawPicture:
        """Read the whole history of some series."""
        stored = self._liquidity.series()
        known = {each.series_id: each for each in stored}
        wanted = tuple(known[each] for each in chosen if each in known)
        drawn = [each for each in wanted if each.newest]
        frequencies = {each.series_id: each.frequency for each in catalogue()}
        pictures = []
        for units in dict.fromkeys(each.units for each in drawn):
            ours = [each for each in drawn if each.units == units]
            gaps = [GAP[frequencies.get(each.series_id, Frequency.DAILY)] for each in ours]
            lines = tuple(self._line(each, gap) for each, gap in zip(ours, gaps, strict=True))
            providers = tuple(dict.fromkeys(str(each.provider) for each in ours))
            pictures.append(UnitPicture(units, providers, Drawing(lines)))
        return RawPicture(stored, wanted, tuple(pictures))

    def _line(self, stored: StoredSeries, gap: int) -> Series:
        points = self._liquidity.observations(stored.series_id)
        return spaced(
            stored.series_id,
            f"{stored.series_id}, {stored.title}",
            [point.date for point in points],
            [point.value for point in points],
            gap,
        )


def _stress_picture(points: Sequence[StressPoint], since: date | None) -> StressPicture:
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


def _one_a_day(documents: Sequence[StoredDocument]) -> list[StoredDocument]:
    """Return the last document of each day, oldest first."""
    by_day = {each.published.date(): each for each in sorted(documents, key=lambda each: each.published)}
    return list(by_day.values())


def _shares(z: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, ...]:
    return tuple(float(100 * np.mean(z <= edge)) for edge in BAND_EDGES) if len(z) else ()
