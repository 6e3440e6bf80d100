"""The Collect page: a plan before anything is sent, starting, following, giving up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import present
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from support import a_run

from tray_app.core.events import RunFinished, RunProgress
from tray_app.core.model import Window
from tray_app.core.plan import BackfillPlan, PlannedDay
from tray_app.ui.links import CollectLink, SettingsLink
from tray_app.ui.pages.collect.page import CollectPage
from tray_app.ui.pages.collect.plan import session_plan
from tray_app.ui.pages.collect.progress import Pace, progress_facts
from ui.pages.exchange import fill, weekdays

if TYPE_CHECKING:
    from ui.pages.world import World

KRX = "krx"
DAYS = weekdays(date(2026, 7, 1), 20)


@pytest.fixture
def page(world: World) -> CollectPage:
    return CollectPage(world.parts)


def opened(world: World, page: CollectPage) -> None:
    world.engine.keep_key("KRX_AUTH_KEY", "demo")
    world.show(page)
    world.until(lambda: page.is_settled)


def test_without_a_key_it_leads_to_the_settings(world: World, page: CollectPage) -> None:
    world.show(page)
    world.until(lambda: page.is_settled and not page.plan.empty.isHidden())
    assert page.plan.start.isHidden()
    with world.qtbot.waitSignal(page.link_requested) as wanted:
        page.plan.empty.action_triggered.emit()
    assert wanted.args == [SettingsLink()]


def test_the_plan_counts_what_is_missing_before_anything_is_sent(world: World, page: CollectPage) -> None:
    fill(world.home, DAYS, hole=DAYS[5])
    opened(world, page)
    page.open_link(CollectLink("krx", Window(DAYS[5], DAYS[5])))
    world.until(lambda: page.is_settled)
    facts = dict(page.plan.facts.texts())
    assert facts["Sessions missing"] == "1"
    assert facts["Calls left today"] == "9,900"
    assert page.form.window_of_fields() == Window(DAYS[5], DAYS[5], newest_first=True)
    page.form.show_range(DAYS[0], DAYS[4])
    world.until(lambda: page.is_settled)
    assert page.plan.sentence.text() == "Nothing is missing in this range."
    assert not page.plan.start.isEnabled()
    assert not world.engine.usage_today()


def test_each_field_says_what_is_wrong_with_it(world: World, page: CollectPage) -> None:
    opened(world, page)
    form = page.form
    for first, last, errors in (
        ("", "", ("Say from which day on.", "")),
        ("soon", "", ("Write a date like 2024-01-05.", "")),
        ("2009-01-05", "", ("The Korea Exchange offers days from 2010-01-04 on.", "")),
        ("2999-01-05", "", ("That day lies in the future.", "")),
        ("2024-01-05", "2024-01-04", ("", "That day lies before the first one.")),
        ("2024-01-05", "2999-01-04", ("", "That day lies in the future.")),
        ("2024-01-05", "", ("", "")),
    ):
        form.first.line.setText(first)
        form.last.line.setText(last)
        form.window_of_fields()
        assert (form.first.error(), form.last.error()) == errors
    form.first.line.clear()
    QTest.keyClicks(form.first.line, "soon")
    world.until(lambda: page.is_settled)
    assert not page.plan.start.isEnabled()


def test_quick_choices_fill_the_range(world: World, page: CollectPage) -> None:
    opened(world, page)
    world.click(page.form.quick["all"])
    assert page.form.window_of_fields() == Window(date(2010, 1, 4), newest_first=True)
    page.form.orders.choose("oldest")
    world.click(page.form.quick["year"])
    today = (present.now() + timedelta(hours=9)).date()
    assert page.form.window_of_fields() == Window(today.replace(month=1, day=1))


def test_a_started_range_is_listed_until_it_is_given_up(world: World, page: CollectPage) -> None:
    opened(world, page)
    page.open_link(CollectLink("krx", Window(DAYS[0], DAYS[0])))
    world.until(lambda: page.is_settled and page.plan.start.isEnabled())
    world.click(page.plan.start)
    world.until(lambda: len(page.requests.rows) == 1)
    (row,) = page.requests.rows.values()
    assert row.accessibleName() == f"KRX: {DAYS[0]}"
    world.until(lambda: row.state.text() == "Collecting now")
    world.click(row.cancel)
    world.until(lambda: not page.requests.rows)
    world.until(lambda: not world.engine.active_jobs)
    assert not world.engine.history.pending()


def test_a_waiting_request_goes_on_now(world: World, page: CollectPage) -> None:
    opened(world, page)
    world.engine.request_history("crypto", Window(date(2026, 11, 1)))
    world.engine.cancel()
    world.engine._parts.backfills.request("crypto", Window(date(2026, 10, 1)), world.engine.now())
    page.refresh()
    world.until(lambda: len(page.requests.rows) == 1)
    (row,) = page.requests.rows.values()
    assert row.state.text().startswith("Goes on by itself")
    world.work()
    world.click(row.resume)
    world.until(lambda: not world.engine.history.pending())
    world.until(lambda: not page.requests.rows)


def test_crypto_is_planned_by_its_steps(world: World, page: CollectPage) -> None:
    opened(world, page)
    page.form.choose_dataset("crypto")
    page.form.changed.emit()
    world.until(lambda: page.is_settled)
    assert page.form.orders.isHidden()
    assert "Coins and prices" in dict(page.plan.facts.texts())


def test_a_plan_over_days_says_when_it_continues() -> None:
    today = date(2026, 11, 22)
    days = (PlannedDay(today, 100), PlannedDay(date(2026, 11, 23), 100), PlannedDay(date(2026, 11, 24), 10))
    plan = session_plan(KRX, BackfillPlan(35, 210, 0, 100, days, today, 3.0))
    assert "continues by itself on 2026-11-23" in plan.sentence
    assert ("Continues on", "2026-11-23, finished on 2026-11-24") in plan.facts
    none_today = session_plan(KRX, BackfillPlan(35, 10, 0, 0, days[1:2], today, 3.0))
    assert "begins by itself on 2026-11-23" in none_today.sentence
    assert not session_plan(KRX, BackfillPlan(35, 10, 0, 0, (), today, 3.0)).can_start


def test_progress_tells_step_day_and_time_left() -> None:
    begun = datetime(2026, 11, 22, tzinfo=UTC)
    pace = Pace()
    for done in range(5):
        event = RunProgress(7, KRX, "kospi", 2, 8, f"2024-01-0{done + 1} ({done} of 25)", done, 25)
        pace = pace.after(event, begun + timedelta(seconds=2 * done))
    facts = progress_facts(event, pace)
    assert facts.what == "KRX: step 3 of 8, KOSPI, 2024-01-05"
    assert facts.counts() == "4 of 25, 42 s left"
    assert progress_facts(RunProgress(7, KRX, "quality", 7, 8), pace).counts() == ""
    assert progress_facts(RunProgress(7, KRX, "", 8, 8), pace).what == "KRX: finishing"


def test_a_run_that_ended_while_the_page_was_hidden_is_not_shown_as_running(world: World, page: CollectPage) -> None:
    opened(world, page)
    page.on_event(RunProgress(7, "crypto", "coingecko_prices", 1, 5))
    page.progress.appears.timeout.emit()
    assert page.progress.isVisible()
    page.hide()
    page.show()
    world.until(lambda: page.is_settled and page.progress.isHidden())


def test_cancelling_what_has_ended_cancels_nothing_and_ends(world: World, page: CollectPage) -> None:
    opened(world, page)
    page.on_event(RunProgress(7, "crypto", "coingecko_prices", 1, 5))
    page.progress.appears.timeout.emit()
    world.engine._parts.backfills.request("crypto", Window(date(2026, 10, 1)), world.engine.now())
    cancel = next(each for each in page.progress.findChildren(QPushButton) if each.text() == "Cancel")
    world.click(cancel)
    world.until(page.progress.isHidden)
    assert world.engine.history.pending()


def test_cancel_stops_the_run_that_is_shown_and_not_the_one_after_it(world: World, page: CollectPage) -> None:
    opened(world, page)
    world.engine.request_history("crypto", Window(date(2026, 11, 1)))
    world.engine._note_progress(RunProgress(8, "crypto", "coingecko_prices", 1, 5))
    page.on_event(RunProgress(7, "crypto", "fear_greed", 4, 5))
    page.progress.cancel_requested.emit()
    world.until(lambda: page.is_settled and page._followed == world.engine.progress)
    assert world.engine.active_jobs
    assert world.engine.history.pending()
    page.progress.cancel_requested.emit()
    world.until(lambda: not world.engine.active_jobs)
    assert not world.engine.history.pending()


def test_a_run_that_began_while_the_page_was_hidden_is_shown(world: World, page: CollectPage) -> None:
    opened(world, page)
    page.hide()
    world.engine.collect_now("crypto")
    world.engine._note_progress(RunProgress(7, "crypto", "coingecko_prices", 1, 5))
    page.show()
    world.until(lambda: page.is_settled and page.progress.accessibleName())
    page.progress.appears.timeout.emit()
    assert page.progress.accessibleName().startswith("Crypto: step 2 of 5")
    cancel = next(each for each in page.progress.findChildren(QPushButton) if each.text() == "Cancel")
    assert cancel.isEnabled()
    world.click(cancel)
    world.until(lambda: not world.engine.active_jobs)
    world.engine._note_progress(RunFinished(a_run()))
    page.refresh()
    world.until(page.progress.isHidden)
