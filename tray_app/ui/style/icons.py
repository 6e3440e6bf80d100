"""Icons drawn from our SVG files in the colours of the theme, sharp at every scale."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QImageReader, QPainter, QPixmap

from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tray_app.ui.style.theme import Theme

TRAY_SIZES = (16, 20, 24, 32, 40, 48, 64)
PROGRESS_STEPS = 16
FULL_CIRCLE = 360 * 16


class TrayState(StrEnum):
    """What the tray icon tells."""

    IDLE = "idle"
    WORKING = "working"
    ATTENTION = "attention"
    ERROR = "error"
    PAUSED = "paused"


class Icons:
    """Gives the application's icons by name."""

    def __init__(self, folder: Path, theme: Theme) -> None:
        self._folder = folder
        self._theme = theme
        self._source = lru_cache(maxsize=None)(self._read)
        self._tray = lru_cache(maxsize=128)(self._draw_tray)
        self._drawing = lru_cache(maxsize=512)(self._draw)

    def icon(self, name: str, token: Token) -> QIcon:
        """Return an icon which takes the token's colour anew each time it is painted."""

        def draw(mode: QIcon.Mode, width: int, height: int) -> QPixmap:
            colour = self._theme.color(Token.DISABLED if mode is QIcon.Mode.Disabled else token)
            return self._drawing(name, colour.name(), width, height)

        return QIcon(_SvgEngine(draw))

    def application(self) -> QIcon:
        """Return the application's own icon, for windows."""
        icon = QIcon()
        for size in (*TRAY_SIZES, 256):
            icon.addPixmap(render(self._read("app"), QSize(size, size)))
        return icon

    def tray(self, state: TrayState, progress: float | None, *, taskbar_is_light: bool) -> QIcon:
        """Return the tray icon; progress runs from 0 to 1 and counts only while working."""
        steps = None if progress is None else round(max(0.0, min(1.0, progress)) * PROGRESS_STEPS)
        return self._tray(state, steps if state is TrayState.WORKING else None, taskbar_is_light)

    def _draw_tray(self, state: TrayState, steps: int | None, light: bool) -> QIcon:  # noqa: FBT001
        icon = QIcon()
        for size in TRAY_SIZES:
            icon.addPixmap(self._tray_pixmap(state, steps, size, light=light))
        return icon

    def _tray_pixmap(self, state: TrayState, steps: int | None, size: int, *, light: bool) -> QPixmap:
        tokens = self._theme.taskbar_tokens(light=light)
        ink = QColor(tokens.hex(Token.PAUSED if state is TrayState.PAUSED else Token.TEXT))
        pixmap = render(self._coloured("tray", ink), QSize(size, size))
        if state is TrayState.IDLE:
            return pixmap
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        badge = QRectF(size * 7 / 16, size * 7 / 16, size * 9 / 16, size * 9 / 16)
        _cut_out(painter, badge)
        if state is TrayState.WORKING:
            _draw_progress(painter, badge, steps, QColor(tokens.hex(Token.ACCENT)), ink)
        else:
            colour = tokens.hex(Token.TEXT if state is TrayState.PAUSED else Token[state.name])
            drawing = self._coloured(f"tray-{state.value}", QColor(colour))
            drawing = drawing.replace(b"groundColor", tokens.hex(Token.WINDOW).encode())
            painter.drawPixmap(badge.topLeft().toPoint(), render(drawing, badge.size().toSize()))
        painter.end()
        return pixmap

    def _draw(self, name: str, colour: str, width: int, height: int) -> QPixmap:
        return render(self._coloured(name, QColor(colour)), QSize(width, height))

    def _coloured(self, name: str, color: QColor) -> bytes:
        return self._source(name).replace(b"currentColor", color.name().encode())

    def _read(self, name: str) -> bytes:
        folder = self._folder.parent if name == "app" else self._folder
        return (folder / f"{name}.svg").read_bytes()


class _SvgEngine(QIconEngine):
    """Draws an SVG at exactly the size and scale it is asked for."""

    def __init__(self, draw: Callable[[QIcon.Mode, int, int], QPixmap]) -> None:
        super().__init__()
        self._draw = draw

    def clone(self) -> QIconEngine:
        """Return an engine with the same drawing."""
        return _SvgEngine(self._draw)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw into a rectangle of a widget."""
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect, self.scaledPixmap(rect.size(), mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return a drawing for an ordinary screen."""
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:  # noqa: ARG002, N802
        """Return a drawing for a screen of this scale."""
        pixels = size * scale
        pixmap = QPixmap(self._draw(mode, pixels.width(), pixels.height()))
        pixmap.setDevicePixelRatio(scale)
        return pixmap


def render(svg: bytes, size: QSize) -> QPixmap:
    """Return an SVG drawn at this size in pixels."""
    buffer = QBuffer()
    buffer.setData(svg)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, b"svg")
    reader.setScaledSize(size)
    return QPixmap.fromImage(reader.read())


def _cut_out(painter: QPainter, badge: QRectF) -> None:
    """Leave clear ground around the badge, so that it stands off on any taskbar."""
    margin = badge.width() / 9
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("black"))
    painter.drawEllipse(badge.adjusted(-margin, -margin, margin, margin))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def _draw_progress(painter: QPainter, badge: QRectF, steps: int | None, accent: QColor, ink: QColor) -> None:
    ring = QColor(ink)
    ring.setAlphaF(0.35)
    painter.setBrush(ring)
    painter.drawEllipse(badge)
    painter.setBrush(accent)
    shown = PROGRESS_STEPS // 4 if steps is None else max(1, steps)
    painter.drawPie(badge, FULL_CIRCLE // 4, -FULL_CIRCLE * shown // PROGRESS_STEPS)
