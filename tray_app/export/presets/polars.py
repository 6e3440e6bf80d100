"""Polars: the set's own files."""

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
    table='{name} = pl.read_parquet("{name}.parquet")\n',
)
POLARS = Preset("polars", "Polars", LOADING)
