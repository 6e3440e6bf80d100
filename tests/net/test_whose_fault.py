"""Whose fault a failed request is: what an answer does wrong is never told as a fault of the key, proxy or address."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import SECRET, client, examples

from net.raw_server import RawServer, heard, raw_server, says
from net.replies import URL, json_body, told
from tray_app.core.errors import AppError, BadInput, KeyRefused, NetworkDown, SourceChangedShape, SourceDown
from tray_app.engine.cancel import CancelFlag
from tray_app.net.http import HttpClient
from tray_app.net.request import HttpOptions, Request, Response

GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BODY = b'{"fine": true}'

ODD_ANSWERS = {
    "two lengths": GOOD + b"Content-Length: 14\r\nContent-Length: 15\r\n\r\n" + BODY,
    "not HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "a status that is no number": b"HTTP/1.1 OK OK\r\n\r\n",
    "a version of tomorrow": b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n",
    "a thousand headers": GOOD + b"X: 1\r\n" * 1000 + b"\r\n" + BODY,
    "a header without end": GOOD + b"X: " + b"y" * 200_000 + b"\r\n\r\n" + BODY,
    "a chunk without size": GOOD + b"Transfer-Encoding: chunked\r\n\r\nlots\r\n" + BODY,
    "nothing": b"",
}


@pytest.mark.parametrize("odd", ODD_ANSWERS)
def test_an_odd_answer_is_the_hosts_fault(odd: str) -> None:
    with raw_server(says(ODD_ANSWERS[odd])) as server, client(server.url) as http, pytest.raises(SourceDown) as caught:
        http.get(Request(URL))
    assert "key" not in str(caught.value)
    assert "proxy" not in str(caught.value)


@pytest.mark.parametrize("address", ["https://*.example/v1", "https://.example/v1", f"https://{'a' * 70}.example/v1"])
def test_an_address_that_is_none_is_no_fault_of_the_proxy(address: str) -> None:
    http = HttpClient(HttpOptions(), lambda _source: None, CancelFlag())
    with pytest.raises(BadInput, match="address is none that can be used"):
        http.get(Request(address))
    assert http.probe(address).error is not None
    http.close()


def test_a_redirect_to_an_address_that_is_none_is_the_hosts_fault() -> None:
    with raw_server(says(b"HTTP/1.1 302 Found\r\nLocation: https://*.example/\r\nContent-Length: 0\r\n\r\n")) as server:
        http = HttpClient(HttpOptions(), lambda _source: None, CancelFlag())
        with pytest.raises(SourceChangedShape, match="it leads to no web address"):
            http.get(Request(f"{server.url}/v1"))
        http.close()


def test_a_key_that_cannot_be_sent_is_still_the_keys_fault() -> None:
    with told(json_body("{}")) as (url, seen), client(url) as http, pytest.raises(KeyRefused):
        http.get(Request(URL, headers={"AUTH_KEY": "키"}))
    assert seen.seen == []


def test_a_host_that_speaks_no_tls_has_no_certificate_to_blame() -> None:
    def plain(_server: RawServer, connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(GOOD + b"\r\n" + BODY)

    with raw_server(plain) as server:
        http = HttpClient(HttpOptions(), lambda _source: None, CancelFlag())
        with pytest.raises(NetworkDown, match="no secure connection"):
            http.get(Request(f"https://127.0.0.1:{server.port}/v1"))
        http.close()


# --- any answer at all --------------------------------------------------------------------------------------------

PIECES = (
    *(b"HTTP/1.1 ", b"200", b" OK", b"\r\n", b"\r\n\r\n", b"302", b"407", b"100", b"14", b"-1", b"chunked", b"gzip"),
    *(b"Content-Length: ", b"Transfer-Encoding: ", b"Content-Encoding: ", b"Location: ", b"http://[", b"Retry-After: "),
    *(b"Set-Cookie: a=b; expires=", b"Date: ", b"e\r\n" + BODY, b"0\r\n", b"\x00", b"\xff", BODY, b"X: ", b";", b"\t"),
)


@contextmanager
def repeating() -> Iterator[tuple[list[bytes], RawServer]]:
    answers: list[bytes] = [b""]

    def talk(_server: RawServer, connection: socket.socket) -> None:
        heard(connection)
        connection.sendall(answers[0])

    with raw_server(talk) as server:
        yield answers, server


def test_no_answer_is_ever_a_fault_of_ours() -> None:
    with repeating() as (answers, server), client(server.url) as http:

        @given(
            head=st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", GOOD]),
            pieces=st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=12),
        )
        @settings(max_examples=examples(150), deadline=None)
        def told_so(head: bytes, pieces: list[bytes]) -> None:
            answers[0] = head + b"".join(pieces)
            outcome = outcome_of(http)
            assert not isinstance(outcome, KeyRefused | BadInput)

        told_so()


# --- a key that an upstream repeats ---------------------------------------------------------------------------------

HEADERS = (
    "Content-Encoding",
    "Content-Type",
    "Location",
    "Retry-After",
    "Date",
    "Content-Length",
    "Set-Cookie",
    "Server",
)


@pytest.mark.parametrize("status", [200, 302, 401, 500])
@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("form", ["{}", "http://x.example/?key={}", "gzip, {}", "{}, {}", "{}.example", "xxxxxxxxxx{}"])
def test_a_key_repeated_in_a_header_is_told_nowhere(status: int, header: str, form: str) -> None:
    answer = f"HTTP/1.1 {status} OK\r\n{header}: {form.replace('{}', SECRET)}\r\nConnection: close\r\n\r\n[]".encode()
    said = everything_of(answer, SECRET)
    for length in range(8, len(SECRET) + 1):
        assert SECRET[:length].lower() not in said.lower()


@pytest.mark.parametrize(
    ("secret", "written"),
    [
        (SECRET, SECRET),
        ("ab/cd+ef==gh", "ab\\/cd+ef==gh"),
        ("ab/cd+ef==gh", "ab%2Fcd%2Bef%3D%3Dgh"),
        ("ab&cd&ef&gh", "ab&amp;cd&amp;ef&amp;gh"),
    ],
)
@pytest.mark.parametrize("before", [0, 1, 10, 1990])
def test_a_key_repeated_in_a_body_is_struck_out_before_anything_can_cut_it(
    secret: str, written: str, before: int
) -> None:
    answer = GOOD + b"Connection: close\r\n\r\n" + f'{{"error": "{"x" * before}{written}"}}'.encode()
    with raw_server(says(answer)) as server:
        http = HttpClient(HttpOptions(server.url, secrets=(secret,)), lambda _source: None, CancelFlag())
        got = http.get(Request(URL))
        http.close()
    assert written not in got.body.decode()
    assert written[:9] not in got.text
    assert b"***" in got.body


def test_a_short_secret_is_not_struck_out_of_data() -> None:
    answer = GOOD + b"Connection: close\r\n\r\n" + b'{"price": 1234.5}'
    with raw_server(says(answer)) as server:
        http = HttpClient(HttpOptions(server.url, secrets=("123",)), lambda _source: None, CancelFlag())
        assert http.get(Request(URL)).body == b'{"price": 1234.5}'
        http.close()


def test_a_short_secret_does_not_change_what_a_header_says() -> None:
    with raw_server(says(GOOD + b"Connection: close\r\n\r\n[]")) as server:
        http = HttpClient(HttpOptions(server.url, secrets=("json",)), lambda _source: None, CancelFlag())
        assert http.get(Request(URL)).content_type == "application/json"
        http.close()


def outcome_of(http: HttpClient) -> Response | AppError:
    try:
        return http.get(Request(URL))
    except AppError as error:
        return error


def everything_of(answer: bytes, secret: str) -> str:
    """Return all that a client says of an answer: the error with its causes, or the response."""
    with raw_server(says(answer)) as server:
        http = HttpClient(HttpOptions(server.url, secrets=(secret,)), lambda _source: None, Impatient())
        outcome = outcome_of(http)
        http.close()
    return repr([outcome, str(outcome), getattr(outcome, "__cause__", None)])


class Impatient(CancelFlag):
    """Waits for nothing."""

    def wait(self, _seconds: float) -> None:
        self.raise_if_cancelled()
