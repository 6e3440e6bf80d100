"""Which headlines of the Fed are documents."""

from datetime import timedelta

import pytest

from datasets.news.rules.kit import NOW, headline
from tray_app.datasets.news.rules.documents import document_kind, documents
from tray_app.datasets.news.rules.model import DocumentKind

PRESS = "/newsevents/pressreleases/"
MINUTES = "Minutes of the Federal Open Market Committee, July 28–29, 2026"


@pytest.mark.parametrize(
    ("path", "title", "kind"),
    [
        (f"{PRESS}monetary20260729a.htm", "Federal Reserve issues FOMC statement", DocumentKind.STATEMENT),
        (f"{PRESS}monetary20260819a.htm", MINUTES, DocumentKind.MINUTES),
        (f"{PRESS}monetary20260825a.htm", "Minutes of the Board's discount rate meetings", None),
        (f"{PRESS}enforcement20260820a.htm", "Federal Reserve issues FOMC statement", None),
        (f"{PRESS}bcreg20260911a.htm", "Agencies seek comment", None),
        ("/monetarypolicy/fomcminutes20260729.htm", "Minutes", DocumentKind.MINUTES),
        ("/newsevents/speech/harlow20260811a.htm", "Harlow, Outlook", DocumentKind.SPEECH),
        ("/newsevents/testimony/harlow20260714a.htm", "Harlow, Report", DocumentKind.TESTIMONY),
        ("/newsevents/speech/../../evil", "Speech", None),
        ("/feeds/feeds.htm", "Feeds", None),
    ],
)
def test_kinds(path: str, title: str, kind: DocumentKind | None) -> None:
    assert document_kind(headline(title, link=f"https://www.federalreserve.gov{path}")) is kind
    assert document_kind(headline(title, link=f"https://evil.example{path}")) is None


def test_each_address_once_newest_first() -> None:
    link = "https://www.federalreserve.gov/newsevents/speech/harlow2026081{}a.htm"
    old = headline("a", link=link.format(1), published=NOW - timedelta(days=3))
    new = headline("b", link=link.format(2))
    again = headline("b", key="other", link=link.format(2))
    assert documents([old, new, headline("c"), again], NOW) == (again, old)
