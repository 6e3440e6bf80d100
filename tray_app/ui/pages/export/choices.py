"""What the export wizard remembers from one set to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.export.options import options_of
from tray_app.export.request import ExportOptions
from tray_app.ui.saved_state import SavedState

if TYPE_CHECKING:
    from pathlib import Path

FILE = "export-choices.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportChoices(ExportOptions):
    """The fields of the wizard, with texts as they were typed.

    An empty last day is today, an empty place the home's own folder for sets.
    """

    markets: tuple[Market, ...] = tuple(STOCK_MARKETS)
    first: str = ""
    last: str = ""
    indices: str = ""
    place: str = ""


# What the wizard asks by choices; it has no question for the others.
CHOSEN = {name: option for name, option in options_of(ExportOptions).items() if option.said.title}
TYPED = ("first", "last", "indices", "place")


def saved_choices(home: Path) -> SavedState[ExportChoices]:
    """Return the file that keeps them; it waits for the disk, so not for the UI thread."""
    return SavedState(home / FILE, ExportChoices(), _parse, _plain)


def _plain(choices: ExportChoices) -> dict[str, Any]:
    plain = {name: option.plain(getattr(choices, name)) for name, option in CHOSEN.items()}
    return {**plain, **{name: getattr(choices, name) for name in TYPED}}


def _parse(found: dict[str, Any]) -> ExportChoices:
    chosen = {name: option.read(found[name]) for name, option in CHOSEN.items() if name in found}
    typed: dict[str, Any] = {name: str(found[name]) for name in TYPED if name in found}
    return ExportChoices(**chosen, **typed)
