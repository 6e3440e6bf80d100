"""What a preset tells of itself. Nothing here loads Arrow: the tray and the parser offer presets by their facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tray_app.export.presets.bars import DailyBars

ADJUSTED_FIELDS = ("adj_open", "adj_high", "adj_low", "adj_close", "adj_volume")


class PresetBytes(NamedTuple):
    """What a preset's own files take for a daily bar, and for an issue: its files' frames and manifest entries."""

    row: float = 0
    listing: float = 0


NO_BYTES = PresetBytes()


@dataclass(frozen=True, slots=True)
class Loading:
    """Lines of Python that load a set with a program, each run by a test in its own library.

    bars: the daily bars. by_year: what of it reads otherwise with a folder per year, whose name is no column of the
    set. opening: what comes before the tables in a set without bars. table: how any other table is read, as {name}; a
    program that takes nothing but bars has none, and leaves them to pandas.
    """

    bars: str
    by_year: tuple[str, str] = ("", "")
    opening: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Preset:
    """A program that a set is for: its name in commands and JSON, and its title.

    is_adjusting: it takes prices in which splits do not show. size: measured on whole sets, see estimate.py. write:
    makes its own files of the bars; programs that read the set's files need none. has_views: views over the set's
    files are written too.
    """

    name: str
    title: str
    loading: Loading
    is_adjusting: bool = False
    size: PresetBytes = NO_BYTES
    write: Callable[[DailyBars], None] | None = None
    has_views: bool = False

    @property
    def needs_bars(self) -> bool:
        """Whether it is made of the Korea Exchange's daily bars, and no set without them."""
        return self.write is not None
