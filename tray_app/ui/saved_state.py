"""Small files in the home folder that keep how windows were looked at: losing one loses nothing but comfort."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tray_app.files import read_json, write_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

logger = logging.getLogger(__name__)

State = TypeVar("State")


class SavedState(Generic[State]):
    """A dataclass in a JSON file; parse makes it of what the file holds, plain what the file shall hold of it."""

    def __init__(
        self,
        file: Path,
        otherwise: State,
        parse: Callable[[dict[str, Any]], State],
        plain: Callable[[Any], dict[str, Any]] = asdict,
    ) -> None:
        self._file = file
        self._otherwise = otherwise
        self._parse = parse
        self._plain = plain

    def read(self) -> State:
        """Return what is kept; a file that is not there or cannot be read counts as none."""
        try:
            return self._parse(read_json(self._file))
        except FileNotFoundError:
            return self._otherwise
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            logger.info("%s is forgotten: %s", self._file.name, error)
            return self._otherwise

    def write(self, state: State) -> None:
        """Keep this. Raises OSError where the home cannot be written."""
        write_text(self._file, json.dumps(self._plain(state), ensure_ascii=False))


def texts(found: dict[Any, Any]) -> dict[str, str]:
    """Return a file's pairs as texts."""
    return {str(key): str(value) for key, value in found.items()}
