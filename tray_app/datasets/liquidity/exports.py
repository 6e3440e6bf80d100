"""What can be exported of the dataset `liquidity`: the macro series, and the stress index made of them."""

from tray_app.core.table import Column, Kind, SetFile, maybe
from tray_app.core.words import N_
from tray_app.datasets.export_kind import ExportKind
from tray_app.datasets.liquidity.rules.model import Category
from tray_app.datasets.liquidity.tables import ISSUES, MACRO_OBSERVATION, OF_MACRO, OF_STRESS, STRESS_INDEX

MACRO_DAILY = SetFile(
    "macro_daily",
    (
        Column("series_id", Kind.TEXT),
        *(maybe(name, Kind.WORD) for name in ("title", "units")),
        *MACRO_OBSERVATION.of_names("date value first_seen_at"),
        Column("source", Kind.WORD),
    ),
    ("series_id", "date"),
)
STRESS_DAILY = SetFile(
    "stress_daily",
    (
        *STRESS_INDEX.of_names("date z score band breadth coverage repo_flag repo_label"),
        *(maybe(f"{category}_{what}", Kind.FLOAT) for category in Category for what in ("z", "contribution")),
        *STRESS_INDEX.of_names("is_provisional is_in_doubt"),
    ),
    ("date",),
)
MACRO_ROW_BYTES, STRESS_ROW_BYTES = 7, 105

MACRO_SETS = ExportKind(
    "macro",
    title=N_("Macro series (rates, spreads, prices of the United States)"),
    counted=N_("{rows} macro values"),
    none_stored=N_("No macro series that may be exported are stored for these days. Collect them first."),
    attribution=(
        "FRED, Federal Reserve Bank of St. Louis, and the sources FRED names; this product uses the FRED API but is "
        "not endorsed or certified by the Federal Reserve Bank of St. Louis. Series of source yahoo: Yahoo Finance"
    ),
    dates="macro dates are those of the source and first_seen_at is UTC",
    remarks=(
        "`macro_daily`: `date` is the day a value is of, not the day it was published.",
        "`first_seen_at` (UTC) is when it was first stored here; a history filled later bears the time of filling.",
    ),
    frame_bytes=6_000,
    issues=frozenset({ISSUES}),
    tables=OF_MACRO,
    files=(MACRO_DAILY,),
    loading={
        "pandas": """
series = pq.read_table("macro_daily.parquet").to_pandas(date_as_object=False)
levels = series.pivot(index="date", columns="series_id", values="value")
""",
        "polars": """
series = pl.read_parquet("macro_daily.parquet")
levels = series.pivot(on="series_id", index="date", values="value").sort("date")
""",
        "duckdb": """
series = connection.sql("SELECT * FROM macro_daily ORDER BY series_id, date")
""",
    },
    may_be_restricted=True,
)
# The index is our own number. It is computed from series of the Federal Reserve, Cboe and Yahoo, some of which may not
# be passed on; none of their values can be read back from it, so it is exported whatever is done with them.
STRESS_SETS = ExportKind(
    "stress",
    title=N_("Stress index (daily, with its categories)"),
    counted=N_("{rows} days of the stress index"),
    none_stored=N_("No stress index is stored for these days. Collect it first."),
    attribution=(
        "Market Tray's own index, computed from series of the Federal Reserve, Cboe and Yahoo Finance; it holds "
        "none of their values"
    ),
    dates="stress dates are weekdays of New York, each at its end",
    remarks=(
        "`stress_daily`: `z` is the sum of the columns `..._contribution`; a category without data that day is null.",
        "`date` is New York's day at its end: that day's closes, and every other series by its publication lag.",
        "Values are those known when it was computed last; the newest day is `is_provisional` until all inputs came.",
        "A day `is_in_doubt` is made of a value that stands among the quality issues of `macro_daily`.",
    ),
    frame_bytes=15_000,
    issues=frozenset({"stress"}),
    tables=OF_STRESS,
    files=(STRESS_DAILY,),
    loading={
        "pandas": """
stress = pq.read_table("stress_daily.parquet").to_pandas(date_as_object=False).set_index("date")
""",
        "polars": """
stress = pl.read_parquet("stress_daily.parquet")
""",
        "duckdb": """
stress = connection.sql("SELECT * FROM stress_daily ORDER BY date")
""",
    },
)
