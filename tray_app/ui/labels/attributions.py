"""Whose data is shown, with the words and links their terms ask for."""

from __future__ import annotations

from tray_app.core.words import tr
from tray_app.datasets import SHOWN


def all_attributions() -> tuple[str, ...]:
    """Return a line of HTML for each source."""
    return tuple(
        tr(each.sentence, link=each.link, notice=each.notice) for dataset in SHOWN for each in dataset.attributions
    )
