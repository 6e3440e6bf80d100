"""The HTTP client against servers that are silent, slow, huge, out of reach, or asked to stop; and its secrets."""

import gzip
import socket
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import LIFTED
from support import SECRET, Waits, client, examples

from net.replies import CUT, HANG, HOST, URL, json_body, noting, page, told
from tray_app.core.errors import (
    AppError,
    BadInput,
    Cancelled,
    KeyRefused,
    NetworkDown,
    SourceChangedShape,
    SourceDown,
)
from tray_app.demo.server import SampleServer
from tray_app.demo.wire import Delivery, Reply
from tray_app.engine.cancel import CancelFlag
from tray_app.net import http as http_module
from tray_app.net.http import HttpClient
from tray_app.net.request import HISTORY, HttpOptions, Request

GOOD = json_body('{"fine": true}')
LIMITED = json_body('{"status":{"error_code":429}}', 429)


def test_silence_is_not_tried_again_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "READ_TIMEOUT", 0.2)
    with told(HANG) as (url, seen), client(url) as http, pytest.raises(SourceDown, match="no answer within"):
        http.get(Request(URL))
    assert len(seen.seen) == 1


def test_a_body_that_stalls_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "READ_TIMEOUT", 0.2)
    stalls = Reply(200, b"[" + b" " * 3000, delivery=Delivery.DRIP, pause_seconds=30.0, piece_bytes=1000)
    with told(stalls) as (url, seen), client(url) as http, pytest.raises(SourceDown, match="no answer within"):
        http.get(Request(URL, headers={"Accept-Encoding": "identity"}))
    assert len(seen.seen) == 1


def test_history_tries_silence_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "READ_TIMEOUT", 0.2)

    def silent(_request: object) -> Reply:
        # The first try waits by the limit it began with.
        monkeypatch.setattr(http_module, "READ_TIMEOUT", LIFTED)
        return HANG

    with told(silent, GOOD) as (url, _seen), noting(url) as (http, waits):
        assert http.get(Request(URL, retry=HISTORY)).status == 200
    assert waits.waited == [5.0]


def test_a_slow_drip_ends_at_the_deadline_though_no_single_wait_is_long() -> None:
    # One byte at a time: a client that waits for a whole piece would sit here for an hour.
    drip = Reply(200, b"[" + b" " * 100_000, delivery=Delivery.DRIP, pause_seconds=0.02, piece_bytes=1)
    with told(drip) as (url, seen), client(url) as http, pytest.raises(SourceDown, match="took longer"):
        http.get(Request(URL, deadline=0.3))
    assert len(seen.seen) == 1


def test_a_slow_drip_within_the_deadline_is_good() -> None:
    drip = Reply(200, b'{"fine": true}', delivery=Delivery.DRIP, pause_seconds=0.001, piece_bytes=1)
    with told(drip) as (url, _seen), client(url) as http:
        assert http.get(Request(URL)).body == b'{"fine": true}'


@pytest.mark.parametrize("size", [1, 100, 149, 150, 65_535, 65_536, 65_537, 300_000])
def test_bodies_of_any_size_come_whole_compressed_or_not(size: int) -> None:
    body = bytes(index * 7 % 251 for index in range(size))
    with told(Reply(200, body)) as (url, _seen), client(url) as http:
        assert http.get(Request(URL)).body == body
        assert http.get(Request(URL, headers={"Accept-Encoding": "identity"})).body == body


def test_an_oversized_body_is_refused_before_it_is_read_to_its_end() -> None:
    big = Reply(200, b" " * 200_000)
    with told(big) as (url, seen), client(url) as http, pytest.raises(SourceChangedShape, match="than 100000 bytes"):
        http.get(Request(URL, max_bytes=100_000))
    assert len(seen.seen) == 1


def test_a_small_body_that_unpacks_to_a_huge_one_is_refused() -> None:
    bomb = Reply(200, gzip.compress(b" " * 60_000_000), headers=(("Content-Encoding", "gzip"),))
    assert len(bomb.body) < 100_000
    with told(bomb) as (url, _seen), client(url) as http, pytest.raises(SourceChangedShape, match="more than"):
        http.get(Request(URL, headers={"Accept-Encoding": "identity"}))


