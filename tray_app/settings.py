"""Every option once: type, default, label, environment name. Kept in settings.toml in the home folder.

The environment wins over .env in the home, which wins over the file, which wins over the default.
"""

import dataclasses
import logging
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tray_app.core.errors import BadInput
from tray_app.core.proxy import refuse_script
from tray_app.core.words import tr
from tray_app.files import place_file, write_text

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


Times = tuple[time, ...]
# Options that are lists of feeds, one a line; every other text is an address.
FEED_LISTS = frozenset({"news_feeds"})


def _option(default: Any, label: str, environment: str) -> Any:
    return field(default=default, metadata={"label": label, "environment": environment})


@dataclass(frozen=True, slots=True)
class Settings:
    """The options; each field carries its label and the environment variable that overrides it."""

    liquidity_times: Times = _option(
        (time(6, 0), time(7, 10)), "Liquidity is collected at (Korean time)", "MARKET_TRAY_LIQUIDITY_TIMES"
    )
    crypto_times: Times = _option((time(6, 0),), "Crypto is collected at (Korean time)", "MARKET_TRAY_CRYPTO_TIMES")
    news_times: Times = _option((time(6, 30),), "News is collected at (Korean time)", "MARKET_TRAY_NEWS_TIMES")
    krx_times: Times = _option((time(8, 10), time(18, 0)), "KRX is collected at (Korean time)", "MARKET_TRAY_KRX_TIMES")
    krx_daily_limit: int = _option(10_000, "Calls a day that the KRX key may send", "KRX_DAILY_LIMIT")
    krx_etfs: bool = _option(default=False, label="Collect ETFs from KRX too", environment="MARKET_TRAY_KRX_ETFS")
    fred_without_key: bool = _option(
        default=False,
        label="Without a FRED key, fetch the files behind FRED's charts",
        environment="MARKET_TRAY_FRED_WITHOUT_KEY",
    )
    news_feeds: str = _option("", "News feeds", "MARKET_TRAY_NEWS_FEEDS")
    history_on_first_run: bool = _option(
        default=True, label="Fetch history after the first run", environment="MARKET_TRAY_HISTORY_ON_FIRST_RUN"
    )
    notifications: NotificationLevel = _option(NotificationLevel.FAILURES, "Notifications", "MARKET_TRAY_NOTIFICATIONS")
    theme: ThemeChoice = _option(ThemeChoice.SYSTEM, "Theme", "MARKET_TRAY_THEME")
    price_colours: PriceColours = _option(PriceColours.KOREAN, "Rising and falling prices", "MARKET_TRAY_PRICE_COLOURS")
    proxy: str = _option("", "Proxy (empty: as the system says)", "MARKET_TRAY_PROXY")
    upstream: str = _option("", "Loopback server that stands for every source", "MARKET_TRAY_UPSTREAM")
    log_days: int = _option(30, "Days of logs kept", "MARKET_TRAY_LOG_DAYS")

    def times(self, dataset: str) -> Times:
        """Return when a dataset is due."""
        return {
            "liquidity": self.liquidity_times,
            "crypto": self.crypto_times,
            "news": self.news_times,
            "krx": self.krx_times,
        }[dataset]


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings in force, which of them the environment fixes, and what was wrong with the file."""

    settings: Settings
    fixed_by_environment: frozenset[str] = frozenset()
    problem: str = ""


def label(name: str) -> str:
    """Return the label of an option."""
    return tr(_fields()[name].metadata["label"])


def environment_name(name: str) -> str:
    """Return the environment variable that overrides an option."""
    return str(_fields()[name].metadata["environment"])


def load(path: Path, environment: Mapping[str, str]) -> LoadedSettings:
    """Return the settings of a file under an environment.

    A file that cannot be read is set aside and the defaults hold; a single bad value falls back to its default.
    Both are told in `problem`. Raises BadInput for a bad value in the environment.
    """
    table, problem = _read(path)
    values: dict[str, Any] = {}
    for name in _fields():
        if name not in table:
            continue
        try:
            values[name] = parse(name, table[name])
        except BadInput as error:
            problem = f"{problem} {error}".strip()
            logger.warning("%s", error)
    fixed = frozenset(name for name in _fields() if environment.get(environment_name(name)))
    for name in fixed:
        values[name] = parse(name, environment[environment_name(name)])
    return LoadedSettings(Settings(**values), fixed, problem)


def save(path: Path, settings: Settings, keep: frozenset[str] = frozenset()) -> None:
    """Write the options that differ from their defaults, beside and then renamed.

    Options named in keep stay as the file has them: their present value is the environment's.
    """
    import tomli_w  # noqa: PLC0415 - only when something is saved

    present, _problem = _read(path)
    table = {name: _written(getattr(settings, name)) for name in _fields() if _differs(settings, name)}
    table = {name: value for name, value in table.items() if name not in keep}
    table |= {name: present[name] for name in keep if name in present}
    write_text(path, tomli_w.dumps(table, multiline_strings=True))


def parse(name: str, value: Any) -> Any:
    """Return an option's value from TOML or from text; BadInput says what is allowed."""
    default = _fields()[name].default
    try:
        return _parse_as(name, default, value)
    except (TypeError, ValueError) as error:
        raise BadInput(
            tr("{label} cannot be that", label=label(name)),
            tr("{name} is {value}, which cannot be used.", name=name, value=_shown(value)),
            _allowed(default),
        ) from error


