"""The lines themselves: which are wanted, monospaced, coloured by level, following the newest unless scrolled away."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QGuiApplication,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from tray_app.core.words import tr
from tray_app.logs import TAIL_LINES
from tray_app.ui.style.theme import FontSize, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.ui.style.style import Style
    from tray_app.ui.style.theme import Theme


class Level(StrEnum):
    """From which level on lines are shown."""

    ALL = "all"
    WARNING = "warning"
    ERROR = "error"


_BAD = frozenset({"ERROR", "CRITICAL"})
_WORDS_OF = {Level.ALL: frozenset[str](), Level.WARNING: _BAD | {"WARNING"}, Level.ERROR: _BAD}


def level_word(line: str) -> str:
    """Return the level that a line was logged at: the third word, after date and time."""
    words = line.split(maxsplit=3)
    return words[2] if len(words) > 2 else ""


def level_of(line: str) -> Level:
    """Return how bad a line is."""
    word = level_word(line)
    if word in _BAD:
        return Level.ERROR
    return Level.WARNING if word == "WARNING" else Level.ALL


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Wants lines from a level on that hold every word of a text, in any case of letters."""

    text: str = ""
    level: Level = Level.ALL

    def wanted(self, lines: Sequence[str]) -> list[str]:
        """Return the lines that pass."""
        words = self.text.casefold().split()
        levels = _WORDS_OF[self.level]
        return [line for line in lines if self._passes(line, words, levels)]

    @staticmethod
    def _passes(line: str, words: Sequence[str], levels: frozenset[str]) -> bool:
        if levels and level_word(line) not in levels:
            return False
        folded = line.casefold() if words else ""
        return all(word in folded for word in words)


FAMILIES = ("Cascadia Mono", "Consolas")
PLAIN, WARNING, ERROR = 0, 1, 2
HEAD = len("2026-02-19 06:01:00,000 ")


class LogView(QPlainTextEdit):
    """Shows at most as many lines as the tail keeps."""

    left_the_end = Signal(bool)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setMaximumBlockCount(TAIL_LINES)
        self.setTabChangesFocus(True)
        self.setFont(monospaced())
        self.setAccessibleName(tr("Log"))
        self._at_end = True
        self._painter = _Levels(self.document(), style.theme)
        self.verticalScrollBar().valueChanged.connect(self._note_place)
        self.verticalScrollBar().rangeChanged.connect(self._note_place)

    @property
    def at_end(self) -> bool:
        """Tell whether the newest line is in sight."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum()

    def show_lines(self, lines: Sequence[str]) -> None:
        """Show other lines, the newest in sight."""
        self.setPlainText("\n".join(lines))
        self.scroll_to_end()

    def add_lines(self, lines: Sequence[str]) -> None:
        """Show more lines; the eye of a reader who scrolled away stays where it is."""
        if not lines:
            return
        bar, follow = self.verticalScrollBar(), self.at_end
        before, value = self.blockCount(), bar.value()
        text = "\n".join(lines)
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(text if self.document().isEmpty() else f"\n{text}")
        if follow:
            self.scroll_to_end()
        else:
            dropped = before + text.count("\n") + 1 - self.blockCount()
            bar.setValue(max(0, value - dropped))

    def scroll_to_end(self) -> None:
        """Bring the newest line into sight."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())
        self.horizontalScrollBar().setValue(0)

    def copy_shown(self) -> None:
        """Copy the selected text, or everything shown when nothing is selected."""
        if self.textCursor().hasSelection():
            self.copy()
        else:
            QGuiApplication.clipboard().setText(self.toPlainText())

    def _note_place(self) -> None:
        if self.at_end is not self._at_end:
            self._at_end = self.at_end
            self.left_the_end.emit(not self._at_end)


class _Levels(QSyntaxHighlighter):
    """Colours warnings and errors, their tracebacks included, and mutes the time."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        self._take_colours()
        theme.changed.connect(self._repaint)

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Colour one line; a line without a level belongs to the one before."""
        state = _state_of(text)
        if state is None:
            state = max(PLAIN, self.previousBlockState())
        else:
            self.setFormat(0, HEAD, self._time)
            if state != PLAIN:
                self.setFormat(HEAD, len(text) - HEAD, self._inks[state])
        if state != PLAIN and _state_of(text) is None:
            self.setFormat(0, len(text), self._inks[state])
        self.setCurrentBlockState(state)

    def _repaint(self) -> None:
        self._take_colours()
        self.rehighlight()

    def _take_colours(self) -> None:
        self._time = _ink(self._theme, Token.SECONDARY)
        self._inks = {WARNING: _ink(self._theme, Token.ATTENTION), ERROR: _ink(self._theme, Token.ERROR)}


def monospaced() -> QFont:
    """Return the fixed-width font of the system's terminals."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setFamilies([*FAMILIES, *font.families()])
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPointSize(FontSize.BASE.value)
    return font


def _state_of(text: str) -> int | None:
    if not text[:4].isdigit():
        return None
    return {Level.ALL: PLAIN, Level.WARNING: WARNING, Level.ERROR: ERROR}[level_of(text)]


def _ink(theme: Theme, token: Token) -> QTextCharFormat:
    ink = QTextCharFormat()
    ink.setForeground(theme.color(token))
    return ink
