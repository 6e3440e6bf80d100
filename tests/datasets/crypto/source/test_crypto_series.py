"""DefiLlama and alternative.me: their shapes, their refusals and every trap that was seen in them."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from net.replies import json_body, told
from support import FEAR_GREED, LLAMA, NOW, STABLECOINS, client

from tray_app.core.errors import AppError, RateLimited, SourceChangedShape, SourceDown
from tray_app.core.series import SeriesPoint
from tray_app.datasets.crypto.alternative import ALL_DAYS, AlternativeMe
from tray_app.datasets.crypto.defillama import DefiLlama
from tray_app.datasets.crypto.rows import FearGreedDay
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.net.http import HttpClient


def stamp(day: int) -> int:
    return int(datetime(2026, 8, day, tzinfo=UTC).timestamp())


@contextmanager
def answering(body: Any, status: int = 200) -> Iterator[HttpClient]:
    reply = json_body(body if isinstance(body, bytes) else json.dumps(body), status)
    with told(reply, hosts=(LLAMA, STABLECOINS, FEAR_GREED)) as (url, _seen), client(url) as http:
        yield http


def tvl(body: Any) -> tuple[SeriesPoint, ...]:
    with answering(body) as http:
        return DefiLlama(http).total_value_locked(NOW).rows


def supply(body: Any) -> tuple[SeriesPoint, ...]:
    with answering(body) as http:
        return DefiLlama(http).stablecoin_supply(NOW).rows


def fear(body: Any, days: int = 1) -> tuple[FearGreedDay, ...]:
    with answering(body) as http:
        return AlternativeMe(http).fear_and_greed(days, NOW).rows


REFUSALS = [
    (Mode.RATE_LIMITED, RateLimited, 2),
    (Mode.RATE_LIMITED_RETRY_AFTER, RateLimited, 2),
    (Mode.RATE_LIMITED_DATE, RateLimited, 2),
    (Mode.SERVER_ERROR_HTML, SourceDown, 2),
    (Mode.CUT_BODY, SourceDown, 2),
    (Mode.EMPTY_LIST, SourceChangedShape, 1),
    (Mode.EMPTY_OBJECT, SourceChangedShape, 1),
    (Mode.HTML_200, SourceChangedShape, 1),
    (Mode.WRONG_TYPE, SourceChangedShape, 1),
    (Mode.REFUSED_KEY, SourceChangedShape, 1),
]


@pytest.mark.parametrize(("mode", "error", "requests"), REFUSALS)
def test_refusals_and_how_often_each_is_asked(
    server: SampleServer, mode: Mode, error: type[AppError], requests: int
) -> None:
    with client(server.url) as http:
        asks: dict[str, Callable[[], object]] = {
            LLAMA: lambda: DefiLlama(http).total_value_locked(NOW),
            STABLECOINS: lambda: DefiLlama(http).stablecoin_supply(NOW),
            FEAR_GREED: lambda: AlternativeMe(http).fear_and_greed(1, NOW),
        }
        for host, ask in asks.items():
            server.misbehave.set(host, mode)
            with pytest.raises(error, match=host):
                ask()
            assert server.count(host) == requests


# --- total value locked -------------------------------------------------------------------------------------------


def test_only_the_total_is_asked_for_and_never_the_protocols(server: SampleServer) -> None:
    with client(server.url) as http:
        DefiLlama(http).total_value_locked(NOW)
    assert [(one.host, one.path) for one in server.requests] == [(LLAMA, "/v2/historicalChainTvl")]


def test_tvl_is_in_order_and_dated_in_utc() -> None:
    points = tvl([{"date": stamp(22), "tvl": 3}, {"date": stamp(20), "tvl": 1.5}, {"date": stamp(21), "tvl": 2}])
    assert points == (
        SeriesPoint(date(2026, 8, 20), 1.5),
        SeriesPoint(date(2026, 8, 21), 2.0),
        SeriesPoint(date(2026, 8, 22), 3.0),
    )


def test_trap_9_a_null_or_negative_total_leaves_its_day_empty() -> None:
    rows = [{"date": stamp(19), "tvl": None}, {"date": stamp(20), "tvl": -5}, {"date": stamp(21), "tvl": 0}]
    assert tvl(rows) == (SeriesPoint(date(2026, 8, 21), 0.0),)


def test_trap_9_nothing_but_nulls_is_refused() -> None:
    with pytest.raises(SourceChangedShape, match="empty"):
        tvl([{"date": stamp(21), "tvl": None}])


def test_trap_12_a_sudden_fall_is_stored_as_it_is() -> None:
    points = tvl([{"date": stamp(20), "tvl": 1e11}, {"date": stamp(21), "tvl": 2.17e-05}])
    assert points[-1].value == 2.17e-05


@pytest.mark.parametrize("body", ['"There is no chain with that name"', b"Internal Error", b"", "null"])
def test_a_plain_text_body_with_a_json_type_is_refused(body: Any) -> None:
    content = body if isinstance(body, bytes) else body.encode()
    with pytest.raises(SourceChangedShape):
        tvl(content)


@pytest.mark.parametrize("moment", ["2026-08-22", None, True, 1.5, stamp(20) * 1000, -5, "12e8"])
def test_a_date_that_is_no_unix_time_is_refused(moment: Any) -> None:
    with pytest.raises(SourceChangedShape, match="date"):
        tvl([{"date": moment, "tvl": 1}])


# --- stablecoins --------------------------------------------------------------------------------------------------


def test_trap_10_supply_is_the_dollar_sum_over_all_pegs() -> None:
    row = {
        "date": str(stamp(22)),
        "totalCirculating": {"peggedUSD": 300e9, "peggedJPY": 80e9},
        "totalUnreleased": {"peggedUSD": 28e15},
        "totalCirculatingUSD": {"peggedUSD": 300e9, "peggedJPY": 0.5e9, "peggedEUR": 1},
    }
    assert supply([row]) == (SeriesPoint(date(2026, 8, 22), 300.5e9 + 1),)


def test_the_running_days_row_may_carry_more_fields_and_kinds_of_number() -> None:
    rows = [
        {"date": str(stamp(21)), "totalCirculatingUSD": {"peggedUSD": 5}},
        {
            "date": str(stamp(22)),
            "totalCirculatingUSD": {"peggedUSD": 5.25},
            "totalMintedUSD": {},
            "totalBridgedToUSD": {},
        },
    ]
    assert [point.value for point in supply(rows)] == [5.0, 5.25]


@pytest.mark.parametrize("pegs", [{}, None, [], {"peggedUSD": None}, {"peggedUSD": "5"}, {"peggedUSD": -1}, 5])
def test_pegs_of_another_shape_are_refused(pegs: Any) -> None:
    with pytest.raises(SourceChangedShape):
        supply([{"date": str(stamp(22)), "totalCirculatingUSD": pegs}])


# --- Fear & Greed -------------------------------------------------------------------------------------------------


def fng(*days: tuple[int, str, str], error: Any = None) -> dict[str, Any]:
    rows = [{"value": value, "value_classification": label, "timestamp": str(stamp(day))} for day, value, label in days]
    return {"name": "Fear and Greed Index", "data": rows, "metadata": {"error": error}}


def test_trap_11_numbers_come_as_texts() -> None:
    assert fear(fng((22, "20", "Extreme Fear"))) == (FearGreedDay(date(2026, 8, 22), 20, "Extreme Fear"),)


def test_the_served_label_is_kept_whatever_its_border() -> None:
    assert fear(fng((22, "46", "Greed")))[0].label == "Greed"


def test_newest_first_becomes_oldest_first() -> None:
    days = fear(fng((22, "3", "a"), (21, "2", "b"), (19, "1", "c")), ALL_DAYS)
    assert [day.date.day for day in days] == [19, 21, 22]


@pytest.mark.parametrize("deep", ["[" * 1010 + "]" * 1010, '{"a":' * 1010 + "1" + "}" * 1010])
def test_an_error_nested_deeper_than_python_can_write_is_told(deep: str) -> None:
    with pytest.raises(SourceChangedShape, match=r"\[\.\.\.\]|\{\.\.\.\}"):
        fear(json.dumps(fng(error="deep")).replace('"deep"', deep).encode())


def test_an_error_in_the_metadata_is_told() -> None:
    with pytest.raises(SourceChangedShape, match="limit is off"):
        fear(fng((22, "20", "x"), error="limit is off"))


@pytest.mark.parametrize("value", ["101", "-1", "", "20.5", None, "twenty"])
def test_a_value_off_the_scale_is_refused(value: Any) -> None:
    with pytest.raises(SourceChangedShape, match="value"):
        fear(fng((22, value, "x")))


def test_no_days_are_refused() -> None:
    with pytest.raises(SourceChangedShape, match="no days"):
        fear(fng())


def test_the_number_of_days_is_asked_for(server: SampleServer) -> None:
    with client(server.url) as http:
        assert len(AlternativeMe(http).fear_and_greed(1, NOW).rows) == 1
        assert len(AlternativeMe(http).fear_and_greed(9, NOW).rows) == 9
        assert len(AlternativeMe(http).fear_and_greed(ALL_DAYS, NOW).rows) > 2000
    assert [one.param("limit") for one in server.requests] == ["1", "9", "0"]
    assert {one.param("date_format", "none") for one in server.requests} == {"none"}
