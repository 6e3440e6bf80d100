"""The Fed's pages over real HTTP: what of an article is text, and what is around it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from net.replies import CUT, json_body, page, told
from support import NOW, client

from tray_app.core.errors import RateLimited, SourceChangedShape, SourceDown
from tray_app.datasets.news.feeds import Language, default_feeds
from tray_app.datasets.news.rules.documents import documents
from tray_app.datasets.news.rules.model import DocumentKind, Headline
from tray_app.datasets.news.source.fed import FedPages
from tray_app.datasets.news.source.fed_page import FedPage, read_page
from tray_app.datasets.news.source.feeds import Feeds
from tray_app.datasets.news.source.markup import MarkupTooLarge
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.demo.wire import TYPE_HTML, Reply
from tray_app.net.request import Request

HOST = "www.federalreserve.gov"
STATEMENT = "/newsevents/pressreleases/monetary20260729a.htm"


def headline(path: str = STATEMENT, title: str = "Federal Reserve issues FOMC statement") -> Headline:
    link = f"https://{HOST}{path}"
    return Headline(link, title, "Federal Reserve", link, NOW, Language.ENGLISH, "Federal Reserve")


def article(inner: str) -> bytes:
    outside = "<p>Nothing around the article is a part of it.</p>"
    return f'<html><body>{outside}<div id="article">{inner}</div>{outside}</body></html>'.encode()


def read(inner: str) -> FedPage:
    found = read_page(article(inner))
    assert found is not None
    return found


# --- what is text ----------------------------------------------------------------------------------------------------


def test_paragraphs_of_sentences_stay_and_all_else_goes() -> None:
    found = read(
        '<p class="article__time">July 29, 2026 was the day it came out.</p>'
        '<h3 class="title">A <em>title</em></h3><p class="speaker">Chair Elena Harlow</p>'
        '<p class="location">At the Sample Club, in the capital, Washington.</p>'
        '<div id="shareDL"><div><p>Share this page with all of your friends.</p></div></div>'
        "<script>let no = 'This is a program, not a text.';</script>"
        '<div class="col"><p>First\r\n   paragraph &amp; its <em>two</em> sentences<a href="#fn1"><sup>1</sup></a>.'
        " Here is the second.</p><p>A heading without its end</p>"
        "<ul><li>An item of a list, told in full;</li></ul>"
        "<p>Voting for the monetary policy action were A; B; and C.</p>"
        "<p>The end is near, they said. Voting against this action was D, who wanted more.</p>"
        "<p>For media inquiries, please email us or call 202-555-0100.</p>"
        "<p>Implementation Note issued on the same day, July 29.</p>"
        "<table><tr><td>Tables hold numbers, and no sentences at all.</td></tr></table>"
        '<p><a id="fn1">1.</a> See the paper of Smith (2020). <a href="#f1">Return to text</a></p></div>'
        '<div class="panel"><p>Related information is listed on this side.</p></div>'
    )
    assert found.title == "A title"
    assert found.speaker == "Chair Elena Harlow"
    assert found.paragraphs == (
        "First paragraph & its two sentences. Here is the second.",
        "An item of a list, told in full;",
        "The end is near, they said.",
    )


def test_minutes_lose_attendance_headings_and_votes() -> None:
    found = read(
        "<h3>Minutes of the Federal Open Market Committee</h3>"
        "<p><strong>Attendance</strong><br>Elena Harlow, Chair<br>Ruth Okafor, Governor of the Board, and others</p>"
        "<p><strong>Developments in Financial Markets</strong><br>The manager turned to markets.</p>"
        "<p>Voting for this action: Elena Harlow and Ruth Okafor.</p>"
        "<h4>Notation Vote</h4><p>By notation vote, the minutes were approved on July 1.</p>"
    )
    assert found.paragraphs == ("The manager turned to markets.",)


def test_what_follows_the_references_goes() -> None:
    found = read(
        "<p>Some words come first, here.</p><h4>References</h4><p>Smith, A. (2020), a paper on repo markets.</p>"
    )
    assert found.paragraphs == ("Some words come first, here.",)
    assert read("<p>References are useful to the reader, always.</p>").paragraphs != ()


def test_unclosed_elements_do_no_harm() -> None:
    found = read("<p>One paragraph is not closed here.<p>Another one follows it at once.<br>")
    assert found.paragraphs == ("One paragraph is not closed here.", "Another one follows it at once.")
    open_panel = read('<p>This one stays as it is.</p><div class="panel"><p>This one is aside, and never closed.')
    assert open_panel.paragraphs[0] == "This one stays as it is."
    assert "aside" not in "".join(open_panel.paragraphs)


def test_a_page_without_an_article_is_none() -> None:
    assert read_page(b"<html><body><p>Just a moment, please wait.</p></body></html>") is None
    assert read_page(b"") is None
    assert read_page(b"\xff\xfe\x00") is None


@pytest.mark.parametrize("opening", [b"<!--", b'<a href="', b"<![CDATA[", b"<?", b"<b>", b"<b></b>"])
def test_pages_of_openings_only_are_refused(opening: bytes) -> None:
    with pytest.raises(MarkupTooLarge):
        read_page(b'<div id="article">' + opening * 50_000)


def test_odd_declarations_are_passed_over() -> None:
    assert read("<p>Before it there is a text.</p><![foo[ x ]]><p>Behind it there is another.</p>").paragraphs == (
        "Before it there is a text.",
        "Behind it there is another.",
    )


def test_long_articles_are_read_in_pieces() -> None:
    found = read("<p>Words of a long article, é.</p>" * 10_000)
    assert len(found.paragraphs) == 10_000
    assert set(found.paragraphs) == {"Words of a long article, é."}
    with pytest.raises(MarkupTooLarge, match="letters"):
        read("<p>Words of a long article, é.</p>" * 20_000)


@given(st.text(max_size=300))
def test_any_article_is_read(inner: str) -> None:
    found = read_page(article(inner))
    assert found is not None
    assert all(each == " ".join(each.split()) for each in found.paragraphs)


@given(st.binary(max_size=300))
def test_any_bytes_are_read(body: bytes) -> None:
    read_page(b'<div id="article">' + body)


# --- asking ----------------------------------------------------------------------------------------------------------


def test_most_headlines_are_no_documents_and_nothing_is_asked() -> None:
    with told(page(200), hosts=(HOST,)) as (url, seen), client(url) as http:
        assert FedPages(http).text(headline("/newsevents/pressreleases/enforcement20260820a.htm"), NOW) is None
    assert seen.seen == []


def test_a_document_without_a_date_is_of_when_it_is_first_seen() -> None:
    undated = replace(headline(), published=None)
    reply = Reply(200, article("<p>The Committee met on a day of July.</p>"), TYPE_HTML)
    with told(reply, hosts=(HOST,)) as (url, _seen), client(url) as http:
        found = FedPages(http).text(undated, NOW)
    assert found is not None
    assert found.published == NOW


def test_a_damaged_paragraph_is_left_out() -> None:
    inner = "<p>This one can be read as it is.</p>" * 9 + "<p>This one \ufffd cannot be read at all.</p>"
    with told(Reply(200, article(inner), TYPE_HTML), hosts=(HOST,)) as (url, _seen), client(url) as http:
        found = FedPages(http).text(headline(), NOW)
    assert found is not None
    assert found.paragraphs == ("This one can be read as it is.",) * 9


def test_minutes_are_followed_to_their_page() -> None:
    title = "Minutes of the Federal Open Market Committee, July 28–29, 2026"
    announced = article('<p><a href="https://evil.example/monetarypolicy/fomcminutes20260729.htm">HTML</a></p>')
    minutes = article("<p>The manager turned to markets first.</p>")
    replies = (Reply(200, announced, TYPE_HTML), Reply(200, minutes, TYPE_HTML))
    with told(*replies, hosts=(HOST,)) as (url, seen), client(url) as http:
        found = FedPages(http).text(headline(title=title), NOW)
    assert found is not None
    assert (found.kind, found.speaker, found.url) == (DocumentKind.MINUTES, "", f"https://{HOST}{STATEMENT}")
    assert found.title == title
    assert [each.path for each in seen.seen] == [STATEMENT, "/monetarypolicy/fomcminutes20260729.htm"]
    without = Reply(200, article('<p>The minutes come as <a href="http://[">a file</a> only.</p>'), TYPE_HTML)
    with told(without, hosts=(HOST,)) as (url, _seen), client(url) as http:
        assert FedPages(http).text(headline(title=title), NOW) is None


@pytest.mark.parametrize(
    ("reply", "error", "said"),
    [
        (page(200), SourceChangedShape, "the page has no article"),
        (Reply(200, article("<p>Soon</p>"), TYPE_HTML), SourceChangedShape, "the article is empty"),
        (Reply(200, article("<b>" * 9000), TYPE_HTML), SourceChangedShape, "cannot be read: its elements lie"),
        (
            Reply(200, article("<p>Fed\u2019s letters are lost on the way.</p>").replace(b"\x99", b""), TYPE_HTML),
            SourceChangedShape,
            "replacement letters",
        ),
        (page(404), SourceChangedShape, "status 404"),
        (page(503), SourceDown, "status 503"),
        (json_body("", 429), RateLimited, "too many"),
        (CUT, SourceDown, "broke off"),
    ],
)
def test_refusals(reply: Reply, error: type[Exception], said: str) -> None:
    with told(reply, hosts=(HOST,)) as (url, _seen), client(url) as http, pytest.raises(error, match=said):
        FedPages(http).text(headline(), NOW)


# --- the sample server -----------------------------------------------------------------------------------------------


def sampled(server: SampleServer) -> list[Headline]:
    with client(server.url) as http:
        return [each for feed in default_feeds() if HOST in feed.url for each in Feeds(http).headlines(feed).rows]


def test_every_sample_document_is_read(server: SampleServer) -> None:
    with client(server.url) as http:
        pages = FedPages(http)
        recent = documents(sampled(server), NOW)
        texts = [pages.text(each, NOW) for each in recent]
    found = [each for each in texts if each is not None]
    assert len(found) == len(recent) > 10
    assert {each.kind for each in found} == set(DocumentKind)
    assert [each.published for each in found] == sorted((each.published for each in found), reverse=True)
    for each in found:
        spoken = each.kind in {DocumentKind.SPEECH, DocumentKind.TESTIMONY}
        assert bool(each.speaker) == spoken
        whole = "\n".join(each.paragraphs)
        for stray in ("Voting", "media inquiries", "Return to text", "Share", "Related", "navigation", "Attendance"):
            assert stray not in whole


def test_a_sample_order_is_no_document_but_a_page(server: SampleServer) -> None:
    orders = [each for each in sampled(server) if "enforcement" in each.link]
    assert orders
    with client(server.url) as http:
        assert b"enforcement action below" in http.get(Request(orders[0].link)).body


def test_a_sample_page_that_is_no_article(server: SampleServer) -> None:
    first = documents(sampled(server), NOW)[0]
    server.misbehave.set(HOST, Mode.HTML_200, path="/newsevents")
    with client(server.url) as http, pytest.raises(SourceChangedShape):
        FedPages(http).text(first, NOW)
