"""Whose fault a failed request is, told from what the HTTP library raised: the request's, the way's or the answer's."""

import http.client
import re
import socket
import ssl
import zlib
from collections.abc import Iterator

import requests
import urllib3

from tray_app.core.errors import (
    AppError,
    BadInput,
    CertificateOutOfTime,
    CertificateRefused,
    KeyRefused,
    NetworkDown,
    ProxyRefused,
    SourceDown,
)
from tray_app.core.words import tr

_PROXY_SAID = re.compile(r"Tunnel connection failed: (\d{3})")
_PROXY_AUTHENTICATION = "407"
# A host that hangs up, or packed bytes that are none.
_BROKEN_OFF = (
    http.client.RemoteDisconnected,
    http.client.IncompleteRead,
    urllib3.exceptions.IncompleteRead,
    urllib3.exceptions.InvalidChunkLength,
    ConnectionResetError,
    ConnectionAbortedError,
    BrokenPipeError,
    ssl.SSLEOFError,
    ssl.SSLZeroReturnError,
    zlib.error,
)


# What the libraries raise when an answer, or the way to it, is not as it should be.
RAISED = (
    requests.exceptions.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
    zlib.error,
)


class UnusableAddress(BadInput):
    """What should be asked is no address."""


class Silent(SourceDown):
    """The host took the connection and then said nothing."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(host, tr("no answer within {seconds:.0f} s", seconds=seconds))


class TooSlow(SourceDown):
    """The answer came, but not to its end in time."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(host, tr("the answer took longer than {seconds:.0f} s", seconds=seconds))


def of_deadline(host: str, seconds: float, *, connecting: bool) -> AppError:
    """Return that a request took all the time it had: name, connection, proxy and certificate, or the answer."""
    if connecting:
        return NetworkDown(host, tr("no connection within {seconds:.0f} s", seconds=seconds))
    return TooSlow(host, seconds)


def of_request(host: str, error: Exception) -> AppError:
    """Return why a request could not even be put together."""
    if isinstance(error, requests.exceptions.InvalidHeader | UnicodeEncodeError):
        return KeyRefused(
            tr("The key cannot be sent"),
            tr("The key for {host} holds letters or line breaks that no key has.", host=host),
            tr("Enter it again under Settings, Keys."),
        )
    return UnusableAddress(
        tr("The address cannot be used"),
        tr("{host} could not be asked: its address is none that can be used.", host=host),
        tr("If it is a feed of yours, correct it under Settings."),
    )


def of_proxy(host: str) -> AppError:
    """Return that the address of the proxy is none."""
    return BadInput(
        tr("The proxy cannot be used"),
        tr("{host} could not be asked: the address of the proxy cannot be used.", host=host),
        tr("Write it like http://proxy.example:8080 under Settings, or leave it empty."),
    )


def of_sending(host: str, error: Exception, patience: float, *, connecting: bool) -> AppError:
    """Return why no whole answer came to a request that was well made.

    patience is how many seconds silence was borne; connecting says that the host had not been reached yet.
    """
    causes = tuple(_causes(error))
    if _among(causes, requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema):
        return of_proxy(host)
    if _among(causes, urllib3.exceptions.LocationParseError):
        return of_request(host, error)
    return _of_way(host, error, causes) if connecting else _of_answer(host, causes, patience)


def _of_way(host: str, error: Exception, causes: tuple[BaseException, ...]) -> AppError:
    refused = next((each for each in causes if isinstance(each, ssl.SSLCertVerificationError)), None)
    if refused is not None:
        return _certificate(host, str(refused))
    said = next((found[1] for each in causes if (found := _PROXY_SAID.search(str(each)))), "")
    if said == _PROXY_AUTHENTICATION:
        return ProxyRefused(host)
    if said:
        return NetworkDown(host, tr("the proxy answered with status {status}", status=said))
    if _among(causes, requests.exceptions.ProxyError):
        return NetworkDown(host, tr("the proxy did not answer"))
    if _among(causes, ssl.SSLError):
        return NetworkDown(host, tr("no secure connection could be made"))
    return NetworkDown(host, _reason(error, causes))


def _of_answer(host: str, causes: tuple[BaseException, ...], patience: float) -> AppError:
    if _among(causes, *_BROKEN_OFF):
        return SourceDown(host, tr("the answer broke off"))
    if _among(causes, requests.exceptions.Timeout, urllib3.exceptions.ReadTimeoutError):
        return Silent(host, patience)
    return SourceDown(host, tr("what it sent is no proper answer"))


def _certificate(host: str, text: str) -> CertificateRefused:
    if "Key Identifier" in text:
        return CertificateRefused(
            host,
            tr("the certificate above it lacks a key identifier"),
            tr(
                "Your company's certificate is too old for this program's TLS library, though the system trusts it:"
                " ask for one with key identifiers."
            ),
        )
    if any(mark in text for mark in ("expired", "not yet valid", "validity period")):
        return CertificateOutOfTime(host)
    if "mismatch" in text or "is not valid for" in text:
        return CertificateRefused(host, tr("it was made out to another name"))
    return CertificateRefused(host)


def _reason(error: Exception, causes: tuple[BaseException, ...]) -> str:
    # By kind first: Windows tells its reasons in the user's language.
    if _among(causes, ConnectionRefusedError):
        return tr("connection refused")
    if _among(causes, socket.gaierror):
        return tr("name not found")
    if _among(causes, TimeoutError):
        return tr("connection timed out")
    text = str(error)
    known = (
        ("refused", tr("connection refused")),
        ("timed out", tr("connection timed out")),
        ("resolve", tr("name not found")),
        ("getaddrinfo", tr("name not found")),
        ("unreachable", tr("network unreachable")),
    )
    return next((words for mark, words in known if mark in text), tr("connection failed"))


def _among(causes: tuple[BaseException, ...], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and those it wraps, which the libraries keep in several places."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        held = (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
        waiting.extend(each for each in held if isinstance(each, BaseException))
