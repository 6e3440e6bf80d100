"""Bodies are guilty until checked: whatever comes, only our own errors leave."""

import json
import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support import examples

from tray_app.core.errors import AppError, SourceChangedShape
from tray_app.core.texts import clean_text
from tray_app.net.body import LARGEST, Body

HOST = "api.example"
quick = settings(deadline=None, max_examples=examples(200))


def trees(scalars: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        scalars,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
        max_leaves=12,
    )


values = trees(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)))
# What JSON can say and a computer word can hold.
exact = trees(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**64 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=20),
    )
)
blanks = st.text(st.sampled_from(" \t\r\n"), max_size=3)


def body(text: str | bytes) -> Body:
    return Body(HOST, text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)


def field(value: Any) -> dict[str, Any]:
    return {"x": value}


# --- rows ---------------------------------------------------------------------------------------------------------


@quick
@given(
    rows=st.lists(st.dictionaries(st.text(max_size=5), exact, max_size=4), max_size=6),
    indent=st.sampled_from([None, 1, "\t"]),
    around=blanks,
)
def test_rows_are_what_json_says(rows: list[dict[str, Any]], indent: int | str | None, around: str) -> None:
    text = around + json.dumps(rows, indent=indent) + around
    assert repr(body(text).entries()) == repr(json.loads(text))


@quick
@given(text=st.text(st.sampled_from('[]{},:"1a \n\u00a0'), max_size=14))
@example('[{"a":1}{"a":2}]')
@example('[{"a":1},]')
@example('[{"a":1}]]')
@example("\u00a0[]")
@example("[\u2003{}]")
@example("[{},\x0b{}]")
@example("[")
@example("")
def test_rows_refuse_what_json_refuses(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        expected = None
    if isinstance(expected, list):
        assert body(text).entries() == expected
    else:
        with pytest.raises(SourceChangedShape):
            body(text).entries()


@quick
@given(value=exact)
def test_rows_of_any_json_are_a_list_or_refused(value: Any) -> None:
    text = json.dumps(value)
    if isinstance(value, list):
        assert len(body(text).entries()) == len(value)
    else:
        with pytest.raises(SourceChangedShape):
            body(text).entries()


def test_a_byte_order_mark_is_no_fault() -> None:
    assert body(b'\xef\xbb\xbf[{"a": 1}]').entries() == [{"a": 1}]
    assert body(b"\xef\xbb\xbf{}").value() == {}


# --- documents ----------------------------------------------------------------------------------------------------


@quick
@given(
    document=st.dictionaries(st.text(max_size=5), exact, max_size=6),
    indent=st.sampled_from([None, 1, "\t"]),
    around=blanks,
)
def test_a_document_is_what_json_says(document: dict[str, Any], indent: int | str | None, around: str) -> None:
    text = around + json.dumps(document, indent=indent) + around
    assert repr(body(text).document()) == repr(json.loads(text))


@quick
@given(text=st.text(st.sampled_from('[]{},:"1a \n\u00a0'), max_size=14))
@example('{"a":1')
@example('{"a":1,}')
@example('{"a":[1,]}')
@example('{"a":[1}')
@example('{"a":1}}')
@example('{"a" 1}')
@example("{1:1}")
@example('{"a":1 "b":2}')
@example('{,"a":1}')
@example('{"a":[,1]}')
@example("{")
@example("[]")
@example("")
def test_documents_refuse_what_json_refuses(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        expected = None
    if isinstance(expected, dict):
        assert body(text).document() == expected
    else:
        with pytest.raises(SourceChangedShape, match=HOST):
            body(text).document()


@pytest.mark.parametrize("text", ['{"a":' + "[" * 100_000, '{"a":[' + '{"b":' * 100_000])
def test_a_document_nested_too_deep_is_refused(text: str) -> None:
    with pytest.raises(SourceChangedShape, match="not JSON"):
        body(text).document()


# --- any bytes ----------------------------------------------------------------------------------------------------


@quick
@given(content=st.binary(max_size=60))
def test_any_bytes_are_json_or_refused(content: bytes) -> None:
    for read in (lambda: body(content).value(), lambda: body(content).entries()):
        with suppress(AppError):
            read()


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_a_body_nested_without_end_is_refused(opening: str) -> None:
    deep = opening * 100_000
    with pytest.raises(SourceChangedShape):
        body(deep).value()
    with pytest.raises(SourceChangedShape):
        list(body(deep).entries())
    with pytest.raises(SourceChangedShape):
        body("[" + '{"a":' * 100_000 + "1" + "}" * 100_000 + "]").entries()


def test_a_number_with_thousands_of_digits_is_refused() -> None:
    with pytest.raises(SourceChangedShape):
        body(f"[{'9' * 5000}]").value()


# --- fields -------------------------------------------------------------------------------------------------------


@quick
@given(value=values)
@example(10**400)
@example(-(10**400))
@example(math.inf)
@example(math.nan)
@example(True)
def test_a_number_is_finite_or_refused(value: Any) -> None:
    try:
        number = body("").optional_number(field(value), "x")
    except AppError:
        return
    assert number is None or (isinstance(number, float) and abs(number) <= LARGEST)
    assert (number is None) == (value is None)


@quick
@given(value=values)
@example(math.inf)
@example("１２")
@example("1_000")
@example(" 12 ")
@example("²")
@example(12.0)
@example(True)
@example("9" * 5000)
def test_a_whole_number_is_an_int_or_plain_digits(value: Any) -> None:
    try:
        whole = body("").whole(value, "x", low=0, high=10**10)
    except AppError:
        return
    assert not isinstance(value, bool)
    assert isinstance(value, int) or (
        isinstance(value, str) and value.lstrip("-").isascii() and value.lstrip("-").isdigit()
    )
    assert whole == int(value)


@quick
@given(value=values)
@example("")
@example("x" * 501)
def test_a_text_can_be_stored_or_is_refused(value: Any) -> None:
    try:
        text = body("").text(field(value), "x")
    except AppError:
        return
    assert text == clean_text(value)
    assert text.strip()
    assert 0 < len(text.encode("utf-8")) <= 2000


@quick
@given(what=st.text(max_size=400))
@example("\ud83d half a letter")
@example("two\nlines\x1b[31m")
def test_what_an_upstream_says_is_told_short_and_printable(what: str) -> None:
    told = str(body("").changed(what))
    assert told.isprintable()
    assert len(told) < 500
    told.encode("utf-8")


def test_missing_fields_are_named() -> None:
    rows: tuple[Any, ...] = ({}, None, [], "text", 3)
    for row in rows:
        with pytest.raises(SourceChangedShape, match="price is missing"):
            body("").number(row, "price")


def test_bounds_are_kept() -> None:
    with pytest.raises(SourceChangedShape, match="out of range"):
        body("").number(field(101), "x", low=0, high=100)
    with pytest.raises(SourceChangedShape, match="x is empty"):
        body("").number(field(None), "x")
    assert body("").number(field(100), "x", low=0, high=100) == 100.0
