"""Documents of one kind side by side and over time."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tray_app.datasets.news.rules.model import DocumentTone

DECAY_DAYS = 30.0
COMPARED = 24
FEWEST_COMPARED = 8


@dataclass(frozen=True, slots=True)
class Change:
    """Sentences of a document that the one before did not have, and those it lost, in their order."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DatedTone:
    """A tone (policy or stability) of a document and its instant of publication, UTC."""

    published: datetime
    value: float


def compare(previous: DocumentTone, current: DocumentTone) -> Change:
    """Return how the sentences changed between two documents of one kind; case, blanks and marks aside."""
    before = {_plain(each.text): each.text for each in previous.sentences}
    after = {_plain(each.text): each.text for each in current.sentences}
    return Change(
        added=tuple(text for plain, text in after.items() if plain not in before),
        removed=tuple(text for plain, text in before.items() if plain not in after),
    )


def standing(history: Sequence[DatedTone], current: float) -> float | None:
    """Return how many standard deviations a tone lies from the last 24 before it of its kind.

    Nothing while there are fewer than 8, or when they do not differ.
    """
    values = [each.value for each in sorted(history, key=lambda each: each.published)[-COMPARED:]]
    if len(values) < FEWEST_COMPARED:
        return None
    spread = statistics.stdev(values)
    return (current - statistics.fmean(values)) / spread if spread > 1e-12 else None


def decayed_mean(tones: Iterable[DatedTone], now: datetime) -> float | None:
    """Return the mean of tones of any kind, each weighted by exp(-age / 30 days); nothing without a document.

    Documents published after now do not count; a silent committee keeps the last value.
    """
    weighted = [(_weight_exponent(each, now), each.value) for each in tones if each.published <= now]
    if not weighted:
        return None
    # Old documents alone would all weigh zero: only how they compare matters.
    newest = max(exponent for exponent, _ in weighted)
    weights = [(math.exp(exponent - newest), value) for exponent, value in weighted]
    return sum(weight * value for weight, value in weights) / sum(weight for weight, _ in weights)


def _weight_exponent(tone: DatedTone, now: datetime) -> float:
    return -(now - tone.published).total_seconds() / 86_400 / DECAY_DAYS


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
