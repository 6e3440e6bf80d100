"""The letters of feeds: by which code page they are read, and what is refused because it cannot be read."""

import pytest

from datasets.news.source.feed_kit import HOST, SEOUL, feed_body, item, only
from tray_app.core.errors import SourceChangedShape
from tray_app.datasets.news.source.feeds import read_feed

# The second word is written with a syllable that KS X 1001 lacks and cp949 has.
KOREAN = "한국은행 똠방 “동결”"


def declared(name: str, title: str = KOREAN) -> str:
    return feed_body(item(title)).decode().replace('version="1.0"?', f'version="1.0" encoding="{name}"?', 1)


@pytest.mark.parametrize("name", ["euc-kr", "EUC-KR", "ks_c_5601-1987", "korean", "ksc5601", "ms949", "x-windows-949"])
def test_korean_names_mean_the_code_page_with_every_syllable(name: str) -> None:
    assert only(declared(name).encode("cp949")).title == KOREAN
    undeclared = feed_body(item(KOREAN)).decode().encode("cp949")
    (found,) = read_feed(SEOUL, undeclared, f"text/xml; charset={name}").rows
    assert found.title == KOREAN


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xef\xbb\xbf" + declared("euc-kr").encode(), "text/xml; charset=euc-kr"),
        (declared("utf-16").encode("utf-16"), "text/xml; charset=utf-8"),
        (declared("utf-16").encode("utf-16-le"), ""),
        (declared("utf-8").encode(), "text/xml; charset=euc-kr"),
        (declared("utf-8").encode(), "text/xml; charset=ISO-8859-1"),
        (declared("euc-kr").encode("cp949"), "text/xml; charset=utf-8"),
        (feed_body(item(KOREAN)), "text/xml; charset=ISO-8859-1"),
        (declared("euc-kr").encode(), "text/xml"),
        (declared("iso-8859-1").encode("cp949"), "text/xml; charset=euc-kr"),
        (declared("no-such").encode(), "text/xml; charset=punycode"),
        (declared("utf-16").encode(), ""),
    ],
)
def test_mark_then_declaration_then_content_type_then_what_makes_sense(body: bytes, content_type: str) -> None:
    (found,) = read_feed(SEOUL, body, content_type).rows
    assert found.title == KOREAN


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (feed_body(item(KOREAN)).decode().encode("cp949"), "replacement letters"),
        (feed_body(item("기준금리 \ufffd\ufffd결")), "replacement letters"),
        (feed_body(item(KOREAN.encode().decode("latin-1"))), "another code page"),
        (feed_body(item("경제 상승".encode().decode("cp949", "replace"))), "replacement letters"),
        (feed_body(item("경제".encode().decode("cp949"))), "another code page"),
        (feed_body(item(KOREAN.encode("cp949").decode("latin-1"))), "another code page"),
        (feed_body(item("The Fed\u2019s move".encode().decode("cp1252"))), "another code page"),
        (feed_body(item("??? ???? ??")), "question marks"),
    ],
)
def test_damaged_letters_are_refused_with_that_reason(body: bytes, said: str) -> None:
    with pytest.raises(SourceChangedShape, match=said):
        read_feed(SEOUL, body)


def test_a_few_damaged_items_are_set_aside_and_named() -> None:
    items = [item(f"Repo {number}", f"https://{HOST}/{number}") for number in range(40)]
    sifted = read_feed(SEOUL, feed_body(*items, item("\ufffd\ufffd")))
    assert len(sifted.rows) == 40
    assert [(fault.subject, "replacement letters" in fault.reason) for fault in sifted.faults] == [("Paper", True)]
    with pytest.raises(SourceChangedShape, match="replacement letters"):
        read_feed(SEOUL, feed_body(*items, *(item("\ufffd", f"https://{HOST}/bad{n}") for n in range(4))))
