"""Where the data lies, how much room it takes, and what was asked of the sources today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from tray_app import __version__
from tray_app.core.health import LOW_DISK_BYTES
from tray_app.core.words import tr
from tray_app.datasets import DATASETS
from tray_app.datasets.titles import collector_title
from tray_app.ui.desktop import open_folder
from tray_app.ui.labels import formats
from tray_app.ui.labels.backups import backups_text
from tray_app.ui.labels.runs import error_text, file_size
from tray_app.ui.parts.card.card import card_column
from tray_app.ui.parts.card.facts import FactList
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.layout.boxes import SPACE, row
from tray_app.ui.parts.text.path_label import PathLabel
from tray_app.ui.parts.text.texts import SECONDARY, label, paragraph, set_tone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tray_app.core.health import Storage
    from tray_app.engine.facade import Quota
    from tray_app.store.usage import SourceUsage
    from tray_app.ui.labels.backups import Backups
    from tray_app.ui.style.style import Style


class StorageCard(QFrame):
    """Shows the database and its backups."""

    backup_requested = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self._folder: Path | None = None
        self.path = PathLabel(style)
        self.facts = FactList(style)
        self._warning = paragraph(style, tr("Less than 1 GB is free: collecting may stop."), tone="attention")
        self.notice = paragraph(style, tone=SECONDARY)
        self.backup = button(style, tr("Back up now"))
        self.backup.clicked.connect(self.backup_requested)
        self._open = button(style, tr("Open folder"), "folder")
        self._open.clicked.connect(self._open_folder)
        buttons = row(self.backup, self._open, SPACE, gap=metrics.small)
        card_column(style, self, tr("Storage"), self.path, self.facts, self._warning, self.notice, SPACE, buttons)
        self._warning.hide()
        self.notice.hide()

    def show_storage(self, storage: Storage, backups: Backups) -> None:
        """Show where the data lies."""
        self._folder = storage.database.parent
        self.path.show_path(storage.database)
        self.facts.show_facts(
            (
                (tr("Database"), file_size(storage.database_bytes)),
                (tr("Backups"), backups_text(backups)),
                (tr("Free disk"), file_size(storage.free_bytes)),
            )
        )
        self._warning.setVisible(storage.free_bytes < LOW_DISK_BYTES)

    def show_busy(self) -> None:
        """Say that a backup is being written."""
        self.backup.setEnabled(False)
        self._say(tr("Writing a backup"), SECONDARY)

    def show_backup(self, path: Path) -> None:
        """Say that a backup was written."""
        self.backup.setEnabled(True)
        self._say(tr("Backup written: {name}", name=path.name), "success")

    def show_failure(self, error: Exception) -> None:
        """Say why no backup was written."""
        self.backup.setEnabled(True)
        self._say(tr("No backup was written. {error}", error=error_text(error)), "error")

    def _say(self, text: str, tone: str) -> None:
        self.notice.setText(text)
        set_tone(self.notice, tone)
        self.notice.show()

    def _open_folder(self) -> None:
        if self._folder is not None:
            open_folder(self._folder)


class QuotaBar:
    """How much of a source's calls of the day is used, in words and as a bar; hidden for a source without a limit."""

    def __init__(self, style: Style) -> None:
        self.text = paragraph(style)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(style.theme.metrics.tight)
        self.show_quota(None)

    def show_quota(self, quota: Quota | None) -> None:
        """Show a quota, or none."""
        self.text.setVisible(quota is not None)
        self.bar.setVisible(quota is not None)
        if quota is None:
            return
        text = tr(
            "{title}: {used} of {limit} calls used, {left} left until midnight KST",
            title=collector_title(quota.collector),
            used=formats.number(quota.used),
            limit=formats.number(quota.limit),
            left=formats.number(quota.left),
        )
        self.text.setText(text)
        self.bar.setAccessibleName(text)
        self.bar.setRange(0, max(1, quota.limit))
        self.bar.setValue(min(quota.used, quota.limit))


class UsageCard(QFrame):
    """Shows the calls of today, and the version."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = FactList(style, numbers=True)
        self._empty = paragraph(style, tr("No source was asked today."), tone=SECONDARY)
        self.quotas = {dataset.name: QuotaBar(style) for dataset in DATASETS}
        bars = [part for quota in self.quotas.values() for part in (quota.text, quota.bar)]
        version = label(style, tr("Market Tray {version}", version=__version__), tone=SECONDARY)
        title = tr("Calls to sources today (KST)")
        card_column(style, self, title, *bars, self.facts, self._empty, SPACE, version)

    def show_quotas(self, quotas: Sequence[Quota]) -> None:
        """Show how much of the calls of the day is used, of the datasets whose source limits them."""
        known = {quota.collector: quota for quota in quotas}
        for name, bar in self.quotas.items():
            bar.show_quota(known.get(name))

    def show_usage(self, usage: Sequence[SourceUsage]) -> None:
        """Show how often each source was asked."""
        self.facts.show_facts([(each.source, formats.number(each.calls)) for each in usage])
        self.facts.setVisible(bool(usage))
        self._empty.setVisible(not usage)
