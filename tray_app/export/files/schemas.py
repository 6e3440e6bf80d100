"""The files of a set: columns, types, order and key. Later versions add columns at the end, never rename."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from tray_app.core.table import Kind
from tray_app.datasets.crypto import tables as crypto
from tray_app.datasets.liquidity.rules.model import Category
from tray_app.export.kinds import DateType

# Files that are as their tables are.
PLAIN = {"crypto_daily": crypto.CRYPTO_PRICE, "crypto_metric": crypto.CRYPTO_METRIC}
# The columns that sets of a version were the first to have: what is older goes without.
_FIRST_ADDED = (
    "instruments.end_reason",
    "instruments.moved_from",
    "instruments.moved_to",
    "instruments.is_identified",
    "instruments.liquidation_from",
    "instrument_daily.section",
    "adjustment_factors.event_instrument_id",
)
_ADDED = [
    *((2, name) for name in _FIRST_ADDED),
    *(
        (column.added.sets, f"{name}.{column.name}")
        for name, table in PLAIN.items()
        for column in table.columns
        if column.added is not None
    ),
]
ADDED = {str(version): [name for since, name in _ADDED if since == version] for version, _ in _ADDED}
SCHEMA_VERSION = max(ADDED, key=int)

TEXT = pa.string()
WORD = pa.dictionary(pa.int32(), pa.string())
DATE = pa.date32()
PRICE = pa.float64()
WHOLE = pa.int64()
FLAG = pa.bool_()
INSTANT = pa.timestamp("us", tz="UTC")
ARROW = {
    Kind.TEXT: TEXT,
    Kind.WORD: WORD,
    Kind.DATE: DATE,
    Kind.INTEGER: WHOLE,
    Kind.FLOAT: PRICE,
    Kind.FLAG: FLAG,
    Kind.INSTANT: INSTANT,
}


@dataclass(frozen=True, slots=True)
class FileKind:
    """A file's columns, the order of its rows and the columns no two rows share."""

    name: str
    fields: tuple[pa.Field, ...]
    sort_keys: tuple[str, ...]
    primary_key: tuple[str, ...]
    date_column: str | None = None

    def schema(self, date_type: DateType, version: str = SCHEMA_VERSION) -> pa.Schema:
        """Return the schema as a reader sees it, of this or an earlier version of the sets."""
        later = {name for added, names in ADDED.items() if int(added) > int(version) for name in names}
        known = (field for field in self.fields if f"{self.name}.{field.name}" not in later)
        return pa.schema([_dated(field, date_type) for field in known])


