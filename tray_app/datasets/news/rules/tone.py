"""The tone of the Federal Reserve's documents by a dictionary that a user can read and edit.

Source: docs/sources/news.md, "Tone of the Federal Reserve".
"""

from tray_app.datasets.news.rules.dictionary import ToneDictionary, load_dictionary
from tray_app.datasets.news.rules.model import DocumentText, DocumentTone, Hit, HitKind, ScoredSentence
from tray_app.datasets.news.rules.policy import policy_hits, tone_of
from tray_app.datasets.news.rules.sentences import sentences_of
from tray_app.datasets.news.rules.stability import stability_hits
from tray_app.datasets.news.rules.tone_history import Change, DatedTone, compare, decayed_mean, standing
from tray_app.datasets.news.rules.words import words_of

# Counted up when the same dictionary gives other tones, so that what is stored is judged again.
RULES = 2

__all__ = [
    "RULES",
    "Change",
    "DatedTone",
    "ToneDictionary",
    "compare",
    "decayed_mean",
    "load_dictionary",
    "score",
    "standing",
]


def score(text: DocumentText, dictionary: ToneDictionary) -> DocumentTone:
    """Judge a document sentence by sentence; every hit of the dictionary stands with its sentence."""
    scored: list[ScoredSentence] = []
    words = 0
    for number, sentence in enumerate(sentences_of(text.paragraphs), 1):
        spoken = words_of(sentence)
        policy = policy_hits(spoken, dictionary)
        hits = (*policy, *stability_hits(spoken, dictionary))
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
