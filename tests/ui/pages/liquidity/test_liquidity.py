from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import present
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget
from support import open_store

from tray_app.core.coverage import Coverage
from tray_app.core.events import DataChanged
from tray_app.core.model import Job, Trigger
from tray_app.datasets.liquidity.store.stress import StressStore
from tray_app.datasets.news.dataset import FEED_LIST
from tray_app.datasets.news.feeds import Language
from tray_app.datasets.news.rules.model import Headline
from tray_app.datasets.news.rules.score import NewsScore
from tray_app.datasets.news.store.stories import NewsStore
from tray_app.engine.cancel import CancelFlag
from tray_app.settings import ThemeChoice
from tray_app.store.series import Provenance
from tray_app.ui.links import Link, SettingsLink
from tray_app.ui.pages.liquidity.data import NewsFacts, take_facts
from tray_app.ui.pages.liquidity.news import ToldTime, count_text
from tray_app.ui.pages.liquidity.page import FILE, LiquidityPage, saved_choices
from tray_app.ui.pages.liquidity.sections import SectionName
from tray_app.ui.pages.liquidity.today import day_tiles, news_tile
from tray_app.ui.pages.liquidity.words import as_of_words, repo_word
from ui.pages.stress_days import Filling, fill, stress_days

if TYPE_CHECKING:
    from ui.pages.world import World

TODAY = present.now().date()
FILLING = Filling(TODAY)


def opened(world: World) -> LiquidityPage:
    page = LiquidityPage(world.parts)
    world.show(page)
    world.until(lambda: page.is_settled)
    return page


def headline(title: str, query: str, published: datetime) -> Headline:
    return Headline(title, title, "Reuters", "https://news.test", published, Language.ENGLISH, query)


def shown(page: LiquidityPage) -> SectionName:
    return page.sections.shown


@pytest.fixture
def filled(world: World) -> World:
    fill(world.home.root, FILLING)
    return world


def test_an_empty_store_has_one_sentence_and_one_button(world: World) -> None:
    page = opened(world)
    assert page.empty.isVisible()
    buttons = [one for one in page.findChildren(QPushButton) if one.isVisible()]
    assert [one.text() for one in buttons] == ["Collect liquidity now"]
    world.click(buttons[0])
    assert [job.collector for job in world.engine.active_jobs] == ["liquidity"]


def test_the_gauge_and_the_tiles_tell_the_newest_day(filled: World) -> None:
    page = opened(filled)
    *_, before, newest = stress_days(FILLING)
    said = page.today.gauge.accessibleName()
    assert said.startswith(f"Liquidity stress, {newest.score:.0f}, Calm, New York, {newest.date.day} {newest.date:%b}")
    change = f"{newest.z - before.z:+.2f}"
    assert page.today.z.accessibleName() == f"Stress, z, {newest.z:.2f}, {change}, {newest.date}"
    assert page.today.band.accessibleName() == f"Band, Calm, {newest.date}, z up to 0.0"
    assert page.today.coverage.accessibleName() == f"Coverage, 100%, {newest.date}"
    assert page.today.news.accessibleName().startswith("Stress headlines, 24 h, ")


def test_headlines_are_judged_by_the_news_score() -> None:
    now = present.now()
    short, long = NewsScore(7, -2, 12, None, None, None), NewsScore(7, 3, 30, 5.5, 1.2, 1.6)
    tile = news_tile(NewsFacts(short, now))
    assert (tile.value, tile.change_text, tile.as_of) == ("7", "", "insufficient history: 12 of 30 days")
    assert tile.tooltip.startswith("Severity -2: ")
    tile = news_tile(NewsFacts(long, now))
    assert (tile.value, tile.change_text, tile.as_of) == ("7", "z +1.20", "usual day: 5.5")
    assert news_tile(NewsFacts(replace(short, count=0), None)).as_of == "none stored yet"
    assert count_text(NewsFacts(long, now)).startswith(
        "7 headlines of the searches in the last 24 hours; usual day: 5.5; z +1.20. Severity +3: "
    )
    assert "; insufficient history: 12 of 30 days. Severity -2: " in count_text(NewsFacts(short, now))
    assert count_text(NewsFacts(short, None)) == ""


def test_a_time_that_is_not_the_sources_own_is_marked() -> None:
    own, first_seen = (ToldTime(datetime(2026, 8, 22, 1, tzinfo=UTC), seen) for seen in (False, True))
    assert (own.text, first_seen.text) == ("2026-08-22 10:00", "2026-08-22 10:00 (first seen)")
    assert str(first_seen) == "2026-08-22T01:00:00+00:00 (first seen)"


