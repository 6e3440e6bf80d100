"""When a source stands still: by the clock, and by a feed's own quiet."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from support import NOW

from tray_app.core.checks.standing import (
    LIVELY_FEED,
    QUIET_FEED,
    UNKNOWN_FEED,
    digest_of,
    feed_rest,
    series_digest,
    stands_still,
)
from tray_app.core.quality import ValueCode
from tray_app.core.series import SeriesPoint

DAY = timedelta(days=1)
instants = st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def test_the_same_answer_is_told_once_it_is_too_old() -> None:
    assert stands_still("coins", None, DAY, NOW) == ()
    assert stands_still("coins", NOW - DAY, DAY, NOW) == ()
    [found] = stands_still("coins", NOW - DAY - timedelta(seconds=1), DAY, NOW)
    assert (found.subject, found.code, found.day) == ("coins", ValueCode.SOURCE_STANDS_STILL, None)
    assert found.detail == "the same answer since 2026-08-21 10:49 UTC"


def test_a_series_is_known_by_its_newest_value() -> None:
    points = [SeriesPoint(date(2026, 8, day), float(day)) for day in (19, 20, 21)]
    assert series_digest(points) == series_digest(points[1:]) == series_digest(points[::-1])
    assert series_digest(points) != series_digest(points[:2])
    assert series_digest(points) != series_digest([*points[:2], SeriesPoint(points[2].date, 21.5)])
    assert series_digest([]) == series_digest([])


@given(first=st.lists(st.text() | st.floats(allow_nan=False)), second=st.lists(st.text() | st.floats(allow_nan=False)))
def test_other_content_has_another_digest(first: list[object], second: list[object]) -> None:
    assert (digest_of(first) == digest_of(second)) == (list(map(repr, first)) == list(map(repr, second)))


def test_a_feed_is_given_twice_its_longest_quiet() -> None:
    assert feed_rest([]) == feed_rest([NOW, NOW, None]) == UNKNOWN_FEED
    assert feed_rest([NOW, NOW - DAY, NOW - 2 * DAY]) == LIVELY_FEED
    assert feed_rest([NOW, None, NOW - DAY, NOW - 8 * DAY]) == 14 * DAY
    # Testimony comes twice a year.
    assert feed_rest([NOW, NOW - 154 * DAY]) == 308 * DAY
    assert feed_rest([NOW, NOW - DAY, NOW - 9000 * DAY]) == QUIET_FEED


@given(published=st.lists(st.none() | instants))
def test_a_feed_is_never_given_less_than_a_weekend_nor_for_ever(published: list[datetime | None]) -> None:
    assert LIVELY_FEED <= feed_rest(published) <= QUIET_FEED
