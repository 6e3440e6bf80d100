from __future__ import annotations

import tomllib
from datetime import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QScrollArea, QWidget
from support import SECRET

from tray_app import __version__
from tray_app.core.errors import AppError
from tray_app.core.events import EngineChanged, Event
from tray_app.datasets.crypto.dataset import CRYPTO
from tray_app.datasets.options import OPTIONS
from tray_app.keys import SERVICE
from tray_app.settings import NotificationLevel, ThemeChoice
from tray_app.ui.pages.settings.options import ChoiceRow, SwitchRow, TextRow
from tray_app.ui.pages.settings.page import SettingsPage
from ui.pages.settings.said import said

if TYPE_CHECKING:
    from tray_app.ui.pages.settings.keys import KeyRow
    from ui.pages.world import World

KEY = "COINGECKO_DEMO_KEY"


class LoginList:
    """Stands for the registry, which this machine lacks."""

    def __init__(self, *, supported: bool = True, refuses: bool = False) -> None:
        self.supported = supported
        self.on = False
        self._refuses = refuses

    def is_on(self) -> bool:
        return self.on

    def turn_on(self) -> None:
        if self._refuses:
            raise AppError("Windows refused the change", "Starting at login could not be changed: denied.")
        self.on = True

    def turn_off(self) -> None:
        self.on = False

    def renew(self) -> None:
        pass


@pytest.fixture
def page(world: World) -> SettingsPage:
    return shown(world)


def shown(world: World, starts: LoginList | None = None) -> SettingsPage:
    made = SettingsPage(world.parts, starts or LoginList(supported=False))
    world.show(made)
    world.until(lambda: all(row.is_known for row in made.keys.values()))
    return made


def written(world: World) -> dict[str, object]:
    return tomllib.loads(world.home.settings.read_text("utf-8"))


def choose(world: World, row: QWidget, word: str) -> None:
    segment = next(one for one in row.findChildren(QPushButton) if one.text() == word)
    world.click(segment)


def text_row(page: SettingsPage, name: str) -> TextRow:
    row = page.options[name]
    assert isinstance(row, TextRow)
    return row