def test_only_the_searches_of_the_settings_count(world: World) -> None:
    now = world.engine.now()
    with open_store(world.home.root) as database:
        store = NewsStore(database)
        for back in range(40):
            seen = now - timedelta(days=back, hours=1)
            words = ("alpha bank margin", "beta dollar swap", "gamma repo lines")
            told = [headline(f"{title} {back}", "mine", seen) for title in words]
            store.fold([*told, headline(f"rule of the board {back}", "Federal Reserve", seen)], seen)
    assert take_facts(world.engine).news.score.count == 0
    settings = world.engine.settings.settings
    world.engine.change_settings(settings.changed({FEED_LIST: "mine | en | UTC | search: repo\n"}))
    score = take_facts(world.engine).news.score
    assert (score.count, score.days, score.usual, score.z) == (3, 39, 3, 0)
    page = opened(world)
    assert page.today.news.accessibleName() == "Stress headlines, 24 h, 3, z 0.00, usual day: 3"


def test_the_tiles_lead_to_what_they_are_made_of(filled: World) -> None:
    page = opened(filled)
    page.activateWindow()
    page.today.z.setFocus()
    QTest.keyClick(page.today.z, Qt.Key.Key_Return)
    filled.until(page.sections.index.breakdown.categories.hasFocus)
    filled.click(page.today.news)
    filled.until(lambda: page.is_settled)
    assert shown(page) is SectionName.NEWS
    filled.click(page.today.repo)
    filled.until(lambda: page.is_settled)
    assert shown(page) is SectionName.RAW
    plot = page.sections.raw.charts["per cent"].plot
    assert plot is not None
    assert [line.key for line in plot.shown_lines()] == ["SOFR", "EFFR", "SOFR99", "IORB"]


def test_a_page_without_an_index_offers_its_history(world: World) -> None:
    fill(world.home.root, FILLING)
    with open_store(world.home.root) as database, database.writing() as connection:
        connection.execute("DELETE FROM stress_contribution")
        connection.execute("DELETE FROM stress_index")
    page = opened(world)
    assert not page.empty.isVisible()
    assert page.today.gauge.accessibleName() == "Liquidity stress, –, no value, no index yet"
    buttons = page.sections.index.history.findChildren(QPushButton)
    button = next(one for one in buttons if one.isVisible() and one.text() == "Fetch history")
    world.click(button)
    world.until(lambda: world.engine.active_jobs)
    assert world.engine.active_jobs[0].window is not None


def test_a_missing_key_leads_to_the_settings(world: World) -> None:
    run = world.engine.collect(Job("liquidity", Trigger.SCHEDULER), CancelFlag())
    assert [step.wants_key for step in run.steps if step.name == "fred"] == [True]
    page = opened(world)
    wanted: list[Link] = []
    page.link_requested.connect(wanted.append)
    button = next(one for one in page.findChildren(QPushButton) if one.isVisible() and one.text() == "Enter the key")
    world.click(button)
    assert wanted == [SettingsLink()]


def test_what_no_source_has_told_is_not_called_calm(filled: World) -> None:
    day = stress_days(FILLING)[-1]
    assert repo_word(day) == "Calm"
    assert repo_word(replace(day, repo_flag=True)) == "Tight"
    assert repo_word(replace(day, categories=day.categories[1:])) == "Unknown"
    assert day_tiles(replace(day, breadth=None), None)[3].as_of == "needs a longer history"


def test_the_gauge_says_when_the_day_is_not_over_and_when_its_history_is_short(filled: World) -> None:
    day = replace(stress_days(FILLING)[-1], date=date(2025, 12, 30))
    assert as_of_words(day, is_short=False) == "New York, 30 Dec"
    assert as_of_words(replace(day, is_provisional=True), is_short=False) == "New York, 30 Dec, provisional"
    assert as_of_words(day, is_short=True) == "New York, 30 Dec, short history"
    facts = take_facts(filled.engine)
    assert facts.index_span is not None
    assert not facts.has_short_history
    under_a_year = Coverage(facts.index_span.last - timedelta(days=364), facts.index_span.last)
    assert replace(facts, index_span=under_a_year).has_short_history
    assert not replace(facts, index_span=None).has_short_history


