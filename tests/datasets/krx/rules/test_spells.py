"""What holds as of each day does not depend on the order in which days are told."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tray_app.datasets.krx.rules.spells import Spell, Spells, merged, parted_spells, spells_after

DAYS = [date(2024, 1, 2) + timedelta(days=offset) for offset in range(12)]
TEXTS = st.lists(st.sampled_from("ABC"), min_size=len(DAYS), max_size=len(DAYS))


def on(spells: Spells, day: date) -> str | None:
    return [spell.text for spell in spells if spell.valid_from <= day][-1]


def told(texts: Sequence[str], order: Sequence[int], spells: Spells = ()) -> Spells:
    """Tell every day's text in an order, each time naming the next day told before."""
    known = {place for place, day in enumerate(DAYS) if any(spell.valid_from <= day for spell in spells)}
    for place in order:
        following = min((other for other in known if other > place), default=None)
        spells = spells_after(spells, DAYS[place], texts[place], None if following is None else DAYS[following])
        known.add(place)
    return spells


@given(texts=TEXTS, order=st.permutations(range(len(DAYS))))
def test_whatever_the_order_every_day_says_what_was_told_of_it(texts: list[str], order: list[int]) -> None:
    spells = told(texts, order)
    assert [on(spells, day) for day in DAYS] == texts
    assert spells == merged(*(Spell(day, text) for day, text in zip(DAYS, texts, strict=True)))


@given(texts=TEXTS, corrected=st.dictionaries(st.integers(0, len(DAYS) - 1), st.sampled_from("ABC")))
def test_a_day_told_anew_changes_that_day_alone(texts: list[str], corrected: dict[int, str]) -> None:
    spells = told(texts, range(len(DAYS)))
    again = [corrected.get(place, text) for place, text in enumerate(texts)]
    assert [on(told(again, list(corrected), spells), day) for day in DAYS] == again


def test_what_was_not_kept_stays_unknown_around_a_day_that_is_told() -> None:
    unknown = (Spell(DAYS[0], None),)
    found = spells_after(unknown, DAYS[3], "A", DAYS[4])
    assert found == (Spell(DAYS[0], None), Spell(DAYS[3], "A"), Spell(DAYS[4], None))
    assert spells_after(found, DAYS[4], "A", DAYS[5]) == (*found[:2], Spell(DAYS[5], None))


def test_parted_the_later_begins_with_what_held() -> None:
    spells = (Spell(DAYS[0], "A"), Spell(DAYS[2], "B"), Spell(DAYS[9], "C"))
    assert parted_spells(spells, DAYS[3], DAYS[7]) == (spells[:2], (Spell(DAYS[7], "B"), spells[2]))
    assert parted_spells(spells, DAYS[3], DAYS[9]) == (spells[:2], spells[2:])
    assert parted_spells(spells, DAYS[3], DAYS[10]) == (spells[:2], (Spell(DAYS[10], "C"),))
