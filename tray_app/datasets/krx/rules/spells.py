"""What an issue was called, or which section it stood in, as of each day: a text holds from its day to the next one."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Spell:
    """A text and the first day it is known of; none where it was not kept."""

    valid_from: date
    text: str | None


Spells = tuple[Spell, ...]


def spells_after(spells: Spells, day: date, text: str, following: date | None = None) -> Spells:
    """Return the spells after a day on which this text was told.

    following: the next day something is known of, where what held before still holds, in whatever order days are told.
    """
    place = bisect_right(spells, day, key=_valid_from)
    if place and spells[place - 1].text == text:
        return spells
    told = {spell.valid_from: spell for spell in spells}
    if following is not None and (active := bisect_right(spells, following, key=_valid_from)):
        told.setdefault(following, Spell(following, spells[active - 1].text))
    told[day] = Spell(day, text)
    return merged(*(told[each] for each in sorted(told)))


def merged(*spells: Spell) -> Spells:
    """Return spells, ascending, without those that say what the one before says."""
    kept: list[Spell] = []
    for spell in spells:
        if not kept or kept[-1].text != spell.text:
            kept.append(spell)
    return tuple(kept)


def parted_spells(spells: Spells, last: date, first: date) -> tuple[Spells, Spells]:
    """Return the spells up to a day, and those from another one on, where what held before still holds."""
    before = tuple(spell for spell in spells if spell.valid_from <= last)
    after = tuple(spell for spell in spells if spell.valid_from >= first)
    held = [spell for spell in spells if spell.valid_from < first]
    if held and (not after or after[0].valid_from > first):
        after = (Spell(first, held[-1].text), *after)
    return before, after


def _valid_from(spell: Spell) -> date:
    return spell.valid_from
