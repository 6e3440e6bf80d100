"""Feeds over real HTTP: recorded bodies, traps of dates and titles, and what is no feed at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from net.replies import CUT, json_body, page, told
from repository import RECORDED
from support import client

from datasets.news.source.feed_kit import DATE, HOST, SEOUL, feed_body, item, only, read
from tray_app.core.errors import RateLimited, SourceChangedShape, SourceDown
from tray_app.core.web.web_address import is_web_address
from tray_app.datasets.news.feeds import Feed, Language, default_feeds, search_feed
from tray_app.datasets.news.rules.model import Headline
from tray_app.datasets.news.source.feed_items import LONGEST_TITLE, plain
from tray_app.datasets.news.source.feeds import MOST_BYTES, MOST_ITEMS, Feeds, read_feed
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.demo.wire import TYPE_HTML, Reply

RSS = RECORDED / "liquidity" / "rss"
needs_recordings = pytest.mark.skipif(not RSS.is_dir(), reason=f"no recorded feeds on this machine (looked in {RSS})")
WASHINGTON = Feed("Fed", f"https://{HOST}/fed.xml", Language.ENGLISH, "America/New_York")
SEARCH = search_feed("Stress", '"repo market" OR x|y', Language.ENGLISH)


def hour_of(found: Headline) -> int | None:
    return found.published.hour if found.published else None


@contextmanager
def asked(reply: Reply) -> Iterator[Feeds]:
    with told(reply, hosts=(HOST,)) as (url, _seen), client(url) as http:
        yield Feeds(http)


# --- recorded -----------------------------------------------------------------------------------------------------


@needs_recordings
def test_the_recorded_press_releases() -> None:
    feed = Feed("Federal Reserve", f"https://{HOST}/press_all.xml", Language.ENGLISH, "America/New_York")
    with asked(Reply(200, (RSS / "fed_press_all_2026-09-15.xml").read_bytes(), "text/xml")) as feeds:
        found = feeds.headlines(feed).rows
    assert len(found) == 20
    assert found[0].published == datetime(2026, 9, 11, 14, tzinfo=UTC)
    assert found[2].published == datetime(2026, 9, 4, 15, tzinfo=UTC)
    assert found[17].title == "Federal Reserve issues FOMC statement"
    assert found[17].published == datetime(2026, 7, 29, 18, tzinfo=UTC)
    titles = "\n".join(each.title for each in found)
    assert 'bank "insiders"—bank executives' in titles
    assert "a bank's lending decisions" in titles
    assert "&" not in titles
    assert all(each.key == each.link and each.outlet == "Federal Reserve" for each in found)


@needs_recordings
def test_the_recorded_search() -> None:
    body = (RSS / "google_news_brent_2026-08-05_trimmed6.xml").read_bytes()
    found = read(SEARCH, body)
    assert [(each.published, each.outlet) for each in found[-2:]] == [
        (datetime(2026, 7, 27, 7, tzinfo=UTC), "BBC"),
        (datetime(2026, 7, 23, 7, tzinfo=UTC), "NBC News"),
    ]
    assert found[-2].title == "Oil price dives as US and Iran pause attacks"
    assert found[0].title == "Middle East War Triggers New Global Refining Boom"
    assert found[0].outlet == "Crude Oil Prices Today | OilPrice.com"
    assert all(each.key.startswith("CBMi") and each.link.startswith("https://news.google.com/") for each in found)
    assert {each.query for each in found} == {"Stress"}


# --- dates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "hour"),
    [
        ("Sat, 22 Aug 2026 09:00:00 GMT", 9),
        ("Sat, 22 Aug 2026 09:00:00 +0900", 0),
        ("Sat, 22 Aug 2026 09:00:00 KST", 0),
        ("Sat, 22 Aug 2026 09:00:00", 0),
        ("2026-08-22 09:00:00", 0),
        ("2026-08-22T09:00:00", 0),
        ("2026-08-22T09:00:00Z", 9),
        ("2026-08-22T09:00:00+09:00", 0),
        ("2026-08-22T09:00:00-03:00", 12),
        ("Sat, 22 Aug 2026 09:00:00 EDT", 13),
        ("Sat, 22 Aug 2026 09:00:00 +0000 (UTC)", 9),
        ("Sat, 22 Aug 2026 09:00:00 JST", 0),
        ("22 Aug 2026 09:00 GMT", 9),
        ("Aug 22, 2026 09:00:00 GMT", 9),
        ("2026.08.22 09:00", 0),
        ("2026. 8. 22. 9:00", 0),
        ("2026-08-22 09:00:00.0", 0),
        ("2026-08-22 09:00:00 KST", 0),
    ],
)
def test_dates_of_a_korean_feed(date: str, hour: int) -> None:
    assert only(feed_body(item(date=date))).published == datetime(2026, 8, 22, hour, tzinfo=UTC)


def test_a_date_alone_is_midnight_of_the_feeds_zone() -> None:
    assert only(feed_body(item(date="2026-08-22"))).published == datetime(2026, 8, 21, 15, tzinfo=UTC)


def test_a_zone_with_summer_time() -> None:
    for date, hour in (("2026-08-22 09:00:00", 13), ("2026-01-22 09:00:00", 14)):
        assert hour_of(only(feed_body(item(date=date)), WASHINGTON)) == hour
    assert hour_of(only(feed_body(item(date="Sat, 22 Aug 2026 09:00:00 KST")), WASHINGTON)) == 0
    utc = Feed("u", SEOUL.url, Language.ENGLISH)
    assert hour_of(only(feed_body(item(date="2026-08-22 09:00:00")), utc)) == 9


def test_an_atom_feed_with_its_day_of_change() -> None:
    entry = f'<entry><title>A</title><id>tag:{HOST},2026:1</id><link href="https://{HOST}/a"/><updated>{{}}</updated></entry>'
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>' + entry.format("2026-08-22T09:00:00Z") + "</feed>"
    )
    found = only(body.encode("utf-8"))
    assert (found.key, hour_of(found)) == (f"tag:{HOST},2026:1", 9)


# --- titles, outlets, links, keys ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "title"),
    [
        ("<![CDATA[&quot;Thin air&quot; &amp; repo &#39;stress&#39;]]>", "\"Thin air\" & repo 'stress'"),
        ("Repo &amp;amp; swap", "Repo & swap"),
        ("<![CDATA[<b>Repo</b>   rates<br/>]]>", "Repo rates"),
        ("유동성&#x0A;경색&#8203;", "유동성 경색"),
        ("Spreads &lt; 5 bp", "Spreads < 5 bp"),
        ('&lt;&lt;b>img src="file://host/share/x.png">Repo', "Repo"),
        ("&lt;" * 9 + "b>" * 9 + "Repo", "bbbbbRepo"),
        ("&lt;&#8203;img src=x>Repo &#x202E;rates&#x2066;", "Repo rates"),
    ],
)
def test_titles_are_plain(sent: str, title: str) -> None:
    assert only(feed_body(item(sent))).title == title


def test_long_titles_are_cut() -> None:
    assert len(only(feed_body(item("word " * 1000))).title) <= LONGEST_TITLE


@pytest.mark.parametrize(
    ("title", "source", "expected"),
    [
        ("Repo - A - B News", "B News", ("Repo - A", "B News")),
        ("Repo jumps", "B News", ("Repo jumps", "B News")),
        ("Repo - A - B News", "", ("Repo - A", "B News")),
        ("Repo jumps", "", ("Repo jumps", "Stress")),
    ],
)
def test_the_outlet_of_a_search(title: str, source: str, expected: tuple[str, str]) -> None:
    more = f'<source url="https://b.example">{source}</source>' if source else ""
    found = only(feed_body(item(title, more=more)), SEARCH)
    assert (found.title, found.outlet) == expected


def test_other_feeds_keep_their_dashes() -> None:
    assert only(feed_body(item("Repo - again"))).title == "Repo - again"


@pytest.mark.parametrize(
    "bad",
    [
        item(title=""),
        item(link="javascript:alert(1)"),
        item(link="ftp://x.example/1"),
        item(link="/relative"),
        item(link="https://" + "x" * 5000 + ".example"),
    ],
)
def test_items_that_cannot_be_used_are_left_out(bad: str) -> None:
    assert only(feed_body(bad, item("Good"))).title == "Good"
    [fault] = read_feed(SEOUL, feed_body(bad, item("Good"))).faults
    assert (fault.subject, fault.reason) == (SEOUL.name, "an item without a title or a link that can be used")
    good = [item(f"Good {number}", link=f"https://news.example/{number}") for number in range(20)]
    with pytest.raises(SourceChangedShape, match="an item without a title"):
        read(SEOUL, feed_body(*[bad] * 4, *good))
    with pytest.raises(SourceChangedShape, match="no item has"):
        read(SEOUL, feed_body(bad))


@pytest.mark.parametrize(
    "date", ["", "soon", "Sat, 32 Aug 2026 09:00:00 GMT", "Foo 12, 2026 at nine", "2026-13-45", f"{DATE} KST"]
)
def test_an_unreadable_date_loses_its_items_time_only(date: str) -> None:
    first, second = read(SEOUL, feed_body(item(date=date), item(link=f"https://{HOST}/2")))
    assert first.published is None
    assert second.published == datetime(2026, 8, 22, 9, tzinfo=UTC)


def test_a_date_that_can_be_read_stands_in_for_one_that_cannot() -> None:
    more = "<dc:date>soon</dc:date><atom:updated>2026-08-22T09:00:00Z</atom:updated>"
    assert only(feed_body(item(date="soon", more=more))).published == datetime(2026, 8, 22, 9, tzinfo=UTC)


def test_keys() -> None:
    guid = f'<guid isPermaLink="false">{"k" * 40}</guid>'
    assert only(feed_body(item(more=guid))).key == "k" * 40
    assert only(feed_body(item(more="<guid>17</guid>"))).key == f"{HOST}/17"
    assert only(feed_body(item())).key == f"https://{HOST}/1"
    assert only(feed_body(item(more=f"<guid>{'k' * 9000}</guid>"))).key == f"https://{HOST}/1"


def test_an_item_that_stands_twice_counts_once() -> None:
    assert len(read(SEOUL, feed_body(item(), item()))) == 1


# --- bodies that are no feed -----------------------------------------------------------------------------------------


def test_a_quiet_feed_is_no_failure() -> None:
    assert read(SEOUL, feed_body()) == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><head><title>Before you continue</title></head><body><p>Consent</p></body></html>",
        b"<!DOCTYPE html><html><script>x</script></html>",
        b'{"error": "blocked"}',
        b"Edge: Too Many Requests",
        b"\x00\xff\xfe\x80",
    ],
)
def test_what_is_no_feed_is_said_so(body: bytes) -> None:
    with asked(Reply(200, body, TYPE_HTML)) as feeds, pytest.raises(SourceChangedShape, match="not a feed"):
        feeds.headlines(SEOUL)


def test_a_body_is_never_taken_for_an_address_or_a_file_name(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_bytes(feed_body(item("Secret")))
    with pytest.raises(SourceChangedShape):
        read(SEOUL, str(secret).encode("utf-8"))


def test_entities_that_multiply_or_read_files_stay_unread(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP SECRET", encoding="utf-8")
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">\n' for n in range(1, 10))
    kind = f'<!DOCTYPE rss [\n<!ENTITY l0 "lol">\n{lol}<!ENTITY f SYSTEM "{secret.as_uri()}">\n]>\n'
    body = f'<?xml version="1.0"?>\n{kind}<rss version="2.0"><channel>{item("Repo &l9; &f;")}</channel></rss>'
    try:
        titles = [each.title for each in read(SEOUL, body.encode("utf-8"))]
    except SourceChangedShape:
        return
    assert all("SECRET" not in title and title.count("lol") < 10 for title in titles)


def test_thousands_of_entities_are_refused_unread() -> None:
    kinds = '<!ENTITY a "b">\n' * 2000
    with pytest.raises(SourceChangedShape, match="not a feed"):
        read(SEOUL, f'<?xml version="1.0"?><!DOCTYPE rss [{kinds}]><rss version="2.0"/>'.encode())


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        ("<a>" * 300_000, "deep"),
        ("<a></a>" * 200_000, "tags"),
        ("<!-- " + "a" * 100_000, "never ends"),
    ],
)
def test_bodies_made_to_hurt_are_refused_at_once(inner: str, said: str) -> None:
    began = process_time()
    with pytest.raises(SourceChangedShape, match=f"not a feed: .*{said}"):
        read(SEOUL, feed_body(inner))
    assert process_time() - began < 5


def test_long_feeds_are_cut() -> None:
    items = (item(link=f"https://{HOST}/{number}") for number in range(MOST_ITEMS + 50))
    assert len(read(SEOUL, feed_body(*items))) == MOST_ITEMS


def test_big_bodies_are_refused() -> None:
    with asked(Reply(200, b" " * (MOST_BYTES + 1))) as feeds, pytest.raises(SourceChangedShape):
        feeds.headlines(SEOUL)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (page(503), SourceDown),
        (page(404), SourceChangedShape),
        (page(302), SourceChangedShape),
        (json_body("slow down", 429), RateLimited),
        (CUT, SourceDown),
    ],
)
def test_refusals(reply: Reply, error: type[Exception]) -> None:
    with asked(reply) as feeds, pytest.raises(error):
        feeds.headlines(SEOUL)


def test_the_query_goes_out_as_it_stands_in_the_address() -> None:
    with told(Reply(200, feed_body()), hosts=(HOST, "news.google.com")) as (url, seen), client(url) as http:
        Feeds(http).headlines(SEOUL)
        Feeds(http).headlines(SEARCH)
    first, second = seen.seen
    assert (first.path, first.query) == ("/rss.xml", (("menu", "7"),))
    assert "application/rss+xml" in first.header("Accept")
    assert second.query[0] == ("q", '"repo market" OR x|y when:1d')
    assert second.query[1:] == (("hl", "en-US"), ("gl", "US"), ("ceid", "US:en"))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_feed_or_refused(body: bytes) -> None:
    try:
        read(SEOUL, body)
    except SourceChangedShape:
        return


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="<>&", categories=("L", "N", "P", "S", "Zs", "Cf")), max_size=60
)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_whatever_comes_through_is_usable(title: str, link: str, date: str, guid: str) -> None:
    body = feed_body(item(title, link, date, f"<guid>{guid}</guid>"), item())
    for found in read(SEOUL, body):
        assert 0 < len(found.title) <= LONGEST_TITLE
        assert found.title == plain(found.title) or "&" in title
        assert is_web_address(found.link)
        assert found.key.isprintable()
        assert found.published is None or found.published.utcoffset() == timedelta(0)


# --- the sample server ------------------------------------------------------------------------------------------------


def test_every_default_feed_is_played(server: SampleServer) -> None:
    with client(server.url) as http:
        found = {feed.name: Feeds(http).headlines(feed).rows for feed in default_feeds()}
    assert all(found.values())


def test_quiet_and_broken_samples(server: SampleServer) -> None:
    with client(server.url) as http:
        for feed in default_feeds():
            host = feed.url.split("/")[2]
            server.misbehave.set(host, Mode.EMPTY_LIST)
            assert Feeds(http).headlines(feed).rows == ()
            server.misbehave.set(host, Mode.HTML_200)
            with pytest.raises(SourceChangedShape):
                Feeds(http).headlines(feed)
            server.misbehave.set(host, Mode.RATE_LIMITED)
            with pytest.raises(RateLimited):
                Feeds(http).headlines(feed)
