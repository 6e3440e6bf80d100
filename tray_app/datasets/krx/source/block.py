"""OutBlock_1, the rows of every KRX answer, read column by column: fast where the wire is clean, careful elsewhere.

All values come as text. Blanks ("" and "-") are None; thousands may be set apart by commas.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, TypeVar

from tray_app.core.errors import SourceChangedShape
from tray_app.core.row_faults import RowFault, Sifted, are_too_many
from tray_app.core.texts import clean_text
from tray_app.core.words import tr
from tray_app.net.body import Body

ROWS = "OutBlock_1"
BLANKS = frozenset({"", "-"})
HIGHEST_PRICE = 1e12
HIGHEST_WHOLE = 2**63 - 1
LONGEST_NUMBER = 30
LONGEST_NAME = 40
DIGITS = b"0123456789"
NUMBER_CHARACTERS = b"0123456789.-"
CODE_CHARACTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_NUMBER = re.compile(r"-?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)")
# What stands for bytes that are no letter, and half a letter.
_UNREADABLE = re.compile("[\ufffd\ud800-\udfff]")
# What JSON allows in no text; it is taken out of the texts.
_ODD = re.compile("[\x00-\x1f\ufffd\ud800-\udfff]")
_WHOLE = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+")

Number = TypeVar("Number", int, float)
Value = TypeVar("Value")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one body. Readers return one value a row, or raise SourceChangedShape naming the field."""

    body: Body
    rows: Sequence[dict[str, Any]]

    def texts(self, name: str) -> list[str]:
        """Return a field's texts as they were sent."""
        try:
            cells = list(map(itemgetter(name), self.rows))
        except KeyError as error:
            raise self.body.changed(tr("{name} is missing", name=name)) from error
        if not set(map(type, cells)) <= {str} or _holds(_UNREADABLE, "".join(cells)):
            raise self.body.changed(tr("{name} is not a text", name=name))
        return cells

    def filled_texts(self, name: str) -> list[str]:
        """Return a field's texts, none of which may be blank."""
        cells = self.labels(name)
        if not all(map(str.strip, cells)):
            raise self.body.changed(tr("{name} is empty", name=name))
        if "\x00" in "".join(self.texts(name)):
            raise self.body.changed(tr("{name} is not a text", name=name))
        return cells

    def labels(self, name: str) -> list[str]:
        """Return a field's texts as texts only, blanks as an empty text."""
        return ["" if cell in BLANKS else clean_text(cell) for cell in self.texts(name)]

    def codes(self, name: str, length: int) -> list[str]:
        """Return a field's texts, all of capital letters and digits and of one length."""
        cells = self.texts(name)
        if cells and (set(map(len, cells)) != {length} or not _made_of(CODE_CHARACTERS, "".join(cells))):
            wrong = next(cell for cell in cells if len(cell) != length or not _made_of(CODE_CHARACTERS, cell))
            raise self.body.changed(tr("{name} {value!r} is not a code", name=name, value=wrong[:20]))
        return cells

    def numbers(self, name: str, low: float = 0.0) -> list[float | None]:
        """Return a field's numbers up to 1e12; blanks are None."""
        limits = (low, HIGHEST_PRICE)
        usual: list[float | None] = []
        usual += self._usual(name, NUMBER_CHARACTERS, float, limits) or ()
        return usual or self._careful(name, float, _NUMBER, limits)

    def filled_numbers(self, name: str, low: float = 0.0) -> list[float]:
        """Return a field's numbers up to 1e12, none of which may be blank."""
        return self._usual(name, NUMBER_CHARACTERS, float, (low, HIGHEST_PRICE)) or self._filled(
            name, self.numbers(name, low)
        )

    def prices(self, name: str) -> list[float]:
        """Return a field's prices up to 1e12, all of them above zero."""
        values = self.filled_numbers(name)
        if values and min(values) <= 0:
            raise self.body.changed(tr("{name} is not above zero", name=name))
        return values

    def levels(self, name: str) -> list[float | None]:
        """Return a field's index levels up to 1e12, all of them above zero; blanks are None."""
        values = self.numbers(name)
        if 0 in values:
            raise self.body.changed(tr("{name} is not above zero", name=name))
        return values

    def wholes(self, name: str) -> list[int | None]:
        """Return a field's whole numbers, exact, from 0 to what 64 bits hold; blanks are None."""
        limits = (0, HIGHEST_WHOLE)
        usual: list[int | None] = []
        usual += self._usual(name, DIGITS, int, limits) or ()
        return usual or self._careful(name, int, _WHOLE, limits)

    def filled_wholes(self, name: str) -> list[int]:
        """Return a field's whole numbers, none of which may be blank."""
        return self._usual(name, DIGITS, int, (0, HIGHEST_WHOLE)) or self._filled(name, self.wholes(name))

    def require_unique(self, name: str, cells: Sequence[str]) -> None:
        """Raise when a value stands twice."""
        seen: set[str] = set()
        if len(set(cells)) == len(cells):
            return
        twice = next(cell for cell in cells if cell in seen or seen.add(cell))  # type: ignore[func-returns-value]
        raise self.body.changed(tr("{name} {value} stands twice", name=name, value=twice[:40]))

    def _filled(self, name: str, values: list[Value | None]) -> list[Value]:
        filled = [value for value in values if value is not None]
        if len(filled) != len(values):
            raise self.body.changed(tr("{name} is empty", name=name))
        return filled

    def _usual(
        self, name: str, characters: bytes, convert: Callable[[str], Number], limits: tuple[Number, Number]
    ) -> list[Number] | None:
        """Return the numbers when nothing about the field is out of the ordinary."""
        try:
            cells = list(map(itemgetter(name), self.rows))
            joined = "".join(cells)
            values = list(map(convert, cells)) if _made_of(characters, joined) else []
        except (KeyError, TypeError, ValueError):
            return None
        within = values and max(values) <= limits[1] and ("-" not in joined or min(values) >= limits[0])
        return values if within else None

    def _careful(
        self, name: str, convert: Callable[[str], Number], form: re.Pattern[str], limits: tuple[Number, Number]
    ) -> list[Number | None]:
        values: list[Number | None] = []
        for place, cell in enumerate(self.texts(name)):
            text = cell.strip()
            if text in BLANKS:
                values.append(None)
                continue
            if len(text) > LONGEST_NUMBER or form.fullmatch(text) is None:
                raise self.body.changed(tr("{name} of row {row} is not a number", name=name, row=place + 1))
            value = convert(text.replace(",", ""))
            if not limits[0] <= value <= limits[1]:
                raise self.body.changed(tr("{name} of row {row} is out of range", name=name, row=place + 1))
            values.append(value)
        return values


