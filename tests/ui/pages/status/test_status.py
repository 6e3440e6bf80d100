from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import present
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QScrollArea
from support import CRYPTO, FEAR_GREED, LLAMA, a_job

from tray_app.core.errors import DatabaseBusy
from tray_app.core.model import RunStatus, Trigger, Window
from tray_app.datasets.liquidity.sample.fred import SAMPLE_FRED_KEY
from tray_app.datasets.schema import SCHEMA
from tray_app.demo.misbehave import Mode
from tray_app.settings import ThemeChoice
from tray_app.store.database import Database
from tray_app.store.lease import Leases
from tray_app.store.runs import RunStore
from tray_app.ui.dataset_page.facts import Activity
from tray_app.ui.labels.status import Status
from tray_app.ui.links import Link, SettingsLink
from tray_app.ui.pages.status.page import StatusPage
from tray_app.ui.pages.status.runs import TROUBLE

if TYPE_CHECKING:
    from tray_app.ui.pages.status.cards import CollectorCard
    from ui.pages.world import World


@pytest.fixture
def page(world: World) -> StatusPage:
    return StatusPage(world.parts)


def opened(world: World, page: StatusPage) -> CollectorCard:
    world.show(page)
    world.until(lambda: page.cards)
    return page.cards[CRYPTO]


def action(card: CollectorCard) -> QPushButton:
    return next(one for one in card.findChildren(QPushButton) if one.accessibleName().endswith(": Crypto"))


def reason(card: CollectorCard) -> str:
    return "" if card.reason.isHidden() else card.reason.text()


def steps_shown(page: StatusPage) -> list[tuple[str, str, str]]:
    """Return name, status and note of the steps on show."""
    shown = [row for row in page.history.steps.rows if row.is_shown]
    return [(row.name.text(), row.chip.accessibleName(), row.note.text()) for row in shown]


def rows(page: StatusPage) -> int:
    return page.history.table.model().rowCount()


def statuses(page: StatusPage) -> list[Status]:
    model = page.history.table.model()
    return [Status(str(model.index(row, 4).data()).replace(" ", "_")) for row in range(rows(page))]


def test_an_empty_home_says_what_to_do(world: World, page: StatusPage) -> None:
    card = opened(world, page)
    assert page.headline.text().startswith("Nothing is collected yet. Liquidity: Due now")
    assert ("Newest data", "nothing yet") in card.facts.texts()
    assert action(card).text() == "Collect"
    assert rows(page) == 0
    assert page.history.steps.isHidden()
    assert page.usage.facts.isHidden()


def test_the_empty_run_log_offers_to_collect(world: World, page: StatusPage) -> None:
    world.engine.keep_key("FRED_API_KEY", SAMPLE_FRED_KEY)
    opened(world, page)
    world.work()
    world.click(button(page, "Collect"))
    world.until(lambda: rows(page) and statuses(page)[0] is Status.SUCCESS)


def test_collecting_by_the_card_ends_on_show(world: World, page: StatusPage) -> None:
    card = opened(world, page)
    world.work()
    world.click(action(card))
    world.until(lambda: rows(page) and statuses(page)[0] is Status.SUCCESS)
    world.until(lambda: card.activity is Activity.IDLE)
    facts = dict(card.facts.texts())
    assert facts["Newest data"] == f"{present.now():%Y-%m-%d} (UTC)"
    assert "tray, took" in facts["Last run"]
    assert "KST" in facts["Last run"]
    assert facts["Coming up"].endswith("by the schedule")
    assert page.headline.text().startswith("All data is current to")
    assert [name for name, _status, _note in steps_shown(page)] == [
        "Coins and prices",
        "Whole market",
        "DeFi value locked",
        "Stablecoins",
        "Fear & Greed",
    ]
    assert dict(page.usage.facts.texts())[LLAMA] == "1"
    assert page.storage.path.text() == str(world.home.database)


def test_a_visible_page_follows_runs_made_elsewhere(world: World, page: StatusPage) -> None:
    opened(world, page)
    world.collect()
    world.until(lambda: rows(page) == 1)
    world.collect(Trigger.MANUAL_CLI, Window(date(2026, 1, 1)))
    world.until(lambda: rows(page) == 2)
    model = page.history.table.model()
    assert [model.index(0, column).data() for column in (1, 2, 3)] == ["Crypto", "history", "command line"]


def test_a_running_collector_offers_cancel_and_says_how_far_it_is(world: World, page: StatusPage) -> None:
    card = opened(world, page)
    world.work()
    world.hold(LLAMA)
    world.click(action(card))
    world.until(lambda: world.server.count(LLAMA))
    world.until(lambda: card.activity is Activity.RUNNING)
    assert action(card).text() == "Cancel"
    assert action(card).accessibleName() == "Cancel: Crypto"
    assert statuses(page) == [Status.RUNNING]
    world.until(lambda: "Collecting crypto: 3 of 5, DeFi value locked" in _texts(card))
    world.click(action(card))
    world.server.stop()
    world.until(lambda: card.activity is Activity.IDLE)
    world.until(lambda: statuses(page) == [Status.CANCELLED])
    assert reason(card).startswith("Stopped by you.")


