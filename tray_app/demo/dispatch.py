"""Finds who answers a request: a sample host, its set switch, or the server's own control pages."""

import dataclasses
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from tray_app.demo.faults import misbehaved
from tray_app.demo.misbehave import Misbehave, Mode
from tray_app.demo.requestlog import RequestLog
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Json, Reply, Request, html_reply, json_reply, text_reply

SWITCH_PATH = "_switch"
REQUESTS_PATH = "_requests"

_logger = logging.getLogger(__name__)


class Dispatch:
    """Answers targets of the form /HOST/PATH?QUERY, /_switch..., /_requests; `now` must know its zone."""

    def __init__(
        self, hosts: Mapping[str, Upstream], misbehave: Misbehave, log: RequestLog, now: Callable[[], datetime]
    ) -> None:
        self._hosts = hosts
        self._misbehave = misbehave
        self._log = log
        self._now = now

    def now(self) -> datetime:
        """Return the server's time in UTC."""
        return self._now().astimezone(UTC)

    def reply(self, method: str, target: str, headers: tuple[tuple[str, str], ...], body: bytes) -> Reply:
        """Return the answer to one request; never raises."""
        parts = urlsplit(target if target.startswith("/") else "/")
        host, _, path = parts.path.lstrip("/").partition("/")
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        request = Request(method, host, unquote(f"/{path}"), query, headers, body, self.now())
        try:
            if host == SWITCH_PATH:
                return self._switch(request)
            if host == REQUESTS_PATH:
                return self._requests()
            return self._upstream(request)
        except Exception:
            _logger.exception("The sample server failed on %s", parts.path)
            return text_reply("The sample server failed; its log says why.", 500)

    def _upstream(self, request: Request) -> Reply:
        upstream = self._hosts.get(request.host)
        if upstream is None:
            return text_reply(f"The sample server does not play {request.host!r}.", 404)
        self._log.add(request)
        if not request.header("User-Agent"):
            return html_reply("403 Forbidden", 403)
        switch = self._misbehave.take(request.host, request.path)
        if switch is None:
            return upstream.answer(request)
        return misbehaved(switch, upstream, request, lambda: upstream.answer(request))

    def _switch(self, request: Request) -> Reply:
        host = request.path.strip("/")
        mode = request.param("mode")
        if not host or not mode:
            return self._switches()
        if host not in self._hosts:
            return json_reply({"error": f"unknown host {host!r}", "hosts": sorted(self._hosts)}, 404)
        times, seconds = request.param("times"), request.param("seconds")
        try:
            self._misbehave.set(
                host,
                Mode(mode),
                times=int(times) if times else None,
                path=request.param("path", "/"),
                seconds=float(seconds) if seconds else None,
                size=int(request.param("size", "1024")),
            )
        except ValueError as error:
            return json_reply({"error": str(error), "modes": [one.value for one in Mode]}, 400)
        return self._switches()

    def _switches(self) -> Reply:
        return json_reply([dataclasses.asdict(switch) for switch in self._misbehave.list()])

    def _requests(self) -> Reply:
        rows: list[Json] = [
            {"at": one.at.isoformat(), "method": one.method, "host": one.host, "path": one.path, "query": one.query}
            for one in self._log.all()
        ]
        return json_reply(rows)
