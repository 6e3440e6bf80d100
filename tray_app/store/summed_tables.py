"""How the tables are summed, by what, and of which columns: the same for the writer and for those who compare.

A change here is a change of the sums: it comes with a schema step, after which all sums are made anew.
"""

from dataclasses import dataclass

from tray_app.core.table import Kind, Part, Period, Sums, Table

DAYS_1970 = 2440587.5


@dataclass(frozen=True, slots=True)
class SummedTable:
    """A table whose rows are summed per scope (a market, a series) and period (a day, a year, all).

    Expressions name columns with `{row}` before them. within says which rows are of the periods that touch some days,
    `{first}` to `{last}`. values are what sets are made of; rest is told by a sum of its
    own, so that an export need not read it. bulk: of millions of rows, written a session at a time.
    """

    name: str
    scope: str
    period: str
    within: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    rest: tuple[str, ...] = ()
    bulk: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Return every expression whose change is a change of the sums."""
        return (*self.key, *self.values, *self.rest)


def column_name(expression: str) -> str:
    """Return the column that an expression is, where it is nothing but one."""
    return expression.removeprefix("{row}.")


_OF_NUMBERS = f"{{row}}.{{column}} BETWEEN julianday('{{first}}') - {DAYS_1970} AND julianday('{{last}}') - {DAYS_1970}"
# A period of a column, and which rows are of the periods that touch some days.
_PERIODS = {
    (Period.ALL, None): ("''", "TRUE"),
    (Period.DAY, Kind.DAY): (f"date({{row}}.{{column}} + {DAYS_1970})", _OF_NUMBERS),
    (Period.DAY, Kind.DATE): ("{row}.{column}", "{row}.{column} BETWEEN '{first}' AND '{last}'"),
    (Period.YEAR, Kind.DATE): (
        "substr({row}.{column}, 1, 4)",
        "{row}.{column} BETWEEN substr('{first}', 1, 4) AND substr('{last}', 1, 4) || '-12-31'",
    ),
}


def summed(table: Table) -> SummedTable:
    """Return how a table with sums is summed."""
    sums = table.sums or Sums()
    kinds = {column.name: column.kind for column in table.columns}
    period, within = (each.replace("{column}", sums.dated) for each in _PERIODS[sums.period, kinds.get(sums.dated)])
    # What is the same in a whole scope or period need not be summed with each row.
    apart = {sums.scope.removeprefix("{row}."), *([sums.dated] if sums.period is Period.DAY else [])}
    of_sets, told = (
        [column.name for column in table.columns if column.part is part and column.name not in {*table.key, *apart}]
        for part in (Part.VALUES, Part.REST)
    )
    key, values, rest = (
        tuple(f"{{row}}.{name}" for name in names)
        for names in ([name for name in table.key if name not in apart], of_sets, told)
    )
    return SummedTable(table.name, sums.scope, period, within, key, values, rest, bulk=sums.bulk)


def filled(expression: str, row: str, first: str = "", last: str = "") -> str:
    """Return an expression for the rows of an alias and, where it asks for them, ISO days."""
    return expression.replace("{row}", row).replace("{first}", first).replace("{last}", last)
