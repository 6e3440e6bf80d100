"""The index today: the gauge and the numbers beside it, each leading to what it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tray_app.core.words import tr
from tray_app.ui.labels import formats
from tray_app.ui.pages.liquidity.words import (
    USUAL_SHARES,
    as_of_words,
    band_range,
    band_word,
    gauge_bands,
    history_lack,
    repo_label_word,
    repo_word,
    severity_words,
    signed,
    usual_day,
)
from tray_app.ui.parts.card.gauge import Gauge, GaugeFacts
from tray_app.ui.parts.card.leading import Leading
from tray_app.ui.parts.card.tile import Tile, TileFacts
from tray_app.ui.parts.layout.boxes import fill, row
from tray_app.ui.parts.layout.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.datasets.liquidity.reads import StressPoint
    from tray_app.datasets.liquidity.rules.model import StressDay
    from tray_app.ui.pages.liquidity.data import LiquidityFacts, NewsFacts
    from tray_app.ui.style.style import Style

COLUMNS = 3


class Today(QWidget):
    """The gauge of the score and tiles for what stands behind it."""

    day_requested = Signal()
    repo_requested = Signal()
    news_requested = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self._day: StressDay | None = None
        self._before: StressPoint | None = None
        self._is_short = False
        self._shares: Sequence[float] = USUAL_SHARES
        self.gauge = Gauge(style, self._gauge_facts())
        self.gauge.setFixedWidth(metrics.gauge_width + 2 * metrics.wide)
        self.z, self.band, self.coverage, self.breadth, self.repo, self.news = (Tile(style) for _ in range(6))
        for part in (self.gauge, self.z, self.band, self.coverage, self.breadth):
            Leading(part).activated.connect(self.day_requested)
        Leading(self.repo).activated.connect(self.repo_requested)
        Leading(self.news).activated.connect(self.news_requested)
        columns = Columns(metrics.tile_width + metrics.wide, metrics.medium, most=COLUMNS)
        columns.show_widgets((self.z, self.band, self.repo, self.coverage, self.breadth, self.news))
        row(self.gauge, fill(columns), gap=metrics.medium, inside=self)

    def show_facts(self, facts: LiquidityFacts) -> None:
        """Show another day."""
        self._day, self._before, self._is_short = facts.newest, facts.before, facts.has_short_history
        self.gauge.show_facts(self._gauge_facts())
        self.news.show_facts(news_tile(facts.news))
        for tile, tile_facts in zip(
            (self.z, self.band, self.coverage, self.breadth, self.repo),
            day_tiles(facts.newest, facts.before),
            strict=True,
        ):
            tile.show_facts(tile_facts)

    def show_shares(self, shares: Sequence[float]) -> None:
        """Show the bands by the share of days up to each of their edges."""
        self._shares = shares
        self.gauge.show_facts(self._gauge_facts())

    def _gauge_facts(self) -> GaugeFacts:
        title, day = tr("Liquidity stress"), self._day
        if day is None:
            return GaugeFacts(title, gauge_bands(None, None, self._shares), None, tr("no index yet"))
        bands = gauge_bands(day.score, day.band, self._shares)
        is_next = self._before is not None and (day.date - self._before.date).days == 1
        yesterday = self._before.score if self._before is not None and is_next else None
        return GaugeFacts(title, bands, day.score, as_of_words(day, is_short=self._is_short), yesterday)


def day_tiles(day: StressDay | None, before: StressPoint | None) -> tuple[TileFacts, ...]:
    """Return z, band, coverage, breadth and repo market of a day."""
    titles = (tr("Stress, z"), tr("Band"), tr("Coverage"), tr("Breadth"), tr("Repo market"))
    if day is None:
        return tuple(TileFacts(title, formats.NOTHING, tr("no index yet")) for title in titles)
    as_of, more = formats.day(day.date), tr("Opens what this is made of.")
    change = day.z - before.z if before else None
    against = tr("Compared with {z} of {day}.", z=signed(before.z), day=before.date) if before else ""
    labelled = ", ".join(part for part in (as_of, repo_label_word(day.repo_label)) if part)
    breadth = tr("How much the categories are stressed together, from 0 to 1.")
    tight = tr("Tight when SOFR stands far above the federal funds rate, or its 99th percentile far above IORB.")
    breadth_date = as_of if day.breadth is not None else tr("needs a longer history")
    return (
        TileFacts(titles[0], signed(day.z), as_of, change, signed(change) if before else "", f"{against}\n{more}"),
        TileFacts(titles[1], band_word(day.band), f"{as_of}, {band_range(day.band)}", tooltip=more),
        TileFacts(
            titles[2], formats.share(day.coverage), as_of, tooltip=f"{tr('Weight of the categories known.')}\n{more}"
        ),
        TileFacts(titles[3], formats.number(day.breadth, 2), breadth_date, tooltip=f"{breadth}\n{more}"),
        TileFacts(titles[4], repo_word(day), labelled, tooltip=f"{tight}\n{more}"),
    )


def news_tile(news: NewsFacts) -> TileFacts:
    """Return the count of the searches' headlines, judged by the days before once there are enough of them."""
    title, tip, score = tr("Stress headlines, 24 h"), tr("Opens the headlines."), news.score
    if news.newest is None:
        return TileFacts(title, formats.NOTHING, tr("none stored yet"), tooltip=tip)
    count, more = formats.number(score.count), f"{severity_words(score)}\n{tip}"
    if score.z is None:
        return TileFacts(title, count, history_lack(score), tooltip=more)
    return TileFacts(title, count, usual_day(score), change_text=tr("z {z}", z=signed(score.z)), tooltip=more)
