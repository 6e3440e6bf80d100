"""Whether a set's files are those of its manifest, byte for byte, and whether the manifest can be read at all."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tray_app.core.sets import Finding
from tray_app.core.words import tr
from tray_app.export.files.writer import FileFacts, sha256_of
from tray_app.export.kinds import DateType
from tray_app.export.set import manifest as manifests
from tray_app.export.set.target import MANIFEST

Check = Callable[[Any], bool]


def garbled(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the values of a manifest that are not of their kind."""
    yield from _kinds(document, DOCUMENT, "")
    yield from _kinds(document, {key: check for key, check in LATER.items() if key in document}, "")
    for key, wanted in (("files", FILE), ("other_files", PLAIN_FILE)):
        entries = document.get(key)
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            place = entry.get("name", number) if isinstance(entry, dict) else number
            yield from _kinds(entry, wanted, f"{key}[{place}].")
    yield from _kinds(document.get("request"), {"date_type": _is_date_type}, "request.")


def broken_seal(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a manifest that was changed."""
    if document.get(manifests.SEAL) != manifests.seal(document):
        yield Finding(MANIFEST, tr("was changed after it was written: its own digest differs"), manifests.SEAL)


def wrong_bytes(folder: Path, entry: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the bytes of a file that is there."""
    path = folder / entry["name"]
    if not path.is_file():
        return
    if path.stat().st_size != entry["bytes"]:
        yield differs(entry, "bytes", path.stat().st_size)
    digest = sha256_of(path)
    if digest != entry["sha256"]:
        yield differs(entry, "sha256", digest)


def damage(folder: Path, document: Mapping[str, Any]) -> list[Finding]:
    """Return why the files that a set lists cannot be believed. Other files in its folder do not matter."""
    found = [*garbled(document), *broken_seal(document)]
    if found:
        return found
    for entry in [*document["files"], *document["other_files"]]:
        if not (folder / entry["name"]).is_file():
            found.append(Finding(entry["name"], tr("is missing")))
        found += wrong_bytes(folder, entry)
    return found


def whole_parts(folder: Path, document: Mapping[str, Any]) -> dict[str, FileFacts]:
    """Return the stamped parts of a set that are still as they were written."""
    if [*broken_seal(document), *garbled(document)]:
        return {}
    entries = [entry for entry in document["files"] if entry.get("source_stamp")]
    whole = [entry for entry in entries if (folder / entry["name"]).is_file() and not [*wrong_bytes(folder, entry)]]
    return {entry["name"]: manifests.facts_of(entry) for entry in whole}


def differs(entry: Mapping[str, Any], key: str, found: object) -> Finding:
    """Return that something of a file is not what the manifest says."""
    return Finding(
        entry["name"], tr("{key} is {found}, the manifest says {wanted}", key=key, found=found, wanted=entry[key])
    )


def _kinds(holder: Any, wanted: Mapping[str, Check], prefix: str) -> Iterator[Finding]:
    if not isinstance(holder, dict):
        yield Finding(MANIFEST, tr("{entry} is no group of values", entry=prefix.rstrip(".")))
        return
    for key, is_right in wanted.items():
        if key not in holder:
            yield Finding(MANIFEST, tr("lacks {entry}", entry=f"{prefix}{key}"))
        elif not is_right(holder[key]):
            value = json.dumps(holder[key], ensure_ascii=False)[:MOST_SHOWN]
            yield Finding(MANIFEST, tr("{entry} cannot be {value}", entry=f"{prefix}{key}", value=value))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_group(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _are_days(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_texts(days) for days in value.values())


def _are_accepted(value: Any) -> bool:
    return _holds_groups(value) and all(
        _is_day(day)
        and isinstance(told, dict)
        and told.keys() == {"missing", "in_doubt", "findings"}
        and all(map(_is_texts, told.values()))
        for by_day in value.values()
        for day, told in by_day.items()
    )


def _holds_groups(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(held, dict) for held in value.values())


def _is_day(value: Any) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == str(value)
    except (TypeError, ValueError):
        return False


def _is_date_type(value: Any) -> bool:
    return value in list(DateType)


def _is_schema(value: Any) -> bool:
    return _is_list(value) and all(
        isinstance(field, dict) and {"name", "type", "nullable"} <= field.keys() and _is_text(field["name"])
        for field in value
    )


MOST_SHOWN = 60
# What sets of earlier versions do not say yet.
LATER: Mapping[str, Check] = {
    "unknown_factors": _are_days,
    "given_up_sessions": _are_days,
    "sessions_in_doubt": _are_days,
    "accepted_sessions": _are_accepted,
}
DOCUMENT: Mapping[str, Check] = {
    "date_from": _is_day,
    "date_to": _is_day,
    "missing_sessions": _are_days,
    "request": _is_group,
    "files": _is_list,
    "other_files": _is_list,
}
PLAIN_FILE: Mapping[str, Check] = {"name": _is_text, "bytes": _is_whole, "sha256": _is_text}
FILE: Mapping[str, Check] = {
    **PLAIN_FILE,
    "rows": _is_whole,
    "row_groups": _is_whole,
    "schema": _is_schema,
    "sort_keys": _is_texts,
    "primary_key": _is_texts,
    "null_counts": _is_group,
    "column_digests": _is_group,
}
