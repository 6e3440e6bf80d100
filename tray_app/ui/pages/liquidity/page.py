"""The Liquidity page: stress today, its history taken apart, the Fed's tone, headlines, and how old everything is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QWidget

from tray_app.core.events import DataChanged, Event
from tray_app.core.words import tr
from tray_app.datasets.liquidity.dataset import LIQUIDITY
from tray_app.ui.dataset_page.page import DatasetPage
from tray_app.ui.links import SettingsLink
from tray_app.ui.page import PageParts
from tray_app.ui.pages.liquidity.breakdown import REPO_SERIES
from tray_app.ui.pages.liquidity.data import EmptyAction, LiquidityFacts, key_lack, take_facts
from tray_app.ui.pages.liquidity.sections import SectionName, Sections
from tray_app.ui.pages.liquidity.today import Today
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.layout.boxes import column, fill, row
from tray_app.ui.parts.text.icon_label import IconLabel
from tray_app.ui.parts.text.texts import paragraph
from tray_app.ui.queries.idle_tasks import IdleTasks
from tray_app.ui.saved_state import SavedState
from tray_app.ui.style.style import Style
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from pathlib import Path

    from tray_app.engine.facade import Engine


FILE = "liquidity-page.json"


@dataclass(frozen=True, slots=True)
class LiquidityChoices:
    """A section by name, and series by id (None: never chosen)."""

    section: str = ""
    series: tuple[str, ...] | None = None


def saved_choices(home: Path) -> SavedState[LiquidityChoices]:
    """Return the file that keeps them."""
    return SavedState(home / FILE, LiquidityChoices(), _parse)


def _parse(found: dict[str, Any]) -> LiquidityChoices:
    series = found.get("series")
    return LiquidityChoices(str(found.get("section", "")), None if series is None else tuple(map(str, series)))


class LiquidityPage(DatasetPage):
    """Shows what the liquidity collector has stored; every number leads to what it is made of."""

    tables = LIQUIDITY.tables
    collector = LIQUIDITY.name

    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts, tr("Collect liquidity"), tr("The liquidity data could not be read"))
        style = self._style
        self._choices: LiquidityChoices | None = None
        self.notice = KeyNotice(style)
        self.today = Today(style)
        self.sections = Sections(parts)
        self._facts = self.query(self._show_facts)
        self._idle = IdleTasks(self)
        self._empty_way = EmptyAction.COLLECT
        self._changed: frozenset[str] = frozenset()
        self._queried: frozenset[str] = frozenset()
        column(self.today, self.sections, gap=style.theme.metrics.medium, inside=self.body)
        self.lay_out(self.notice)
        self._connect()

    @property
    def is_settled(self) -> bool:
        """Whether everything queried is shown."""
        return self._idle.is_empty and self.sections.is_settled and super().is_settled

    def refresh(self) -> None:
        """Read everything anew."""
        self.error.hide()
        engine, choices = self.parts.engine, self._choices
        self._queried, self._changed = self._queried | self._changed if self._changed else LIQUIDITY.tables, frozenset()
        self._facts.ask(lambda: _take(engine, choices))

    def _connect(self) -> None:
        self.notice.enter_key.clicked.connect(lambda: self._go(EmptyAction.KEY))
        self.empty.action_triggered.connect(lambda: self._go(self._empty_way))
        self.sections.failed.connect(self.show_failure)
        self.sections.way_requested.connect(self._go)
        self.sections.place_requested.connect(self._bring_into_view)
        self.sections.shares_found.connect(self.today.show_shares)
        self.sections.chosen_changed.connect(self._remember)
        self.today.day_requested.connect(self._show_newest_day)
        self.today.news_requested.connect(partial(self.sections.show_section, SectionName.NEWS))
        self.today.repo_requested.connect(self._show_repo)

    def _show_facts(self, found: tuple[LiquidityFacts, LiquidityChoices]) -> None:
        facts, choices = found
        if self._choices is None:
            self._take_choices(choices)
        self._empty_way = EmptyAction.KEY if facts.wants_key else EmptyAction.COLLECT
        self.show_standing(facts.collector, is_empty=facts.is_empty)
        self.notice.setVisible(facts.wants_key and not facts.is_empty)
        if facts.is_empty:
            self._show_empty()
        else:
            self.today.show_facts(facts)
            self._idle.add("sections", partial(self._show_sections, facts))

    def _show_sections(self, facts: LiquidityFacts) -> None:
        changed, self._queried = self._queried, frozenset()
        self.sections.show_facts(facts, changed)

    def _hear(self, event: Event) -> None:
        # A history run writes series after series; the index need not be read again for each.
        if isinstance(event, DataChanged):
            self._changed |= event.tables & LIQUIDITY.tables
        super()._hear(event)

    def _show_empty(self) -> None:
        lack = key_lack()
        if self._empty_way is EmptyAction.KEY:
            self.empty.show_sentence(lack.sentence, lack.action)
        else:
            self.empty.show_sentence(
                tr("No liquidity data is stored yet; after the first run its history follows by itself."),
                tr("Collect liquidity now"),
            )

    def _take_choices(self, choices: LiquidityChoices) -> None:
        self.sections.series = choices.series
        if choices.section in set(SectionName):
            self.sections.show_section(SectionName(choices.section))
        self._choices = choices

    def _remember(self) -> None:
        if self._choices is not None:
            home, choices = self.parts.engine.home, LiquidityChoices(self.sections.shown, self.sections.series)
            self._choices = choices
            self.memory.ask(lambda: saved_choices(home).write(choices))

    def _show_newest_day(self) -> None:
        self.sections.show_section(SectionName.INDEX)
        self.sections.index.choose_newest()
        self.sections.index.show_breakdown(focus=True)

    def _show_repo(self) -> None:
        self.sections.show_series(REPO_SERIES, self.sections.index.newest)

    def _bring_into_view(self, part: QWidget) -> None:
        metrics = self.parts.style.theme.metrics
        most = metrics.chart_height + metrics.row
        # What was shown in this turn of the event loop has its place only after it.
        QTimer.singleShot(0, self, lambda: self.area.bring_into_view(part, most))

    def _go(self, way: str) -> None:
        match EmptyAction(way):
            case EmptyAction.COLLECT:
                self.collect()
            case EmptyAction.HISTORY:
                self.act(lambda: self.parts.engine.collect_history_now(LIQUIDITY.name))
            case EmptyAction.KEY:
                self.link_requested.emit(SettingsLink())


class KeyNotice(QFrame):
    """Says that FRED wants a key, above what the other sources brought."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        metrics = style.theme.metrics
        sentence = tr("Without a key of FRED most series, and with them part of the index, are missing.")
        self.setProperty("role", "card")
        icon = IconLabel(style, metrics.icon)
        icon.show_icon("missing-key", Token.ATTENTION)
        self.enter_key = button(style, key_lack().action)
        row(
            icon,
            fill(paragraph(style, sentence)),
            self.enter_key,
            gap=metrics.small,
            margins=(metrics.medium, metrics.small),
            inside=self,
        )


def _take(engine: Engine, choices: LiquidityChoices | None) -> tuple[LiquidityFacts, LiquidityChoices]:
    home: Path = engine.home
    return take_facts(engine), saved_choices(home).read() if choices is None else choices
