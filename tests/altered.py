"""Sample hosts whose answers a test changes on their way."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from support import HOSTS

from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Reply, Request


class Altered(Upstream):
    """A sample host; `change` is given the JSON of every answer of a path and returns what is sent instead."""

    def __init__(self, host: str) -> None:
        self._host = HOSTS[host]
        self._changes: dict[str, Callable[[Any], Any]] = {}

    def change(self, path: str, by: Callable[[Any], Any]) -> None:
        """Change the answers of the paths that begin so from now on."""
        self._changes[path] = by

    def answer(self, request: Request) -> Reply:
        """Return the host's answer, changed."""
        reply = self._host.answer(request)
        for path, change in self._changes.items():
            if request.path.startswith(path):
                reply = replace(reply, body=json.dumps(change(json.loads(reply.body))).encode("utf-8"))
        return reply
