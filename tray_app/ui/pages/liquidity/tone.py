"""The tone of the Federal Reserve: over time, document by document, sentence by sentence."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from tray_app.core.words import tr
from tray_app.datasets.news.dataset import NEWS
from tray_app.ui.charts.series import ChartFacts, Scale, Span
from tray_app.ui.charts.time_chart import TimeChart
from tray_app.ui.pages.liquidity.data import lack_of
from tray_app.ui.pages.liquidity.news import ToldTime
from tray_app.ui.pages.liquidity.section import Section, pictures
from tray_app.ui.pages.liquidity.sentences import DocumentRead, Sentences, read_document
from tray_app.ui.pages.liquidity.words import document_word, fed_credit, signed
from tray_app.ui.parts.layout.boxes import add
from tray_app.ui.parts.layout.columns import Columns
from tray_app.ui.parts.table.model import Kind, Row, ViewColumn
from tray_app.ui.parts.table.page_table import PageTable
from tray_app.ui.parts.text.texts import SECONDARY, heading, label

if TYPE_CHECKING:
    from datetime import date

    from tray_app.datasets.news.reads import StoredDocument
    from tray_app.ui.charts.drawing import Drawing
    from tray_app.ui.page import PageParts
    from tray_app.ui.pages.liquidity.data import LiquidityFacts
    from tray_app.ui.pages.liquidity.series import TonePicture
    from tray_app.ui.style.style import Style

MOST_SEEN = 9


class ToneSection(Section):
    """Two timelines, the list of documents, and the sentences of the chosen one."""

    tables = frozenset({"fed_document", "fed_sentence"})

    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts)
        style = parts.style
        self._documents: tuple[StoredDocument, ...] = ()
        self._url = ""
        self.policy = self._chart(tr("Policy tone"), tr("Above zero hawkish, below dovish: net share of sentences."))
        self.stability = self._chart(tr("Stability tone"), tr("Stress words less calm ones, in 1,000 words."))
        self.table = PageTable(style, tr("Documents of the Federal Reserve"), _columns(style), most=MOST_SEEN)
        self.sentences = Sentences(style)
        self._tone = self.query(self._show_tone)
        self._read = self.query(self._show_document)
        self._arrange()
        self.table.row_selected.connect(self._choose)
        self.table.row_activated.connect(self._enter)
        self.table.empty_action_triggered.connect(self.follow_lack)

    def show_facts(self, facts: LiquidityFacts) -> None:
        """Say what is missing."""
        self._lack = lack_of(facts, tr("No document of the Federal Reserve is stored yet."))
        self.table.set_empty(self._lack.sentence, self._lack.action)
        for chart in (self.policy, self.stability):
            chart.show_empty(self._lack.sentence)

    def refresh(self) -> None:
        """Read the documents anew."""
        engine = self.parts.engine
        self._tone.ask(lambda: pictures(engine).tone())

    def _arrange(self) -> None:
        metrics = self._style.theme.metrics
        pair = Columns(metrics.sentence + metrics.tile_width, metrics.medium)
        pair.show_widgets([self.policy, self.stability])
        hint = label(self._style, tr("A click on a title or in a chart shows the sentences."), tone=SECONDARY)
        add(self.column, pair, heading(self._style, tr("Documents")), hint, self.table, self.sentences)
        self.sentences.hide()

    def _chart(self, title: str, note: str) -> TimeChart:
        facts = ChartFacts(
            title,
            fed_credit(),
            scales=(Scale.LINEAR,),
            value_format=signed,
            on_scrolled_page=True,
            spans=(Span.YEAR, Span.YEARS_5, Span.ALL),
        )
        chart = TimeChart(self._style, facts)
        chart.show_note(note)
        chart.day_chosen.connect(self._choose_day)
        chart.day_entered.connect(lambda _day: self._enter(None))
        return chart

    def _show_tone(self, picture: TonePicture) -> None:
        self._documents = picture.documents
        rows = zip(picture.documents, picture.before, strict=True)
        self.table.set_rows([_row(*each) for each in rows], [document.url for document in picture.documents])
        for key, chart, drawing in (
            ("policy", self.policy, picture.policy),
            ("stability", self.stability, picture.stability),
        ):
            self.draw(key, drawing, partial(self._show_lines, chart, drawing))
        if self._documents and self._url not in {each.url for each in self._documents}:
            self._choose(0)

    def _show_lines(self, chart: TimeChart, drawing: Drawing) -> None:
        chart.show_series(drawing.lines)
        self._mark()

    def _choose(self, place: int) -> None:
        document = self._documents[place]
        self._url = document.url
        reads = self.parts.engine.reads(NEWS)
        self._read.ask(lambda: read_document(reads, document), document.url)

    def _choose_day(self, day: date) -> None:
        """Choose the document of the day that was clicked."""
        places = [place for place, each in enumerate(self._documents) if each.published.date() <= day]
        if places:
            self.table.choose(places[0])

    def _enter(self, place: int | None) -> None:
        if place is not None:
            self._choose(place)
        self.place_requested.emit(self.sentences)
        self.sentences.text.setFocus()

    def _show_document(self, read: DocumentRead) -> None:
        self.sentences.show_document(read)
        self.sentences.show()
        self._mark()

    def _mark(self) -> None:
        day = next((each.published.date() for each in self._documents if each.url == self._url), None)
        for chart in (self.policy, self.stability):
            chart.mark_day(day)


def _columns(style: Style) -> tuple[ViewColumn, ...]:
    change = tr("Against the document before it of the same kind")
    least = style.theme.metrics.tile_width + style.theme.metrics.wide
    return (
        ViewColumn(tr("Time (KST)"), Kind.DATE, attrgetter("text")),
        ViewColumn(tr("Kind")),
        ViewColumn(tr("Title"), Kind.LINK, stretch=True, least=least),
        ViewColumn(tr("Policy"), Kind.NUMBER, signed),
        ViewColumn(tr("Change"), Kind.CHANGE, signed, tooltip=change),
        ViewColumn(tr("Stability"), Kind.NUMBER, signed),
        ViewColumn(tr("Change"), Kind.CHANGE, signed, tooltip=change),
    )


def _row(document: StoredDocument, before: StoredDocument | None) -> Row:
    return (
        ToldTime(document.published, document.is_time_first_seen),
        ", ".join(part for part in (document_word(document.kind), document.speaker) if part),
        document.title,
        document.policy_tone,
        document.policy_tone - before.policy_tone if before else None,
        document.stability_tone,
        document.stability_tone - before.stability_tone if before else None,
    )