def _field(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


def _maybe(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=True)


def _dated(field: pa.Field, date_type: DateType) -> pa.Field:
    if field.type == DATE and date_type is DateType.TIMESTAMP_MS:
        return field.with_type(pa.timestamp("ms"))
    return field


def physical(schema: pa.Schema) -> pa.Schema:
    """Return the schema rows are handed to the writer in: every text as a dictionary, encoded once per group.

    The logical schema goes into the file's footer, so that codes come back as plain text.
    """
    return pa.schema([field.with_type(WORD) if field.type == TEXT else field for field in schema])


def stored_metadata(schema: pa.Schema) -> dict[str, str]:
    """Return what a file's footer says beside its columns: the logical schema in Arrow's own form, and our words."""
    words = {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}
    return {"ARROW:schema": base64.b64encode(schema.serialize().to_pybytes()).decode(), **words}


def file_of(name: str, order: tuple[str, ...]) -> FileKind:
    """Return a file with what sets have of its table, sorted by the columns of its key, which come first."""
    fields = [pa.field(each.name, ARROW[each.kind], each.nullable) for each in PLAIN[name].in_sets]
    fields.sort(key=lambda field: order.index(field.name) if field.name in order else len(order))
    return FileKind(name, tuple(fields), order, order, "date")


_DAILY_HEAD = (
    _field("instrument_id", TEXT),
    _field("external_code", TEXT),
    _field("market_code", TEXT),
    _field("instrument_name", WORD),
    _field("listing_date", DATE),
    _maybe("delisting_date", DATE),
    _field("trade_date", DATE),
    _maybe("open", PRICE),
    _maybe("high", PRICE),
    _maybe("low", PRICE),
    _field("close", PRICE),
    _field("volume", WHOLE),
    _field("turnover_value", WHOLE),
    _field("market_value", WHOLE),
    _field("is_trade_halted", FLAG),
    _field("is_under_supervision", FLAG),
    _field("record_status", WORD),
    _field("listed_shares", WHOLE),
    _field("base_price", PRICE),
)
ADJUSTED = (
    _field("adj_factor", PRICE),
    _maybe("adj_open", PRICE),
    _maybe("adj_high", PRICE),
    _maybe("adj_low", PRICE),
    _field("adj_close", PRICE),
    _field("adj_volume", PRICE),
)
_DAILY_TAIL = (_field("is_tradable", FLAG), _field("signal_validity_reason", WORD), _maybe("section", WORD))

DAILY_KEYS = ("trade_date", "market_code", "external_code", "listing_date")


def instrument_daily(*, adjusted: bool) -> FileKind:
    """Return the daily bars of the issues, with the adjusted columns or without."""
    fields = (*_DAILY_HEAD, *(ADJUSTED if adjusted else ()), *_DAILY_TAIL)
    return FileKind("instrument_daily", fields, DAILY_KEYS, ("trade_date", "instrument_id"), "trade_date")


BENCHMARK_DAILY = FileKind(
    "benchmark_daily",
    (
        _field("index_code", TEXT),
        _field("index_class", WORD),
        _field("index_name", WORD),
        _field("trade_date", DATE),
        _maybe("open", PRICE),
        _maybe("high", PRICE),
        _maybe("low", PRICE),
        _maybe("close", PRICE),
        _maybe("change", PRICE),
        _maybe("volume", WHOLE),
        _maybe("turnover_value", WHOLE),
        _maybe("market_cap", WHOLE),
        _field("record_status", WORD),
    ),
    ("trade_date", "index_code"),
    ("trade_date", "index_code"),
    "trade_date",
)
ETF_DAILY = FileKind(
    "etf_daily",
    (
        _field("instrument_id", TEXT),
        _field("external_code", TEXT),
        _field("trade_date", DATE),
        _field("close", PRICE),
        _maybe("nav", PRICE),
        _maybe("premium", PRICE),
        _maybe("net_assets", WHOLE),
        _maybe("underlying_index", WORD),
        _maybe("underlying_close", PRICE),
        _maybe("underlying_change", PRICE),
    ),
    ("trade_date", "external_code"),
    ("trade_date", "instrument_id"),
    "trade_date",
)
TRADING_CALENDAR = FileKind(
    "trading_calendar",
    (
        _field("market_code", TEXT),
        _field("trade_date", DATE),
        _field("state", WORD),
        _field("is_open", FLAG),
        _maybe("holiday_name", WORD),
        _field("evidence", WORD),
    ),
    ("market_code", "trade_date"),
    ("market_code", "trade_date"),
    "trade_date",
)
INSTRUMENTS = FileKind(
    "instruments",
    (
        _field("instrument_id", TEXT),
        _field("external_code", TEXT),
        _field("market_code", TEXT),
        _field("instrument_name", WORD),
        _field("listing_date", DATE),
        _maybe("delisting_date", DATE),
        _field("episode", WHOLE),
        _maybe("isin", TEXT),
        _maybe("name_en", WORD),
        _maybe("share_class", WORD),
        _maybe("security_group", WORD),
        _maybe("section", WORD),
        _maybe("par_value", TEXT),
        _maybe("listed_shares", WHOLE),
        _field("first_seen", DATE),
        _field("last_seen", DATE),
        _maybe("end_reason", WORD),
        _maybe("moved_from", TEXT),
        _maybe("moved_to", TEXT),
        _field("is_identified", FLAG),
        _maybe("liquidation_from", DATE),
    ),
    ("market_code", "external_code", "listing_date"),
    ("instrument_id",),
)
INSTRUMENT_ID_MAP = FileKind(
    "instrument_id_map",
    (
        _field("old_instrument_id", TEXT),
        _field("instrument_id", TEXT),
        _field("external_code", TEXT),
        _field("market_code", TEXT),
        _field("listing_date", DATE),
    ),
    ("market_code", "external_code", "listing_date", "old_instrument_id"),
    ("old_instrument_id",),
)
ADJUSTMENT_FACTORS = FileKind(
    "adjustment_factors",
    (
        _field("instrument_id", TEXT),
        _field("external_code", TEXT),
        _field("market_code", TEXT),
        _field("listing_date", DATE),
        _field("trade_date", DATE),
        _field("factor", PRICE),
        _field("share_factor", PRICE),
        _field("method", WORD),
        _field("is_flagged", FLAG),
        _field("event_instrument_id", TEXT),
    ),
    ("market_code", "external_code", "listing_date", "trade_date"),
    ("instrument_id", "trade_date"),
)
DATA_QUALITY_ISSUES = FileKind(
    "data_quality_issues",
    (
        _field("dataset_name", WORD),
        _maybe("trade_date", DATE),
        _field("subject", TEXT),
        _field("issue_code", WORD),
        _field("severity", WORD),
        _maybe("instrument_id", TEXT),
        _maybe("external_code", TEXT),
        _maybe("market_code", TEXT),
        _maybe("index_code", TEXT),
        _field("issue_detail", TEXT),
        _maybe("acknowledged_note", TEXT),
    ),
    ("trade_date", "dataset_name", "subject", "issue_code"),
    ("trade_date", "dataset_name", "subject", "issue_code"),
)
CRYPTO_DAILY = file_of("crypto_daily", ("date", "coin_id"))
CRYPTO_METRIC = file_of("crypto_metric", ("date",))
MACRO_DAILY = FileKind(
    "macro_daily",
    (
        _field("series_id", TEXT),
        _maybe("title", WORD),
        _maybe("units", WORD),
        _field("date", DATE),
        _field("value", PRICE),
        _field("first_seen_at", INSTANT),
        _field("source", WORD),
    ),
    ("series_id", "date"),
    ("series_id", "date"),
    "date",
)
STRESS_DAILY = FileKind(
    "stress_daily",
    (
        _field("date", DATE),
        _field("z", PRICE),
        _field("score", PRICE),
        _field("band", WORD),
        _maybe("breadth", PRICE),
        _field("coverage", PRICE),
        _field("repo_flag", FLAG),
        _field("repo_label", WORD),
        *(_maybe(f"{category}_{what}", PRICE) for category in Category for what in ("z", "contribution")),
        _field("is_provisional", FLAG),
        _field("is_in_doubt", FLAG),
    ),
    ("date",),
    ("date",),
    "date",
)

SMALL_KINDS = (
    BENCHMARK_DAILY,
    ETF_DAILY,
    TRADING_CALENDAR,
    INSTRUMENTS,
    INSTRUMENT_ID_MAP,
    ADJUSTMENT_FACTORS,
    DATA_QUALITY_ISSUES,
    CRYPTO_DAILY,
    CRYPTO_METRIC,
    MACRO_DAILY,
    STRESS_DAILY,
)


def kind_of(file_name: str, columns: Sequence[str]) -> FileKind | None:
    """Return the kind a file of a set is of, by its name and columns; nothing for a file of a preset."""
    name = file_name.partition("/")[0].removesuffix(".parquet")
    if name == "instrument_daily":
        return instrument_daily(adjusted="adj_factor" in columns)
    return next((kind for kind in SMALL_KINDS if kind.name == name), None)


def described(schema: pa.Schema) -> list[dict[str, object]]:
    """Return a schema as it stands in the manifest."""
    return [{"name": field.name, "type": _type_name(field.type), "nullable": field.nullable} for field in schema]


def _type_name(kind: pa.DataType) -> str:
    return "dictionary<string>" if pa.types.is_dictionary(kind) else str(kind)
