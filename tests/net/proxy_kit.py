"""A real proxy on loopback, and hosts behind it that exist nowhere else."""

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from net.raw_server import RawServer, heard, raw_server, says

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n"
BODY = b'{"fine": true}'


@dataclass
class Proxy:
    """What a proxy was asked for, whoever asked."""

    port: int
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url_with(self, credentials: str) -> str:
        return f"http://{credentials}@127.0.0.1:{self.port}"


@contextmanager
def host(context: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """Give a host that answers well, by TLS when it has something to speak it with."""

    def talk(server: RawServer, connection: socket.socket) -> None:
        if context is None:
            says(ANSWER + BODY)(server, connection)
            return
        with context.wrap_socket(connection, server_side=True) as secure:
            says(ANSWER + BODY)(server, secure)

    with raw_server(talk) as server:
        yield server


@contextmanager
def proxy(behind: int, credentials: str = "", refusal: bytes = b"") -> Iterator[Proxy]:
    """Give a proxy that leads every name to one port of this computer, or refuses everything with a status line."""
    wanted = base64.b64encode(credentials.encode())
    found: list[Proxy] = []

    def talk(_server: RawServer, connection: socket.socket) -> None:
        head = heard(connection)
        found[0].asked.append(head.split(b"\r\n", 1)[0].decode())
        if refusal or (credentials and b"Proxy-Authorization: Basic " + wanted not in head):
            status = refusal or b"407 Proxy Authentication Required"
            connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", behind)) as beyond:
            if head.startswith(b"CONNECT"):
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                beyond.sendall(head)
            _pass_on(connection, beyond)

    with raw_server(talk) as server:
        found.append(Proxy(server.port))
        yield found[0]


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    back = threading.Thread(target=_copy, args=(other, one), daemon=True)
    back.start()
    _copy(one, other)
    back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65_536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
