"""The pages of the main window, in order: a folder each, and its line here."""

from __future__ import annotations

from tray_app.ui.pages.collect import COLLECT
from tray_app.ui.pages.crypto import CRYPTO
from tray_app.ui.pages.export import EXPORT
from tray_app.ui.pages.instruments import INSTRUMENTS
from tray_app.ui.pages.liquidity import LIQUIDITY
from tray_app.ui.pages.log import LOG
from tray_app.ui.pages.settings import SETTINGS
from tray_app.ui.pages.status import STATUS

PAGES = (STATUS, CRYPTO, LIQUIDITY, INSTRUMENTS, COLLECT, EXPORT, LOG, SETTINGS)
