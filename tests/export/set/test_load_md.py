"""LOAD.md shows what it quotes, and means nothing by it."""

from datetime import date
from pathlib import Path

from tray_app.datasets.liquidity.exports import MACRO_SETS
from tray_app.export.request import ExportRequest
from tray_app.export.set.load_md import guide


def test_a_note_is_no_markdown() -> None:
    request = ExportRequest(Path("set"), date(2026, 1, 2), date(2026, 1, 5), datasets=(MACRO_SETS,))
    notes = ("# [x](http://evil.test)", "![p](file://host/x.png) <img src=x>", "a `b` *c*\x1b[2J\u202e")
    written = guide(request, [], notes).splitlines()
    assert r"\# \[x\](http://evil.test)" in written
    assert r"\!\[p\](file://host/x.png) \<img src=x\>" in written
    assert r"a \`b\` \*c\*" in written
