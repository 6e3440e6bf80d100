"""How stress days, stories and sentences become rows, and rows become them again."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from tray_app.core.times import iso_instant, parse_instant
from tray_app.datasets.liquidity.rules.model import Category, CategoryDay, InputReading
from tray_app.datasets.news.rules.model import Article, Hit, HitKind, Language

ARTICLE_COLUMNS = "hash, title, outlet, link, published_utc, first_seen_utc, lang, query, copies"
CATEGORY_COLUMNS = "category, z, weight, contribution, inputs"


def inputs_text(inputs: Sequence[InputReading]) -> str:
    """Return inputs as compact JSON: a list of [name, series, value, z, observed, age]."""
    return compact([[each.name, each.series, each.value, each.z, str(each.observed), each.age] for each in inputs])


def category_of(row: Sequence[Any]) -> CategoryDay:
    """Return a category from CATEGORY_COLUMNS."""
    inputs = tuple(
        InputReading(name, series, value, z, date.fromisoformat(observed), age)
        for name, series, value, z, observed, age in json.loads(row[4])
    )
    return CategoryDay(Category(row[0]), row[1], row[2], row[3], inputs)


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
    return compact([[str(each.kind), each.words] for each in hits])


def hits_of(text: str) -> tuple[Hit, ...]:
    """Return hits from their JSON."""
    return tuple(Hit(HitKind(kind), words) for kind, words in json.loads(text))


def compact(value: object) -> str:
    """Return JSON without spaces, letters of every language as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
