"""What KRX says when it gives no data, told apart: wrong key, missing approval, quota, maintenance, gone.

Source: docs/sources/krx.md, "Refusals".
"""

from dataclasses import replace
from typing import Any

from tray_app.core.errors import (
    AppError,
    KeyRefused,
    QuotaSpent,
    ServiceNotApproved,
    SourceChangedShape,
    SourceDown,
)
from tray_app.core.words import tr
from tray_app.net.body import Body
from tray_app.net.request import DAILY, Response, refusal

HOST = "data-dbg.krx.co.kr"
PORTAL = "openapi.krx.co.kr"
NOT_APPROVED = "Unauthorized API Call"
KEY_WRONG = "Unauthorized Key"


def refused(service: str, response: Response) -> AppError | None:
    """Return the error that a status other than 200 stands for; None leaves it to the usual reading."""
    match response.status:
        case 401:
            return _unauthorized(service, response)
        case 403 if _is_page(response):
            return maintenance(response)
        case 404:
            return SourceChangedShape(HOST, tr("the service {service} does not exist there", service=service))
        case 429 if not _waits_a_moment(response):
            return QuotaSpent(
                HOST,
                tr("KRX takes no more calls with this key today."),
                tr("The count starts anew at 00:00 KST; what is missing is collected then."),
            )
        case _:
            return None


def disguised(service: str, response: Response) -> AppError | None:
    """Return the error in an answer that says 200 but carries no data: a page, or an error body."""
    if _is_page(response):
        return maintenance(response)
    if b'"respCode"' not in response.body[:2000]:
        return None
    code = _answer(response).get("respCode")
    if not isinstance(code, str) or not code.isdecimal() or code == "200":
        return None
    named = replace(response, status=int(code[:3]))
    return refused(service, named) or refusal(HOST, named)


def wrong_key() -> KeyRefused:
    """Return the error of a key that KRX does not know."""
    return KeyRefused(
        tr("KRX: the key is wrong"),
        tr("KRX does not know this key."),
        tr(
            "Check KRX_AUTH_KEY under Settings, Keys. A key lasts 12 months, and a renewed one replaces the old one:"
            " {portal} shows yours.",
            portal=PORTAL,
        ),
    )


def maintenance(response: Response) -> SourceDown:
    """Return the error of a web page where data should be."""
    return SourceDown(HOST, tr("a maintenance page instead of data (status {status})", status=response.status))


def _unauthorized(service: str, response: Response) -> AppError:
    message = _answer(response).get("respMsg")
    if message == NOT_APPROVED:
        return ServiceNotApproved(service, PORTAL)
    if message == KEY_WRONG:
        return wrong_key()
    return KeyRefused(
        tr("KRX refused the call"),
        tr("KRX refused the call for {service} without a reason known here (status 401).", service=service),
        tr("Check the key under Settings, Keys, and your services at {portal}.", portal=PORTAL),
    )


def _answer(response: Response) -> dict[str, Any]:
    try:
        answer = Body(HOST, response.body).value()
    except AppError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _is_page(response: Response) -> bool:
    return "html" in response.content_type.lower() or response.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _waits_a_moment(response: Response) -> bool:
    return response.retry_after is not None and response.retry_after <= DAILY.longest_wait
