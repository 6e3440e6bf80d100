"""What of a text from outside is text: no orders to a terminal, no turned writing direction, no second line."""

import re
import unicodedata

# Emoji and several scripts join their letters by these two; every other sign without a shape only hides something.
_JOINERS = frozenset("\u200c\u200d")
# Whole orders to a terminal: CSI (colours, cursor), strings that have an end (titles, links), and the short ones.
_TERMINAL = re.compile("\x1b\\[[0-?]*[ -/]*[@-~]|\x1b[\\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)|\x1b[ -/]*[0-~]")


def clean_text(text: str) -> str:
    """Return a text from outside on one line, without control, bidirectional and other shapeless characters.

    Line breaks and tabs become blanks. Every source calls this where its texts enter, so nobody behind it has to.
    """
    if text.isprintable():
        return text
    return "".join(map(_shown, _TERMINAL.sub("", text)))


def _shown(letter: str) -> str:
    if letter.isprintable() or letter in _JOINERS:
        return letter
    if letter.isspace():
        return " "
    # Unassigned and private letters may have a shape in some font.
    return letter if unicodedata.category(letter) in {"Cn", "Co"} and not _is_noncharacter(letter) else ""


def _is_noncharacter(letter: str) -> bool:
    return ord(letter) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(letter) <= 0xFDEF
