from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLineEdit

from tray_app.settings import PriceColours, ThemeChoice
from tray_app.ui.parts.card.chip import StatusChip
from tray_app.ui.parts.text.texts import label
from tray_app.ui.style.colours import contrast
from tray_app.ui.style.theme import DARK, LIGHT, FontSize, Token, Tokens, tokens_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from tray_app.ui.style.style import Style
    from tray_app.ui.style.theme import Theme

SPOKEN = ("text", "secondary", "accent", "success", "attention", "error", "paused", "up", "down")


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["window", "surface", "raised"])
@pytest.mark.parametrize("ink", SPOKEN)
def test_everything_written_can_be_read(tokens: Tokens, ground: str, ink: str) -> None:
    assert contrast(tokens.hex(Token[ink.upper()]), tokens.hex(Token[ground.upper()])) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_buttons_selections_and_lines_stand_off(tokens: Tokens) -> None:
    assert contrast(tokens.hex(Token.ON_ACCENT), tokens.hex(Token.ACCENT)) >= 4.5
    assert contrast(tokens.hex(Token.ON_SELECTION), tokens.hex(Token.SELECTION)) >= 4.5
    assert all(contrast(colour, tokens.hex(Token.SURFACE)) >= 3 for colour in tokens.series)


def test_series_labels_can_be_read(theme: Theme) -> None:
    for scheme in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        theme.set_scheme(scheme)
        for colour in theme.tokens.series:
            assert contrast(theme.ink_on(QColor(colour)).name(), colour) >= 4.5


def test_what_an_empty_field_means_can_be_read(theme: Theme, qtbot: QtBot) -> None:
    line = QLineEdit()
    line.setPlaceholderText("today")
    qtbot.addWidget(line)
    line.show()
    for scheme in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        theme.set_scheme(scheme)
        assert line.palette().placeholderText().color() == QColor(theme.tokens.hex(Token.SECONDARY))


def test_contrast_knows_black_and_white() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#123456", "#123456") == pytest.approx(1)


def test_a_change_of_scheme_is_announced_once_and_recolours(theme: Theme, style: Style, qtbot: QtBot) -> None:
    up = label(style, "+1.00%", tone="up")
    chip = StatusChip(style)
    for part in (up, chip):
        qtbot.addWidget(part)
        part.show()
    assert up.palette().windowText().color() == QColor(LIGHT.hex(Token.UP))
    with qtbot.waitSignal(theme.changed):
        theme.set_scheme(ThemeChoice.DARK)
    assert theme.tokens == DARK
    assert up.palette().windowText().color() == QColor(DARK.hex(Token.UP))
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_scheme(ThemeChoice.DARK)


class DarkSystem:
    """A system in dark mode, which the offscreen platform cannot be."""

    def colorScheme(self) -> Qt.ColorScheme:  # noqa: N802
        return Qt.ColorScheme.Dark

    def accessibility(self) -> DarkSystem:
        return self

    def contrastPreference(self) -> Qt.ContrastPreference:  # noqa: N802
        return Qt.ContrastPreference.NoPreference


def test_the_system_is_followed_live(qapp: QApplication, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    theme.set_scheme(ThemeChoice.SYSTEM)
    assert theme.tokens == LIGHT
    monkeypatch.setattr(theme, "_hints", DarkSystem())
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.tokens == DARK


def test_a_tone_changed_later_keeps_the_font(style: Style, qtbot: QtBot) -> None:
    from tray_app.ui.parts.text.texts import set_tone

    made = label(style, "1", FontSize.VALUE)
    qtbot.addWidget(made)
    made.show()
    set_tone(made, "down")
    assert made.font().pointSize() == FontSize.VALUE.value
    assert made.palette().windowText().color() == QColor(LIGHT.hex(Token.DOWN))


def test_prices_are_red_up_in_korea_and_green_up_elsewhere(theme: Theme) -> None:
    assert theme.price_color(1) == QColor(LIGHT.hex(Token.UP))
    assert theme.price_color(-1) == QColor(LIGHT.hex(Token.DOWN))
    theme.set_prices(PriceColours.WESTERN)
    assert theme.price_color(1) == QColor(LIGHT.hex(Token.SUCCESS))
    assert theme.price_color(-1) == QColor(LIGHT.hex(Token.ERROR))
    for nothing in (None, 0.0, float("nan")):
        assert theme.price_color(nothing) == QColor(LIGHT.hex(Token.SECONDARY))


def test_high_contrast_uses_the_roles_of_the_palette() -> None:
    palette = QPalette(QColor("#000000"))
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#FFFF00"))
    palette.setColor(QPalette.ColorRole.Highlight, QColor("#00FFFF"))
    tokens = tokens_of(palette)
    assert tokens.hex(Token.TEXT) == "#ffff00"
    assert tokens.hex(Token.ACCENT) == tokens.hex(Token.SELECTION) == "#00ffff"


def test_the_style_sheet_has_no_place_left_unfilled(theme: Theme) -> None:
    assert "$" not in theme.style_sheet()


def test_numbers_line_up(theme: Theme) -> None:
    assert theme.font(tabular=True).featureTags()
    assert not theme.font().featureTags()
