"""What the export wizard remembers from one set to the next."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.export.options import options_of
from tray_app.export.request import ExportOptions
from tray_app.files import read_json, write_text

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)

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


CHOSEN = options_of(ExportOptions)
TYPED = ("first", "last", "indices", "place")


def read_choices(home: Path) -> ExportChoices:
    """Return what is remembered; a file that cannot be read counts as none."""
    try:
        return _parse(read_json(home / FILE))
    except FileNotFoundError:
        return ExportChoices()
    except (OSError, ValueError, TypeError, AttributeError) as error:
        logger.info("the choices of the last export are forgotten: %s", error)
        return ExportChoices()


def write_choices(home: Path, choices: ExportChoices) -> None:
    """Remember; waits for the disk, so not for the UI thread."""
    plain = {name: option.plain(getattr(choices, name)) for name, option in CHOSEN.items()}
    typed = {name: getattr(choices, name) for name in TYPED}
    write_text(home / FILE, json.dumps({**plain, **typed}, ensure_ascii=False))


def _parse(found: dict[str, Any]) -> ExportChoices:
    chosen = {name: option.read(found[name]) for name, option in CHOSEN.items() if name in found}
    typed: dict[str, Any] = {name: str(found[name]) for name in TYPED if name in found}
    return ExportChoices(**chosen, **typed)
