"""Contrast of colours, and the palette which paints plain Qt controls in ours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPalette

if TYPE_CHECKING:
    from tray_app.ui.style.theme import Tokens


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


def tokens_of(palette: QPalette, base: Tokens) -> Tokens:
    """Return tokens all made of a high-contrast palette's own roles."""
    window, surface = palette.window().color().name(), palette.base().color().name()
    text, disabled = palette.windowText().color().name(), palette.placeholderText().color().name()
    accent, on_accent = palette.highlight().color().name(), palette.highlightedText().color().name()
    return replace(
        base,
        window=window, surface=surface, raised=surface, border=text, hover=surface, pressed=accent,
        selection=accent, on_selection=on_accent, zebra=surface, grid=disabled, text=text, secondary=text,
        disabled=disabled, accent=accent, on_accent=on_accent, success=text, attention=text, error=text, paused=text,
        up=text, down=text, series=(text, accent),
    )  # fmt: skip


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
