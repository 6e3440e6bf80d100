"""What comes in and what goes out over the loopback wire, as plain values."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

TYPE_JSON = "application/json; charset=utf-8"
TYPE_HTML = "text/html"
TYPE_TEXT = "text/plain; charset=utf-8"

JsonScalar = str | int | float | bool | None
Json = JsonScalar | Sequence["Json"] | Mapping[str, "Json"]


class Delivery(Enum):
    """How a reply's bytes reach the client."""

    WHOLE = "whole"
    CUT = "cut"
    DRIP = "drip"
    HANG = "hang"


@dataclass(frozen=True)
class Request:
    """One request as an upstream sees it: path inside the host ("/api/v3/ping"), query in order, time in UTC."""

    method: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes
    at: datetime

    def param(self, name: str, default: str = "") -> str:
        """Return the query's last value under the name, or the default."""
        return next((value for key, value in reversed(self.query) if key == name), default)

    def flag(self, name: str) -> bool:
        """Return whether the query says name=true."""
        return self.param(name).lower() == "true"

    def params(self, name: str) -> tuple[str, ...]:
        """Return the comma-separated values under the name, blanks left out."""
        return tuple(part.strip() for part in self.param(name).split(",") if part.strip())

    def header(self, name: str) -> str:
        """Return the header's value whatever its case, or an empty text."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def seconds(self) -> int:
        """The request's time in whole seconds since 1970 UTC."""
        return int(self.at.timestamp())


@dataclass(frozen=True)
class Reply:
    """One answer: HTTP status, body bytes before compression, content type, further headers."""

    status: int
    body: bytes
    content_type: str = TYPE_JSON
    headers: tuple[tuple[str, str], ...] = ()
    delivery: Delivery = Delivery.WHOLE
    pause_seconds: float = 0.0
    piece_bytes: int = 1024


def compact(value: Json) -> bytes:
    """Encode JSON the way most upstreams do: UTF-8, no blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def json_reply(value: Json, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """Return a reply that carries the value as compact JSON."""
    return Reply(status, compact(value), headers=headers)


def text_reply(text: str, status: int, content_type: str = TYPE_TEXT) -> Reply:
    """Return a reply that carries a bare text."""
    return Reply(status, text.encode("utf-8"), content_type)


def html_reply(title: str, status: int) -> Reply:
    """Return the page an nginx in front of an upstream sends on its own: HTML with CRLF line ends."""
    lines = (
        "<html>",
        f"<head><title>{title}</title></head>",
        '<body bgcolor="white">',
        f"<center><h1>{title}</h1></center>",
        "<hr><center>nginx/1.14.2</center>",
        "</body>",
        "</html>",
        "",
    )
    return text_reply("\r\n".join(lines), status, TYPE_HTML)
