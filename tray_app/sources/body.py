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
        if not _at(text, _skip(text, 0), "["):
            raise self.changed(tr("a list was expected"))
        place = _skip(text, _skip(text, 0) + 1)
        while not _at(text, place, "]"):
            row, place = self._decoded(text, place)
            if not isinstance(row, dict):
                raise self.changed(tr("a list of objects was expected"))
            yield row
            place = self._after_item(text, place, "]")
        self._require_end(text, place + 1)

    def document(self) -> dict[str, Any]:
        """Return a top-level object; lists in its fields are decoded item by item, for the reason rows gives."""
        text = self._text()
        if not _at(text, _skip(text, 0), "{"):
            raise self.changed(tr("an object was expected"))
        fields: dict[str, Any] = {}
        place = _skip(text, _skip(text, 0) + 1)
        while not _at(text, place, "}"):
            name, place = self._name(text, place)
            fields[name], place = self._list(text, place) if _at(text, place, "[") else self._decoded(text, place)
            place = self._after_item(text, place, "}")
        self._require_end(text, place + 1)
        return fields

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

    def _decoded(self, text: str, place: int) -> tuple[Any, int]:
        try:
            return _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            raise self.changed(tr("not JSON")) from error

    def _name(self, text: str, place: int) -> tuple[str, int]:
        """Return the name of a field and the place of its value."""
        name, place = self._decoded(text, place)
        place = _skip(text, place)
        if not isinstance(name, str) or not _at(text, place, ":"):
            raise self.changed(tr("not JSON"))
        return name, _skip(text, place + 1)

    def _list(self, text: str, place: int) -> tuple[list[Any], int]:
        items = []
        place = _skip(text, place + 1)
        while not _at(text, place, "]"):
            item, place = self._decoded(text, place)
            items.append(item)
            place = self._after_item(text, place, "]")
        return items, place + 1

    def _after_item(self, text: str, place: int, closing: str) -> int:
        """Return the place of the next item or of the closing bracket."""
        place = _skip(text, place)
        if _at(text, place, ","):
            following = _skip(text, place + 1)
            if not _at(text, following, closing):
                return following
        elif _at(text, place, closing):
            return place
        raise self.changed(tr("not JSON"))

    def _require_end(self, text: str, place: int) -> None:
        if _skip(text, place) != len(text):
            raise self.changed(tr("text after the end"))


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # Half of a character, as "\\ud83d" alone: JSON can say it, no file can hold it.
        return False
    return True


def _at(text: str, place: int, letter: str) -> bool:
    return text[place : place + 1] == letter


def _skip(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place
