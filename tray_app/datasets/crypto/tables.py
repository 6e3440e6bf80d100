"""The tables of the dataset `crypto`: coins and the whole market, by UTC dates; US dollars, changes per cent."""

from tray_app.core.table import Column, Kind, Period, Sums, Table, maybe, own
from tray_app.datasets.crypto.metrics import METRICS

# What the issues of its values are about.
ISSUES = "crypto"
CRYPTO_PRICE = Table(
    "crypto_price",
    key=("coin_id", "date"),
    columns=(
        Column("coin_id", Kind.TEXT),
        Column("date", Kind.DATE),
        Column("symbol", Kind.TEXT),
        Column("name", Kind.WORD),
        maybe("rank", Kind.INTEGER),
        Column("price_usd", Kind.FLOAT),
        maybe("market_cap", Kind.FLOAT),
        maybe("volume_24h", Kind.FLOAT),
        maybe("change_24h", Kind.FLOAT),
        maybe("change_7d", Kind.FLOAT),
        Column("source_name", Kind.WORD),
        own("collected_at", Kind.INSTANT),
    ),
    sums=Sums(Period.DAY, "date"),
    observed=("date", "collected_at"),
)
CRYPTO_METRIC = Table(
    "crypto_metric",
    key=("date",),
    columns=(
        Column("date", Kind.DATE),
        *(column for metric in METRICS for column in (metric.column, *metric.beside)),
        own("created_at", Kind.INSTANT),
    ),
    sums=Sums(Period.DAY, "date"),
    observed=("date", "created_at"),
)
TABLES = (CRYPTO_PRICE, CRYPTO_METRIC)
