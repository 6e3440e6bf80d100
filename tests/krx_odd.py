"""The small exchange of krx_exchange, but for the lists that a test changes."""

import json
from collections.abc import Callable
from datetime import date

from krx_exchange import body_of

Rows = list[dict[str, str]]


class Oddities:
    """The exchange's bodies with some lists changed: by service and day."""

    def __init__(self) -> None:
        self.changes: dict[tuple[str, date], Callable[[Rows], Rows]] = {}

    def body_of(self, service: str, day: date) -> bytes | None:
        """Return a list's body as the exchange would now send it."""
        body, change = body_of(service, day), self.changes.get((service, day))
        if body is None or change is None:
            return body
        return json.dumps({"OutBlock_1": change(json.loads(body)["OutBlock_1"])}).encode()
