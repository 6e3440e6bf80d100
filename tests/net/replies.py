"""A host that answers whatever a test tells it, over the sample server's real HTTP."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from support import NOW, Waits

from tray_app.demo.server import SampleServer
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import TYPE_HTML, Delivery, Reply, Request
from tray_app.net.http import HttpClient
from tray_app.net.request import HttpOptions

HOST = "api.example"
URL = f"https://{HOST}/v1/things"


class Told(Upstream):
    """Answers with the replies it was told, in order; the last one stays."""

    def __init__(self, replies: Sequence[Reply | Callable[[Request], Reply]]) -> None:
        self._replies = list(replies)
        self.seen: list[Request] = []

    def answer(self, request: Request) -> Reply:
        self.seen.append(request)
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        return reply(request) if callable(reply) else reply


@contextmanager
def told(*replies: Reply | Callable[[Request], Reply], hosts: Sequence[str] = (HOST,)) -> Iterator[tuple[str, Told]]:
    """Give the address of a server whose hosts answer so, and what it has seen."""
    upstream = Told(replies)
    with SampleServer(lambda: NOW, hosts=dict.fromkeys(hosts, upstream)) as server:
        yield server.url, upstream


def json_body(text: str | bytes, status: int = 200, **headers: str) -> Reply:
    body = text.encode("utf-8") if isinstance(text, str) else text
    return Reply(status, body, headers=tuple((name.replace("_", "-"), value) for name, value in headers.items()))


def page(status: int) -> Reply:
    """Return the HTML page a firewall or a broken proxy sends."""
    return Reply(status, b"<html><head><title>Attention</title></head></html>\r\n", TYPE_HTML)


HANG = Reply(200, b"", delivery=Delivery.HANG)
CUT = Reply(200, b'{"a": [1, 2, 3, 4, 5, 6, 7, 8]}', delivery=Delivery.CUT)


@contextmanager
def noting(upstream: str, waits: Waits | None = None, **options: object) -> Iterator[tuple[HttpClient, Waits]]:
    """Give a client that notes its real waits instead of making them: it does not know that it talks to a sample."""
    waits = waits or Waits()
    http = _Redirected(HttpOptions(**options), lambda _source: None, waits)  # type: ignore[arg-type]
    http.server = upstream
    try:
        yield http, waits
    finally:
        http.close()


class _Redirected(HttpClient):
    """Sends to the loopback server without the shrinking of waits that MARKET_TRAY_UPSTREAM brings."""

    server = ""

    def _address(self, request: object) -> str:
        plain = super()._address(request)  # type: ignore[arg-type]
        return plain.replace("https://", f"{self.server}/", 1)
