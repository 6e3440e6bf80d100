"""What the Crypto page remembers between starts: the coins drawn, and how each chart is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tray_app.ui.saved_state import SavedState, texts

if TYPE_CHECKING:
    from pathlib import Path

FILE = "crypto-charts.json"
MOST_COINS = 8


@dataclass(frozen=True, slots=True)
class ChartChoices:
    """Coins by id (None: never chosen), and each chart's scale and range by its name."""

    coins: tuple[str, ...] | None = None
    scales: dict[str, str] = field(default_factory=dict)
    spans: dict[str, str] = field(default_factory=dict)


def saved_choices(home: Path) -> SavedState[ChartChoices]:
    """Return the file that keeps them."""
    return SavedState(home / FILE, ChartChoices(), _parse)


def _parse(found: dict[str, Any]) -> ChartChoices:
    coins = found.get("coins")
    return ChartChoices(
        coins=None if coins is None else tuple(map(str, coins))[:MOST_COINS],
        scales=texts(found.get("scales", {})),
        spans=texts(found.get("spans", {})),
    )
