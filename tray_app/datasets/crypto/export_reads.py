"""What an export asks of the crypto runs."""

from tray_app.store.arrow_reader import ArrowReader


def run_ids(reader: ArrowReader) -> list[int]:
    """Return the crypto runs that stored something; their rows do not name them."""
    table = reader.table(
        "SELECT run_id FROM collection_runs WHERE collector = 'crypto' AND success_count > 0 ORDER BY run_id"
    )
    return [int(number) for number in table.column(0).to_pylist()]
