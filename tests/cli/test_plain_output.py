"""What a command prints of a source's words: no markup of rich, no emoji code, no order to the terminal."""

import json

import pytest

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
