"""The tables of the dataset `liquidity`: macro series and the stress index."""

from tray_app.core.table import Column, Kind, Period, Sums, Table, columns, maybe, own

# What the issues of its values are about.
ISSUES = "macro"
MACRO_SERIES = Table(
    "macro_series",
    key=("series_id",),
    columns=(Column("series_id", Kind.TEXT), *columns(Kind.WORD, "title units frequency source")),
    sums=Sums(),
)
# A later correction keeps the instant at which a value was first stored.
MACRO_OBSERVATION = Table(
    "macro_observation",
    key=("series_id", "date"),
    columns=(
        Column("series_id", Kind.TEXT),
        Column("date", Kind.DATE),
        Column("value", Kind.FLOAT),
        Column("first_seen_at", Kind.INSTANT),
        own("run_id", Kind.INTEGER),
    ),
    sums=Sums(Period.YEAR, "date", "{row}.series_id"),
    observed=("date", "first_seen_at"),
)
# Days of New York: the newest is provisional until every input due that day is in, one in doubt is made of a value that
# stands among the quality issues.
STRESS_INDEX = Table(
    "stress_index",
    key=("date",),
    columns=(
        Column("date", Kind.DATE),
        *columns(Kind.FLOAT, "z score"),
        Column("band", Kind.WORD),
        maybe("breadth", Kind.FLOAT),
        Column("coverage", Kind.FLOAT),
        Column("repo_flag", Kind.FLAG),
        Column("repo_label", Kind.WORD),
        own("updated_at", Kind.INSTANT),
        own("run_id", Kind.INTEGER),
        *(Column(name, Kind.FLAG, default=0) for name in ("is_provisional", "is_in_doubt")),
    ),
    sums=Sums(Period.DAY, "date"),
)
# inputs is a list of [name, series, value, z, observed, age].
STRESS_CONTRIBUTION = Table(
    "stress_contribution",
    key=("date", "category"),
    columns=(
        Column("date", Kind.DATE),
        Column("category", Kind.WORD),
        *columns(Kind.FLOAT, "z weight contribution"),
        Column("inputs", Kind.TEXT),
    ),
    sums=Sums(Period.DAY, "date"),
)
# A source that asked to be left alone until an instant.
SOURCE_PAUSE = Table(
    "source_pause",
    key=("source",),
    columns=(Column("source", Kind.TEXT), Column("until", Kind.INSTANT), Column("reason", Kind.TEXT)),
)
OF_MACRO = (MACRO_OBSERVATION, MACRO_SERIES)
OF_STRESS = (STRESS_INDEX, STRESS_CONTRIBUTION)
TABLES = (*OF_MACRO, *OF_STRESS, SOURCE_PAUSE)
