"""Bodies cut to the few rows and names that breaking them needs."""

import json
from typing import Any

ROWS = 6
ITEMS = 3
# Of a table of amounts by currency these are kept.
KEPT_NAMES = ("usd", "btc", "peggedUSD", "peggedEUR")


def json_of(value: Any) -> bytes:
    """Return a value as a body."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def newest(body: bytes) -> bytes:
    """Return the newest rows of a list, with a few of their amounts."""
    return json_of(small(json.loads(body)[-ROWS:]))


def small(value: Any) -> Any:
    """Return a value with a few only of its amounts by currency and prices by hour."""
    if isinstance(value, list):
        return [small(each) for each in value[:ROWS]]
    if not isinstance(value, dict):
        return value
    if len(value) > ROWS and all(isinstance(each, int | float) for each in value.values()):
        return {name: value[name] for name in KEPT_NAMES if name in value}
    return {name: small(each) for name, each in value.items()}


def first_rows(body: bytes) -> bytes:
    """Return an answer of the exchange with its first rows only."""
    return json_of({"OutBlock_1": json.loads(body)["OutBlock_1"][:ROWS]})


def items_of(body: bytes) -> bytes:
    """Return a feed with its first items only."""
    head, *items = body.split(b"<item>")
    _last, end, tail = items[-1].partition(b"</item>")
    kept = [item.partition(b"</item>")[0] + b"</item>" for item in items[:ITEMS]]
    return head + b"".join(b"<item>" + item for item in kept) + (tail if end else b"")
