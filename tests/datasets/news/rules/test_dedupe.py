"""One story from several outlets is one article: however often, in whatever order, and for ever."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.news.rules.kit import NOW, article, headline
from tray_app.datasets.news.rules.dedupe import Merged, article_key, known_since, merge, normalised
from tray_app.datasets.news.rules.model import Article, Headline
from tray_app.datasets.news.rules.story import read_title, same_story

WORDS = (
    "repo",
    "rates",
    "jump",
    "ease",
    "fed",
    "bank",
    "단기자금",
    "경색",
    "3.1",
    "4.2",
    "quarter",
    "end",
    "swap",
    "lines",
)
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join)
headlines = st.lists(
    st.builds(
        lambda title, number, hours: headline(title, key=f"item {number}", published=NOW - timedelta(hours=hours)),
        titles,
        st.integers(0, 30),
        st.integers(0, 200),
    ),
    max_size=25,
    unique_by=lambda each: each.key,
)


class Shelf:
    """Two tables as the store keeps them."""

    def __init__(self) -> None:
        self.articles: dict[str, Article] = {}
        self.copies: dict[str, str] = {}

    def take(self, *incoming: Headline, days_later: float = 0) -> Merged:
        now = NOW + timedelta(days=days_later)
        merged = merge(tuple(self.articles.values()), self.copies, incoming, now)
        self.articles.update({each.key: each for each in merged.articles})
        assert not self.copies.keys() & {each.item_key for each in merged.copies}
        self.copies.update({each.item_key: each.article_key for each in merged.copies})
        return merged

    def check(self) -> None:
        counted = Counter(self.copies.values())
        assert counted == Counter({key: each.copies for key, each in self.articles.items()})


def test_the_same_story_from_two_outlets_is_one_article_with_two_copies() -> None:
    first = headline('Repo rates "jump" at quarter-end', key="a", published=NOW - timedelta(hours=2))
    second = headline("Repo rates ‘jump’ at Quarter End", key="b", outlet="Harbour Ledger")
    for order in ((first, second), (second, first)):
        shelf = Shelf()
        merged = shelf.take(*order)
        (found,) = merged.articles
        assert (found.title, found.outlet, found.copies) == (first.title, first.outlet, 2)
        assert found.key == article_key(first.title, NOW - timedelta(hours=2))
        shelf.check()


def test_one_after_the_other_in_either_order_is_one_article_too() -> None:
    first, second = headline("Swap lines reopen", key="a"), headline("Swap lines reopen!", key="b")
    for order in ((first, second), (second, first)):
        shelf = Shelf()
        for each in order:
            shelf.take(each)
        assert [each.copies for each in shelf.articles.values()] == [2]


def test_an_item_seen_again_is_no_copy_even_with_another_title() -> None:
    shelf = Shelf()
    shelf.take(headline("Repo rates jump", key="a"))
    assert shelf.take(headline("Repo rates jump", key="a"), days_later=1) == Merged((), ())
    assert shelf.take(headline("Repo rates calm down", key="a"), days_later=40) == Merged((), ())


def test_a_title_that_comes_back_after_weeks_is_another_story() -> None:
    shelf = Shelf()
    shelf.take(headline("Federal Reserve issues FOMC statement", key="june", published=NOW - timedelta(days=42)))
    shelf.take(headline("Federal Reserve issues FOMC statement", key="july"))
    assert [each.copies for each in shelf.articles.values()] == [1, 1]


def test_the_story_lasts_72_hours() -> None:
    for hours, articles in ((72, 1), (73, 2)):
        shelf = Shelf()
        shelf.take(headline("Bank run", key="a", published=NOW - timedelta(hours=hours)))
        shelf.take(headline("Bank run", key="b"))
        assert len(shelf.articles) == articles


def test_a_date_ahead_of_the_clock_is_brought_back() -> None:
    shelf = Shelf()
    (found,) = shelf.take(headline(published=NOW + timedelta(days=9))).articles
    assert found.published == found.first_seen == NOW


@pytest.mark.parametrize("published", [None, NOW + timedelta(days=900), NOW.replace(year=1886)])
def test_a_date_that_is_none_or_cannot_be_is_that_of_the_first_sight(published: datetime | None) -> None:
    shelf = Shelf()
    (found,) = shelf.take(headline(published=published)).articles
    assert found.published == found.first_seen == NOW
    assert found.is_time_first_seen
    assert shelf.take(headline(published=published), days_later=1) == Merged((), ())
    (dated,) = shelf.take(headline("Swap lines", published=NOW - timedelta(hours=1))).articles
    assert not dated.is_time_first_seen


def test_since_when_articles_are_needed() -> None:
    old, ahead = headline(published=NOW - timedelta(days=2)), headline(published=NOW + timedelta(days=9))
    assert known_since([old, ahead], NOW) == NOW - timedelta(days=5)
    assert known_since([ahead], NOW) == known_since([], NOW) == NOW - timedelta(days=3)


def test_similar_titles_are_found() -> None:
    shelf = Shelf()
    words = "Fed officials see repo rates above the upper end of the range for several more weeks"
    shelf.take(headline(words, key="a"))
    shelf.take(headline(f"{words}, sources say", key="b"), headline(f"Exclusive: {words}", key="c"))
    assert [each.copies for each in shelf.articles.values()] == [3]


def test_titles_without_words_are_compared_as_they_are() -> None:
    shelf = Shelf()
    shelf.take(headline("???", key="a"), headline("!!!", key="b"), headline("???", key="c"))
    assert sorted(each.copies for each in shelf.articles.values()) == [1, 2]


def test_normalised() -> None:
    assert normalised("  ＦＥＤ’s  “Repo”—Rates: ½ up! ") == "fed s repo rates 1 2 up"
    assert normalised("자금경색, PF 유동성…") == "자금경색 pf 유동성"
    assert normalised("№ ") == "no"


@given(headlines, st.randoms())
def test_order_makes_no_difference(incoming: list[Headline], luck: object) -> None:
    shuffled = sorted(incoming, key=lambda each: hash((each.key, id(luck))))
    assert merge((), {}, incoming, NOW) == merge((), {}, shuffled, NOW)


@given(headlines, st.integers(0, 25))
def test_every_item_counts_once_however_it_arrives(incoming: list[Headline], cut: int) -> None:
    shelf = Shelf()
    shelf.take(*incoming[:cut])
    shelf.take(*incoming)
    shelf.check()
    assert shelf.copies.keys() == {each.key for each in incoming}
    before = dict(shelf.articles)
    assert shelf.take(*reversed(incoming)) == Merged((), ())
    assert shelf.articles == before


@given(st.frozensets(st.integers(0, 12).map(lambda n: f"word{chr(97 + n)}"), min_size=1), st.data())
def test_the_index_finds_whatever_comparing_all_would(words: frozenset[str], data: st.DataObject) -> None:
    other = data.draw(st.frozensets(st.integers(0, 12).map(lambda n: f"word{chr(97 + n)}"), min_size=1))
    known, told = article(" ".join(sorted(words))), " ".join(sorted(other))
    similar = words == other or same_story(read_title(known.title), read_title(told))
    merged = merge((known,), {}, (headline(told),), NOW)
    assert (merged.articles[0].key == known.key) == similar


@given(st.text(max_size=60))
def test_any_title_has_a_stable_normal_form(title: str) -> None:
    assert normalised(normalised(title)) == normalised(title)
    assert len(article_key(title, NOW)) == 40
