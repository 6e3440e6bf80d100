"""manifest.json: what a set holds and where it came from, sealed by a digest over the rest."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tray_app.core.words import tr
from tray_app.datasets.exports import EXPORTS
from tray_app.export.errors import NotASet
from tray_app.export.files.writer import FileFacts, sha256_of
from tray_app.export.set.publish import sync_folder
from tray_app.export.set.target import MANIFEST, PRODUCT, SUMS
from tray_app.files import read_json, write_synced

SEAL = "manifest_sha256"
DATES = "; ".join(kind.dates for kind in EXPORTS)
MISSING_POLICY = (
    "Nothing is interpolated or filled forward. Where nothing was traded open, high and low are null, the close is the "
    "one carried by the exchange and is_trade_halted or volume 0 says so. An absent row was absent at the source."
)
SUPERVISION = (
    "is_under_supervision: the listing section contains 관리종목. KOSPI carries no such field: always false there."
)

CALENDAR = (
    "trading_calendar: is_open is true only for sessions that rows have proven. It is false for days without trading "
    "and for days of state unknown, which may have been sessions: read state, not is_open alone. Sessions due by "
    "generated_at that have no rows are in missing_sessions, and those outside all that is stored in not_collected."
)
NOTHING_LACKS: Mapping[str, Any] = {"missing_sessions": {}}


def seal(document: Mapping[str, Any]) -> str:
    """Return the digest of a manifest without its seal."""
    rest = {key: value for key, value in document.items() if key != SEAL}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def file_entry(facts: FileFacts) -> dict[str, Any]:
    """Return a Parquet file as the manifest lists it."""
    entry = asdict(facts)
    return {key: list(value) if isinstance(value, tuple) else value for key, value in entry.items()}


def facts_of(entry: Mapping[str, Any]) -> FileFacts:
    """Return a file's facts from its entry."""
    lists = {"schema", "sort_keys", "primary_key", "source_runs"}
    values: dict[str, Any] = {key: tuple(value) if key in lists else value for key, value in entry.items()}
    return FileFacts(**values)


def write_sums(folder: Path, files: Sequence[FileFacts], others: Sequence[str]) -> list[dict[str, Any]]:
    """Write SHA256SUMS over all files so far; returns the entries of those that are not Parquet tables."""
    entries = [_plain_entry(folder, name) for name in sorted(others)]
    sums = {facts.name: facts.sha256 for facts in files} | {entry["name"]: entry["sha256"] for entry in entries}
    write_synced(folder / SUMS, "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())))
    return [*entries, _plain_entry(folder, SUMS)]


def write_manifest(folder: Path, document: Mapping[str, Any]) -> None:
    """Write the sealed manifest: the last file of a set."""
    sealed = {**document, SEAL: seal(document)}
    write_synced(folder / MANIFEST, json.dumps(sealed, ensure_ascii=False, indent=2) + "\n")
    sync_folder(folder)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a set's manifest. Raises NotASet for a folder without a readable one."""
    path = folder / MANIFEST
    try:
        document = read_json(path)
    except FileNotFoundError as error:
        raise NotASet(folder, tr("holds no {name}", name=MANIFEST)) from error
    except (OSError, ValueError) as error:
        raise NotASet(folder, tr("has an unreadable {name}: {reason}", name=MANIFEST, reason=error)) from error
    if not isinstance(document, dict) or document.get("product") != PRODUCT:
        raise NotASet(folder, tr("has a {name} of another program", name=MANIFEST))
    return document


def _plain_entry(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    return {"name": name, "bytes": path.stat().st_size, "sha256": sha256_of(path)}
