"""The headlines, newest first, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from tray_app.core.times import to_kst
from tray_app.core.words import tr
from tray_app.datasets.news.dataset import NEWS
from tray_app.ui.desktop import open_web_page
from tray_app.ui.labels import formats
from tray_app.ui.pages.liquidity.data import lack_of
from tray_app.ui.pages.liquidity.section import Section
from tray_app.ui.pages.liquidity.words import history_lack, news_credit, severity_words, signed, usual_day
from tray_app.ui.parts.layout.boxes import add
from tray_app.ui.parts.table.model import Kind, Row, ViewColumn
from tray_app.ui.parts.table.page_table import PageTable
from tray_app.ui.parts.text.links import LinkText
from tray_app.ui.parts.text.texts import SECONDARY, heading, paragraph
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tray_app.datasets.news.rules.model import Article
    from tray_app.ui.page import PageParts
    from tray_app.ui.pages.liquidity.data import LiquidityFacts, NewsFacts
    from tray_app.ui.style.style import Style

MOST_SHOWN = 300
MOST_SEEN = 18


@dataclass(frozen=True, order=True, slots=True)
class ToldTime:
    """When something was published (UTC); where no source told it that can be read, when it was first seen."""

    instant: datetime
    is_first_seen: bool

    def __str__(self) -> str:
        """Return it for a machine to read."""
        return self._marked(self.instant.isoformat())

    @property
    def text(self) -> str:
        """Return it in Korea's time, marked when it is not the source's own."""
        return self._marked(kst(self.instant))

    def _marked(self, time: str) -> str:
        return tr("{time} (first seen)", time=time) if self.is_first_seen else time


class NewsSection(Section):
    """A table of headlines; a click opens the story in the browser."""

    tables = frozenset({"news_article"})

    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts)
        style = parts.style
        self._articles: tuple[Article, ...] = ()
        self.count = paragraph(style, tone=SECONDARY)
        self.table = PageTable(style, tr("Headlines"), _columns(style), most=MOST_SEEN)
        self._query = self.query(self.show_articles)
        credit = LinkText(style, news_credit(), FontSize.ATTRIBUTION)
        add(self.column, heading(style, tr("Headlines")), self.count, self.table, credit)
        self.table.row_activated.connect(lambda place: open_web_page(self._articles[place].link))
        self.table.empty_action_triggered.connect(self.follow_lack)

    def show_facts(self, facts: LiquidityFacts) -> None:
        """Count the headlines, or say what is missing."""
        self._lack = lack_of(facts, tr("No headline is stored yet."))
        self.table.set_empty(self._lack.sentence, self._lack.action)
        self.count.setText(count_text(facts.news))

    def refresh(self) -> None:
        """Read the newest headlines."""
        reads = self.parts.engine.reads(NEWS)
        self._query.ask(lambda: reads.articles(limit=MOST_SHOWN))

    def show_articles(self, articles: Sequence[Article]) -> None:
        """Show other headlines."""
        self._articles = tuple(articles)
        self.table.set_rows([_row(article) for article in articles], [article.link for article in articles])


def count_text(news: NewsFacts) -> str:
    """Return how many headlines the searches found, judged by the days before once there are enough of them."""
    score = news.score
    if news.newest is None:
        return ""
    judged = (history_lack(score),) if score.z is None else (usual_day(score), tr("z {z}", z=signed(score.z)))
    return tr(
        "{count} headlines of the searches in the last 24 hours; {judged}. {severity} Times are KST.",
        count=formats.number(score.count),
        judged="; ".join(judged),
        severity=severity_words(score),
    )


def kst(instant: datetime) -> str:
    """Return an instant in Korea."""
    return f"{to_kst(instant):%Y-%m-%d %H:%M}"


def _columns(style: Style) -> tuple[ViewColumn, ...]:
    return (
        ViewColumn(tr("Time (KST)"), Kind.DATE, attrgetter("text")),
        ViewColumn(tr("Headline"), Kind.LINK, stretch=True, least=style.theme.metrics.card_width),
        ViewColumn(tr("Outlet")),
        ViewColumn(tr("Copies"), Kind.NUMBER, tooltip=tr("How many outlets carried the story")),
    )


def _row(article: Article) -> Row:
    return ToldTime(article.published, article.is_time_first_seen), article.title, article.outlet, article.copies
