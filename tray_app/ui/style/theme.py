"""Every colour, size and font of the windows, and the object that keeps them in step with the system."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from string import Template
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette

from tray_app.settings import PriceColours, ThemeChoice
from tray_app.ui.style.colours import contrast

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from PySide6.QtWidgets import QApplication


class Token(StrEnum):
    """The name of a colour, with its shade on a light and on a dark ground, as #RRGGBB."""

    light: str
    dark: str

    def __new__(cls, name: str, light: str, dark: str) -> Self:
        """Return the name, which knows its shades."""
        made = str.__new__(cls, name)
        made._value_ = name
        made.light, made.dark = light, dark
        return made

    WINDOW = "window", "#F6F7F9", "#16181C"
    SURFACE = "surface", "#FFFFFF", "#1E2126"
    RAISED = "raised", "#FFFFFF", "#262A30"
    BORDER = "border", "#E3E6EA", "#343A42"
    HOVER = "hover", "#F0F3F7", "#262A30"
    PRESSED = "pressed", "#E4E9F0", "#2F353D"
    SELECTION = "selection", "#DCE8FD", "#24395F"
    ON_SELECTION = "on_selection", "#1B1F24", "#E8EAED"
    ZEBRA = "zebra", "#FFFFFF", "#21252A"
    GRID = "grid", "#ECEEF1", "#2A2F36"
    TEXT = "text", "#1B1F24", "#E8EAED"
    SECONDARY = "secondary", "#5A636E", "#A4ADB8"
    DISABLED = "disabled", "#9AA3AD", "#69727D"
    ACCENT = "accent", "#2B66DB", "#5B93FF"
    ON_ACCENT = "on_accent", "#FFFFFF", "#0B0E14"
    SUCCESS = "success", "#187A42", "#4CC38A"
    ATTENTION = "attention", "#9A5B00", "#F0A94A"
    ERROR = "error", "#C8352B", "#F2776D"
    PAUSED = "paused", "#666F7B", "#8C96A1"
    UP = "up", "#D2353A", "#FF6B6B"
    DOWN = "down", "#2563C9", "#6EA2FF"


@dataclass(frozen=True)
class Tokens:
    """One complete set of colours, as #RRGGBB, and those of a chart's lines in their order."""

    colours: Mapping[Token, str]
    series: tuple[str, ...]

    def hex(self, token: Token) -> str:
        """Return the colour of this name."""
        return self.colours[token]

    def with_colours(self, colours: Mapping[Token, str]) -> Tokens:
        """Return the same set but for these colours."""
        return replace(self, colours={**self.colours, **colours})


SERIES = ("#2F6FEB", "#E07A1F", "#1E8E4E", "#9B51C9", "#C8352B", "#0E8C9C", "#8A6D1D", "#5A636E")
LIGHT = Tokens({token: token.light for token in Token}, SERIES)
DARK = Tokens({token: token.dark for token in Token}, tuple(QColor(colour).lighter(115).name() for colour in SERIES))


@dataclass(frozen=True)
class Metrics:
    """Lengths in device-independent pixels."""

    hairline: int = 1
    focus: int = 2
    tight: int = 4
    small: int = 8
    medium: int = 12
    large: int = 16
    wide: int = 24
    corner: int = 6
    row: int = 28
    icon: int = 16
    icon_large: int = 20
    icon_empty: int = 40
    scroll_bar: int = 10
    column_least: int = 56
    sentence: int = 360
    tile_width: int = 148
    card_width: int = 260
    gauge_width: int = 220
    gauge_ring: int = 14
    details_height: int = 140
    chart_height: int = 260
    heat_row: int = 13
    control: int = 24
    date_tick: int = 90
    value_tick: int = 44
    swatch: int = 8
    navigation_width: int = 152
    dialog_width: int = 440
    window_width: int = 1120
    window_height: int = 760
    window_least: int = 480


class FontSize(Enum):
    """Type sizes in points."""

    ATTRIBUTION = 7
    LABEL = 8
    BASE = 9
    TITLE = 11
    VALUE = 16
    GAUGE = 22


METRICS = Metrics()
READABLE = 4.5


