"""The news score: distinct headlines of the searches against the days before."""

import math
from datetime import timedelta

import pytest

from datasets.news.rules.kit import NOW, article
from tray_app.datasets.news.rules.model import Article
from tray_app.datasets.news.rules.score import FEWEST_DAYS, NewsScore, news_score, scored_since

SEARCHES = frozenset({"Funding stress"})


def day(back: int, count: int, title: str = "Repo rates move", query: str = "Funding stress") -> list[Article]:
    """Articles of the 24 hours that end so many days before now."""
    moments = [NOW - timedelta(days=back, minutes=1 + n) for n in range(count)]
    return [article(title, query=query, published=moment, first_seen=moment) for moment in moments]


def history(*counts: int) -> list[Article]:
    return [each for back, count in enumerate(counts, 1) for each in day(back, count)]


def judged(*articles: Article) -> NewsScore:
    return news_score(articles, SEARCHES, NOW)


def test_a_usual_day_is_zero_and_a_loud_one_far_above() -> None:
    usual = history(*[4, 5, 6] * 12)
    assert judged(*usual, *day(0, 5)).z == pytest.approx(0)
    loud = judged(*usual, *day(0, 40))
    assert loud.count == 40
    assert loud.z is not None
    assert loud.z > 5
    assert (loud.days, loud.usual) == (36, 5)


def test_a_short_history_is_insufficient() -> None:
    short = judged(*history(*[5] * (FEWEST_DAYS - 1)), *day(0, 9))
    assert (short.count, short.days, short.usual, short.z, short.score) == (9, 29, None, None, None)
    assert short.z is None
    assert judged(*history(*[5] * FEWEST_DAYS), *day(0, 9)).z is not None


def test_nothing_at_all() -> None:
    assert judged() == NewsScore(0, 0, 0, None, None, None)


def test_words_of_trouble_and_of_easing() -> None:
    usual = history(*[3] * 40)
    severe = judged(*usual, *day(0, 2, "Liquidity crunch deepens"), *day(0, 1, "Repo rates move"))
    eased = judged(*usual, *day(0, 3, "Funding stress eases"))
    both = judged(*usual, *day(0, 3, "자금경색 우려 완화"))
    korean = judged(*usual, *day(0, 3, "채권 발행 중단"))
    assert [each.severity for each in (severe, eased, both, korean)] == [2, -3, 0, 3]
    assert severe.z == pytest.approx(0)
    assert severe.score == pytest.approx(2 / 3)
    assert eased.score == pytest.approx(-1)


@pytest.mark.parametrize(
    ("title", "severity"), [("Bank run feared", 1), ("Runs a marathon", 0), ("Haltered horse", 0), ("Easel sold", 0)]
)
def test_words_are_whole(title: str, severity: int) -> None:
    assert judged(article(title, published=NOW - timedelta(hours=1))).severity == severity


def test_other_feeds_count_only_as_proof_that_the_day_was_watched() -> None:
    usual = history(*[3] * 30)
    watched = [each for back in range(31, 61) for each in day(back, 1, query="연합뉴스")]
    found = judged(*usual, *watched, *day(0, 7, query="연합뉴스"))
    assert (found.count, found.days) == (0, 60)
    assert judged(*usual, *day(0, 1)).days == 30


def test_what_the_first_answer_of_a_feed_reaches_back_over_is_no_history() -> None:
    first = [article(f"rule {back}", published=NOW - timedelta(days=back)) for back in range(1, 60)]
    assert judged(*first, *day(0, 9)) == NewsScore(9, 0, 0, None, None, None)
    watched = judged(*history(*[5] * FEWEST_DAYS), *first, *day(0, 9))
    assert (watched.days, watched.usual) == (FEWEST_DAYS, 6)


def test_nothing_before_its_beginning_counts() -> None:
    assert judged(*history(*[5] * 91)) == judged(
        *(each for each in history(*[5] * 120) if each.published >= scored_since(NOW))
    )


def test_the_edges_of_the_window() -> None:
    this_instant, a_day_ago = article(published=NOW), article("x", published=NOW - timedelta(hours=24))
    ahead = article("y", published=NOW + timedelta(seconds=1))
    assert judged(this_instant, a_day_ago, ahead).count == 1
    assert judged(*history(*[1] * 100)).days == 90


def test_counts_that_never_vary_do_not_explode() -> None:
    found = judged(*history(*[5] * 60), *day(0, 6))
    assert found.z == pytest.approx((math.log1p(6) - math.log1p(5)) / 0.25)
