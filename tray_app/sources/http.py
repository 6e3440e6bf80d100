"""One polite HTTP session: paced per host, patient only where it can help, cancellable between requests.

No secret leaves in an error: URLs are shown without their query, and every known secret is struck out of texts.
"""

import email.utils
import logging
import re
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

import requests
import urllib3

from tray_app import __version__
from tray_app.core.cancel import Cancellation, OutOfTime
from tray_app.core.errors import (
    AppError,
    BadInput,
    Cancelled,
    CertificateRefused,
    KeyRefused,
    NetworkDown,
    RateLimited,
    SourceDown,
)
from tray_app.core.secrets import struck_out
from tray_app.core.words import tr
from tray_app.sources.redirects import MOST_HOPS, is_redirect, led_on, too_many
from tray_app.sources.request import HttpOptions, Refused, Request, Response, refusal
from tray_app.sources.session import Session
from tray_app.sources.unpack import OFFERED, Unpacker

logger = logging.getLogger(__name__)

Answered = TypeVar("Answered")

USER_AGENT = f"MarketTray/{__version__} (+personal research tool)"
CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 10.0
PROBE_SECONDS = 6.0
CHUNK = 64 * 1024


class HttpClient:
    """Sends requests one after another, whichever thread asks; never two at a time."""

    def __init__(self, options: HttpOptions, reserve: Callable[[str], object], cancel: Cancellation) -> None:
        self._options = options
        self._reserve = reserve
        self._cancel = cancel
        self._session = _session(options)
        self._next_allowed: dict[str, float] = {}

    def get(self, request: Request) -> Response:
        """Return the answer with status 200, after redirects where these may be followed.

        Raises NetworkDown, SourceDown, RateLimited, CertificateRefused, SourceChangedShape, Cancelled, or what the
        request's classify names.
        """
        rate_limit_waits = list(request.patience.rate_limit_waits)
        fault_waits = list(request.patience.fault_waits)
        outage_waits = list(request.patience.outage_waits)
        while True:
            try:
                return self._get_once(request)
            except RateLimited as error:
                self._wait_or_raise(rate_limit_waits, error, request)
            except (NetworkDown, _Silent, _TooSlow) as error:
                self._wait_or_raise(outage_waits, error, request)
            except SourceDown as error:
                self._wait_or_raise(fault_waits, error, request)

    def reachable(self, url: str) -> bool:
        """Whether the host answers anything at all; quick and uncounted."""
        try:
            self._aside(PROBE_SECONDS, lambda session: self._probe(session, url))
        except (requests.RequestException, OutOfTime):
            return False
        return True

    def wait(self, seconds: float) -> None:
        """Wait before a try of the caller's own; not at all against a loopback server."""
        self._pause(seconds)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _wait_or_raise(self, waits: list[float], error: AppError, request: Request) -> None:
        if not error.retryable or not waits:
            raise error
        wait = waits.pop(0)
        asked = error.retry_after if isinstance(error, Refused) else None
        if asked is not None:
            if asked > request.patience.longest_wait:
                raise error
            wait = asked
        logger.info("%s; trying again in %.0f s", error.title, wait)
        self._pause(wait)

    def _get_once(self, request: Request) -> Response:
        self._keep_pace(request)
        stop_at = time.monotonic() + request.deadline
        asked, hops = request, 0
        while True:
            response = self._ask(asked, stop_at)
            if response.status == HTTPStatus.OK:
                return response
            error = request.classify(response)
            if error is not None or not is_redirect(response):
                raise error or refusal(asked.host, response)
            hops += 1
            if hops > MOST_HOPS:
                raise too_many(asked)
            asked = led_on(asked, response, self._options.secrets)
            self._keep_pace(asked)

    def _ask(self, request: Request, stop_at: float) -> Response:
        self._cancel.raise_if_cancelled()
        if time.monotonic() > stop_at:
            raise _TooSlow(request)
        self._reserve(request.host)
        response = self._within(stop_at, request)
        self._cancel.raise_if_cancelled()
        logger.debug("GET %s -> %d, %d bytes", _shown(request.url), response.status, len(response.body))
        return response

    def _within(self, stop_at: float, request: Request) -> Response:
        session = self._session
        try:
            return self._aside(stop_at - time.monotonic(), lambda session: self._send(session, request))
        except OutOfTime as error:
            raise (_Unconnected if session.is_connecting else _TooSlow)(request) from error

    def _aside(self, seconds: float, work: Callable[[Session], Answered]) -> Answered:
        """Work with the session where it can be left behind, should it hang: the next request gets another one."""
        session = self._session
        try:
            return self._cancel.within(seconds, lambda: work(session))
        except (OutOfTime, Cancelled):
            session.cut()
            self._session = _session(self._options)
            raise

    def _probe(self, session: Session, url: str) -> None:
        with session.get(self._address(Request(url)), timeout=PROBE_SECONDS / 2, stream=True, allow_redirects=False):
            return

    def _send(self, session: Session, request: Request) -> Response:
        try:
            with session.get(
                self._address(request),
                headers=dict(request.headers),
                timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
                stream=True,
                allow_redirects=False,
            ) as answer:
                body = self._read(answer, request)
                retry_after = _retry_after(answer.headers.get("Retry-After"), answer.headers.get("Date"))
                content_type = answer.headers.get("Content-Type", "")
                return Response(answer.status_code, content_type, body, retry_after, answer.headers.get("Location", ""))
        except (requests.exceptions.InvalidHeader, UnicodeEncodeError) as error:
            raise _unsendable_key(request.host) from self._clean(error)
        except (
            requests.exceptions.InvalidURL,
            requests.exceptions.InvalidSchema,
            requests.exceptions.MissingSchema,
        ) as error:
            raise _unusable_proxy(request.host) from self._clean(error)
        except requests.exceptions.SSLError as error:
            raise CertificateRefused(request.host) from self._clean(error)
        except (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError) as error:
            raise NetworkDown(request.host, self._reason(error)) from self._clean(error)
        except requests.exceptions.Timeout as error:
            raise _Silent(request.host) from self._clean(error)
        except requests.exceptions.ConnectionError as error:
            raise self._connection_error(request.host, error) from self._clean(error)
        except urllib3.exceptions.ReadTimeoutError as error:
            raise _Silent(request.host) from self._clean(error)
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, zlib.error) as error:
            raise SourceDown(request.host, tr("the answer broke off")) from self._clean(error)

    def _read(self, answer: requests.Response, request: Request) -> bytes:
        unpacker = Unpacker(request.host, answer.headers.get("Content-Encoding", "").lower(), request.max_bytes)
        # read1 returns what has come: read would wait for a whole piece, for ever when one byte comes at a time.
        while piece := answer.raw.read1(CHUNK, decode_content=False):
            unpacker.feed(piece)
        if not unpacker.is_whole:
            raise SourceDown(request.host, tr("the answer broke off"))
        return bytes(unpacker.body)

    def _connection_error(self, host: str, error: requests.exceptions.ConnectionError) -> AppError:
        # requests reports a host that hangs up as a connection error too; it was reached then.
        text = str(error)
        if "aborted" in text or "broken" in text:
            return SourceDown(host, tr("the answer broke off"))
        return NetworkDown(host, self._reason(error))

    def _reason(self, error: Exception) -> str:
        text = str(error)
        known = (
            ("refused", tr("connection refused")),
            ("timed out", tr("connection timed out")),
            ("resolve", tr("name not found")),
            ("getaddrinfo", tr("name not found")),
            ("roxy", tr("the proxy did not answer")),
            ("unreachable", tr("network unreachable")),
        )
        return next((words for mark, words in known if mark in text), tr("connection failed"))

    def _clean(self, error: Exception) -> Exception:
        secrets = [*self._options.secrets, *_userinfo(self._options.proxy)]
        return ConnectionError(struck_out(str(error), secrets).split("?", maxsplit=1)[0])

    def _address(self, request: Request) -> str:
        parts = urlsplit(request.url)
        query = urlencode(request.parameters) or parts.query
        place = self._options.upstream.rstrip("/") or f"{parts.scheme}:/"
        return f"{place}/{parts.netloc}{parts.path}" + (f"?{query}" if query else "")

    def _keep_pace(self, request: Request) -> None:
        wait = self._next_allowed.get(request.host, 0.0) - time.monotonic()
        if wait > 0:
            self._pause(wait)
        self._next_allowed[request.host] = time.monotonic() + request.pause

    def _pause(self, seconds: float) -> None:
        self._cancel.wait(0.0 if self._options.upstream else seconds)


