"""Values in doubt: real history has none, a wrong one is found, and the index says which days rest on it."""

from datetime import date, timedelta
from itertools import pairwise
from math import log
from pathlib import Path
from statistics import median

import pytest

from datasets.liquidity.rules.generated import Series, generated_series
from datasets.liquidity.rules.recorded import FILES, read_values, recorded, recordings_root
from tray_app.core.checks.value_rules import Sign, check_values
from tray_app.core.quality import ValueCode
from tray_app.core.series import SeriesPoint
from tray_app.datasets.liquidity.catalogue import MacroSeries, catalogue
from tray_app.datasets.liquidity.rules.model import Observation, StressDay
from tray_app.datasets.liquidity.rules.stress import stress_history
from tray_app.datasets.liquidity.rules.tracks import Track, places_in_doubt, without_jumps

SERIES = {each.series_id: each for each in catalogue()}
MORE = {
    **{
        name: (f"fred_csv/{name}.csv",)
        for name in ("T10Y2Y", "T10Y3M", "WALCL", "WRESBAL", "WTREGEN", "RRPONTSYD", "NFCI", "STLFSI4")
    },
    "BAMLH0A0HYM2": ("fred_csv_2026-01/BAMLH0A0HYM2.csv",),
    "BAMLC0A0CM": ("fred_csv_2026-01/BAMLC0A0CM.csv",),
    "HYG": ("yahoo/HYG_2010-2025_yfinance_autoadjust.csv",),
    "^VIX": FILES["VIXCLS"],
    "KRW=X": FILES["DEXKOUS"],
}
FIRST, LAST = date(2018, 1, 1), date(2020, 12, 31)
CALM = generated_series(FIRST, LAST, 3, missing=0.0, crises=0.0)


@pytest.fixture(scope="module")
def root() -> Path:
    found = recordings_root()
    if not found.exists():
        pytest.skip("the recordings of the liquidity collector are not beside this repository")
    return found


def real(root: Path, name: str) -> list[SeriesPoint]:
    if name in FILES:
        return [SeriesPoint(each.observed, each.value) for each in recorded(root, name, SERIES[name].starts)]
    values = {day: value for file in MORE[name] for day, value in read_values(root / file).items()}
    return [SeriesPoint(day, value) for day, value in sorted(values.items()) if day >= SERIES[name].starts]


@pytest.mark.parametrize("name", sorted({*FILES, *MORE}))
def test_no_real_value_of_decades_is_in_doubt(root: Path, name: str) -> None:
    points = real(root, name)
    assert len(points) > 1000
    assert check_values(name, points, SERIES[name].rules) == ()


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_value_ten_times_too_large_is_found_in_every_series(root: Path, name: str) -> None:
    points = real(root, name)
    place = len(points) - 5
    points[place] = SeriesPoint(points[place].date, 10.0 * max(0.5, points[place].value))
    found = check_values(name, points, SERIES[name].rules)
    assert points[place].date in {each.day for each in found}


def test_a_yield_that_doubles_in_one_answer_is_found(root: Path) -> None:
    points = [each for each in real(root, "DGS10") if each.date < date(2025, 1, 10)]
    points.append(SeriesPoint(date(2025, 1, 10), 9.99))
    (found,) = check_values("DGS10", points, SERIES["DGS10"].rules)
    assert (found.code, found.day) == (ValueCode.VALUE_JUMP, date(2025, 1, 10))


@pytest.mark.parametrize("series", catalogue(), ids=lambda each: each.series_id)
def test_every_line_of_the_catalogue_declares_its_rules(series: MacroSeries) -> None:
    rules = series.rules
    assert rules.low > -1000.0
    assert rules.high < 1e8
    assert 0.0 < rules.jump < rules.high - rules.low
    assert rules.is_relative <= (rules.sign is Sign.POSITIVE)


