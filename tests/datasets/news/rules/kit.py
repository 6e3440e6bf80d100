"""Articles, headlines and documents to judge, and where the recorded ones are."""

from datetime import UTC, datetime
from typing import Any

import pytest
from repository import RECORDED, REPOSITORY

from tray_app.datasets.news.feeds import Language
from tray_app.datasets.news.rules.dictionary import ToneDictionary, load_dictionary
from tray_app.datasets.news.rules.model import Article, DocumentKind, DocumentText, Headline

NOW = datetime(2026, 8, 22, 10, 50, tzinfo=UTC)
RECORDINGS = RECORDED / "liquidity"
DICTIONARY = REPOSITORY / "resources" / "fed_tone.json"
needs_recordings = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason=f"the recorded texts are not on this machine (looked in {RECORDINGS})"
)


def dictionary_text() -> str:
    return DICTIONARY.read_text(encoding="utf-8")


def shipped() -> ToneDictionary:
    return load_dictionary(dictionary_text())


def headline(title: str = "Repo rates jump", **changes: Any) -> Headline:
    facts: dict[str, Any] = {
        "key": f"key of {title}",
        "title": title,
        "outlet": "The Morning Tape",
        "link": "https://morningtape.example/1",
        "published": NOW,
        "language": Language.ENGLISH,
        "query": "Funding stress",
    }
    return Headline(**(facts | changes))


def article(title: str = "Repo rates jump", **changes: Any) -> Article:
    facts: dict[str, Any] = {
        "key": f"hash of {title}",
        "title": title,
        "outlet": "The Morning Tape",
        "link": "https://morningtape.example/1",
        "published": NOW,
        "first_seen": NOW,
        "language": Language.ENGLISH,
        "query": "Funding stress",
        "copies": 1,
    }
    return Article(**(facts | changes))


def document(*paragraphs: str, **changes: Any) -> DocumentText:
    facts: dict[str, Any] = {
        "url": "https://www.federalreserve.gov/newsevents/pressreleases/monetary20260729a.htm",
        "title": "Federal Reserve issues FOMC statement",
        "kind": DocumentKind.STATEMENT,
        "speaker": "",
        "published": NOW,
        "paragraphs": paragraphs,
    }
    return DocumentText(**(facts | changes))
