"""Which days are stored without a hole, held against plain sets of days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.coverage import Coverage, joined

DAY = timedelta(days=1)
EARLIEST = date(2026, 1, 1)
days = st.integers(0, 40).map(lambda number: EARLIEST + number * DAY)
coverages = st.tuples(days, days).map(lambda pair: Coverage(min(pair), max(pair)))


def as_set(coverage: Coverage | None) -> set[date]:
    if coverage is None:
        return set()
    return {coverage.first + number * DAY for number in range((coverage.last - coverage.first).days + 1)}


@given(one=coverages, other=coverages)
def test_touching_is_having_no_hole_between(one: Coverage, other: Coverage) -> None:
    together = as_set(one) | as_set(other)
    whole = Coverage(min(together), max(together))
    assert one.touches(other) == other.touches(one) == (as_set(whole) == together)


@given(known=st.one_of(st.none(), coverages), added=coverages)
def test_joining_never_claims_a_day_that_is_not_there(known: Coverage | None, added: Coverage) -> None:
    total = joined(known, added)
    assert as_set(total) <= as_set(known) | as_set(added)
    assert total.last == max(added.last, known.last if known else added.last)
    if known is None or known.touches(added):
        assert as_set(total) == as_set(known) | as_set(added)
