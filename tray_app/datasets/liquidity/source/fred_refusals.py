"""What FRED says when it gives no data, told apart: the key, the series, or something else about the question."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tray_app.core.errors import AppError, KeyMissing, KeyRefused
from tray_app.core.web.secrets import STRUCK_OUT
from tray_app.core.words import tr
from tray_app.datasets.liquidity.source.unknown_series import UnknownSeries
from tray_app.net.body import Body
from tray_app.net.request import Response, refusal

FRED_HOST = "api.stlouisfed.org"
KEY_NAME = "FRED_API_KEY"
PORTAL = "fredaccount.stlouisfed.org/apikeys"
KEY_FORM = re.compile(r"[a-z0-9]{32}")
# Both come with status 400; 404 is what some report for a series that is not there.
REASONED_STATUSES = frozenset({400, 404})


def missing_key() -> KeyMissing:
    """Return the error of a key that is not set here."""
    return KeyMissing(KEY_NAME, tr("FRED answers only with a key of one's own; it is free at {portal}.", portal=PORTAL))


def malformed_key() -> KeyRefused:
    """Return the error of a text that cannot be a key; FRED need not be asked."""
    return KeyRefused(
        tr("FRED: this is no key"),
        tr("{name} must be 32 small letters and digits, and is not.", name=KEY_NAME),
        tr("Copy it again from {portal} and enter it under Settings, Keys.", portal=PORTAL),
    )


def refused(series_id: str, response: Response) -> AppError | None:
    """Return the error that a status other than 200 stands for; None leaves it to the usual reading."""
    if response.status not in REASONED_STATUSES:
        return None
    reason = _reason(response)
    if "api_key" in reason:
        return _absent_key() if "not set" in reason else _wrong_key()
    if "does not exist" in reason:
        # FRED has said so of good series when it was overloaded: it is an error of this series, never of the run.
        return UnknownSeries(FRED_HOST, series_id)
    if not reason:
        return None
    shown = KEY_FORM.sub(STRUCK_OUT, reason)
    return Body(FRED_HOST, response.body).changed(tr("status {status}: {reason}", status=response.status, reason=shown))


def disguised(series_id: str, response: Response, answer: Mapping[str, Any]) -> AppError | None:
    """Return the error in a body that says 200 outside and an error inside."""
    code = answer.get("error_code")
    if isinstance(code, bool) or not isinstance(code, int) or not 400 <= code <= 599:
        return None
    named = replace(response, status=code)
    return refused(series_id, named) or refusal(FRED_HOST, named)


def _reason(response: Response) -> str:
    try:
        answer = Body(FRED_HOST, response.body).value()
    except AppError:
        return ""
    reason = answer.get("error_message") if isinstance(answer, dict) else None
    return " ".join(reason.split()) if isinstance(reason, str) else ""


def _wrong_key() -> KeyRefused:
    return KeyRefused(
        tr("FRED: the key is wrong"),
        tr("FRED does not know this key."),
        tr("Check {name} under Settings, Keys; {portal} shows yours.", name=KEY_NAME, portal=PORTAL),
    )


def _absent_key() -> KeyRefused:
    return KeyRefused(
        tr("FRED: the key did not arrive"),
        tr("FRED says that the call came without a key."),
        tr("Check {name} under Settings, Keys, and whether a proxy shortens addresses.", name=KEY_NAME),
    )
