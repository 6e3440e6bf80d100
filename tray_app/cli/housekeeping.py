"""`key`, `backup` and `restore`."""

import getpass
import sys
from pathlib import Path

from tray_app.cli.no_pandas import without_pandas
from tray_app.cli.output import FAILED, SUCCESS, Printer
from tray_app.cli.starters import CommandParts
from tray_app.core.errors import BadInput
from tray_app.core.shapes.homes import backup_shape, key_shape, keys_shape, restored_shape
from tray_app.core.words import tr
from tray_app.engine.facade import Engine
from tray_app.keys import Keys
from tray_app.paths import Home


def list_keys(keys: Keys, printer: Printer) -> int:
    """Print which secrets are set, and where; never a secret."""
    states = keys.states()
    text = "\n".join(f"{state.name:<24}{state.place}" for state in states)
    printer.result(keys_shape({state.name: state.place for state in states}), text)
    return SUCCESS


def set_key(keys: Keys, name: str | None, printer: Printer) -> int:
    """Keep a secret, asked for without showing it, or read from standard input when that is no terminal."""
    known = _required(keys, name)
    prompt = tr("{name} (not shown): ", name=known)
    secret = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()
    keys.keep(known, secret)
    printer.result(key_shape(known, "kept"), tr("{name} is kept in the credential store.", name=known))
    return SUCCESS


def delete_key(keys: Keys, name: str | None, printer: Printer) -> int:
    """Forget a secret."""
    known = _required(keys, name)
    keys.delete(known)
    printer.result(key_shape(known, "deleted"), tr("{name} is deleted.", name=known))
    return SUCCESS


def back_up(engine: Engine, folder: Path | None, printer: Printer) -> int:
    """Write a copy and print where it is, and whether its rows are those that were stored."""
    target = engine.backup(folder.absolute() if folder else None)
    with without_pandas():
        changed = engine.exports.changed_rows()
    text = tr("Backup written: {path}", path=target)
    if changed:
        text += "\n" + tr("It holds rows that are not as they were stored: {rows}", rows="; ".join(changed))
    printer.result(backup_shape(target, target.stat().st_size, changed), text)
    return FAILED if changed else SUCCESS


def restore(starters: CommandParts, home: Home, file: Path | None, printer: Printer) -> int:
    """Restore a backup, or begin with an empty database when none is named; print what has been done."""
    if file is None:
        starters.begin_empty(home)
        printer.result(restored_shape(home.database, None), tr("{path} is ready.", path=home.database))
        return SUCCESS
    kept = starters.restore(home, file.absolute())
    lines = [tr("The backup is now {path}.", path=home.database)]
    if kept is not None:
        lines.append(tr("What was there before is kept as {path}.", path=kept))
    printer.result(restored_shape(home.database, kept), "\n".join(lines))
    return SUCCESS


def _required(keys: Keys, name: str | None) -> str:
    if name is None:
        raise BadInput(
            tr("Which key?"),
            tr("The name of the key is missing."),
            tr("Known keys: {names}.", names=", ".join(keys.names)),
        )
    return keys.known_name(name)
