"""Which days are stored without a hole, held against plain sets of days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.coverage import Coverage, joined, missing_from

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


@given(known=st.one_of(st.none(), coverages), wanted=days, last=days)
def test_asking_for_what_is_missing_fills_it(known: Coverage | None, wanted: date, last: date) -> None:
    asked = missing_from(known, wanted, last)
    needed = as_set(Coverage(wanted, last)) if wanted <= last else set()
    if asked is None:
        assert needed <= as_set(known)
        return
    assert needed - as_set(known)
    assert wanted <= asked <= last
    filled = Coverage(asked, last)
    # A range that lies before a hole is not remembered; every other is, and not asked for twice.
    if known is None or known.touches(filled) or last > known.last:
        assert missing_from(joined(known, filled), wanted, last) is None


@given(known=coverages, wanted=days, last=days)
def test_no_stored_day_is_asked_for_again_when_the_store_begins_early_enough(
    known: Coverage, wanted: date, last: date
) -> None:
    asked = missing_from(known, wanted, last)
    if asked is not None and known.first <= wanted <= known.last:
        assert asked == known.last + DAY


@given(pieces=st.lists(coverages, min_size=1, max_size=6))
def test_after_any_row_of_runs_one_answer_fills_everything(pieces: list[Coverage]) -> None:
    known: Coverage | None = None
    for piece in pieces:
        known = joined(known, piece)
    last = EARLIEST + 41 * DAY
    asked = missing_from(known, EARLIEST, last)
    assert asked is not None
    assert missing_from(joined(known, Coverage(asked, last)), EARLIEST, last) is None
