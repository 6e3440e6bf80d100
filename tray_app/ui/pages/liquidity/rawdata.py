"""What the section of raw series reads, on reader threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tray_app.datasets.liquidity.catalogue import Frequency, catalogue
from tray_app.datasets.liquidity.dataset import LIQUIDITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.datasets.liquidity.reads import StoredSeries
    from tray_app.engine.facade import Engine
    from tray_app.ui.charts.drawing import Drawing


@dataclass(frozen=True, eq=False, slots=True)
class UnitPicture:
    """The chosen series of one unit, and who serves them."""

    units: str
    providers: tuple[str, ...]
    drawing: Drawing


@dataclass(frozen=True, eq=False, slots=True)
class RawPicture:
    """Every series that can be chosen, those that were, and their charts in the order they were chosen."""

    stored: tuple[StoredSeries, ...]
    chosen: tuple[StoredSeries, ...]
    units: tuple[UnitPicture, ...]


def take_raw(engine: Engine, chosen: Sequence[str]) -> RawPicture:
    """Read the whole history of some series; not for the UI thread."""
    from tray_app.ui.charts.drawing import Drawing  # noqa: PLC0415 - numpy comes with it
    from tray_app.ui.pages.liquidity.series import series_lines  # noqa: PLC0415

    reads = engine.reads(LIQUIDITY)
    stored = reads.series()
    known = {each.series_id: each for each in stored}
    frequencies = {each.series_id: each.frequency for each in catalogue()}
    wanted = tuple(known[each] for each in chosen if each in known)
    pictures = []
    drawn = [each for each in wanted if each.newest]
    for units in dict.fromkeys(each.units for each in drawn):
        ours = [each for each in drawn if each.units == units]
        lines = series_lines(
            [
                (each, frequencies.get(each.series_id, Frequency.DAILY), reads.observations(each.series_id))
                for each in ours
            ]
        )
        providers = tuple(dict.fromkeys(str(each.provider) for each in ours))
        pictures.append(UnitPicture(units, providers, Drawing(lines)))
    return RawPicture(stored, wanted, tuple(pictures))
