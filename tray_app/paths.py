"""Where everything lives: one home folder, and the resources that ship with the program."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "MARKET_TRAY_HOME"
PORTABLE_MARKER = "portable"


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds all of a user's data."""

    root: Path

    @property
    def database(self) -> Path:
        """Return the path of the SQLite file."""
        return self.root / "market.db"

    @property
    def settings(self) -> Path:
        """Return the path of the settings file."""
        return self.root / "settings.toml"

    @property
    def environment(self) -> Path:
        """Return the path of the optional file with environment variables."""
        return self.root / ".env"

    @property
    def logs(self) -> Path:
        """Return the folder of the log files."""
        return self.root / "logs"

    @property
    def backups(self) -> Path:
        """Return the folder of the backups."""
        return self.root / "backups"

    @property
    def exports(self) -> Path:
        """Return the folder exports go to unless told otherwise."""
        return self.root / "exports"

    @property
    def private(self) -> tuple[Path, ...]:
        """Return what other users of the computer have no business with; older versions left it open to them."""
        database = (self.database.with_name(self.database.name + suffix) for suffix in ("", "-wal", "-shm"))
        return (self.root, *database, self.settings, self.logs, self.backups, self.exports, *self.logs.glob("*.*"))

    @property
    def locks(self) -> Path:
        """Return the folder of the process locks."""
        return self.root / "locks"


def find_home(asked: Path | None, environment: Mapping[str, str]) -> Home:
    """Return the home asked for, else the environment's, else the portable one, else the platform's data folder."""
    if asked is not None:
        return Home(asked.absolute())
    if environment.get(HOME_VARIABLE):
        return Home(Path(environment[HOME_VARIABLE]).absolute())
    beside = Path(sys.executable).parent
    if is_frozen() and (beside / PORTABLE_MARKER).exists():
        return Home(beside)
    import platformdirs  # noqa: PLC0415 - not on the way to the icon when a home is named

    return Home(Path(platformdirs.user_data_dir("Market Tray", appauthor=False, roaming=False)))


def is_frozen() -> bool:
    """Whether this is the packaged program."""
    return bool(getattr(sys, "frozen", False))


def resources() -> Path:
    """Return the folder of icons and styles: beside the package when installed, at the top of the source tree."""
    package = Path(__file__).parent
    if is_frozen():
        return Path(os.fspath(getattr(sys, "_MEIPASS", package))) / "resources"
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def console_command() -> tuple[str, ...]:
    """Return what starts our console program: the packaged one beside the windowed one, or this Python's."""
    if not is_frozen():
        return (sys.executable, "-m", "tray_app")
    running = Path(sys.executable)
    return (str(running.with_name("market-tray-cli").with_suffix(running.suffix)),)
