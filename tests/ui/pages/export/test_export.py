"""The Export page and its wizard: a real child process makes, verifies and leaves sets."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from export import kit, liquid
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton, QWizard

from benchmarks.krx_store import build
from tray_app.datasets.crypto.exports import CRYPTO_SETS
from tray_app.datasets.krx.exports import KRX_SETS
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.liquidity.exports import MACRO_SETS, STRESS_SETS
from tray_app.datasets.schema import SCHEMA
from tray_app.export.kinds import Layout
from tray_app.store.export_jobs import ExportJobStore, JobStatus
from tray_app.store.lifecycle import open_database
from tray_app.ui.pages.export.page import ExportPage
from tray_app.ui.pages.export.wizard_pages import FILE, ExportChoices, saved_choices
from tray_app.ui.pages.export.wizard_run import verdict
from tray_app.ui.queries.child_command import ChildCommand
from ui.pages.exporting import at_options, exported, opened, press

if TYPE_CHECKING:
    from pathlib import Path

    from ui.pages.world import World


pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")


@pytest.fixture
def page(world: World) -> ExportPage:
    return ExportPage(world.parts)


def test_a_set_is_made_listed_verified_and_deleted(world: World, page: ExportPage) -> None:
    wizard = exported(world, page)
    (job,) = world.engine.exports.jobs()
    assert job.status is JobStatus.SUCCEEDED
    folder = job.output_path
    assert folder.parent == world.home.exports
    assert wizard.made.path.text() == str(folder)
    assert wizard.made.files.model().rowCount() >= len(job.files)
    world.click(wizard.made.copy)
    assert 'read_table("crypto_daily.parquet")' in QGuiApplication.clipboard().text()
    world.click(wizard.made.verify)
    world.qtbot.waitUntil(lambda: wizard.made.said.text().startswith("The set is whole"))
    assert saved_choices(world.home.root).read().datasets == (CRYPTO_SETS,)
    press(world, wizard, QWizard.WizardButton.FinishButton)
    world.until(lambda: page.wizard is None)

    page.table.selectRow(0)
    assert page.chosen() == (job,)
    (folder / job.files[0]).write_bytes(b"")
    world.click(page.verify)
    assert page.message.accessibleName() == f"Verifying {folder.name}"
    page.table.clearSelection()
    world.qtbot.waitUntil(lambda: "damaged" in page.message.accessibleName())
    damage = f"{folder.name}: The set is damaged. crypto_daily.parquet: bytes is 0"
    assert page.message.accessibleName().startswith(damage)
    assert page.message.accessibleName().endswith(" more). Export it again.")
    page.table.selectRow(0)
    world.click(page.delete)
    assert page.asking is not None
    page.asking.reject()
    assert folder.exists()
    world.click(page.delete)
    accept(page)
    world.until(lambda: page.table.model().rowCount() == 0)
    assert not folder.exists()


def accept(page: ExportPage) -> None:
    asking = page.asking
    assert asking is not None
    asked = [each for each in asking.buttons() if asking.buttonRole(each) is QMessageBox.ButtonRole.AcceptRole]
    asked[0].click()


def test_a_job_whose_process_is_gone_is_marked_when_the_page_is_shown(world: World, page: ExportPage) -> None:
    database = open_database(world.home.database, world.home.backups, world.engine.now(), SCHEMA)
    ExportJobStore(database).start("dead", {}, world.home.exports / "set", world.engine.now())
    database.close_thread()
    world.show(page)
    page.refresh()
    world.until(lambda: page.table.model().rowCount() == 1)
    page.table.selectRow(0)
    assert page.chosen()[0].status is JobStatus.FAILED
    assert page.delete.isEnabled()


def test_a_failed_export_says_why_and_lets_the_user_go_back(world: World, page: ExportPage) -> None:
    wizard = at_options(world, page)
    press(world, wizard, QWizard.WizardButton.NextButton)
    world.qtbot.waitUntil(lambda: not wizard.work.error.isHidden())
    assert wizard.work.error.accessibleName() == "Error: Nothing to export"
    world.until(lambda: page.table.model().rowCount() == 1)
    wizard.back()
    assert wizard.currentPage() is wizard.how
    wizard.close()
    (job,) = world.engine.exports.jobs()
    assert job.error
    cell = page.table.model().index(0, 4)
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == f"Reason: {job.error}"
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == job.error
    assert page.reason.isHidden()
    page.table.selectRow(0)
    assert page.reason.isVisible()
    assert page.reason.accessibleDescription() == job.error
    world.click(page.reason.findChildren(QPushButton)[-1])
    assert job.error in QGuiApplication.clipboard().text()
    page.table.clearSelection()
    assert page.reason.isHidden()


def test_each_field_says_what_is_wrong_with_it(world: World, page: ExportPage, tmp_path: Path) -> None:
    wizard = opened(world, page, ExportChoices(datasets=(), markets=()))
    press(world, wizard, QWizard.WizardButton.NextButton)
    assert wizard.what.datasets.error() == "Choose at least one dataset."
    wizard.what.datasets.show_keys(("krx",))
    wizard.next()
    assert wizard.what.markets.error() == "Choose at least one market."
    wizard.what.markets.show_keys(("ETF",))
    assert wizard.what.markets.keys() == ("ETF",)
    wizard.what.markets.show_keys(("KOSDAQ",))
    wizard.next()
    dates = wizard.dates
    for first, last, codes, errors in (
        ("", "", "", ("Say from which day on.", "", "")),
        ("soon", "never", "", ("Write a date like 2024-01-05.", "Write a date like 2024-01-05.", "")),
        ("2999-01-01", "", "", ("That day lies in the future.", "That day lies before the first one.", "")),
        ("2024-01-05", "2024-01-04", "", ("", "That day lies before the first one.", "")),
        ("2024-01-05", "2999-01-04", "NYSE:*", ("", "That day lies in the future.", dates_families())),
    ):
        dates.first.line.setText(first)
        dates.last.line.setText(last)
        dates.indices.line.setText(codes)
        wizard.next()
        shown = (dates.first.error(), dates.last.error(), dates.indices.error())
        assert wizard.currentPage() is dates
        assert shown[0] == errors[0]
        assert shown[2] == errors[2]
        assert last == "" or shown[1] == errors[1]
    dates.last.line.setText("2024-01-09")
    dates.indices.line.setText("KOSPI, KOSDAQ")
    wizard.next()
    world.until(lambda: dates.indices.error().startswith("No index is stored yet."))
    assert wizard.currentPage() is dates
    dates.indices.line.setText("KOSPI:*")
    wizard.next()
    how = wizard.how
    world.until(how.estimate.text)
    assert how.estimate.text().startswith("No daily bars are stored")
    how.folder.line.setText("here")
    wizard.next()
    assert how.folder.error() == "Name a folder with its whole path."
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    how.folder.line.setText(str(tmp_path / "mine"))
    wizard.next()
    world.until(lambda: "holds other files" in how.folder.error())
    assert wizard.currentPage() is how
    wizard.close()


def dates_families() -> str:
    return "The families are KRX:*, KOSPI:*, KOSDAQ:*."


def test_a_preset_made_of_bars_is_not_for_crypto(world: World, page: ExportPage) -> None:
    wizard = at_options(world, page)
    wizard.how.preset.show_key("qlib")
    wizard.next()
    assert wizard.how.preset.error() == "This one needs the Korea Exchange's bars."
    wizard.close()


def test_series_under_licence_are_named_and_left_out_unless_wanted(world: World, page: ExportPage) -> None:
    with open_database(world.home.database, world.home.backups, world.engine.now(), SCHEMA).writing() as connection:
        connection.executemany(
            "INSERT INTO macro_series VALUES (?, 'title', 'units', 'daily', ?)", (("SOFR", "fred"), ("^VIX", "yahoo"))
        )
        connection.executemany(
            "INSERT INTO macro_observation VALUES (?, '2024-01-05', 1, '2024-01-06T00:00:00Z', 1)",
            (("SOFR",), ("^VIX",)),
        )
    choices = ExportChoices(datasets=(MACRO_SETS, STRESS_SETS), first="2024-01-01", last="2024-12-31")
    wizard = at_options(world, page, choices)
    how = wizard.how
    assert how.flags.isHidden()
    world.until(how.estimate.text)
    assert how.estimate.text().startswith("About 1 macro values, ")
    assert how.estimate.text().endswith("No stress index is stored for these days. Collect it first.")
    assert how.notes.text() == "Left out: ^VIX. Yahoo's prices are for personal use and may not be passed on."
    world.click(how.licences.boxes["include_restricted"])
    world.until(lambda: how.estimate.text().startswith("About 2 macro values, "))
    assert how.notes.text() == "Included for your own use only, not to be passed on: ^VIX."
    assert how.request().include_restricted
    wizard.close()


def test_every_dataset_goes_through_the_wizard(world: World, page: ExportPage) -> None:
    build(world.home.database, kit.SIZE)
    liquid.fill(world.home)
    choices = replace(
        ExportChoices(datasets=(KRX_SETS, MACRO_SETS, STRESS_SETS), adjusted=True, include_issues=True),
        first=str(kit.FIRST),
        last=str(kit.LAST),
    )
    wizard = at_options(world, page, choices)
    world.until(lambda: "daily bars" in wizard.how.estimate.text() and "stress index" in wizard.how.estimate.text())
    press(world, wizard, QWizard.WizardButton.NextButton)
    world.qtbot.waitUntil(lambda: wizard.currentPage() is wizard.made)
    world.until(wizard.made.copy.isEnabled)
    counts = wizard.work.child.document["row_counts"]
    assert {"instrument_daily", "instruments", "data_quality_issues", "macro_daily", "stress_daily"} <= counts.keys()
    world.click(wizard.made.copy)
    assert 'read_table("macro_daily.parquet")' in QGuiApplication.clipboard().text()
    world.click(wizard.made.verify)
    world.qtbot.waitUntil(lambda: wizard.made.said.text().startswith("The set is whole"))
    wizard.close()


def test_all_that_can_be_said_on_the_options_can_be_read(world: World, page: ExportPage) -> None:
    wizard = at_options(world, page)
    how = wizard.how
    how.preset.say("wrong " * 12)
    how.folder.say("wrong " * 40)
    for part in (how.estimate, how.notes):
        part.setText("\n".join(["said " * 30] * 4))
        part.show()
    texts = [part for part in how.findChildren(QLabel) if part.isVisible() and part.wordWrap() and part.text()]
    assert len(texts) == 4
    world.until(lambda: all(part.height() >= part.heightForWidth(part.width()) for part in texts))
    wizard.close()


def test_old_sets_are_offered_for_deletion(world: World, page: ExportPage, monkeypatch: pytest.MonkeyPatch) -> None:
    exported(world, page).close()
    old = world.engine.exports.older_than(days=-1)
    assert len(old) == 1
    monkeypatch.setattr(world.engine.exports, "older_than", lambda: old)
    page.refresh()
    world.until(lambda: not page.hint.isHidden())
    world.click(page.delete_old)
    accept(page)
    world.until(lambda: page.table.model().rowCount() == 0)
    assert not old[0].output_path.exists()


def test_an_empty_page_offers_the_wizard(world: World, page: ExportPage) -> None:
    world.show(page)
    page.table.empty_action_triggered.emit()
    assert page.wizard is not None
    first = page.wizard
    page.open_wizard()
    assert page.wizard is first
    first.close()
    world.until(lambda: page.wizard is None)


def test_choices_survive_and_broken_ones_are_forgotten(tmp_path: Path) -> None:
    kept = ExportChoices(
        datasets=(CRYPTO_SETS,), markets=(Market.KOSDAQ,), first="2024-01-05", adjusted=True, layout=Layout.YEAR
    )
    saved_choices(tmp_path).write(kept)
    assert saved_choices(tmp_path).read() == kept
    for broken in ("[]", "{", json.dumps({"layout": "spiral"})):
        (tmp_path / FILE).write_text(broken)
        assert saved_choices(tmp_path).read() == ExportChoices()


def test_an_index_that_is_not_stored_is_marked(world: World, page: ExportPage) -> None:
    build(world.home.database, kit.SIZE)
    choices = ExportChoices(first=str(kit.FIRST), last=str(kit.LAST), indices="KOSPI, NIKKEI, KOSDAQ:*")
    wizard = opened(world, page, choices)
    wizard.next()
    wizard.next()
    world.until(wizard.dates.indices.error)
    assert wizard.dates.indices.error() == "Not stored: NIKKEI. Stored are for example KOSPI, KOSDAQ, KOSPI200."
    assert wizard.currentPage() is wizard.dates
    wizard.dates.indices.line.setText("KOSPI, KOSDAQ:*")
    wizard.next()
    world.until(lambda: wizard.currentPage() is wizard.how)
    wizard.close()


def test_what_there_is_to_say_beside_a_set_is_on_the_result(world: World, page: ExportPage) -> None:
    liquid.fill(world.home)
    choices = ExportChoices(datasets=(MACRO_SETS, STRESS_SETS), first=str(kit.FIRST), last=str(kit.LAST))
    wizard = at_options(world, page, choices)
    press(world, wizard, QWizard.WizardButton.NextButton)
    world.qtbot.waitUntil(lambda: wizard.currentPage() is wizard.made)
    assert wizard.made.notes.isVisible()
    assert wizard.made.notes.text().startswith("Left out: ")
    assert wizard.made.notes.text().splitlines() == wizard.work.child.document["notes"]
    wizard.close()


@pytest.mark.parametrize(
    ("others", "text"),
    [
        (0, "The set is damaged. daily.parquet, column close, row 1,234: is negative. Export it again."),
        (2, "The set is damaged. daily.parquet, column close, row 1,234: is negative (and 2 more). Export it again."),
    ],
)
def test_a_verdict_says_where_and_how_much_more(qapp: object, others: int, text: str) -> None:
    finding = {"file": "daily.parquet", "column": "close", "row": 1234, "problem": "is negative"}
    child = ChildCommand()
    child.document = {"whole": False, "files": 1, "rows": 1, "findings": [finding] * (1 + others)}
    assert verdict(child) == text
