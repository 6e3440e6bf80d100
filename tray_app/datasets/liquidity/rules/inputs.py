"""The inputs of the stress index: which stored series each is made of, how, and which category it speaks for.

Every input rises with stress. Volatilities and drawdowns of prices are in per cent, volatilities of yields in basis
points, both a year; spreads in percentage points.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tray_app.core.words import tr
from tray_app.datasets.liquidity.rules.combine import Due, chained, difference, first_choice, inverse, ratio, succeeded
from tray_app.datasets.liquidity.rules.model import Category, InputReading
from tray_app.datasets.liquidity.rules.tracks import Track
from tray_app.datasets.liquidity.rules.volatility import (
    DRAWDOWN_WINDOW,
    HALF_LIFE,
    change_over,
    drawdown,
    logarithms,
    mean_of_last,
    volatility,
)

INPUT_SERIES: tuple[str, ...] = (
    "TEDRATE",
    "DCPF3M",
    "DGS3MO",
    "SOFR",
    "EFFR",
    "DFF",
    "SOFR99",
    "IORB",
    "^MOVE",
    "DGS10",
    "DGS2",
    "BAA10Y",
    "^VIX",
    "VIXCLS",
    "^GSPC",
    "XLF",
    "DTWEXBGS",
    "KRW=X",
    "DEXKOUS",
)
REPO_SPREAD = "repo_spread"
REPO_DAYS = 5
DOLLAR_DAYS = 60
# After four half-lives a change weighs a sixteenth.
VOLATILE = 4 * HALF_LIFE
# What a value is made of beside the series it names: the other side of a spread or ratio, and what sets its level.
_PARTNERS: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("paper_spread", "DCPF3M"): ("DGS3MO", "TEDRATE"),
        (REPO_SPREAD, "SOFR"): ("EFFR", "DFF"),
        ("financials_drawdown", "XLF"): ("^GSPC",),
        ("won_volatility", "KRW=X"): ("DEXKOUS",),
        ("won_volatility", "DEXKOUS"): ("KRW=X",),
        ("won_drawdown", "KRW=X"): ("DEXKOUS",),
        ("won_drawdown", "DEXKOUS"): ("KRW=X",),
    }
)


@dataclass(frozen=True, slots=True)
class StressInput:
    """An input and its values; memory is how many observations, the newest included, shape one of them."""

    name: str
    category: Category
    track: Track
    memory: int = 1


@dataclass(frozen=True, slots=True)
class Tracks:
    """The stored series as tracks, and when the observations of each are due."""

    track: Callable[[str], Track]
    due: Callable[[str], Due]

    def first_choice(self, first: str, fallback: str) -> Track:
        """Return a series, or another that measures the same for the dates it lacks."""
        return first_choice(self.track(first), self.track(fallback), self.due(first))


def stress_inputs(tracks: Tracks) -> tuple[StressInput, ...]:
    """Return every input, category by category."""
    return (*_funding(tracks), *_rates(tracks), *_credit(tracks), *_equity(tracks), *_dollar(tracks))


def repo_tail(tracks: Tracks) -> Track:
    """Return the 99th percentile of secured rates over what the Federal Reserve pays on reserves."""
    return difference(tracks.track("SOFR99"), tracks.track("IORB"))


def series_of(reading: InputReading) -> tuple[str, ...]:
    """Return every stored series a reading is made of, the one it names first."""
    return sources_of(reading.name, reading.series)


def sources_of(name: str, series_id: str) -> tuple[str, ...]:
    """Return every stored series a value of an input is made of, from the one it names, which comes first."""
    return series_id, *_PARTNERS.get((name, series_id), ())


def input_title(name: str) -> str:
    """Return what an input is called for people."""
    titles = {
        "paper_spread": tr("Commercial paper over Treasury bills, 3 months"),
        REPO_SPREAD: tr("Secured over unsecured overnight rate, 5 days"),
        "bill_volatility": tr("Volatility of the 3-month yield"),
        "move": tr("MOVE"),
        "yield_volatility_10": tr("Volatility of the 10-year yield"),
        "yield_volatility_2": tr("Volatility of the 2-year yield"),
        "baa_spread": tr("Baa corporate spread over 10 years"),
        "vix": tr("VIX"),
        "equity_volatility": tr("Volatility of the S&P 500"),
        "equity_drawdown": tr("S&P 500 below its two-year high"),
        "financials_volatility": tr("Volatility of US financials"),
        "financials_drawdown": tr("US financials against the S&P 500, below their two-year high"),
        "dollar_volatility": tr("Volatility of the broad dollar"),
        "dollar_rise": tr("Broad dollar's rise over 60 days"),
        "won_volatility": tr("Volatility of the won"),
        "won_drawdown": tr("Won below its two-year high"),
    }
    return titles.get(name, name)


def _funding(tracks: Tracks) -> tuple[StressInput, ...]:
    bills = tracks.track("DGS3MO")
    paper = difference(tracks.track("DCPF3M"), bills)
    repo = difference(tracks.track("SOFR"), tracks.first_choice("EFFR", "DFF"))
    return (
        StressInput("paper_spread", Category.FUNDING, succeeded(tracks.track("TEDRATE"), paper, tracks.due("TEDRATE"))),
        StressInput(REPO_SPREAD, Category.FUNDING, mean_of_last(repo, REPO_DAYS), REPO_DAYS),
        StressInput("bill_volatility", Category.FUNDING, volatility(bills), VOLATILE),
    )


def _rates(tracks: Tracks) -> tuple[StressInput, ...]:
    return (
        StressInput("move", Category.RATES, tracks.track("^MOVE")),
        StressInput("yield_volatility_10", Category.RATES, volatility(tracks.track("DGS10")), VOLATILE),
        StressInput("yield_volatility_2", Category.RATES, volatility(tracks.track("DGS2")), VOLATILE),
    )


def _credit(tracks: Tracks) -> tuple[StressInput, ...]:
    # The spreads of ICE stay beside the index: FRED serves their last three years only, so that a computer installed
    # today could never show what an older one shows.
    return (StressInput("baa_spread", Category.CREDIT, tracks.track("BAA10Y")),)


def _equity(tracks: Tracks) -> tuple[StressInput, ...]:
    shares, financials = tracks.track("^GSPC"), tracks.track("XLF")
    return (
        StressInput("vix", Category.EQUITY, tracks.first_choice("^VIX", "VIXCLS")),
        StressInput("equity_volatility", Category.EQUITY, volatility(logarithms(shares)), VOLATILE),
        StressInput("equity_drawdown", Category.EQUITY, drawdown(shares), DRAWDOWN_WINDOW),
        StressInput("financials_volatility", Category.FINANCIALS, volatility(logarithms(financials)), VOLATILE),
        StressInput("financials_drawdown", Category.FINANCIALS, drawdown(ratio(financials, shares)), DRAWDOWN_WINDOW),
    )


def _dollar(tracks: Tracks) -> tuple[StressInput, ...]:
    dollar = logarithms(tracks.track("DTWEXBGS"))
    won = inverse(chained(tracks.track("KRW=X"), tracks.track("DEXKOUS"), tracks.due("KRW=X")))
    return (
        StressInput("dollar_volatility", Category.DOLLAR, volatility(dollar), VOLATILE),
        StressInput("dollar_rise", Category.DOLLAR, change_over(dollar, DOLLAR_DAYS), DOLLAR_DAYS),
        StressInput("won_volatility", Category.DOLLAR, volatility(logarithms(won)), VOLATILE),
        StressInput("won_drawdown", Category.DOLLAR, drawdown(won), DRAWDOWN_WINDOW),
    )
