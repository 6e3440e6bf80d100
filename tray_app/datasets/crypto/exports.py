"""What can be exported of the dataset `crypto`."""

from tray_app.core.words import N_
from tray_app.datasets.crypto.tables import CRYPTO_METRIC, CRYPTO_PRICE, ISSUES, TABLES
from tray_app.datasets.export_kind import ExportKind

COINS = CRYPTO_PRICE.file("crypto_daily", ("date", "coin_id"))
MARKET = CRYPTO_METRIC.file("crypto_metric", ("date",))
ROW_BYTES = 26

CRYPTO_SETS = ExportKind(
    "crypto",
    title=N_("Crypto (coins and the whole market)"),
    counted=N_("{rows} rows of crypto"),
    none_stored=N_("No coins are stored for these days. Collect them first."),
    attribution="CoinGecko, DefiLlama, alternative.me",
    dates="crypto dates are UTC",
    remarks=("`crypto_daily` and `crypto_metric`: dates are UTC days.",),
    frame_bytes=13_000,
    issues=frozenset({ISSUES}),
    tables=TABLES,
    files=(COINS, MARKET),
    loading={
        "pandas": """
coins = pq.read_table("crypto_daily.parquet").to_pandas(date_as_object=False)
market = pq.read_table("crypto_metric.parquet").to_pandas(date_as_object=False).set_index("date")
""",
        "polars": """
coins = pl.read_parquet("crypto_daily.parquet")
market = pl.read_parquet("crypto_metric.parquet")
""",
        "duckdb": """
coins = connection.sql("SELECT * FROM crypto_daily ORDER BY date, coin_id")
market = connection.sql("SELECT * FROM crypto_metric ORDER BY date")
""",
    },
)
