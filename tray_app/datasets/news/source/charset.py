"""A body's bytes as letters: by its byte order mark, else its XML declaration, else its Content-Type, else UTF-8."""

import codecs
import re
from collections.abc import Iterator

from tray_app.datasets.news.rules.letters import damage_of

# A reading is judged by its beginning.
JUDGED = 100_000

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How "<?" looks without a mark.
_BEGINNINGS = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]{1,40})\s*[\"']")
_CHARSET = re.compile(r"\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)

# What browsers take each name for. KS X 1001's old names mean the code page that holds all syllables.
_CP949 = (
    "euckr cseuckr ksc5601 ksc56011987 ksc56011989 csksc56011987 ksx1001 isoir149 korean windows949 ms949 cp949 uhc"
)
_CP1252 = "ascii usascii iso88591 latin1 l1 windows1252 cp1252"
_GB18030 = "gb2312 gbk gb18030 euccn xgbk"
_CP932 = "shiftjis sjis cp932 windows31j ms932"
_NAMES = {
    **dict.fromkeys(("utf8", "unicode11utf8", "xunicode20utf8"), "utf-8"),
    **dict.fromkeys((name for each in _CP949.split() for name in (each, f"x{each}")), "cp949"),
    **dict.fromkeys(_CP1252.split(), "cp1252"),
    **dict.fromkeys(_GB18030.split(), "gb18030"),
    **dict.fromkeys(_CP932.split(), "cp932"),
    **dict.fromkeys(("big5", "big5hkscs", "cp950"), "big5hkscs"),
    "eucjp": "euc_jp",
    "iso2022jp": "iso2022_jp",
    "iso2022kr": "iso2022_kr",
    "johab": "johab",
    **{f"iso8859{part}": f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"{name}{page}": f"cp{page}" for page in range(1250, 1259) if page != 1252 for name in ("windows", "cp")},
    "iso88599": "cp1254",
    "koi8r": "koi8_r",
    "koi8u": "koi8_u",
    "ibm866": "cp866",
    "tis620": "cp874",
}


def decoded(body: bytes, content_type: str = "") -> str:
    """Return a body's letters.

    A name that is wrong, because the bytes are none of that code page or read in it make no sense, gives way to the
    next. Where every one fails, bytes that are no letters become U+FFFD: damage_of finds them.
    """
    mark = next((mark for mark, _ in _MARKS if body.startswith(mark)), b"")
    bare = body.removeprefix(mark)
    names = tuple(dict.fromkeys(_proposed(body, content_type)))
    readings = [text for text in (_strictly(bare, name) for name in names) if text is not None]
    sound = next((text for text in readings if not damage_of(text[:JUDGED])), None)
    if sound is not None:
        return sound
    return readings[0] if readings else bare.decode(names[0], "replace")


def _proposed(body: bytes, content_type: str) -> Iterator[str]:
    yield from (name for mark, name in (*_MARKS, *_BEGINNINGS) if body.startswith(mark))
    declared = _DECLARATION.match(body.removeprefix(codecs.BOM_UTF8))
    told = _CHARSET.search(content_type)
    for name in (declared[1].decode("ascii") if declared else "", told[1] if told else ""):
        known = _NAMES.get(re.sub(r"[^a-z0-9]", "", name.lower()))
        if known is not None:
            yield known
    yield "utf-8"


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        return None
