"""What was asked of the sample upstreams, for tests to count; secrets are blotted out."""

import threading
from dataclasses import replace

from tray_app.demo.wire import Request

HIDDEN = "(hidden)"
SECRET_NAMES = frozenset(
    {
        *("api_key", "apikey", "auth_key", "authorization", "cookie", "proxy-authorization", "x-api-key"),
        *("x-cg-demo-api-key", "x-cg-pro-api-key", "x_cg_demo_api_key", "x_cg_pro_api_key"),
    }
)


class RequestLog:
    """The requests seen so far, in order of arrival; safe to use from any thread."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._seen: list[Request] = []

    def add(self, request: Request) -> None:
        """Append a request without its secrets."""
        query, headers = (
            tuple((name, HIDDEN if name.lower() in SECRET_NAMES else value) for name, value in pairs)
            for pairs in (request.query, request.headers)
        )
        entry = replace(request, query=query, headers=headers, body=b"")
        with self._change:
            self._seen.append(entry)
            self._change.notify_all()

    def all(self) -> tuple[Request, ...]:
        """Return the requests so far, oldest first."""
        with self._change:
            return tuple(self._seen)

    def count(self, host: str = "", path: str = "") -> int:
        """Return how many requests went to the host (empty: any) at paths that start so."""
        return sum((not host or one.host == host) and one.path.startswith(path) for one in self.all())

    def wait_for(self, number: int, host: str = "", path: str = "", *, seconds: float = 120.0) -> bool:
        """Wait until so many requests went there, but not longer than `seconds`; return whether they did."""
        with self._change:
            return self._change.wait_for(lambda: self.count(host, path) >= number, seconds)

    def clear(self) -> None:
        """Forget the requests so far."""
        with self._change:
            self._seen = []