def type_text(world: World, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


# --- options ---------------------------------------------------------------------------------------------------


def test_every_option_has_its_label_and_value(world: World, page: SettingsPage) -> None:
    for name, row in page.options.items():
        assert row.title == OPTIONS[name].label_text
    assert text_row(page, "crypto_times").field.text() == "06:00"
    assert text_row(page, "log_days").field.text() == "30"


def test_a_choice_counts_at_once_and_survives(world: World, page: SettingsPage) -> None:
    heard: list[Event] = []
    forget = world.engine.subscribe(heard.append)
    choose(world, page.options["notifications"], "Every run")
    world.until(lambda: world.engine.settings.settings.notifications is NotificationLevel.ALL)
    world.until(lambda: written(world) == {"notifications": "all"})
    world.until(lambda: EngineChanged() in heard)
    forget()
    again = shown(world)
    row = again.options["notifications"]
    assert isinstance(row, ChoiceRow)
    assert row.choices.choice() == "all"


def test_changes_made_while_a_file_is_written_are_all_kept(world: World, page: SettingsPage) -> None:
    choose(world, page.options["notifications"], "None")
    choose(world, page.options["theme"], "Dark")
    choose(world, page.options["theme"], "Light")
    history = page.options["history_on_first_run"]
    assert isinstance(history, SwitchRow)
    world.click(history.box)
    wanted = {"notifications": "none", "theme": "light", "history_on_first_run": False}
    world.until(lambda: world.home.settings.exists() and written(world) == wanted)
    world.until(lambda: world.engine.settings.settings.theme is ThemeChoice.LIGHT)


def test_times_that_cannot_be_used_are_marked_at_the_field(world: World, page: SettingsPage) -> None:
    row = text_row(page, "crypto_times")
    type_text(world, row.field, "25:99")
    assert said(row.notice) == "Allowed: times like 06:00, 18:00."
    assert row.field.property("wrong") is True
    assert row.field.accessibleDescription() == said(row.notice)
    assert not world.home.settings.exists()
    page.refresh()
    assert row.field.text() == "25:99"
    type_text(world, row.field, "18:00,06:00")
    world.until(lambda: said(row.notice) == "Saved")
    assert row.field.property("wrong") is False
    assert row.field.text() == "06:00, 18:00"
    assert written(world) == {"crypto_times": ["06:00", "18:00"]}
    assert world.engine.settings.settings[CRYPTO.due_option] == (time(6), time(18))


def test_leaving_a_field_applies_it(world: World, page: SettingsPage) -> None:
    row = text_row(page, "log_days")
    row.field.setFocus()
    row.field.selectAll()
    QTest.keyClicks(row.field, "7")
    QTest.keyClick(row.field, Qt.Key.Key_Tab)
    world.until(lambda: said(row.notice) == "Saved")
    assert written(world) == {"log_days": 7}


def test_taking_a_wrong_text_back_takes_the_mark_away(world: World, page: SettingsPage) -> None:
    row = text_row(page, "log_days")
    type_text(world, row.field, "0")
    assert said(row.notice) == "Allowed: a whole number from 1."
    type_text(world, row.field, "30")
    assert said(row.notice) == ""
    assert row.field.property("wrong") is False
    assert not world.home.settings.exists()


def test_an_option_of_the_environment_is_disabled_and_names_its_variable(world: World, page: SettingsPage) -> None:
    row = text_row(page, "upstream")
    assert not row.field.isEnabled()
    assert said(row.hint) == "Set by the environment variable MARKET_TRAY_UPSTREAM."
    assert row.field.text() == world.server.url


def test_settings_that_cannot_be_written_say_so_and_stay_as_they_were(world: World, page: SettingsPage) -> None:
    world.home.settings.mkdir()
    row = page.options["theme"]
    assert isinstance(row, ChoiceRow)
    choose(world, row, "Dark")
    world.until(lambda: said(row.notice).startswith("Not saved. The system says:"))
    assert row.choices.choice() == "system"


def test_a_settings_file_that_could_not_be_read_is_told(world: World) -> None:
    world.home.settings.write_text("theme = [", "utf-8")
    from dataclasses import replace

    loaded = OPTIONS.load(world.home.settings, {})
    world.engine._settings = replace(world.engine.settings, problem=loaded.problem)
    page = shown(world)
    assert page.problem.isVisible()
    assert "settings-broken.toml" in page.problem.accessibleDescription()


# --- keys ------------------------------------------------------------------------------------------------------


def keep(world: World, row: KeyRow, secret: str = SECRET) -> None:
    row.field.setFocus()
    QTest.keyClicks(row.field, secret)
    QTest.keyClick(row.field, Qt.Key.Key_Return)


def test_a_kept_key_cannot_be_read_from_the_window(world: World, page: SettingsPage) -> None:
    row = page.keys[KEY]
    assert row.state.accessibleName() == "not set"
    assert row.field.echoMode() is QLineEdit.EchoMode.Password
    keep(world, row)
    world.until(lambda: row.state.accessibleName() == "set in the credential store")
    assert world.store.kept == {(SERVICE, KEY): SECRET}
    row.field.undo()
    assert row.field.text() == ""
    row.field.setEchoMode(QLineEdit.EchoMode.Normal)
    row.field.undo()
    assert SECRET not in everything_readable(page)
    assert SECRET not in everything_readable(shown(world))


def test_a_key_is_deleted(world: World, page: SettingsPage) -> None:
    row = page.keys[KEY]
    assert not row.delete_button.isVisible()
    keep(world, row)
    world.until(row.delete_button.isVisible)
    world.click(row.delete_button)
    world.until(lambda: row.state.accessibleName() == "not set")
    assert not world.store.kept
    assert said(row.notice) == "Deleted."
    assert not row.delete_button.isVisible()


def test_without_a_credential_store_the_field_says_what_to_do(
    world: World, page: SettingsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(service: str, name: str, secret: str) -> None:
        raise RuntimeError(f"cannot keep {secret}")

    monkeypatch.setattr(world.store, "set_password", refuse)
    row = page.keys[KEY]
    keep(world, row)
    world.until(lambda: said(row.notice))
    assert "no credential store" in said(row.notice)
    assert f"Set the environment variable {KEY} instead" in said(row.notice)
    assert row.field.property("wrong") is True
    assert row.field.text() == SECRET
    assert SECRET not in said(row.notice)
    assert row.keep_button.isEnabled()


def test_a_key_of_the_environment_wins_and_cannot_be_changed_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(world.environment, KEY, SECRET)
    row = shown(world).keys[KEY]
    assert row.state.accessibleName() == "set in the environment"
    assert not row.field.isEnabled()
    assert not row.keep_button.isEnabled()
    assert said(row.hint) == f"Set by the environment variable {KEY}, which wins."


def test_an_empty_key_cannot_be_kept(world: World, page: SettingsPage) -> None:
    row = page.keys[KEY]
    assert not row.keep_button.isEnabled()
    keep(world, row, "  ")
    assert not row.keep_button.isEnabled()
    assert not world.store.kept


# --- this computer ---------------------------------------------------------------------------------------------


def test_starting_at_login_asks_and_tells_the_system(world: World) -> None:
    starts = LoginList()
    row = shown(world, starts).start
    world.until(row.box.isEnabled)
    assert not row.box.isChecked()
    world.click(row.box)
    world.until(lambda: starts.on and row.box.isEnabled())
    assert row.box.isChecked()
    QTest.keyClick(row.box, Qt.Key.Key_Space)
    world.until(lambda: not starts.on and row.box.isEnabled())
    assert not row.box.isChecked()


def test_a_system_that_refuses_says_why_and_the_switch_goes_back(world: World) -> None:
    row = shown(world, LoginList(refuses=True)).start
    world.until(row.box.isEnabled)
    world.click(row.box)
    world.until(lambda: said(row.notice))
    assert said(row.notice) == "Starting at login could not be changed: denied."
    assert not row.box.isChecked()
    assert row.box.isEnabled()


def test_without_a_start_list_the_switch_says_so(world: World, page: SettingsPage) -> None:
    assert not page.start.box.isEnabled()
    assert "it works on Windows" in said(page.start.hint)


def test_a_backup_is_written_from_here_too(world: World, page: SettingsPage) -> None:
    world.click(page.backups.write)
    world.until(lambda: said(page.backups.notice).startswith("Backup written: market-"))
    assert len(list(world.home.backups.glob("*.db"))) == 1
    world.until(lambda: said(page.backups.hint).startswith("one of"))


def test_about_names_version_licence_and_sources(world: World, page: SettingsPage) -> None:
    text = everything_readable(page)
    for part in (
        f"Market Tray {__version__}",
        "MIT licence",
        'Data provided by <a style="color:',
        'href="https://www.coingecko.com/en/api">CoinGecko</a>',
        "https://defillama.com",
        "Fear &amp; Greed Index: ",
        "https://alternative.me/crypto/fear-and-greed-index/",
        "한국거래소 통계정보",
        "This product uses the FRED API but is not endorsed or certified by the Federal Reserve Bank of St. Louis.",
        "https://finance.yahoo.com",
        "https://www.federalreserve.gov",
        "https://news.google.com",
        "for personal, non-commercial use",
        str(world.home.root),
    ):
        assert part in text


# --- the whole -------------------------------------------------------------------------------------------------


def test_every_control_has_a_name_and_fits_the_least_window(world: World, page: SettingsPage) -> None:
    for control in page.findChildren(QWidget):
        if control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.isVisible() and not isinstance(control, QLabel):
            assert control.accessibleName(), control
    page.resize(700, 600)
    area = page.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    world.until(lambda: area.horizontalScrollBar().maximum() == 0)
    assert page.width() == 700


def everything_readable(page: SettingsPage) -> str:
    from tray_app.ui.parts.text.path_label import PathLabel

    parts = [one.text() for one in page.findChildren(QLabel)]
    parts += [one.text() for one in page.findChildren(PathLabel)]
    parts += [one.text() for one in page.findChildren(QLineEdit)]
    parts += [one.displayText() for one in page.findChildren(QLineEdit)]
    parts += [text for one in page.findChildren(QWidget) for text in (one.accessibleName(), one.toolTip())]
    return "\n".join(parts)
