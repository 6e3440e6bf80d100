"""Letters that were lost on the way: a text that somebody read in another code page than it was written in."""

import re

from tray_app.core.words import tr

REPLACEMENT = "\ufffd"
FEWEST_MARKS = 3
FEWEST_SYLLABLES = 2

_HANGUL = re.compile("[\uac00-\ud7a3]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f\s]+")
# The letters that Windows' western code page puts where Latin-1 has control characters, back in their places.
_TO_LATIN = {ord(bytes([code]).decode("cp1252", "ignore") or chr(code)): code for code in range(0x80, 0xA0)}
_TAIL = "[\x80-\xbf]"
# Quotes, dashes, accents, blanks and emoji of UTF-8 as western letters; two syllables of it; two of cp949.
_WESTERN = re.compile(
    f"\xe2[\x80\x82\x84]{_TAIL}|[\xc2\xc3]{_TAIL}|\xef\xbb\xbf|\xf0\x9f{_TAIL}{{2}}"
    f"|(?:[\xea-\xed]{_TAIL}{{2}}){{{FEWEST_SYLLABLES},}}"
)
_TWO_BYTES = re.compile("(?:[\xb0-\xc8][\xa1-\xfe]){2,}")


def damage_of(text: str) -> str:
    """Return how the letters of a text are damaged, for people; nothing when they can be read."""
    if text.isascii():
        return tr("question marks in place of its letters") if _is_of_question_marks(text) else ""
    if REPLACEMENT in text:
        return tr("it holds replacement letters, its own are lost")
    if _is_of_question_marks(text):
        return tr("question marks in place of its letters")
    if _is_western_reading(text) or any(_is_korean_reading(part) for part in _BEYOND_ASCII.findall(text)):
        return tr("its letters were read in another code page than they were written in")
    return ""


def _is_of_question_marks(text: str) -> bool:
    letters = "".join(text.split())
    marks = letters.count("?")
    return marks >= FEWEST_MARKS and 2 * marks > len(letters)


def _is_western_reading(text: str) -> bool:
    """Whether bytes of UTF-8 or of cp949 were read as western letters."""
    latin = text.translate(_TO_LATIN)
    return _WESTERN.search(latin) is not None or _TWO_BYTES.search(latin) is not None


def _is_korean_reading(part: str) -> bool:
    """Whether bytes of UTF-8 were read as cp949."""
    sent = part.encode("cp949", "ignore")
    read = sent.decode("utf-8", "ignore")
    # cp949 takes bytes in pairs, so an odd one at the end is lost.
    return len(_HANGUL.findall(read)) >= FEWEST_SYLLABLES and len(read.encode()) >= len(sent) - 1