def track(values: list[float]) -> Track:
    numbers = list(range(len(values)))
    ordinals = [FIRST.toordinal() + number for number in numbers]
    return Track(ordinals, numbers, values, numbers, [5] * len(values), ["XLF"] * len(values))


def walk(days: int) -> list[float]:
    return [50.0 * (1.0 + 0.01 * ((7 * day) % 5 - 2)) for day in range(days)]


def found_in(values: list[float], name: str = "XLF") -> dict[int, ValueCode]:
    return places_in_doubt(track(values), SERIES[name].rules)


def test_quick_and_thorough_agree_on_every_rule() -> None:
    calm = walk(60)
    assert found_in(calm) == {}
    for value in (150.0, 0.1, 1e9, 0.0, -3.0):
        assert list(found_in([*calm[:40], value, *calm[41:]])) == [FIRST.toordinal() + 40]
    assert set(found_in([1e4 + value for value in calm]).values()) == {ValueCode.VALUE_RANGE}
    assert set(found_in([-value for value in calm]).values()) == {ValueCode.VALUE_SIGN}
    assert set(found_in([*calm[:40], *[50.0] * 6]).values()) == {ValueCode.VALUE_FROZEN}
    assert found_in([]) == {}


def test_after_a_seam_prices_go_on_at_the_old_level() -> None:
    plain = walk(60)
    halved = [*plain[:40], *(value / 2 for value in plain[40:])]
    doubts = found_in(halved)
    assert list(doubts) == [FIRST.toordinal() + 40]
    found = without_jumps(track(halved), doubts).values
    changes = [log(after / before) for before, after in pairwise(found)]
    expected = [log(after / before) for before, after in pairwise(plain)]
    assert changes[39] == 0.0
    assert changes[:39] + changes[40:] == pytest.approx(expected[:39] + expected[40:])
    # What comes later changes nothing of what was said.
    assert list(without_jumps(track(halved[:45]), found_in(halved[:45])).values) == list(found[:45])


def test_after_a_wrong_close_prices_go_on_as_they_were() -> None:
    plain = walk(60)
    wrong = [*plain[:40], plain[40] / 2, *plain[41:]]
    found = without_jumps(track(wrong), found_in(wrong)).values
    assert list(found) == [*plain[:40], plain[39], *plain[41:]]


def changed(name: str, first: date, ratio: float, last: date = LAST) -> Series:
    return {
        **CALM,
        name: [
            Observation(each.observed, each.value * (ratio if first <= each.observed <= last else 1.0))
            for each in CALM[name]
        ],
    }


def values_of(days: tuple[StressDay, ...]) -> list[float]:
    return [day.z for day in days]


@pytest.mark.parametrize("name", ["XLF", "^GSPC", "KRW=X"])
def test_a_history_divided_in_part_stays_out_of_the_index(name: str) -> None:
    seam = date(2020, 6, 15)
    true, found = stress_history(CALM, LAST), stress_history(changed(name, seam, 0.5), LAST)
    assert [day for day in true if day.is_in_doubt] == []
    moved = [abs(ours - theirs) for ours, theirs in zip(values_of(found), values_of(true), strict=True)]
    assert max(moved) < 0.1
    assert median(moved) < 0.01
    assert min(day.date for day in found if day.is_in_doubt) == seam


def test_days_that_rest_on_a_value_in_doubt_say_so() -> None:
    wrong = next(each.observed for each in CALM["DGS10"] if each.observed >= date(2020, 3, 2))
    found = stress_history(changed("DGS10", wrong, 2.2, wrong), LAST)
    doubted = [day.date for day in found if day.is_in_doubt]
    # Published a day later, and part of a volatility for four half-lives.
    assert doubted[0] == wrong + timedelta(days=1)
    assert timedelta(days=100) < doubted[-1] - doubted[0] < timedelta(days=130)
    assert len(doubted) == len([day for day in found if doubted[0] <= day.date <= doubted[-1]])
    assert all(day.is_in_doubt is False for day in stress_history(CALM, LAST))