def _shown(value: Any) -> str:
    # A proxy's address may hold a password.
    return re.sub(r"(//|^'|^\")[^/@]*@", r"\1***@", repr(value))


def _parse_as(name: str, default: Any, value: Any) -> Any:
    if isinstance(default, bool):
        return _parse_bool(value)
    if isinstance(default, int):
        return _parse_count(value)
    if isinstance(default, StrEnum):
        return type(default)(str(value))
    if isinstance(default, tuple):
        return _parse_times(value)
    if name in FEED_LISTS:
        return _parse_feeds(value)
    if name == "proxy":
        refuse_script(str(value).strip())
    return _parse_address(value)


def _parse_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
    if str(value).lower() not in words:
        raise ValueError(value)
    return words[str(value).lower()]


def _parse_count(value: Any) -> int:
    count = int(str(value))
    if count < 1:
        raise ValueError(value)
    return count


def _parse_times(value: Any) -> Times:
    words = value.split(",") if isinstance(value, str) else list(value)
    times = sorted({time.fromisoformat(str(word).strip()) for word in words})
    # The log keeps no fractions, and settings.toml no seconds: a due time with them would never be found again.
    if not times or any(moment.tzinfo or moment.second or moment.microsecond for moment in times):
        raise ValueError(value)
    return tuple(times)


def _parse_feeds(value: Any) -> str:
    from tray_app.core.feeds import parse_feeds  # noqa: PLC0415 - only for those who have a list of their own

    if not isinstance(value, str):
        raise TypeError(value)
    parse_feeds(value)
    return value.strip()


def _parse_address(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    address = value.strip()
    if not address:
        return ""
    parts = urlsplit(address if "://" in address else f"http://{address}")
    # Reading the port raises ValueError for one that is none.
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0 or " " in address:
        raise ValueError(value)
    return parts.geturl()


def _allowed(default: Any) -> str:
    if isinstance(default, bool):
        return tr("Allowed: true or false.")
    if isinstance(default, int):
        return tr("Allowed: a whole number from 1.")
    if isinstance(default, StrEnum):
        return tr("Allowed: {words}.", words=", ".join(type(default)))
    if isinstance(default, tuple):
        return tr("Allowed: times like 06:00, 18:00.")
    return tr("Allowed: an address like http://127.0.0.1:8080, or nothing.")


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return [moment.strftime("%H:%M") for moment in value]
    return str(value) if isinstance(value, StrEnum) else value


def _differs(settings: Settings, name: str) -> bool:
    return bool(getattr(settings, name) != _fields()[name].default)


def _fields() -> dict[str, "dataclasses.Field[Any]"]:
    return {each.name: each for each in dataclasses.fields(Settings)}


def _read(path: Path) -> tuple[dict[str, Any], str]:
    if not path.exists():
        return {}, ""
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
    """Return the process environment over the home's .env file."""
    if not dotenv.exists():
        return dict(process)
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
