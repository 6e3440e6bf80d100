"""Yahoo: what is asked, which rows count, and that one refusal ends the asking."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from net.replies import Told, json_body, noting, page, told
from support import client

from datasets.liquidity.source.liquidity_kit import YAHOO, chart, chart_error, seconds
from tray_app.core.errors import AppError, RateLimited, SourceChangedShape, SourceDown
from tray_app.core.series import SeriesPoint
from tray_app.datasets.liquidity.source.yahoo import PAUSE, UnknownSeries, Yahoo
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.demo.wire import Delivery, Reply
from tray_app.net.http import HttpClient
from tray_app.net.request import HISTORY

# Saturday in New York: Friday's session is over.
NOW = datetime(2026, 8, 22, 10, 50, tzinfo=UTC)
SINCE = date(2026, 8, 10)
THURSDAY, FRIDAY = "2026-08-20T13:30", "2026-08-21T13:30"
ROWS: list[tuple[str, float | None]] = [(THURSDAY, 16.5), (FRIDAY, 17.25)]
POINTS = (SeriesPoint(date(2026, 8, 20), 16.5), SeriesPoint(date(2026, 8, 21), 17.25))


@contextmanager
def answering(*replies: Reply) -> Iterator[tuple[HttpClient, Told]]:
    with told(*replies, hosts=(YAHOO,)) as (url, seen), client(url) as http:
        yield http, seen


# --- asking -------------------------------------------------------------------------------------------------------


def test_what_is_asked() -> None:
    with answering(json_body(json.dumps(chart(ROWS)))) as (http, seen):
        assert Yahoo(http).closes("^VIX", SINCE, NOW).rows == POINTS
    (request,) = seen.seen
    assert (request.host, request.path) == (YAHOO, "/v8/finance/chart/^VIX")
    assert request.header("User-Agent").startswith("Mozilla/5.0 (")
    query = dict(request.query)
    assert (query["interval"], "range" in query) == ("1d", False)
    assert int(query["period1"]) == seconds("2026-08-09T00:00")
    assert int(query["period2"]) == int(NOW.timestamp()) + 86_400


@pytest.mark.parametrize("since", [date(1970, 1, 1), date(1927, 12, 30), date.min])
def test_all_of_it_begins_with_0(since: date) -> None:
    with answering(json_body(json.dumps(chart(ROWS)))) as (http, seen):
        Yahoo(http).closes("^VIX", since, NOW)
    assert seen.seen[0].param("period1") == "0"


@pytest.mark.parametrize("symbol", ["^VIX", "KRW=X", "DX-Y.NYB", "A/B?c=d"])
def test_symbols_are_quoted(symbol: str) -> None:
    with answering(json_body(json.dumps(chart(ROWS, symbol=symbol)))) as (http, seen):
        assert Yahoo(http).closes(symbol, SINCE, NOW).rows == POINTS
    assert seen.seen[0].path == f"/v8/finance/chart/{symbol}"


def test_calls_keep_their_distance() -> None:
    with told(json_body(json.dumps(chart(ROWS))), hosts=(YAHOO,)) as (url, _seen), noting(url) as (http, waits):
        for _ in range(3):
            Yahoo(http).closes("^VIX", SINCE, NOW)
    assert PAUSE == 2.0
    assert len(waits.waited) == 2
    assert all(PAUSE - 0.5 < wait <= PAUSE for wait in waits.waited)


# --- refusals -----------------------------------------------------------------------------------------------------


def test_each_refusal_has_a_message_of_its_own_and_is_asked_so_often() -> None:
    outage = b"<html><body><h1>Will be right back...</h1></body></html>"
    consent = (("Location", "https://consent.yahoo.com/v2/collectConsent?sessionId=1"),)
    edge = b"Edge: Too Many Requests"
    cases: list[tuple[Reply, type[AppError], int, str]] = [
        (Reply(429, edge, "text/html"), RateLimited, 1, "too many in a short time"),
        (json_body(chart_error("Not Found", "No data found"), 404), UnknownSeries, 1, "has no series"),
        (json_body(chart_error("Unprocessable Entity", "Invalid input"), 422), SourceChangedShape, 1, "Invalid input"),
        (Reply(503, outage, "text/html"), SourceDown, 2, "right back"),
        (Reply(302, b"", "text/html", consent), SourceChangedShape, 1, "consent"),
        (page(404), SourceChangedShape, 1, "status 404"),
        (page(502), SourceDown, 2, "status 502"),
        (page(200), SourceChangedShape, 1, "web page"),
        (Reply(200, json.dumps(chart(ROWS)).encode(), delivery=Delivery.CUT), SourceDown, 2, "broke off"),
        (json_body(json.dumps(chart(ROWS))[:-9]), SourceChangedShape, 1, "not JSON"),
    ]
    messages = []
    for reply, kind, requests, words in cases:
        with answering(reply) as (http, seen):
            with pytest.raises(kind, match=words) as caught:
                Yahoo(http).closes("^VIX", SINCE, NOW)
            assert len(seen.seen) == requests
        messages.append(caught.value.message)
    assert len(set(messages)) == len(messages)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(429, b"Edge: Too Many Requests", "text/plain"),
        Reply(429, b"Too Many Requests\r\n", "text/html"),
        Reply(429, b"", "text/plain", (("Retry-After", "1"),)),
        Reply(200, b"Edge: Too Many Requests", "text/plain"),
        Reply(403, b"Edge: Too Many Requests", "text/plain"),
        Reply(999, b"Request denied", "text/html"),
        page(429),
    ],
)
def test_the_first_429_ends_the_asking_for_an_hour(reply: Reply) -> None:
    with told(reply, hosts=(YAHOO,)) as (url, seen), noting(url) as (http, waits):
        with pytest.raises(RateLimited) as caught:
            Yahoo(http).closes("^VIX", SINCE, NOW, HISTORY)
        assert len(seen.seen) == 1
    assert waits.waited == []
    assert caught.value.retry_at == NOW + timedelta(minutes=60)
    assert "60 minutes" in str(caught.value)


@pytest.mark.parametrize("status", [200, 503])
def test_the_outage_page_is_an_outage_whatever_its_status(status: int) -> None:
    outage = Reply(status, b"<html>Will be right back</html>", "text/html")
    with answering(outage) as (http, _seen), pytest.raises(SourceDown, match="right back"):
        Yahoo(http).closes("^VIX", SINCE, NOW)


@pytest.mark.parametrize("host", ["consent.yahoo.com", "guce.yahoo.com"])
def test_a_page_about_cookies_is_not_followed(host: str) -> None:
    reply = Reply(302, b"", "text/html", (("Location", f"https://{host}/consent"),))
    with answering(reply) as (http, seen):
        with pytest.raises(SourceChangedShape, match="consent"):
            Yahoo(http).closes("^VIX", SINCE, NOW)
        assert len(seen.seen) == 1


def test_dates_without_prices_are_no_error() -> None:
    words = "Data doesn't exist for startDate = 1780000000, endDate = 1780086400"
    with answering(json_body(chart_error("Bad Request", words), 400)) as (http, _seen):
        assert Yahoo(http).closes("^VIX", SINCE, NOW).rows == ()


MODES = [
    (Mode.RATE_LIMITED, RateLimited, 1),
    (Mode.RATE_LIMITED_RETRY_AFTER, RateLimited, 1),
    (Mode.SERVER_ERROR_HTML, SourceDown, 2),
    (Mode.CUT_BODY, SourceDown, 2),
    (Mode.PARTIAL_BODY, SourceChangedShape, 1),
    (Mode.HTML_200, SourceChangedShape, 1),
    (Mode.EMPTY_LIST, SourceChangedShape, 1),
    (Mode.EMPTY_OBJECT, SourceChangedShape, 1),
    (Mode.WRONG_TYPE, SourceChangedShape, 1),
    (Mode.CONSENT_REDIRECT, SourceChangedShape, 1),
    (Mode.MAINTENANCE_200, SourceDown, 1),
    (Mode.MAINTENANCE_403, SourceDown, 2),
]


@pytest.mark.parametrize(("mode", "kind", "requests"), MODES)
def test_how_often_each_refusal_is_asked(server: SampleServer, mode: Mode, kind: type[AppError], requests: int) -> None:
    server.misbehave.set(YAHOO, mode)
    with client(server.url) as http, pytest.raises(kind, match=YAHOO):
        Yahoo(http).closes("^VIX", SINCE, NOW)
    assert server.count(YAHOO) == requests


def test_the_sample_answers(server: SampleServer) -> None:
    with client(server.url) as http:
        points = Yahoo(http).closes("^GSPC", date(1986, 1, 2), NOW).rows
        assert len(points) > 9_000
        assert points[-1].date == date(2026, 8, 21)
        assert (
            Yahoo(http).closes("^GSPC", SINCE, NOW).rows
            == tuple(point for point in points if point.date >= SINCE)
            != ()
        )
        assert Yahoo(http).closes("DX-Y.NYB", SINCE, NOW - timedelta(days=1)).rows[-1].date == date(2026, 8, 20)
        assert Yahoo(http).closes("XLF", date(2026, 8, 22), NOW).rows == ()
        with pytest.raises(UnknownSeries):
            Yahoo(http).closes("NOSUCH", SINCE, NOW)
    assert server.count(YAHOO) == 5