def test_a_closed_port_is_no_network() -> None:
    with client(f"http://127.0.0.1:{closed_port()}") as http, pytest.raises(NetworkDown) as caught:
        http.get(Request(URL))
    assert HOST in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


def test_a_name_that_is_not_known_is_no_network() -> None:
    with client("http://nowhere.invalid") as http, pytest.raises(NetworkDown) as caught:
        http.get(Request(URL))
    assert "name not found" in str(caught.value)


def test_a_proxy_that_does_not_answer_is_no_network() -> None:
    http = HttpClient(HttpOptions(proxy=f"http://127.0.0.1:{closed_port()}"), lambda _source: None, CancelFlag())
    with pytest.raises(NetworkDown, match="proxy"):
        http.get(Request(URL))
    http.close()


@pytest.mark.parametrize("proxy", ["http://", "nonsense://a b", "http://[1::", "socks9://x"])
def test_a_proxy_that_is_no_address_is_said_to_be_so(proxy: str) -> None:
    http = HttpClient(HttpOptions(proxy=proxy), lambda _source: None, CancelFlag())
    with pytest.raises((BadInput, NetworkDown), match="proxy"):
        http.get(Request(URL))
    http.close()


def test_a_host_that_hangs_up_is_down_not_out_of_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        hangs_up = threading.Thread(target=hang_up, args=(listening, 2))
        hangs_up.start()
        with client(f"http://127.0.0.1:{listening.getsockname()[1]}") as http, pytest.raises(SourceDown):
            http.get(Request(URL))
        hangs_up.join()


# --- cancelling ---------------------------------------------------------------------------------------------------


def test_a_cancelled_request_is_not_sent() -> None:
    cancel = CancelFlag()
    cancel.set()
    with told(GOOD) as (url, seen), client(url, cancel) as http, pytest.raises(Cancelled):
        http.get(Request(URL))
    assert seen.seen == []


def test_cancelling_while_waiting_for_the_next_try_ends_the_wait() -> None:
    with told(LIMITED) as (url, seen), noting(url, Waits(cancel_at=0)) as (http, _waits), pytest.raises(Cancelled):
        http.get(Request(URL))
    assert len(seen.seen) == 1


def test_cancelling_while_keeping_distance_sends_nothing_more() -> None:
    with told(GOOD) as (url, seen), noting(url, Waits(cancel_at=0)) as (http, _waits):
        http.get(Request(URL, pause=16.0))
        with pytest.raises(Cancelled):
            http.get(Request(URL, pause=16.0))
    assert len(seen.seen) == 1


def test_cancelling_during_a_slow_body_does_not_wait_for_its_end() -> None:
    cancel = CancelFlag()
    drip = Reply(200, b" " * 100_000, delivery=Delivery.DRIP, pause_seconds=0.02, piece_bytes=10)

    def reply(_request: object) -> Reply:
        cancel.set()
        return drip

    with told(reply) as (url, _seen), client(url, cancel) as http, pytest.raises(Cancelled):
        http.get(Request(URL))


# --- secrets ------------------------------------------------------------------------------------------------------


def everything_said(error: BaseException | None) -> str:
    said = []
    while error is not None:
        said += [repr(error), str(error), repr(error.args)]
        error = error.__cause__
    return " ".join(said)


