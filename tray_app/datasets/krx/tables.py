"""The tables of the dataset `krx`: trade dates, won, levels of indices in points.

The big ones are clustered by (trade_date, id) with days as numbers and codes as small integers, which halves the file.
"""

from enum import IntEnum

from tray_app.core.table import Column, Kind, Period, Sums, Table, columns, maybe, own, rest


class RecordStatus(IntEnum):
    """Whether a row can be used."""

    VALID = 0
    INVALID = 1
    MISSING = 2
    PARTIAL = 3


class SourceCode(IntEnum):
    """Where a row came from."""

    KRX_OPEN_API = 1


_RUN = (own("collected_at", Kind.MOMENT), own("run_id", Kind.INTEGER))
_LISTED = Column("instrument_id", Kind.INTEGER, references="instruments.instrument_id")

INSTRUMENTS = Table(
    "instruments",
    key=("instrument_id",),
    columns=(
        Column("instrument_id", Kind.INTEGER),
        Column("uid", Kind.TEXT, unique=True),
        *columns(Kind.TEXT, "market_code external_code"),
        Column("episode", Kind.INTEGER),
        maybe("isin", Kind.TEXT),
        Column("instrument_name", Kind.WORD),
        maybe("name_en", Kind.WORD),
        Column("listing_date", Kind.DATE),
        maybe("delisting_date", Kind.DATE),
        *columns(Kind.WORD, "share_class security_group section", nullable=True),
        maybe("par_value", Kind.TEXT),
        maybe("listed_shares", Kind.INTEGER),
        *columns(Kind.DATE, "first_seen last_seen"),
        own("source_name", Kind.WORD),
        *(own(name, Kind.INSTANT) for name in ("collected_at", "updated_at")),
        maybe("end_reason", Kind.WORD),
        *columns(Kind.INTEGER, "moved_from moved_to", nullable=True),
        maybe("liquidation_from", Kind.DATE),
    ),
    sums=Sums(scope="{row}.market_code"),
    unique=("market_code", "external_code", "episode"),
    has_row_number=True,
)
NAMES = Table(
    "instrument_names",
    key=("instrument_id", "valid_from"),
    columns=(_LISTED, Column("valid_from", Kind.DATE), Column("name", Kind.WORD)),
    sums=Sums(),
)
# No section where it was not kept.
SECTIONS = Table(
    "instrument_sections",
    key=("instrument_id", "valid_from"),
    columns=(_LISTED, Column("valid_from", Kind.DATE), maybe("section", Kind.WORD)),
    sums=Sums(),
)
EARLIER_UIDS = Table(
    "earlier_uids", key=("uid",), columns=(Column("uid", Kind.TEXT), Column("instrument_id", Kind.INTEGER)), sums=Sums()
)
DAILY = Table(
    "daily_market_data",
    key=("trade_date", "instrument_id"),
    columns=(
        Column("trade_date", Kind.DAY),
        Column("instrument_id", Kind.INTEGER),
        *columns(Kind.FLOAT, "open high low", nullable=True),
        Column("close", Kind.FLOAT),
        rest("change", Kind.FLOAT),
        *columns(Kind.INTEGER, "volume turnover_value market_value listed_shares"),
        Column("base_price", Kind.FLOAT),
        *columns(Kind.FLAG, "is_trade_halted is_under_supervision"),
        Column("record_status", Kind.INTEGER),
        rest("source_name", Kind.INTEGER),
        *_RUN,
    ),
    sums=Sums(
        Period.DAY,
        "trade_date",
        "(SELECT market_code FROM instruments s WHERE s.instrument_id = {row}.instrument_id)",
        bulk=True,
    ),
)
ETFS = Table(
    "etf_daily_data",
    key=("trade_date", "instrument_id"),
    columns=(
        Column("trade_date", Kind.DAY),
        _LISTED,
        maybe("nav", Kind.FLOAT),
        maybe("net_assets", Kind.INTEGER),
        maybe("underlying_index", Kind.WORD),
        *columns(Kind.FLOAT, "underlying_close underlying_change", nullable=True),
        *_RUN,
    ),
    sums=Sums(Period.DAY, "trade_date", "'ETF'", bulk=True),
)
INDICES = Table(
    "indices",
    key=("index_id",),
    columns=(
        Column("index_id", Kind.INTEGER),
        Column("index_class", Kind.WORD),
        Column("index_code", Kind.TEXT, unique=True),
        Column("index_name", Kind.WORD),
    ),
    sums=Sums(),
    unique=("index_class", "index_name"),
    has_row_number=True,
)
BENCHMARK = Table(
    "benchmark_index_data",
    key=("trade_date", "index_id"),
    columns=(
        Column("trade_date", Kind.DAY),
        Column("index_id", Kind.INTEGER),
        *columns(Kind.FLOAT, "open high low close change", nullable=True),
        *columns(Kind.INTEGER, "volume turnover_value market_cap", nullable=True),
        Column("record_status", Kind.INTEGER),
        rest("source_name", Kind.INTEGER),
        *_RUN,
    ),
    sums=Sums(
        Period.DAY, "trade_date", "(SELECT index_class FROM indices s WHERE s.index_id = {row}.index_id)", bulk=True
    ),
)
CALENDAR = Table(
    "trading_calendar",
    key=("market_code", "trade_date"),
    columns=(
        Column("market_code", Kind.TEXT),
        Column("trade_date", Kind.DATE),
        Column("state", Kind.WORD),
        maybe("is_open", Kind.FLAG),
        maybe("holiday_name", Kind.WORD),
        Column("evidence", Kind.WORD),
        own("source_name", Kind.WORD),
        own("collected_at", Kind.INSTANT),
    ),
    sums=Sums(Period.YEAR, "trade_date", "{row}.market_code"),
)
FACTORS = Table(
    "price_adjustment_factors",
    key=("instrument_id", "trade_date"),
    columns=(
        Column("instrument_id", Kind.INTEGER),
        Column("trade_date", Kind.DAY),
        *columns(Kind.FLOAT, "factor share_factor"),
        Column("method", Kind.WORD),
        Column("is_flagged", Kind.FLAG),
        Column("inputs", Kind.TEXT),
        own("run_id", Kind.INTEGER),
    ),
    sums=Sums(Period.DAY, "trade_date"),
)
LEDGER = Table(
    "day_ledger",
    key=("dataset", "market_code", "trade_date"),
    columns=(
        *columns(Kind.WORD, "dataset market_code"),
        Column("trade_date", Kind.DATE),
        Column("state", Kind.WORD),
        *(Column(name, Kind.INTEGER, default=0) for name in ("rows", "attempts")),
        maybe("next_try_at", Kind.INSTANT),
        Column("reason", Kind.TEXT, default=""),
        own("run_id", Kind.INTEGER),
    ),
    observed=("trade_date", "trade_date"),
)
# Sessions whose rows are new and whose factors and quality are still to be worked out.
PENDING_CHECKS = Table(
    "pending_checks", key=("trade_date",), columns=(Column("trade_date", Kind.DAY),), has_row_number=True
)
# What is to be done yet, or was done, with a market's session.
SESSION_MARKS = Table(
    "session_marks",
    key=("mark", "market_code", "trade_date"),
    columns=(*columns(Kind.WORD, "mark market_code"), Column("trade_date", Kind.DATE)),
)
# Ended listings whose last rows changed: how they ended is to be worked out anew.
DOUBTED_ENDS = Table(
    "doubted_ends",
    key=("instrument_id",),
    columns=(Column("instrument_id", Kind.INTEGER),),
    has_row_number=True,
)
# Master lists that came empty for the last session of a listing.
EMPTY_LISTS = Table(
    "empty_lists",
    key=("market_code", "trade_date"),
    columns=(
        Column("market_code", Kind.WORD),
        Column("trade_date", Kind.DATE),
        Column("attempts", Kind.INTEGER),
        maybe("next_try_at", Kind.INSTANT),
    ),
    added=25,
)
DAY_SUMMARY = Table(
    "day_summary",
    key=("dataset", "market_code", "trade_date"),
    columns=(*columns(Kind.WORD, "dataset market_code"), Column("trade_date", Kind.DAY), Column("rows", Kind.INTEGER)),
)
# A counter that grows with every write to a month of a table.
MONTH_STAMP = Table(
    "month_stamp",
    key=("table_name", "month"),
    columns=(*columns(Kind.WORD, "table_name month"), Column("stamp", Kind.INTEGER)),
)
# Of quality issues: about rows of the exchange; those about the calendar are of no row.
ABOUT_ROWS = "dataset_name IN ('equity', 'index')"
OF_LISTINGS = (INSTRUMENTS, NAMES, SECTIONS, EARLIER_UIDS)
# What the exchange tells, and what is known of its sessions.
COLLECTED = (INSTRUMENTS, DAILY, ETFS, BENCHMARK, CALENDAR, LEDGER, FACTORS)
TABLES = (
    DAILY,
    ETFS,
    BENCHMARK,
    INDICES,
    *OF_LISTINGS,
    CALENDAR,
    FACTORS,
    LEDGER,
    PENDING_CHECKS,
    SESSION_MARKS,
    DOUBTED_ENDS,
    EMPTY_LISTS,
    DAY_SUMMARY,
    MONTH_STAMP,
)
