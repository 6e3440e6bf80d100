"""Every page can be made, and what datasets ask of a user stands on the page of settings."""

import re
from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from tray_app.datasets.keys import KEYS
from tray_app.datasets.options import OPTIONS
from tray_app.ui.pages.settings.page import SettingsPage
from tray_app.ui.registry import PAGES
from ui.pages.world import World


def test_every_page_is_made_and_shown(world: World) -> None:
    for entry in PAGES:
        page = entry.make(world.parts)
        world.show(page)
        assert page.isVisible(), entry.name
        assert not [text for text in texts_of(page) if re.search(r"\{\w+\}", text)], entry.name


def texts_of(page: QWidget) -> Iterator[str]:
    """Yield what a page's parts say, seen, hovered or read aloud."""
    for part in (page, *page.findChildren(QWidget)):
        yield from (part.toolTip(), part.accessibleName(), part.accessibleDescription())
        yield from (str(part.property(name) or "") for name in ("text", "title", "placeholderText"))


def test_every_setting_and_key_has_a_row_that_is_shown(world: World) -> None:
    page = SettingsPage(world.parts)
    world.show(page)
    assert {option.name for option in OPTIONS} == set(page.options)
    assert {key.name for key in KEYS} == set(page.keys)
    shown = {*(name for name, row in page.options.items() if row.isVisibleTo(page))}
    assert shown == {option.name for option in OPTIONS}
    assert all(row.isVisibleTo(page) for row in page.keys.values())
