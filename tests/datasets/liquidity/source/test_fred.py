"""FRED: what is asked, what each refusal is called, and that the key never shows."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from net.replies import Told, json_body, noting, page, told
from support import NOW, client

from datasets.liquidity.source.liquidity_kit import FRED, FRED_CSV, KEY, observations
from tray_app.core.errors import AppError, KeyMissing, KeyRefused, RateLimited, SourceChangedShape, SourceDown
from tray_app.core.series import SeriesPoint
from tray_app.datasets.liquidity.sample.fred import SAMPLE_FRED_KEY
from tray_app.datasets.liquidity.source.fred import FRED_CSV_HOST, FRED_HOST, PAUSE, Fred, UnknownSeries
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.demo.wire import Delivery, Reply
from tray_app.net.http import HttpClient
from tray_app.net.request import DAILY, HISTORY

SINCE = date(2026, 8, 10)
ROWS = (("2026-08-17", "5.30"), ("2026-08-18", "."), ("2026-08-19", "-0.5"))
POINTS = (SeriesPoint(date(2026, 8, 17), 5.30), SeriesPoint(date(2026, 8, 19), -0.5))


@contextmanager
def answering(*replies: Reply) -> Iterator[tuple[HttpClient, Told]]:
    with told(*replies, hosts=(FRED, FRED_CSV)) as (url, seen), client(url) as http:
        yield http, seen


def refusal(reply: Reply) -> AppError:
    with answering(reply) as (http, _seen), pytest.raises(AppError) as caught:
        Fred(http, KEY).observations("SOFR", SINCE, NOW)
    return caught.value


def error_body(message: str, status: int = 400) -> Reply:
    return json_body(json.dumps({"error_code": status, "error_message": message}), status)


# --- asking -------------------------------------------------------------------------------------------------------


def test_what_is_asked() -> None:
    with answering(json_body(json.dumps(observations(*ROWS)))) as (http, seen):
        assert Fred(http, f" {KEY}\n").observations("SOFR", SINCE, NOW).rows == POINTS
        Fred(http, KEY).observations("VIXCLS", None, NOW)
    first, second = seen.seen
    assert (first.host, first.path) == (FRED, "/fred/series/observations")
    assert dict(first.query) == {
        "series_id": "SOFR",
        "api_key": KEY,
        "file_type": "json",
        "observation_start": "2026-08-10",
    }
    assert "observation_start" not in dict(second.query)


def test_calls_keep_their_distance() -> None:
    with told(json_body(json.dumps(observations(*ROWS))), hosts=(FRED,)) as (url, _seen), noting(url) as (http, waits):
        for series in ("SOFR", "EFFR", "DFF"):
            Fred(http, KEY).observations(series, SINCE, NOW)
    assert PAUSE >= 0.6
    assert len(waits.waited) == 2
    assert all(PAUSE - 0.4 < wait <= PAUSE for wait in waits.waited)


@pytest.mark.parametrize(("retry", "expected"), [(DAILY, [5.0]), (HISTORY, [20.0] * 5)])
def test_a_429_is_waited_out_with_patience(retry: Any, expected: list[float]) -> None:
    limited = error_body("Too Many Requests.  Exceeded Rate Limit", 429)
    with told(limited, hosts=(FRED,)) as (url, seen), noting(url) as (http, waits):
        with pytest.raises(RateLimited, match=FRED_HOST):
            Fred(http, KEY).observations("SOFR", SINCE, NOW, retry)
        assert len(seen.seen) == len(expected) + 1
    assert [wait for wait in waits.waited if wait > PAUSE] == expected


def test_history_goes_on_after_a_429() -> None:
    limited = error_body("Too Many Requests.  Exceeded Rate Limit", 429)
    with answering(*[limited] * 5, json_body(json.dumps(observations(*ROWS)))) as (http, seen):
        assert Fred(http, KEY).observations("SOFR", SINCE, NOW, HISTORY).rows == POINTS
        assert len(seen.seen) == 6


# --- the key ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [None, "", "  \n"])
def test_without_a_key_nothing_is_asked(key: str | None) -> None:
    with answering(json_body("{}")) as (http, seen):
        with pytest.raises(KeyMissing, match="FRED_API_KEY"):
            Fred(http, key).observations("SOFR", SINCE, NOW)
        assert seen.seen == []


@pytest.mark.parametrize("key", [KEY[:-1], KEY + "a", KEY.upper(), KEY[:-1] + "-", KEY[:-1] + "é", "٣" * 32])
def test_a_key_of_the_wrong_form_is_not_sent(key: str) -> None:
    with answering(json_body("{}")) as (http, seen):
        with pytest.raises(KeyRefused, match="FRED_API_KEY must be 32") as caught:
            Fred(http, key).observations("SOFR", SINCE, NOW)
        assert seen.seen == []
    assert key not in str(caught.value)


def test_the_key_shows_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="tray_app")
    faults = [
        json_body(json.dumps({"error_code": 400, "error_message": f"Bad Request.  No such value {KEY}."}), 400),
        json_body(json.dumps({"error_code": 400, "error_message": f"Variable api_key {KEY} is not registered."}), 400),
        page(504),
        page(200),
        json_body(f'{{"observations": "{KEY}"}}'),
        Reply(200, b"x" * 500, delivery=Delivery.CUT),
        error_body("Exceeded Rate Limit", 429),
    ]
    for fault in faults:
        error = refusal(fault)
        chain = [error, error.__cause__]
        assert all(KEY not in f"{each!r} {each}" for each in chain)
    http = HttpClientToNowhere()
    with pytest.raises(AppError) as caught:
        http.ask()
    assert KEY not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert KEY not in caplog.text
    assert "observations" in caplog.text


class HttpClientToNowhere:
    """A port nobody listens on: the library's own error quotes the whole URL."""

    def ask(self) -> None:
        with told(json_body("{}")) as (url, _seen):
            pass
        with client(url) as http:
            Fred(http, KEY).observations("SOFR", SINCE, NOW)


