"""A secret is struck out however a host writes it back, and nothing else of a body changes."""

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.web.secrets import STRUCK_OUT, struck_out, struck_out_of_body

KEY = "Ab3/dE6&g9Z=+kLmN"


def as_json_escapes(key: str) -> str:
    return "".join(f"\\u{ord(letter):04X}" for letter in key)


def as_entities(key: str) -> str:
    return "".join(f"&#{ord(letter)};" if place % 2 else f"&#x{ord(letter):x};" for place, letter in enumerate(key))


WRITTEN: tuple[Callable[[str], str], ...] = (
    str,
    str.lower,
    str.upper,
    lambda key: quote(key, safe=""),
    lambda key: quote(key, safe="").lower(),
    lambda key: "".join(f"%{ord(letter):02x}" for letter in key),
    lambda key: json.dumps(key)[1:-1].replace("/", "\\/"),
    lambda key: key.replace("&", "&amp;"),
    lambda key: key.replace("&", "\\u0026"),
    as_json_escapes,
    as_entities,
)


@pytest.mark.parametrize("written", WRITTEN)
def test_every_way_to_write_it_is_struck_out(written: Callable[[str], str]) -> None:
    sent = f"no such key: {written(KEY)}."
    assert struck_out(sent, (KEY,)) == f"no such key: {STRUCK_OUT}."
    assert struck_out_of_body(sent.encode(), (KEY,)).decode() == f"no such key: {STRUCK_OUT}."


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_body_of_two_bytes_a_letter_keeps_no_key(encoding: str) -> None:
    left = struck_out_of_body(f"bad key {KEY} here".encode(encoding), (KEY,))
    assert KEY not in left.replace(b"\0", b"").decode("latin-1")


@given(st.binary(max_size=300))
def test_a_body_without_it_stays_as_it_is(body: bytes) -> None:
    assert struck_out_of_body(body, (KEY,)) == body
