"""The HTTP side of the sample server: reads requests, sends replies whole, cut, dripping or never."""

import gzip
import logging
import os
import select
import socket
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tray_app.demo.dispatch import Dispatch
from tray_app.demo.wire import Delivery, Reply

SMALLEST_GZIP_BYTES = 150
LOOK_SECONDS = 0.05
LEAVE_SECONDS = 1.0

_logger = logging.getLogger(__name__)


class LoopbackServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1 with a daemon thread for each connection, and can end all of them at once."""

    daemon_threads = True
    request_queue_size = 64
    # On Windows this option would let a second server take the port over.
    allow_reuse_address = os.name != "nt"

    def __init__(self, port: int, dispatch: Dispatch) -> None:
        self.dispatch = dispatch
        self.stopping = threading.Event()
        self._change = threading.Condition()
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self) -> None:
        """Bind without asking the name service who 127.0.0.1 is."""
        socketserver.TCPServer.server_bind(self)
        self.server_name = "127.0.0.1"
        self.server_port = int(self.server_address[1])

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection and remember it."""
        connection, address = super().get_request()
        with self._change:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """Close a connection and forget it."""
        super().shutdown_request(request)
        with self._change:
            self._open.discard(request)
            self._change.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what went wrong with a connection, unless the client merely left."""
        del request
        if not isinstance(sys.exception(), OSError):
            _logger.exception("The sample server failed on a connection from %s", client_address)

    def leave(self) -> None:
        """End every connection, whatever it waits for; waits one second at most."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        with self._change:
            for connection in self._open:
                _wake(connection)
            self._change.wait_for(lambda: not self._open, timeout=LEAVE_SECONDS)


def _wake(connection: socket.socket) -> None:
    """End what another thread waits for on a connection: shutting down does it on Linux, closing on Windows."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    if sys.platform == "win32":
        # A plain close() waits for the streams made of the socket; its own thread may have closed it meanwhile.
        with suppress(OSError):
            socket.close(connection.detach())


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: LoopbackServer
    protocol_version = "HTTP/1.1"
    server_version = "MarketTraySample"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """Answer one request of any method."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal():
            self.send_error(400)
            return
        body = self.rfile.read(int(length))
        self._send(self.server.dispatch.reply(self.command, self.path, tuple(self.headers.items()), body))

    do_POST = do_GET  # noqa: N815 - the names http.server looks for
    do_HEAD = do_GET  # noqa: N815

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return an HTTP date, by the server's own clock when none is given."""
        return super().date_time_string(self.server.dispatch.now().timestamp() if timestamp is None else timestamp)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Note a request without its query, which may hold a key."""
        del size
        _logger.debug("%s %s -> %s", self.command, self.path.partition("?")[0], code)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class' name
        """Say nothing on stderr."""
        _logger.debug(format, *args)

    def _send(self, reply: Reply) -> None:
        if reply.delivery is Delivery.HANG:
            self._hang()
            return
        body = reply.body
        packed = len(body) >= SMALLEST_GZIP_BYTES and self._takes_gzip()
        if packed:
            body = gzip.compress(body, 1, mtime=0)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Vary", "Accept-Encoding")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.delivery is Delivery.CUT:
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            for piece in self._pieces(body, reply):
                self.wfile.write(piece)
                self.wfile.flush()

    def _pieces(self, body: bytes, reply: Reply) -> Iterator[bytes]:
        match reply.delivery:
            case Delivery.CUT:
                yield body[: len(body) // 2]
            case Delivery.DRIP:
                for start in range(0, len(body), reply.piece_bytes):
                    if start and self.server.stopping.wait(reply.pause_seconds):
                        self.close_connection = True
                        return
                    yield body[start : start + reply.piece_bytes]
            case _:
                yield body

    def _hang(self) -> None:
        """Say nothing until the client leaves or the server stops."""
        self.close_connection = True
        while not self.server.stopping.is_set():
            readable, _, _ = select.select([self.connection], [], [], LOOK_SECONDS)
            if readable and not self.connection.recv(1024):
                return

    def _takes_gzip(self) -> bool:
        offers = self.headers.get("Accept-Encoding", "").lower().split(",")
        return any(offer.split(";")[0].strip() == "gzip" for offer in offers)