def test_cancel_on_a_card_stops_its_own_collector_and_no_other(world: World, page: StatusPage) -> None:
    opened(world, page)
    for name in ("news", CRYPTO, "liquidity"):
        world.engine.collect_now(name)
    page.refresh()
    world.until(lambda: page.is_settled and page.cards[CRYPTO].activity is Activity.QUEUED)
    world.click(action(page.cards[CRYPTO]))
    world.until(lambda: page.is_settled and page.cards[CRYPTO].activity is Activity.IDLE)
    assert [job.collector for job in world.engine.active_jobs] == ["news", "liquidity"]


def test_a_run_of_another_process_cannot_be_cancelled_here(world: World, page: StatusPage) -> None:
    other = Database(world.home.database, SCHEMA)
    now = present.now()
    with Leases(world.home.locks, other).held(CRYPTO, "another process", now):
        RunStore(other).start(a_job(trigger=Trigger.MANUAL_CLI), now)
        card = opened(world, page)
        assert card.activity is Activity.ELSEWHERE
        assert not action(card).isEnabled()
        assert ("Now", "Another process is collecting this") in card.facts.texts()
    other.close_thread()


def test_a_failing_source_makes_the_run_partial_and_says_why(world: World, page: StatusPage) -> None:
    world.server.misbehave.set(LLAMA, Mode.SERVER_ERROR_HTML)
    world.collect()
    card = opened(world, page)
    assert page.headline.text().startswith("Crypto is not complete.")
    assert card.chip.accessibleName().startswith("partial")
    assert "KST" in card.chip.toolTip()
    assert reason(card).startswith(f"{LLAMA} is not working: status 502.")
    name, status, note = steps_shown(page)[2]
    assert (name, status) == ("DeFi value locked", "failed")
    assert note.startswith(f"{LLAMA} is not working")


def test_a_collector_without_its_key_leads_to_the_settings(world: World, page: StatusPage) -> None:
    opened(world, page)
    card = page.cards["krx"]
    assert card.chip.accessibleName() == "key missing"
    assert ("Coming up", "Not collected: enter its key under Settings, Keys") in card.facts.texts()
    wanted: list[Link] = []
    page.link_requested.connect(wanted.append)
    world.click(next(one for one in card.findChildren(QPushButton) if one.accessibleName() == "Enter key: KRX"))
    assert wanted == [SettingsLink()]


def test_pending_history_is_said(world: World, page: StatusPage) -> None:
    world.work()
    world.engine.collect_now(CRYPTO)
    world.until(lambda: not world.engine.active_jobs and _history_pending(world))
    card = opened(world, page)
    world.until(lambda: ("History", "Not complete yet; it is fetched by itself") in card.facts.texts())


def _history_pending(world: World) -> bool:
    states = world.engine.overview().collectors
    return next(state.history_pending for state in states if state.collector is CRYPTO)


def test_the_run_log_can_be_narrowed_to_what_is_not_complete(world: World, page: StatusPage) -> None:
    world.collect()
    world.server.misbehave.set(FEAR_GREED, Mode.HTML_200)
    world.collect()
    opened(world, page)
    assert statuses(page) == [Status.PARTIAL, Status.SUCCESS]
    page.history.choose_status(TROUBLE)
    assert statuses(page) == [Status.PARTIAL]


def test_a_narrowed_log_without_rows_offers_to_show_all(world: World, page: StatusPage) -> None:
    world.collect()
    opened(world, page)
    page.history.choose_status(TROUBLE)
    assert rows(page) == 0
    world.click(button(page, "Show all"))
    assert rows(page) == 1


def test_the_steps_follow_the_chosen_run(world: World, page: StatusPage) -> None:
    world.collect()
    world.server.misbehave.set(FEAR_GREED, Mode.HTML_200)
    world.collect()
    opened(world, page)
    table = page.history.table
    assert steps_shown(page)[4][1] == "failed"
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert steps_shown(page)[4][1] == "success"
    page.refresh()
    world.collect()
    world.until(lambda: rows(page) == 3)
    assert steps_shown(page)[4][1] == "success"


def test_runs_are_copied_as_tsv(world: World, page: StatusPage) -> None:
    world.server.misbehave.set(LLAMA, Mode.SERVER_ERROR_HTML)
    run = world.collect()
    opened(world, page)
    world.click(button(page, "Copy"))
    titles, row = QGuiApplication.clipboard().text().splitlines()
    assert titles.split("\t")[:3] == ["Started", "Collector", "Data"]
    assert row.split("\t") == [
        run.started_at.isoformat(timespec="seconds"),
        "Crypto",
        "today",
        "scheduler",
        "partial",
        str(run.duration),
        run.message,
    ]


