"""A request ends within a second of its deadline or of being cancelled, whatever it waits for at that moment."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from patience import PATIENCE
from running_time import becomes_true, running_time

from net.raw_server import RawServer, heard, raw_server, says
from tray_app.core.errors import AppError, Cancelled, NetworkDown, SourceDown
from tray_app.engine.cancel import CancelFlag
from tray_app.net import http as http_module
from tray_app.net.http import HttpClient
from tray_app.net.request import HttpOptions, Request

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
# A TLS record of a greeting that says it has 16 kB to come.
GREETING = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03"
DEADLINE = 0.5
# A busy machine may take longer than that until the request is sent.
LONGER_DEADLINES = (DEADLINE, 4 * DEADLINE, 16 * DEADLINE)
SLACK = 1.0

EXAMPLE = "https://api.example/v1"
Talk = Callable[[RawServer, socket.socket], None]


def dripping(said: bytes, drip: bytes) -> Talk:
    """Return a talk that says the first at once and then drips the other for ever."""

    def talk(server: RawServer, connection: socket.socket) -> None:
        heard(connection)
        connection.sendall(said)
        server.drip(connection, drip)

    return talk


def silent(server: RawServer, connection: socket.socket) -> None:
    heard(connection)
    server.is_asked = True
    server.stopping.wait()


def greeting(server: RawServer, connection: socket.socket) -> None:
    connection.recv(65_536)
    connection.sendall(GREETING)
    server.drip(connection, b"\x00")


ANSWERS: dict[str, Talk] = {
    "silence": silent,
    "status line": dripping(b"HTTP/1.1 200 ", b"O"),
    "headers": dripping(HEAD, b"X-Slow: 1\r\n"),
    "one header": dripping(HEAD + b"X-Slow: ", b"1"),
    "interim answers": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": dripping(HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
    "body to the end of the connection": dripping(HEAD + b"Connection: close\r\n\r\n", b" "),
    "chunk sizes": dripping(CHUNKED + b"1\r\n[\r\n", b"0"),
    "chunks": dripping(CHUNKED, b"1\r\n \r\n"),
    "trailers": dripping(CHUNKED + b"1\r\n[\r\n0\r\n", b"X-Slow: 1\r\n"),
}


@pytest.fixture(params=["deadline", "cancel"])
def ending(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


def ended(options: HttpOptions, url: str, ending: str, seconds: float = DEADLINE) -> AppError:
    """Return how the request ended, which it must have done in time, and its thread and connection with it."""
    cancel = CancelFlag()
    http = HttpClient(options, lambda _source: None, cancel)
    deadline = seconds if ending == "deadline" else 60.0
    timer = threading.Timer(seconds, cancel.set)
    with running_time() as lived:
        if ending == "cancel":
            timer.start()
        begun = time.monotonic()
        with pytest.raises(AppError) as caught:
            http.get(Request(url, deadline=deadline))
        took = time.monotonic() - begun
        assert lived.seconds < seconds + SLACK
    timer.cancel()
    http.close()
    assert took > seconds * 0.9
    assert isinstance(caught.value, Cancelled) == (ending == "cancel")
    return caught.value


def ended_while_answered(talk: Talk, ending: str, way: Callable[[RawServer], tuple[HttpOptions, str]]) -> AppError:
    """Return how a request ended that had reached the server."""
    for seconds in LONGER_DEADLINES:
        with raw_server(talk) as server:
            error = ended(*way(server), ending, seconds)
            if server.is_asked:
                assert talk is silent or becomes_true(server.left.is_set, PATIENCE)
                return error
    pytest.fail("no request reached the server")


def no_thread_is_left() -> bool:
    return becomes_true(lambda: all(thread.name != "request" for thread in threading.enumerate()), PATIENCE)


@pytest.mark.parametrize("stage", ANSWERS)
def test_answers_that_trickle_in(stage: str, ending: str) -> None:
    error = ended_while_answered(ANSWERS[stage], ending, lambda server: (HttpOptions(server.url), EXAMPLE))
    if ending == "deadline":
        assert isinstance(error, SourceDown)
        assert "took longer than" in str(error)
    assert no_thread_is_left()


@pytest.mark.parametrize("stage", ["headers", "body", "trailers"])
def test_answers_that_trickle_in_by_tls(
    stage: str, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from .certificates import authority

    company = authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(company.file))
    context = company.server("127.0.0.1")

    def talk(server: RawServer, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            ANSWERS[stage](server, secure)

    error = ended_while_answered(talk, ending, lambda server: (HttpOptions(), f"https://127.0.0.1:{server.port}/v1"))
    assert isinstance(error, Cancelled) or "took longer than" in str(error)
    assert no_thread_is_left()


def test_a_greeting_of_tls_that_trickles_in(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "CONNECT_TIMEOUT", 1.5)
    with raw_server(greeting) as server:
        error = ended(HttpOptions(), f"https://127.0.0.1:{server.port}/v1", ending)
    assert isinstance(error, Cancelled | NetworkDown)
    assert no_thread_is_left()


@pytest.mark.parametrize("stage", ["silence", "status line", "headers"])
def test_a_proxy_that_trickles(stage: str, ending: str) -> None:
    with raw_server(ANSWERS[stage]) as server:
        error = ended(HttpOptions(proxy=server.url), EXAMPLE, ending)
    assert isinstance(error, Cancelled | NetworkDown)
    assert no_thread_is_left()


@contextmanager
def full_port() -> Iterator[int]:
    """Give a port that takes no connection and refuses none: its queue is full."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port: int = listening.getsockname()[1]
        waiting = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
            waiting.append(one)
        yield port
        for one in waiting:
            one.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows refuses connections when a queue is full")
