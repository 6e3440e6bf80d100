"""A stored history of stress, series, documents and headlines, written as a run would write it."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from support import open_store

from tray_app.core.coverage import Coverage
from tray_app.core.series import SeriesPoint
from tray_app.datasets.liquidity.catalogue import catalogue
from tray_app.datasets.liquidity.rules.model import Band, Category, CategoryDay, InputReading, StressDay
from tray_app.datasets.liquidity.store.series import MacroStore, SeriesUpdate
from tray_app.datasets.liquidity.store.stress import StressStore
from tray_app.datasets.news.feeds import Language
from tray_app.datasets.news.rules.model import (
    DocumentKind,
    DocumentText,
    DocumentTone,
    Headline,
    Hit,
    HitKind,
    ScoredSentence,
)
from tray_app.datasets.news.store.documents import DocumentStore
from tray_app.datasets.news.store.stories import NewsStore
from tray_app.store.series import Provenance

if TYPE_CHECKING:
    from pathlib import Path

    from tray_app.store.database import Database

WEIGHTS = {
    Category.FUNDING: 0.20,
    Category.RATES: 0.10,
    Category.CREDIT: 0.25,
    Category.EQUITY: 0.20,
    Category.FINANCIALS: 0.15,
    Category.DOLLAR: 0.10,
}
INPUTS = {
    Category.FUNDING: (("repo_spread", "SOFR"), ("paper_spread", "DCPF3M"), ("bill_volatility", "DGS3MO")),
    Category.RATES: (("move", "^MOVE"), ("yield_volatility_10", "DGS10")),
    Category.CREDIT: (("baa_spread", "BAA10Y"),),
    Category.EQUITY: (("vix", "^VIX"), ("equity_volatility", "^GSPC")),
    Category.FINANCIALS: (("financials_drawdown", "XLF"),),
    Category.DOLLAR: (("won_volatility", "KRW=X"),),
}
EDGES = (0.0, 0.5, 1.0, 2.0)
STATEMENT = "https://www.federalreserve.gov/newsevents/pressreleases/monetary{day:%Y%m%d}a.htm"


@dataclass(frozen=True)
class Filling:
    """How much is stored, up to which day."""

    today: date
    days: int = 500
    headlines: int = 40
    news_days: int = 45
    documents: int = 6


def fill(folder: Path, filling: Filling) -> None:
    """Store everything a page of liquidity shows."""
    with open_store(folder) as database:
        seen = Provenance(datetime.combine(filling.today, time(22), UTC), 1)
        fill_series(database, filling, seen)
        StressStore(database).store(stress_days(filling), seen)
        fill_documents(database, filling, seen)
        NewsStore(database).fold(headlines(filling), seen.at)


def fill_series(database: Database, filling: Filling, seen: Provenance) -> None:
    """Store every series of the catalogue, the Fed's dollar rate ending half a year too early."""
    store, days = MacroStore(database), business_days(filling.today, filling.days)
    store.name_series(catalogue())
    for number, series in enumerate(catalogue()):
        last = filling.today - timedelta(days=180) if series.series_id in {"DEXKOUS", "TEDRATE"} else filling.today
        ours = [day for day in days if day < last]
        wave = [SeriesPoint(day, 3 + number + math.sin(place / 40 + number)) for place, day in enumerate(ours)]
        store.store(series.series_id, SeriesUpdate(wave, Coverage(ours[0], ours[-1])), seen)


def stress_days(filling: Filling) -> list[StressDay]:
    """Return an index with two crises, its parts adding up to it."""
    luck, scores, made = random.Random(7), [], []
    days = business_days(filling.today, filling.days)
    for place, day in enumerate(days):
        crisis = sum(3 * math.exp(-(((place / len(days) - at) * 30) ** 2)) for at in (0.3, 0.8))
        z = {each: crisis - 0.4 + 0.5 * math.sin(place / (30 + 9 * number)) for number, each in enumerate(Category)}
        z = {each: value + luck.gauss(0, 0.1) for each, value in z.items()}
        parts = tuple(_category(each, z[each], day) for each in Category)
        total = sum(part.contribution for part in parts)
        scores.append(total)
        score = 100 * sum(each <= total for each in scores) / len(scores)
        band = list(Band)[sum(total > edge for edge in EDGES)]
        label = "quarter-end" if day.month % 3 == 0 and day.day > 27 else ""
        made.append(StressDay(day, total, score, band, 0.2 + 0.1 * crisis / 3, 1.0, bool(label), label, parts))
    return made


def fill_documents(database: Database, filling: Filling, seen: Provenance) -> None:
    """Store statements and a speech, each statement with a sentence of its own."""
    for number in range(filling.documents):
        day = filling.today - timedelta(days=45 * number + 3)
        kind = DocumentKind.SPEECH if number == 1 else DocumentKind.STATEMENT
        document = DocumentText(
            STATEMENT.format(day=day),
            "Federal Reserve issues FOMC statement" if kind is DocumentKind.STATEMENT else "The outlook, at 서울",
            kind,
            "" if kind is DocumentKind.STATEMENT else "Chair Powell",
            datetime.combine(day, time(19), UTC),
            (),
        )
        sentences = (
            ScoredSentence(
                1, "Inflation remains somewhat elevated.", 1, (Hit(HitKind.HAWKISH, "inflation ... elevated"),)
            ),
            ScoredSentence(2, "The Committee decided to maintain the target range.", 0, ()),
            ScoredSentence(
                3, f"Job gains have slowed, meeting {number}.", -1, (Hit(HitKind.DOVISH, "job gains ... slowed"),)
            ),
            ScoredSentence(4, "Strains & stress <remain> contained.", 0, (Hit(HitKind.STRESS, "stress"),)),
        )
        tone = DocumentTone((number - 2) / 10, number / 3, 400, sentences)
        DocumentStore(database).store(document, tone, "test", seen)


def headlines(filling: Filling) -> list[Headline]:
    """Return stories in both languages, spread over the last weeks."""
    now = datetime.combine(filling.today, time(12), UTC)
    return [
        Headline(
            f"key-{number}",
            f"연준, 유동성 공급 확대 검토… 단기자금시장 긴장 고조 {number}"
            if number % 2
            else f"Repo rates jump again <b>{number}</b>",
            "한국경제" if number % 2 else "Reuters",
            f"https://news.google.com/rss/articles/{number}",
            now - timedelta(days=filling.news_days * number / max(1, filling.headlines)),
            Language.KOREAN if number % 2 else Language.ENGLISH,
            "liquidity",
        )
        for number in range(filling.headlines)
    ]


def business_days(last: date, count: int) -> list[date]:
    """Return so many weekdays up to the day before."""
    days: list[date] = []
    day = last
    while len(days) < count:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            days.append(day)
    return days[::-1]


def _category(category: Category, z: float, day: date) -> CategoryDay:
    weight = WEIGHTS[category]
    observed = day - timedelta(days=1)
    readings = tuple(InputReading(name, series, z / 3, z, observed, 1) for name, series in INPUTS[category])
    return CategoryDay(category, z, weight, weight * z, readings)
