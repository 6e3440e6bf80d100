"""The HTTP client against a real server that refuses, hangs, drips and cuts."""

from email.utils import format_datetime

import pytest
from support import NOW, Waits, client

from net.replies import CUT, HOST, URL, json_body, noting, page, told
from tray_app import __version__
from tray_app.core.errors import (
    AppError,
    KeyRefused,
    QuotaSpent,
    RateLimited,
    SourceChangedShape,
    SourceDown,
)
from tray_app.demo.wire import Reply
from tray_app.engine.cancel import CancelFlag
from tray_app.net.http import HttpClient
from tray_app.net.request import HISTORY, HttpOptions, Request, Response

GOOD = json_body('{"fine": true}')
LIMITED = json_body('{"status":{"error_code":429}}', 429)


def test_a_good_answer_comes_whole() -> None:
    with told(GOOD) as (url, seen), client(url) as http:
        answer = http.get(Request(URL))
    assert (answer.status, answer.body) == (200, b'{"fine": true}')
    assert len(seen.seen) == 1


def test_the_request_names_us_and_no_browser() -> None:
    with told(GOOD) as (url, seen), client(url) as http:
        http.get(Request(URL, headers={"X-Other": "1"}))
    assert seen.seen[0].header("User-Agent").startswith(f"MarketTray/{__version__}")
    assert "Mozilla" not in seen.seen[0].header("User-Agent")


def test_upstream_keeps_host_path_query_method_and_headers() -> None:
    with told(GOOD) as (url, seen), client(f"{url}/") as http:
        http.get(Request(URL, parameters={"a": "1,2", "b": "한 글&=?"}, headers={"X-Key": "k"}))
    [request] = seen.seen
    assert (request.method, request.host, request.path) == ("GET", HOST, "/v1/things")
    assert request.query == (("a", "1,2"), ("b", "한 글&=?"))
    assert request.header("X-Key") == "k"


def test_upstream_shrinks_pauses_and_waits_to_nothing() -> None:
    waits = Waits()
    with told(LIMITED, GOOD) as (url, _seen), client(url, waits) as http:
        http.get(Request(URL, pause=3.0))
        http.get(Request(URL, pause=3.0))
    assert set(waits.waited) <= {0.0}


def test_calls_to_one_host_keep_their_distance() -> None:
    with told(GOOD, hosts=(HOST, "other.example")) as (url, _seen), noting(url) as (http, waits):
        http.get(Request(URL, pause=16.0))
        http.get(Request("https://other.example/v1", pause=1.0))
        http.get(Request(URL, pause=16.0))
    assert len(waits.waited) == 1
    assert 14 < waits.waited[0] <= 16


def test_every_call_is_counted_before_it_is_sent() -> None:
    counted: list[str] = []
    with told(page(500), GOOD) as (url, _seen):
        http = HttpClient(HttpOptions(url), counted.append, CancelFlag())
        http.get(Request(URL))
        http.close()
    assert counted == [HOST, HOST]


# --- refusals -----------------------------------------------------------------------------------------------------


def test_429_without_retry_after_waits_two_seconds_once() -> None:
    with told(LIMITED) as (url, seen), noting(url) as (http, waits), pytest.raises(RateLimited):
        http.get(Request(URL))
    assert len(seen.seen) == 2
    assert waits.waited == [2.0]


def test_429_then_good_is_good() -> None:
    with told(LIMITED, GOOD) as (url, seen), noting(url) as (http, waits):
        assert http.get(Request(URL)).status == 200
    assert (len(seen.seen), waits.waited) == (2, [2.0])


def test_429_with_retry_after_in_seconds_is_honoured() -> None:
    with told(json_body("{}", 429, Retry_After="7"), GOOD) as (url, _seen), noting(url) as (http, waits):
        http.get(Request(URL))
    assert waits.waited == [7.0]


def test_429_with_retry_after_as_a_date_counts_by_the_servers_clock() -> None:
    # The server lives on the day of the recordings: by this computer's clock that date is long past.
    later = format_datetime(NOW.replace(minute=51), usegmt=True)
    with told(json_body("{}", 429, Retry_After=later), GOOD) as (url, _seen), noting(url) as (http, waits):
        http.get(Request(URL))
    assert waits.waited == [60.0]


