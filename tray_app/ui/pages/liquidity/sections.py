"""The sections of the Liquidity page: which there are, and the making of each when it is first looked at."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tray_app.core.words import tr
from tray_app.ui.pages.liquidity.index import IndexSection
from tray_app.ui.pages.liquidity.inputs import InputsSection
from tray_app.ui.pages.liquidity.news import NewsSection
from tray_app.ui.pages.liquidity.raw import RawSection
from tray_app.ui.pages.liquidity.tone import ToneSection
from tray_app.ui.parts.form.segmented import SegmentedControl
from tray_app.ui.parts.layout.boxes import column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tray_app.ui.page import PageParts
    from tray_app.ui.pages.liquidity.data import LiquidityFacts
    from tray_app.ui.pages.liquidity.section import Section


class SectionName(StrEnum):
    """The sections, in their order."""

    INDEX = "index"
    RAW = "raw"
    TONE = "tone"
    NEWS = "news"
    INPUTS = "inputs"

    @property
    def word(self) -> str:
        """Return the word on the button."""
        return {
            "index": tr("Stress index"),
            "raw": tr("Raw series"),
            "tone": tr("Fed tone"),
            "news": tr("Headlines"),
            "inputs": tr("Input ages"),
        }[self.value]


class Sections(QWidget):
    """Shows one section at a time under the buttons that choose it; only the one shown queries the store."""

    failed = Signal(object)
    way_requested = Signal(str)
    place_requested = Signal(object)
    shares_found = Signal(object)
    chosen_changed = Signal()

    def __init__(self, parts: PageParts) -> None:
        super().__init__()
        self._parts, style = parts, parts.style
        self._facts: LiquidityFacts | None = None
        self._made: dict[SectionName, Section] = {}
        self._index: IndexSection | None = None
        self._raw: RawSection | None = None
        self._came_from = SectionName.INDEX
        self.series: tuple[str, ...] | None = None
        self.names = SegmentedControl(style, tr("Section"), [(name.value, name.word) for name in SectionName])
        self._column = column(self.names, gap=style.theme.metrics.medium, inside=self)
        self.names.chosen.connect(lambda key: self.show_section(SectionName(key)))
        self.shown = SectionName.INDEX
        self.names.choose(self.shown.value)

    @property
    def is_settled(self) -> bool:
        """Whether everything queried is shown."""
        return all(section.is_settled for section in self._made.values())

    @property
    def index(self) -> IndexSection:
        """Return the section of the index."""
        if self._index is None:
            self._index = IndexSection(self._parts)
            self._index.shares_found.connect(self.shares_found)
            self._adopt(SectionName.INDEX, self._index)
        return self._index

    @property
    def raw(self) -> RawSection:
        """Return the section of raw series."""
        if self._raw is None:
            self._raw = RawSection(self._parts, self.series)
            self._raw.chosen_changed.connect(self._note_series)
            self._raw.back_requested.connect(self._go_back)
            self._adopt(SectionName.RAW, self._raw)
        return self._raw

    def section(self, name: SectionName) -> Section:
        """Return a section, made now if it never was."""
        if name is SectionName.INDEX:
            return self.index
        if name is SectionName.RAW:
            return self.raw
        if name not in self._made:
            made = {SectionName.TONE: ToneSection, SectionName.NEWS: NewsSection, SectionName.INPUTS: InputsSection}
            self._adopt(name, made[name](self._parts))
        return self._made[name]

    def show_facts(self, facts: LiquidityFacts, changed: frozenset[str] = frozenset()) -> None:
        """Tell every section what is missing, and let the one shown read anew if one of its tables has changed.

        Without a table named, everything may have.
        """
        is_first, self._facts = self._facts is None, facts
        for section in self._made.values():
            section.show_facts(facts)
        if is_first or not changed or changed & self.section(self.shown).tables:
            self.refresh()

    def refresh(self) -> None:
        """Let the section that is shown read anew."""
        if self._facts is not None:
            self.section(self.shown).show()
            self.section(self.shown).refresh()

    def show_section(self, name: SectionName) -> None:
        """Turn to a section."""
        for other, section in self._made.items():
            section.setVisible(other is name)
        self.shown = name
        self.names.choose(name.value)
        self.chosen_changed.emit()
        self.refresh()

    def show_series(self, series: Sequence[str], day: date | None) -> None:
        """Draw the series a number came from, and mark its date."""
        self._came_from = self.shown
        self.raw.lead_to(series, day, self.shown.word)
        self.show_section(SectionName.RAW)
        self.place_requested.emit(self.raw)

    def _adopt(self, name: SectionName, section: Section) -> None:
        self._made[name] = section
        section.hide()
        section.failed.connect(self.failed)
        section.way_requested.connect(self.way_requested)
        section.series_requested.connect(self.show_series)
        section.place_requested.connect(self.place_requested)
        self._column.addWidget(section)
        if self._facts is not None:
            section.show_facts(self._facts)

    def _note_series(self, series: tuple[str, ...]) -> None:
        self.series = series
        self.chosen_changed.emit()

    def _go_back(self) -> None:
        self.show_section(self._came_from)
        if self._came_from is SectionName.INDEX:
            self.index.show_breakdown(focus=True)
