"""What a command prints of a source's words: no markup of rich, no emoji code, no order to the terminal."""

import json

import pytest

from cli.conftest import Market
from tray_app.cli.output import Printer
from tray_app.core.errors import SourceDown

HOSTILE = "[/x] [link=http://evil.test]here[/link] :warning: \x1b[2J\x1b]0;title\x07\x9b31m\r\x00\u202e\u2066end"
SHOWN = "[/x] [link=http://evil.test]here[/link] :warning: 31m end"


def test_results_notes_and_errors_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    printer = Printer(as_json=False)
    printer.result({}, f"one\n{HOSTILE}")
    printer.note(HOSTILE)
    printer.failed(SourceDown("evil.test", HOSTILE))
    said = capsys.readouterr()
    assert said.out == f"one\n{SHOWN}\n"
    assert said.err.startswith(f"{SHOWN}\n")
    assert said.err.count(SHOWN) == 2
    assert all(letter.isprintable() or letter == "\n" for letter in said.out + said.err)


def test_a_document_holds_no_order_to_the_terminal_and_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"title": f"{HOSTILE} 삼성전자 \u2028 \U000e0041 \udc9b \U0001f469\u200d\U0001f680"}
    Printer(as_json=True).result(document, "")
    said = capsys.readouterr().out
    assert all(letter.isprintable() or letter == "\n" for letter in said)
    assert json.loads(said) == document
    assert "삼성전자" in said


@pytest.mark.parametrize(
    "words",
    [
        ("status", HOSTILE),
        (HOSTILE,),
        (f"--{HOSTILE}",),
        ("collect", HOSTILE),
        ("collect", "crypto", "--date-from", HOSTILE),
        ("collect", "crypto", "--date-from", "2026-01-01", "--only", HOSTILE),
        ("key", "set", HOSTILE),
        ("runs", "--limit", HOSTILE),
        ("status", "\udc9b31m"),
    ],
)
def test_wrong_words_are_repeated_as_text_only(market: Market, words: tuple[str, ...]) -> None:
    plain, document = market(*words), market(*words, "--json")
    assert plain.code == document.code == 2
    assert plain.err
    for said in (plain.out, plain.err, document.out, document.err):
        assert all(letter.isprintable() or letter == "\n" for letter in said), said
    assert json.loads(document.out)["error"]["message"]


def test_a_fault_of_ours_is_printed_as_text_only(
    market: Market, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_words: object, **_named: object) -> int:
        raise RuntimeError(HOSTILE)

    monkeypatch.setattr("tray_app.cli.showing.status", fail)
    said = market("status")
    assert said.code == 1
    assert SHOWN in said.err
    assert all(letter.isprintable() or letter == "\n" for letter in said.out + said.err)
