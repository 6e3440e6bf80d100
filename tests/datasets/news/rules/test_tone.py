"""Tone by the dictionary: directions near topics, negations, phrases, and stability."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.news.rules.kit import document, shipped
from tray_app.datasets.news.rules.model import DocumentTone, Hit, HitKind
from tray_app.datasets.news.rules.sentences import sentences_of
from tray_app.datasets.news.rules.tone import score

DICTIONARY = shipped()
HAWKISH, DOVISH, STRESS, CALM = HitKind.HAWKISH, HitKind.DOVISH, HitKind.STRESS, HitKind.CALM


def toned(*paragraphs: str) -> DocumentTone:
    return score(document(*paragraphs), DICTIONARY)


@pytest.mark.parametrize(
    ("sentence", "tone"),
    [
        ("Inflation has been rising.", 1),
        ("Inflation has fallen over the summer.", -1),
        ("Inflation has not been rising.", -1),
        ("Inflation has not, as hoped by many, fallen.", -1),
        ("The unemployment rate has risen.", -1),
        ("The unemployment rate fell to its lowest level.", 1),
        ("The Committee decided to raise the target range for the federal funds rate.", 1),
        ("The Committee decided to lower the target range for the federal funds rate.", -1),
        ("Further policy firming may be appropriate.", 1),
        ("Policy remains accommodative.", -1),
        ("The Committee seeks to achieve maximum employment and inflation at the rate of 2 percent.", 0),
        ("Stock prices rose.", 0),
        ("Growth rose while inflation fell.", 0),
        ("Inflation is discussed in the first of the five chapters of a book that is also very high.", 0),
        ("The meeting was held by video.", 0),
        ("", 0),
    ],
)
def test_sentences(sentence: str, tone: int) -> None:
    assert [each.tone for each in toned(sentence).sentences] == ([tone] if sentence else [])


def test_hits_are_shown_with_their_words() -> None:
    (sentence,) = toned("Inflation did not rise, and further talk of policy firming waits.").sentences
    assert sentence.hits == (Hit(HAWKISH, "policy firming"), Hit(DOVISH, "inflation ... not rise"))
    assert sentence.number == 1


def test_negated_phrases_turn_round() -> None:
    (sentence,) = toned("There is no policy firming.").sentences
    assert sentence.hits == (Hit(DOVISH, "no policy firming"),)


def test_policy_is_the_share_of_sentences() -> None:
    found = toned("Inflation has risen. Wages rose. We met.", "The labor market has weakened.")
    assert [each.tone for each in found.sentences] == [1, 1, 0, -1]
    assert [each.number for each in found.sentences] == [1, 2, 3, 4]
    assert found.policy == pytest.approx(0.25)
    assert found.words == 12


def test_stability_counts_words_of_stress_and_calm() -> None:
    found = toned("Turmoil and strains in funding markets. Trading was orderly, without panic.")
    assert [hit for each in found.sentences for hit in each.hits if hit.kind in (STRESS, CALM)] == [
        Hit(STRESS, "turmoil"),
        Hit(STRESS, "strains"),
        Hit(CALM, "without panic"),
        Hit(CALM, "orderly"),
    ]
    assert found.stability == 0
    assert toned("Markets were not orderly.").stability == pytest.approx(1000 / 4)


def test_an_empty_document_has_no_tone() -> None:
    assert toned() == DocumentTone(0.0, 0.0, 0, ())


@pytest.mark.parametrize(
    ("paragraph", "sentences"),
    [
        ("One. Two!  Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("The U.S. economy grew. Mr. Smith agreed.", ["The U.S. economy grew.", "Mr. Smith agreed."]),
        (
            "Prices rose 2.5 percent. \u201cSo what?\u201d he said.",
            ["Prices rose 2.5 percent.", "\u201cSo what?\u201d he said."],
        ),
        ("J. Powell (see Sec. 3). It is so.", ["J. Powell (see Sec.", "3).", "It is so."]),
        ("So do I. We agree.", ["So do I.", "We agree."]),
        ("about 3. That is", ["about 3.", "That is"]),
        ("  \n ", []),
    ],
)
def test_sentences_are_split(paragraph: str, sentences: list[str]) -> None:
    assert list(sentences_of([paragraph])) == sentences


@pytest.mark.parametrize("repeated", ["a", ".", '."', "a.", "A. ", '"', "U.S. "])
def test_no_text_takes_long_to_split(repeated: str) -> None:
    began = process_time()
    sentences_of([f"{repeated * (300_000 // len(repeated))} b. C"])
    assert process_time() - began < 10


@given(st.lists(st.text(max_size=200), max_size=4))
def test_no_letter_is_lost(paragraphs: list[str]) -> None:
    found = sentences_of(paragraphs)
    assert all(each.strip() for each in found)
    assert "".join("".join(found).split()) == "".join("".join(paragraphs).split())


@given(st.lists(st.text(alphabet="abc inflation rose not fell.", max_size=120), max_size=4))
def test_tones_stay_within_their_range(paragraphs: list[str]) -> None:
    found = toned(*paragraphs)
    assert -1 <= found.policy <= 1
    assert -1000 <= found.stability <= 1000
    assert all(each.tone in {-1, 0, 1} for each in found.sentences)
