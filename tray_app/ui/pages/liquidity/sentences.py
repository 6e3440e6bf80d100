"""The sentences of a document: what the dictionary found in them, and which are new."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from tray_app.core.words import tr
from tray_app.datasets.news.rules.model import HitKind
from tray_app.ui.desktop import open_web_page
from tray_app.ui.pages.liquidity.news import kst
from tray_app.ui.pages.liquidity.words import document_word, hit_token, hit_word, signed
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.form.segmented import SegmentedControl
from tray_app.ui.parts.layout.boxes import column, fill, row
from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.parts.text.texts import SECONDARY, heading, paragraph
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tray_app.datasets.news.reads import NewsReads, StoredDocument
    from tray_app.datasets.news.rules.model import Hit, ScoredSentence
    from tray_app.ui.style.style import Style
    from tray_app.ui.style.theme import Theme


class Shown(StrEnum):
    """Which sentences are shown."""

    HITS = "hits"
    NEW = "new"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document's sentences, the numbers of those that its predecessor lacks, and how many it lacks of its own."""

    document: StoredDocument
    sentences: tuple[ScoredSentence, ...]
    new: frozenset[int]
    dropped: int

    @property
    def has_previous(self) -> bool:
        """Whether there is a document before it of its kind."""
        return self.document.previous_url is not None


def read_document(reads: NewsReads, document: StoredDocument) -> DocumentRead:
    """Read a document and compare it with the one before it; not for the UI thread."""
    ours = reads.sentences(document.url)
    if document.previous_url is None:
        return DocumentRead(document, ours, frozenset(), 0)
    before = {_alike(each) for each in reads.sentences(document.previous_url)}
    new = frozenset(each.number for each in ours if _alike(each) not in before)
    return DocumentRead(document, ours, new, len(before - {_alike(each) for each in ours}))


def _alike(sentence: ScoredSentence) -> str:
    """Return what two sentences share that differ only in spaces and capitals."""
    return " ".join(sentence.text.casefold().split())


