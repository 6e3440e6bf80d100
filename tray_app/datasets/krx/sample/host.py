"""The sample data-dbg.krx.co.kr: whole-market answers of a made-up exchange for any date from 2010 on."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tray_app.datasets.krx.rows import IndexClass
from tray_app.datasets.krx.source.client import DAILY_ROWS, ETFS, MASTER_LISTS
from tray_app.datasets.krx.source.client import INDICES as INDEX_ROWS
from tray_app.demo.misbehave import Mode
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Reply, Request, compact, html_reply, text_reply

if TYPE_CHECKING:
    from tray_app.datasets.krx.sample.answers import KrxAnswers

PATH = "/svc/apis/"
TYPE = "application/json;charset=utf-8"
HEADERS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Cache-Control", "max-age=0, no-cache, no-store"),
    ("Pragma", "no-cache"),
)
BAD_KEY = "A-WRONG-KEY"
LONGEST_CLOSURE = 15
DAILY = {service.path: market for market, service in DAILY_ROWS.items()}
MASTERS = {service.path: market for market, service in MASTER_LISTS.items()}
INDICES = {service.path: family for family, service in INDEX_ROWS.items()}


class Krx(Upstream):
    """Takes any key but the bad ones. The first request builds the market, which takes a second or two."""

    def __init__(self, bad_keys: frozenset[str] = frozenset({BAD_KEY})) -> None:
        self._bad_keys = bad_keys
        self._lock = threading.Lock()
        self._made: KrxAnswers | None = None

    def answer(self, request: Request) -> Reply:
        """Return a day's rows, none for days without any, or the refusal the real host gives."""
        if not request.path.startswith(PATH):
            return html_reply("403 Forbidden", 403)
        key = request.header("AUTH_KEY")
        if not key or key in self._bad_keys:
            return _refused("Unauthorized Key", 401)
        service = request.path.removeprefix(PATH).removesuffix(".json")
        answers = self._answers()
        ask: Callable[[date, datetime], bytes]
        if service in DAILY:
            ask = answers.daily(DAILY[service])
        elif service in MASTERS:
            ask = answers.master(MASTERS[service])
        elif service in INDICES:
            ask = answers.indices(INDICES[service])
        elif service == ETFS.path:
            ask = answers.etfs
        else:
            return _refused(f"[{request.path[1:]}] API referenced by the path does not exist.", 404)
        day = _day(request.param("basDd"))
        return _json(answers.nothing if day is None else ask(day, request.at))

    def prepare(self, now: datetime) -> None:
        """Build the market up to the newest session that is published."""
        answers = self._answers()
        ask = answers.indices(IndexClass.KOSPI)
        days = (now.date() - timedelta(days=back) for back in range(LONGEST_CLOSURE))
        next((day for day in days if ask(day, now) != answers.nothing), None)

    def refusal(self, mode: Mode, request: Request) -> Reply | None:
        """Return KRX's own errors."""
        del request
        match mode:
            case Mode.STRAY_401 | Mode.WRONG_KEY | Mode.REFUSED_KEY:
                return _refused("Unauthorized Key", 401)
            case Mode.UNAPPROVED_SERVICE:
                return _refused("Unauthorized API Call", 401)
            case Mode.MAINTENANCE_200 | Mode.HTML_200:
                return text_reply(_MAINTENANCE, 200, "text/html;charset=utf-8")
            case Mode.MAINTENANCE_403:
                return text_reply(_MAINTENANCE, 403, "text/html;charset=utf-8")
            case Mode.QUOTA | Mode.RATE_LIMITED:
                return _refused("Too Many Requests", 429)
            case _:
                return None

    def _answers(self) -> "KrxAnswers":
        with self._lock:
            if self._made is None:
                # numpy and the holidays are loaded by those who ask for KRX only.
                from tray_app.datasets.krx.sample.answers import KrxAnswers  # noqa: PLC0415

                self._made = KrxAnswers()
            return self._made


_MAINTENANCE = (
    '<!DOCTYPE html>\r\n<html>\r\n<head><title>시스템 점검 안내</title><meta charset="utf-8"></head>\r\n'
    "<body><h1>시스템 점검 중입니다.</h1></body>\r\n</html>\r\n"
)


def _refused(message: str, status: int) -> Reply:
    return Reply(status, compact({"respMsg": message, "respCode": str(status)}), TYPE, HEADERS)


def _json(body: bytes) -> Reply:
    return Reply(200, body, TYPE, HEADERS)


def _day(text: str) -> date | None:
    if len(text) != 8 or not (text.isascii() and text.isdecimal()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
