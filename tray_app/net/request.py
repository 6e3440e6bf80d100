"""What is asked of a source and what comes back, in plain values: naming them loads no HTTP library.

The library takes a fifth of the idle program's memory; it comes with the first run, in net/http.py.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urlsplit

from tray_app.core.errors import AppError, ProxyRefused, RateLimited, SourceChangedShape, SourceDown
from tray_app.core.words import tr

# Seconds a whole answer may take, redirects and all.
DEADLINE = 60.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How a request meets refusals: waits in seconds before another try, Retry-After honoured up to a limit."""

    rate_limit_waits: tuple[float, ...] = (2.0,)
    fault_waits: tuple[float, ...] = (2.0,)
    # A host out of reach or silent costs a whole timeout each time: today's run leaves it to the retry in minutes.
    outage_waits: tuple[float, ...] = ()
    longest_wait: float = 60.0


DAILY = RetryPolicy()
HISTORY = RetryPolicy(
    rate_limit_waits=(60.0,) * 5, fault_waits=(5.0, 30.0), outage_waits=(5.0, 30.0), longest_wait=300.0
)


@dataclass(frozen=True, slots=True)
class Response:
    """A whole body with what is needed to judge it.

    location is where a redirect leads; sent_at is when it was sent (UTC) by the sender's clock, if it says so.
    """

    status: int
    content_type: str
    body: bytes
    retry_after: float | None = None
    location: str = ""
    sent_at: datetime | None = None

    @property
    def is_page(self) -> bool:
        """Whether this is a web page, whatever it says it is."""
        return "html" in self.content_type.lower() or self.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"

    @property
    def text(self) -> str:
        """Return the start of the body for error texts."""
        return self.body[:2000].decode("utf-8", errors="replace")


@dataclass(frozen=True, slots=True)
class Request:
    """One GET; classify may name a refusal that no waiting will mend (retryable False ends the tries)."""

    url: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    max_bytes: int = 4 * 1024 * 1024
    deadline: float = field(default_factory=lambda: DEADLINE)
    pause: float = 0.0
    retry: RetryPolicy = DAILY
    classify: Callable[[Response], AppError | None] = lambda _response: None

    @property
    def host(self) -> str:
        """Return the host, the name errors and the usage count speak of."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """How this process reaches the world. upstream is a loopback server that stands for every host.

    No text shows one of the secrets; more may come into the collection while a client lives.
    """

    upstream: str = ""
    proxy: str = ""
    secrets: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class HostAnswer:
    """Whether a host answers anything at all: what keeps it from doing so, or when (UTC) it answered by its clock.

    is_foreign: the answer may be that of a network that wants a sign-in.
    """

    host: str
    error: AppError | None = None
    sent_at: datetime | None = None
    is_foreign: bool = False

    @property
    def has_own_voice(self) -> bool:
        """Whether the host itself answered."""
        return self.error is None and not self.is_foreign


class Http(Protocol):
    """Sends requests one after another; net/http.py has the one that does."""

    def get(self, request: Request) -> Response:
        """Return the answer with status 200, or raise what keeps it from coming."""

    def wait(self, seconds: float) -> None:
        """Wait before a try of the caller's own; not at all against a loopback server."""


class Refused(RateLimited):
    """The source wants fewer calls; retry_after is the wait in seconds it asks for, if it names one."""

    def __init__(self, host: str, retry_after: float | None) -> None:
        super().__init__(host)
        self.retry_after = retry_after


def refusal(host: str, response: Response) -> AppError:
    """Return the error for a status other than 200 that the source has no word of its own for."""
    if response.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Refused(host, response.retry_after)
    if response.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return ProxyRefused(host)
    if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status == HTTPStatus.REQUEST_TIMEOUT:
        return SourceDown(host, tr("status {status}", status=response.status))
    return SourceChangedShape(host, tr("status {status}", status=response.status))
