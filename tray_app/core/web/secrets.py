"""Keeping secrets out of texts."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from urllib.parse import quote

STRUCK_OUT = "***"
# A shorter one is no key, and as a number or a word it may rightly stand in data.
SHORTEST_IN_DATA = 8
# Without one of these no letter is written in another way: \u0041, &#65;, %41 or two bytes a letter.
_MARKS_OF_ESCAPES = (b"\\u00", b"&#", b"%", b"\0")
_ESCAPE = re.compile(r"\\u00([0-9a-f]{2})|%([0-9a-f]{2})|&#x0*([0-9a-f]{1,4});|&#0*([0-9]{1,4});|\0", re.IGNORECASE)


def struck_out(text: str, secrets: Iterable[str]) -> str:
    """Return the text with every secret replaced, longest first: one may be the beginning of another."""
    known = tuple(secrets)
    for form in _forms(known):
        text = text.replace(form, STRUCK_OUT)
    return _without_escaped(text, long_enough(known))


def long_enough(secrets: Iterable[str]) -> list[str]:
    """Return the secrets that may be struck out of what is still to be read."""
    return [secret for secret in secrets if len(secret) >= SHORTEST_IN_DATA]


def struck_out_of_body(body: bytes, secrets: Iterable[str]) -> bytes:
    """Return a body with every key replaced, before anything quotes or cuts it."""
    known = long_enough(secrets)
    for form in _forms(known):
        body = body.replace(form.encode(), STRUCK_OUT.encode())
    if known and any(mark in body for mark in _MARKS_OF_ESCAPES):
        # A byte a letter, so that a body of any letters stays what it is.
        body = _without_escaped(body.decode("latin-1"), known).encode("latin-1")
    return body


def _forms(secrets: Iterable[str]) -> list[str]:
    """Return the secrets as they may be written: plain, in an address, in JSON, in a page."""
    forms = {
        form
        for secret in secrets
        for form in (secret, quote(secret, safe=""), secret.replace("/", "\\/"), secret.replace("&", "&amp;"))
    }
    forms |= {form for each in long_enough(forms) for form in (each.lower(), each.upper())}
    return sorted(filter(None, forms), key=len, reverse=True)


def _without_escaped(text: str, secrets: Sequence[str]) -> str:
    if not secrets:
        return text
    plain = _ESCAPE.sub(_letter, text).casefold()
    for secret in secrets:
        # Nearly always none is there, and this is far quicker to see than how it would be written.
        if secret.casefold() in plain:
            text = _escaped(secret).sub(STRUCK_OUT, text)
    return text


def _letter(found: re.Match[str]) -> str:
    json_hex, address_hex, page_hex, page_decimal = found.groups()
    if page_decimal:
        return chr(int(page_decimal))
    digits = json_hex or address_hex or page_hex
    return chr(int(digits, 16)) if digits else ""


@cache
def _escaped(secret: str) -> re.Pattern[str]:
    """Return what finds a secret of which any letter is escaped as JSON, addresses or pages do, or is two bytes."""
    letters = (
        rf"\0?(?:{re.escape(letter)}|\\u{ord(letter):04x}|%{ord(letter):02x}|&#0*{ord(letter)};|&#x0*{ord(letter):x};)"
        for letter in secret
    )
    return re.compile("".join(letters), re.IGNORECASE)
