"""Collect again by the windows: the form, the coverage map's menu, and what is told when it ends."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING

import present
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from support import a_run

from tray_app.core.model import CollectorName, RunStatus, StepOutcome, StepStatus, Window
from tray_app.datasets.crypto.dataset import CRYPTO as CRYPTO_DATASET
from tray_app.ui.links import CollectLink
from tray_app.ui.pages.collect.page import CollectPage
from tray_app.ui.pages.collect.requests import window_text
from tray_app.ui.pages.status.coverage import ranges_around
from tray_app.ui.pages.status.page import StatusPage
from ui.pages.exchange import fill, weekdays

if TYPE_CHECKING:
    from ui.pages.world import World

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")
DAYS = weekdays(date(2026, 7, 1), 20)
HOLE = DAYS[5]


@pytest.fixture
def collect(world: World) -> CollectPage:
    world.engine.keep_key("KRX_AUTH_KEY", "demo")
    fill(world.home, DAYS, hole=HOLE)
    page = CollectPage(world.parts)
    world.show(page)
    world.until(lambda: page.is_settled)
    return page


@pytest.fixture
def status(world: World) -> StatusPage:
    fill(world.home, DAYS, hole=HOLE)
    page = StatusPage(world.parts)
    world.show(page)
    world.until(lambda: page.cards and page.is_settled)
    return page


def words(page: CollectPage) -> list[str]:
    combo = page.form.subjects.combo
    return [combo.itemText(place) for place in range(combo.count())]


def choose(page: CollectPage, name: CollectorName) -> None:
    page.form.datasets.choose(name)
    page.form.datasets.chosen.emit(name)


def test_what_is_stored_is_planned_only_when_it_is_asked_for_again(world: World, collect: CollectPage) -> None:
    collect.form.show_range(DAYS[0], DAYS[4])
    world.until(lambda: collect.is_settled)
    assert not collect.plan.start.isEnabled()
    collect.form.again.setFocus()
    QTest.keyClick(collect.form.again, Qt.Key.Key_Space)
    world.until(lambda: collect.is_settled)
    assert collect.plan.sentence.text() == "5 sessions are asked for again; today's calls are enough."
    assert ("Sessions asked again", "5") in collect.plan.facts.texts()
    everything = dict(collect.plan.facts.texts())["Calls needed"]
    collect.form.subjects.show_key("KOSDAQ")
    world.until(lambda: collect.is_settled)
    assert dict(collect.plan.facts.texts())["Calls needed"] != everything
    window = collect.form.window_of_fields()
    assert window is not None
    assert window.is_same_work(Window(DAYS[0], DAYS[4], True, world.engine.now(), "KOSDAQ"))
    assert not world.engine.usage_today()


def test_the_choices_are_those_of_the_dataset(world: World, collect: CollectPage) -> None:
    assert words(collect) == [
        "All of them",
        "KOSPI (issues and indices)",
        "KOSDAQ (issues and indices)",
        "KONEX (issues)",
        "KRX (indices)",
    ]
    collect.form.subjects.show_key("KONEX")
    world.collect()
    choose(collect, "crypto")
    assert collect.form.subjects.key() == ""
    world.until(lambda: collect.is_settled)
    assert {"Fear & Greed", "DeFi value locked", "Bitcoin (BTC)"} <= set(words(collect))
    choose(collect, "liquidity")
    world.until(lambda: collect.is_settled)
    assert "SOFR (Secured overnight financing rate)" in words(collect)
    keys = [collect.form.subjects.combo.itemData(place) for place in range(len(words(collect)))]
    assert keys == ["", *(each.key for each in world.engine.subjects("liquidity"))]


def test_a_pending_request_says_what_it_asks_for_again(world: World, collect: CollectPage) -> None:
    collect.open_link(CollectLink("krx", Window(DAYS[0], DAYS[4], again_since=world.engine.now())))
    world.until(lambda: collect.is_settled)
    collect.form.subjects.show_key("KONEX")
    world.until(lambda: collect.is_settled and collect.plan.start.isEnabled())
    world.click(collect.plan.start)
    world.until(lambda: collect.plan.notice.text() == "Collecting now")
    (request,) = world.engine.history.pending()
    assert request.window.again_since is not None
    assert request.window.only == "KONEX"
    world.until(lambda: len(collect.requests.rows) == 1)
    (row,) = collect.requests.rows.values()
    assert row.accessibleName() == f"KRX: {DAYS[0]} to {DAYS[4]}, KONEX (issues), newest first, again"
    world.until(collect.plan.start.isEnabled)
    world.click(collect.plan.start)
    world.until(lambda: collect.is_settled and collect.plan.start.isEnabled())
    assert len(world.engine.history.pending()) == 1
    assert collect.plan.notice.text() == "Collecting now"
    world.click(row.cancel)
    world.until(lambda: not collect.requests.rows and not collect.plan.notice.text())


def test_what_was_found_is_told_when_it_ends(world: World, collect: CollectPage) -> None:
    today = present.now().date()
    first, spoilt = today - timedelta(days=100), today - timedelta(days=90)
    world.collect(window=Window(first))
    with closing(sqlite3.connect(world.home.database)) as connection, connection:
        changed = connection.execute("UPDATE crypto_metric SET defi_tvl = 1 WHERE date = ?", (spoilt.isoformat(),))
        assert changed.rowcount == 1
    choose(collect, "crypto")
    collect.form.show_range(first, None)
    collect.form.again.setChecked(True)
    world.until(lambda: collect.is_settled)
    collect.form.subjects.show_key("defi_tvl")
    world.until(lambda: collect.is_settled and collect.plan.start.isEnabled())
    world.work()
    collect.hide()
    collect._start()
    world.until(lambda: not world.engine.history.pending() and len(world.engine.runs()) == 2)
    world.until(lambda: not world.engine.active_jobs)
    collect.show()
    told = "Asked again: 1 stored value differed; what it was is kept."
    world.until(lambda: collect.is_settled and collect.requests.last.text().endswith(told))
    assert world.engine.runs()[0].message == told
    assert (
        next(day for day in world.engine.reads(CRYPTO_DATASET).metrics() if day.date == spoilt).values["defi_tvl"] != 1
    )


def test_a_range_that_came_is_pending_no_more_whatever_was_found_in_it(world: World) -> None:
    world.engine.request_history("crypto", Window(DAYS[0], DAYS[4]))
    (job,) = world.engine.active_jobs
    found = StepOutcome("kospi", StepStatus.SUCCESS, "1 warning", warnings=1)
    world.engine._planner.after_run(job, a_run(status=RunStatus.PARTIAL, steps=(found,)))
    assert not world.engine.history.pending()


def test_a_lead_to_a_hole_asks_for_nothing_again(world: World, collect: CollectPage) -> None:
    collect.form.again.setChecked(True)
    collect.form.subjects.show_key("KONEX")
    collect.open_link(CollectLink("krx", Window(HOLE, HOLE)))
    assert collect.form.window_of_fields() == Window(HOLE, HOLE, newest_first=True)
    assert not collect.form._again_hint.isVisible()


def test_words_of_a_window() -> None:
    day = DAYS[0]
    assert window_text(Window(day, day, newest_first=True)) == str(day)
    assert window_text(Window(day, day, again_since=present.now()), "SOFR (rate)") == f"{day}, SOFR (rate), again"
    assert window_text(Window(day, newest_first=True)) == f"{day} to today, newest first"


# --- the map -------------------------------------------------------------------------------------------------------


def open_menu(status: StatusPage) -> QMenu:
    menu = status.krx.coverage._menu
    assert menu is not None
    assert menu.isVisible()
    return menu


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def test_a_right_click_offers_to_collect_the_day_again(world: World, status: StatusPage) -> None:
    shown = status.krx.coverage.map
    place = shown.grid().rect(DAYS[3]).center().toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, shown.mapToGlobal(place))
    QApplication.sendEvent(shown, event)
    menu = open_menu(status)
    assert texts(menu)[:3] == [f"Collect {DAYS[3]} again", "Collect 2026-07 again", "Collect 2026 again"]
    with world.qtbot.waitSignal(status.link_requested) as wanted:
        menu.actions()[0].trigger()
    (link,) = wanted.args
    assert link.dataset == "krx"
    assert link.window.is_same_work(Window(DAYS[3], DAYS[3], again_since=world.engine.now()))
    menu.close()


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_Menu, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier),
    ],
)
def test_the_keyboard_opens_the_same_menu(
    world: World, status: StatusPage, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    shown = status.krx.coverage.map
    shown.setFocus()
    shown.point_at(HOLE)
    QTest.keyClick(shown, key, modifier)
    menu = open_menu(status)
    assert texts(menu)[:2] == [f"Collect {HOLE}", f"Collect {HOLE} again"]
    # Some systems tell of the key twice.
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(shown, event)
    assert status.krx.coverage._menu is menu
    with world.qtbot.waitSignal(status.link_requested) as wanted:
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
    assert wanted.args == [CollectLink("krx", Window(HOLE, HOLE))]


def test_without_a_cursor_no_key_opens_a_menu(world: World) -> None:
    page = StatusPage(world.parts)
    world.show(page)
    world.until(lambda: page.cards and page.is_settled)
    QTest.keyClick(page.krx.coverage.map, Qt.Key.Key_Menu)
    assert page.krx.coverage._menu is None


def test_ranges_end_with_what_has_passed_and_begin_with_the_exchange_s_first_day() -> None:
    assert [dates for _text, *dates in ranges_around(date(2010, 1, 6), DAYS[9])][1:] == [
        [date(2010, 1, 4), date(2010, 1, 31)],
        [date(2010, 1, 4), date(2010, 12, 31)],
    ]
    assert [dates for _text, *dates in ranges_around(DAYS[3], DAYS[9])] == [
        [DAYS[3], DAYS[3]],
        [date(2026, 7, 1), DAYS[9]],
        [date(2026, 1, 1), DAYS[9]],
    ]
