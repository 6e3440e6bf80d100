"""What the Liquidity page remembers between starts: the section looked at, and the raw series drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tray_app.ui.saved_state import SavedState

if TYPE_CHECKING:
    from pathlib import Path

FILE = "liquidity-page.json"


@dataclass(frozen=True, slots=True)
class LiquidityChoices:
    """A section by name, and series by id (None: never chosen)."""

    section: str = ""
    series: tuple[str, ...] | None = None


def saved_choices(home: Path) -> SavedState[LiquidityChoices]:
    """Return the file that keeps them."""
    return SavedState(home / FILE, LiquidityChoices(), _parse)


def _parse(found: dict[str, Any]) -> LiquidityChoices:
    series = found.get("series")
    return LiquidityChoices(str(found.get("section", "")), None if series is None else tuple(map(str, series)))
