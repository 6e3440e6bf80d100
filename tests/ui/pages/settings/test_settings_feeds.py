from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tray_app.datasets.news.dataset import FEED_LIST
from tray_app.datasets.news.feeds import default_feeds, format_feeds
from tray_app.datasets.options import OPTIONS
from tray_app.settings import Settings
from tray_app.ui.pages.settings.options import LinesRow
from tray_app.ui.pages.settings.page import SettingsPage
from ui.pages.settings.said import said

if TYPE_CHECKING:
    from ui.pages.world import World

MINE = "Repo | en | UTC | search: repo market"


@pytest.fixture
def row(world: World) -> LinesRow:
    page = SettingsPage(world.parts)
    world.show(page)
    world.until(lambda: all(each.is_known for each in page.keys.values()))
    found = page.options["news_feeds"]
    assert isinstance(found, LinesRow)
    return found


def stored(world: World) -> Settings:
    return OPTIONS.load(world.home.settings, {}).settings


def test_the_feeds_that_come_along_are_on_show_and_nothing_is_to_be_saved(row: LinesRow) -> None:
    assert row.field.toPlainText() == format_feeds(default_feeds())
    assert not row.save_button.isEnabled()
    assert not row.defaults_button.isEnabled()


def test_a_list_that_is_saved_counts_and_leads_back(world: World, row: LinesRow) -> None:
    row.field.setPlainText(MINE)
    world.click(row.save_button)
    world.until(lambda: said(row.notice).startswith("Saved"))
    assert stored(world)[FEED_LIST] == MINE
    assert world.engine.settings.settings[FEED_LIST] == MINE
    assert not row.save_button.isEnabled()
    world.click(row.defaults_button)
    world.click(row.save_button)
    world.until(lambda: not stored(world)[FEED_LIST])


def test_a_list_that_cannot_be_used_says_which_line_and_is_not_saved(world: World, row: LinesRow) -> None:
    row.field.setPlainText(f"{MINE}\nBank | kr | Asia/Seoul | https://bank.example/feed")
    world.click(row.save_button)
    assert "Line 2 of the feeds" in said(row.notice)
    assert not stored(world)[FEED_LIST]
    # What was typed stays, whatever else changes.
    row.show_option(world.engine.settings)
    assert row.field.toPlainText().startswith(MINE)
