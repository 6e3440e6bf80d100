"""Which rows of a Yahoo chart count, on which dates, and which charts are refused."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from net.replies import json_body, told
from support import client

from datasets.liquidity.source.liquidity_kit import YAHOO, chart, days, seconds
from tray_app.core.errors import SourceChangedShape
from tray_app.core.series import SeriesPoint
from tray_app.datasets.liquidity.source.yahoo import Yahoo

# Saturday in New York: Friday's session is over.
NOW = datetime(2026, 8, 22, 10, 50, tzinfo=UTC)
SINCE = date(2026, 8, 10)
ROWS: list[tuple[str, float | None]] = [("2026-08-20T13:30", 16.5), ("2026-08-21T13:30", 17.25)]
POINTS = (SeriesPoint(date(2026, 8, 20), 16.5), SeriesPoint(date(2026, 8, 21), 17.25))


def read(body: Any, now: datetime = NOW, since: date = SINCE, symbol: str = "^VIX") -> tuple[SeriesPoint, ...]:
    with told(json_body(json.dumps(body)), hosts=(YAHOO,)) as (url, _seen), client(url) as http:
        return Yahoo(http).closes(symbol, since, now).rows


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- which rows count ---------------------------------------------------------------------------------------------


def test_nulls_and_zeros_are_no_closes() -> None:
    rows = [("2026-08-18T13:30", None), ("2026-08-19T13:30", 0.0), *ROWS]
    assert read(chart(rows)) == POINTS


def test_rows_before_the_asked_for_date_are_left_out() -> None:
    assert read(chart(ROWS), since=date(2026, 8, 21)) == POINTS[1:]


@pytest.mark.parametrize("missing", [{}, {"quote": [{}], "adjclose": [{}]}])
def test_no_rows(missing: dict[str, Any]) -> None:
    body = chart([])
    result = body["chart"]["result"][0]
    del result["timestamp"]
    result["indicators"] = {"quote": [{}], **missing}
    assert read(body) == ()
    assert read(chart([])) == ()


@pytest.mark.parametrize(
    ("now", "newest_price", "kept"),
    [
        ("2026-08-21T15:00", "2026-08-21T14:45", False),
        ("2026-08-21T20:00", "2026-08-21T20:00", False),
        ("2026-08-21T20:29", "2026-08-21T20:00", False),
        ("2026-08-21T20:30", "2026-08-21T20:00", True),
        ("2026-08-21T21:00", "2026-08-21T19:45", False),
        ("2026-08-22T04:30", "2026-08-21T19:45", True),
    ],
)
def test_a_running_day_is_left_out_until_its_last_price_is_in(now: str, newest_price: str, kept: bool) -> None:
    points = read(chart(ROWS, regularMarketTime=seconds(newest_price)), at(now))
    assert points == (POINTS if kept else POINTS[:1])


def test_a_row_of_a_last_price_is_left_out_with_its_day() -> None:
    rows = [*ROWS, ("2026-08-21T19:16", 18.0)]
    period = {"regular": {"start": seconds("2026-08-21T04:00"), "end": seconds("2026-08-22T03:59")}}
    live = {"currentTradingPeriod": period, "regularMarketTime": seconds("2026-08-21T19:16")}
    assert read(chart(rows, **live), at("2026-08-21T19:20")) == POINTS[:1]


def test_the_session_of_the_next_day_says_nothing_of_the_last() -> None:
    period = {"regular": {"start": seconds("2026-08-24T13:30"), "end": seconds("2026-08-24T20:00")}}
    monday = chart(ROWS, currentTradingPeriod=period)
    assert read(monday, at("2026-08-24T10:00")) == POINTS


def test_a_session_past_midnight_runs_until_its_end() -> None:
    period = {"regular": {"start": seconds("2026-08-21T13:00"), "end": seconds("2026-08-22T06:00")}}
    night = chart(ROWS, currentTradingPeriod=period)
    assert read(night, at("2026-08-22T05:00")) == POINTS[:1]
    assert read(night, at("2026-08-22T06:00")) == POINTS


def test_a_row_ahead_of_the_clock_is_left_out() -> None:
    assert read(chart([*ROWS, ("2026-08-24T13:30", 19.0)])) == POINTS


def test_two_rows_of_a_day_the_later_counts() -> None:
    assert read(chart([*ROWS, ("2026-08-21T20:00", 18.0)]))[-1] == SeriesPoint(date(2026, 8, 21), 18.0)


def test_a_time_out_of_order_costs_its_own_row_and_none_of_those_after_it() -> None:
    rows: list[tuple[str, float | None]] = [(f"2026-08-{day}T13:30", 17.0) for day in range(10, 15)]
    rows[2] = ("2026-08-17T13:30", 17.0)
    assert days(read(chart([*rows, *ROWS]))) == [date(2026, 8, day) for day in (10, 11, 13, 14, 20, 21)]


# --- dates --------------------------------------------------------------------------------------------------------


def test_dates_are_the_exchanges_across_a_change_of_the_clocks() -> None:
    # In London a day starts at 23:00 UTC of the day before while summer lasts; the offset is that of the last row.
    rows: list[tuple[str, float | None]] = [("2026-03-26T00:00", 1.0), ("2026-03-29T23:00", 2.0)]
    body = chart(rows, exchangeTimezoneName="Europe/London", gmtoffset=3600)
    assert days(read(body, since=date(2026, 3, 1))) == [date(2026, 3, 26), date(2026, 3, 30)]


def test_a_session_in_seoul_starts_at_midnight_utc() -> None:
    body = chart([("2026-08-20T00:00", 1.0)], exchangeTimezoneName="Asia/Seoul", gmtoffset=32400)
    assert days(read(body)) == [date(2026, 8, 20)]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "America", "New York", "x" * 400])
def test_a_zone_nobody_knows_falls_back_to_the_offset(zone: str) -> None:
    body = chart([("2026-08-20T22:00", 1.0)], exchangeTimezoneName=zone, gmtoffset=9 * 3600)
    assert days(read(body)) == [date(2026, 8, 21)]


def test_times_before_1970_are_times() -> None:
    body = chart([("1950-01-03T14:30", 16.66)])
    assert read(body, since=date.min) == (SeriesPoint(date(1950, 1, 3), 16.66),)


# --- shapes -------------------------------------------------------------------------------------------------------


def test_quarterly_rows_are_refused_though_they_come_with_200() -> None:
    with pytest.raises(SourceChangedShape, match="3mo instead of daily"):
        read(chart(ROWS, dataGranularity="3mo"))


def test_another_symbol_is_refused() -> None:
    with pytest.raises(SourceChangedShape, match=r"\^VIX was served for \^MOVE"):
        read(chart(ROWS), symbol="^MOVE")


def result_of(body: dict[str, Any]) -> Any:
    return body["chart"]["result"][0]


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body["chart"].update(result=None),
        lambda body: body["chart"].update(result=[]),
        lambda body: body["chart"]["result"].append(result_of(body)),
        lambda body: result_of(body).pop("meta"),
        lambda body: result_of(body).pop("timestamp"),
        lambda body: result_of(body).update(timestamp={}),
        lambda body: result_of(body)["timestamp"].pop(),
        lambda body: result_of(body)["indicators"]["quote"].append({}),
        lambda body: result_of(body)["indicators"]["quote"][0].pop("close"),
        lambda body: result_of(body)["indicators"]["quote"][0].update(close=[1.0]),
        lambda body: result_of(body)["indicators"]["quote"][0].update(high=[1.0]),
        lambda body: result_of(body)["indicators"]["quote"][0].update(volume=None),
        lambda body: result_of(body)["indicators"]["quote"][0].update(close=[1.0, float("inf")]),
        lambda body: result_of(body)["indicators"]["quote"][0].update(close=[1.0, float("nan")]),
        lambda body: result_of(body)["indicators"].update(adjclose=[{"adjclose": [1.0]}]),
        lambda body: result_of(body)["meta"].pop("regularMarketTime"),
        lambda body: result_of(body)["meta"].pop("currentTradingPeriod"),
        lambda body: result_of(body)["meta"].update(exchangeTimezoneName="Mars/Olympus", gmtoffset=99_999_999),
    ],
)
def test_a_changed_shape_is_said_to_be_so(change: Callable[[dict[str, Any]], object]) -> None:
    body = json.loads(json.dumps(chart(ROWS)))
    change(body)
    with pytest.raises(SourceChangedShape, match=YAHOO):
        read(body)
