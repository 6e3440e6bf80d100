"""Ranges of an index that have a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tray_app.core.words import tr
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Band:
    """A range of values, its word and its colour."""

    low: float
    high: float
    word: str
    token: Token


def band_of(value: float, bands: Sequence[Band]) -> Band:
    """Return the band a value lies in; an edge belongs to the higher one."""
    return next((band for band in bands if value < band.high), bands[-1])


def fear_and_greed_bands() -> tuple[Band, ...]:
    """Return the five bands of the Fear & Greed index, with the edges its source has used for every day so far."""
    return (
        Band(0, 26, tr("Extreme fear"), Token.ERROR),
        Band(26, 47, tr("Fear"), Token.ATTENTION),
        Band(47, 55, tr("Neutral"), Token.PAUSED),
        Band(55, 76, tr("Greed"), Token.SUCCESS),
        Band(76, 100, tr("Extreme greed"), Token.ACCENT),
    )
