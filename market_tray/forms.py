"""From Arrow to the form that was asked for."""

from typing import Any

import pyarrow as pa

from market_tray.errors import PolarsMissing
from tray_app.core.errors import BadInput
from tray_app.core.words import tr


def in_form(table: pa.Table, form: str) -> Any:
    """Return a table as a pandas or polars frame, or as it is. Raises PolarsMissing, or BadInput for another form."""
    if form == "arrow":
        return table
    if form == "pandas":
        return table.to_pandas(date_as_object=False)
    if form == "polars":
        return _polars(table)
    raise BadInput(
        tr("This form is not known"),
        tr("as_ is {form}.", form=repr(form)),
        tr("Allowed: pandas, arrow, polars."),
    )


def _polars(table: pa.Table) -> Any:
    try:
        import polars  # noqa: PLC0415 - whoever never asks for it need not have it
    except ModuleNotFoundError as error:
        raise PolarsMissing from error
    return polars.from_arrow(table)
