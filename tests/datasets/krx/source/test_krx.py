"""Talking to the KRX Open API: what is sent, how refusals are told apart, how often it is asked."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from repository import RECORDED
from support import HOSTS, Clock, Waits

from tray_app.core.errors import (
    AppError,
    KeyRefused,
    QuotaSpent,
    RateLimited,
    ServiceNotApproved,
    SourceChangedShape,
    SourceDown,
)
from tray_app.datasets.krx.rows import IndexClass, Market
from tray_app.datasets.krx.sample.answers import SHARE
from tray_app.datasets.krx.source.client import KrxOpenApi
from tray_app.demo.server import SampleServer
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Delivery, Reply, Request, html_reply, json_reply, text_reply
from tray_app.net.http import HttpClient
from tray_app.net.request import HISTORY, HttpOptions, RetryPolicy

ERRORS = RECORDED / "krx" / "openapi" / "errors_captured_2026-08-15.json"
HOST = "data-dbg.krx.co.kr"
DAY = date(2026, 9, 10)
KEY = "0123456789ABCDEF0123456789ABCDEF01234567"
EMPTY = json_reply({"OutBlock_1": []})
KEY_WRONG = json_reply({"respMsg": "Unauthorized Key", "respCode": "401"}, 401)
NOT_APPROVED = json_reply({"respMsg": "Unauthorized API Call", "respCode": "401"}, 401)
GONE = json_reply({"respMsg": "[svc/apis/sto/x] API referenced by the path does not exist.", "respCode": "404"}, 404)


@dataclass
class Scripted(Upstream):
    """Answers with the given replies in turn, the last one for ever; keeps what it was asked."""

    replies: list[Reply]
    seen: list[Request] = field(default_factory=list)

    def answer(self, request: Request) -> Reply:
        self.seen.append(request)
        return self.replies[min(len(self.seen), len(self.replies)) - 1]


@dataclass
class Asked:
    """A source, what it talks to, and what was counted."""

    source: KrxOpenApi
    upstream: Scripted
    cancel: Waits
    reserved: list[str]


@contextmanager
def asking(*replies: Reply, key: str = KEY, retry: RetryPolicy | None = None) -> Iterator[Asked]:
    upstream = Scripted(list(replies))
    cancel, reserved = Waits(), list[str]()
    hosts: Mapping[str, Upstream] = {HOST: upstream}
    with SampleServer(Clock().now, hosts=hosts) as server:
        http = HttpClient(HttpOptions(upstream=server.url, secrets=(KEY,)), reserved.append, cancel)
        source = KrxOpenApi(http, key) if retry is None else KrxOpenApi(http, key, retry)
        try:
            yield Asked(source, upstream, cancel, reserved)
        finally:
            http.close()


def refused_with(kind: type[AppError], *replies: Reply, tries: int) -> AppError:
    with asking(*replies) as asked:
        with pytest.raises(kind) as caught:
            asked.source.equities(Market.KOSPI, DAY)
        assert len(asked.upstream.seen) == len(asked.reserved) == tries
        assert set(asked.cancel.waited) <= {0.0}
        return caught.value


@pytest.mark.parametrize(
    ("ask", "path"),
    [
        (lambda source: source.equities(Market.KOSPI, DAY), "sto/stk_bydd_trd"),
        (lambda source: source.equities(Market.KOSDAQ, DAY), "sto/ksq_bydd_trd"),
        (lambda source: source.equities(Market.KONEX, DAY), "sto/knx_bydd_trd"),
        (lambda source: source.base_info(Market.KOSPI, DAY), "sto/stk_isu_base_info"),
        (lambda source: source.base_info(Market.KOSDAQ, DAY), "sto/ksq_isu_base_info"),
        (lambda source: source.base_info(Market.KONEX, DAY), "sto/knx_isu_base_info"),
        (lambda source: source.indices(IndexClass.KRX, DAY), "idx/krx_dd_trd"),
        (lambda source: source.indices(IndexClass.KOSPI, DAY), "idx/kospi_dd_trd"),
        (lambda source: source.indices(IndexClass.KOSDAQ, DAY), "idx/kosdaq_dd_trd"),
        (lambda source: source.etfs(DAY), "etp/etf_bydd_trd"),
    ],
)
def test_what_is_sent(ask: Callable[[KrxOpenApi], object], path: str) -> None:
    with asking(EMPTY) as asked:
        assert not getattr(ask(asked.source), "rows", ())
        (request,) = asked.upstream.seen
    assert (request.method, request.path, request.query) == ("GET", f"/svc/apis/{path}", (("basDd", "20260910"),))
    assert request.header("AUTH_KEY") == KEY
    assert request.body == b""
    assert asked.reserved == [HOST]


def test_three_requests_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class Http(HttpClient):
        def get(self, request: Any) -> Any:
            asked.append(request)
            return super().get(request)

    upstream = Scripted([EMPTY])
    hosts: Mapping[str, Upstream] = {HOST: upstream}
    with SampleServer(Clock().now, hosts=hosts) as server:
        http = Http(HttpOptions(upstream=server.url), lambda _host: None, Waits())
        KrxOpenApi(http, KEY, HISTORY).equities(Market.KOSPI, DAY)
        http.close()
    assert asked[0].pause >= 1 / 3
    assert asked[0].retry is HISTORY
    assert asked[0].url.startswith("https://")


@pytest.mark.parametrize("stray", [KEY_WRONG, NOT_APPROVED])
@pytest.mark.parametrize("count", [1, 2])
def test_a_stray_refusal_is_asked_again(stray: Reply, count: int) -> None:
    with asking(*[stray] * count, EMPTY) as asked:
        assert asked.source.equities(Market.KOSPI, DAY).rows == ()
        assert len(asked.upstream.seen) == len(asked.reserved) == count + 1
        assert set(asked.cancel.waited) <= {0.0}


def test_a_wrong_key_is_believed_the_third_time() -> None:
    error = refused_with(KeyRefused, KEY_WRONG, tries=3)
    assert "key is wrong" in error.title
    assert "KRX_AUTH_KEY" in error.hint
    assert not error.retryable


def test_a_missing_approval_names_the_service() -> None:
    error = refused_with(ServiceNotApproved, NOT_APPROVED, tries=3)
    assert "유가증권 일별매매정보" in error.message
    assert "openapi.krx.co.kr" in error.hint
    assert not error.retryable


def test_the_last_of_mixed_refusals_counts() -> None:
    refused_with(ServiceNotApproved, KEY_WRONG, KEY_WRONG, NOT_APPROVED, tries=3)
    refused_with(KeyRefused, NOT_APPROVED, json_reply({"respMsg": "?"}, 401), tries=3)
    refused_with(KeyRefused, text_reply("no", 401), tries=3)


def test_refusals_that_say_200() -> None:
    disguised = json_reply({"respMsg": "Unauthorized API Call", "respCode": "401"})
    refused_with(ServiceNotApproved, disguised, tries=3)
    refused_with(QuotaSpent, json_reply({"respMsg": "over", "respCode": "429"}), tries=1)
    refused_with(SourceChangedShape, json_reply({"respMsg": "?", "respCode": "404"}), tries=1)


def test_a_spent_quota_is_not_asked_again() -> None:
    error = refused_with(QuotaSpent, json_reply({"respMsg": "Too Many", "respCode": "429"}, 429), tries=1)
    assert "today" in error.message


def test_a_429_that_names_a_moment_is_waited_for() -> None:
    moment = Reply(429, b"", headers=(("Retry-After", "5"),))
    with asking(moment, EMPTY) as asked:
        assert asked.source.equities(Market.KOSPI, DAY).rows == ()
    refused_with(RateLimited, moment, tries=2)
    refused_with(QuotaSpent, Reply(429, b"", headers=(("Retry-After", "7200"),)), tries=1)


@pytest.mark.parametrize("status", [200, 403])
def test_a_maintenance_page(status: int) -> None:
    error = refused_with(SourceDown, html_reply("점검 중", status), tries=1 if status == 200 else 2)
    assert "maintenance" in error.message
    assert error.retryable


def test_a_page_without_a_content_type() -> None:
    refused_with(SourceDown, Reply(200, b"\xef\xbb\xbf\r\n <!DOCTYPE html>", "application/json"), tries=1)


def test_a_path_that_is_gone() -> None:
    error = refused_with(SourceChangedShape, GONE, tries=1)
    assert "유가증권 일별매매정보" in error.message


@pytest.mark.parametrize("place", ["https://openapi.krx.co.kr/elsewhere", f"http://{HOST}/svc/apis/sto/stk_bydd_trd"])
def test_the_key_follows_no_redirect_elsewhere(place: str) -> None:
    refused_with(SourceChangedShape, Reply(302, b"", headers=(("Location", place),)), tries=1)


def test_a_fault_of_the_server_is_asked_again() -> None:
    refused_with(SourceDown, text_reply("oops", 500), tries=2)


def test_cut_bodies() -> None:
    body = json.dumps({"OutBlock_1": [{"BAS_DD": "20260910"}]}).encode()
    refused_with(SourceChangedShape, Reply(200, body[:-10]), tries=1)
    refused_with(SourceDown, Reply(200, body, delivery=Delivery.CUT), tries=2)


@pytest.mark.parametrize("key", ["", "  ", "한글", "a\nb", "a\x00"])
def test_a_key_that_cannot_be_sent_is_refused_unsent(key: str) -> None:
    with asking(EMPTY, key=key) as asked:
        with pytest.raises(KeyRefused):
            asked.source.equities(Market.KOSPI, DAY)
        assert (asked.upstream.seen, asked.reserved) == ([], [])


def test_blanks_around_a_pasted_key_do_no_harm() -> None:
    with asking(EMPTY, key=f" {KEY}\n") as asked:
        asked.source.equities(Market.KOSPI, DAY)
        assert asked.upstream.seen[0].header("AUTH_KEY") == KEY


@pytest.mark.parametrize(
    "reply",
    [
        KEY_WRONG,
        NOT_APPROVED,
        GONE,
        html_reply(KEY, 200),
        html_reply("x", 403),
        text_reply("x", 500),
        Reply(200, b"{", delivery=Delivery.CUT),
        json_reply({"OutBlock_1": None}),
    ],
)
def test_the_key_stays_out_of_errors_and_logs(reply: Reply, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), asking(reply) as asked:
        with pytest.raises(AppError) as caught:
            asked.source.equities(Market.KOSPI, DAY)
        said = [repr(asked.source)]
    error: BaseException | None = caught.value
    while error is not None:
        said += [str(error), repr(error)]
        error = error.__cause__ or error.__context__
    assert KEY not in "".join(said) + caplog.text


@pytest.mark.skipif(not ERRORS.is_file(), reason=f"the recorded refusals are not here (may not be shipped): {ERRORS}")
def test_recorded_refusals() -> None:
    kinds: dict[tuple[int, str], type[AppError]] = {
        (401, "Unauthorized API Call"): ServiceNotApproved,
        (401, "Unauthorized Key"): KeyRefused,
        (403, "Forbidden"): SourceDown,
        (404, "html"): SourceChangedShape,
    }
    for exchange in json.loads(ERRORS.read_text(encoding="utf-8"))["exchanges"]:
        text, status = exchange["body_text"], exchange["status"]
        kind = next(kind for (code, words), kind in kinds.items() if code == status and words in text)
        form = exchange["headers"].get("Content-Type", "text/html")
        with asking(text_reply(text, status, form)) as asked, pytest.raises(kind):
            asked.source.base_info(Market.KOSPI, DAY)


def test_the_sample_exchange_answers_through_the_source() -> None:
    day = date(2026, 11, 18)
    clock = Clock(datetime(2026, 11, 19, 0, 0, tzinfo=UTC))
    with SampleServer(clock.now, hosts=HOSTS) as server:
        server.prepare()
        http = HttpClient(HttpOptions(upstream=server.url), lambda _host: None, Waits())
        source = KrxOpenApi(http, KEY)
        server.misbehave.set(HOST, "stray_401", times=2)
        assert len(source.equities(Market.KOSDAQ, day).rows) > 1_700 * SHARE
        assert server.count(HOST) == 3
        assert len(source.base_info(Market.KOSPI, day).rows) == len(source.equities(Market.KOSPI, day).rows)
        assert [len(source.indices(family, day).rows) for family in IndexClass] == [40, 51, 40]
        assert source.etfs(date(2026, 6, 3)).rows == source.equities(Market.KONEX, date(2026, 11, 19)).rows == ()
        for mode, kind in (
            ("wrong_key", KeyRefused),
            ("unapproved_service", ServiceNotApproved),
            ("maintenance_200", SourceDown),
            ("maintenance_403", SourceDown),
            ("quota", QuotaSpent),
        ):
            server.misbehave.set(HOST, mode)
            with pytest.raises(kind):
                source.equities(Market.KOSPI, day)
        http.close()