def read_block(body: Body) -> Block:
    """Return the rows of a body; an empty list is an answer too, which only the caller can interpret."""
    try:
        return _block(body, body.value())
    except SourceChangedShape:
        block = _with_odd_letters(body)
        if block is None:
            raise
        return block


def _block(body: Body, value: Any) -> Block:
    sent = body.field(value, ROWS)
    if not isinstance(sent, list):
        raise body.changed(tr("a list was expected"))
    if sent and not any(isinstance(row, dict) for row in sent):
        raise body.changed(tr("a list of objects was expected"))
    # What is no object is a row without any field.
    return Block(body, [row if isinstance(row, dict) else {} for row in sent])


def _with_odd_letters(body: Body) -> Block | None:
    """Return the rows of a body that is JSON but for what is no letter in a few of them; such cells read as no text."""
    try:
        block = _block(body, json.loads(body.content.decode("utf-8-sig", "replace"), strict=False))
    except (ValueError, RecursionError, SourceChangedShape):
        return None
    odd = sum(any(_holds(_ODD, cell) for cell in (*row, *row.values())) for row in block.rows)
    return block if odd and not are_too_many(odd, len(block.rows)) else None


def _holds(letters: re.Pattern[str], cell: Any) -> bool:
    return isinstance(cell, str) and letters.search(cell) is not None


def _made_of(characters: bytes, text: str) -> bool:
    return text.isascii() and not text.encode().translate(None, characters)


def sifted(
    block: Block, day: date, read: Callable[[Block], tuple[Row, ...]], field: str, name_of: Callable[[Row], str]
) -> Sifted[Row]:
    """Return what `read` makes of a block's rows, and the rows it refuses.

    field names a row as it was sent, name_of one that was read; of several rows of one name that differ none is kept.
    Raises what `read` says of the whole block when more than a few rows are at fault.
    """
    try:
        return Sifted(read(block))
    except SourceChangedShape as refused:
        rows: list[Row] = []
        faults: list[RowFault] = []
        for sent in block.rows:
            fault = refused
            try:
                found = read(Block(block.body, [sent]))
            except SourceChangedShape as error:
                found, fault = (), error
            rows += found
            if not found:
                # One that would be no row in a list of such is a fault among good ones.
                faults.append(RowFault(_name(sent.get(field)), fault.what, day))
        twice = Counter(name_of(row) for row in rows)
        faults += [RowFault(name, tr("stands twice"), day) for name, count in twice.items() if count > 1]
        alike = Counter(rows)
        kept = [row for row in dict.fromkeys(rows) if alike[row] == twice[name_of(row)]]
        if not faults or not kept or are_too_many(len(faults), len(block.rows)):
            raise
        return Sifted(tuple(kept), tuple(faults))


def _name(sent: object) -> str:
    return sent[:LONGEST_NAME] if isinstance(sent, str) and sent.isprintable() else ""