@pytest.mark.parametrize(
    "reply", [LIMITED, page(401), page(500), CUT, json_body(f'"{SECRET}"', 418), Reply(200, b" " * 5_000_000)]
)
def test_no_error_says_the_key(reply: Reply, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    request = Request(URL, headers={"x-cg-demo-api-key": SECRET}, parameters={"key": SECRET})
    with (
        told(reply) as (url, seen),
        noting(url, secrets=(SECRET,)) as (http, _waits),
        pytest.raises(AppError) as caught,
    ):
        http.get(request)
    assert seen.seen[0].header("x-cg-demo-api-key") == SECRET
    assert SECRET not in everything_said(caught.value)
    # Debug lines of urllib3 are never logged (see logs.TALKATIVE); ours are looked at here.
    assert not [
        record for record in caplog.records if record.name.startswith("tray_app.") and SECRET in record.getMessage()
    ]


@pytest.mark.parametrize("key", [f"{SECRET}\nX-Evil: 1", f" {SECRET}", f"{SECRET}키", f"{SECRET}\r"])
def test_a_key_that_cannot_be_sent_is_refused_without_being_told(key: str) -> None:
    with told(GOOD) as (url, seen), client(url) as http:
        http._options = HttpOptions(url, secrets=(key, SECRET))
        with pytest.raises(KeyRefused) as caught:
            http.get(Request(URL, headers={"x-cg-demo-api-key": key}))
    assert seen.seen == []
    assert SECRET not in everything_said(caught.value)


def test_an_unreachable_proxy_does_not_tell_its_password() -> None:
    proxy = f"http://someone:{SECRET}@127.0.0.1:{closed_port()}"
    http = HttpClient(HttpOptions(proxy=proxy), lambda _source: None, CancelFlag())
    with pytest.raises(NetworkDown) as caught:
        http.get(Request(URL))
    http.close()
    assert SECRET not in everything_said(caught.value)


@given(secret=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40))
@settings(max_examples=examples(25), deadline=None)
def test_no_secret_of_any_form_is_in_an_error(secret: str) -> None:
    port = closed_port()
    http = HttpClient(HttpOptions(f"http://127.0.0.1:{port}", secrets=(secret,)), lambda _source: None, CancelFlag())
    with pytest.raises(NetworkDown) as caught:
        http.get(Request(f"https://{HOST}/v1", parameters={"key": secret}, headers={"key": secret}))
    http.close()
    # Letters that our own sentences hold by chance are no leak.
    plain = everything_said(NetworkDown(HOST, "connection refused"))
    if secret not in plain:
        assert secret not in str(caught.value)
        assert secret not in str(caught.value.__cause__)


# --- reachable ----------------------------------------------------------------------------------------------------


def test_any_answer_means_reachable(server: SampleServer) -> None:
    with client(server.url) as http:
        assert http.probe("https://api.llama.fi/").error is None
        server.misbehave.set("api.llama.fi", "server_error_html")
        assert http.probe("https://api.llama.fi/").error is None


def test_no_answer_means_not_reachable() -> None:
    with client(f"http://127.0.0.1:{closed_port()}") as http:
        assert http.probe("https://api.llama.fi/").error is not None


def closed_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def hang_up(listening: socket.socket, times: int) -> None:
    for _ in range(times):
        connection, _address = listening.accept()
        connection.recv(1000)
        connection.close()


# --- packing ------------------------------------------------------------------------------------------------------


def packed(body: bytes, encoding: str = "gzip") -> Reply:
    return Reply(200, body, headers=(("Content-Encoding", encoding),))


def test_only_what_we_can_unpack_is_offered() -> None:
    with told(GOOD) as (url, seen), client(url) as http:
        http.get(Request(URL))
    assert seen.seen[0].header("Accept-Encoding") == "gzip"


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (packed(gzip.compress(b"one") + gzip.compress(b"two")), b"onetwo"),
        (packed(gzip.compress(b"")), b""),
        (packed(b""), b""),
        (packed(b"plain", "identity"), b"plain"),
    ],
)
def test_packed_bodies(reply: Reply, body: bytes) -> None:
    with told(reply) as (url, _seen), client(url) as http:
        assert http.get(Request(URL, headers={"Accept-Encoding": "identity"})).body == body


def test_a_packed_body_that_ends_too_early_is_a_cut_body() -> None:
    short = packed(gzip.compress(b"x" * 1000)[:-6])
    with told(short) as (url, _seen), client(url) as http, pytest.raises(SourceDown, match="broke off"):
        http.get(Request(URL, headers={"Accept-Encoding": "identity"}))


def test_a_packing_nobody_asked_for_is_refused() -> None:
    odd = packed(b"\x0b\x02", "br")
    with told(odd) as (url, _seen), client(url) as http, pytest.raises(SourceChangedShape, match="packed as br"):
        http.get(Request(URL))


def test_a_host_with_a_huge_slow_page_answers() -> None:
    page = Reply(
        200, b" " * 6_000_000, headers=(("Content-Encoding", "br"),), delivery=Delivery.DRIP, pause_seconds=9.0
    )
    with told(page) as (url, _seen), client(url) as http:
        assert http.probe(URL).error is None
