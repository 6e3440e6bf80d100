"""Calls to the Windows shell: harmless elsewhere, and real where there is a shell."""

from __future__ import annotations

import os

from tray_app.windows.foreground import let_come_forward
from tray_app.windows.identity import set_application_id


def test_the_program_can_name_itself_twice() -> None:
    set_application_id()
    set_application_id()


def test_another_process_may_come_forward() -> None:
    let_come_forward(os.getpid())