class Sentences(QFrame):
    """Shows a document by its sentences; its page opens in the browser."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._read: DocumentRead | None = None
        self.setProperty("role", "card")
        self.title = heading(style)
        self.title.setWordWrap(True)
        self.facts = paragraph(style, tone=SECONDARY)
        choices = ((Shown.HITS, tr("With hits")), (Shown.NEW, tr("New")), (Shown.ALL, tr("All")))
        self.shown = SegmentedControl(style, tr("Sentences"), [(key.value, word) for key, word in choices])
        self.link = button(style, tr("Open in the browser"))
        self.text = QTextBrowser()
        self._arrange()
        self.shown.choose(Shown.HITS)
        self.shown.chosen.connect(lambda _key: self._write())
        self.link.clicked.connect(lambda: open_web_page(self._read.document.url if self._read else ""))
        style.theme.changed.connect(self._write)

    def show_document(self, read: DocumentRead) -> None:
        """Show another document."""
        is_same = self._read is not None and self._read.document.url == read.document.url
        if self._read == read:
            return
        self._read = read
        document = read.document
        self.title.setText(document.title)
        self.title.setAccessibleName(document.title)
        set_tip(self.link, document.url)
        self.link.setAccessibleName(tr("Open in the browser: {title}", title=document.title))
        self.facts.setText(_facts_text(read))
        self._write(keep=is_same)

    def _arrange(self) -> None:
        metrics = self._style.theme.metrics
        self.text.setProperty("role", "sentences")
        self.text.setAccessibleName(tr("Sentences of the document"))
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(lambda url: open_web_page(url.toString()))
        self.text.setFont(self._style.theme.font())
        self.text.setFixedHeight(metrics.chart_height + 2 * metrics.row)
        column(
            row(fill(self.title), self.shown, self.link, gap=metrics.small),
            self.facts,
            self.text,
            gap=metrics.small,
            margins=(metrics.medium, metrics.small),
            inside=self,
        )

    def _write(self, *, keep: bool = True) -> None:
        if self._read is None:
            return
        scrolled = self.text.verticalScrollBar().value()
        self.text.setHtml(document_html(self._read, Shown(self.shown.choice() or Shown.ALL), self._style.theme))
        if keep:
            self.text.verticalScrollBar().setValue(scrolled)


def document_html(read: DocumentRead, shown: Shown, theme: Theme) -> str:
    """Return the sentences that are wanted, in the colours of the theme."""
    wanted = [each for each in read.sentences if _is_wanted(each, read, shown)]
    if not wanted:
        return f'<p style="color:{theme.tokens.hex(Token.SECONDARY)}">{escape(_nothing(read, shown))}</p>'
    return "".join(_sentence_html(each, theme, is_new=each.number in read.new) for each in wanted)


def _is_wanted(sentence: ScoredSentence, read: DocumentRead, shown: Shown) -> bool:
    return {
        Shown.HITS: bool(sentence.hits),
        Shown.NEW: sentence.number in read.new,
        Shown.ALL: True,
    }[shown]


def _nothing(read: DocumentRead, shown: Shown) -> str:
    if shown is Shown.NEW and not read.has_previous:
        return tr("There is no earlier document of this kind to compare with.")
    if shown is Shown.NEW:
        return tr("No sentence is new against the document before it of this kind.")
    return tr("The dictionary found nothing in this document. Choose All to read it.")


def _sentence_html(sentence: ScoredSentence, theme: Theme, *, is_new: bool) -> str:
    marks = []
    if is_new:
        marks.append(_mark(tr("new"), theme.tokens.hex(Token.ACCENT)))
    if sentence.tone:
        kind = HitKind.HAWKISH if sentence.tone > 0 else HitKind.DOVISH
        marks.append(_mark(hit_word(kind), theme.tokens.hex(hit_token(kind))))
    told = ", ".join(f"{hit_word(hit.kind)}: {hit.words}" for hit in sentence.hits)
    tail = f'<br><span style="color:{theme.tokens.hex(Token.SECONDARY)}">{escape(told)}</span>' if told else ""
    number = f'<span style="color:{theme.tokens.hex(Token.SECONDARY)}">{sentence.number}</span>'
    head = " ".join((number, *marks))
    text = _highlighted(sentence.text, sentence.hits, theme)
    return f'<p style="margin-top:{theme.metrics.tight}px">{head} {text}{tail}</p>'


def _mark(word: str, colour: str) -> str:
    return f'<b style="color:{colour}">[{escape(word)}]</b>'


def _highlighted(text: str, hits: Iterable[Hit], theme: Theme) -> str:
    """Return a sentence with the words of its hits underlined in the colour of what they tell."""
    colours: list[str | None] = [None] * len(text)
    for hit in hits:
        colour = theme.tokens.hex(hit_token(hit.kind))
        for start, stop in places_of(hit.words, text):
            colours[start:stop] = [colour] * (stop - start)
    parts, start = [], 0
    for place in range(1, len(text) + 1):
        if place == len(text) or colours[place] != colours[start]:
            piece = escape(text[start:place])
            colour_here = colours[start]
            parts.append(
                f'<b style="color:{colour_here};text-decoration:underline">{piece}</b>' if colour_here else piece
            )
            start = place
    return "".join(parts)


def places_of(words: str, text: str) -> list[tuple[int, int]]:
    """Return where the words of a hit stand; dots in it are words of the sentence that are none of the hit's."""
    parts = [r"\W+".join(map(re.escape, part.split())) for part in words.split("...")]
    found = re.search(".*?".join(rf"\b({part})\b" for part in parts if part), text, re.IGNORECASE | re.DOTALL)
    return [found.span(number) for number in range(1, len(found.groups()) + 1)] if found else []


def _facts_text(read: DocumentRead) -> str:
    document = read.document
    parts = [
        document_word(document.kind),
        *([document.speaker] if document.speaker else []),
        tr("{time} KST", time=kst(document.published)),
        *([tr("first seen then, its own date cannot be read")] if document.is_time_first_seen else []),
        tr("policy {tone}", tone=signed(document.policy_tone)),
        tr("stability {tone}", tone=signed(document.stability_tone)),
        tr("{count} sentences", count=len(read.sentences)),
    ]
    if read.has_previous:
        parts.append(tr("{new} new, {gone} dropped since the one before", new=len(read.new), gone=read.dropped))
    return " · ".join(parts)
