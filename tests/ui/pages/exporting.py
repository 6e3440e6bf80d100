"""The ways through the Export page and its wizard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWizard

from tray_app.datasets.crypto.exports import CRYPTO_SETS
from tray_app.ui.pages.export.wizard_pages import ExportChoices, saved_choices

if TYPE_CHECKING:
    from tray_app.ui.pages.export.page import ExportPage
    from tray_app.ui.pages.export.wizard import ExportWizard
    from ui.pages.world import World

CRYPTO = ExportChoices(datasets=(CRYPTO_SETS,))


def opened(world: World, page: ExportPage, choices: ExportChoices = CRYPTO) -> ExportWizard:
    saved_choices(world.home.root).write(choices)
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


def exported(world: World, page: ExportPage) -> ExportWizard:
    """Make a set of crypto."""
    world.collect()
    wizard = at_options(world, page)
    press(world, wizard, QWizard.WizardButton.NextButton)
    world.qtbot.waitUntil(lambda: wizard.currentPage() is wizard.made)
    world.until(lambda: page.table.model().rowCount() == 1 and wizard.made.copy.isEnabled())
    return wizard
