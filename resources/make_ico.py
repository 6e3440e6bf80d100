"""Build app.ico from app.svg: one PNG entry for each size Windows asks for."""

from __future__ import annotations

import os
import struct
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 20, 24, 32, 40, 48, 64, 96, 128, 256)
HEADER = struct.Struct("<HHH")
ENTRY = struct.Struct("<BBBBHHII")


def draw(renderer: QSvgRenderer, size: int) -> bytes:
    """Return the drawing at this size as a PNG."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(image)
    return bytes(buffer.data().data())


def icon_file(pictures: list[tuple[int, bytes]]) -> bytes:
    """Return an ICO file of these PNGs; a size of 256 is written as 0."""
    offset = HEADER.size + ENTRY.size * len(pictures)
    entries = b""
    for size, picture in pictures:
        entries += ENTRY.pack(size % 256, size % 256, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    return HEADER.pack(0, 1, len(pictures)) + entries + b"".join(picture for _, picture in pictures)


def main() -> None:
    """Write app.ico beside app.svg."""
    application = QGuiApplication([])
    folder = Path(__file__).parent
    renderer = QSvgRenderer(str(folder / "app.svg"))
    pictures = [(size, draw(renderer, size)) for size in SIZES]
    (folder / "app.ico").write_bytes(icon_file(pictures))
    application.quit()


if __name__ == "__main__":
    main()
