"""Which issues of a day are worth their history, and reversals at the edges of a series."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.krx.rules.kit import bar
from datasets.krx.rules.quality_cases import linked
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode
from tray_app.datasets.krx.rules.quality.series import check_series, check_spike, moved_widely


def test_moves_are_shares_of_the_base_price_from_the_least_on() -> None:
    bars = [
        bar("up", close=11_000.0, change=1_000.0),
        bar("down", close=9_000.0, change=-1_000.0),
        bar("tripled", close=30_000.0, change=20_000.0),
        bar("less", close=10_999.0, change=999.0),
        bar("little", close=9_001.0, change=-999.0),
        bar("still"),
        bar("baseless", close=500.0, change=500.0),
    ]
    assert moved_widely(bars, 0.1) == {"up": 0.1, "down": -0.1, "tripled": 2.0}


@given(
    st.lists(st.tuples(st.integers(0, 50_000), st.integers(-50_000, 50_000)), max_size=30),
    st.sampled_from([0.05, 0.1, 0.2, 0.5]),
)
def test_no_wide_move_is_missed_whatever_the_prices(rows: list[tuple[int, int]], least: float) -> None:
    bars = [bar(str(place), close=float(close), change=float(change)) for place, (close, change) in enumerate(rows)]
    bases = {one.code: one.close - one.change for one in bars}
    shares = {one.code: one.change / bases[one.code] for one in bars if bases[one.code]}
    sure = {code for code, share in shares.items() if abs(share) > least + 1e-9}
    found = moved_widely(bars, least)
    assert sure <= set(found) <= {code for code, share in shares.items() if abs(share) > least - 1e-9}
    assert found == {code: shares[code] for code in found}


@pytest.mark.parametrize("closes", [[100.0], [100.0, 130.0], [0.0, 100.0, 0.0], [0.0, 100.0, 100.0, 0.0]])
def test_nothing_is_undone_in_a_series_without_a_price_before(closes: list[float]) -> None:
    assert list(check_spike(linked(closes))) == []
    assert check_series(linked(closes), 0.0) == []


def test_a_move_two_sessions_ago_is_seen_behind_one_without_a_price() -> None:
    (issue,) = check_spike(linked([100.0, 0.0, 50.0, 101.0]))
    assert (issue.issue_code, issue.detail) == (IssueCode.SPIKE_REVERSAL, "100 -> 0 and back.")
