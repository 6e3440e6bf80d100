"""Items of every kind of feed as texts."""

import pytest

from tray_app.datasets.news.source.feed_entries import FeedEntry, feed_entries

RSS = '<?xml version="1.0"?><rss version="2.0"{more}><channel><title>feed</title><link>https://feed</link>{items}</channel></rss>'
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


def only(text: str) -> FeedEntry:
    found = feed_entries(text, 10)
    assert found is not None
    (entry,) = found
    return entry


def rss(item: str, more: str = "") -> FeedEntry:
    return only(RSS.format(items=f"<item>{item}</item>", more=more))


def test_rss_2() -> None:
    entry = rss(
        "<title>A &amp; B</title><link> https://a </link><guid isPermaLink='false'>k</guid>"
        "<pubDate>now</pubDate><source url='https://s'>Paper</source><description><![CDATA[<title>no</title>]]></description>"
    )
    assert entry == FeedEntry("A & B", "https://a", "k", ("now",), "Paper")


def test_rss_1() -> None:
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:d="http://purl.org/dc/elements/1.1/"><channel rdf:about="c"><title>feed</title></channel>'
        '<item rdf:about="k"><title>A</title><link>https://a</link><d:date>day</d:date></item></rdf:RDF>'
    )
    assert only(text) == FeedEntry("A", "https://a", "k", ("day",), "")


@pytest.mark.parametrize(("prefix", "declared"), [("", ATOM), ("atom:", ATOM.replace("xmlns", "xmlns:atom"))])
def test_atom(prefix: str, declared: str) -> None:
    text = (
        f"<feed {declared}><title>feed</title><entry><id>k</id><title type='xhtml'><div>A <b>B</b></div></title>"
        "<link rel='self' href='https://self'/><link href='https://a'/><link rel='alternate' href='https://b'/>"
        "<updated>later</updated><published>day</published>"
        "<source><id>s</id><title>Paper</title><updated>no</updated></source></entry></feed>"
    )
    named = text.replace("</", f"</{prefix}") if prefix else text
    for name in ("feed", "entry", "id", "title", "link", "updated", "published", "source") if prefix else ():
        named = named.replace(f"<{name}", f"<{prefix}{name}")
    named = named.replace("</atom:div", "</div").replace("</atom:b>", "</b>")
    assert only(named) == FeedEntry("A B", "https://a", "k", ("day", "later"), "Paper")


def test_atom_0_3() -> None:
    text = (
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>A</title><link href="https://a"/>'
        "<modified>later</modified><issued>day</issued></entry></feed>"
    )
    assert only(text) == FeedEntry("A", "https://a", "", ("day", "later"), "")


def test_foreign_elements_stand_for_nothing() -> None:
    entry = rss(
        "<media:title>no</media:title><m:link>no</m:link><title/><title>A</title>"
        "<enclosure><title>no</title></enclosure><dc:date>day</dc:date>",
        ' xmlns:m="urn:m"',
    )
    assert entry == FeedEntry("A", "", "", ("day",), "")


def test_a_permanent_id_is_a_link() -> None:
    assert rss("<guid>https://a</guid>").link == "https://a"
    assert rss("<guid isPermaLink='FALSE'>https://a</guid>").link == ""
    assert rss("<atom:link href='https://b'/><guid>https://a</guid>").link == "https://b"


@pytest.mark.parametrize(
    "broken",
    [
        "<title>A</title><link>https://a</link><description>one<br>two & three &nbsp; < four</description>",
        "<title>A</title><link>https://a</link><description><b>one</description>",
        "<title>A</title><link>https://a</link></b>",
        "<title>A</title><link>https://a</link><description><![foo[ x ]]></description>",
    ],
)
def test_what_is_not_quite_xml_loses_nothing(broken: str) -> None:
    found = feed_entries(RSS.format(items=f"<item>{broken}</item>" * 2, more=""), 10)
    assert found == (FeedEntry("A", "https://a", "", (), ""),) * 2


def test_no_feed() -> None:
    for text in ("", "rss", "<html><rss/></html>", "<!-- <rss> -->", '{"rss": 1}'):
        assert feed_entries(text, 10) is None
    assert feed_entries("<rss/>", 10) == ()


def test_no_more_than_asked_for() -> None:
    found = feed_entries(RSS.format(items="<item><title>A</title></item>" * 20, more=""), 3)
    assert found is not None
    assert len(found) == 3
