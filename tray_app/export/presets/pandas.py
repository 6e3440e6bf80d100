"""pandas: the set's own files."""

from tray_app.export.presets.preset import Loading, Preset

LOADING = Loading(
    bars="""
import pyarrow.parquet as pq

bars = pq.read_table("instrument_daily.parquet").to_pandas(date_as_object=False)
bars = bars.set_index(["trade_date", "instrument_id"])
close = bars["close"].unstack("instrument_id")
""",
    by_year=(
        'pq.read_table("instrument_daily.parquet")',
        'pq.read_table("instrument_daily", partitioning=None)',
    ),
    opening="""
import pyarrow.parquet as pq
""",
    table='{name} = pq.read_table("{name}.parquet").to_pandas(date_as_object=False)\n',
)
PANDAS = Preset("pandas", "pandas", LOADING)
