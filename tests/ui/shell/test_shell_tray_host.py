"""Whether the desktop shows tray icons, from the first look on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tray_app.ui.tray.host import TRIES, TrayHost

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize("is_there", [True, False])
def test_the_first_look_tells_whether_there_is_a_place_for_the_icon(qtbot: QtBot, *, is_there: bool) -> None:
    host = TrayHost(lambda: is_there)
    host.look()
    assert host.is_seen == is_there
    assert not host.given_up
    host.stop()


def test_it_gives_up_after_some_looks_and_takes_note_when_a_host_comes_after_all(qtbot: QtBot) -> None:
    there: list[bool] = []
    host = TrayHost(lambda: bool(there))
    with qtbot.waitSignal(host.lost):
        for _ in range(TRIES):
            host.look()
    there.append(True)
    with qtbot.waitSignal(host.found):
        host.look()
    assert host.is_seen
    assert not host.given_up
    host.stop()
