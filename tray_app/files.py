"""Whole files: written beside and renamed, so that a kill leaves the old one or the new one, never a half."""

import os
import time
from pathlib import Path

# On Windows an antivirus, an indexer or an editor may hold the target for a moment.
WAITS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)


def write_text(path: Path, text: str) -> None:
    """Write a whole UTF-8 text file. Raises OSError when the folder cannot be written or the target stays held."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    with partial.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    replace_file(partial, path)


def replace_file(partial: Path, target: Path) -> None:
    """Rename a finished file over its target; one that is held open by another program is tried again for a while."""
    for wait in WAITS:
        try:
            partial.replace(target)
        except PermissionError:
            time.sleep(wait)
        else:
            return
    partial.replace(target)
