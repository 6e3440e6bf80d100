"""Signs of a network that wants a sign-in: it answers for every host with a page of its own, or leads all to one place.

One page proves nothing: a source has maintenance pages too. Many hosts of which none answers with data do. Where a run
asks one host only, others are looked at before a page of it is taken for the network's.
"""

from http import HTTPStatus
from urllib.parse import urlsplit

from tray_app.net.redirects import is_redirect, target_of
from tray_app.net.request import Response

MANY_HOSTS = 2
_START = 1000


def is_foreign_page(url: str, response: Response) -> bool:
    """Whether an answer may be a network's own: a page where data was asked for, or a way to another host.

    A page with which a server tells of a fault of its own is none.
    """
    if is_redirect(response):
        host = urlsplit(target_of(url, response.location)).hostname
        return host is not None and host != urlsplit(url).hostname
    if response.status == HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED:
        return True
    return response.status < HTTPStatus.INTERNAL_SERVER_ERROR and _is_html(response)


class SignInSigns:
    """What the hosts of one client answered with."""

    def __init__(self) -> None:
        self._pages: set[str] = set()
        self._has_own_voice = False

    def note(self, host: str, url: str, response: Response) -> None:
        """Note an answer to a request that was meant for a host; url is what was asked for at last."""
        if is_foreign_page(url, response):
            self._pages.add(host)
        else:
            self._has_own_voice = True

    @property
    def unsure(self) -> frozenset[str]:
        """Return the hosts that answered with pages, where nothing else came but too few to tell whose these are."""
        is_unsure = not self._has_own_voice and len(self._pages) < MANY_HOSTS
        return frozenset(self._pages) if is_unsure else frozenset()

    @property
    def wants_sign_in(self) -> bool:
        """Whether many hosts answered with pages, and none in its own voice."""
        return not self._has_own_voice and len(self._pages) >= MANY_HOSTS


def _is_html(response: Response) -> bool:
    start = response.body[:_START].lower()
    return "html" in response.content_type.lower() or b"<!doctype html" in start or b"<html" in start
