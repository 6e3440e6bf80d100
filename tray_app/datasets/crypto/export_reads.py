"""What an export, or a reader, asks of the crypto tables and runs."""

from tray_app.datasets.crypto.tables import CRYPTO_PRICE
from tray_app.store.arrow_reader import ArrowReader


def coin_ids(reader: ArrowReader) -> list[str]:
    """Return the ids of all coins that have prices."""
    return reader.texts(f"SELECT DISTINCT coin_id FROM {CRYPTO_PRICE.name} ORDER BY coin_id")


def run_ids(reader: ArrowReader) -> list[int]:
    """Return the crypto runs that stored something; their rows do not name them."""
    table = reader.table(
        "SELECT run_id FROM collection_runs WHERE collector = 'crypto' AND success_count > 0 ORDER BY run_id"
    )
    return [int(number) for number in table.column(0).to_pylist()]
