"""The list of feeds: defaults, and the text a user edits."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.errors import BadInput
from tray_app.core.web.web_address import is_web_address
from tray_app.datasets.news.feeds import (
    LONGEST_LINE,
    Feed,
    Language,
    default_feeds,
    format_feeds,
    listed_feeds,
    parse_feeds,
    search_feed,
    search_names,
)


def test_defaults_are_read_back_from_their_text() -> None:
    assert parse_feeds(format_feeds(default_feeds())) == default_feeds()
    assert parse_feeds(format_feeds(default_feeds()).replace("\n", "\r\n")) == default_feeds()


def test_a_list_of_none_stands_for_the_defaults() -> None:
    assert listed_feeds("") == default_feeds()
    assert [feed.name for feed in listed_feeds("Repo | en | UTC | search: repo\n")] == ["Repo"]


def test_the_default_searches() -> None:
    english, korean = (feed for feed in default_feeds() if feed.is_search)
    asked = parse_qs(urlsplit(english.url).query)
    assert asked["q"][0].startswith('"repo market" OR "repo rates" OR')
    assert asked["q"][0].endswith('"swap lines" when:1d')
    assert (asked["hl"], asked["gl"], asked["ceid"]) == (["en-US"], ["US"], ["US:en"])
    assert parse_qs(urlsplit(korean.url).query)["ceid"] == ["KR:ko"]
    assert search_names(default_feeds()) == {english.query, korean.query} == {"Funding stress", "유동성 경색"}
    assert "search: " in format_feeds((korean,))


def test_comments_and_blank_lines_are_passed_over() -> None:
    text = (
        "\n# mine\n  \n A feed | en | Asia/Tokyo | https://example.org/rss?a=1|2 \nRuns|ko|UTC|search: 뱅크런 OR x|y\n"
    )
    first, second = parse_feeds(text)
    assert first == Feed("A feed", "https://example.org/rss?a=1|2", Language.ENGLISH, "Asia/Tokyo")
    assert second == search_feed("Runs", "뱅크런 OR x|y", Language.KOREAN)
    assert parse_feeds("# nothing") == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("only a name", "four parts"),
        ("a | en | UTC", "four parts"),
        (" | en | UTC | https://x.org", "four parts"),
        ("a | fr | UTC | https://x.org", "fr is not a language"),
        ("a | en | Mars/Base | https://x.org", "Mars/Base is not a time zone"),
        ("a | en | ../../etc | https://x.org", "not a time zone"),
        ("a | en | KST9 | https://x.org", "not a time zone"),
        ("a | en | UTC | ftp://x.org", "not an address"),
        ("a | en | UTC | x.org/rss", "not an address"),
        ("a | en | UTC | https://", "not an address"),
        ("a | en | UTC | https://me:secret@x.org", "not an address"),
        ("a | en | UTC | https://x.org:port/", "not an address"),
        ("a | en | UTC | https://[x", "not an address"),
        ("a | en | UTC | https://x.org/a b", "not an address"),
        ("a | en | UTC | search:  ", "no words"),
        ("ok | en | UTC | https://y.org", "stands twice"),
        ("a | en | UTC | search: " + "x" * LONGEST_LINE, "longer than"),
    ],
)
def test_bad_lines_are_named(line: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as raised:
        parse_feeds(f"ok | en | UTC | https://x.org\n# comment\n{line}\n")
    assert "Line 3" in raised.value.message


def test_searches_of_another_form_stay_addresses() -> None:
    own = Feed("a", "https://news.google.com/rss/search?q=x&hl=fr", Language.ENGLISH)
    blank = search_feed("b", "", Language.ENGLISH)
    zoned = Feed("c", search_feed("c", "x", Language.ENGLISH).url, Language.ENGLISH, "Asia/Seoul")
    assert parse_feeds(format_feeds((own, blank, zoned))) == (own, blank, zoned)


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="|\n#", exclude_categories=("C", "Z")), min_size=1)


@given(st.lists(st.tuples(NAMES, st.sampled_from(Language), NAMES), unique_by=lambda each: each[0], max_size=5))
def test_any_searches_are_read_back(rows: list[tuple[str, Language, str]]) -> None:
    feeds = tuple(search_feed(name, words, language) for name, language, words in rows)
    assert parse_feeds(format_feeds(feeds)) == feeds


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        feeds = parse_feeds(text)
    except BadInput:
        return
    assert all(is_web_address(feed.url) for feed in feeds)