def test_a_connection_that_is_not_taken(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "CONNECT_TIMEOUT", 1.5)
    with full_port() as port:
        error = ended(HttpOptions(f"http://127.0.0.1:{port}"), EXAMPLE, ending)
        assert isinstance(error, Cancelled | NetworkDown)
        assert no_thread_is_left()


def test_a_name_lookup_that_hangs(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()

    def lookup(*_arguments: object) -> list[object]:
        answers.wait()
        raise socket.gaierror(socket.EAI_AGAIN, "no name server answered")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    error = ended(HttpOptions(), EXAMPLE, ending)
    answers.set()
    assert isinstance(error, Cancelled | NetworkDown)
    assert no_thread_is_left()


def test_the_next_request_works_while_the_last_one_still_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, real = threading.Event(), socket.getaddrinfo

    def lookup(host: str, *arguments: object) -> object:
        if host == "hangs.example":
            answers.wait()
        return real("127.0.0.1", *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(http_module, "PROBE_SECONDS", 0.2)

    http = HttpClient(HttpOptions(), lambda _source: None, CancelFlag())
    with raw_server(says(HEAD + b"Content-Length: 2\r\n\r\n[]")) as server:
        with pytest.raises(NetworkDown, match="no connection within"):
            http.get(Request("https://hangs.example/v1", deadline=0.1))
        assert http.get(Request(f"http://works.example:{server.port}/v1")).body == b"[]"
        assert http.probe("https://hangs.example/").error is not None
        monkeypatch.setattr(http_module, "PROBE_SECONDS", PATIENCE)
        assert http.probe(f"http://works.example:{server.port}/v1").error is None
    answers.set()
    http.close()
    assert no_thread_is_left()


HANGING_PROGRAM = """
import socket, sys, time
from tray_app.core.errors import NetworkDown
from tray_app.engine.cancel import CancelFlag
from tray_app.net.http import HttpClient
from tray_app.net.request import HttpOptions, Request
socket.getaddrinfo = lambda *_: time.sleep(600)
http = HttpClient(HttpOptions(), lambda _source: None, CancelFlag())
try:
    http.get(Request("https://api.example/v1", deadline=0.2))
except NetworkDown:
    http.close()
    print("told", flush=True)
"""


def test_a_name_lookup_that_hangs_does_not_hold_up_the_end_of_the_program() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", HANGING_PROGRAM], stdout=pipe, stderr=pipe, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "told\n"
        with running_time() as lived:
            _out, errors = program.communicate(timeout=PATIENCE)
            assert lived.seconds < 5.0
    assert (program.returncode, errors) == (0, "")


def test_a_probe_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "PROBE_SECONDS", DEADLINE)
    with raw_server(ANSWERS["headers"]) as server:
        http = HttpClient(HttpOptions(server.url), lambda _source: None, CancelFlag())
        with running_time() as lived:
            assert http.probe("https://api.example/").error is not None
            assert lived.seconds < DEADLINE + SLACK
        http.close()
