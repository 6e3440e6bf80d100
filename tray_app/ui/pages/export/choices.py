"""What the export wizard remembers from one set to the next, and the command line of a set."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.export.kinds import Basis, ExportKind, Layout
from tray_app.export.presets import preset_of
from tray_app.export.presets.pandas import PANDAS
from tray_app.export.presets.preset import Preset
from tray_app.files import read_json, write_text

if TYPE_CHECKING:
    from pathlib import Path

    from tray_app.export.request import ExportRequest

logger = logging.getLogger(__name__)

FILE = "export-choices.json"


@dataclass(frozen=True, slots=True)
class ExportChoices:
    """The fields of the wizard; an empty last day is today, an empty place the home's own folder for sets."""

    datasets: tuple[ExportKind, ...] = (ExportKind.KRX,)
    markets: tuple[Market, ...] = tuple(STOCK_MARKETS)
    first: str = ""
    last: str = ""
    indices: str = ""
    adjusted: bool = False
    basis: Basis = Basis.END
    include_issues: bool = False
    allow_errors: bool = False
    layout: Layout = Layout.SINGLE
    preset: Preset = PANDAS
    place: str = ""
    include_restricted: bool = False


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
    write_text(home / FILE, json.dumps({**_plain(choices), "preset": choices.preset.name}, ensure_ascii=False))


def export_words(home: Path, request: ExportRequest) -> list[str]:
    """Return the words that make our console program export a set."""
    words = ["--home", str(home), "export", "--output-path", str(request.output_path)]
    words += ["--date-from", request.date_from.isoformat(), "--date-to", request.date_to.isoformat()]
    for dataset in request.datasets:
        words += ["--dataset", dataset]
    for market in request.markets:
        words += ["--market-code", market]
    for code in request.index_codes:
        words += ["--index-code", code]
    words += ["--basis", request.basis, "--layout", request.layout, "--preset", request.preset.name]
    flags = {
        "--adjusted": request.adjusted,
        "--include-issues": request.include_issues,
        "--allow-errors": request.allow_errors,
        "--include-restricted": request.include_restricted,
    }
    words += [flag for flag, is_on in flags.items() if is_on]
    return [*map(str, words), "--json", "--progress-lines", "--with-parent"]


def _plain(choices: ExportChoices) -> dict[str, Any]:
    return {field.name: getattr(choices, field.name) for field in fields(choices)}


def _parse(found: dict[str, Any]) -> ExportChoices:
    known = {field.name: found[field.name] for field in fields(ExportChoices) if field.name in found}
    readers: dict[str, Any] = {
        "datasets": lambda names: tuple(map(ExportKind, names)),
        "markets": lambda names: tuple(map(Market, names)),
        "basis": Basis,
        "layout": Layout,
        "preset": preset_of,
        "adjusted": bool,
        "include_issues": bool,
        "allow_errors": bool,
        "include_restricted": bool,
    }
    return ExportChoices(**{name: readers.get(name, str)(value) for name, value in known.items()})
