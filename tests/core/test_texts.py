"""Texts from outside lose what is no text, and nothing else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.texts import cell_of, clean_lines, clean_text, markdown_of


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("삼성전자 & Co. <5 %", "삼성전자 & Co. <5 %"),
        ("\x1b[1;31mFAILED\x1b[0m", "FAILED"),
        ("\x1b]8;;http://x.test\x07here\x1b]8;;\x07", "here"),
        ("\x1b]0;never ended", "0;never ended"),
        ("\x1b(Bline\x1bc", "line"),
        ("\x9b31mred", "31mred"),
        ("gnp.\u202etxt\u2066 \u200fa", "gnp.txt a"),
        ("a\x00b\x07\x08c", "abc"),
        ("one\r\ntwo\u2028three\tfour", "one  two three four"),
        ("\ufeffBOM\u200b\u00ad", "BOM"),
        ("한\u3000국\xa0어", "한 국 어"),
        ("👩\u200d👩\u200d👧 नि\u200dक", "👩\u200d👩\u200d👧 नि\u200dक"),
        ("half \ud800 a pair", "half  a pair"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("own \ue000 sign", "own \ue000 sign"),
    ],
)
def test_what_is_left_is_text(sent: str, text: str) -> None:
    assert clean_text(sent) == text


@given(st.text(st.characters(codec=None), max_size=40))
def test_nothing_left_turns_or_orders(sent: str) -> None:
    left = clean_text(sent)
    assert clean_text(left) == left
    for letter in left:
        assert unicodedata.category(letter) not in {"Cc", "Cs", "Zl", "Zp"}
        assert unicodedata.category(letter) != "Cf" or letter in "\u200c\u200d"
        assert letter == " " or not letter.isspace()
    left.encode()


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝HYPERLINK(1)", "-", "+82-2"])
def test_a_spreadsheet_runs_no_cell(text: str) -> None:
    for sent in (text, f"\t{text}", f"\x00{text}\r", f" {text}"):
        assert cell_of(sent) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["-49.9", "+3", "-1,234.50", "-.5", "-1e-9", "-3.2 %", "삼성", "A-1", "2026-11-30", ""]
)
def test_numbers_and_names_stay_as_they_are(text: str) -> None:
    assert cell_of(text) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_stays_a_number(number: float) -> None:
    assert float(cell_of(repr(number))) == number


def test_a_text_of_lines_keeps_its_lines_and_nothing_else() -> None:
    assert clean_lines("a\x1b[2J\nb\r\u202ec") == "a\nb c"


def test_markdown_shows_a_text_as_it_is() -> None:
    assert markdown_of("plain, with 3.5 % (a) of it.") == "plain, with 3.5 % (a) of it."
    assert markdown_of("[x](http://evil.test) <img src=x>") == r"\[x\](http://evil.test) \<img src=x\>"
    assert markdown_of("# a\n- b\n1. c\n=== *d* `e` _f_") == "\\# a\n\\- b\n1\\. c\n\\=== \\*d\\* \\`e\\` \\_f\\_"