class _Silent(SourceDown):
    """The host took the connection and then said nothing."""

    def __init__(self, host: str) -> None:
        super().__init__(host, tr("no answer within {seconds:.0f} s", seconds=READ_TIMEOUT))


class _Unconnected(NetworkDown):
    """Name, connection, proxy and certificate took all the time there was."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.host, tr("no connection within {seconds:.0f} s", seconds=request.deadline))


class _TooSlow(SourceDown):
    """The answer came, but not to its end in time."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.host, tr("the answer took longer than {seconds:.0f} s", seconds=request.deadline))


def _unsendable_key(host: str) -> AppError:
    return KeyRefused(
        tr("The key cannot be sent"),
        tr("The key for {host} holds letters or line breaks that no key has.", host=host),
        tr("Enter it again under Settings, Keys."),
    )


def _unusable_proxy(host: str) -> AppError:
    return BadInput(
        tr("The proxy cannot be used"),
        tr("{host} could not be asked: the address of the proxy cannot be used.", host=host),
        tr("Write it like http://proxy.example:8080 under Settings, or leave it empty."),
    )


def _userinfo(proxy: str) -> list[str]:
    """Return the name and password in a proxy's address, which no text may show."""
    userinfo, at, _host = proxy.rpartition("@")
    return [userinfo.rpartition("/")[2]] if at else []


def _retry_after(header: str | None, sent: str | None) -> float | None:
    """Return the seconds a Retry-After asks for; a date counts from the time of sending, by the sender's clock."""
    if header is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", header.strip()):
        return float(header)
    moment = _http_date(header)
    if moment is None:
        return None
    return max(0.0, (moment - (_http_date(sent or "") or datetime.now(UTC))).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    # A zone of -0000 is UTC too, but comes without a zone.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _shown(url: str) -> str:
    return url.split("?", maxsplit=1)[0]


def _session(options: HttpOptions) -> Session:
    session = Session(with_trust=not options.upstream)
    accepted = {"Accept": "application/json, */*;q=0.1", "Accept-Encoding": OFFERED}
    session.headers.update({"User-Agent": USER_AGENT, **accepted})
    if options.proxy:
        session.proxies = {"http": options.proxy, "https": options.proxy}
    return session
