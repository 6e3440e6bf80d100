"""The tone of the Federal Reserve's documents by a dictionary that a user can read and edit.

Source: docs/sources/news.md, "Tone of the Federal Reserve".
"""

from collections.abc import Sequence

from tray_app.datasets.news.rules.dictionary import ToneDictionary
from tray_app.datasets.news.rules.model import DocumentText, DocumentTone, Hit, HitKind, ScoredSentence
from tray_app.datasets.news.rules.policy import negation_before, phrase, policy_hits, tone_of
from tray_app.datasets.news.rules.sentences import sentences_of
from tray_app.datasets.news.rules.words import words_of

# Counted up when the same dictionary gives other tones, so that what is stored is judged again.
RULES = 2

_OPPOSITE = {HitKind.STRESS: HitKind.CALM, HitKind.CALM: HitKind.STRESS}


def score(text: DocumentText, dictionary: ToneDictionary) -> DocumentTone:
    """Judge a document sentence by sentence; every hit of the dictionary stands with its sentence."""
    scored: list[ScoredSentence] = []
    words = 0
    for number, sentence in enumerate(sentences_of(text.paragraphs), 1):
        spoken = words_of(sentence)
        policy = policy_hits(spoken, dictionary)
        hits = (*policy, *_stability_hits(spoken, dictionary))
        scored.append(ScoredSentence(number, sentence, tone_of(policy), hits))
        words += len(spoken)
    return DocumentTone(_policy(scored), _stability(scored, words), words, tuple(scored))


def _policy(scored: list[ScoredSentence]) -> float:
    return sum(each.tone for each in scored) / len(scored) if scored else 0.0


def _stability(scored: list[ScoredSentence], words: int) -> float:
    """Return (stress - calm) hits per 1,000 words."""
    net = sum(_stress(hit) for each in scored for hit in each.hits)
    return 1000.0 * net / words if words else 0.0


def _stress(hit: Hit) -> int:
    return (hit.kind is HitKind.STRESS) - (hit.kind is HitKind.CALM)


def _stability_hits(words: Sequence[str], dictionary: ToneDictionary) -> tuple[Hit, ...]:
    """Return what a sentence's words say of financial stability."""
    negations = tuple(dictionary.negations.find(words))
    hits: list[Hit] = []
    for kind, patterns in ((HitKind.STRESS, dictionary.stress), (HitKind.CALM, dictionary.calm)):
        for place in patterns.find(words):
            negation = negation_before(place, negations, dictionary.stability_negation_window)
            if negation is None:
                hits.append(Hit(kind, phrase(words, (place,))))
            else:
                hits.append(Hit(_OPPOSITE[kind], phrase(words, (negation, place))))
    return tuple(hits)
