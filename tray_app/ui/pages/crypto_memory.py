"""What the Crypto page remembers between starts: the coins drawn, and how each chart is looked at."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)

FILE = "crypto-charts.json"
MOST_COINS = 8


@dataclass(frozen=True, slots=True)
class ChartChoices:
    """Coins by id (None: never chosen), and each chart's scale and range by its name."""

    coins: tuple[str, ...] | None = None
    scales: dict[str, str] = field(default_factory=dict)
    spans: dict[str, str] = field(default_factory=dict)


def read_choices(home: Path) -> ChartChoices:
    """Return what is remembered; a file that cannot be read counts as none."""
    try:
        return _parse(json.loads((home / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ChartChoices()
    except (OSError, ValueError, TypeError, AttributeError) as error:
        logger.info("the chosen coins are forgotten: %s", error)
        return ChartChoices()


def write_choices(home: Path, choices: ChartChoices) -> None:
    """Remember."""
    partial = home / f".{FILE}.part"
    partial.write_text(json.dumps(asdict(choices), ensure_ascii=False), encoding="utf-8")
    partial.replace(home / FILE)


def _parse(found: dict[str, Any]) -> ChartChoices:
    coins = found.get("coins")
    return ChartChoices(
        coins=None if coins is None else tuple(map(str, coins))[:MOST_COINS],
        scales=_texts(found.get("scales", {})),
        spans=_texts(found.get("spans", {})),
    )


def _texts(found: dict[Any, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in found.items()}
