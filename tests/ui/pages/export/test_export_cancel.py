"""An export that is stopped: by its button, by the wizard's end, by the program's; with a real child at work."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from export import kit
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWizard
from shiboken6 import isValid

from benchmarks.krx_store import StoreSize, build, sessions
from tray_app.engine.cancel import CancelFlag
from tray_app.export.presets.lean import LEAN
from tray_app.export.presets.pandas import PANDAS
from tray_app.export.set.target import job_of
from tray_app.export.set.verify import verify
from tray_app.store.export_jobs import JobStatus
from tray_app.ui.pages.export.page import ExportPage
from tray_app.ui.pages.export.wizard_pages import ExportChoices
from ui.pages.exporting import at_options, press

if TYPE_CHECKING:
    from tray_app.ui.pages.export.wizard import ExportWizard
    from ui.pages.world import World

LARGE = StoreSize(instruments=1_500, first=date(2024, 1, 1), sessions=40)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")


@pytest.fixture
def page(world: World) -> ExportPage:
    return ExportPage(world.parts)


def exporting(world: World, page: ExportPage) -> ExportWizard:
    """Begin an export that takes seconds, over a set that is there, and wait until its files are being written."""
    build(world.home.database, LARGE)
    days = sessions(LARGE)
    choices = ExportChoices(preset=LEAN, first=str(days[0]), last=str(days[-1]))
    wizard = at_options(world, page, choices)
    request = replace(wizard.how.request(), preset=PANDAS)
    world.engine.exports.run(request, kit.ignore, CancelFlag())
    writes = partial(is_line_of, "preset")
    with world.qtbot.waitSignal(wizard.work.child.progressed, check_params_cb=writes):
        press(world, wizard, QWizard.WizardButton.NextButton)
    return wizard


def is_line_of(stage: str, line: dict[str, Any]) -> bool:
    return bool(line["stage"] == stage)


def only_the_old_set(world: World) -> bool:
    """Tell whether the job begun second was cancelled, and only the set of the first is there, whole."""
    jobs = {job.status: job for job in world.engine.exports.jobs()}
    assert set(jobs) == {JobStatus.SUCCEEDED, JobStatus.CANCELLED}
    assert jobs[JobStatus.CANCELLED].request["preset"] == LEAN.name
    (folder,) = world.home.exports.iterdir()
    assert job_of(folder) == jobs[JobStatus.SUCCEEDED].job_id
    return verify(folder).is_whole


def test_cancelling_leaves_the_old_set_and_a_cancelled_job(world: World, page: ExportPage) -> None:
    wizard = exporting(world, page)
    with world.qtbot.waitSignal(wizard.changed):
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
    os.kill(wizard.work.child.process.processId(), signal.SIGSTOP)
    wizard.work.child.patience.setInterval(0)
    with world.qtbot.waitSignal(wizard.changed):
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
    world.qtbot.waitUntil(lambda: not isValid(wizard))
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
    wizard.how.preset.show_key(PANDAS.name)
    press(world, wizard, QWizard.WizardButton.NextButton)
    world.qtbot.waitUntil(lambda: wizard.currentPage() is wizard.made)
    ends = [(job.request["preset"], job.status) for job in world.engine.exports.jobs()]
    pandas = (PANDAS.name, JobStatus.SUCCEEDED)
    assert sorted(ends) == [(LEAN.name, JobStatus.CANCELLED), pandas, pandas]
    made = wizard.work.child.document
    assert job_of(Path(made["output_path"])) == made["job_id"]
    wizard.close()
