from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon
from repository import REPOSITORY

from tray_app.settings import ThemeChoice
from tray_app.ui.labels.status import Status, style_of
from tray_app.ui.style.colours import contrast
from tray_app.ui.style.icons import TrayState
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from tray_app.ui.style.style import Style

RESOURCES = REPOSITORY / "resources"
NAMES = sorted(path.stem for path in (RESOURCES / "icons").glob("*.svg"))


def inks(image: QImage) -> set[str]:
    """Return the colours of the opaque pixels."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_draws_in_the_colour_asked_for(name: str, style: Style) -> None:
    image = style.icons.icon(name, Token.ERROR).pixmap(32, 32).toImage()
    assert style.theme.color(Token.ERROR).name() in inks(image)


@pytest.mark.parametrize("status", list(Status))
def test_every_state_has_an_icon_and_a_word(status: Status) -> None:
    assert style_of(status).icon in NAMES
    assert style_of(status).word


def test_an_icon_follows_the_theme_and_the_scale(style: Style) -> None:
    icon = style.icons.icon("status", Token.TEXT)
    for ratio in (1.0, 1.5, 2.0):
        pixmap = icon.pixmap(QSize(16, 16), ratio)
        assert pixmap.width() == 16 * ratio
        assert pixmap.devicePixelRatio() == ratio
    before = icon.pixmap(QSize(32, 32), 1.0).toImage()
    style.theme.set_scheme(ThemeChoice.DARK)
    after = icon.pixmap(QSize(32, 32), 1.0).toImage()
    assert QColor(style.theme.tokens.hex(Token.TEXT)).name() in inks(after)
    assert inks(before).isdisjoint(inks(after))


def test_a_disabled_icon_is_faint(style: Style) -> None:
    icon = style.icons.icon("status", Token.TEXT)
    faint = icon.pixmap(QSize(32, 32), 1.0, QIcon.Mode.Disabled).toImage()
    assert QColor(style.theme.tokens.hex(Token.DISABLED)).name() in inks(faint)


@pytest.mark.parametrize("light", [True, False])
@pytest.mark.parametrize("size", [16, 20, 24, 32])
def test_the_tray_icon_stands_off_the_taskbar_in_every_state(light: bool, size: int, style: Style) -> None:
    taskbar = "#F3F3F3" if light else "#202020"
    images = []
    for state in TrayState:
        icon = style.icons.tray(state, 0.5, taskbar_is_light=light)
        image = icon.pixmap(QSize(size, size), 1.0).toImage()
        assert image.size() == QSize(size, size)
        assert max(contrast(ink, taskbar) for ink in inks(image)) >= 4.5
        images.append(image)
    assert all(images[one] != images[other] for one in range(5) for other in range(one))


def test_the_tray_icon_shows_progress(style: Style) -> None:
    quarter = style.icons.tray(TrayState.WORKING, 0.25, taskbar_is_light=False)
    same = style.icons.tray(TrayState.WORKING, 0.26, taskbar_is_light=False)
    most = style.icons.tray(TrayState.WORKING, 0.9, taskbar_is_light=False)
    assert quarter.cacheKey() == same.cacheKey()
    assert quarter.pixmap(16).toImage() != most.pixmap(16).toImage()
    assert not style.icons.tray(TrayState.WORKING, None, taskbar_is_light=True).isNull()


def test_the_start_path_loads_nothing_heavy() -> None:
    code = "import sys, tray_app.ui.style.icons, tray_app.ui.style.theme, tray_app.ui.registry; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert loaded.isdisjoint({"numpy", "pyqtgraph", "pandas", "PySide6.QtSvg", "tray_app.engine.facade"})
    assert not [name for name in loaded if name.startswith("tray_app.ui.pages.") and name.endswith(".page")]


def test_a_program_that_waits_for_its_time_holds_no_http_library(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from tray_app.wiring import build_engine, open_home
from tray_app.paths import Home
home = Home(Path(sys.argv[1]))
import tray_app.ui.shell.program
engine = build_engine(home, open_home(home), check=True)
engine.overview()
engine.stop()
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()).isdisjoint({"requests", "urllib3", "numpy", "holidays"})


def test_pages_can_import_charts_without_their_libraries() -> None:
    code = "import sys, tray_app.ui.charts.time_chart, tray_app.ui.charts.candle_chart; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()).isdisjoint({"numpy", "pyqtgraph"})


def test_the_first_page_loads_no_window_that_it_only_may_open() -> None:
    code = "import sys, tray_app.ui.pages.status.page; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not [name for name in done.stdout.split() if name.startswith("tray_app.ui.dialogs")]


def test_the_application_icon_has_every_size(style: Style) -> None:
    icon = QIcon(str(RESOURCES / "app.ico"))
    sizes = {size.width() for size in icon.availableSizes()}
    assert {16, 20, 24, 32, 40, 48, 64, 256} <= sizes
    assert not style.icons.application().isNull()
