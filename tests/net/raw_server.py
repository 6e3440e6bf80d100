"""A server on bare sockets: it says what a test tells it, byte for byte and as slowly as it likes."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from patience import PATIENCE

PIECE_SECONDS = 0.05


class RawServer:
    """Hands every connection to `talk`, each on a thread; `stopping` ends those that drip."""

    def __init__(self, talk: Callable[["RawServer", socket.socket], None]) -> None:
        self._talk = talk
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.stopping = threading.Event()
        self.left = threading.Event()
        self.is_asked = False
        self._threads: list[threading.Thread] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def drip(self, connection: socket.socket, text: bytes) -> None:
        """Send byte after byte, over and over, until the client leaves or the test ends."""
        self.is_asked = True
        while not self.stopping.is_set():
            for byte in text:
                connection.sendall(bytes([byte]))
                if self.stopping.wait(PIECE_SECONDS):
                    return

    def serve(self) -> None:
        while True:
            try:
                connection, _address = self._listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._one, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        self.stopping.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _one(self, connection: socket.socket) -> None:
        # Whatever the client does to it is for the test to judge by what the client says.
        with connection, suppress(OSError, ssl.SSLError):
            connection.settimeout(PATIENCE)
            self._talk(self, connection)
        self.left.set()


@contextmanager
def raw_server(talk: Callable[[RawServer, socket.socket], None]) -> Iterator[RawServer]:
    """Give a server that talks so."""
    server = RawServer(talk)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(PATIENCE)


def heard(connection: socket.socket) -> bytes:
    """Return the head of a request, read to its end."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65_536)
        if not piece:
            return head
        head += piece
    return head


def says(answer: bytes) -> Callable[[RawServer, socket.socket], None]:
    """Return a talk that answers each request so and hangs up."""

    def talk(_server: RawServer, connection: socket.socket) -> None:
        heard(connection)
        connection.sendall(answer)

    return talk