@pytest.mark.parametrize("asked", ["61", "3600", "999999999"])
def test_429_with_a_longer_retry_after_gives_up_at_once(asked: str) -> None:
    with (
        told(json_body("{}", 429, Retry_After=asked)) as (url, seen),
        noting(url) as (http, waits),
        pytest.raises(RateLimited),
    ):
        http.get(Request(URL))
    assert (len(seen.seen), waits.waited) == (1, [])


@pytest.mark.parametrize(
    "nonsense",
    ["soon", "", "-5", "1.5", "²", "Wed, 99 Foo 2026 00:00:00 GMT", "9" * 300, "Wed, 21 Oct 99999 07:28:00 GMT"],
)
def test_429_with_an_unreadable_retry_after_waits_as_without(nonsense: str) -> None:
    with told(json_body("{}", 429, Retry_After=nonsense), GOOD) as (url, _seen), noting(url) as (http, waits):
        http.get(Request(URL))
    assert waits.waited == [2.0]


def test_429_with_a_date_without_zone_or_in_the_past_waits_nothing() -> None:
    past = "Wed, 21 Oct 2015 07:28:00 -0000"
    with told(json_body("{}", 429, Retry_After=past), GOOD) as (url, _seen), noting(url) as (http, waits):
        http.get(Request(URL))
    assert waits.waited == [0.0]


def test_history_is_patient_with_429() -> None:
    replies = [LIMITED] * 5 + [GOOD]
    with told(*replies) as (url, seen), noting(url) as (http, waits):
        http.get(Request(URL, retry=HISTORY))
    assert (len(seen.seen), waits.waited) == (6, [60.0] * 5)


def test_5xx_html_is_tried_once_more() -> None:
    with told(page(502)) as (url, seen), noting(url) as (http, waits), pytest.raises(SourceDown, match="status 502"):
        http.get(Request(URL))
    assert (len(seen.seen), waits.waited) == (2, [2.0])


def test_a_refused_key_is_not_tried_again() -> None:
    def judge(response: Response) -> AppError | None:
        return KeyRefused("refused", "refused") if response.status == 401 else None

    with told(page(401)) as (url, seen), client(url) as http, pytest.raises(KeyRefused):
        http.get(Request(URL, classify=judge))
    assert len(seen.seen) == 1


def test_a_spent_quota_is_not_tried_again_though_its_status_is_429() -> None:
    with told(LIMITED) as (url, seen), client(url) as http, pytest.raises(QuotaSpent):
        http.get(Request(URL, classify=lambda _response: QuotaSpent(HOST, "spent", "")))
    assert len(seen.seen) == 1


@pytest.mark.parametrize("status", [300, 301, 302, 304, 400, 403, 404, 418])
def test_another_status_is_not_tried_again(status: int) -> None:
    bare = json_body("{}", status)
    with told(bare) as (url, seen), client(url) as http, pytest.raises(SourceChangedShape, match=f"status {status}"):
        http.get(Request(URL))
    assert len(seen.seen) == 1


def test_a_slow_client_told_so_by_the_server_tries_again() -> None:
    with told(page(408), GOOD) as (url, seen), client(url) as http:
        assert http.get(Request(URL)).status == 200
    assert len(seen.seen) == 2


def test_a_cut_body_is_tried_once_more() -> None:
    with told(CUT) as (url, seen), client(url) as http, pytest.raises(SourceDown, match="broke off"):
        http.get(Request(URL))
    assert len(seen.seen) == 2


def test_a_cut_body_then_a_whole_one_is_good() -> None:
    with told(CUT, GOOD) as (url, _seen), client(url) as http:
        assert http.get(Request(URL)).body == b'{"fine": true}'


def test_a_broken_compression_is_a_cut_body() -> None:
    broken = Reply(200, b"this is not gzip", headers=(("Content-Encoding", "gzip"),))
    with told(broken) as (url, _seen), client(url) as http, pytest.raises(SourceDown, match="broke off"):
        http.get(Request(URL))
