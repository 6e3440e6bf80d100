"""How long the Liquidity page takes to open, against the Crypto page in the same run: each first, and each second.

Usage: python -m benchmarks.liquidity_page [--runs 7] [--since 1990-01-01] [--folder FOLDER]
Fills a home once from the sample server with the history of both collectors, then opens both pages in fresh processes
in turn: the page opened first loads the chart library, the one opened second finds it loaded. A page is open when its
numbers and first charts are drawn; Liquidity then draws the decades before the last year, told as "whole".
Bars on an idle machine: Liquidity under 700 ms first, under 300 ms with the library loaded. It needs a screen, or
QT_QPA_PLATFORM=offscreen.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import chain, repeat
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication, QStackedWidget

from tray_app.datasets.liquidity.sample.fred import SAMPLE_FRED_KEY
from tray_app.demo.running import sample_process
from tray_app.logs import LogTail
from tray_app.paths import Home, resources
from tray_app.settings import ThemeChoice
from tray_app.ui.page import Page, PageParts
from tray_app.ui.queries.bridge import Bridge
from tray_app.ui.start import SWITCH_SECONDS
from tray_app.ui.style.icons import Icons
from tray_app.ui.style.style import Style
from tray_app.ui.style.theme import Theme
from tray_app.wiring import build_engine, open_home

REPOSITORY = Path(__file__).parents[1]
PATIENCE_SECONDS = 120
LOOK_EVERY_MS = 2
# The window's usual content, without the navigation.
SIZE = (1000, 700)
BARS_MS = {"first": 700.0, "loaded": 300.0}
CRYPTO, LIQUIDITY = "crypto", "liquidity"
ORDERS = ((CRYPTO, LIQUIDITY), (LIQUIDITY, CRYPTO))
# Nothing is asked for, and no key of the machine's own is looked up.
NOWHERE = {"MARKET_TRAY_UPSTREAM": "http://127.0.0.1:9"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that was opened: how many milliseconds until its first charts, and until everything is there."""

    page: str
    place: str
    shown: float
    whole: float


def main() -> None:
    """Fill the home when it is new, measure in child processes, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--since", type=date.fromisoformat, default=date(1990, 1, 1))
    parser.add_argument("--folder", type=Path, default=REPOSITORY / ".cache" / "liquidity-page")
    parser.add_argument("--open", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    home = Home(asked.folder / str(asked.since))
    if asked.open:
        sys.stdout.write(json.dumps([asdict(each) for each in open_pages(home, asked.open)]) + "\n")
        return
    if not home.database.exists():
        fill(home, asked.since)
    # The first process of each order is warming up.
    measured = [measure(asked, order) for order in chain.from_iterable(repeat(ORDERS, 1 + asked.runs))][len(ORDERS) :]
    report(list(chain.from_iterable(measured)))


def fill(home: Home, since: date) -> None:
    """Collect today and the history of both from a sample server."""
    home.root.mkdir(parents=True)
    with sample_process((sys.executable, "-m", "tray_app")) as url:
        environment = {**os.environ, "MARKET_TRAY_UPSTREAM": url, "FRED_API_KEY": SAMPLE_FRED_KEY}
        for name in (LIQUIDITY, CRYPTO):
            for words in ((), ("--date-from", str(since))):
                command = [sys.executable, "-m", "tray_app", "--home", str(home.root), "collect", name, *words]
                subprocess.run(command, env=environment, check=True, stdout=sys.stderr)


def measure(asked: argparse.Namespace, order: Sequence[str]) -> list[Opened]:
    """Open both pages in a process of their own."""
    command = [sys.executable, "-m", "benchmarks.liquidity_page", "--open", *order]
    command += ["--folder", str(asked.folder), "--since", str(asked.since)]
    done = subprocess.run(
        command, cwd=REPOSITORY, env={**os.environ, **NOWHERE}, stdout=subprocess.PIPE, encoding="utf-8", check=True
    )
    return [Opened(**each) for each in json.loads(done.stdout)]


def open_pages(home: Home, order: Sequence[str]) -> list[Opened]:
    """Open one page after the other, as the window does, and say how long each took."""
    sys.setswitchinterval(SWITCH_SECONDS)
    application = QApplication(sys.argv[:1])
    theme = Theme(application, resources(), ThemeChoice.LIGHT)
    theme.install()
    engine = build_engine(home, open_home(home), check=False)
    bridge = Bridge(engine)
    parts = PageParts(engine, bridge, Style(theme, Icons(resources() / "icons", theme)), LogTail())
    openers = {CRYPTO: open_crypto, LIQUIDITY: open_liquidity}
    window = QStackedWidget()
    window.resize(*SIZE)
    window.show()
    try:
        return [Opened(name, place, *openers[name](parts, window)) for name, place in zip(order, BARS_MS, strict=True)]
    finally:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
        bridge.close()
        engine.stop()


def open_crypto(parts: PageParts, window: QStackedWidget) -> tuple[float, float]:
    """Open the Crypto page, whose charts all belong to what is seen first."""
    begun = time.perf_counter()
    from tray_app.ui.pages.crypto.page import CryptoPage

    page = CryptoPage(parts)
    turn_to(page, window)
    return (until(lambda: page.is_settled, begun),) * 2


def open_liquidity(parts: PageParts, window: QStackedWidget) -> tuple[float, float]:
    """Open the Liquidity page: its last year, then everything before."""
    begun = time.perf_counter()
    from tray_app.ui.pages.liquidity.page import LiquidityPage

    page = LiquidityPage(parts)
    turn_to(page, window)

    def is_drawn() -> bool:
        index = page.sections.index if page.today.gauge.isVisible() else None
        plot = index.history.plot if index is not None else None
        return plot is not None and bool(plot.shown_lines())

    return until(is_drawn, begun), until(lambda: page.is_settled, begun)


def turn_to(page: Page, window: QStackedWidget) -> None:
    """Show a page in place of the one before it."""
    window.addWidget(page)
    window.setCurrentWidget(page)


def until(holds: Callable[[], bool], begun: float) -> float:
    """Turn the event loop until a condition holds and what it shows is painted; return the milliseconds since begun."""
    while not holds():
        if time.perf_counter() - begun > PATIENCE_SECONDS:
            raise TimeoutError("the page is not there")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, LOOK_EVERY_MS)
    QCoreApplication.processEvents()
    return (time.perf_counter() - begun) * 1000


def report(opened: Sequence[Opened]) -> None:
    """Print the medians, their ratio and whether the bars hold."""
    for place, bar in BARS_MS.items():
        took = {name: [each for each in opened if (each.page, each.place) == (name, place)] for name in ORDERS[0]}
        crypto = statistics.median(each.shown for each in took[CRYPTO])
        ours = statistics.median(each.shown for each in took[LIQUIDITY])
        whole = statistics.median(each.whole for each in took[LIQUIDITY])
        verdict = "ok" if ours <= bar else "ABOVE THE BAR"
        print(
            f"{place:<7} crypto {crypto:6.0f} ms   liquidity {ours:6.0f} ms (<= {bar:.0f}) {verdict}   "
            f"ratio {ours / crypto:.2f}   whole {whole:6.0f} ms, ratio {whole / crypto:.2f}"
        )


if __name__ == "__main__":
    main()
