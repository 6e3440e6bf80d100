"""The Export page and its wizard: a real child process makes, verifies and leaves sets."""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from export import kit, liquid
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMessageBox, QWizard
from shiboken6 import isValid

from benchmarks.krx_store import StoreSize, build, sessions
from tray_app.core.krx.rows import Market
from tray_app.engine.cancel import CancelFlag
from tray_app.export.request import Dataset, ExportRequest, Layout, Preset
from tray_app.export.target import job_of
from tray_app.export.verify import verify
from tray_app.store.export_jobs import ExportJobStore, JobStatus
from tray_app.store.lifecycle import open_database
from tray_app.ui.export_choices import FILE, ExportChoices, export_words, read_choices, write_choices
from tray_app.ui.pages.export import ExportPage

if TYPE_CHECKING:
    from pathlib import Path

    from tray_app.ui.export_wizard import ExportWizard
    from ui.pages.world import World

CRYPTO = ExportChoices(datasets=(Dataset.CRYPTO,))
PATIENCE_MS = 60_000
LARGE = StoreSize(instruments=1_500, first=date(2024, 1, 1), sessions=40)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")


@pytest.fixture
def page(world: World) -> ExportPage:
    return ExportPage(world.parts)


def opened(world: World, page: ExportPage, choices: ExportChoices = CRYPTO) -> ExportWizard:
    write_choices(world.home.root, choices)
    world.show(page)
    world.click(page.new)
    assert page.wizard is not None
    return page.wizard


def press(world: World, wizard: ExportWizard, which: QWizard.WizardButton) -> None:
    world.click(wizard.button(which))


def at_options(world: World, page: ExportPage, choices: ExportChoices = CRYPTO) -> ExportWizard:
    wizard = opened(world, page, choices)
    wizard.next()
    wizard.next()
    assert wizard.currentPage() is wizard.how
    return wizard


def exporting(world: World, page: ExportPage) -> ExportWizard:
    """Begin an export that takes seconds, over a set that is there, and wait until its files are being written."""
    build(world.home.database, LARGE)
    days = sessions(LARGE)
    choices = ExportChoices(preset=Preset.LEAN, first=str(days[0]), last=str(days[-1]))
    wizard = at_options(world, page, choices)
    request = replace(wizard.how.request(), preset=Preset.PANDAS)
    world.engine.exports.run(request, kit.ignore, CancelFlag())
    writes = partial(is_line_of, "preset")
    with world.qtbot.waitSignal(wizard.work.child.progressed, timeout=PATIENCE_MS, check_params_cb=writes):
        press(world, wizard, QWizard.WizardButton.NextButton)
    return wizard


def is_line_of(stage: str, line: dict[str, Any]) -> bool:
    return bool(line["stage"] == stage)


def only_the_old_set(world: World, stopped: JobStatus = JobStatus.CANCELLED) -> bool:
    """Tell whether the newer of two jobs ended so, and only the older one's set is there, whole."""
    newer, older = world.engine.exports.jobs()
    (folder,) = world.home.exports.iterdir()
    assert (newer.status, older.status) == (stopped, JobStatus.SUCCEEDED)
    assert job_of(folder) == older.job_id
    return verify(folder).is_whole


def exported(world: World, page: ExportPage) -> ExportWizard:
    """Make a set of crypto."""
    world.collect()
    wizard = at_options(world, page)
    press(world, wizard, QWizard.WizardButton.NextButton)
    world.qtbot.waitUntil(lambda: wizard.currentPage() is wizard.made, timeout=PATIENCE_MS)
    world.until(lambda: page.table.model().rowCount() == 1 and wizard.made.copy.isEnabled())
    return wizard


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
    world.qtbot.waitUntil(lambda: wizard.made.said.text().startswith("The set is whole"), timeout=PATIENCE_MS)
    assert read_choices(world.home.root).datasets == (Dataset.CRYPTO,)
    press(world, wizard, QWizard.WizardButton.FinishButton)
    world.until(lambda: page.wizard is None)

    page.table.selectRow(0)
    assert page.chosen() == (job,)
    (folder / job.files[0]).write_bytes(b"")
    world.click(page.verify)
    world.qtbot.waitUntil(lambda: "damaged" in page.message.accessibleName(), timeout=PATIENCE_MS)
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


