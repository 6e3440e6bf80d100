"""Row groups, row order and factors as arrays, against the obvious way to get them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tray_app.export.files import daily
from tray_app.export.files.adjust import adjustments
from tray_app.export.files.daily import row_groups
from tray_app.export.files.masks import REASONS, validity
from tray_app.export.files.scan import COLUMNS, Rows


def month(*sessions: tuple[int, int]) -> Rows:
    """Return a month of (day, rows) sessions."""
    days = np.concatenate([np.full(rows, day, np.int32) for day, rows in sessions])
    places = np.concatenate([np.arange(rows, dtype=np.int32) for _day, rows in sessions])
    return Rows(places, {name: days if name == "trade_date" else days.astype(float) for name in COLUMNS}, frozenset())


@given(counts=some.lists(some.integers(1, 40), min_size=1, max_size=40), cuts=some.sets(some.integers(1, 40)))
def test_row_groups_end_where_the_rows_alone_say(counts: list[int], cuts: set[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(daily, "ROW_GROUP_ROWS", 50)
        sessions = list(enumerate(counts))
        edges = sorted({0, len(sessions), *(cut for cut in cuts if cut < len(sessions))})
        months = [month(*sessions[begin:end]) for begin, end in pairwise(edges)]
        groups = list(row_groups(months))
        whole = list(row_groups([month(*sessions)]))

    assert [group.columns["trade_date"].tolist() for group in groups] == [
        group.columns["trade_date"].tolist() for group in whole
    ]
    assert [day for group in groups for day in group.columns["trade_date"].tolist()] == [
        day for day, rows in sessions for _ in range(rows)
    ]
    assert all(group.count >= 50 for group in groups[:-1])
    assert all(group.count < 50 + 40 for group in groups)


events = some.lists(
    some.tuples(some.integers(0, 4), some.integers(0, 30), some.sampled_from([0.5, 0.2, 5.0, 0.985, 1.0])), max_size=20
)


@given(events=events, rows=some.lists(some.tuples(some.integers(0, 4), some.integers(0, 30)), min_size=1, max_size=30))
def test_factors_of_later_days_are_multiplied(
    events: list[tuple[int, int, float]], rows: list[tuple[int, int]]
) -> None:
    unique = {(place, day): factor for place, day, factor in events}
    places, days = [place for place, _day in unique], [day for _place, day in unique]
    built = adjustments(places, days, list(unique.values()), list(unique.values()), 5)

    price, share = built.after(
        np.array([row[0] for row in rows], np.int32), np.array([row[1] for row in rows], np.int32)
    )

    for (place, day), found in zip(rows, price.tolist(), strict=True):
        wanted = 1.0
        for (owner, at), factor in sorted(unique.items(), reverse=True):
            if owner == place and at > day:
                wanted *= factor
        assert found == pytest.approx(wanted, rel=1e-14)
    assert share.tolist() == price.tolist()


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        ((True, False, True, False, False, False), "ok"),
        ((False, True, False, True, True, True), "invalid"),
        ((True, True, False, True, True, True), "unresolved_action"),
        ((True, False, True, False, False, True), "unresolved_action"),
        ((True, True, False, True, True, False), "halted"),
        ((True, False, False, True, True, False), "no_trade"),
        ((True, False, True, True, True, False), "new_listing"),
        ((True, False, True, False, True, False), "liquidation"),
    ],
)
def test_the_first_reason_counts(flags: tuple[bool, ...], reason: str) -> None:
    valid, halted, traded, newly, liquidated, unresolved = (np.array([flag]) for flag in flags)
    found = validity(
        valid=valid, halted=halted, traded=traded, newly_listed=newly, liquidated=liquidated, unresolved=unresolved
    )
    assert REASONS[found[0]] == reason
