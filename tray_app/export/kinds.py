"""The words of a request: in which form a set is wanted. Light: the tray and the parser load them."""

from enum import StrEnum


class Basis(StrEnum):
    """Which adjustment factors count: those known by the last day of the set, or all known now."""

    END = "end"
    LATEST = "latest"


class Layout(StrEnum):
    """One file of daily bars, or a folder with one per year."""

    SINGLE = "single"
    YEAR = "year"


class DateType(StrEnum):
    """How dates are typed in the files."""

    DATE32 = "date32"
    TIMESTAMP_MS = "timestamp[ms]"