class Theme(QObject):
    """The colours, lengths and fonts in force; once installed it follows the system unless told otherwise."""

    changed = Signal()

    def __init__(
        self,
        application: QApplication,
        resources: Path,
        scheme: ThemeChoice = ThemeChoice.SYSTEM,
        prices: PriceColours = PriceColours.KOREAN,
    ) -> None:
        super().__init__(application)
        self.metrics = METRICS
        self._application = application
        self._style_sheet = resources / "style.qss"
        self._scheme = scheme
        self._prices = prices
        self._installed = False
        self._hints = application.styleHints()
        self._tokens: Tokens | None = None

    @property
    def tokens(self) -> Tokens:
        """Return the colours in force."""
        if self._tokens is None:
            self._tokens = self._current()
        return self._tokens

    @property
    def high_contrast(self) -> bool:
        """Tell whether the system asks for its own high-contrast colours."""
        return self._hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast

    def install(self) -> None:
        """Dress the application; from now on a change restyles it."""
        if not self._installed:
            self._hints.colorSchemeChanged.connect(self._refresh)
            self._hints.accessibility().contrastPreferenceChanged.connect(self._refresh)
        self._installed = True
        self._application.setStyle("fusion")
        self._ask_system(self._scheme)
        self._tokens = self._current()
        self._dress()
        self.changed.emit()

    def set_scheme(self, scheme: ThemeChoice) -> None:
        """Follow the system, or stay light or dark."""
        self._scheme = scheme
        if self._installed:
            self._ask_system(scheme)
        self._refresh()

    def set_prices(self, prices: PriceColours) -> None:
        """Choose the colours of rising and falling prices."""
        self._prices = prices
        self._refresh()

    def color(self, token: Token) -> QColor:
        """Return the colour of this name."""
        return QColor(self.tokens.hex(token))

    def series_color(self, index: int) -> QColor:
        """Return the colour of the n-th line of a chart."""
        return QColor(self.tokens.series[index % len(self.tokens.series)])

    def price_color(self, change: float | None) -> QColor:
        """Return the colour of a rise, a fall or neither."""
        if not change or math.isnan(change):
            return self.color(Token.SECONDARY)
        return self.color(Token.UP if change > 0 else Token.DOWN)

    def ink_on(self, ground: QColor) -> QColor:
        """Return black or white, whichever reads better on a coloured ground."""
        return QColor("white" if contrast("#FFFFFF", ground.name()) >= READABLE else "black")

    def font(self, size: FontSize = FontSize.BASE, *, strong: bool = False, tabular: bool = False) -> QFont:
        """Return the system's font in one of our sizes."""
        font = QFont(self._application.font())
        font.setPointSize(size.value)
        font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def taskbar_tokens(self, *, light: bool) -> Tokens:
        """Return the colours for a taskbar, whose brightness is a setting of its own."""
        return LIGHT if light else DARK

    def style_sheet(self) -> str:
        """Return the style sheet in the colours in force."""
        names = {token.value: self.tokens.hex(token) for token in Token}
        lengths = {name: str(value) for name, value in vars(self.metrics).items()}
        points = {f"points_{size.name.lower()}": str(size.value) for size in FontSize}
        return Template(self._style_sheet.read_text("utf-8")).substitute(names | lengths | points)

    def _ask_system(self, scheme: ThemeChoice) -> None:
        """Give native parts such as the title bar the same brightness."""
        if scheme is ThemeChoice.SYSTEM:
            self._hints.unsetColorScheme()
        else:
            dark = scheme is ThemeChoice.DARK
            self._hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)

    def _refresh(self) -> None:
        tokens = self._current()
        if tokens == self._tokens:
            return
        self._tokens = tokens
        if self._installed:
            self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        own = self._application.font()
        own.setPointSize(FontSize.BASE.value)
        self._application.setFont(own)
        self._application.setPalette(QPalette() if self.high_contrast else palette_of(self.tokens))
        self._application.setStyleSheet(self.style_sheet())

    def _current(self) -> Tokens:
        if self.high_contrast:
            self._application.setPalette(QPalette())
            return tokens_of(self._application.palette())
        follows = self._scheme is ThemeChoice.SYSTEM
        dark = self._hints.colorScheme() is Qt.ColorScheme.Dark if follows else self._scheme is ThemeChoice.DARK
        tokens = DARK if dark else LIGHT
        if self._prices is PriceColours.WESTERN:
            return tokens.with_colours({Token.UP: tokens.hex(Token.SUCCESS), Token.DOWN: tokens.hex(Token.ERROR)})
        return tokens


def palette_of(tokens: Tokens) -> QPalette:
    """Return the palette which paints plain Qt controls in these colours."""
    role = QPalette.ColorRole
    palette = QPalette(QColor(tokens.hex(Token.SURFACE)), QColor(tokens.hex(Token.WINDOW)))
    for target, token in (
        (role.WindowText, Token.TEXT), (role.Text, Token.TEXT), (role.ButtonText, Token.TEXT),
        (role.Base, Token.SURFACE), (role.AlternateBase, Token.ZEBRA), (role.Mid, Token.BORDER),
        (role.ToolTipBase, Token.RAISED), (role.ToolTipText, Token.TEXT), (role.Link, Token.ACCENT),
        (role.PlaceholderText, Token.SECONDARY), (role.Highlight, Token.SELECTION),
        (role.HighlightedText, Token.ON_SELECTION), (role.Accent, Token.ACCENT), (role.LinkVisited, Token.ACCENT),
    ):  # fmt: skip
        palette.setColor(target, QColor(tokens.hex(token)))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(tokens.hex(Token.DISABLED)))
    return palette


def tokens_of(palette: QPalette) -> Tokens:
    """Return tokens all made of a high-contrast palette's own roles."""
    surface, disabled = palette.base().color().name(), palette.placeholderText().color().name()
    text, accent = palette.windowText().color().name(), palette.highlight().color().name()
    colours = dict.fromkeys(Token, text)
    colours |= dict.fromkeys((Token.SURFACE, Token.RAISED, Token.HOVER, Token.ZEBRA), surface)
    colours |= dict.fromkeys((Token.PRESSED, Token.SELECTION, Token.ACCENT), accent)
    colours |= dict.fromkeys((Token.ON_SELECTION, Token.ON_ACCENT), palette.highlightedText().color().name())
    colours |= dict.fromkeys((Token.GRID, Token.DISABLED), disabled)
    return Tokens(colours | {Token.WINDOW: palette.window().color().name()}, (text, accent))
