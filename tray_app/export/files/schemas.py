"""The files of a set: columns, types, order and key. Later versions add columns at the end, never rename."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from tray_app.core.table import Kind, SetFile, Table
from tray_app.datasets.exports import EXPORTS
from tray_app.datasets.krx import tables as krx
from tray_app.export.kinds import DateType
from tray_app.store.arrow_columns import INSTANT

_PLAIN_FILES = [file for kind in EXPORTS for file in kind.files]
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
        (column.added.sets, f"{file.name}.{column.name}")
        for file in _PLAIN_FILES
        for column in file.columns
        if column.added is not None
    ),
]
ADDED = {version: [name for since, name in _ADDED if since == version] for version, _ in _ADDED}
SCHEMA_VERSION = str(max(ADDED))

TEXT = pa.string()
WORD = pa.dictionary(pa.int32(), pa.string())
DATE = pa.date32()
PRICE = pa.float64()
WHOLE = pa.int64()
FLAG = pa.bool_()
ARROW = {
    Kind.TEXT: TEXT,
    Kind.WORD: WORD,
    Kind.DATE: DATE,
    Kind.DAY: DATE,
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
        later = {name for added, names in ADDED.items() if added > int(version) for name in names}
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


def _plain(file: SetFile) -> FileKind:
    fields = tuple(pa.field(each.name, ARROW[each.kind], each.nullable) for each in file.columns)
    return FileKind(file.name, fields, file.key, file.key, "date")


def _of(table: Table, names: str) -> tuple[pa.Field, ...]:
    """Return columns that a file has as the store has them."""
    return tuple(pa.field(each.name, ARROW[each.kind], each.nullable) for each in table.of_names(names))


_DAILY_HEAD = (
    _field("instrument_id", TEXT),
    _field("external_code", TEXT),
    _field("market_code", TEXT),
    _field("instrument_name", WORD),
    _field("listing_date", DATE),
    _maybe("delisting_date", DATE),
    _field("trade_date", DATE),
    *_of(krx.DAILY, "open high low close volume turnover_value market_value is_trade_halted is_under_supervision"),
    _field("record_status", WORD),
    *_of(krx.DAILY, "listed_shares base_price"),
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
        *_of(krx.INDICES, "index_code index_class index_name"),
        *_of(krx.BENCHMARK, "trade_date open high low close change volume turnover_value market_cap"),
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
        *_of(krx.DAILY, "trade_date close"),
        *_of(krx.ETFS, "nav"),
        _maybe("premium", PRICE),
        *_of(krx.ETFS, "net_assets underlying_index underlying_close underlying_change"),
    ),
    ("trade_date", "external_code"),
    ("trade_date", "instrument_id"),
    "trade_date",
)
TRADING_CALENDAR = FileKind(
    "trading_calendar",
    (
        *_of(krx.CALENDAR, "market_code trade_date state"),
        _field("is_open", FLAG),
        *_of(krx.CALENDAR, "holiday_name evidence"),
    ),
    ("market_code", "trade_date"),
    ("market_code", "trade_date"),
    "trade_date",
)
INSTRUMENTS = FileKind(
    "instruments",
    (
        _field("instrument_id", TEXT),
        *_of(
            krx.INSTRUMENTS,
            "external_code market_code instrument_name listing_date delisting_date episode isin name_en share_class"
            " security_group section par_value listed_shares first_seen last_seen end_reason",
        ),
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
        *_of(krx.FACTORS, "factor share_factor method is_flagged"),
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
# Those of the kinds without bars, by name.
PLAIN = {file.name: _plain(file) for file in _PLAIN_FILES}

SMALL_KINDS = (
    BENCHMARK_DAILY,
    ETF_DAILY,
    TRADING_CALENDAR,
    INSTRUMENTS,
    INSTRUMENT_ID_MAP,
    ADJUSTMENT_FACTORS,
    DATA_QUALITY_ISSUES,
    *PLAIN.values(),
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
