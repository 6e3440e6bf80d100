"""What an export asks of the store to compare rows with their sums, as Arrow tables."""

from collections.abc import Sequence

import pyarrow as pa

from tray_app.store.arrow_reader import ArrowReader
from tray_app.store.export_reads import Span
from tray_app.store.summed_tables import DAYS_1970, SummedTable, filled
from tray_app.store.sums import TABLE


def kept_sums(reader: ArrowReader, table: SummedTable, span: Span) -> pa.Table:
    """Return scope, period, rows, total, rest as they are kept, of the periods that touch some days."""
    return reader.table(
        f"""
        SELECT scope, period, rows, total, rest FROM {TABLE}
        WHERE table_name = '{table.name}' AND rows > 0
          AND period BETWEEN substr('{span.first}', 1, length(period)) AND substr('{span.last}', 1, length(period))
        """
    )


def summed_rows(reader: ArrowReader, table: SummedTable, span: Span, scopes: Sequence[str] | None) -> pa.Table:
    """Return scope, period and, as c0, c1 ..., the summed columns of the rows of those periods; scopes: of these."""
    named = ", ".join(f"{filled(each, 't')} AS c{place}" for place, each in enumerate(table.columns))
    scope, period = filled(table.scope, "t"), filled(table.period, "t")
    within = filled(table.within, "t", str(span.first), str(span.last))
    if scopes is not None:
        quoted = ", ".join(f"'{each}'" for each in scopes)
        within = f"{within} AND {scope} IN ({quoted})"
    return reader.table(f"SELECT {scope} AS scope, {period} AS period, {named} FROM {table.name} t WHERE {within}")


def summed_years(reader: ArrowReader, table: SummedTable) -> list[int]:
    """Return the years a table with day numbers has rows or sums of: rows that are gone have a sum still."""
    found = reader.texts(
        f"SELECT year FROM (SELECT DISTINCT strftime('%Y', trade_date + {DAYS_1970}) AS year FROM {table.name}"
        f" UNION SELECT DISTINCT substr(period, 1, 4) FROM {TABLE} WHERE table_name = '{table.name}')"
        # A day that is none on a damaged disk is missing from its year.
        " WHERE year GLOB '[1-9][0-9][0-9][0-9]'"
    )
    return sorted(int(year) for year in found)
