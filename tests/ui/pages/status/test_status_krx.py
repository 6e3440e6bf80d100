"""The Status page on a small exchange: coverage, quality issues, quota."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import pytest
from krx_machine import krx_context
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from tray_app.core.events import DataChanged, Event
from tray_app.core.model import Window
from tray_app.datasets.krx.dataset import BY_HAND
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, IssueDataset, instrument_issue
from tray_app.datasets.schema import SCHEMA
from tray_app.store.database import Database
from tray_app.store.issues import CheckScope
from tray_app.ui.links import CollectLink, InstrumentLink
from tray_app.ui.pages.status.accept import AcceptDialog
from tray_app.ui.pages.status.page import StatusPage
from tray_app.ui.parts.heat.cells import CellState
from ui.pages.exchange import NAMES, SAMSUNG, SEEN, fill, keep_issues, weekdays

if TYPE_CHECKING:
    from ui.pages.world import World

DAYS = weekdays(date(2026, 6, 1), 40)
HOLE, PARTIAL = DAYS[20], DAYS[10]


@pytest.fixture
def page(world: World) -> StatusPage:
    return StatusPage(world.parts)


@pytest.fixture
def filled(world: World, page: StatusPage) -> StatusPage:
    fill(world.home, DAYS, HOLE, PARTIAL)
    keep_issues(world.home, DAYS[-1])
    opened(world, page)
    return page


def opened(world: World, page: StatusPage) -> None:
    world.show(page)
    world.until(lambda: page.cards and page.is_settled)


def test_an_empty_store_leads_to_collecting(world: World, page: StatusPage) -> None:
    opened(world, page)
    card = page.krx.coverage
    assert card.map.isHidden()
    assert page.krx.issues.isHidden()
    with world.qtbot.waitSignal(page.link_requested) as wanted:
        card.empty.action_triggered.emit()
    assert wanted.args == [CollectLink()]


def test_every_session_shows_its_state(filled: StatusPage) -> None:
    card = filled.krx.coverage
    cells = card._facts.cells()
    assert cells[HOLE] is CellState.MISSING
    assert cells[PARTIAL] is CellState.PARTIAL
    assert cells[DAYS[0]] is CellState.STORED
    assert cells[date(2012, 3, 5)] is CellState.UNKNOWN
    assert card.summary.text() == "38 sessions stored, 1 partly, 1 missing"
    assert card._describe(DAYS[0]) == f"{DAYS[0]}: stored, 6 of 6 series, 8 rows."
    assert card._describe(PARTIAL).startswith(f"{PARTIAL}: 1 of 6 series, 3 rows; KOSDAQ issues, KONEX issues, ")


def test_a_holiday_before_the_first_stored_session_is_no_hole(filled: StatusPage) -> None:
    facts, children_s_day = filled.krx.coverage._facts, date(2025, 5, 5)
    assert facts.cells()[children_s_day] is CellState.CLOSED
    assert facts.text(children_s_day).startswith("2025-05-05: closed. ")
    assert "어린이날" in facts.text(children_s_day)
    assert not facts.is_hole(children_s_day)
    assert facts.is_hole(date(2025, 5, 7))


def test_the_card_tells_the_newest_session_without_a_time_zone(filled: StatusPage) -> None:
    assert dict(filled.cards["krx"].facts.texts())["Newest data"] == str(DAYS[-1])


def test_a_hole_leads_to_its_collection(world: World, filled: StatusPage) -> None:
    shown = filled.krx.coverage.map
    with world.qtbot.waitSignal(filled.link_requested) as wanted:
        shown.day_chosen.emit(HOLE)
    assert wanted.args == [CollectLink("krx", Window(HOLE, HOLE))]
    with world.qtbot.assertNotEmitted(filled.link_requested):
        shown.day_chosen.emit(DAYS[0])


def test_issues_are_grouped_worst_first_and_named_by_code(world: World, filled: StatusPage) -> None:
    panel = filled.krx.issues
    model = panel.groups.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["error", "warning", "notice"]
    assert panel.table.model().index(0, 1).data() == f"{SAMSUNG} 삼성전자"
    panel.groups.selectRow(1)
    world.until(lambda: panel.table.model().index(0, 1).data() == "KOSDAQ")
    panel.severities.choose("INFO")
    panel.changed.emit()
    world.until(lambda: model.rowCount() == 1)
    assert panel.rule.text() == "LIMIT_UP_CLOSE: 1 issue."


def test_an_issue_leads_to_its_prices(world: World, filled: StatusPage) -> None:
    with world.qtbot.waitSignal(filled.link_requested) as wanted:
        filled.krx.issues.table.row_activated.emit(0)
    assert wanted.args == [InstrumentLink(SAMSUNG, DAYS[-1])]


def test_acknowledging_wants_a_selection_and_a_note(world: World, filled: StatusPage) -> None:
    panel = filled.krx.issues
    world.click(panel.acknowledge)
    assert panel.note_error.text() == "Select the issues first."
    panel.table.selectRow(0)
    world.click(panel.acknowledge)
    assert panel.note_error.text().startswith("Write why")
    QTest.keyClicks(panel.note, "checked by hand")
    assert panel.note_error.isHidden()
    world.click(panel.acknowledge)
    world.until(lambda: panel.groups.model().rowCount() == 2)
    assert {issue.acknowledged_note for issue in world.engine.issues.found(open_only=False)} == {
        None,
        "checked by hand",
    }
    panel.states.choose("all")
    panel.changed.emit()
    world.until(lambda: panel.groups.model().rowCount() == 3)


def test_what_is_selected_stays_selected_when_the_issues_are_read_anew(world: World, page: StatusPage) -> None:
    """Issues of one day look alike to a table that goes by the day alone."""
    fill(world.home, DAYS)
    database = Database(world.home.database, SCHEMA)
    day, code = DAYS[-1], IssueCode.CHANGE_IDENTITY
    found = [instrument_issue(day, Market.KOSPI, each, code, f"{each} does not fit.") for each in NAMES]
    decided = CheckScope(IssueDataset.EQUITY, day, {code})
    krx_context(database).checks.keep(day, [(decided, found)], {}, SEEN, is_checked=True)
    database.close_thread()
    opened(world, page)
    panel = page.krx.issues
    details = [each.detail for each in panel._facts.issues]
    assert len(details) == len(NAMES)
    panel.table.choose(2)
    page.refresh()
    world.until(lambda: page.is_settled)
    assert panel.table.selected_rows() == [2]
    QTest.keyClicks(panel.note, "fine")
    world.click(panel.acknowledge)
    world.until(lambda: len(panel._facts.issues) == len(NAMES) - 1)
    assert [each.detail for each in panel._facts.issues] == details[:2]
    # Whoever selected nothing of another kind acknowledges nothing of it.
    assert panel.table.selected_rows() == []


def test_the_quota_is_told_in_numbers(filled: StatusPage) -> None:
    assert filled.usage.quotas["krx"].text.text() == "KRX: 0 of 10,000 calls used, 10,000 left until midnight KST"
    assert filled.usage.quotas["krx"].bar.value() == 0


def doubted(world: World) -> None:
    """Put the last session in doubt for a row that stayed wrong for a week."""
    with closing(sqlite3.connect(world.home.database)) as connection, connection:
        connection.execute(
            "UPDATE data_quality_issues SET first_seen_at = '2026-11-01T00:00:00Z' WHERE issue_code = 'CHANGE_IDENTITY'"
        )
        connection.execute(
            "UPDATE day_ledger SET attempts = 4, state = 'collected', next_try_at = '2027-01-01T00:00:00Z'"
            " WHERE trade_date = ? AND dataset = 'equity' AND market_code = 'KOSPI'",
            (DAYS[-1].isoformat(),),
        )


def dialog_of(page: StatusPage) -> AcceptDialog:
    """Return the open question about a day in doubt."""
    assert page.krx.accepting is not None
    return page.krx.accepting


def test_a_day_is_accepted_after_saying_what_follows_and_that_is_taken_back(world: World, filled: StatusPage) -> None:
    doubted(world)
    panel, krx = filled.krx.issues, filled.krx
    world.click(panel.accept)
    assert panel.note_error.text() == "Select one issue of the day first."
    panel.table.selectRow(0)
    world.click(panel.accept)
    world.until(lambda: krx.accepting is not None)
    dialog = dialog_of(filled)
    texts = " ".join(each.text() for each in dialog.findChildren(QLabel))
    assert f"KOSPI of {DAYS[-1]}" in texts
    assert "The change does not fit." in texts
    assert f"Accepted without {SAMSUNG}" in texts
    settled: list[Event] = []
    world.engine.subscribe(lambda event: settled.append(event) if isinstance(event, DataChanged) else None)
    dialog.note.setText("as on its site")
    world.click(dialog.act)
    world.until(lambda: settled)
    assert world.engine.by_hand(BY_HAND).doubted()[0].is_accepted
    [finding] = world.engine.by_hand(BY_HAND).doubted()[0].findings
    assert finding.accepted_note == "as on its site"
    # Dealt with, it is among the open ones no more; among all it says who accepted it.
    world.until(lambda: "CHANGE_IDENTITY" not in {group.issue_code for group in world.engine.issues.groups()})
    issue = next(each for each in world.engine.issues.found(open_only=False) if each.accepted_at)
    panel.acceptance_requested.emit(issue)
    world.until(lambda: krx.accepting is not dialog)
    again = dialog_of(filled)
    settled.clear()
    world.click(again.act)
    world.until(lambda: settled)
    assert not world.engine.by_hand(BY_HAND).doubted()[0].is_accepted


def test_a_finding_that_puts_no_day_in_doubt_has_nothing_to_accept(world: World, filled: StatusPage) -> None:
    notice = next(each for each in world.engine.issues.found() if each.severity == "INFO")
    filled.krx.issues.acceptance_requested.emit(notice)
    world.until(lambda: "nothing to accept" in filled.krx.issues.note_error.text())
    assert filled.krx.accepting is None
