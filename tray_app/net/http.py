"""One polite HTTP session: paced per host, patient only where it can help, cancellable between requests.

No secret leaves in an error: URLs are shown without their query, and every known secret is struck out of texts.
"""

import base64
import email.utils
import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import unquote, urlencode, urlsplit
from urllib.request import getproxies

import requests

from tray_app import __version__
from tray_app.core.cancel import Cancellation, OutOfTime
from tray_app.core.errors import AppError, Cancelled, NetworkDown, RateLimited, SourceDown
from tray_app.core.web.secrets import long_enough, struck_out, struck_out_of_body
from tray_app.core.words import tr
from tray_app.net import faults
from tray_app.net.redirects import MOST_HOPS, is_redirect, led_on, nowhere, too_many
from tray_app.net.request import HostAnswer, HttpOptions, Refused, Request, Response, refusal
from tray_app.net.session import Session
from tray_app.net.sign_in import SignInSigns, is_foreign_page
from tray_app.net.unpack import OFFERED, Unpacker

logger = logging.getLogger(__name__)

Answered = TypeVar("Answered")

USER_AGENT = f"MarketTray/{__version__} (+personal research tool)"
CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 10.0
PROBE_SECONDS = 6.0
CHUNK = 64 * 1024


class HttpClient:
    """Sends requests one after another, whichever thread asks; never two at a time."""

    def __init__(
        self,
        options: HttpOptions,
        reserve: Callable[[str], object],
        cancel: Cancellation,
        heard: Callable[[str, datetime], object] = lambda _host, _sent_at: None,
    ) -> None:
        """Call reserve with the host before each request, heard with host and date (UTC) of each answer."""
        self._options = options
        self._reserve = reserve
        self._cancel = cancel
        self._heard = heard
        self._session = _session(options)
        self._next_allowed: dict[str, float] = {}
        self._signs = SignInSigns()

    def get(self, request: Request) -> Response:
        """Return the answer with status 200, after redirects where these may be followed.

        Raises NetworkDown, SourceDown, RateLimited, CertificateRefused, SourceChangedShape, Cancelled, or what the
        request's classify names.
        """
        rate_limit_waits = list(request.retry.rate_limit_waits)
        fault_waits = list(request.retry.fault_waits)
        outage_waits = list(request.retry.outage_waits)
        while True:
            try:
                return self._get_once(request)
            except RateLimited as error:
                self._wait_or_raise(rate_limit_waits, error, request)
            except (NetworkDown, faults.Silent, faults.TooSlow) as error:
                self._wait_or_raise(outage_waits, error, request)
            except SourceDown as error:
                self._wait_or_raise(fault_waits, error, request)

    def probe(self, url: str) -> HostAnswer:
        """Ask whether the host answers anything at all; quick and uncounted. Raises Cancelled."""
        request = Request(url, deadline=PROBE_SECONDS)
        try:
            response = self._within(time.monotonic() + PROBE_SECONDS, request, PROBE_SECONDS / 2)
        except Cancelled:
            raise
        except AppError as error:
            return HostAnswer(request.host, error)
        return HostAnswer(request.host, sent_at=response.sent_at, is_foreign=is_foreign_page(url, response))

    @property
    def signs(self) -> SignInSigns:
        """Return whether the answers so far are those of a network that wants a sign-in."""
        return self._signs

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
            if asked > request.retry.longest_wait:
                raise error
            wait = asked
        logger.info("%s; trying again in %.0f s", error.title, wait)
        self._pause(wait)

    def _get_once(self, request: Request) -> Response:
        self._keep_pace(request)
        stop_at = time.monotonic() + request.deadline
        asked, hops = request, 0
        while True:
            response = self._ask(asked, stop_at) if not hops else self._ask_on(request, asked, stop_at)
            if not is_redirect(response) or is_foreign_page(asked.url, response):
                self._signs.note(request.host, asked.url, response)
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

    def _ask_on(self, first: Request, asked: Request, stop_at: float) -> Response:
        try:
            return self._ask(asked, stop_at)
        except faults.UnusableAddress as error:
            raise nowhere(first) from error

    def _ask(self, request: Request, stop_at: float) -> Response:
        self._cancel.raise_if_cancelled()
        if time.monotonic() > stop_at:
            raise faults.TooSlow(request.host, request.deadline)
        self._reserve(request.host)
        response = self._within(stop_at, request)
        self._cancel.raise_if_cancelled()
        if response.sent_at is not None:
            self._heard(request.host, response.sent_at)
        logger.debug("GET %s -> %d, %d bytes", _shown(request.url), response.status, len(response.body))
        return response

    def _within(self, stop_at: float, request: Request, probe_timeout: float | None = None) -> Response:
        session = self._session
        try:
            return self._aside(stop_at - time.monotonic(), lambda session: self._send(session, request, probe_timeout))
        except OutOfTime as error:
            connecting = session.is_connecting
            raise faults.of_deadline(request.host, request.deadline, connecting=connecting) from error

    def _aside(self, seconds: float, work: Callable[[Session], Answered]) -> Answered:
        """Work with the session where it can be left behind, should it hang: the next request gets another one."""
        session = self._session
        try:
            return self._cancel.within(seconds, lambda: work(session))
        except (OutOfTime, Cancelled):
            session.cut()
            self._session = _session(self._options)
            raise

    def _send(self, session: Session, request: Request, probe_timeout: float | None = None) -> Response:
        """Return the answer; of a probe only its head."""
        try:
            prepared = session.prepared(self._address(request), request.headers)
        except ValueError as error:
            raise faults.of_request(request.host, error) from self._clean(error)
        try:
            with session.answer(prepared, probe_timeout or (CONNECT_TIMEOUT, READ_TIMEOUT)) as answer:
                return self._head(answer) if probe_timeout else self._read(answer, request)
        except faults.RAISED as error:
            connecting = session.is_connecting
            raise faults.of_sending(request.host, error, READ_TIMEOUT, connecting=connecting) from self._clean(error)

    def _read(self, answer: requests.Response, request: Request) -> Response:
        # Secrets go before anything is quoted, cut or changed to small letters.
        encoding = struck_out(answer.headers.get("Content-Encoding", ""), self._secrets()).lower()
        unpacker = Unpacker(request.host, encoding, request.max_bytes)
        # read1 returns what has come: read would wait for a whole piece, for ever when one byte comes at a time.
        while piece := answer.raw.read1(CHUNK, decode_content=False):
            unpacker.feed(piece)
        if not unpacker.is_whole:
            raise SourceDown(request.host, tr("the answer broke off"))
        return replace(self._head(answer), body=struck_out_of_body(bytes(unpacker.body), self._secrets()))

    def _head(self, answer: requests.Response) -> Response:
        secrets = long_enough(self._secrets())
        said = {name.lower(): struck_out(value, secrets) for name, value in answer.headers.items()}
        return Response(
            answer.status_code,
            said.get("content-type", ""),
            b"",
            _retry_after(said.get("retry-after"), said.get("date")),
            said.get("location", ""),
            _sent_at(said.get("date"), said.get("age", "")),
        )

    def _secrets(self) -> list[str]:
        return [*self._options.secrets, *_credentials(self._options.proxy, *getproxies().values())]

    def _clean(self, error: Exception) -> Exception:
        return ConnectionError(struck_out(str(error), self._secrets()).split("?", maxsplit=1)[0])

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


def _credentials(*proxies: str) -> Iterator[str]:
    """Yield the names and passwords in proxies' addresses, as they are written and as they are sent."""
    for proxy in proxies:
        userinfo = proxy.rpartition("@")[0].rpartition("/")[2]
        name, _colon, password = (unquote(part) for part in userinfo.partition(":"))
        yield userinfo
        yield from long_enough([password])
        yield (base64.b64encode(f"{name}:{password}".encode()).decode() if password else "")


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


def _sent_at(date: str | None, age: str) -> datetime | None:
    """Return the moment an answer left the host, or the store on the way that has kept it for `age` seconds."""
    moment = _http_date(date) if date else None
    kept = timedelta(seconds=int(age)) if re.fullmatch(r"[0-9]{1,9}", age.strip()) else timedelta()
    return moment and moment + kept


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
    session = Session(options.proxy, with_trust=not options.upstream)
    accepted = {"Accept": "application/json, */*;q=0.1", "Accept-Encoding": OFFERED}
    session.headers.update({"User-Agent": USER_AGENT, **accepted})
    return session
