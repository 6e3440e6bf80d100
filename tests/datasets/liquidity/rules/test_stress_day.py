"""The index day by day: what it is made of, when it is published, and what carries it."""

import subprocess
import sys
from bisect import bisect_right
from dataclasses import replace
from datetime import date, timedelta
from statistics import mean, stdev

import pytest

from datasets.liquidity.rules.generated import Series, business_dates, generated_series, without
from tray_app.datasets.liquidity.catalogue import catalogue
from tray_app.datasets.liquidity.rules.business_days import BusinessDays
from tray_app.datasets.liquidity.rules.inputs import input_title
from tray_app.datasets.liquidity.rules.model import Band, Category, InputReading, Observation, StressDay
from tray_app.datasets.liquidity.rules.stress import BAND_EDGES, BANDS, INPUT_SERIES, WEIGHTS, band_of, stress_history

FIRST, LAST = date(2017, 1, 2), date(2021, 12, 31)
ALL = generated_series(FIRST, LAST, missing=0.0)
HISTORY = stress_history(ALL, LAST)


def by_date(days: tuple[StressDay, ...]) -> dict[date, StressDay]:
    return {day.date: day for day in days}


def reading(day: StressDay, name: str) -> InputReading:
    (found,) = (each for category in day.categories for each in category.inputs if each.name == name)
    return found


def names(day: StressDay) -> set[str]:
    return {each.name for category in day.categories for each in category.inputs}


def test_every_weekday_has_a_day() -> None:
    assert HISTORY[-1].date == LAST
    span = (LAST - HISTORY[0].date).days + 1
    weekdays = [day for step in range(span) if (day := HISTORY[0].date + timedelta(days=step)).weekday() < 5]
    assert [day.date for day in HISTORY] == weekdays


def test_a_holiday_repeats_the_day_before() -> None:
    days = by_date(HISTORY)
    thanksgiving = date(2020, 11, 26)
    assert days[thanksgiving] == replace(days[thanksgiving - timedelta(days=1)], date=thanksgiving)
    assert days[thanksgiving + timedelta(days=1)].z != days[thanksgiving].z
    assert stress_history(ALL, thanksgiving) == tuple(day for day in HISTORY if day.date <= thanksgiving)


def test_a_weekend_ends_on_friday() -> None:
    assert stress_history(ALL, date(2020, 11, 29))[-1].date == date(2020, 11, 27)


def test_the_index_is_published_from_half_of_the_weight() -> None:
    below = {name: ALL[name] for name in ("BAA10Y", "XLF")}
    assert stress_history(below, LAST) == ()
    days = stress_history({**below, "DTWEXBGS": ALL["DTWEXBGS"]}, LAST)
    assert {day.coverage for day in days} == {0.5}
    assert {each.category for each in days[0].categories} == {Category.CREDIT, Category.FINANCIALS, Category.DOLLAR}
    assert stress_history({}, LAST) == stress_history(ALL, date(2016, 1, 1)) == ()


def test_the_index_is_the_weighted_mean_of_its_categories() -> None:
    for day in HISTORY:
        available = sum(WEIGHTS[each.category] for each in day.categories)
        assert day.z == pytest.approx(sum(WEIGHTS[each.category] * each.z for each in day.categories) / available)
        assert day.coverage == available / 100
        assert all(each.weight == WEIGHTS[each.category] / 100 for each in day.categories)
        assert abs(sum(day.contributions.values()) - day.z) < 1e-9
    assert HISTORY[-1].coverage == 1.0
    assert sum(WEIGHTS.values()) == 100


def test_a_category_is_the_mean_of_its_inputs_and_funding_of_its_two_largest() -> None:
    for day in HISTORY:
        for each in day.categories:
            scores = sorted(one.z for one in each.inputs)
            assert each.z == pytest.approx(mean(scores[-2:] if each.category is Category.FUNDING else scores))


def test_z_is_measured_against_everything_known() -> None:
    day = HISTORY[-1]
    known = [each.value for each in ALL["BAA10Y"] if each.observed <= reading(day, "baa_spread").observed]
    found = reading(day, "baa_spread")
    assert found.value == known[-1]
    assert found.z == pytest.approx((known[-1] - mean(known)) / stdev(known))
    assert found.series == "BAA10Y"


def test_the_score_is_the_share_of_days_not_above() -> None:
    opened = BusinessDays(FIRST, LAST)
    known: list[float] = []
    for day in HISTORY:
        if opened.at_or_before(day.date.toordinal()) == opened.at_or_after(day.date.toordinal()):
            known.append(day.z)
        assert day.score == pytest.approx(100.0 * bisect_right(sorted(known), known[-1]) / len(known))


