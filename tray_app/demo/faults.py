"""Turns a set switch into the reply that goes out instead of, or made from, the good one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

from tray_app.demo.misbehave import Mode, Switch
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Delivery, Reply, Request, html_reply, json_reply, text_reply

DEFAULT_RETRY_AFTER_SECONDS = 30.0
DEFAULT_DRIP_PAUSE_SECONDS = 0.05


def misbehaved(switch: Switch, upstream: Upstream, request: Request, good: Callable[[], Reply]) -> Reply:
    """Return the reply a switch asks for; `good` makes the real one when the fault needs its bytes."""
    match switch.mode:
        case Mode.OK:
            return good()
        case Mode.TIMEOUT:
            return Reply(200, b"", delivery=Delivery.HANG)
        case Mode.CUT_BODY:
            return replace(good(), delivery=Delivery.CUT)
        case Mode.SLOW_DRIP:
            pause = DEFAULT_DRIP_PAUSE_SECONDS if switch.seconds is None else switch.seconds
            return replace(good(), delivery=Delivery.DRIP, pause_seconds=pause, piece_bytes=switch.size)
        case Mode.RATE_LIMITED_RETRY_AFTER | Mode.RATE_LIMITED_DATE:
            refusal = upstream.refusal(Mode.RATE_LIMITED, request) or usual_refusal(Mode.RATE_LIMITED)
            return replace(refusal, headers=(*refusal.headers, ("Retry-After", _retry_after(switch, request))))
        case _:
            return upstream.refusal(switch.mode, request) or usual_refusal(switch.mode)


def usual_refusal(mode: Mode) -> Reply:
    """Return the body a host without its own sends in an error mode."""
    match mode:
        case Mode.SERVER_ERROR_HTML:
            return html_reply("502 Bad Gateway", 502)
        case Mode.HTML_200:
            return html_reply("Just a moment...", 200)
        case Mode.EMPTY_LIST:
            return json_reply([])
        case Mode.EMPTY_OBJECT:
            return json_reply({})
        case Mode.WRONG_TYPE:
            return json_reply("temporarily unavailable")
        case Mode.REFUSED_KEY:
            return text_reply("Unauthorized", 401)
        case _:
            return text_reply("Too Many Requests", 429)


def _retry_after(switch: Switch, request: Request) -> str:
    seconds = DEFAULT_RETRY_AFTER_SECONDS if switch.seconds is None else switch.seconds
    if switch.mode is Mode.RATE_LIMITED_DATE:
        return format_datetime(request.at + timedelta(seconds=seconds), usegmt=True)
    return str(int(seconds))
