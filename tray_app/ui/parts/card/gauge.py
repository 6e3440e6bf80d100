"""The gauge: title, and a half ring of bands with the number large and yesterday's mark small."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from tray_app.core.words import tr
from tray_app.ui.labels.bands import Band, band_of
from tray_app.ui.labels.formats import NOTHING, plain
from tray_app.ui.parts.layout.boxes import column, fill
from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.parts.text.texts import heading
from tray_app.ui.style.theme import FontSize, Token

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style

HALF_TURN = 180
SIXTEENTHS = 16
GAP_DEGREES = 1.2
FAINT = 0.35


@dataclass(frozen=True)
class GaugeFacts:
    """What a gauge says; the bands follow each other from the lowest value to the highest."""

    title: str
    bands: tuple[Band, ...]
    value: float | None
    as_of: str
    yesterday: float | None = None
    decimals: int = 0


class Gauge(QFrame):
    """Shows one index between its lowest and highest value."""

    def __init__(self, style: Style, facts: GaugeFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self.setProperty("role", "card")
        self._title = heading(style)
        self._dial = _Dial(style, facts)
        column(self._title, fill(self._dial), gap=metrics.tight, margins=(metrics.medium, metrics.small), inside=self)
        self.show_facts(facts)

    def show_facts(self, facts: GaugeFacts) -> None:
        """Show another value."""
        self._title.setText(facts.title)
        self._dial.show_facts(facts)
        self.setAccessibleName(", ".join(part for part in self._dial.sentence() if part))
        bands = (f"{plain(band.low, 0)}–{plain(band.high, 0)} {band.word}" for band in facts.bands)
        set_tip(self, "\n".join(bands))


class _Dial(QWidget):
    """Draws the ring and what stands in it."""

    def __init__(self, style: Style, facts: GaugeFacts) -> None:
        super().__init__()
        self._style = style
        self._facts = facts
        self.setMinimumSize(self.sizeHint())
        style.theme.changed.connect(self.update)

    def show_facts(self, facts: GaugeFacts) -> None:
        """Show another value."""
        self._facts = facts
        self.update()

    def sentence(self) -> tuple[str, ...]:
        """Return everything shown, in reading order."""
        facts = self._facts
        word = band_of(facts.value, facts.bands).word if facts.value is not None else tr("no value")
        return facts.title, self._number(), word, facts.as_of, self._yesterday_text()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room a legible ring needs."""
        width = self._style.theme.metrics.gauge_width
        return QSize(width, width * 3 // 4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw ring, marks and number."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = self._ring()
        painter.setFont(self._style.theme.font(FontSize.LABEL))
        for band in self._facts.bands:
            self._paint_band(painter, ring, band)
            if self._has_words():
                painter.setPen(self._style.theme.color(Token.SECONDARY))
                self._paint_word(painter, ring, band)
        if self._facts.yesterday is not None:
            self._paint_mark(painter, ring, self._facts.yesterday, Token.SECONDARY, small=True)
        if self._facts.value is not None:
            self._paint_mark(painter, ring, self._facts.value, Token.TEXT, small=False)
        self._paint_texts(painter, ring)
        painter.end()

    def _number(self) -> str:
        value = self._facts.value
        return NOTHING if value is None else plain(value, self._facts.decimals)

    def _yesterday_text(self) -> str:
        value = self._facts.yesterday
        return "" if value is None else tr("Yesterday {value}", value=plain(value, self._facts.decimals))

    def _ring(self) -> QRectF:
        """Return the square around the whole circle whose upper half is drawn."""
        metrics = self._style.theme.metrics
        top = self._line() + metrics.small if self._has_words() else float(metrics.small)
        radius = self._radius(self._word_room() if self._has_words() else 0.0, top)
        return QRectF(self.width() / 2 - radius, top, 2 * radius, 2 * radius)

    def _radius(self, at_sides: float, above: float) -> float:
        metrics = self._style.theme.metrics
        return min(
            self.width() / 2 - at_sides - metrics.small, self.height() - 2 * self._line() - above - metrics.small
        )

    def _has_words(self) -> bool:
        """Tell whether a large enough ring is left when the words stand around it."""
        metrics = self._style.theme.metrics
        return self._radius(self._word_room(), self._line() + metrics.small) >= metrics.gauge_width / 3

    def _word_room(self) -> float:
        measure = QFontMetricsF(self._style.theme.font(FontSize.LABEL))
        widest = max(measure.horizontalAdvance(band.word) for band in self._facts.bands)
        return widest + self._style.theme.metrics.medium

    def _line(self) -> float:
        return QFontMetricsF(self._style.theme.font()).height()

    def _paint_word(self, painter: QPainter, ring: QRectF, band: Band) -> None:
        """Draw a band's word outside the ring, beside its middle."""
        turn = math.pi * (1 - self._share((band.low + band.high) / 2))
        away = ring.width() / 2 + self._style.theme.metrics.medium
        place = ring.center() + QPointF(math.cos(turn), -math.sin(turn)) * away
        line, room = self._line(), self._word_room()
        left = place.x() - room / 2 * (1 - math.cos(turn) / max(abs(math.cos(turn)), 0.3))
        box = QRectF(left, place.y() - line * (0.5 + math.sin(turn) / 2), room, line)
        side = Qt.AlignmentFlag.AlignLeft if math.cos(turn) > 0.3 else Qt.AlignmentFlag.AlignRight
        align = side if abs(math.cos(turn)) > 0.3 else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter, band.word)

    def _share(self, value: float) -> float:
        low, high = self._facts.bands[0].low, self._facts.bands[-1].high
        return min(max((value - low) / (high - low), 0.0), 1.0)

    def _paint_band(self, painter: QPainter, ring: QRectF, band: Band) -> None:
        colour = self._style.theme.color(band.token)
        value = self._facts.value
        if value is None or band_of(value, self._facts.bands) != band:
            colour.setAlphaF(FAINT)
        wide = self._style.theme.metrics.gauge_ring
        painter.setPen(QPen(colour, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        start = HALF_TURN * (1 - self._share(band.low)) - GAP_DEGREES / 2
        span = HALF_TURN * (self._share(band.high) - self._share(band.low)) - GAP_DEGREES
        inner = ring.adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2)
        painter.drawArc(inner, round(start * SIXTEENTHS), -round(span * SIXTEENTHS))

    def _paint_mark(self, painter: QPainter, ring: QRectF, value: float, token: Token, *, small: bool) -> None:
        metrics = self._style.theme.metrics
        turn = math.pi * (1 - self._share(value))
        along = QPointF(math.cos(turn), -math.sin(turn))
        outer = ring.width() / 2 + (metrics.small if small else metrics.tight)
        inner = ring.width() / 2 - (0 if small else metrics.gauge_ring + metrics.tight)
        ground = QPen(self._style.theme.color(Token.SURFACE), metrics.tight + metrics.focus)
        pen = QPen(self._style.theme.color(token), metrics.focus if small else metrics.tight)
        for one in (pen,) if small else (ground, pen):
            one.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(one)
            painter.drawLine(ring.center() + along * inner, ring.center() + along * outer)

    def _paint_texts(self, painter: QPainter, ring: QRectF) -> None:
        theme, facts, metrics = self._style.theme, self._facts, self._style.theme.metrics
        base, centre = ring.center().y(), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        number = theme.font(FontSize.GAUGE, strong=True, tabular=True)
        wide = QFontMetricsF(number).horizontalAdvance(self._number())
        line = self._line()
        painter.setFont(number)
        painter.setPen(theme.color(Token.TEXT))
        painter.drawText(QPointF((self.width() - wide) / 2, base - line - metrics.tight), self._number())
        if facts.value is not None:
            band = band_of(facts.value, facts.bands)
            painter.setFont(theme.font(strong=True))
            painter.setPen(theme.color(band.token))
            painter.drawText(QRectF(0, base - line, self.width(), line), centre, band.word)
        painter.setFont(theme.font(FontSize.LABEL))
        painter.setPen(theme.color(Token.SECONDARY))
        below = QRectF(ring.left(), base + metrics.tight, ring.width(), line)
        edges = (plain(facts.bands[0].low, 0), plain(facts.bands[-1].high, 0))
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, edges[0])
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, edges[1])
        note = " · ".join(part for part in (facts.as_of, self._yesterday_text()) if part)
        painter.drawText(QRectF(0, base + metrics.tight + line, self.width(), line), centre, note)
