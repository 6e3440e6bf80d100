"""Switches that make a host misbehave, settable while the server runs."""

import threading
from dataclasses import dataclass, replace
from enum import StrEnum


class Mode(StrEnum):
    """How a host (mis)behaves; the values are the names used over HTTP."""

    OK = "ok"
    RATE_LIMITED = "rate_limited"
    RATE_LIMITED_RETRY_AFTER = "rate_limited_retry_after"
    RATE_LIMITED_DATE = "rate_limited_date"
    QUOTA_10006 = "quota_10006"
    SERVER_ERROR_HTML = "server_error_html"
    TIMEOUT = "timeout"
    CUT_BODY = "cut_body"
    EMPTY_LIST = "empty_list"
    EMPTY_OBJECT = "empty_object"
    SLOW_DRIP = "slow_drip"
    HTML_200 = "html_200"
    WRONG_TYPE = "wrong_type"
    REFUSED_KEY = "refused_key"
    # FRED and Yahoo: a whole body that lacks part of its rows. Yahoo: a redirect to a page about cookies.
    PARTIAL_BODY = "partial_body"
    CONSENT_REDIRECT = "consent_redirect"
    # KRX only: one 401 of a good key (set with times=1), a wrong key, a service not applied for, pages, spent calls.
    STRAY_401 = "stray_401"
    WRONG_KEY = "wrong_key"
    UNAPPROVED_SERVICE = "unapproved_service"
    MAINTENANCE_200 = "maintenance_200"
    MAINTENANCE_403 = "maintenance_403"
    QUOTA = "quota"


@dataclass(frozen=True)
class Switch:
    """One set switch: paths under `path` of `host`, for `times` more requests (None: until reset).

    `seconds` is the Retry-After of the two modes that send one (default 30) and the pause between the pieces of
    slow_drip (default 0.05), whose pieces have `size` bytes.
    """

    host: str
    mode: Mode
    path: str = "/"
    times: int | None = None
    seconds: float | None = None
    size: int = 1024


class Misbehave:
    """All switches of one server; safe to use from any thread. The longest matching path wins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._switches: list[Switch] = []

    def set(  # noqa: PLR0913 - one keyword per field of a switch
        self,
        host: str,
        mode: Mode | str,
        *,
        times: int | None = None,
        path: str = "/",
        seconds: float | None = None,
        size: int = 1024,
    ) -> None:
        """Set the host's mode, replacing what was set for the same path; OK removes it (path "/": all of the host's).

        Raises ValueError on an unknown mode, on times or size below 1, on negative seconds.
        """
        switch = Switch(host, Mode(mode), path if path.startswith("/") else f"/{path}", times, seconds, size)
        if (times is not None and times < 1) or size < 1 or (seconds is not None and seconds < 0):
            raise ValueError("times and size must be 1 or more, seconds 0 or more")
        with self._lock:
            whole_host = switch.mode is Mode.OK and switch.path == "/"
            self._switches = [
                other for other in self._switches if other.host != host or not (whole_host or other.path == switch.path)
            ]
            if switch.mode is not Mode.OK:
                self._switches.append(switch)

    def clear(self) -> None:
        """Let every host behave again."""
        with self._lock:
            self._switches = []

    def list(self) -> tuple[Switch, ...]:
        """Return the switches in force, oldest first."""
        with self._lock:
            return tuple(self._switches)

    def take(self, host: str, path: str) -> Switch | None:
        """Return the switch for this request, if any, and count the request against its `times`."""
        with self._lock:
            fitting = [one for one in self._switches if one.host == host and path.startswith(one.path)]
            if not fitting:
                return None
            switch = max(fitting, key=lambda one: len(one.path))
            if switch.times is not None:
                place = self._switches.index(switch)
                left = replace(switch, times=switch.times - 1)
                self._switches[place : place + 1] = [left] if left.times else []
            return switch
