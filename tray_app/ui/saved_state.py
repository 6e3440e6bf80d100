"""Small files in the home folder that keep how a page was looked at."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, TypeVar

from tray_app.files import read_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

logger = logging.getLogger(__name__)

Kept = TypeVar("Kept")


def recall(file: Path, parse: Callable[[dict[str, Any]], Kept], otherwise: Kept) -> Kept:
    """Return what a file keeps; one that cannot be read counts as none."""
    try:
        return parse(read_json(file))
    except FileNotFoundError:
        return otherwise
    except (OSError, ValueError, TypeError, AttributeError) as error:
        logger.info("%s is forgotten: %s", file.name, error)
        return otherwise


def remember(file: Path, what: dict[str, Any]) -> None:
    """Keep this in a file."""
    partial = file.with_name(f".{file.name}.part")
    partial.write_text(json.dumps(what, ensure_ascii=False), encoding="utf-8")
    partial.replace(file)


def texts(found: dict[Any, Any]) -> dict[str, str]:
    """Return a file's pairs as texts."""
    return {str(key): str(value) for key, value in found.items()}
