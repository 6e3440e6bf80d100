"""The dictionary of tone: words that a user can read and edit, checked when read.

The file is JSON: resources/fed_tone.json, or a copy of it in the home folder, which wins.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tray_app.core.errors import BadInput
from tray_app.core.words import tr
from tray_app.datasets.news.rules.model import HitKind
from tray_app.datasets.news.rules.words import Patterns

WIDEST_WINDOW = 50
MOST_WORDS = 20_000

_POLICY = {"window", "negation_window", "topics", "rising", "falling", "hawkish", "dovish", "neutral"}
_STABILITY = {"negation_window", "stress", "calm"}
_TOPIC = {"rising", "words"}
_WISHES = "wishes"
_PACE = "pace"


@dataclass(frozen=True, slots=True)
class Topic:
    """Something the committee speaks of, and whether its rising speaks for tighter policy.

    wishes: words that make of its falling what policy is for, and no news.
    """

    name: str
    rising: HitKind
    words: Patterns
    wishes: Patterns


@dataclass(frozen=True, slots=True)
class ToneDictionary:
    """What words tell: topics near words of direction, phrases of stance, words of stress and of calm.

    pace: words of direction that only say how fast, where another tells what rises or falls.
    window is how many words may stand between a topic and its direction; the negation windows how many before a word a
    negation counts. Phrases that are neutral hide their words from every other rule of policy.
    """

    window: int
    negation_window: int
    stability_negation_window: int
    negations: Patterns
    topics: tuple[Topic, ...]
    rising: Patterns
    falling: Patterns
    hawkish: Patterns
    dovish: Patterns
    neutral: Patterns
    pace: Patterns
    stress: Patterns
    calm: Patterns


def load_dictionary(text: str) -> ToneDictionary:
    """Read the dictionary from its JSON text. Raises BadInput naming the place in it and what is allowed there."""
    try:
        whole = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise unusable(tr("it is not JSON ({detail})", detail=str(error))) from error
    top = _object(whole, "", {"policy", "stability", "negations"}, optional={"about"})
    policy = _object(top["policy"], "policy", _POLICY, optional={_PACE})
    stability = _object(top["stability"], "stability", _STABILITY)
    return ToneDictionary(
        window=_whole(policy, "policy", "window"),
        negation_window=_whole(policy, "policy", "negation_window"),
        stability_negation_window=_whole(stability, "stability", "negation_window"),
        negations=_patterns(top["negations"], "negations"),
        topics=tuple(_topics(policy["topics"])),
        rising=_patterns(policy["rising"], "policy.rising"),
        falling=_patterns(policy["falling"], "policy.falling"),
        hawkish=_patterns(policy["hawkish"], "policy.hawkish"),
        dovish=_patterns(policy["dovish"], "policy.dovish"),
        neutral=_patterns(policy["neutral"], "policy.neutral"),
        pace=_patterns(policy.get(_PACE, []), f"policy.{_PACE}"),
        stress=_patterns(stability["stress"], "stability.stress"),
        calm=_patterns(stability["calm"], "stability.calm"),
    )


def _topics(value: Any) -> Iterable[Topic]:
    if not isinstance(value, dict) or not value:
        raise unusable(tr("{place} must be an object with a topic or more", place="policy.topics"))
    for name, sent in value.items():
        place = f"policy.topics.{name}"
        topic = _object(sent, place, _TOPIC, optional={_WISHES})
        if topic["rising"] not in (HitKind.HAWKISH, HitKind.DOVISH):
            raise unusable(tr("{place} must be hawkish or dovish", place=f"{place}.rising"))
        yield Topic(
            name,
            HitKind(topic["rising"]),
            _patterns(topic["words"], f"{place}.words"),
            _patterns(topic.get(_WISHES, []), f"{place}.{_WISHES}"),
        )


def _object(value: Any, place: str, needed: set[str], optional: Iterable[str] = ()) -> Mapping[str, Any]:
    shown = place or tr("the file")
    if not isinstance(value, dict):
        raise unusable(tr("{place} must be an object", place=shown))
    missing = sorted(needed - value.keys())
    if missing:
        raise unusable(tr("{place} lacks {name}", place=shown, name=missing[0]))
    unknown = sorted(value.keys() - needed - set(optional))
    if unknown:
        raise unusable(tr("{place} holds {name}, which is not known", place=shown, name=unknown[0]))
    return value


def _whole(part: Mapping[str, Any], place: str, name: str) -> int:
    value = part[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= WIDEST_WINDOW:
        raise unusable(tr("{place} must be a whole number of 0 to {most}", place=f"{place}.{name}", most=WIDEST_WINDOW))
    return value


def _patterns(value: Any, place: str) -> Patterns:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value) or len(value) > MOST_WORDS:
        raise unusable(tr("{place} must be a list of texts", place=place))
    try:
        return Patterns(value)
    except ValueError as error:
        raise unusable(
            tr("{place} holds {text}: only letters, digits, blanks and a star at a word's end", place=place, text=error)
        ) from error


def unusable(what: str) -> BadInput:
    """Return that the dictionary cannot be used, and why."""
    return BadInput(
        tr("The dictionary of tone cannot be used"),
        tr("fed_tone.json: {what}.", what=what),
        tr("Correct it, or delete it from the home folder to use the one that came with the program."),
    )
