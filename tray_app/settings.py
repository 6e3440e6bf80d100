"""The options that all share, and how all are loaded and saved: settings.toml in the home folder.

The environment wins over .env in the home, which wins over the file, which wins over the default.
"""

import dataclasses
import logging
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from tray_app.core.errors import BadInput
from tray_app.core.web.proxy import refuse_script
from tray_app.core.words import N_, tr
from tray_app.files import place_file, require_file, write_text
from tray_app.option import Option, Value, written

logger = logging.getLogger(__name__)


class NotificationLevel(StrEnum):
    """Which runs a notification tells of."""

    NONE = "none"
    FAILURES = "failures"
    ALL = "all"


class ThemeChoice(StrEnum):
    """Which colours the windows take."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class PriceColours(StrEnum):
    """How rising and falling prices are coloured."""

    KOREAN = "korean"
    WESTERN = "western"


def _option(  # noqa: PLR0913, PLR0917 - what an option is made of
    default: Any, label: str, environment: str, hint: str = "", example: str = "", check: Any = None
) -> Any:
    extra = {"label": label, "environment": environment, "hint": hint, "example": example, "check": check}
    return field(default=default, metadata=extra)


@dataclass(frozen=True, slots=True)
class Settings:
    """The options: those that all share as fields, those of the datasets by name where they differ from the default."""

    history_on_first_run: bool = _option(
        default=True,
        label=N_("Fetch history after the first run"),
        environment="MARKET_TRAY_HISTORY_ON_FIRST_RUN",
        hint=N_("A year of each coin, and the whole of the other series."),
    )
    notifications: NotificationLevel = _option(
        NotificationLevel.FAILURES,
        N_("Notifications"),
        "MARKET_TRAY_NOTIFICATIONS",
        hint=N_("A failure is told once, and once when it is over."),
    )
    theme: ThemeChoice = _option(ThemeChoice.SYSTEM, N_("Theme"), "MARKET_TRAY_THEME")
    price_colours: PriceColours = _option(
        PriceColours.KOREAN, N_("Rising and falling prices"), "MARKET_TRAY_PRICE_COLOURS"
    )
    proxy: str = _option(
        "",
        N_("Proxy (empty: as the system says)"),
        "MARKET_TRAY_PROXY",
        check=refuse_script,
        example="http://proxy.example:8080",
        hint=N_("Counts from the next run."),
    )
    upstream: str = _option("", N_("Loopback server that stands for every source"), "MARKET_TRAY_UPSTREAM")
    log_days: int = _option(30, N_("Days of logs kept"), "MARKET_TRAY_LOG_DAYS", hint=N_("Counts from the next start."))
    of_datasets: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, option: Option[Value]) -> Value:
        """Return the value of a dataset's option."""
        return cast("Value", self.of_datasets.get(option.name, option.default))

    def value(self, option: Option[Any]) -> Any:
        """Return the value of any option."""
        return getattr(self, option.name) if option.name in SHARED_NAMES else self[option]

    def changed(self, changes: Mapping[Option[Any], Any]) -> "Settings":
        """Return the settings with other values of some options."""
        shared = {option.name: value for option, value in changes.items() if option.name in SHARED_NAMES}
        others = dict(self.of_datasets)
        for option, value in changes.items():
            if option.name not in SHARED_NAMES:
                others.pop(option.name, None)
                others |= {} if value == option.default else {option.name: value}
        return replace(self, of_datasets=others, **shared)


SHARED = tuple(
    Option(each.name, each.default, **each.metadata) for each in dataclasses.fields(Settings) if each.metadata
)
SHARED_NAMES = frozenset(option.name for option in SHARED)


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings in force, which of them the environment fixes, and what was wrong with the file."""

    settings: Settings
    fixed_by_environment: frozenset[str] = frozenset()
    problem: str = ""


class Options:
    """Every option there is, in the order of the file: those of the datasets, then those that all share."""

    def __init__(self, of_datasets: Iterable[Option[Any]] = ()) -> None:
        self._options = {option.name: option for option in (*of_datasets, *SHARED)}

    def __iter__(self) -> Iterator[Option[Any]]:
        """Give each option."""
        return iter(self._options.values())

    def __getitem__(self, name: str) -> Option[Any]:
        """Return the option of a name."""
        return self._options[name]

    def load(self, path: Path, environment: Mapping[str, str]) -> LoadedSettings:
        """Return the settings of a file under an environment.

        A file that cannot be read is set aside and the defaults hold; a single bad value falls back to its default.
        Both are told in `problem`. Raises BadInput for a bad value in the environment.
        """
        table, problem = _read(path)
        values: dict[Option[Any], Any] = {}
        for option in self:
            if option.name not in table:
                continue
            try:
                values[option] = option.parse(table[option.name])
            except BadInput as error:
                problem = f"{problem} {error}".strip()
                logger.warning("%s", error)
        fixed = [option for option in self if environment.get(option.environment)]
        values |= {option: option.parse(environment[option.environment]) for option in fixed}
        return LoadedSettings(Settings().changed(values), frozenset(option.name for option in fixed), problem)

    def save(self, path: Path, settings: Settings, keep: frozenset[str] = frozenset()) -> None:
        """Write the options that differ from their defaults, beside and then renamed.

        Options named in keep stay as the file has them: their present value is the environment's.
        """
        import tomli_w  # noqa: PLC0415 - only when something is saved

        present, _problem = _read(path)
        values = {option: settings.value(option) for option in self if option.name not in keep}
        table = {option.name: written(value) for option, value in values.items() if value != option.default}
        table |= {name: present[name] for name in keep if name in present}
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, tomli_w.dumps(table, multiline_strings=True))


def _read(path: Path) -> tuple[dict[str, Any], str]:
    if not path.exists():
        return {}, ""
    require_file(path)
    try:
        # Windows' editor may put a byte order mark before the text.
        return tomllib.loads(path.read_text(encoding="utf-8-sig")), ""
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        aside = place_file(path, path.with_name(f"{path.stem}-broken{path.suffix}"))
        logger.warning("settings could not be read (%s); set aside as %s", error, aside.name)
        return {}, tr(
            "settings.toml could not be read and was set aside as {name}; the defaults are in force.", name=aside.name
        )


def read_environment(process: Mapping[str, str], dotenv: Path) -> dict[str, str]:
    """Return the process environment over the home's .env file. Raises BadInput, or OSError where it cannot be read."""
    if not dotenv.exists():
        return dict(process)
    require_file(dotenv)
    from dotenv import dotenv_values  # noqa: PLC0415 - only for those who have the file

    try:
        values = dotenv_values(dotenv, encoding="utf-8-sig", interpolate=False)
    except UnicodeDecodeError as error:
        raise BadInput(
            tr(".env cannot be read"),
            tr("{file} is not UTF-8 text.", file=dotenv),
            tr("Save it again as UTF-8."),
        ) from error
    return {**{name: value for name, value in values.items() if value is not None}, **process}
