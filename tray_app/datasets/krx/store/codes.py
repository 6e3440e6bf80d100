"""The small numbers that stand for words in the big tables."""

from enum import IntEnum


class RecordStatus(IntEnum):
    """Whether a row can be used."""

    VALID = 0
    INVALID = 1
    MISSING = 2
    PARTIAL = 3


class SourceCode(IntEnum):
    """Where a row came from."""

    KRX_OPEN_API = 1


EQUITY = "equity"
INDEX = "index"
# Issues about rows; those about the calendar are of no row.
ABOUT_ROWS = f"dataset_name IN ('{EQUITY}', '{INDEX}')"
EQUITY_TABLE = "daily_market_data"
INDEX_TABLE = "benchmark_index_data"
