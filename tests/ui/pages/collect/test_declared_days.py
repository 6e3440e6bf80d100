"""Declaring a day of the exchange closed or open, by the coverage map and the Collect page, and taking it back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import present
import pytest
from krx_machine import krx_context
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tray_app.core.times import kst_date
from tray_app.datasets.krx.dataset import BY_HAND
from tray_app.datasets.krx.dataset import KRX as KRX_DATASET
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.calendar import Declaration, SessionWord
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry, LedgerState, Track
from tray_app.datasets.schema import SCHEMA
from tray_app.store.database import Database
from tray_app.ui.dialogs.session_dialog import SessionDialog, take_day
from tray_app.ui.pages.collect.page import CollectPage
from tray_app.ui.pages.status.page import StatusPage
from tray_app.ui.parts.heat.cells import CellState
from ui.pages.exchange import SEEN, fill, weekdays
from ui.pages.races import Race

if TYPE_CHECKING:
    from random import Random

    from PySide6.QtWidgets import QMenu

    from ui.pages.world import World

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")
DAYS = weekdays(date(2026, 7, 1), 20)
HOLE = DAYS[5]
CHILDREN_S_DAY = date(2026, 5, 5)


@pytest.fixture
def status(world: World) -> StatusPage:
    fill(world.home, DAYS, hole=HOLE)
    page = StatusPage(world.parts)
    world.show(page)
    world.until(lambda: page.cards and page.is_settled)
    return page


@pytest.fixture
def collect(world: World) -> CollectPage:
    world.engine.keep_key("KRX_AUTH_KEY", "demo")
    fill(world.home, DAYS, hole=HOLE)
    page = CollectPage(world.parts)
    world.show(page)
    world.until(lambda: page.is_settled)
    return page


def asked(world: World, page: StatusPage | CollectPage) -> SessionDialog:
    """Return the open dialog once it knows the day."""
    dialog = page.asking
    assert dialog is not None
    world.until(lambda: dialog.is_settled)
    return dialog


def menu(page: StatusPage, day: date) -> QMenu:
    return page.krx.coverage.menu(day)


def test_a_hole_is_declared_closed_and_taken_back(world: World, status: StatusPage) -> None:
    action = menu(status, HOLE).actions()[-1]
    assert action.text() == f"Declare {HOLE} closed..."
    action.trigger()
    dialog = asked(world, status)
    assert dialog.known.text() == "Nothing is declared; the calendar predicts a session."
    assert "counts as closed" in dialog.follows.text()
    assert "they overrule this" in dialog.follows.text()
    dialog.note.line.insert("임시공휴일")
    QTest.keyClick(dialog.note.line, Qt.Key.Key_Return)
    world.until(lambda: HOLE in world.engine.reads(KRX_DATASET).declared_days())
    assert world.engine.reads(KRX_DATASET).declared_days()[HOLE] == Declaration(HOLE, is_open=False, note="임시공휴일")
    coverage = status.krx.coverage
    world.until(lambda: status.is_settled and coverage._facts.cells()[HOLE] is CellState.CLOSED)
    assert coverage._describe(HOLE) == f"{HOLE}: closed. 임시공휴일 Declared by hand."
    action = menu(status, HOLE).actions()[-1]
    assert action.text() == f"Take back what was declared of {HOLE}..."
    action.trigger()
    dialog = asked(world, status)
    assert dialog.known.text() == f"{HOLE} was declared closed by hand: 임시공휴일"
    assert dialog.follows.text() == "What was declared is taken back: the calendar predicts a session."
    assert not dialog.note.isVisible()
    world.click(dialog.keep)
    world.until(lambda: not world.engine.reads(KRX_DATASET).declared_days())
    world.until(lambda: status.is_settled and coverage._facts.cells()[HOLE] is CellState.MISSING)


def test_a_holiday_may_be_declared_open_and_a_day_with_rows_is_neither(world: World, status: StatusPage) -> None:
    action = menu(status, CHILDREN_S_DAY).actions()[-1]
    assert action.text() == f"Declare {CHILDREN_S_DAY} open..."
    assert not any("Declare" in each.text() for each in menu(status, DAYS[0]).actions())
    action.trigger()
    dialog = asked(world, status)
    assert "어린이날" in dialog.known.text()
    assert "counts as a session" in dialog.follows.text()
    world.click(dialog.keep)
    world.until(lambda: CHILDREN_S_DAY in world.engine.reads(KRX_DATASET).declared_days())
    coverage = status.krx.coverage
    world.until(lambda: status.is_settled and coverage._facts.is_hole(CHILDREN_S_DAY))
    assert coverage._describe(CHILDREN_S_DAY).startswith(f"{CHILDREN_S_DAY}: not collected. Declared by hand.")


def test_a_day_to_come_is_declared_on_the_collect_page(world: World, collect: CollectPage) -> None:
    assert not collect.declared.rows
    world.click(collect.declared.declare)
    dialog = asked(world, collect)
    coming = weekdays(kst_date(present.now()) + timedelta(days=40), 1)[0]
    dialog.day.line.clear()
    QTest.keyClicks(dialog.day.line, str(coming))
    assert not dialog.keep.isEnabled()
    world.until(lambda: dialog.is_settled and dialog.keep.isEnabled())
    world.click(dialog.keep)
    world.until(lambda: coming in collect.declared.rows)
    row = collect.declared.rows[coming]
    assert row.text.text() == f"{coming} was declared closed by hand."
    world.click(row.forget)
    dialog = asked(world, collect)
    assert dialog.said.choice() == SessionWord.PREDICTED
    world.click(dialog.keep)
    world.until(lambda: not collect.declared.rows)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("soon", "Write a date like 2024-01-05."),
        ("2009-12-31", "Allowed: days from 2010-01-04 to "),
        ("9999-12-31", "Allowed: days from 2010-01-04 to "),
    ],
)
def test_a_day_that_is_none_is_said_so(world: World, collect: CollectPage, typed: str, error: str) -> None:
    world.click(collect.declared.declare)
    dialog = asked(world, collect)
    dialog.day.line.clear()
    QTest.keyClicks(dialog.day.line, typed)
    world.until(lambda: dialog.is_settled)
    assert dialog.day.error().startswith(error)
    assert not dialog.keep.isEnabled()
    dialog.reject()


def test_rows_that_came_meanwhile_are_believed(world: World, status: StatusPage) -> None:
    menu(status, HOLE).actions()[-1].trigger()
    dialog = asked(world, status)
    database = Database(world.home.database, SCHEMA)
    entry = LedgerEntry(Track(BarKind.EQUITY, Market.KOSPI), HOLE, LedgerState.COLLECTED, 1)
    krx_context(database).ledger.upsert_entry(entry, SEEN)
    database.close_thread()
    world.click(dialog.keep)
    world.until(lambda: dialog.error.text() and dialog.is_settled)
    assert "Rows of" in dialog.error.text()
    assert dialog.known.text() == f"Rows of {HOLE} are stored: the exchange traded."
    assert not dialog.keep.isEnabled()
    assert not world.engine.reads(KRX_DATASET).declared_days()
    dialog.reject()


def test_the_window_knows_the_day_it_shows(world: World) -> None:
    fill(world.home, DAYS, hole=HOLE)
    declared = Declaration(DAYS[-1] + timedelta(days=3), is_open=False)
    world.engine.by_hand(BY_HAND).declare(declared)
    pages: list[CollectPage] = []

    def make(parts: object) -> CollectPage:
        pages.append(CollectPage(parts))  # type: ignore[arg-type]
        return pages[0]

    race = Race(world, make)
    page = pages[0]
    page._declare(HOLE, SessionWord.CLOSED)
    dialog = page.asking
    assert dialog is not None
    days = [HOLE, DAYS[0], declared.trade_date, CHILDREN_S_DAY, date(2026, 6, 6)]

    def write(dice: Random) -> None:
        dialog.day.line.setText(str(dice.choice(days)) if dice.random() < 0.9 else "soon")
        dialog.day.changed.emit()

    def say(dice: Random) -> None:
        dialog.said.choose(dice.choice(list(SessionWord)))
        dialog.said.chosen.emit(dialog.said.choice() or "")

    def check() -> None:
        day, word = dialog.day.day(), SessionWord(dialog.said.choice() or "")
        if day is None:
            assert dialog.known.text() == ""
            assert not dialog.keep.isEnabled()
            return
        facts = take_day(world.engine, day)
        assert dialog.known.text() == facts.known()
        assert dialog.follows.text() == facts.follows(word)
        assert dialog.keep.isEnabled() is facts.allows(word)

    race.moves = {"day": write, "said": say, "refresh": lambda _dice: page.refresh()}
    race.check = check
    race.run()
    dialog.reject()
