"""pandas: the set's own files."""

from tray_app.export.kinds import ExportKind
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
    tables={
        ExportKind.CRYPTO: """
coins = pq.read_table("crypto_daily.parquet").to_pandas(date_as_object=False)
market = pq.read_table("crypto_metric.parquet").to_pandas(date_as_object=False).set_index("date")
""",
        ExportKind.MACRO: """
series = pq.read_table("macro_daily.parquet").to_pandas(date_as_object=False)
levels = series.pivot(index="date", columns="series_id", values="value")
""",
        ExportKind.STRESS: """
stress = pq.read_table("stress_daily.parquet").to_pandas(date_as_object=False).set_index("date")
""",
    },
)
PANDAS = Preset("pandas", "pandas", LOADING)
