"""Markup as pieces: what browsers forgive is forgiven, and what is made to hurt ends early."""

from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.errors import RateLimited, SourceChangedShape
from tray_app.datasets.news.source.markup import (
    DEEPEST,
    LONGEST_TAG,
    MOST_ENTITIES,
    MOST_TAGS,
    Closed,
    Dialect,
    MarkupTooLarge,
    Opened,
    Said,
    parsing,
    pieces,
    unescaped,
)

MB = 1024 * 1024
# A body of this size takes a fraction of a second; a parser that goes over it again and again takes minutes.
LONGEST_SECONDS = 5.0


def told(text: str, dialect: Dialect = Dialect.XML) -> str:
    """Return the pieces in few letters: +a opens, -a closes."""
    found: list[str] = []
    for piece in pieces(text, dialect):
        if isinstance(piece, Opened):
            given = ",".join(f"{name}={value}" for name, value in piece.attributes.items())
            found.append(f"+{piece.name}({given})" if given else f"+{piece.name}")
        else:
            found.append(f"-{piece.name}" if isinstance(piece, Closed) else repr(piece.text))
    return " ".join(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a>b</a>", "+a 'b' -a"),
        ("<A x='1' Y=\"2>3\" z=4 w/>", "+a(x=1,y=2>3,z=4,w=) -a"),
        ("<a t='&lt;&amp;'>&#44;&nope;&amp;lt;</a>", "+a(t=<&) ',&nope;&lt;' -a"),
        ("<a><![CDATA[<b>&amp;]]></a>", "+a '<b>&amp;' -a"),
        ("<a>1 < 2 & 3<4</a>", "+a '1 < 2 & 3<4' -a"),
        ("<?xml version='1.0'?><!-- <x> --><a/>", "+a -a"),
        ("<!DOCTYPE a [<!ENTITY e '>'>]><a>&e;</a>", "+a '&e;' -a"),
        ("<!doctype a><a/>", "+a -a"),
        ("<a><b>c</a>d", "+a +b 'c' -b -a 'd'"),
        ("<a></b>c</a>", "+a 'c' -a"),
        ("<a>b", "+a 'b' -a"),
        ("<a>b<c d='", "+a 'b' -a"),
        ("<a>b<!-- c", "+a 'b' -a"),
        ("<a>b<![CDATA[c", "+a 'b' 'c' -a"),
        ("<![foo[ x ]]>y", "'y'"),
        ("<a o'clock>b", "+a(o=,clock=) 'b' -a"),
        ("", ""),
    ],
)
def test_pieces(text: str, expected: str) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>a<br>b<p>c", "+p 'a' +br -br 'b' +p 'c'"),
        ("<script>if (a<b) '</x>'</script>c", "+script \"if (a<b) '</x>'\" -script 'c'"),
        ("<style>p > a", "+style -style"),
        ("<div><li>a</div>", "+div +li 'a' -div"),
    ],
)
def test_html(text: str, expected: str) -> None:
    assert told(text, Dialect.HTML) == expected.replace(" \"if (a<b) '</x>'\"", "")


def test_character_references() -> None:
    assert unescaped("&quot;&#39;&#x27;&euro; & &amp &unknown; &#99999999;") == "\"''€ & &amp &unknown; &#99999999;"


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<a>" * (DEEPEST + 1), "deep"),
        ("<a></a>" * MOST_TAGS, "tags"),
        ("<!-- -->" * (MOST_TAGS + 1), "tags"),
        ("<!ENTITY a 'b'>" * (MOST_ENTITIES + 1), "entities"),
        ("<a " + "b" * LONGEST_TAG, "never ends"),
    ],
)
def test_limits(text: str, said: str, dialect: Dialect) -> None:
    with pytest.raises(MarkupTooLarge, match=said):
        told(text, dialect)


def test_up_to_the_limits_all_is_read() -> None:
    assert told("<a>" * DEEPEST).count("-a") == DEEPEST
    assert told("<a/>" * MOST_TAGS).count("-a") == MOST_TAGS
    assert told(f"<a b='{'c' * (LONGEST_TAG - 10)}'/>").endswith(" -a")


HURTING = (
    "<!--",
    '<a href="',
    "<a href='x' \"",
    "<![CDATA[",
    "<![foo[ x ]]>",
    "<?",
    "<",
    "<!",
    "</",
    "<a ",
    "<a =",
    "<a b=c ",
    "</a>",
    "<p>",
    "<a>",
    "<a/>",
    "<script>",
    "<!DOCTYPE [",
    "<!DOCTYPE a [<!ENTITY b 'c'>",
    "&",
    "&amp;",
    "&#",
    "&a",
    "]]>",
    "a",
)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("repeated", HURTING)
def test_no_body_takes_long(repeated: str, dialect: Dialect) -> None:
    text = "<rss>" + repeated * (2 * MB // len(repeated))
    began = process_time()
    try:
        for _ in pieces(text, dialect):
            pass
    except MarkupTooLarge:
        pass
    assert process_time() - began < LONGEST_SECONDS


@given(st.text(st.sampled_from("<>/!-?[]CDAT&;#x\"'= abp"), max_size=80), st.sampled_from(Dialect))
def test_whatever_opens_is_closed(text: str, dialect: Dialect) -> None:
    opened: list[str] = []
    for piece in pieces(text, dialect):
        if isinstance(piece, Opened):
            opened.append(piece.name)
        elif isinstance(piece, Closed) and piece.name != "p":
            while opened[-1] == "p":
                opened.pop()
            assert opened.pop() == piece.name
    assert set(opened) <= {"p"}


@given(st.text(st.characters(exclude_characters="<&"), max_size=60))
def test_text_comes_through_as_it_is(text: str) -> None:
    assert [piece for piece in pieces(f"<a>{text}</a>", Dialect.XML) if isinstance(piece, Said)] == (
        [Said(text)] if text else []
    )


def failing(error: Exception) -> Callable[[], None]:
    def read() -> None:
        raise error

    return read


def test_whatever_a_parser_raises_is_its_bodys_failure() -> None:
    with pytest.raises(SourceChangedShape, match="not a feed"), parsing("h.example", "not a feed"):
        failing(AssertionError("we should not get here!"))()
    with pytest.raises(SourceChangedShape, match="not a feed: too deep"), parsing("h.example", "not a feed"):
        failing(MarkupTooLarge("too deep"))()
    with pytest.raises(RateLimited), parsing("h.example", "not a feed"):
        failing(RateLimited("h.example"))()
