"""Bodies with something broken in them: bytes, JSON values, dates, numbers, tags and encodings. One seed, one body."""

import codecs
import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

DATES = (
    *("0001-01-01", "1899-12-31", "1969-12-31", "2206-01-01", "9999-12-31", "2026-13-01", "2026-02-30", "0000-00-00"),
    *("00010101", "19691231", "22060101", "99991231", "20261301", "20260230", "00000000", "20260821", "2026-08-24"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2206-01-01T00:00:00Z", "2026-08-22T24:00:00Z"),
    *("1969-12-31T23:59:59.999Z", "2026-13-01T00:00:00Z", "2026-W34-6T10:00:00Z", "2026-08-22T10:00:00"),
    *("Mon, 01 Jan 0001 00:00:00 +1400", "Fri, 31 Dec 9999 23:59:59 -1200", "Wed, 31 Dec 1969 23:59:59 GMT"),
    *("Wed, 01 Jan 2206 00:00:00 GMT", "Sat, 32 Aug 2026 25:61:61 +9999", "22 Nix 2026", "2026년 13월 1일 오후 25:00"),
)
TIMES = (
    *(-(10**18), -62_135_596_801, -62_135_596_800, -2_208_988_800, -1, 0, 1, 86_399, 7_447_420_800, 253_402_300_799),
    *(253_402_300_800, 253_402_300_799_000, 253_402_300_799_999, 253_402_300_800_000, 7_447_420_800_000, 10**18),
)
NUMBERS = (
    *(0, 0.0, -0.0, -1, -0.5, 1, 99, 101, 1e-320, 1e17, 1e18, 1.1e18, 1e19, 1e308, -1e308, 2**31, 2**53 + 1, 2**63),
    *(-(2**63) - 1, 2**64, 10**30, 10**400, float("nan"), float("inf"), float("-inf"), True, False),
)
TEXTS = (
    *(
        "",
        " ",
        "-",
        ".",
        "0",
        "0.0",
        "-0",
        "-1",
        "+1",
        "1e5",
        "1e999",
        "NaN",
        "nan",
        "Infinity",
        "-inf",
        "1,000",
        "1,0",
    ),
    *("00", "0x10", "1_000", ".5", "5.", "9" * 18, "9" * 19, "9" * 31, "9" * 5000, "٣٤", "²", "１２３", "½", "None"),
    *(
        "\x00",
        "a\x00b",
        "\x1b[31mred\x1b[0m",
        "\u202eabc",
        "\ud800",
        "\ufffd\ufffd",
        "\u200b",
        "\u2028",
        "\x85",
        "\x7f",
    ),
    *("x" * 501, "한" * 3000, "<script>alert(1)</script>", "<b>", "]]>", "&amp;lt;", "&#0;", "&#xD800;", "&#99999999;"),
    *("../../etc", "file:///x", "javascript:1", "http://[::1", "http://[", "America/New_York", "Asia/Seoul", "../UTC"),
    *("=1+1", "KOSPI", "KOSDAQ", "005930", "{0}", "{name}", "%s", "null", "true"),
)
# What json cannot write: left bare in the text.
BARE = (
    "1e999",
    "-1e999",
    "1e-999",
    "-",
    "01",
    ".5",
    "0x1",
    "undefined",
    "'x'",
    "[" * 2000,
    "[" * 1010 + "]" * 1010,
    '{"a":' * 1010 + "1" + "}" * 1010,
)
BYTES = (
    *(b"", b"\x00", b"\xff", b"\xfe\xff", b"\xc3", b"\xed\xa0\x80", b"\x1b", b"\x0b", b"\r", b"\n\n", b"\xe2\x80\xa8"),
    *(
        b"<",
        b">",
        b"&",
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"]]>",
        b"<![foo[ x ]]>",
        b"<!DOCTYPE x [",
        b"<?xml",
        b"</",
        b"<a b=",
    ),
    *(b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', b"&b;", b"&#x0;", b"&#1114112;", b"&nosuch;", b"&amp"),
    *(b'"', b"'", b",", b":", b"{", b"}", b"[", b"]", b"\\", b"\\u", b"\\ud800", b"<div>" * 120, b"<item>" * 120),
    *(
        b'<div id="article">',
        b"</div>",
        b"<br/>",
        b"<script>",
        b"</item>",
        b"<guid isPermaLink='false'>",
        b"xmlns:a='b'",
    ),
)
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp949", "latin-1", "shift_jis", "gb18030")
DECLARED = (
    *(b"euc-kr", b"utf-16", b"utf-7", b"idna", b"punycode", b"base64", b"rot13", b"nosuch", b"ISO-2022-KR", b"johab"),
    *(b"iso-2022-jp", b"big5", b"latin1", b"utf-32", b"unicode_escape", b"undefined", b"hz", b"x-gbk"),
)
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)

LARGEST_FLOAT = 10**300

_TOKEN = re.compile(rb'[0-9]{4}-[0-9]{2}-[0-9]{2}|-?[0-9]+(?:\.[0-9]+)?|<[^<>]*>|"[^"]*"|&[^;<]{1,8};')
_DATE = re.compile(
    rb"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+(?:Z|[+-][0-9:]+)?)?"
    rb"|[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4}[0-9: ]+[+A-Z0-9]+"
    rb"|(?<![0-9.])(?:20[0-9]{6}|1[0-9]{9}|1[0-9]{12})(?![0-9])"
)
_DECLARATION = re.compile(rb"encoding=\"[^\"]*\"")
_LEFT_BARE = re.compile(r'"@bare ([^@]*) bare@"')

Mutation = Callable[[Random, bytes], bytes]


def mutated(chance: Random, body: bytes, *, is_json: bool) -> bytes:
    """Return the body with one to three things broken."""
    kinds = JSON_MUTATIONS if is_json else TEXT_MUTATIONS
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        body = chance.choice(kinds)(chance, body)
    return body


# --- bytes --------------------------------------------------------------------------------------------------------


def _flipped(chance: Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.randint(1, 4) if body else 0):
        changed[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(chance: Random, body: bytes) -> bytes:
    start, end = _stretch(chance, body)
    return chance.choice((body[:end], body[start:], body[:start] + body[end:]))


def _doubled(chance: Random, body: bytes) -> bytes:
    start, end = _stretch(chance, body)
    return body[:end] + body[start:end] * chance.choice((1, 1, 2, 20)) + body[end:]


def _swapped(chance: Random, body: bytes) -> bytes:
    a, b, c, d = sorted(chance.randint(0, len(body)) for _ in range(4))
    return body[:a] + body[c:d] + body[b:c] + body[a:b] + body[d:]


def _inserted(chance: Random, body: bytes) -> bytes:
    at = chance.randint(0, len(body))
    return body[:at] + chance.choice(BYTES) + body[at:]


def _encoded(chance: Random, body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace")


def _marked(chance: Random, body: bytes) -> bytes:
    return chance.choice(MARKS) + body


def _declared(chance: Random, body: bytes) -> bytes:
    name = chance.choice(DECLARED)
    changed = _DECLARATION.sub(b'encoding="' + name + b'"', body, count=1)
    return changed if changed != body else b'<?xml version="1.0" encoding="' + name + b'"?>' + body


def _stretch(chance: Random, body: bytes) -> tuple[int, int]:
    start = chance.randint(0, len(body))
    return start, min(len(body), start + chance.choice((1, 2, 5, 20, 100, 1000)))


# --- words --------------------------------------------------------------------------------------------------------


def _word_replaced(chance: Random, body: bytes) -> bytes:
    return _replaced(chance, body, _TOKEN, (*TEXTS, *map(str, NUMBERS)))


def _date_moved(chance: Random, body: bytes) -> bytes:
    return _replaced(chance, body, _DATE, (*DATES, *map(str, TIMES)))


def _word_moved(chance: Random, body: bytes) -> bytes:
    """Take a word out, say it twice, or put it in another's place."""
    found = list(_TOKEN.finditer(body))
    if not found:
        return _inserted(chance, body)
    one, other = chance.choice(found), chance.choice(found)
    by = chance.choice((b"", one[0] * 2, other[0]))
    return body[: one.start()] + by + body[one.end() :]


def _replaced(chance: Random, body: bytes, what: re.Pattern[bytes], by: Sequence[str]) -> bytes:
    found = list(what.finditer(body))
    if not found:
        return _inserted(chance, body)
    word = chance.choice(found)
    return body[: word.start()] + chance.choice(by).encode("utf-8", "replace") + body[word.end() :]


# --- values of JSON -----------------------------------------------------------------------------------------------


def _value_replaced(chance: Random, body: bytes) -> bytes:
    return _with_place(chance, body, lambda within, key: _put(within, key, _hostile(chance, within[key])))


def _dropped(chance: Random, body: bytes) -> bytes:
    return _with_place(chance, body, lambda within, key: within.__delitem__(key))


def _said_twice(chance: Random, body: bytes) -> bytes:
    def twice(within: Any, key: Any) -> None:
        value = within[key] if chance.random() < 0.5 else _hostile(chance, within[key])
        if isinstance(within, list):
            within.insert(key, value)
        else:
            # Written below as the same key once more.
            within[f"{key}@again@"] = value

    return _with_place(chance, body, twice)


def _values_swapped(chance: Random, body: bytes) -> bytes:
    def swap(within: Any, key: Any) -> None:
        other = chance.choice(list(within) if isinstance(within, dict) else range(len(within)))
        within[key], within[other] = within[other], within[key]

    return _with_place(chance, body, swap)


def _with_place(chance: Random, body: bytes, change: Callable[[Any, Any], object]) -> bytes:
    """Change something at a place of the body; bytes that are no JSON any more, or hold no place, are flipped."""
    try:
        top = json.loads(body)
    except (ValueError, RecursionError):
        return _flipped(chance, body)
    within: Any = None
    value, key = top, None
    while isinstance(value, dict | list) and value and (within is None or chance.random() < 0.9):
        within = value
        key = chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
        value = value[key]
    if within is None:
        return _flipped(chance, body)
    change(within, key)
    text = json.dumps(top).replace('@again@"', '"')
    return _LEFT_BARE.sub(lambda found: json.loads(f'"{found[1]}"'), text).encode("utf-8", "surrogatepass")


def _put(within: Any, key: Any, value: Any) -> None:
    within[key] = value


def _hostile(chance: Random, value: Any) -> Any:
    kind = chance.randrange(8)
    if kind == 0:
        return chance.choice((None, [], {}, [None], {"": None}, [[]]))
    if kind == 1:
        return chance.choice(([value], {"value": value}, [value] * 3, str(value), [[[[value]]]]))
    if kind == 2:
        return _near(chance, value)
    if kind == 3:
        return f"@bare {chance.choice(BARE)} bare@"
    return chance.choice((DATES, TIMES, NUMBERS, TEXTS)[kind - 4])


def _near(chance: Random, value: Any) -> Any:
    """Return a value of the same type that is not the same."""
    if isinstance(value, str):
        at = chance.randint(0, len(value))
        return value[:at] + chance.choice(TEXTS) + value[at + chance.randint(0, 2) :]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return not value
    if isinstance(value, int) and abs(value) > LARGEST_FLOAT:
        return -value
    return value * chance.choice((-1, 0, 10, 1000, 1e-9, 1e9, 0.5, -1e6)) + chance.choice((0, 1, -1, 86_400))


PLAIN: tuple[Mutation, ...] = (_flipped, _cut, _doubled, _swapped, _inserted, _encoded, _marked)
WORDS: tuple[Mutation, ...] = (_word_replaced, _date_moved, _word_moved)
# Values and dates are where wrong rows come from: they are tried more often than what no parser takes for JSON.
JSON_MUTATIONS = (*PLAIN, *WORDS, *(_value_replaced,) * 8, *(_dropped, _said_twice, _values_swapped, _date_moved) * 2)
TEXT_MUTATIONS = (*PLAIN, _declared, *WORDS * 4)
