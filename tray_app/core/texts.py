"""What of a text from outside is text: taken in without orders to a terminal, given out without a second meaning."""

import json
import re
import unicodedata

# Emoji and several scripts join their letters by these two; every other sign without a shape only hides something.
_JOINERS = frozenset("\u200c\u200d")
# Whole orders to a terminal: CSI (colours, cursor), strings that have an end (titles, links), and the short ones.
_TERMINAL = re.compile("\x1b\\[[0-?]*[ -/]*[@-~]|\x1b[\\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)|\x1b[ -/]*[0-~]")

# Any of these at its start makes a spreadsheet run a cell; the wide forms are folded to them by some.
_RUNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:,[0-9]{3})*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)? ?%?")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
# A digit cannot be escaped: of a number that begins a list it is the mark behind it.
_MARKS_A_LINE = re.compile(r"^(\s*(?:[0-9]+(?=[.)](?:\s|$)))?)([-+=.)])", re.MULTILINE)
_NO_PLAIN_LETTER = re.compile("[^\n -~가-힣]")


def clean_text(text: str) -> str:
    """Return a text from outside on one line, without control, bidirectional and other shapeless characters.

    Line breaks and tabs become blanks. Every source calls this where its texts enter, so nobody behind it has to.
    """
    if text.isprintable():
        return text
    return "".join(map(_shown, _TERMINAL.sub("", text)))


def clean_lines(text: str) -> str:
    """Return a text of several lines, each of them clean: for a terminal, which obeys what else is in it."""
    return "\n".join(map(clean_text, text.split("\n")))


def clean_json(document: str) -> str:
    """Return JSON that says the same, every letter without a shape escaped: for a terminal, which obeys some."""
    return _NO_PLAIN_LETTER.sub(_as_escape, document)


def tsv_cell_of(text: str) -> str:
    """Return a text as a cell of tab-separated lines: a quote that begins it must not swallow what follows."""
    cell = cell_of(text)
    return '"{}"'.format(cell.replace('"', '""')) if cell.startswith('"') else cell


def cell_of(text: str) -> str:
    """Return a text as a cell of a TSV or CSV file: a spreadsheet shows it and runs nothing; a number stays one."""
    cell = clean_text(text).strip()
    return f"'{cell}" if cell.startswith(_RUNS) and _NUMBER.fullmatch(cell) is None else cell


def markdown_of(text: str) -> str:
    """Return Markdown that shows a text as it is."""
    return _MARKS_A_LINE.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", clean_lines(text)))


def _shown(letter: str) -> str:
    if letter.isprintable() or letter in _JOINERS:
        return letter
    if letter.isspace():
        return " "
    # Unassigned and private letters may have a shape in some font.
    return letter if unicodedata.category(letter) in {"Cn", "Co"} and not _is_noncharacter(letter) else ""


def _as_escape(found: re.Match[str]) -> str:
    letter = found[0]
    return letter if letter.isprintable() else json.dumps(letter)[1:-1]


def _is_noncharacter(letter: str) -> bool:
    return ord(letter) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(letter) <= 0xFDEF


def compact_json(value: object) -> str:
    """Return JSON without spaces, letters of every language as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
