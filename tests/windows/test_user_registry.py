# ruff: noqa: ARG002, N802 - the fake has the parameters and the names of winreg
"""The registry, starting at login and the taskbar's brightness, on a registry that lives in a dictionary."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tray_app.core.errors import AppError
from tray_app.windows.autostart import APPROVED_KEY, RUN_KEY, VALUE, NoAutostart, RunKeyAutostart, autostart
from tray_app.windows.registry import Registry, user_registry
from tray_app.windows.taskbar import THEME_KEY, taskbar_is_light

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = r'"C:\Program Files\Market Tray\market-tray.exe" run --hidden'
on_windows = pytest.mark.skipif(sys.platform != "win32", reason="has a registry on Windows only")
elsewhere = pytest.mark.skipif(sys.platform == "win32", reason="Windows has a registry")


class FakeWinreg:
    """The part of winreg we use, with its errors."""

    HKEY_CURRENT_USER = object()
    KEY_SET_VALUE = 2
    REG_SZ = 1

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, object]] = {}
        self.is_forbidden = False

    @contextmanager
    def OpenKey(self, root: object, key: str, reserved: int = 0, access: int = 1) -> Iterator[dict[str, object]]:
        assert root is self.HKEY_CURRENT_USER
        if access == self.KEY_SET_VALUE and self.is_forbidden:
            raise PermissionError(5, "Access is denied")
        if key not in self.keys:
            raise FileNotFoundError(2, "no such key")
        yield self.keys[key]

    @contextmanager
    def CreateKeyEx(self, root: object, key: str, reserved: int, access: int) -> Iterator[dict[str, object]]:
        if self.is_forbidden:
            raise PermissionError(5, "Access is denied")
        yield self.keys.setdefault(key, {})

    def QueryValueEx(self, key: dict[str, object], name: str) -> tuple[object, int]:
        if name not in key:
            raise FileNotFoundError(2, "no such value")
        return key[name], 1

    def SetValueEx(self, key: dict[str, object], name: str, reserved: int, kind: int, value: object) -> None:
        assert kind == self.REG_SZ
        key[name] = value

    def DeleteValue(self, key: dict[str, object], name: str) -> None:
        if name not in key:
            raise FileNotFoundError(2, "no such value")
        del key[name]


@pytest.fixture
def winreg() -> FakeWinreg:
    return FakeWinreg()


@pytest.fixture
def start(winreg: FakeWinreg) -> RunKeyAutostart:
    return RunKeyAutostart(Registry(winreg), COMMAND)


def test_start_at_login_is_what_the_registry_says(start: RunKeyAutostart, winreg: FakeWinreg) -> None:
    assert not start.is_on()
    start.turn_on()
    assert winreg.keys[RUN_KEY] == {VALUE: COMMAND}
    assert start.is_on()
    del winreg.keys[RUN_KEY][VALUE]  # the user's cleaning tool
    assert not start.is_on()


def test_turning_off_removes_our_value_only(start: RunKeyAutostart, winreg: FakeWinreg) -> None:
    winreg.keys[RUN_KEY] = {"OneDrive": "onedrive.exe", VALUE: COMMAND}
    start.turn_off()
    assert winreg.keys[RUN_KEY] == {"OneDrive": "onedrive.exe"}
    start.turn_off()  # a second time is no error
    assert not start.is_on()


def test_what_task_manager_switched_off_is_off_until_turned_on(start: RunKeyAutostart, winreg: FakeWinreg) -> None:
    start.turn_on()
    winreg.keys[APPROVED_KEY] = {VALUE: b"\x03" + bytes(11)}
    assert not start.is_on()
    start.turn_on()
    assert start.is_on()


@pytest.mark.parametrize("approved", [b"\x02" + bytes(11), b"", "text"])
def test_other_words_of_task_manager_leave_it_on(start: RunKeyAutostart, winreg: FakeWinreg, approved: object) -> None:
    start.turn_on()
    winreg.keys[APPROVED_KEY] = {VALUE: approved}
    assert start.is_on()


def test_a_moved_program_writes_its_new_path(start: RunKeyAutostart, winreg: FakeWinreg) -> None:
    winreg.keys[RUN_KEY] = {VALUE: r'"D:\old\market-tray.exe" run --hidden'}
    start.renew()
    assert winreg.keys[RUN_KEY][VALUE] == COMMAND


def test_renewing_turns_nothing_on(start: RunKeyAutostart, winreg: FakeWinreg) -> None:
    start.renew()
    assert winreg.keys == {}
    winreg.keys = {RUN_KEY: {VALUE: "old"}, APPROVED_KEY: {VALUE: b"\x03"}}
    start.renew()
    assert not start.is_on()


@pytest.mark.parametrize("action", ["turn_on", "turn_off"])
def test_a_policy_that_forbids_it_is_told(start: RunKeyAutostart, winreg: FakeWinreg, action: str) -> None:
    winreg.is_forbidden = True
    with pytest.raises(AppError, match="Access is denied") as caught:
        getattr(start, action)()
    assert "policy" in caught.value.hint


@pytest.mark.parametrize(("value", "light"), [(1, True), (0, False), (None, None)])
def test_the_taskbar_has_a_brightness_of_its_own(winreg: FakeWinreg, value: int | None, light: bool | None) -> None:
    if value is not None:
        winreg.keys[THEME_KEY] = {"SystemUsesLightTheme": value, "AppsUseLightTheme": 1 - value}
    assert taskbar_is_light(Registry(winreg)) is light


def test_a_value_of_another_kind_counts_as_none(winreg: FakeWinreg) -> None:
    winreg.keys["k"] = {"list": ["a"]}
    assert Registry(winreg).read("k", "list") is None


@elsewhere
def test_other_systems_say_that_it_is_not_supported() -> None:
    assert user_registry() is None
    assert taskbar_is_light(None) is None
    start = autostart(COMMAND)
    assert isinstance(start, NoAutostart)
    assert (start.supported, start.is_on()) == (False, False)
    start.turn_off()
    start.renew()
    with pytest.raises(AppError, match="on Windows only"):
        start.turn_on()


@on_windows
def test_the_real_registry_keeps_and_forgets() -> None:
    registry = user_registry()
    assert registry is not None
    key = r"Software\Market Tray test"
    registry.write(key, "이름", COMMAND)
    assert registry.read(key, "이름") == COMMAND
    registry.delete(key, "이름")
    registry.delete(key, "이름")
    assert registry.read(key, "이름") is None
    assert autostart(COMMAND).supported