# --- refusals -----------------------------------------------------------------------------------------------------


def test_each_refusal_has_a_message_of_its_own() -> None:
    wrong = "Bad Request.  The value for variable api_key is not registered.  Read https://fred..."
    absent = "Bad Request.  Variable api_key is not set.  Read https://fred..."
    cases: list[tuple[Reply, type[AppError]]] = [
        (error_body(wrong), KeyRefused),
        (error_body(absent), KeyRefused),
        (error_body("Bad Request.  The series does not exist."), UnknownSeries),
        (error_body("Bad Request.  The value for variable limit is not between 1 and 100000."), SourceChangedShape),
        (error_body("Exceeded Rate Limit", 429), RateLimited),
        (page(504), SourceDown),
        (page(503), SourceDown),
        (error_body("Internal Server Error", 500), SourceDown),
        (page(200), SourceChangedShape),
        (page(403), SourceChangedShape),
        (json_body(json.dumps(observations(*ROWS, count=6826))), SourceChangedShape),
        (json_body(json.dumps(observations(*ROWS))[:-30]), SourceChangedShape),
        (Reply(200, json.dumps(observations(*ROWS)).encode(), delivery=Delivery.CUT), SourceDown),
        (json_body("{}"), SourceChangedShape),
        (json_body("[]"), SourceChangedShape),
    ]
    errors = [refusal(reply) for reply, _kind in cases]
    for error, (_reply, kind) in zip(errors, cases, strict=True):
        assert isinstance(error, kind), error
    messages = [error.message for error in errors]
    assert len(set(messages)) == len(messages)
    assert "3 of 6826 observations" in messages[10]
    assert "SOFR" in messages[2]
    assert "status 504" in messages[5]


@pytest.mark.parametrize("status", [400, 404])
def test_an_unknown_series_is_no_matter_of_the_key(status: int) -> None:
    error = refusal(error_body("Bad Request.  The series does not exist.", status))
    assert isinstance(error, UnknownSeries)
    assert not error.retryable
    assert "key" not in str(error)


def test_an_error_inside_a_200_is_an_error() -> None:
    assert isinstance(refusal(json_body('{"error_code":429,"error_message":"Exceeded Rate Limit"}')), RateLimited)
    assert isinstance(refusal(json_body('{"error_code":400,"error_message":"... api_key ..."}')), KeyRefused)
    assert isinstance(refusal(json_body('{"error_code":7}')), SourceChangedShape)


MODES = [
    (Mode.RATE_LIMITED, RateLimited, 2),
    (Mode.RATE_LIMITED_RETRY_AFTER, RateLimited, 2),
    (Mode.SERVER_ERROR_HTML, SourceDown, 2),
    (Mode.CUT_BODY, SourceDown, 2),
    (Mode.PARTIAL_BODY, SourceChangedShape, 1),
    (Mode.HTML_200, SourceChangedShape, 1),
    (Mode.EMPTY_LIST, SourceChangedShape, 1),
    (Mode.EMPTY_OBJECT, SourceChangedShape, 1),
    (Mode.WRONG_TYPE, SourceChangedShape, 1),
    (Mode.WRONG_KEY, KeyRefused, 1),
]


@pytest.mark.parametrize(("mode", "kind", "requests"), MODES)
def test_how_often_each_refusal_is_asked(server: SampleServer, mode: Mode, kind: type[AppError], requests: int) -> None:
    server.misbehave.set(FRED_HOST, mode)
    with client(server.url) as http, pytest.raises(kind):
        Fred(http, SAMPLE_FRED_KEY).observations("SOFR", SINCE, NOW)
    assert server.count(FRED_HOST) == requests
    assert SAMPLE_FRED_KEY not in repr(server.requests)


def test_the_sample_answers_with_a_key_and_without(server: SampleServer) -> None:
    with client(server.url) as http:
        fred = Fred(http, SAMPLE_FRED_KEY)
        points = fred.observations("DGS10", None, NOW).rows
        assert len(points) > 9_000
        assert (
            fred.observations("DGS10", SINCE, NOW).rows == tuple(point for point in points if point.date >= SINCE) != ()
        )
        assert Fred(http, None).csv_observations("DGS10", None, NOW).rows == points
        with pytest.raises(UnknownSeries):
            fred.observations("NOSUCH", SINCE, NOW)
        with pytest.raises(KeyRefused):
            Fred(http, KEY).observations("DGS10", SINCE, NOW)
    assert (server.count(FRED_HOST), server.count(FRED_CSV_HOST)) == (4, 1)
