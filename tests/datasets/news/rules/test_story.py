"""The same story or another: measured on a list of labelled pairs of both languages, written for this test.

The rule before this one (at least 0.85 of all words the same, no number that differs) reached on the first 361 pairs a
precision of 0.885 and a recall of 0.136: it took eases and rises for one story, short Korean variants for two. Of the
80 pairs held out, which were written after it, this one first told all 40 other ones and 36 of the 40 same ones; four
Korean ones taught it short forms, counters and two words.

The pairs of the part "review" are four lists written one after another by somebody else, each told before the rule had
learned from it. Precision and recall at first sight: English .93/.70, .92/.60, .91/.67, 1.00/.80 (free paraphrases in
words no list held), Korean 1.00/.90, 1.00/.90, 1.00/.93, 1.00/1.00. Of those 617 pairs it now tells 1.000 and 0.987.

The 198 pairs of the part "second review", free paraphrases throughout, were written before the rule learned from them.
At first sight it told English .955/.42 and Korean .967/.58 of them; counts of months and people, some spellings, words
of one meaning and what a compound is said of brought English to 1.00/.68 and Korean to 1.00/.98. What English it still
misses says the same in another order with other words; fewer common words would let names pass for each other.

The 100 pairs of the part "third review", half of them the same story, were written before their writer saw the rule. At
first sight it told English 1.00/.20 and Korean 1.00/.40 of them, and with some words of one meaning 1.00/.29, 1.00/.60.
The 24 of the part "reordered" are other stories in nearly the same words. Tried: seven common words of ten are enough
where a side is in common and no name is in place of another. It told .40 of the third review's English same ones and
.76 of the second's, and 14 of the 24 other ones.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.datasets.news.rules.story import read_title, same_story

WANTED = 0.95
# Recall of free paraphrases, by list and language; none of another story may be told for the same on their account.
WANTED_OF_PARAPHRASES = {
    ("second review", "en"): 0.65,
    ("second review", "ko"): 0.95,
    ("third review", "en"): 0.28,
    ("third review", "ko"): 0.6,
}


@dataclass(frozen=True)
class Pair:
    """Two titles of about the same time, and whether they tell the same story; the rule was not tuned on held_out."""

    language: str
    part: str
    is_same: bool
    one: str
    other: str


def labelled() -> tuple[Pair, ...]:
    with Path(__file__).with_name("same_story.tsv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Pair(row["language"], row["part"], row["label"] == "same", row["one"], row["other"])
            for row in csv.DictReader(file, delimiter="\t")
        )


PAIRS = labelled()


def told_same(one: str, other: str) -> bool:
    return same_story(read_title(one), read_title(other))


def precision_and_recall(pairs: list[Pair]) -> tuple[float, float]:
    found = [pair.is_same for pair in pairs if told_same(pair.one, pair.other)]
    return sum(found) / len(found), sum(found) / sum(pair.is_same for pair in pairs)


def test_the_list_is_large_and_even() -> None:
    for language in ("en", "ko"):
        of_it = [pair for pair in PAIRS if pair.language == language]
        assert len(of_it) >= 150
        assert 0.4 < sum(pair.is_same for pair in of_it) / len(of_it) < 0.6
    assert len({(pair.one, pair.other) for pair in PAIRS}) == len(PAIRS)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("parts", [{"tuned", "review"}, {"held out"}], ids=["tuned", "held out"])
def test_precision_and_recall(language: str, parts: set[str]) -> None:
    pairs = [pair for pair in PAIRS if pair.language == language and pair.part in parts]
    precision, recall = precision_and_recall(pairs)
    assert min(precision, recall) >= WANTED, f"precision {precision:.3f}, recall {recall:.3f} of {len(pairs)} pairs"


@pytest.mark.parametrize(("part", "wanted"), WANTED_OF_PARAPHRASES.items())
def test_free_paraphrases(part: tuple[str, str], wanted: float) -> None:
    pairs = [pair for pair in PAIRS if (pair.part, pair.language) == part]
    precision, recall = precision_and_recall(pairs)
    assert precision >= WANTED
    assert recall >= wanted


def test_other_stories_in_the_same_words_are_others() -> None:
    told = [(pair.one, pair.other) for pair in PAIRS if pair.part == "reordered" and told_same(pair.one, pair.other)]
    assert told == [
        ("Banks raise deposit rates as savers leave", "Savers leave as brokers raise deposit rates at banks")
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Repo market stress eases", "Repo market stress rises"),
        ("Fed raises rates", "Fed cuts rates"),
        ("유동성 위기 없다", "유동성 위기 있다"),
        ("Stocks rise as yields fall", "Stocks fall as yields rise"),
        ("Fed cuts rates", "Fed may cut rates"),
        ("한은 기준금리 인하", "한은 기준금리 인하 시사"),
        ("Deal likely", "Deal unlikely"),
        ("저축은행 3곳 영업정지", "저축은행 3곳 영업 재개"),
        ("Court upholds margin rule for big lenders", "Court strikes down margin rule for big lenders"),
        (
            "Harbour Bank hires former governor as adviser to board",
            "Harbour Bank fires former governor as adviser to board",
        ),
        ("Dollar rises against euro", "Euro rises against dollar"),
        ("Yen weakens versus the won", "Won weakens against the yen"),
        ("Bond yields rise above stock yields", "Stock yields rise above bond yields"),
        ("Harbour Bank buys Northgate Bank", "Northgate Bank buys Harbour Bank"),
        ("달러, 유로 대비 상승", "유로, 달러 대비 상승"),
        ("국민은행, 신한은행 제치고 1위", "신한은행, 국민은행 제치고 1위"),
    ],
)
def test_opposites_are_never_one_story(one: str, other: str) -> None:
    assert not told_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Won falls to lowest against dollar", "Won falls to lowest versus US dollar"),
        ("Harbour Bank buys Northgate Bank", "Harbour Bank buys Northgate"),
        ("Northgate Bank sued by Harbour Bank", "Northgate Bank sued by Harbour Bank, again"),
        ("원화, 달러 대비 약세", "원화 가치, 달러 대비 약세"),
    ],
)
def test_things_told_against_the_same_are_one_story(one: str, other: str) -> None:
    assert told_same(one, other)


@pytest.mark.parametrize(
    "mark", ["[속보] {}", "{}(종합2보)", "【단독】{}", "BREAKING: {}", "UPDATE 3-{}", "{}, sources say"]
)
def test_marks_of_the_trade_are_no_words(mark: str) -> None:
    for title in ("한은, 기준금리 동결", "Harbour Bank halts withdrawals"):
        assert told_same(title, mark.format(title))


titles = st.lists(st.sampled_from([word for pair in PAIRS for word in pair.one.split()]), max_size=12).map(" ".join)


@given(titles, titles)
def test_which_comes_first_makes_no_difference(one: str, other: str) -> None:
    assert told_same(one, other) == told_same(other, one)


@given(titles)
def test_a_title_tells_its_own_story(title: str) -> None:
    assert told_same(title, title) == bool(read_title(title).words)


@given(st.text(max_size=80))
def test_any_text_is_a_title(text: str) -> None:
    assert told_same(text, text) == bool(read_title(text).words)
