"""Bodies are guilty until checked: type, shape, values. Every check names what was wrong."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tray_app.core.errors import SourceChangedShape
from tray_app.core.words import tr

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
# Beyond any sum of money here, and far below where sums and ratios of such numbers stop being finite.
LARGEST = 1e18
LONGEST_TEXT = 500
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON body of one host and the checks on it."""

    host: str
    content: bytes

    def value(self) -> Any:
        """Return the decoded body."""
        try:
            return json.loads(self._text())
        except (ValueError, RecursionError) as error:
            raise self.changed(tr("not JSON")) from error

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the objects of a top-level array one by one.

        Decoding one row at a time lets other threads run in between: a megabyte in one go would hold the interpreter
        for as long as a window may take to answer.
        """
        text = self._text()
        place = _skip(text, 0)
        if text[place : place + 1] != "[":
            raise self.changed(tr("a list was expected"))
        place = _skip(text, place + 1)
        while text[place : place + 1] != "]":
            try:
                row, place = _DECODER.raw_decode(text, place)
            except (ValueError, RecursionError) as error:
                raise self.changed(tr("not JSON")) from error
            if not isinstance(row, dict):
                raise self.changed(tr("a list of objects was expected"))
            yield row
            place = self._after_row(text, place)
        if _skip(text, place + 1) != len(text):
            raise self.changed(tr("text after the end"))

    def changed(self, what: str) -> SourceChangedShape:
        """Return the error that says what is wrong with this body; what may quote it."""
        shown = "".join(letter if letter.isprintable() else " " for letter in what[:LONGEST_REASON])
        return SourceChangedShape(self.host, shown)

    def field(self, row: Any, name: str) -> Any:
        """Return a field that must be there."""
        if not isinstance(row, dict) or name not in row:
            raise self.changed(tr("{name} is missing", name=name))
        return row[name]

    def text(self, row: Any, name: str) -> str:
        """Return a field that must be a text with something in it, and one that can be stored."""
        value = self.field(row, name)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT or not _encodable(value):
            raise self.changed(tr("{name} is not a text", name=name))
        return value

    def number(self, row: Any, name: str, low: float = -LARGEST, high: float = LARGEST) -> float:
        """Return a field that must be a finite number within its range."""
        value = self.optional_number(row, name, low, high)
        if value is None:
            raise self.changed(tr("{name} is empty", name=name))
        return value

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

    def _text(self) -> str:
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise self.changed(tr("not UTF-8")) from error

    def _after_row(self, text: str, place: int) -> int:
        place = _skip(text, place)
        if text[place : place + 1] == ",":
            following = _skip(text, place + 1)
            if text[following : following + 1] != "]":
                return following
        elif text[place : place + 1] == "]":
            return place
        raise self.changed(tr("not JSON"))


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # Half of a character, as "\\ud83d" alone: JSON can say it, no file can hold it.
        return False
    return True


def _skip(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place