def test_back_up_now_writes_a_backup_and_says_where(world: World, page: StatusPage) -> None:
    opened(world, page)
    assert dict(page.storage.facts.texts())["Backups"] == "none yet"
    world.click(page.storage.backup)
    world.until(lambda: "Backup written" in page.storage.notice.text())
    (written,) = world.home.backups.glob("*.db")
    assert written.name in page.storage.notice.text()
    world.until(lambda: dict(page.storage.facts.texts())["Backups"].startswith("one of"))


def test_a_backup_that_fails_says_why(world: World, page: StatusPage) -> None:
    world.home.backups.write_text("a file in the folder's place")
    opened(world, page)
    world.click(page.storage.backup)
    world.until(page.storage.backup.isEnabled)
    assert page.storage.notice.text().startswith("No backup was written.")


def test_a_pause_is_said_and_ended(world: World, page: StatusPage) -> None:
    world.engine.pause(None)
    opened(world, page)
    assert page.paused.isVisible()
    assert page.paused.text() == "Paused until resumed"
    world.click(page.resume)
    world.until(lambda: page.paused.isHidden() or not page.paused.isVisible())
    assert not world.engine.overview().is_paused
    world.engine.pause(timedelta(hours=1))
    world.until(page.paused.isVisible)
    assert page.paused.text().startswith("Paused until 2")


def test_a_status_that_cannot_be_read_says_so_and_can_be_tried_again(
    world: World, page: StatusPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_engine: object) -> None:
        raise DatabaseBusy

    with monkeypatch.context() as patched:
        patched.setattr("tray_app.ui.pages.status.page.take_snapshot", busy)
        world.show(page)
        world.until(page.error.isVisible)
        assert page.error.accessibleName() == "Error: The database is in use"
    world.click(button(page, "Try again"))
    world.until(page.error.isHidden)
    assert page.cards


def test_what_cannot_be_read_is_said_until_it_is_read(
    world: World, page: StatusPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_engine: object) -> None:
        raise DatabaseBusy

    with monkeypatch.context() as patched:
        patched.setattr("tray_app.ui.pages.status.krx.take_coverage", busy)
        opened(world, page)
        world.until(lambda: page.is_settled and page.error.isVisible())
        page._take_snapshot()
        world.until(lambda: page.is_settled)
        assert page.error.isVisible()
    world.click(button(page, "Try again"))
    world.until(lambda: page.is_settled and page.error.isHidden())


@pytest.mark.parametrize("scheme", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_the_page_fits_the_least_window_without_scrolling_sideways(
    world: World, page: StatusPage, scheme: ThemeChoice
) -> None:
    world.server.misbehave.set(LLAMA, Mode.SERVER_ERROR_HTML)
    world.collect()
    opened(world, page)
    world.parts.style.theme.set_scheme(scheme)
    page.resize(700, 600)
    area = page.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    inner = area.widget()
    assert inner is not None
    world.until(lambda: area.horizontalScrollBar().maximum() == 0)
    assert page.width() == 700
    world.until(lambda: _lowest(page) <= inner.height())


def test_all_that_can_be_done_is_reached_by_keyboard(world: World, page: StatusPage) -> None:
    world.collect()
    card = opened(world, page)
    seen = []
    action(card).setFocus()
    for _ in range(12):
        focused = QGuiApplication.focusObject()
        name = focused.accessibleName() if isinstance(focused, QPushButton) else type(focused).__name__
        seen.append(name)
        QTest.keyClick(page, Qt.Key.Key_Tab)
    names = ["Collect: Crypto", "Runs shown: All", "Copy", "PageTable", "Back up now", "Open folder"]
    assert [name for name in seen if name in names][: len(names)] == names


def test_a_run_that_was_cut_off_says_so(world: World, page: StatusPage) -> None:
    other = Database(world.home.database, SCHEMA)
    RunStore(other).start(a_job(), present.now())
    RunStore(other).interrupt_running(CRYPTO, present.now())
    other.close_thread()
    card = opened(world, page)
    assert statuses(page) == [Status.INTERRUPTED]
    assert world.engine.runs()[0].status is RunStatus.INTERRUPTED
    assert reason(card)
    assert steps_shown(page) == []


def button(page: StatusPage, text: str) -> QPushButton:
    return next(one for one in page.findChildren(QPushButton) if one.text() == text and one.isVisible())


def _texts(card: CollectorCard) -> str:
    from PySide6.QtWidgets import QLabel

    return " | ".join(one.text() for one in card.findChildren(QLabel))


def _lowest(page: StatusPage) -> int:
    inner = page.storage.parentWidget()
    assert inner is not None
    return inner.geometry().bottom()
