"""What FRED and Yahoo have in common when they do not know a series."""

from tray_app.core.errors import AppError
from tray_app.core.words import tr


class UnknownSeries(AppError):
    """The source has no series of this name; says nothing about the key or about other series."""

    may_pass = False

    def __init__(self, host: str, series: str) -> None:
        super().__init__(
            tr("{series} is unknown", series=series),
            tr("{host} has no series {series}.", host=host, series=series),
            tr("It may have ended or changed its name; the other series are collected without it."),
        )
        self.series = series
