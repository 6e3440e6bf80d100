"""Bodies are guilty until checked: type, shape, values. Every check names what was wrong."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from tray_app.core.errors import SourceChangedShape
from tray_app.core.texts import clean_text
from tray_app.core.times import epoch_date
from tray_app.core.words import tr

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WHOLE = re.compile(r"-?[0-9]{1,18}")
# Beyond any sum of money here, and far below where sums and ratios of such numbers stop being finite.
LARGEST = 1e18
# The last of year 9999, so the last that is a date here.
LAST_SECOND = 253_402_300_799
LONGEST_TEXT = 500
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON body of one host and the checks on it."""

    host: str
    content: bytes

    def value(self) -> Any:
        """Return the decoded body; whole numbers beyond 64 bits come as float."""
        try:
            return orjson.loads(self.content.removeprefix(_BYTE_ORDER_MARK))
        except orjson.JSONDecodeError as error:
            raise self.changed(tr("not JSON") if self._is_utf8() else tr("not UTF-8")) from error

    def entries(self) -> list[Any]:
        """Return a top-level array."""
        answer = self.value()
        if not isinstance(answer, list):
            raise self.changed(tr("a list was expected"))
        return answer

    def document(self) -> dict[str, Any]:
        """Return a top-level object."""
        answer = self.value()
        if not isinstance(answer, dict):
            raise self.changed(tr("an object was expected"))
        return answer

    def changed(self, what: str) -> SourceChangedShape:
        """Return the error that says what is wrong with this body; what may quote it."""
        shown = "".join(letter if letter.isprintable() else " " for letter in clean_text(what[:LONGEST_REASON]))
        return SourceChangedShape(self.host, shown)

    def field(self, row: Any, name: str) -> Any:
        """Return a field that must be there."""
        if not isinstance(row, dict) or name not in row:
            raise self.changed(tr("{name} is missing", name=name))
        return row[name]

    def text(self, row: Any, name: str) -> str:
        """Return a field that must be a text with something in it."""
        value = self.field(row, name)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT or "\x00" in value:
            raise self.changed(tr("{name} is not a text", name=name))
        cleaned = clean_text(value)
        if not cleaned.strip():
            raise self.changed(tr("{name} is not a text", name=name))
        return cleaned

    def number(self, row: Any, name: str, low: float = -LARGEST, high: float = LARGEST) -> float:
        """Return a field that must be a finite number within its range."""
        value = self.optional_number(row, name, low, high)
        if value is None:
            raise self.changed(tr("{name} is empty", name=name))
        return value

    def price(self, row: Any, name: str) -> float:
        """Return a field that must be a finite number above zero: nothing here costs nothing."""
        return self.checked_price(self.field(row, name), name)

    def checked_price(self, value: Any, name: str) -> float:
        """Return a value as float once it is a finite number above zero."""
        if value is None:
            raise self.changed(tr("{name} is empty", name=name))
        price = self.checked(value, name)
        if price <= 0:
            raise self.changed(tr("{name} is not above zero", name=name))
        return price

    def optional_number(self, row: Any, name: str, low: float = -LARGEST, high: float = LARGEST) -> float | None:
        """Return a field that is a finite number within its range, or null."""
        value = self.field(row, name)
        if value is None:
            return None
        return self.checked(value, name, low, high)

    def checked(self, value: Any, name: str, low: float = -LARGEST, high: float = LARGEST) -> float:
        """Return a value as float once it is a finite number within its range."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.changed(tr("{name} is not a number", name=name))
        if not low <= value <= high:
            raise self.changed(tr("{name} is out of range", name=name))
        return float(value)

    def whole(self, sent: Any, name: str, low: int, high: int) -> int:
        """Return a whole number that is sent as text or number, within its range."""
        if isinstance(sent, bool) or not isinstance(sent, int | str) or not _WHOLE.fullmatch(str(sent)):
            raise self.changed(tr("{name} is not a whole number", name=name))
        value = int(sent)
        if not low <= value <= high:
            raise self.changed(tr("{name} is out of range", name=name))
        return value

    def _is_utf8(self) -> bool:
        try:
            self.content.decode()
        except UnicodeDecodeError:
            return False
        return True


def quoted(sent: object) -> str:
    """Return a value as a text to quote; a list or an object is only named, as it may be nested a thousand deep."""
    if isinstance(sent, list | dict):
        return "[...]" if isinstance(sent, list) else "{...}"
    return str(sent)


def epoch_day(body: Body, row: Any, name: str) -> date:
    """Return the UTC date of a field that is a Unix time in seconds, as number or text."""
    return epoch_date(body.whole(body.field(row, name), name, low=0, high=LAST_SECOND))
