"""An option: its name in settings.toml, default, label and environment variable, and how texts become its values."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from tray_app.core.errors import BadInput
from tray_app.core.words import N_, tr

Value = TypeVar("Value")
Times = tuple[time, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A text of many lines: what refuses it (BadInput), and what an empty one stands for."""

    check: Callable[[str], object]
    standing_for_none: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Option(Generic[Value]):
    """An option of a kind of value; label, which may hold {title} (the title it is about), and hint are in English.

    A text is an address unless it has lines; check refuses one that cannot be used (BadInput).
    """

    name: str
    default: Value
    label: str
    environment: str
    hint: str = ""
    example: str = ""
    title: str = ""
    lines: Lines | None = None
    check: Callable[[str], object] | None = None

    @property
    def label_text(self) -> str:
        """Return the label in the user's language."""
        return tr(self.label, title=tr(self.title)) if self.title else tr(self.label)

    def parse(self, value: object) -> Value:
        """Return the option's value from TOML or from text; BadInput says what is allowed."""
        try:
            return self._parse(value)  # type: ignore[no-any-return]  # of the default's kind
        except (TypeError, ValueError) as error:
            raise BadInput(
                tr("{label} cannot be that", label=self.label_text),
                tr("{name} is {value}, which cannot be used.", name=self.name, value=_shown(value)),
                _allowed(self.default),
            ) from error

    def _parse(self, value: object) -> Any:
        default = self.default
        if isinstance(default, bool):
            return _parse_bool(value)
        if isinstance(default, int):
            return _parse_count(value)
        if isinstance(default, StrEnum):
            return type(default)(str(value))
        if isinstance(default, tuple):
            return _parse_times(value)
        if not isinstance(value, str):
            raise TypeError(value)
        if self.lines is not None:
            self.lines.check(value)
            return value.strip()
        if self.check is not None:
            self.check(value.strip())
        return _parse_address(value)


def times_option(name: str, title: str, default: Times, hint: str) -> Option[Times]:
    """Return the option of a dataset's due times."""
    return Option(
        f"{name}_times",
        default,
        N_("{title} is collected at (Korean time)"),
        f"MARKET_TRAY_{name.upper()}_TIMES",
        hint,
        title=title,
    )


def written(value: object) -> Any:
    """Return a value as TOML writes it."""
    if isinstance(value, tuple):
        return [moment.strftime("%H:%M") for moment in value]
    return str(value) if isinstance(value, StrEnum) else value


def _shown(value: object) -> str:
    # A proxy's address may hold a password.
    return re.sub(r"(//|^'|^\")[^/@]*@", r"\1***@", repr(value))


def _parse_bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
    if str(value).lower() not in words:
        raise ValueError(value)
    return words[str(value).lower()]


def _parse_count(value: object) -> int:
    count = int(str(value))
    if count < 1:
        raise ValueError(value)
    return count


def _parse_times(value: object) -> Times:
    words = value.split(",") if isinstance(value, str) else list(value)  # type: ignore[call-overload]
    times = sorted({time.fromisoformat(str(word).strip()) for word in words})
    # The log keeps no fractions, and settings.toml no seconds: a due time with them would never be found again.
    if not times or any(moment.tzinfo or moment.second or moment.microsecond for moment in times):
        raise ValueError(value)
    return tuple(times)


def _parse_address(value: str) -> str:
    address = value.strip()
    if not address:
        return ""
    parts = urlsplit(address if "://" in address else f"http://{address}")
    # Reading the port raises ValueError for one that is none.
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0 or " " in address:
        raise ValueError(value)
    return parts.geturl()


def _allowed(default: object) -> str:
    if isinstance(default, bool):
        return tr("Allowed: true or false.")
    if isinstance(default, int):
        return tr("Allowed: a whole number from 1.")
    if isinstance(default, StrEnum):
        return tr("Allowed: {words}.", words=", ".join(type(default)))
    if isinstance(default, tuple):
        return tr("Allowed: times like 06:00, 18:00.")
    return tr("Allowed: an address like http://127.0.0.1:8080, or nothing.")
