"""Damaged letters are told from whatever people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.datasets.news.rules.letters import damage_of

syllables = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
korean = st.lists(st.text(syllables, min_size=1, max_size=6), min_size=1, max_size=8).map(" ".join)
common = st.text(
    st.tuples(st.integers(0xB0, 0xC8), st.integers(0xA1, 0xFE)).map(lambda pair: bytes(pair).decode("cp949")),
    min_size=2,
    max_size=12,
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What? Why? How?",
        "“the ‘café’” — naïve façade, São Paulo",
        "«CAFÉ» MÜNCHEN ÄÖÜß Zoë’”",
        "€5bn – “deal” £10m ½ ±3% 1°C·2°C",
        "삼성전자↑·SK하이닉스↓ 北 미사일…李 “규탄”",
        "美 연준, 金리 동결",
        "中国GDP増加 日銀総裁",
        "뷁펲햏",
        "Рынок акций",
    ],
)
def test_what_people_write(text: str) -> None:
    assert damage_of(text) == ""


@given(korean)
def test_any_korean_is_readable(text: str) -> None:
    assert damage_of(text) == ""


@given(common, st.sampled_from(["latin-1", "cp1252"]))
def test_korean_read_as_western_letters(text: str, page: str) -> None:
    assert damage_of(text.encode("utf-8").decode(page, "replace"))
    assert damage_of(text.encode("cp949").decode("latin-1"))


@given(common)
def test_utf_8_read_as_cp949(text: str) -> None:
    assert damage_of(text.encode("utf-8").decode("cp949", "replace"))


@pytest.mark.parametrize("text", ["Fed’s", "café", "‘5–7’", "…", "🙂", "\ufeffFed"])
def test_western_marks_of_utf_8(text: str) -> None:
    assert damage_of(text.encode("utf-8").decode("cp1252", "replace"))
    assert damage_of(text.encode("utf-8").decode("latin-1"))


@pytest.mark.parametrize("text", ["???", "??? ???? A", "한?? ???", "한\ufffd"])
def test_lost_letters(text: str) -> None:
    assert damage_of(text)
