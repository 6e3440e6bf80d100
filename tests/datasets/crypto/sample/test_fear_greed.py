"""The sample Fear & Greed index."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from demo.kit import FEAR_GREED, RECORDED_DAY, ask, ask_json
from hypothesis import given, settings
from hypothesis import strategies as st

from tray_app.datasets.crypto.sample.fear_greed import label


def rows(limit: int = 0, now: datetime = RECORDED_DAY) -> list[dict[str, Any]]:
    body = ask_json(FEAR_GREED, "/fng/", f"limit={limit}", now)
    assert body["metadata"] == {"error": None}
    data: list[dict[str, Any]] = body["data"]
    return data


def day(row: dict[str, Any]) -> date:
    stamp = datetime.fromtimestamp(int(row["timestamp"]), UTC)
    assert (stamp.hour, stamp.minute, stamp.second) == (0, 0, 0)
    return stamp.date()


def test_whole_history_newest_first_with_the_real_gaps() -> None:
    days = [day(row) for row in rows()]
    assert days == sorted(days, reverse=True)
    assert (days[0], days[-1]) == (date(2026, 8, 22), date(2018, 2, 1))
    every = {date(2018, 2, 1) + timedelta(days=n) for n in range((days[0] - days[-1]).days + 1)}
    assert every - set(days) == {date(2018, 4, 14), date(2018, 4, 15), date(2018, 4, 16), date(2024, 10, 26)}


def test_everything_is_text_and_only_the_newest_waits() -> None:
    found = rows(30)
    assert len(found) == 30
    assert all(isinstance(value, str) for row in found for value in row.values())
    assert "time_until_update" in found[0]
    assert not any("time_until_update" in row for row in found[1:])
    assert int(found[0]["time_until_update"]) == 86_400 - (10 * 3600 + 46 * 60 + 7)


def test_one_row_unless_asked() -> None:
    assert len(ask_json(FEAR_GREED, "/fng/")["data"]) == 1
    assert rows(1) == rows(5)[:1]


def test_limit_counts_rows_across_a_gap() -> None:
    assert len(rows(10, datetime(2024, 10, 30, 12, tzinfo=UTC))) == 10


def test_a_new_value_appears_five_minutes_after_midnight() -> None:
    midnight = datetime(2026, 8, 23, tzinfo=UTC)
    assert day(rows(1, midnight + timedelta(seconds=299))[0]) == date(2026, 8, 22)
    assert day(rows(1, midnight + timedelta(seconds=300))[0]) == date(2026, 8, 23)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (0, "Extreme Fear"),
        (25, "Extreme Fear"),
        (26, "Fear"),
        (46, "Fear"),
        (47, "Neutral"),
        (54, "Neutral"),
        (55, "Greed"),
        (75, "Greed"),
        (76, "Extreme Greed"),
        (100, "Extreme Greed"),
    ],
)
def test_borders(value: int, word: str) -> None:
    assert label(value) == word


def test_values_use_the_whole_scale_and_their_words() -> None:
    found = rows()
    assert all(row["value_classification"] == label(int(row["value"])) for row in found)
    assert len({row["value_classification"] for row in found}) == 5


@settings(max_examples=6, deadline=None)
@given(
    st.datetimes(datetime(2018, 3, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 400),
)
def test_past_values_never_change(now: datetime, days_later: int) -> None:
    known = {row["timestamp"]: row["value"] for row in rows(0, now + timedelta(days=days_later))}
    assert all(known[row["timestamp"]] == row["value"] for row in rows(0, now))


def test_other_paths_are_unknown() -> None:
    assert ask(FEAR_GREED, "/v2/fng").status == 404
    assert ask(FEAR_GREED, "/fng").status == 200
