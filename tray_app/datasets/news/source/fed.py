"""The Federal Reserve's statements, minutes, speeches and testimony as text. Host: www.federalreserve.gov, no key."""

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from tray_app.core.errors import SourceChangedShape
from tray_app.core.row_faults import are_too_many
from tray_app.core.words import tr
from tray_app.datasets.news.rules.documents import FED_HOST, document_kind
from tray_app.datasets.news.rules.letters import damage_of
from tray_app.datasets.news.rules.model import DocumentKind, DocumentText, Headline
from tray_app.datasets.news.source.fed_page import FedPage, read_page
from tray_app.datasets.news.source.markup import parsing
from tray_app.net.request import DAILY, Http, Request, RetryPolicy

MOST_BYTES = 4 * 1024 * 1024
PAUSE = 1.0

_MINUTES = re.compile(r"/monetarypolicy/fomcminutes\d{8}\.htm")


class FedPages:
    """Asks for pages: FedPages(http).text(headline) for each of rules.documents.documents."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def text(self, headline: Headline, now: datetime, retry: RetryPolicy = DAILY) -> DocumentText | None:
        """Return the document a headline leads to, under the headline's link as its url and its instant (UTC).

        The instant is now when the headline has no date that can be.
        Nothing when the headline leads to none, or to minutes without a page. Endpoints: the link itself; for minutes
        announced by a press release also /monetarypolicy/fomcminutesYYYYMMDD.htm. Raises SourceChangedShape when the
        page has no article, and what HttpClient.get raises.
        """
        kind = document_kind(headline)
        if kind is None:
            return None
        path = urlsplit(headline.link).path
        page = self._page(path, retry)
        if kind is DocumentKind.MINUTES and not _MINUTES.fullmatch(path):
            announced = next((link for link in page.links if _MINUTES.fullmatch(link)), None)
            if announced is None:
                return None
            page = self._page(announced, retry)
        if not page.paragraphs:
            raise SourceChangedShape(FED_HOST, tr("the article is empty"))
        return DocumentText(
            url=headline.link,
            title=page.title or headline.title,
            kind=kind,
            speaker=page.speaker if kind in {DocumentKind.SPEECH, DocumentKind.TESTIMONY} else "",
            published=headline.published_by(now),
            paragraphs=page.paragraphs,
        )

    def _page(self, path: str, retry: RetryPolicy) -> FedPage:
        request = Request(
            f"https://{FED_HOST}{path}",
            headers={"Accept": "text/html, */*;q=0.1"},
            max_bytes=MOST_BYTES,
            pause=PAUSE,
            retry=retry,
        )
        answer = self._http.get(request)
        with parsing(FED_HOST, tr("the page cannot be read")):
            page = read_page(answer.body, answer.content_type)
        if page is None:
            raise SourceChangedShape(FED_HOST, tr("the page has no article"))
        return _legible(page)


def _legible(page: FedPage) -> FedPage:
    """Return the page without the few paragraphs whose letters are damaged; SourceChangedShape when they are many."""
    damages = [damage_of(paragraph) for paragraph in page.paragraphs]
    damaged = [damage for damage in damages if damage]
    if are_too_many(len(damaged), len(damages)):
        raise SourceChangedShape(FED_HOST, damaged[0])
    kept = (text for text, damage in zip(page.paragraphs, damages, strict=True) if not damage)
    return replace(page, paragraphs=tuple(kept))
