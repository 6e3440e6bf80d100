"""Where a redirect may lead: never from https to http, with a key nowhere at all, and not on for ever."""

from collections.abc import Collection
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urldefrag, urljoin, urlsplit

from tray_app.core.errors import AppError, SourceChangedShape
from tray_app.core.web.secrets import struck_out
from tray_app.core.web.web_address import is_web_address
from tray_app.core.words import tr
from tray_app.net.request import Request, Response

MOST_HOPS = 5

_REDIRECTS = frozenset(
    {
        HTTPStatus.MOVED_PERMANENTLY,
        HTTPStatus.FOUND,
        HTTPStatus.SEE_OTHER,
        HTTPStatus.TEMPORARY_REDIRECT,
        HTTPStatus.PERMANENT_REDIRECT,
    }
)
# Everything else may be a key: a new source need not be remembered here to be safe.
_OPEN_HEADERS = frozenset({"accept", "accept-encoding", "accept-language", "user-agent"})
_KEY_PARAMETERS = frozenset({"access_token", "api_key", "apikey", "auth", "auth_key", "key", "servicekey", "token"})


class RedirectRefused(SourceChangedShape):
    """A redirect that is not followed; neither address is told further than its host."""

    def __init__(self, host: str, what: str) -> None:
        AppError.__init__(
            self,
            tr("{host} leads elsewhere", host=host),
            tr("{host} answered with a redirect that is not followed: {what}.", host=host, what=what),
            tr(
                "Nothing was stored. If it stays so, the address has changed: correct the feed under Settings, or look"
                " for a newer version of Market Tray."
            ),
        )


def is_redirect(response: Response) -> bool:
    """Whether the answer names another address to ask."""
    return response.status in _REDIRECTS and bool(response.location)


def led_on(asked: Request, response: Response, secrets: Collection[str]) -> Request:
    """Return the request that the answer to a hop leads to; what its body took is gone from the bytes allowed.

    The query goes as the redirect says it, never ours with it. Raises RedirectRefused.
    """
    url = target_of(asked.url, response.location)
    if not is_web_address(url):
        raise nowhere(asked)
    here, there = urlsplit(asked.url), urlsplit(url)
    place = struck_out(f"{there.scheme}://{there.netloc}", secrets)
    if here.scheme == "https" and there.scheme != "https":
        raise RedirectRefused(asked.host, tr("it leads from https to {place}", place=place))
    if _carries_key(asked, secrets):
        raise RedirectRefused(asked.host, tr("it leads to {place}, which must not see the key", place=place))
    return replace(asked, url=url, parameters={}, max_bytes=asked.max_bytes - len(response.body))


def nowhere(asked: Request) -> RedirectRefused:
    """Return the error of a redirect whose target cannot be asked at all."""
    return RedirectRefused(asked.host, tr("it leads to no web address"))


def too_many(asked: Request) -> RedirectRefused:
    """Return the error of a chain of redirects without end."""
    return RedirectRefused(asked.host, tr("more than {most} came one after another", most=MOST_HOPS))


def target_of(base: str, location: str) -> str:
    """Return the address that a redirect leads to; empty when it names none."""
    try:
        # Headers are read as Latin-1; servers that write other letters unquoted mean UTF-8.
        location = location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        location = location.strip()
    try:
        return urldefrag(urljoin(base, location.strip())).url
    except ValueError:
        return ""


def _carries_key(request: Request, secrets: Collection[str]) -> bool:
    return (
        any(name.lower() not in _OPEN_HEADERS for name in request.headers)
        or any(name.lower() in _KEY_PARAMETERS for name in request.parameters)
        or any(value in secrets for value in request.parameters.values())
    )
