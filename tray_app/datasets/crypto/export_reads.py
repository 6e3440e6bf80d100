"""What an export, or a reader, asks of the crypto tables and runs."""

from tray_app.datasets.crypto.exports import COINS, CRYPTO_SETS, MARKET
from tray_app.datasets.crypto.tables import CRYPTO_METRIC, CRYPTO_PRICE
from tray_app.datasets.export_kind import Asked
from tray_app.store.arrow_columns import table_of
from tray_app.store.arrow_reader import ArrowReader
from tray_app.store.export_reads import ExportRows, Span


def coin_ids(reader: ArrowReader) -> list[str]:
    """Return the ids of all coins that have prices."""
    return reader.texts(f"SELECT DISTINCT coin_id FROM {CRYPTO_PRICE.name} ORDER BY coin_id")


def run_ids(reader: ArrowReader) -> list[int]:
    """Return the crypto runs that stored something; their rows do not name them."""
    table = reader.table(
        "SELECT run_id FROM collection_runs WHERE collector = 'crypto' AND success_count > 0 ORDER BY run_id"
    )
    return [int(number) for number in table.column(0).to_pylist()]


def read_crypto(reader: ArrowReader, asked: Asked) -> ExportRows:
    """Read the coins and the market; their rows do not name their runs, so all that stored something count."""
    span = Span(asked.first, asked.last)
    tables = {
        file.name: table_of(reader, table, span, file.key)
        for table, file in ((CRYPTO_PRICE, COINS), (CRYPTO_METRIC, MARKET))
    }
    return ExportRows(tables, frozenset(run_ids(reader)))


ROWS = {CRYPTO_SETS.name: read_crypto}
