"""Proves that a set is whole: the files are those of the manifest, and the rows keep what the manifest promises."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tray_app.core.errors import BadInput
from tray_app.core.sets import Finding, Report
from tray_app.core.words import tr
from tray_app.export.errors import NotASet
from tray_app.export.files.schemas import described, kind_of
from tray_app.export.kinds import DateType
from tray_app.export.set import manifest as manifests
from tray_app.export.set.integrity import broken_seal, differs, garbled, wrong_bytes
from tray_app.export.set.publish import recover
from tray_app.export.set.target import MANIFEST, SUMS, present_files
from tray_app.export.set.verify_rows import SetChecks, examine_rows
from tray_app.files import require_file


def verify(folder: Path) -> Report:
    """Examine a set; what a killed export left beside it is cleared first. Raises BadInput when there is no folder."""
    recover(folder)
    if not folder.is_dir():
        raise BadInput(
            tr("No such set"),
            tr("{folder} is not a folder.", folder=folder),
            tr("Name the folder that holds {name}.", name=MANIFEST),
        )
    try:
        document = manifests.read_manifest(folder)
    except NotASet as error:
        return Report(folder, 0, 0, (Finding(MANIFEST, str(error)),))
    unreadable = tuple(garbled(document))
    if unreadable:
        return Report(folder, 0, 0, (*unreadable, *broken_seal(document)))
    try:
        return _examined(folder, document)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return Report(folder, 0, 0, (Finding(MANIFEST, tr("lacks or garbles {what}", what=error)),))


def _examined(folder: Path, document: Mapping[str, Any]) -> Report:
    entries: list[dict[str, Any]] = list(document["files"])
    findings = [*broken_seal(document), *_listing(folder, document), *_sums(folder, document)]
    for entry in [*entries, *document["other_files"]]:
        findings += wrong_bytes(folder, entry)
    checks = SetChecks(folder, document)
    findings += checks.problems
    for entry in entries:
        if (folder / entry["name"]).is_file():
            findings += _table(folder, entry, document, checks)
    findings += [*checks.missing_sessions(), *checks.unknown_factors(), *checks.accepted_rows()]
    findings += checks.broken_chains()
    return Report(folder, len(entries), sum(entry["rows"] for entry in entries), tuple(findings))


def _listing(folder: Path, document: Mapping[str, Any]) -> Iterator[Finding]:
    wanted = {entry["name"] for entry in [*document["files"], *document["other_files"]]} | {MANIFEST}
    present = present_files(folder)
    for name in sorted(wanted):
        if not (folder / name).is_file():
            yield Finding(name, tr("is missing"))
    for name in sorted(present - wanted):
        yield Finding(name, tr("does not belong to the set"))


def _sums(folder: Path, document: Mapping[str, Any]) -> Iterator[Finding]:
    wanted = {entry["name"]: entry["sha256"] for entry in [*document["files"], *document["other_files"]]}
    wanted.pop(SUMS, None)
    try:
        require_file(folder / SUMS)
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    found = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            yield Finding(SUMS, tr("and the manifest disagree on {name}", name=name))


def _table(folder: Path, entry: Mapping[str, Any], document: Mapping[str, Any], checks: SetChecks) -> Iterator[Finding]:
    name = entry["name"]
    try:
        with pq.ParquetFile(folder / name, page_checksum_verification=True) as file:
            schema, metadata = file.schema_arrow, file.metadata
            if metadata.num_rows != entry["rows"]:
                yield differs(entry, "rows", metadata.num_rows)
            if metadata.num_row_groups != entry["row_groups"]:
                yield differs(entry, "row_groups", metadata.num_row_groups)
            kind = kind_of(name, schema.names)
            if kind is None:
                yield Finding(name, tr("is no table of a set"))
                return
            declared = list(entry["schema"])
            expected = described(kind.schema(DateType(document["request"]["date_type"]), document["schema_version"]))
            yield from _schema(name, described(schema), declared, tr("the manifest"))
            if declared == described(schema):
                yield from _schema(name, declared, expected, tr("this version"))
            if schema.names != [field["name"] for field in expected]:
                return
            for key, value in (("sort_keys", kind.sort_keys), ("primary_key", kind.primary_key)):
                if list(entry[key]) != list(value):
                    yield differs(entry, key, list(value))
            yield from examine_rows(file, name, kind, entry, checks)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        yield Finding(name, tr("cannot be read: {reason}", reason=str(error).splitlines()[0]))


def _schema(name: str, found: list[Any], wanted: list[Any], whose: str) -> Iterator[Finding]:
    by_name = {field["name"]: field for field in found}
    for field in wanted:
        other = by_name.pop(field["name"], None)
        if other is None:
            yield Finding(name, tr("has no such column"), field["name"])
        elif other != field:
            kind = tr("may be null") if other["nullable"] else tr("never null")
            text = tr("has type {kind} ({null}), not as {whose} says", kind=other["type"], null=kind, whose=whose)
            yield Finding(name, text, field["name"])
    for column in by_name:
        yield Finding(name, tr("has a column that {whose} does not know", whose=whose), column)
    if not by_name and found != wanted and [f["name"] for f in found] != [f["name"] for f in wanted]:
        yield Finding(name, tr("has its columns in another order than {whose}", whose=whose))
