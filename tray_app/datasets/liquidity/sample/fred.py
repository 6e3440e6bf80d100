"""The sample api.stlouisfed.org: observations of every FRED series of the catalogue, for one sample key."""

import json
import re
from datetime import date

from tray_app.datasets.liquidity.dataset import API_KEY
from tray_app.datasets.liquidity.sample.fred_table import MISSING, Cell, FredTable
from tray_app.demo.misbehave import Mode
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import TYPE_JSON, Json, Reply, Request, compact, html_reply, json_reply, text_reply

SAMPLE_FRED_KEY = API_KEY.sample
OBSERVATIONS = "/fred/series/observations"
FIRST_DATE, LAST_DATE = "1600-01-01", "9999-12-31"
READ_MORE = "Read https://fred.stlouisfed.org/docs/api/api_key.html for more information."

_KEY_FORM = re.compile(r"[a-z0-9]{32}")


class Fred(Upstream):
    """Takes the sample key only; dates come out as late as the real ones do."""

    def __init__(self, table: FredTable) -> None:
        self._table = table

    def answer(self, request: Request) -> Reply:
        """Return a series' observations, or the refusal the real host gives."""
        if request.path != OBSERVATIONS:
            return error_reply(404, "Not Found.")
        return self._refused(request) or Reply(200, self._observations(request), TYPE_JSON)

    def refusal(self, mode: Mode, request: Request) -> Reply | None:
        """Return FRED's own errors."""
        match mode:
            case Mode.RATE_LIMITED:
                return error_reply(429, "Too Many Requests.  Exceeded Rate Limit")
            case Mode.SERVER_ERROR_HTML:
                return html_reply("504 Gateway Time-out", 504)
            case Mode.REFUSED_KEY | Mode.WRONG_KEY:
                return unknown_key()
            case Mode.PARTIAL_BODY:
                return half(self.answer(request))
            case _:
                return None

    def _refused(self, request: Request) -> Reply | None:
        key = request.param("api_key")
        if not key:
            return error_reply(400, f"Bad Request.  Variable api_key is not set.  {READ_MORE}")
        if not _KEY_FORM.fullmatch(key):
            form = "is not a 32 character alpha-numeric lower-case string"
            return error_reply(400, f"Bad Request.  The value for variable api_key {form}.  {READ_MORE}")
        if key != SAMPLE_FRED_KEY:
            return unknown_key()
        if request.param("file_type") != "json":
            return text_reply('<?xml version="1.0" encoding="utf-8" ?>\n<observations/>', 200, "text/xml")
        if not self._table.knows(request.param("series_id")):
            return error_reply(400, "Bad Request.  The series does not exist.")
        for name in ("observation_start", "observation_end"):
            if not is_date(request.param(name, FIRST_DATE)):
                return error_reply(400, f"Bad Request.  The value for variable {name} is not a YYYY-MM-DD date.")
        return None

    def _observations(self, request: Request) -> bytes:
        first = request.param("observation_start", FIRST_DATE)
        last = request.param("observation_end", LAST_DATE)
        cells = self._table.cells(request.param("series_id"), first, last, request.at)
        today = str(request.at.date())
        head: Json = {
            "realtime_start": today,
            "realtime_end": today,
            "observation_start": first,
            "observation_end": last,
            "units": "lin",
            "output_type": 1,
            "file_type": "json",
            "order_by": "observation_date",
            "sort_order": "asc",
            "count": len(cells),
            "offset": 0,
            "limit": 100000,
        }
        rows = ",".join(_row(today, cell) for cell in cells)
        return compact(head)[:-1] + f',"observations":[{rows}]}}'.encode("ascii")


class FredGraph(Upstream):
    """The sample fred.stlouisfed.org: the files behind its charts, without a key."""

    def __init__(self, table: FredTable) -> None:
        self._table = table

    def answer(self, request: Request) -> Reply:
        """Return one series as CSV, missing values empty."""
        series_id = request.param("id")
        if request.path != "/graph/fredgraph.csv" or not self._table.knows(series_id):
            return html_reply("404 Not Found", 404)
        cells = self._table.cells(
            series_id, request.param("cosd", FIRST_DATE), request.param("coed", LAST_DATE), request.at
        )
        lines = [f"{cell.day},{'' if cell.value == MISSING else cell.value}\n" for cell in cells]
        return text_reply("".join((f"observation_date,{series_id}\n", *lines)), 200, "application/csv")

    def refusal(self, mode: Mode, request: Request) -> Reply | None:
        """Return the pages this host sends."""
        del request
        return html_reply("504 Gateway Time-out", 504) if mode is Mode.SERVER_ERROR_HTML else None


def error_reply(status: int, message: str) -> Reply:
    """Return an error body; slashes are escaped as FRED escapes them."""
    body = compact({"error_code": status, "error_message": message}).replace(b"/", b"\\/")
    return Reply(status, body, TYPE_JSON)


def unknown_key() -> Reply:
    """Return what FRED says to a key of the right form that it never gave out."""
    return error_reply(400, f"Bad Request.  The value for variable api_key is not registered.  {READ_MORE}")


def half(whole: Reply) -> Reply:
    """Return an answer that came to its end with half of its observations, as since FRED limits calls by the second."""
    answer = json.loads(whole.body)
    if "observations" in answer:
        answer["observations"] = answer["observations"][: len(answer["observations"]) // 2]
    return json_reply(answer, whole.status)


def is_date(text: str) -> bool:
    """Return whether a text is a date as FRED takes it."""
    try:
        return str(date.fromisoformat(text)) == text
    except ValueError:
        return False


def _row(today: str, cell: Cell) -> str:
    return f'{{"realtime_start":"{today}","realtime_end":"{today}","date":"{cell.day}","value":"{cell.value}"}}'
