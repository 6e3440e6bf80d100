"""How the Liquidity page names categories, bands, documents and what is missing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tray_app.core.words import tr
from tray_app.datasets.liquidity.dataset import FRED_DATA, YAHOO
from tray_app.datasets.liquidity.rules.inputs import REPO_SPREAD
from tray_app.datasets.liquidity.rules.model import Band as Stress
from tray_app.datasets.liquidity.rules.model import Category
from tray_app.datasets.liquidity.rules.repo import RepoLabel
from tray_app.datasets.news.dataset import FED, GOOGLE_NEWS
from tray_app.datasets.news.rules.model import DocumentKind, HitKind
from tray_app.datasets.news.rules.score import FEWEST_DAYS
from tray_app.ui.labels import formats
from tray_app.ui.labels.bands import Band
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.datasets.liquidity.rules.model import StressDay, StressFigures
    from tray_app.datasets.news.rules.score import NewsScore

BAND_EDGES = (0.0, 0.5, 1.0, 2.0)
YIELD_VOLATILITIES = frozenset({"bill_volatility", "yield_volatility_10", "yield_volatility_2"})
USUAL_SHARES = (74.0, 87.0, 90.0, 96.5)


def as_of_words(day: StressFigures, *, is_short: bool) -> str:
    """Return which day of New York the index is of, and what is to be known about it."""
    words = [
        tr("New York, {day}", day=formats.day_and_month(day.date)),
        tr("provisional") if day.is_provisional else "",
        tr("short history") if is_short else "",
        tr("rests on a value in doubt") if day.is_in_doubt else "",
    ]
    return ", ".join(word for word in words if word)


def index_credit() -> str:
    """Return the sources of the index."""
    return tr(
        "Made of series of {fred} and {yahoo}. {notice}", fred=FRED_DATA.link, yahoo=YAHOO.link, notice=FRED_DATA.notice
    )


def news_credit() -> str:
    """Return the terms of the headlines."""
    return tr(
        "Headlines and links only, by {google} for personal, non-commercial use; the stories are their outlets'.",
        google=GOOGLE_NEWS.link,
    )


def fed_credit() -> str:
    """Return the source of the documents."""
    return tr("Documents: {source}. Tone: by the dictionary of this program.", source=FED.link)


def category_word(category: Category) -> str:
    """Return a category's name."""
    return {
        Category.FUNDING: tr("Funding"),
        Category.RATES: tr("Rates"),
        Category.CREDIT: tr("Credit"),
        Category.EQUITY: tr("Equity"),
        Category.FINANCIALS: tr("Financials"),
        Category.DOLLAR: tr("Dollar"),
    }[category]


def band_word(band: Stress) -> str:
    """Return a band's word."""
    return {
        Stress.CALM: tr("Calm"),
        Stress.WATCH: tr("Watch"),
        Stress.ELEVATED: tr("Elevated"),
        Stress.HIGH: tr("High"),
        Stress.SEVERE: tr("Severe"),
    }[band]


def band_token(band: Stress) -> Token:
    """Return a band's colour."""
    return {
        Stress.CALM: Token.SUCCESS,
        Stress.WATCH: Token.ACCENT,
        Stress.ELEVATED: Token.ATTENTION,
        Stress.HIGH: Token.ERROR,
        Stress.SEVERE: Token.ERROR,
    }[band]


def band_range(band: Stress) -> str:
    """Return the z that a band stands for."""
    edges = ("", *(formats.plain(edge, 1) for edge in BAND_EDGES), "")
    place = list(Stress).index(band)
    if band is Stress.CALM:
        return tr("z up to {high}", high=edges[1])
    if band is Stress.SEVERE:
        return tr("z above {low}", low=edges[place])
    return tr("z {low} to {high}", low=edges[place], high=edges[place + 1])


def gauge_bands(score: float | None, band: Stress | None, shares: Sequence[float] = USUAL_SHARES) -> tuple[Band, ...]:
    """Return the bands of z as ranges of the score, by the share of days up to each edge.

    The day's own band holds its score, also where a share was rounded or has moved since.
    """
    order = list(Stress)
    edges = [0.0, *shares, 100.0]
    if score is not None and band is not None:
        own = order.index(band)
        edges[: own + 1] = [min(edge, score) for edge in edges[: own + 1]]
        above = math.nextafter(score, math.inf)
        edges[own + 1 :] = [max(edge, above) for edge in edges[own + 1 :]]
    made = [
        Band(low, high, band_word(each), band_token(each))
        for each, low, high in zip(order, edges, edges[1:], strict=False)
    ]
    return tuple(each for each in made if each.high > each.low)


def document_word(kind: DocumentKind) -> str:
    """Return what a document is, where no sentence precedes it."""
    return kind.text.capitalize()


def hit_word(kind: HitKind) -> str:
    """Return what words of the dictionary tell."""
    return {
        HitKind.HAWKISH: tr("hawkish"),
        HitKind.DOVISH: tr("dovish"),
        HitKind.STRESS: tr("stress"),
        HitKind.CALM: tr("calm"),
    }[kind]


def hit_token(kind: HitKind) -> Token:
    """Return the colour of words of the dictionary."""
    return {
        HitKind.HAWKISH: Token.ATTENTION,
        HitKind.DOVISH: Token.ACCENT,
        HitKind.STRESS: Token.ERROR,
        HitKind.CALM: Token.SUCCESS,
    }[kind]


def input_unit(name: str) -> str:
    """Return what an input is counted in."""
    if name.endswith("_spread"):
        return tr("pp")
    if name in {"move", "vix"}:
        return tr("index")
    return tr("bp a year") if name in YIELD_VOLATILITIES else "%"


def repo_label_word(label: str) -> str:
    """Return which reporting date lies behind a flag."""
    return RepoLabel(label).text if label in set(RepoLabel) else label


def repo_word(day: StressDay) -> str:
    """Return how the repo market stood; without its rates, as before 2018, nobody knows."""
    if day.repo_flag:
        return tr("Tight")
    is_known = any(each.name == REPO_SPREAD for category in day.categories for each in category.inputs)
    return tr("Calm") if is_known else tr("Unknown")


def usual_day(score: NewsScore) -> str:
    """Return how many headlines of the searches a usual day has."""
    usual = score.usual
    count = formats.number(usual, 0 if usual is None or usual.is_integer() else 1)
    return tr("usual day: {count}", count=count)


def history_lack(score: NewsScore) -> str:
    """Return that there are too few days to tell a usual one."""
    return tr("insufficient history: {days} of {wanted} days", days=score.days, wanted=FEWEST_DAYS)


def severity_words(score: NewsScore) -> str:
    """Return the severity and what it counts."""
    severity = formats.plain(score.severity, 0, sign=True)
    return tr(
        "Severity {severity}: headlines with words of trouble less those with words of easing.", severity=severity
    )


def signed(value: float | None) -> str:
    """Return a z or a tone with its sign."""
    return formats.NOTHING if value is None else formats.plain(value, 2, sign=True)
