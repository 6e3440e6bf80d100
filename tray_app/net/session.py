"""The HTTP library's session as we use it: it trusts what the system trusts, and can be cut from another thread."""

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy, should_bypass_proxies
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

from tray_app.core.errors import BadInput
from tray_app.core.web.proxy import refuse_script
from tray_app.core.words import tr


class Session(requests.Session):
    """Sends one request at a time. Where with_trust is False, no host is asked whose certificate has to be checked."""

    def __init__(self, proxy: str, *, with_trust: bool) -> None:
        super().__init__()
        self._proxy = proxy
        self._line = _Line()
        # Reading a whole list of certificates takes tens of milliseconds, too long for every request.
        self._usable: bool | str | None = None
        self.trust_env = with_trust
        trust = {"ssl_context": system_trust()} if with_trust else {}
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(_pools(self._line), trust))

    def prepared(self, url: str, headers: Mapping[str, str]) -> requests.PreparedRequest:
        """Return a GET as it will go out. Raises what is wrong with the request itself: ValueError of several kinds."""
        for value in headers.values():
            value.encode("latin-1")
        return self.prepare_request(requests.Request("GET", url, headers=dict(headers)))

    def answer(self, prepared: requests.PreparedRequest, timeout: float | tuple[float, float]) -> requests.Response:
        """Send; return the answer with its body still to be read. Raises what happened on the way or in the answer.

        The proxy that was given counts before the environment's; both spare what NO_PROXY names. A proxy script, or a
        list of authorities that is not there or is none, raises BadInput.
        """
        self._line.is_connecting = True
        url = prepared.url or ""
        given = {"http": self._proxy, "https": self._proxy} if self._proxy else {}
        how = self.merge_environment_settings(url, given, stream=True, verify=None, cert=None)
        if self.trust_env and _is_spared(url):
            how["proxies"] = {}
        refuse_script(select_proxy(url, how["proxies"]) or "")
        if how["verify"] != self._usable:
            _refuse_unusable(how["verify"])
            self._usable = how["verify"]
        return self.send(prepared, timeout=timeout, allow_redirects=False, **how)

    @property
    def is_connecting(self) -> bool:
        """Whether the request is still on its way to the host: name, connection, proxy, certificate."""
        return self._line.is_connecting

    def cut(self) -> None:
        """End what another thread waits for here; the session is of no use afterwards."""
        self._line.cut()

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return that there is nothing to follow: the library would read a redirect's body without a limit."""


def _is_spared(url: str) -> bool:
    """Whether NO_PROXY names the host, `*.example.com` included, which other programs take and the library does not."""
    if should_bypass_proxies(url, no_proxy=None):
        return True
    entries = getproxies_environment().get("no", "").replace(" ", "").lower().split(",")
    host = urlsplit(url).hostname or ""
    return any(host.endswith(entry.removeprefix("*")) for entry in entries if entry.startswith("*."))


def _refuse_unusable(authorities: bool | str | None) -> None:  # noqa: FBT001 - the library's own word
    if not isinstance(authorities, str):
        return
    if not Path(authorities).exists():
        raise BadInput(
            tr("A list of certificates is missing"),
            tr("REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names {file}, which is not there.", file=authorities),
            tr("Correct the variable, or remove it: what the system trusts is trusted without it."),
        )
    if Path(authorities).is_dir():
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(authorities)
    except OSError as error:
        raise BadInput(
            tr("A list of certificates cannot be read"),
            tr(
                "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names {file}, of which no certificate in PEM form (Base-64)"
                " can be read.",
                file=authorities,
            ),
            tr("Export the certificate in that form, or remove the variable: what the system trusts is trusted then."),
        ) from error


class _Line:
    """The socket that a session's one request waits on."""

    def __init__(self) -> None:
        self.is_connecting = False
        self._is_cut = False
        self._socket: Any = None
        self._how = socket.SHUT_RD

    def hold(self, held: Any, how: int = socket.SHUT_RDWR) -> None:
        self._socket, self._how = held, how
        if self._is_cut:
            _shut(held, how)

    def cut(self) -> None:
        self._is_cut = True
        _shut(self._socket, self._how)


def _shut(held: Any, how: int) -> None:
    # TLS within the TLS of a proxy is no socket, but has one.
    bare = getattr(held, "socket", held)
    # Not closed: its number could be given to another file while the other thread still reads from it. A socket in
    # the middle of a TLS handshake has no number here; a handshake has a limit that no drip prolongs.
    if isinstance(bare, socket.socket):
        with suppress(OSError):
            socket.socket.shutdown(bare, how)


class _Connection(HTTPConnection):
    line: ClassVar[_Line]

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        # Shut in both directions, it would be taken for unconnected when TLS begins on it, and not be closed.
        self.line.hold(connected, socket.SHUT_RD)
        return connected

    def connect(self) -> None:
        self.line.is_connecting = True
        super().connect()
        self.line.hold(self.sock)
        self.line.is_connecting = False

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        self.line.hold(self.sock)
        self.line.is_connecting = False
        return super().getresponse()


def _pools(held: _Line) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(_Connection):
        line = held

    class Secure(_Connection, HTTPSConnection):
        line = held

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _Adapter(HTTPAdapter):
    """Gives every manager of connections, a proxy's too, our connections and the trust of the system."""

    def __init__(self, pools: dict[str, type[HTTPConnectionPool]], trust: Mapping[str, Any]) -> None:
        self._pools = pools
        self._trust = trust
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:  # noqa: FBT001, FBT002
        """Make the manager of direct connections."""
        super().init_poolmanager(connections, maxsize, block, **options, **self._trust)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Return the manager of the connections through a proxy, which may be spoken to by TLS itself."""
        by_tls = {f"proxy_{name}": value for name, value in self._trust.items()}
        manager = super().proxy_manager_for(proxy, **options, **self._trust, **by_tls)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def cert_verify(self, conn: Any, url: str, verify: bool | str, cert: Any) -> None:  # noqa: FBT001
        """Have certificates checked; the library would add its own list of authorities to the system's."""
        if verify is True:
            conn.cert_reqs = "CERT_REQUIRED"
        else:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]


def system_trust() -> ssl.SSLContext:
    """Return what trusts the authorities of the operating system, a company's own included, as the system does."""
    import truststore  # noqa: PLC0415 - 7 MB that only real hosts need

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Python 3.13 would refuse an authority without key identifiers, which companies' inspecting proxies still have.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context
