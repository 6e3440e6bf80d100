"""The window's memory, and keeping it on a screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect

from tray_app.ui.shell.geometry import FILE, WindowMemory, WindowState, clamped

LEFT = QRect(0, 0, 1280, 800)
RIGHT = QRect(1280, 0, 1920, 1080)


@pytest.mark.parametrize(
    ("wanted", "screens", "given"),
    [
        (QRect(100, 50, 800, 600), [LEFT], QRect(100, 50, 800, 600)),
        (QRect(1400, 50, 800, 600), [LEFT, RIGHT], QRect(1400, 50, 800, 600)),
        (QRect(1400, 50, 800, 600), [LEFT], QRect(480, 50, 800, 600)),  # the right screen was unplugged
        (QRect(-3000, -2000, 800, 600), [LEFT, RIGHT], QRect(0, 0, 800, 600)),
        (QRect(0, 0, 5000, 4000), [LEFT], LEFT),  # a smaller screen than last time
        (QRect(1200, 700, 800, 600), [LEFT, RIGHT], QRect(1280, 480, 800, 600)),
        (QRect(10, 10, 20, 20), [], QRect(10, 10, 20, 20)),
    ],
)
def test_a_window_stays_on_a_screen(wanted: QRect, screens: list[QRect], given: QRect) -> None:
    assert clamped(wanted, screens) == given


def test_memory_keeps_everything(tmp_path: Path) -> None:
    state = WindowState(place=(1, -2, 300, 400), is_maximized=True, page="crypto", is_welcomed=True)
    memory = WindowMemory(tmp_path)
    assert memory.read() == WindowState()
    memory.write(state)
    assert WindowMemory(tmp_path).read() == state
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '{"place": [1, 2]}',
        '{"place": "here"}',
        '{"place": [0, 0, 0, 5]}',
        '{"place": [1, 2, null, 4]}',
    ],
)
def test_memory_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert WindowMemory(tmp_path).read() == WindowState()


def test_memory_of_another_version_keeps_what_it_knows(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"page": "log", "colour": "red"}', encoding="utf-8")
    assert WindowMemory(tmp_path).read() == WindowState(page="log")


def test_memory_without_a_folder_is_no_error(tmp_path: Path) -> None:
    memory = WindowMemory(tmp_path / "missing")
    memory.write(WindowState(page="log"))
    assert memory.read() == WindowState()


def test_memory_is_kept_once_another_program_lets_go_of_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, refusals = Path.replace, [PermissionError("held"), PermissionError("held")]

    def replace_on_windows(path: Path, target: Path) -> Path:
        if refusals:
            raise refusals.pop()
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", replace_on_windows)
    memory = WindowMemory(tmp_path)
    memory.write(WindowState(page="log"))
    assert memory.read() == WindowState(page="log")
    assert refusals == []