def test_cancelling_leaves_the_old_set_and_a_cancelled_job(world: World, page: ExportPage) -> None:
    wizard = exporting(world, page)
    with world.qtbot.waitSignal(wizard.changed, timeout=PATIENCE_MS):
        wizard.work.progress.cancel_requested.emit()
    assert wizard.work.said.text() == "Cancelled. Nothing was written."
    assert not wizard.work.isComplete()
    assert only_the_old_set(world)
    world.until(
        lambda: "cancelled" in {page.table.model().index(row, 2).data() for row in range(page.table.model().rowCount())}
    )
    wizard.back()
    assert wizard.currentPage() is wizard.how
    wizard.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be held there")
def test_a_child_that_does_not_stop_is_killed_and_its_job_cancelled_all_the_same(
    world: World, page: ExportPage
) -> None:
    wizard = exporting(world, page)
    os.kill(wizard.work.child.process_id, signal.SIGSTOP)
    wizard.work.child.patience.setInterval(0)
    with world.qtbot.waitSignal(wizard.changed, timeout=PATIENCE_MS):
        wizard.work.progress.cancel_requested.emit()
    assert only_the_old_set(world)
    wizard.close()


@pytest.mark.parametrize("how", ["reject", "close"])
def test_closing_the_wizard_cancels(world: World, page: ExportPage, how: str) -> None:
    wizard = exporting(world, page)
    getattr(wizard, how)()
    assert wizard.isHidden()
    page.open_wizard()
    assert page.wizard is not wizard
    world.qtbot.waitUntil(lambda: not isValid(wizard), timeout=PATIENCE_MS)
    assert only_the_old_set(world)
    assert page.wizard is not None
    page.wizard.close()
    world.until(lambda: page.wizard is None)


def test_the_end_of_the_program_cancels(world: World, page: ExportPage) -> None:
    wizard = exporting(world, page)
    application = QCoreApplication.instance()
    assert application is not None
    application.aboutToQuit.emit()
    assert not wizard.work.child.is_running
    assert only_the_old_set(world)
    wizard.close()


def test_an_export_after_going_back_waits_for_the_one_before(world: World, page: ExportPage) -> None:
    wizard = exporting(world, page)
    wizard.back()
    wizard.how.preset.show_key(Preset.PANDAS)
    press(world, wizard, QWizard.WizardButton.NextButton)
    world.qtbot.waitUntil(lambda: wizard.currentPage() is wizard.made, timeout=PATIENCE_MS)
    newest, stopped, _older = world.engine.exports.jobs()
    assert (newest.status, stopped.status) == (JobStatus.SUCCEEDED, JobStatus.CANCELLED)
    assert job_of(newest.output_path) == newest.job_id
    wizard.close()


def test_a_job_whose_process_is_gone_is_marked_when_the_page_is_shown(world: World, page: ExportPage) -> None:
    database = open_database(world.home.database, world.home.backups, world.engine.now())
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
    world.qtbot.waitUntil(lambda: not wizard.work.error.isHidden(), timeout=PATIENCE_MS)
    assert wizard.work.error.accessibleName() == "Error: Nothing to export"
    world.until(lambda: page.table.model().rowCount() == 1)
    wizard.back()
    assert wizard.currentPage() is wizard.how
    wizard.close()


