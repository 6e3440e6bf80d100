"""The sample upstreams as a server on loopback."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Self

from tray_app.demo.dispatch import Dispatch
from tray_app.demo.handler import LoopbackServer
from tray_app.demo.hosts import sample_hosts
from tray_app.demo.misbehave import Misbehave
from tray_app.demo.requestlog import RequestLog
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Request

POLL_SECONDS = 0.05


class SampleServer:
    """Serves https://HOST/PATH?QUERY at `url`/HOST/PATH?QUERY, with the values of the instant `now` tells.

    `now` must return a time that knows its zone; `port` 0 takes a free one, kept when started again. `misbehave` sets
    faults from code; over HTTP: /_switch/HOST?mode=MODE[&times=N][&path=/prefix][&seconds=S][&size=BYTES] and
    /_switch/HOST?mode=ok; /_switch lists the switches, /_requests the requests.
    """

    def __init__(self, now: Callable[[], datetime], port: int = 0, hosts: Mapping[str, Upstream] | None = None) -> None:
        self.misbehave = Misbehave()
        self.log = RequestLog()
        self._hosts = sample_hosts() if hosts is None else hosts
        self._dispatch = Dispatch(self._hosts, self.misbehave, self.log, now)
        self._port = port
        self._running: tuple[LoopbackServer, threading.Thread] | None = None

    @property
    def url(self) -> str:
        """The address to give as MARKET_TRAY_UPSTREAM; known once started."""
        if not self._port:
            raise RuntimeError("the sample server has not been started")
        return f"http://127.0.0.1:{self._port}"

    @property
    def requests(self) -> tuple[Request, ...]:
        """The requests to sample hosts so far, oldest first, without secrets."""
        return self.log.all()

    def count(self, host: str = "", path: str = "") -> int:
        """Return how many requests went to the host (empty: any) at paths that start so."""
        return self.log.count(host, path)

    def start(self) -> None:
        """Listen; returns when connections are accepted. Raises OSError when the port is taken."""
        if self._running is not None:
            raise RuntimeError("the sample server is running already")
        server = LoopbackServer(self._port, self._dispatch)
        self._port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), name="sample-server", daemon=True)
        thread.start()
        self._running = server, thread

    def prepare(self) -> None:
        """Make what first answers take long to make: a busy machine would else keep a client past its time limit."""
        for host in self._hosts.values():
            host.prepare(self._dispatch.now())

    def stop(self) -> None:
        """End every connection and stop listening; quick even while requests hang, harmless when stopped."""
        if self._running is None:
            return
        server, thread = self._running
        self._running = None
        server.leave()
        thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
