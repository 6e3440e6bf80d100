"""What the Liquidity page remembers between starts: the section looked at, and the raw series drawn."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tray_app.ui.saved_state import recall, remember

if TYPE_CHECKING:
    from pathlib import Path

FILE = "liquidity-page.json"


@dataclass(frozen=True, slots=True)
class LiquidityChoices:
    """A section by name, and series by id (None: never chosen)."""

    section: str = ""
    series: tuple[str, ...] | None = None


def read_choices(home: Path) -> LiquidityChoices:
    """Return what is remembered; a file that cannot be read counts as none."""
    return recall(home / FILE, _parse, LiquidityChoices())


def write_choices(home: Path, choices: LiquidityChoices) -> None:
    """Remember."""
    remember(home / FILE, asdict(choices))


def _parse(found: dict[str, Any]) -> LiquidityChoices:
    series = found.get("series")
    return LiquidityChoices(str(found.get("section", "")), None if series is None else tuple(map(str, series)))
