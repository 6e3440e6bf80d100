"""Every page can be made, and what datasets ask of a user stands on the page of settings."""

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


def test_every_setting_and_key_has_a_row_that_is_shown(world: World) -> None:
    page = SettingsPage(world.parts)
    world.show(page)
    assert {option.name for option in OPTIONS} == set(page.options)
    assert {key.name for key in KEYS} == set(page.keys)
    shown = {*(name for name, row in page.options.items() if row.isVisibleTo(page))}
    assert shown == {option.name for option in OPTIONS}
    assert all(row.isVisibleTo(page) for row in page.keys.values())
