"""The options of `export`, made of those of a request."""

import inspect
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from tray_app.core.errors import BadInput
from tray_app.core.words import tr
from tray_app.export.options import NAMED, RequestOption, named
from tray_app.export.request import OPTIONS, ExportRequest

Command = Callable[..., None]


def with_request_options(command: Command) -> Command:
    """Let a command's `**asked` be the options of a request, before its own."""
    own = [each for each in inspect.signature(command).parameters.values() if each.kind is not each.VAR_KEYWORD]
    signature = inspect.Signature([*map(_parameter, OPTIONS.values()), *own])
    command.__signature__ = signature  # type: ignore[attr-defined]  # as the inspect module reads it
    return command


def request_of(asked: Mapping[str, Any]) -> ExportRequest:
    """Return the request that a command line asks for. Raises BadInput for one without its days."""
    return ExportRequest(**{name: _value(option, asked[name]) for name, option in OPTIONS.items()})


def _parameter(option: RequestOption) -> inspect.Parameter:
    kind: Any
    kind, default = _kind_and_default(option)
    help_text = option.said.help or None
    formats = ["%Y-%m-%d"] if option.kind is date else None
    annotation = Annotated[kind, typer.Option(option.said.flag, help=help_text, formats=formats)]
    return inspect.Parameter(option.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _kind_and_default(option: RequestOption) -> tuple[Any, Any]:
    if option.kind is Path:
        return Path, inspect.Parameter.empty
    if option.kind is date:
        return datetime | None, None
    kind, default = option.kind, option.default
    if option.kind in NAMED:
        # The parser offers choices of an enumeration only.
        names = StrEnum("Name", {name.upper(): name for name, _title in option.choices})  # type: ignore[misc]
        kind, default = names, None if option.is_many else names(default.name)
    if option.is_many:
        return list[kind] | None, None  # type: ignore[valid-type]  # made when it runs
    return kind, default


def _value(option: RequestOption, given: Any) -> Any:
    if option.kind is Path:
        return given.absolute()
    if option.kind is date:
        return _required_day(given, option.said.flag).date()
    if option.is_many:
        return tuple(_one(option, each) for each in given) if given else option.default
    return _one(option, given)


def _one(option: RequestOption, given: Any) -> Any:
    return named(option.kind, given.value) if option.kind in NAMED else given


def _required_day(value: datetime | None, name: str) -> datetime:
    """Return a date that must be given."""
    if value is None:
        raise BadInput(
            tr("A date is missing"),
            tr("{name} is missing.", name=name),
            tr("Allowed: a date like 2024-01-04."),
        )
    return value
