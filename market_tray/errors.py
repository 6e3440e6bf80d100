"""Why the library gave no data. Each has a title, a message and a hint, as every AppError of Market Tray."""

from collections.abc import Iterable
from pathlib import Path

from tray_app.core.errors import AppError, BadInput
from tray_app.core.words import tr


class NoDatabase(AppError):
    """The home holds no database."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            tr("There is no database"),
            tr("{home} holds no market.db.", home=home),
            tr("Name the home folder, market_tray.open(HOME) or MARKET_TRAY_HOME, or start Market Tray there first."),
        )


class ErrorsInData(AppError):
    """Open errors touch what was asked for, as an export of the same rows would say."""

    def __init__(self, message: str) -> None:
        super().__init__(
            tr("Errors in the data"),
            message,
            tr("Collect the days again (market-tray collect), or take the rows all the same with allow_errors=True."),
        )


class PolarsMissing(AppError):
    """Polars was asked for, but is not installed."""

    def __init__(self) -> None:
        super().__init__(
            tr("Polars is not installed"),
            tr('as_="polars" needs the package polars.'),
            tr("Install it with: pip install polars"),
        )


class Closed(AppError):
    """The store was closed before."""

    def __init__(self) -> None:
        super().__init__(
            tr("Closed"), tr("This store was closed; nothing is read from it any more."), tr("Open it again.")
        )


class Unknown(BadInput):
    """Names that nothing is stored under."""

    def __init__(self, what: str, names: Iterable[str], hint: str) -> None:
        super().__init__(
            tr("This name is not known"),
            tr("No {what} is stored as {names}.", what=what, names=", ".join(map(repr, names))),
            hint,
        )