def test_chosen_series_without_values_are_named(filled: World) -> None:
    with open_store(filled.home.root) as database, database.writing() as connection:
        connection.execute("DELETE FROM macro_observation WHERE series_id IN ('SOFR', 'EFFR')")
    page = opened(filled)
    page.sections.show_section(SectionName.RAW)
    filled.until(lambda: page.is_settled)
    assert page.sections.raw.hint.text() == "Not stored yet: SOFR, EFFR."
    assert list(page.sections.raw.charts) == ["percentage points", "close"]
    page.sections.raw.choose(("SOFR",))
    filled.until(lambda: page.is_settled)
    assert page.sections.raw.empty.accessibleName() == "None of the chosen series is stored yet."
    page.sections.raw.choose(())
    filled.until(lambda: page.is_settled)
    assert page.sections.raw.empty.accessibleName() == "Choose the series to draw."


def test_the_page_follows_what_is_written_while_it_is_open(filled: World) -> None:
    page = opened(filled)
    breakdown = page.sections.index.breakdown
    chosen = breakdown.title.text()
    longer = Filling(TODAY, days=FILLING.days)
    *days, newest = stress_days(longer)
    with open_store(filled.home.root) as database:
        StressStore(database).store(days, Provenance(present.now(), 2))
    filled.parts.bridge.happened.emit(DataChanged(frozenset({"stress_index"})))
    filled.until(lambda: breakdown.title.text() != chosen and page.is_settled)
    assert breakdown.title.text().startswith(str(days[-1].date))
    assert str(days[-1].date) in page.today.z.accessibleName()
    assert newest.date != days[-1].date


def test_a_flood_of_series_does_not_read_the_index_again(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(filled)
    asked: list[bool] = []
    monkeypatch.setattr(page.sections.index, "refresh", lambda: asked.append(True))
    for _ in range(50):
        filled.parts.bridge.happened.emit(DataChanged(frozenset({"macro_observation"})))
    filled.until(lambda: page.is_settled and not page._pause.isActive())
    assert asked == []
    filled.parts.bridge.happened.emit(DataChanged(frozenset({"stress_index"})))
    filled.until(lambda: asked)
    filled.until(lambda: page.is_settled and not page._pause.isActive())
    page.refresh()
    filled.until(lambda: page.is_settled and len(asked) > 1)


def test_section_and_series_are_remembered(filled: World) -> None:
    page = opened(filled)
    page.sections.show_section(SectionName.RAW)
    filled.until(lambda: page.is_settled)
    page.sections.raw.choose(("DGS10",))
    filled.until(lambda: page.is_settled)
    kept = saved_choices(filled.home.root).read()
    assert (kept.section, kept.series) == ("raw", ("DGS10",))
    again = opened(filled)
    assert again.sections.shown is SectionName.RAW
    assert list(again.sections.raw.charts) == ["per cent"]


@pytest.mark.parametrize("text", ["", "[]", '{"section": "gone", "series": 3}'])
def test_a_damaged_memory_is_forgotten(filled: World, text: str) -> None:
    (filled.home.root / FILE).write_text(text, encoding="utf-8")
    assert opened(filled).sections.shown is SectionName.INDEX


def test_an_unreadable_store_is_told_calmly(filled: World) -> None:
    page = opened(filled)
    broken = pytest.MonkeyPatch()
    broken.setattr(filled.engine, "overview", lambda: (_ for _ in ()).throw(sqlite3.OperationalError("disk I/O error")))
    page.refresh()
    filled.until(page.error.isVisible)
    assert page.error.accessibleName() == "Error: The liquidity data could not be read"
    broken.undo()
    filled.click(next(one for one in page.error.findChildren(QPushButton) if one.text() == "Try again"))
    filled.until(lambda: page.is_settled and not page.error.isVisible())


def test_every_control_of_every_section_has_a_name(filled: World) -> None:
    page = opened(filled)
    for name in SectionName:
        page.sections.show_section(name)
        filled.until(lambda: page.is_settled)
        controls = [one for one in page.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert [one for one in controls if one.isVisible() and not one.accessibleName()] == [], name


def test_it_follows_the_theme_in_every_section(filled: World) -> None:
    page = opened(filled)
    for name in SectionName:
        filled.parts.style.theme.set_scheme(ThemeChoice.LIGHT)
        page.sections.show_section(name)
        filled.until(lambda: page.is_settled)
        light = page.grab().toImage()
        filled.parts.style.theme.set_scheme(ThemeChoice.DARK)
        assert page.grab().toImage().pixelColor(2, 2) != light.pixelColor(2, 2), name


def test_a_narrow_window_scrolls_down_and_never_sideways(filled: World) -> None:
    page = opened(filled)
    area = page.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    page.resize(900 - filled.parts.style.theme.metrics.navigation_width, 600)
    for name in SectionName:
        page.sections.show_section(name)
        filled.until(lambda: page.is_settled and area.verticalScrollBar().maximum() > 0)
        assert area.horizontalScrollBar().maximum() == 0, name
