"""What an export asks of the crypto tables, as Arrow tables of plain text, integer and float columns."""

import pyarrow as pa

from tray_app.store.arrow_reader import ArrowReader
from tray_app.store.export_reads import NULL_NUMBER, NULL_PRICE, Span


def prices(reader: ArrowReader, span: Span) -> pa.Table:
    """Return the coins' days."""
    numbers = ("price_usd", "market_cap", "volume_24h", "change_24h", "change_7d")
    columns = ", ".join(f"IFNULL({name}, {NULL_PRICE}) AS {name}" for name in numbers)
    return reader.table(
        f"""
        SELECT date, coin_id, symbol, name, IFNULL(rank, {NULL_NUMBER}) AS rank, {columns}, source_name
        FROM crypto_price WHERE date BETWEEN '{span.first}' AND '{span.last}' ORDER BY date, coin_id
        """
    )


def metrics(reader: ArrowReader, span: Span) -> pa.Table:
    """Return the days of the crypto market."""
    numbers = ("total_market_cap", "total_volume_24h", "btc_dominance", "eth_btc_ratio", "defi_tvl", "stablecoin_mcap")
    columns = ", ".join(f"IFNULL({name}, {NULL_PRICE}) AS {name}" for name in numbers)
    return reader.table(
        f"""
        SELECT date, {columns}, IFNULL(fear_greed_index, {NULL_NUMBER}) AS fear_greed_index, fear_greed_label
        FROM crypto_metric WHERE date BETWEEN '{span.first}' AND '{span.last}' ORDER BY date
        """
    )


def run_ids(reader: ArrowReader) -> list[int]:
    """Return the crypto runs that stored something; their rows do not name them."""
    table = reader.table(
        "SELECT run_id FROM collection_runs WHERE collector = 'crypto' AND success_count > 0 ORDER BY run_id"
    )
    return [int(number) for number in table.column(0).to_pylist()]
