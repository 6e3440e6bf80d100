"""Unpacking a body as it comes, never further than allowed."""

import zlib

from tray_app.core.errors import SourceChangedShape
from tray_app.core.words import tr

OFFERED = "gzip"
_GZIP = 16 + zlib.MAX_WBITS


class Unpacker:
    """Takes the pieces of a body and keeps what they hold. zlib.error when they are not what they say."""

    def __init__(self, host: str, encoding: str, max_bytes: int) -> None:
        if encoding not in {"", "identity", "gzip", "x-gzip"}:
            raise SourceChangedShape(host, tr("packed as {encoding}", encoding=encoding[:20]))
        self._host = host
        self._max_bytes = max_bytes
        self._gzip = zlib.decompressobj(_GZIP) if "gzip" in encoding else None
        self._fed = False
        self.body = bytearray()

    def feed(self, piece: bytes) -> None:
        """Take a piece; SourceChangedShape once the body is larger than allowed."""
        if self._gzip is None:
            self.body += piece
        while self._gzip is not None and piece:
            self._fed = True
            if self._gzip.eof:
                # A body may be several packed parts, one behind the other.
                self._gzip = zlib.decompressobj(_GZIP)
            self.body += self._gzip.decompress(piece, self._max_bytes + 1 - len(self.body))
            piece = self._gzip.unused_data if len(self.body) <= self._max_bytes else b""
        if len(self.body) > self._max_bytes:
            raise SourceChangedShape(self._host, tr("more than {size} bytes", size=self._max_bytes))

    @property
    def is_whole(self) -> bool:
        """Whether the packing has come to its end."""
        return self._gzip is None or self._gzip.eof or not self._fed