def test_each_field_says_what_is_wrong_with_it(world: World, page: ExportPage, tmp_path: Path) -> None:
    wizard = opened(world, page, ExportChoices(datasets=(), markets=()))
    press(world, wizard, QWizard.WizardButton.NextButton)
    assert wizard.what.datasets.error() == "Choose at least one dataset."
    wizard.what.datasets.show_keys(("krx",))
    wizard.next()
    assert wizard.what.markets.error() == "Choose at least one market."
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
    with open_database(world.home.database, world.home.backups, world.engine.now()).writing() as connection:
        connection.executemany(
            "INSERT INTO macro_series VALUES (?, 'title', 'units', 'daily', ?)", (("SOFR", "fred"), ("^VIX", "yahoo"))
        )
        connection.executemany(
            "INSERT INTO macro_observation VALUES (?, '2024-01-05', 1, '2024-01-06T00:00:00Z', 1)",
            (("SOFR",), ("^VIX",)),
        )
    choices = ExportChoices((Dataset.MACRO, Dataset.STRESS), first="2024-01-01", last="2024-12-31")
    wizard = at_options(world, page, choices)
    how = wizard.how
    assert how.flags.isHidden()
    world.until(how.estimate.text)
    assert how.estimate.text().startswith("About 1 macro values, ")
    assert how.estimate.text().endswith("No stress index is stored for these days. Collect it first.")
    assert how.notes.text() == "Left out: ^VIX. Yahoo's prices are for personal use and may not be passed on."
    world.click(how.licences.boxes["restricted"])
    world.until(lambda: how.estimate.text().startswith("About 2 macro values, "))
    assert how.notes.text() == "Included for your own use only, not to be passed on: ^VIX."
    assert "--include-restricted" in export_words(world.home.root, how.request())
    wizard.close()


def test_every_dataset_goes_through_the_wizard(world: World, page: ExportPage) -> None:
    build(world.home.database, kit.SIZE)
    liquid.fill(world.home)
    choices = replace(
        ExportChoices((Dataset.KRX, Dataset.MACRO, Dataset.STRESS), adjusted=True, include_issues=True),
        first=str(kit.FIRST),
        last=str(kit.LAST),
    )
    wizard = at_options(world, page, choices)
    world.until(lambda: "daily bars" in wizard.how.estimate.text() and "stress index" in wizard.how.estimate.text())
    press(world, wizard, QWizard.WizardButton.NextButton)
    world.qtbot.waitUntil(lambda: wizard.currentPage() is wizard.made, timeout=PATIENCE_MS)
    world.until(wizard.made.copy.isEnabled)
    counts = wizard.work.child.document["row_counts"]
    assert {"instrument_daily", "instruments", "data_quality_issues", "macro_daily", "stress_daily"} <= counts.keys()
    world.click(wizard.made.copy)
    assert 'read_table("macro_daily.parquet")' in QGuiApplication.clipboard().text()
    world.click(wizard.made.verify)
    world.qtbot.waitUntil(lambda: wizard.made.said.text().startswith("The set is whole"), timeout=PATIENCE_MS)
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
    kept = ExportChoices((Dataset.CRYPTO,), (Market.KOSDAQ,), "2024-01-05", adjusted=True, layout=Layout.YEAR)
    write_choices(tmp_path, kept)
    assert read_choices(tmp_path) == kept
    for broken in ("[]", "{", json.dumps({"layout": "spiral"})):
        (tmp_path / FILE).write_text(broken)
        assert read_choices(tmp_path) == ExportChoices()


def test_the_child_is_told_everything(tmp_path: Path) -> None:
    request = ExportRequest(
        tmp_path, date(2024, 1, 4), date(2024, 1, 5), markets=(Market.KONEX,), index_codes=("KOSPI:*",)
    )
    words = export_words(tmp_path, replace(request, include_issues=True))
    assert words[-4:] == ["--include-issues", "--json", "--progress-lines", "--with-parent"]
    for pair in (("--market-code", "KONEX"), ("--index-code", "KOSPI:*"), ("--date-to", "2024-01-05")):
        assert words[words.index(pair[0]) + 1] == pair[1]
