"""Stability tone of a sentence: words of stress and of calm; a negated one tells the opposite."""

from collections.abc import Sequence

from tray_app.datasets.news.rules.dictionary import ToneDictionary
from tray_app.datasets.news.rules.model import Hit, HitKind
from tray_app.datasets.news.rules.policy import negation_before, phrase

_OPPOSITE = {HitKind.STRESS: HitKind.CALM, HitKind.CALM: HitKind.STRESS}


def stability_hits(words: Sequence[str], dictionary: ToneDictionary) -> tuple[Hit, ...]:
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
