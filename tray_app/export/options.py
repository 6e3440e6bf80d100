"""What a request's options are called, mean and take: said once, beside each field of the request.

From it come the options of the command line, the choices of the wizard, what is remembered of them, and the line of
JSON by which a request reaches the process that serves it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any, get_args, get_origin

from tray_app.core.words import tr
from tray_app.datasets.export_kind import ExportKind
from tray_app.datasets.exports import EXPORTS
from tray_app.export.presets import PRESETS
from tray_app.export.presets.preset import Preset

SAID = "said"
KindFact = Callable[[ExportKind], bool]
OF_BARS: KindFact = attrgetter("has_bars")
OF_LICENCES: KindFact = attrgetter("may_be_restricted")
# What is chosen by its name.
NAMED: Mapping[type, Sequence[Preset | ExportKind]] = {Preset: PRESETS, ExportKind: EXPORTS}


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an option; title and words, which are its choices, in English. of: the kinds it is of, or all."""

    flag: str
    help: str = ""
    title: str = ""
    words: Mapping[str, str] | None = None
    of: KindFact | None = None


def said(flag: str, text: str = "", **more: Any) -> dict[str, Said]:
    """Return a field's metadata: its flag on the command line and its help there; see Said."""
    return {SAID: Said(flag, text, **more)}


@dataclass(frozen=True, slots=True)
class RequestOption:
    """A field of a request as an option.

    kind: date, Path, bool, str, one of NAMED or an enumeration of words, of each of its values where there are many.
    default: None for one that must be given.
    """

    name: str
    said: Said
    kind: Any
    is_many: bool
    default: Any

    @property
    def title(self) -> str:
        """Return what windows call it."""
        return tr(self.said.title)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return what it takes: the words of JSON and commands, each with what windows say for it."""
        if self.kind in NAMED:
            return [(each.name, tr(each.title)) for each in NAMED[self.kind]]
        words = self.said.words or {}
        return [(value.value, tr(words.get(value, value.value))) for value in self.kind]

    def concerns(self, kinds: tuple[ExportKind, ...]) -> bool:
        """Whether it says anything of a set of these kinds."""
        return self.said.of is None or any(map(self.said.of, kinds))

    def read(self, value: object) -> Any:
        """Return the field's value of what JSON holds. Raises TypeError or ValueError for what it cannot be."""
        if not self.is_many:
            return self._read_one(value)
        if not isinstance(value, list | tuple):
            raise TypeError(value)
        return tuple(map(self._read_one, value))

    def plain(self, value: Any) -> Any:
        """Return the field's value as JSON holds it."""
        return [_plain(each) for each in value] if self.is_many else _plain(value)

    def _read_one(self, value: object) -> Any:
        if not isinstance(value, bool if self.kind is bool else str):
            raise TypeError(value)
        if self.kind is date:
            return date.fromisoformat(str(value))
        return named(self.kind, str(value)) if self.kind in NAMED else self.kind(value)


def named(kind: type, name: str) -> Preset | ExportKind:
    """Return what of a kind bears a name. Raises ValueError."""
    for each in NAMED[kind]:
        if each.name == name:
            return each
    raise ValueError(name)


def options_of(request: type) -> dict[str, RequestOption]:
    """Return the options of a dataclass by name, those that have a place among its arguments first."""
    found = sorted(fields(request), key=lambda field: bool(field.kw_only))
    return {
        field.name: RequestOption(
            field.name,
            field.metadata[SAID],
            get_args(field.type)[0] if get_origin(field.type) is tuple else field.type,
            get_origin(field.type) is tuple,
            None if field.default is MISSING else field.default,
        )
        for field in found
    }


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return value.name if type(value) in NAMED else str(value)
