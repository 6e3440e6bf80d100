"""How stories and sentences become rows, and rows become them again."""

import json
from collections.abc import Sequence
from typing import Any

from tray_app.core.texts import compact_json
from tray_app.core.times import iso_instant, parse_instant
from tray_app.datasets.news.feeds import Language
from tray_app.datasets.news.rules.model import Article, Hit, HitKind
from tray_app.datasets.news.tables import NEWS_ARTICLE

ARTICLE_COLUMNS = ", ".join(NEWS_ARTICLE.names)


def article_row(article: Article) -> tuple[str | int, ...]:
    """Return a story as ARTICLE_COLUMNS."""
    return (
        article.key,
        article.title,
        article.outlet,
        article.link,
        iso_instant(article.published),
        iso_instant(article.first_seen),
        str(article.language),
        article.query,
        article.copies,
    )


def article_of(row: Sequence[Any]) -> Article:
    """Return a story from ARTICLE_COLUMNS."""
    return Article(
        key=row[0],
        title=row[1],
        outlet=row[2],
        link=row[3],
        published=parse_instant(row[4]),
        first_seen=parse_instant(row[5]),
        language=Language(row[6]),
        query=row[7],
        copies=row[8],
    )


def hits_text(hits: Sequence[Hit]) -> str:
    """Return hits as compact JSON: a list of [kind, words]."""
    return compact_json([[str(each.kind), each.words] for each in hits])


def hits_of(text: str) -> tuple[Hit, ...]:
    """Return hits from their JSON."""
    return tuple(Hit(HitKind(kind), words) for kind, words in json.loads(text))
