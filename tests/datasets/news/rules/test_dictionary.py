"""The dictionary's file: what is read, and how faults are named."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.news.rules.kit import dictionary_text, shipped
from tray_app.core.errors import BadInput
from tray_app.datasets.news.rules.dictionary import load_dictionary
from tray_app.datasets.news.rules.model import HitKind
from tray_app.datasets.news.rules.words import Found, Patterns, parse_pattern, words_of


def test_the_shipped_file() -> None:
    found = shipped()
    assert (found.window, found.negation_window) == (6, 3)
    assert {topic.name: topic.rising for topic in found.topics}["slack"] is HitKind.DOVISH
    assert load_dictionary("\ufeff" + dictionary_text()).window == 6


def test_no_word_of_the_shipped_file_tells_two_things() -> None:
    found = shipped()
    for one, other in ((found.rising, found.falling), (found.hawkish, found.dovish), (found.stress, found.calm)):
        assert not set(one.texts) & set(other.texts)
    words = [text for topic in found.topics for text in topic.words.texts]
    assert len(words) == len(set(words))


def drop(*path: str) -> Callable[[Any], None]:
    return lambda whole: walk(whole, path[:-1]).pop(path[-1]) and None


def put(value: Any, *path: str) -> Callable[[Any], None]:
    return lambda whole: walk(whole, path[:-1]).__setitem__(path[-1], value)


def walk(whole: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        whole = whole[step]
    return whole


def test_a_copy_made_before_topics_had_wishes_is_still_read() -> None:
    whole = json.loads(dictionary_text())
    drop("policy", "topics", "prices", "wishes")(whole)
    assert [topic.wishes.texts for topic in load_dictionary(json.dumps(whole)).topics] == [()] * len(
        whole["policy"]["topics"]
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (drop("negations"), "the file lacks negations"),
        (put("must", "policy", "topics", "prices", "wishes"), "policy.topics.prices.wishes must be a list of texts"),
        (drop("policy", "falling"), "policy lacks falling"),
        (put(1, "extra"), "the file holds extra, which is not known"),
        (put([], "policy"), "policy must be an object"),
        (put("6", "policy", "window"), "policy.window must be a whole number of 0 to 50"),
        (put(True, "policy", "window"), "policy.window must be"),
        (put(51, "stability", "negation_window"), "stability.negation_window must be"),
        (put({}, "policy", "topics"), "policy.topics must be an object"),
        (put("down", "policy", "topics", "slack", "rising"), "policy.topics.slack.rising must be hawkish or dovish"),
        (put(["x", 1], "policy", "rising"), "policy.rising must be a list of texts"),
        (put("calm", "stability", "calm"), "stability.calm must be a list of texts"),
        (put(["re*po"], "policy", "dovish"), r"policy.dovish holds re\*po"),
        (put(["  "], "policy", "topics", "labor", "words"), "policy.topics.labor.words holds"),
        (put(["금리"], "negations"), "negations holds 금리"),
    ],
)
def test_faults_are_named(change: Callable[[Any], None], said: str) -> None:
    whole = json.loads(dictionary_text())
    change(whole)
    with pytest.raises(BadInput, match=said) as raised:
        load_dictionary(json.dumps(whole))
    assert raised.value.hint


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"fed_tone\.json"):
        load_dictionary(text)


def test_words() -> None:
    assert words_of("The U.S. funds rate’s 2.25-2.5 don't") == (
        "the",
        "u",
        "s",
        "funds",
        "rate's",
        "2.25",
        "2.5",
        "don't",
    )


def test_the_longest_pattern_wins_and_none_overlap() -> None:
    patterns = Patterns(["funds rate", "federal funds rate", "rate", "increas*", "in*"])
    words = words_of("increased federal funds rate, rate in")
    assert list(patterns.find(words)) == [Found(0, 1), Found(1, 4), Found(4, 5), Found(5, 6)]
    assert list(patterns.find(("funds",))) == []


def test_gaps() -> None:
    assert Found(0, 2).gap(Found(4, 5)) == Found(4, 5).gap(Found(0, 2)) == 2
    assert Found(0, 2).gap(Found(2, 3)) == 0
    assert Found(0, 3).gap(Found(2, 4)) < 0


@given(st.text(max_size=40))
def test_any_pattern_is_read_or_refused(text: str) -> None:
    try:
        parse_pattern(text)
    except ValueError:
        return
    assert text.strip()
