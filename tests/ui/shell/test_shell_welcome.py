"""What the welcome says about keys: those that are missing, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from tray_app.ui.shell.welcome import Welcome

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tray_app.ui.style.style import Style

WORDS = {
    "KRX_AUTH_KEY": "KRX Open API",
    "FRED_API_KEY": "FRED",
    "COINGECKO_DEMO_KEY": "CoinGecko",
}


@pytest.mark.parametrize(
    "missing", [(), ("NOTIFICATION_URLS",), *((name,) for name in WORDS), tuple(WORDS), tuple(WORDS)[1:]]
)
def test_only_missing_keys_are_named_and_no_text_is_cut(style: Style, qtbot: QtBot, missing: tuple[str, ...]) -> None:
    dialog = Welcome(style, missing, has_tray=True)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    texts = dialog.findChildren(QLabel)
    said = " ".join(text.text() for text in texts)
    assert {name for name, word in WORDS.items() if word in said} == set(missing) & set(WORDS)
    asks = any("key" in each.text() for each in dialog.findChildren(QPushButton))
    assert asks == bool(set(missing) & set(WORDS))
    for text in texts:
        assert text.height() >= text.heightForWidth(text.width()), text.text()
