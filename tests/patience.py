"""A busy machine makes nothing give up: the program's own limits are lifted, and what is held stays held.

A test waits for an event, with the patience as what tells a hang; a state it looks at lasts until it lets go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app.demo.misbehave import Mode
from tray_app.engine import facade
from tray_app.net import http, request

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

    from tray_app.demo.server import SampleServer

PATIENCE = 300.0
# What is held in a test outlasts every wait for something else to happen.
LIFTED = 4 * PATIENCE

Limit = tuple[object, str]
# The limits of requests, in seconds.
REQUESTS: tuple[Limit, ...] = (
    (http, "CONNECT_TIMEOUT"),
    (http, "READ_TIMEOUT"),
    (http, "PROBE_SECONDS"),
    (request, "DEADLINE"),
)
# The limit for what must end by itself.
ENDS: tuple[Limit, ...] = ((facade, "STOP_SECONDS"),)


def lift(patch: pytest.MonkeyPatch, limits: Iterable[Limit], to: float) -> None:
    """Set limits of this process to what no busy machine reaches; a test of a limit sets its own."""
    for place, name in limits:
        patch.setattr(place, name, to)


def hold(server: SampleServer, host: str) -> None:
    """Let a host keep its answers back until the server stops: who asks it is in the middle of it till then."""
    server.misbehave.set(host, Mode.TIMEOUT)
