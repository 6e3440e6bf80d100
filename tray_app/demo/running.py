"""`demo` and `demo-server`: the sample upstreams as a process, and the tray app pointed at it."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tray_app.core.errors import BadInput
from tray_app.core.words import tr
from tray_app.datasets.keys import SOURCE_KEYS
from tray_app.demo.server import SampleServer

ANNOUNCEMENT = "Sample server at "


def serve_samples(port: int, now: Callable[[], datetime], *, with_parent: bool) -> None:
    """Serve until interrupted; with_parent: until standard input closes, as it does when the parent ends."""
    server = SampleServer(now, port)
    try:
        server.start()
    except OSError as error:
        raise BadInput(
            tr("The port cannot be used"),
            tr("Port {port} cannot be listened on: {reason}.", port=port, reason=error.strerror or error),
            tr("Name another one, or 0 for any that is free."),
        ) from error
    sys.stdout.write(f"{ANNOUNCEMENT}{server.url}\n")
    sys.stdout.flush()
    threading.Thread(target=server.prepare, name="sample-preparation", daemon=True).start()
    try:
        if with_parent:
            sys.stdin.read()
        else:
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        return
    finally:
        server.stop()


def run_demo(command: Sequence[str], run_tray: Callable[[Path], int]) -> int:
    """Run the tray app on a throw-away home against a sample server of its own; returns its exit code.

    command starts our console program.
    """
    temporary = tempfile.TemporaryDirectory(prefix="market-tray-demo-", ignore_cleanup_errors=True)
    with temporary as folder, sample_process(command) as url:
        os.environ |= {"MARKET_TRAY_UPSTREAM": url, **{key.name: key.sample for key in SOURCE_KEYS if key.sample}}
        return run_tray(Path(folder))


@contextmanager
def sample_process(command: Sequence[str]) -> Iterator[str]:
    """Give the address of a sample server in a child process, so that making bodies never holds up a window."""
    child = subprocess.Popen(  # noqa: S603 - our own program
        [*command, "demo-server", "--with-parent"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        yield _address(child)
    finally:
        child.terminate()
        child.communicate()


def _address(child: "subprocess.Popen[str]") -> str:
    line = child.stdout.readline() if child.stdout else ""
    if not line.startswith(ANNOUNCEMENT):
        raise RuntimeError(f"the sample server did not start: {line!r}")
    return line.removeprefix(ANNOUNCEMENT).strip()
