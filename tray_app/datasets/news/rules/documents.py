"""Which headlines of the Federal Reserve are documents, and of which kind."""

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from tray_app.datasets.news.rules.model import DocumentKind, Headline

FED_HOST = "www.federalreserve.gov"

_MONETARY = re.compile(r"/newsevents/pressreleases/monetary\d{8}[a-z]?\d?\.htm")
_PATHS = (
    (re.compile(r"/monetarypolicy/fomcminutes\d{8}\.htm"), DocumentKind.MINUTES),
    (re.compile(r"/newsevents/speech/[a-z-]+\d{8}[a-z]?\.htm"), DocumentKind.SPEECH),
    (re.compile(r"/newsevents/testimony/[a-z-]+\d{8}[a-z]?\.htm"), DocumentKind.TESTIMONY),
)
_TITLES = (
    (re.compile(r"\bFOMC statement\b", re.IGNORECASE), DocumentKind.STATEMENT),
    (re.compile(r"^Minutes of the Federal Open Market Committee\b", re.IGNORECASE), DocumentKind.MINUTES),
)


def document_kind(headline: Headline) -> DocumentKind | None:
    """Return the kind of the Fed's document a headline leads to, or nothing: most press releases are orders."""
    parts = urlsplit(headline.link)
    if parts.hostname != FED_HOST:
        return None
    if _MONETARY.fullmatch(parts.path):
        return next((kind for title, kind in _TITLES if title.search(headline.title)), None)
    return next((kind for path, kind in _PATHS if path.fullmatch(parts.path)), None)


def documents(headlines: Iterable[Headline], now: datetime) -> tuple[Headline, ...]:
    """Return the headlines that lead to documents, each address once, newest first; those without a date at now."""
    by_link = {each.link: each for each in headlines if document_kind(each) is not None}
    return tuple(sorted(by_link.values(), key=lambda each: (each.published_by(now), each.link), reverse=True))
