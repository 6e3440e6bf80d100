"""Which inputs of the newest day are still to come."""

from datetime import date, timedelta

import pytest

from datasets.liquidity.rules.generated import Series, generated_series
from tray_app.datasets.liquidity.rules.awaited import awaited_inputs
from tray_app.datasets.liquidity.rules.model import Observation

FIRST, LAST = date(2025, 9, 1), date(2025, 12, 31)
ALL = generated_series(FIRST, LAST, missing=0.0)
# The Friday before a Monday without a holiday.
FRIDAY, MONDAY = date(2025, 12, 5), date(2025, 12, 8)


def up_to(series: Series, **last: str) -> Series:
    """Return the series, some of them up to a date only."""
    return {
        name: [each for each in rows if str(each.observed) <= last.get(name.strip("^=X"), "9999")]
        for name, rows in series.items()
    }


def test_nothing_is_awaited_when_everything_is_in() -> None:
    assert awaited_inputs(ALL, MONDAY) == ()
    assert awaited_inputs(up_to(ALL, DGS10="2025-12-05", SOFR="2025-12-05", DCPF3M="2025-12-04"), MONDAY) == ()


@pytest.mark.parametrize(
    ("series", "last", "awaited"),
    [
        ("GSPC", "2025-12-05", ("equity_volatility", "equity_drawdown", "financials_drawdown")),
        ("MOVE", "2025-12-05", ("move",)),
        ("DGS10", "2025-12-04", ("yield_volatility_10",)),
        ("DGS3MO", "2025-12-03", ("paper_spread", "bill_volatility")),
        ("BAA10Y", "2025-12-04", ("baa_spread",)),
        ("DTWEXBGS", "2025-12-04", ("dollar_volatility", "dollar_rise")),  # Monday's batch brings Friday
    ],
)
def test_a_series_that_is_late_is_awaited(series: str, last: str, awaited: tuple[str, ...]) -> None:
    assert awaited_inputs(up_to(ALL, **{series: last}), MONDAY) == awaited


def test_a_weekly_batch_is_due_on_monday_only() -> None:
    assert awaited_inputs(up_to(ALL, DTWEXBGS="2025-11-28"), FRIDAY) == ()


def test_a_fallback_will_do() -> None:
    assert awaited_inputs({**ALL, "EFFR": []}, MONDAY) == ()
    assert awaited_inputs({**ALL, "^VIX": []}, MONDAY) == ("vix",)  # VIXCLS of a day comes the day after


def test_what_never_came_or_has_long_been_silent_is_missing_not_awaited() -> None:
    assert awaited_inputs({**ALL, "^MOVE": []}, MONDAY) == ()
    assert awaited_inputs(up_to(ALL, MOVE="2025-10-20"), MONDAY) == ()
    assert awaited_inputs({}, MONDAY) == ()


def test_on_a_holiday_only_what_trades_is_due() -> None:
    thanksgiving, columbus = date(2025, 11, 27), date(2025, 10, 13)
    assert awaited_inputs(ALL, thanksgiving) == ()
    # Generated closes leave out the day on which the exchange alone is open.
    assert set(awaited_inputs(ALL, columbus)) >= {"vix", "move", "equity_volatility"}
    closes = {name: [*ALL[name], Observation(columbus, 20.0)] for name in ("^VIX", "^MOVE", "^GSPC", "XLF", "KRW=X")}
    assert awaited_inputs({**ALL, **closes}, columbus) == ()
    assert awaited_inputs(ALL, columbus + timedelta(days=1)) == ()
