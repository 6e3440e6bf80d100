"""The sample feeds and the sample Federal Reserve: real wire shapes, and a past that never changes."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from demo.kit import RECORDED_DAY, SHARED_HOSTS, ask
from hypothesis import given, settings
from hypothesis import strategies as st

from tray_app.datasets.news.sample.fed_calendar import Publication, is_meeting, releases
from tray_app.datasets.news.sample.fed_texts import quarters, rate
from tray_app.demo.misbehave import Mode
from tray_app.demo.series import date_of, day_of
from tray_app.demo.wire import Request

GOOGLE, FED, BOK, YNA = "news.google.com", "www.federalreserve.gov", "www.bok.or.kr", "www.yna.co.kr"
ENGLISH, KOREAN = "q=repo+when:1d&hl=en-US&gl=US&ceid=US:en", "q=레포 when:1d&hl=ko&gl=KR&ceid=KR:ko"
PRESS = "/feeds/press_all.xml"
FEEDS = (
    (GOOGLE, "/rss/search", ENGLISH),
    (GOOGLE, "/rss/search", KOREAN),
    (FED, PRESS, ""),
    (FED, "/feeds/press_monetary.xml", ""),
    (FED, "/feeds/speeches.xml", ""),
    (FED, "/feeds/testimony.xml", ""),
    (BOK, "/portal/bbs/P0000559/news.rss", "menuNo=200761"),
    (YNA, "/rss/economy.xml", ""),
)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def body(host: str, path: str, query: str = "", now: datetime = RECORDED_DAY) -> str:
    reply = ask(host, path, query, now)
    assert reply.status == 200
    return reply.body.decode("utf-8")


def items(host: str, path: str, query: str = "", now: datetime = RECORDED_DAY) -> list[dict[str, str]]:
    tree = ElementTree.fromstring(body(host, path, query, now).removeprefix("\ufeff"))  # noqa: S314 - our own
    return [{field.tag: field.text or "" for field in each} for each in tree.iter("item")]


@pytest.mark.parametrize(("host", "path", "query"), FEEDS)
def test_feeds_are_whole_and_their_keys_differ(host: str, path: str, query: str) -> None:
    found = items(host, path, query)
    assert found
    assert all(each["title"] and each["link"].startswith("https://") and each["pubDate"] for each in found)
    assert len({each["link"] for each in found}) == len(found)
    assert body(host, path, query) == body(host, path, query)


def test_the_searches_shape() -> None:
    found = items(GOOGLE, "/rss/search", ENGLISH)
    assert 5 <= len(found) <= 100
    assert all(each["title"].endswith(f" - {each['source']}") for each in found)
    assert all(re.fullmatch(r"CBMi[\w-]{100,}", each["guid"]) for each in found)
    assert all(each["pubDate"].endswith(" GMT") for each in found)
    dates = [each["pubDate"] for each in found]
    assert dates != sorted(dates) != sorted(dates, reverse=True)
    assert "유동성" in body(GOOGLE, "/rss/search", KOREAN)


def test_some_stories_are_told_by_two_outlets() -> None:
    found = items(GOOGLE, "/rss/search", KOREAN)
    told = Counter(each["title"].rpartition(" - ")[0] for each in found)
    assert max(told.values()) >= 2
    own = {each["title"] for each in items(YNA, "/rss/economy.xml")}
    assert own & set(told)


def test_a_week_holds_more_than_a_day() -> None:
    assert len(items(GOOGLE, "/rss/search", "q=repo&hl=en-US")) > len(items(GOOGLE, "/rss/search", ENGLISH))


def test_the_feds_shape() -> None:
    text = body(FED, PRESS)
    assert text.startswith("\ufeff<?xml")
    assert "\n" not in text.replace("\r\n", "")
    assert text.count("<item>") == 20
    assert "<category>Monetary Policy</category>" in text
    assert re.search(r"<pubDate><!\[CDATA\[\w{3}, \d{1,2} \w{3} 2026 \d\d:00:00 GMT\]\]></pubDate>", text)
    assert "&quot;Plumbing&quot;" in body(FED, "/feeds/speeches.xml")


def test_the_koreans_dates() -> None:
    assert all(each["pubDate"].endswith("+0900") for each in items(YNA, "/rss/economy.xml"))
    assert all(each["pubDate"].endswith(" 12:00:00 KST") for each in items(BOK, "/portal/bbs/P0000559/news.rss"))


@settings(max_examples=10)
@given(instants, st.integers(0, 20))
def test_what_was_published_never_changes_and_nothing_is_early(now: datetime, hours: int) -> None:
    early = {each["guid"]: each for each in items(GOOGLE, "/rss/search", "q=x&hl=ko", now)}
    late = {each["guid"]: each for each in items(GOOGLE, "/rss/search", "q=x&hl=ko", now + timedelta(hours=hours))}
    assert all(late[key] == each for key, each in early.items() if key in late)
    speeches = items(FED, "/feeds/speeches.xml", "", now)
    assert all(ask(FED, each["link"].removeprefix(f"https://{FED}"), "", now).status == 200 for each in speeches)


def test_pages_appear_at_their_hour() -> None:
    path = "/newsevents/pressreleases/monetary20260729a.htm"
    for hour, status in ((17, 404), (18, 200)):
        assert ask(FED, path, "", datetime(2026, 7, 29, hour, tzinfo=UTC)).status == status
    minutes = "/monetarypolicy/fomcminutes20260729.htm"
    for day, status in ((18, 404), (20, 200)):
        assert ask(FED, minutes, "", datetime(2026, 8, day, tzinfo=UTC)).status == status


@pytest.mark.parametrize(
    ("host", "path"),
    [
        (GOOGLE, "/rss"),
        (GOOGLE, "/rss/search"),
        (YNA, "/rss/sports.xml"),
        (BOK, "/portal/bbs/B0000338/news.rss"),
        (FED, "/feeds/h15.xml"),
        (FED, "/newsevents/speech/nobody20260811a.htm"),
        (FED, "/newsevents/speech/harlow20269999a.htm"),
        (FED, "/monetarypolicy/fomcminutes20260811.htm"),
    ],
)
def test_other_paths_are_unknown(host: str, path: str) -> None:
    assert ask(host, path).status == 404


def test_quiet_feeds_have_no_items() -> None:
    for host, path, query in FEEDS:
        request = Request("GET", host, path, (("q", query),), (), b"", RECORDED_DAY)
        for mode in (Mode.EMPTY_LIST, Mode.EMPTY_OBJECT):
            quiet = SHARED_HOSTS[host].refusal(mode, request)
            assert quiet is not None
            assert b"<item>" not in quiet.body
            assert b"<channel>" in quiet.body
        assert SHARED_HOSTS[host].refusal(Mode.TIMEOUT, request) is None


def test_the_committee_meets_eight_times_a_year() -> None:
    year = [day for day in range(day_of("2025-01-01"), day_of("2025-12-31")) if is_meeting(day)]
    assert len(year) == 8
    assert {date_of(day).weekday() for day in year} == {2}
    kinds = Counter(each.publication for each in releases(day_of("2025-01-01"), day_of("2025-12-31")))
    assert kinds[Publication.STATEMENT] == 8
    assert kinds[Publication.MINUTES] in {8, 9}
    assert kinds[Publication.TESTIMONY] == 2
    assert kinds[Publication.SPEECH] > 40


def test_rates_are_written_as_the_committee_does() -> None:
    assert [quarters(each) for each in (0.0, 0.25, 1.0, 3.5, 4.75)] == ["0", "1/4", "1", "3-1/2", "4-3/4"]
    assert all(0.5 <= rate(day) <= 5.5 for day in range(day_of("2010-01-01"), day_of("2030-01-01"), 9))
