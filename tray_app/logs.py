"""Log files in the home folder: rotated daily, compressed, a month of them kept; secrets struck out."""

import gzip
import logging
import logging.handlers
import shutil
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tray_app.core.texts import clean_text
from tray_app.core.web.secrets import struck_out
from tray_app.files import replace_file, require_file

FORMAT = "%(asctime)s %(levelname)-7s %(threadName)-10s %(name)s: %(message)s"
# Before each further line of a record.
FURTHER = "  "
TAIL_LINES = 2000
# Their debug lines hold whole request lines, keys included.
TALKATIVE = ("urllib3", "requests", "apprise", "keyring", "schedule", "peewee")

_started: list[logging.Handler] = []


class LogTail(logging.Handler):
    """The newest lines in memory, for the log window."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[str] = deque(maxlen=TAIL_LINES)
        self._count = 0
        self._listeners: list[Callable[[str], None]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line and hand it to the listeners, on the logging thread."""
        line = self.format(record)
        self._lines.append(line)
        self._count += 1
        listeners = tuple(self._listeners)
        for listener in listeners:
            try:
                listener(line)
            except Exception:
                # Whoever logs must not suffer from whoever listens.
                self.handleError(record)

    @contextmanager
    def _held(self) -> Iterator[None]:
        # logging holds this lock while it calls emit.
        self.acquire()
        try:
            yield
        finally:
            self.release()

    def lines(self) -> tuple[str, ...]:
        """Return the lines kept, oldest first."""
        with self._held():
            return tuple(self._lines)

    def since(self, position: int) -> tuple[tuple[str, ...], int]:
        """Return the lines that came after a position, as far as they are kept, and the position after them."""
        with self._held():
            fresh = min(self._count - position, len(self._lines))
            return tuple(self._lines)[len(self._lines) - fresh :], self._count

    def subscribe(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Hear every new line; returns what ends it."""
        with self._held():
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._held():
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe


class Redacted(logging.Formatter):
    """Strikes known secrets out of every line, tracebacks included."""

    def __init__(self, secrets: Callable[[], Sequence[str]]) -> None:
        super().__init__(FORMAT)
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line; what a message or a traceback goes on with is set in, so that it forges none."""
        first, *others = super().format(record).splitlines() or [""]
        lines = (first, *(f"{FURTHER}{line}" for line in others))
        return struck_out("\n".join(map(clean_text, lines)), self._secrets())


class DailyCompressedFile(logging.handlers.TimedRotatingFileHandler):
    """A file a day; past days are compressed."""

    def __init__(self, path: Path, days: int) -> None:
        super().__init__(path, when="midnight", backupCount=days, encoding="utf-8", delay=True)
        self.namer = _compressed_name
        self.rotator = _compress

    def doRollover(self) -> None:  # noqa: N802 - the base class' name
        """Start the new day's file, unless another process on this home has done so already."""
        began = time.localtime(self.rolloverAt - self.interval)
        past = Path(self.rotation_filename(f"{self.baseFilename}.{time.strftime(self.suffix, began)}"))
        if not past.exists():
            super().doRollover()
            return
        if self.stream is not None:
            self.stream.close()
            # As the base class does: the next line opens it again.
            self.stream = None
        self.rolloverAt = self.computeRollover(int(time.time()))


def start_logging(folder: Path, days: int, secrets: Callable[[], Sequence[str]]) -> LogTail:
    """Send everything logged to a file and to the tail, and the gravest to stderr. Returns the tail.

    Raises OSError when the file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "market-tray.log"
    require_file(path)
    # What cannot be opened is met here, where it can be told, not at each line.
    path.open("a", encoding="utf-8").close()
    formatter = Redacted(secrets)
    tail = LogTail()
    handlers: list[logging.Handler] = [DailyCompressedFile(path, days), tail]
    if sys.stderr is not None:
        console = logging.StreamHandler(sys.stderr)
        console.setLevel(logging.CRITICAL)
        handlers.append(console)
    root = logging.getLogger()
    for handler in handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
        _started.append(handler)
    root.setLevel(logging.INFO)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    return tail


def stop_logging() -> None:
    """Close the files, so that a folder can be removed."""
    root = logging.getLogger()
    while _started:
        handler = _started.pop()
        root.removeHandler(handler)
        handler.close()


def _compressed_name(name: str) -> str:
    return f"{name}.gz"


def _compress(source: str, target: str) -> None:
    partial = Path(f"{target}.part")
    with Path(source).open("rb") as plain, gzip.open(partial, "wb") as packed:
        shutil.copyfileobj(plain, packed)
    replace_file(partial, Path(target))
    # Emptied, not removed: another process may have the file open, and Windows removes no such file.
    Path(source).write_bytes(b"")
