"""Contrast of colours, and the palette which paints plain Qt controls in ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPalette

if TYPE_CHECKING:
    from tray_app.ui.theme import Tokens


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    known = QColor(colour)
    red, green, blue = map(_linear, (known.redF(), known.greenF(), known.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def palette_of(tokens: Tokens) -> QPalette:
    """Return the palette which paints plain Qt controls in these colours."""
    role = QPalette.ColorRole
    palette = QPalette(QColor(tokens.surface), QColor(tokens.window))
    for target, colour in (
        (role.WindowText, tokens.text), (role.Text, tokens.text), (role.ButtonText, tokens.text),
        (role.Base, tokens.surface), (role.AlternateBase, tokens.zebra), (role.Mid, tokens.border),
        (role.ToolTipBase, tokens.raised), (role.ToolTipText, tokens.text), (role.Link, tokens.accent),
        (role.PlaceholderText, tokens.secondary), (role.Highlight, tokens.selection),
        (role.HighlightedText, tokens.on_selection), (role.Accent, tokens.accent), (role.LinkVisited, tokens.accent),
    ):  # fmt: skip
        palette.setColor(target, QColor(colour))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(tokens.disabled))
    return palette


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