@pytest.mark.parametrize(
    ("z", "band"),
    [
        (-1.0, Band.CALM),
        (0.0, Band.CALM),
        (0.01, Band.WATCH),
        (0.5, Band.WATCH),
        (1.0, Band.ELEVATED),
        (2.0, Band.HIGH),
        (2.01, Band.SEVERE),
    ],
)
def test_bands_are_on_z(z: float, band: Band) -> None:
    assert band_of(z) is band


def test_bands_and_inputs_are_told_to_everyone() -> None:
    assert len(BANDS) == len(BAND_EDGES) + 1
    assert set(INPUT_SERIES) <= {each.series_id for each in catalogue()}
    assert len(set(INPUT_SERIES)) == len(INPUT_SERIES)
    assert all(input_title(name) != name for name in names(HISTORY[-1]))
    assert input_title("unheard of") == "unheard of"
    assert {day.band for day in HISTORY} <= {band_of(day.z) for day in HISTORY}


def test_breadth_comes_after_a_year_of_categories() -> None:
    assert HISTORY[0].breadth is None
    assert HISTORY[-1].breadth is not None
    assert all(day.breadth is None or 0.0 <= day.breadth <= 1.0 for day in HISTORY)


@pytest.mark.parametrize(("name", "source", "carry"), [("baa_spread", "BAA10Y", 5), ("dollar_rise", "DTWEXBGS", 10)])
def test_a_silent_source_is_carried_and_then_missing(name: str, source: str, carry: int) -> None:
    silent_from = date(2020, 6, 1)
    stopped = without(ALL, source, silent_from, LAST)
    days = [day for day in stress_history(stopped, date(2020, 7, 31)) if name in names(day)]
    ages = [reading(day, name).age for day in days if day.date >= silent_from]
    assert ages[-carry:] == list(range(1, carry + 1))
    assert len({reading(day, name).z for day in days[-carry - 1 :]}) == 1
    assert days[-1].date < date(2020, 6, 30)


@pytest.mark.parametrize("name", ["BAMLH0A0HYM2", "BAMLC0A0CM"])
def test_spreads_that_a_new_computer_cannot_have_stay_beside_the_index(name: str) -> None:
    long = business_dates(date(2005, 1, 3), 4000)
    rows = tuple(Observation(day, 5.0 + 0.01 * (place % 7)) for place, day in enumerate(long))
    assert stress_history({**ALL, name: rows}, LAST) == HISTORY


def test_fallbacks_speak_for_what_their_first_choice_lacks() -> None:
    lacking: Series = {**ALL, "^VIX": (), "EFFR": (), "KRW=X": ()}
    day = stress_history(lacking, LAST)[-1]
    assert reading(day, "vix").series == "VIXCLS"
    assert reading(day, "repo_spread").series == "SOFR"
    assert reading(day, "won_volatility").series == "DEXKOUS"
    assert reading(HISTORY[-1], "vix").series == "^VIX"
    assert reading(HISTORY[-1], "won_volatility").series == "KRW=X"


def test_commercial_paper_takes_the_place_of_the_ted_spread() -> None:
    series = generated_series(date(2019, 1, 1), date(2022, 6, 30), missing=0.0)
    days = by_date(stress_history(series, date(2022, 6, 30)))
    ted, paper = (reading(days[day], "paper_spread") for day in (date(2022, 1, 24), date(2022, 1, 26)))
    assert (ted.series, paper.series) == ("TEDRATE", "DCPF3M")


def test_the_flag_says_that_repo_is_tight_and_which_reporting_date_is_near() -> None:
    calm = [replace(each, value=0.05) for each in ALL["IORB"]]
    spiked = tuple(replace(each, value=0.5 if each.observed == date(2020, 9, 30) else 0.06) for each in calm)
    series: Series = {**ALL, "SOFR": (), "IORB": calm, "SOFR99": spiked}
    days = by_date(stress_history(series, date(2020, 12, 31)))
    assert days[date(2020, 10, 1)].repo_flag
    assert days[date(2020, 10, 1)].repo_label == "quarter-end"
    flagged = [day for day in days.values() if day.repo_flag]
    assert len(flagged) == 1
    assert all(day.repo_label == "" for day in days.values() if not day.repo_flag)


def test_no_array_library_is_loaded() -> None:
    loaded = "import sys, tray_app.datasets.liquidity.rules.stress;"
    code = loaded + "print({'numpy', 'pandas', 'holidays'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
