"""What the inputs are made of, found out by changing one series after another."""

import random
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from tray_app.datasets.liquidity.catalogue import catalogue
from tray_app.datasets.liquidity.rules.inputs import (
    INPUT_SERIES,
    StressInput,
    Tracks,
    input_title,
    repo_tail,
    series_of,
    stress_inputs,
)
from tray_app.datasets.liquidity.rules.model import InputReading
from tray_app.datasets.liquidity.rules.tracks import Track

START = date(2015, 1, 5).toordinal()
DAYS = 600
# First choices come late or end early and have gaps, so that every series has to speak for some dates.
SPOKEN = {
    "TEDRATE": range(300),
    "^VIX": range(300),
    "KRW=X": range(100, 300),
    "EFFR": [number for number in range(DAYS) if number % 7],
}


def made(series_id: str, seed: str = "") -> Track:
    """Return a series; another seed gives other values on the same days."""
    luck, numbers = random.Random(series_id + seed), list(SPOKEN.get(series_id, range(DAYS)))
    size = len(numbers)
    values = [luck.uniform(1.0, 2.0) for _ in numbers]
    known = [number + 1 for number in numbers]
    return Track([START + each for each in numbers], numbers, values, known, [5] * size, [series_id] * size)


def tracks(track: Callable[[str], Track] = made) -> Tracks:
    return Tracks(track, lambda _series_id: lambda ordinals: [ordinal - START + 1 for ordinal in ordinals])


def with_other(changed: str) -> dict[str, StressInput]:
    found = stress_inputs(tracks(lambda series_id: made(series_id, "other" if series_id == changed else "")))
    return {each.name: each for each in found}


def spoken(source: StressInput) -> Iterator[tuple[str, int, float]]:
    """Yield the series an observation names, its day and its value."""
    return zip(source.track.sources, source.track.numbers, source.track.values, strict=True)


def test_a_reading_names_every_series_it_is_made_of() -> None:
    plain = stress_inputs(tracks())
    found: dict[tuple[str, str], set[str]] = {}
    for series_id in INPUT_SERIES:
        other = with_other(series_id)
        for each in plain:
            for named, _number, _value in set(spoken(each)) - set(spoken(other[each.name])):
                found.setdefault((each.name, named), set()).add(series_id)
    for (name, named), series in found.items():
        reading = InputReading(name, named, 1.0, 0.0, date(2020, 1, 2), 1)
        assert set(series_of(reading)) == series, (name, named)
        assert series_of(reading)[0] == named
    assert {name for name, _named in found} == {each.name for each in plain}


def test_the_series_read_are_those_listed() -> None:
    asked: list[str] = []

    def noted(series_id: str) -> Track:
        asked.append(series_id)
        return made(series_id)

    stress_inputs(tracks(noted))
    repo_tail(tracks(noted))
    assert set(asked) == set(INPUT_SERIES)
    assert set(INPUT_SERIES) <= {each.series_id for each in catalogue()}


def test_every_input_has_a_title() -> None:
    names = [each.name for each in stress_inputs(tracks())]
    assert [name for name in names if input_title(name) == name] == []
    assert input_title("unheard of") == "unheard of"


@pytest.mark.parametrize("name", ["vix", "unheard of"])
def test_a_series_that_stands_for_itself_stands_alone(name: str) -> None:
    assert series_of(InputReading(name, "VIXCLS", 1.0, 0.0, date(2020, 1, 2), 1)) == ("VIXCLS",)
