"""Polars: the set's own files."""

from tray_app.export.kinds import ExportKind
from tray_app.export.presets.preset import Loading, Preset

LOADING = Loading(
    bars="""
import polars as pl

bars = pl.read_parquet("instrument_daily.parquet")
close = bars.pivot(on="instrument_id", index="trade_date", values="close")
""",
    by_year=(
        'pl.read_parquet("instrument_daily.parquet")',
        'pl.read_parquet("instrument_daily/*/*.parquet")',
    ),
    opening="""
import polars as pl
""",
    tables={
        ExportKind.CRYPTO: """
coins = pl.read_parquet("crypto_daily.parquet")
market = pl.read_parquet("crypto_metric.parquet")
""",
        ExportKind.MACRO: """
series = pl.read_parquet("macro_daily.parquet")
levels = series.pivot(on="series_id", index="date", values="value").sort("date")
""",
        ExportKind.STRESS: """
stress = pl.read_parquet("stress_daily.parquet")
""",
    },
)
POLARS = Preset("polars", "Polars", LOADING)
