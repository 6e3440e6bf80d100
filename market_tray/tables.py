"""The library's tables as Arrow, of one state of the database: columns, types and order are those of a set's files.

Everything is read and joined by the functions that exports use, so that a table and a file never differ.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from market_tray.asked import Rules
from market_tray.errors import ErrorsInData, PolarsMissing, Unknown
from tray_app.core.days import day_number
from tray_app.core.errors import BadInput
from tray_app.core.words import tr
from tray_app.datasets.crypto.export_reads import coin_ids
from tray_app.datasets.crypto.exports import COINS, CRYPTO_SETS, MARKET
from tray_app.datasets.crypto.tables import CRYPTO_METRIC, CRYPTO_PRICE
from tray_app.datasets.export_kind import ExportKind
from tray_app.datasets.krx import export_reads as krx
from tray_app.datasets.krx import tables as krx_tables
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.krx.tables import NAMES, SECTIONS
from tray_app.datasets.liquidity import export_reads as liquidity
from tray_app.datasets.liquidity.exports import MACRO_DAILY, MACRO_SETS, STRESS_DAILY, STRESS_SETS
from tray_app.datasets.liquidity.tables import OF_MACRO, OF_STRESS
from tray_app.datasets.news import export_reads as news
from tray_app.datasets.schema import SCHEMA
from tray_app.export.errors import ExportBlocked
from tray_app.export.files import findings, schemas, tables
from tray_app.export.files.as_of import NO_WORD, AsOf, as_of
from tray_app.export.files.instruments import Instruments, file_table, read_instruments, seen_between
from tray_app.export.files.krx import Extent, KrxFiles
from tray_app.export.files.plain import issues_of
from tray_app.export.files.schemas import FileKind
from tray_app.export.files.stored_sums import EVER
from tray_app.export.files.stored_sums import check as check_sums
from tray_app.export.files.writer import typed
from tray_app.export.kinds import Basis, DateType
from tray_app.export.request import OLDEST, ExportRequest
from tray_app.store import export_reads as common
from tray_app.store.arrow_columns import INSTANT, table_of, text
from tray_app.store.arrow_columns import days as day_column
from tray_app.store.arrow_reader import ArrowReader, Snapshot, read_only
from tray_app.store.export_reads import Span
from tray_app.store.series import coin_series

Days = tuple[date | None, date | None]
Chosen = Sequence[str] | None
Subjects = Callable[[str], bool]

HEADLINES = FileKind(
    "news",
    (
        pa.field("published_at", INSTANT, nullable=False),
        pa.field("title", schemas.TEXT, nullable=False),
        pa.field("outlet", schemas.WORD, nullable=False),
        pa.field("link", schemas.TEXT, nullable=False),
        pa.field("language", schemas.WORD, nullable=False),
        pa.field("feed", schemas.WORD, nullable=False),
        pa.field("copies", schemas.WHOLE, nullable=False),
        pa.field("first_seen_at", INSTANT, nullable=False),
        pa.field("is_time_first_seen", schemas.FLAG, nullable=False),
    ),
    ("published_at",),
    (),
)


@dataclass(frozen=True, slots=True)
class Listings:
    """Listings that were chosen: of which markets, and their ids; None for all of the markets."""

    markets: tuple[Market, ...]
    ids: frozenset[int] | None = None


@contextmanager
def tables_of(database: Path, now: datetime) -> Iterator["Tables"]:
    """Give the tables of a database's last committed state. Raises what read_only raises."""
    with read_only(database, SCHEMA.version) as snapshot:
        yield Tables(snapshot, now)


def in_form(table: pa.Table, form: str) -> Any:
    """Return a table as a pandas or polars frame, or as it is. Raises PolarsMissing, or BadInput for another form."""
    if form == "arrow":
        return table
    if form == "pandas":
        return table.to_pandas(date_as_object=False)
    if form == "polars":
        return _polars(table)
    raise BadInput(
        tr("This form is not known"),
        tr("as_ is {form}.", form=repr(form)),
        tr("Allowed: pandas, arrow, polars."),
    )


class Tables:
    """The tables of one state. Names and days are checked; days that are None reach to the ends of what is stored."""

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        self._snapshot, self._now = snapshot, now

    @property
    def _reader(self) -> ArrowReader:
        return self._snapshot.reader

    def prices(self, codes: Chosen, markets: Chosen, days: Days, rules: Rules) -> pa.Table:
        """Return daily bars as instrument_daily.parquet holds them."""
        chosen = self._listings(codes, markets)
        # Of all markets: one that fails while the others go on shall not end early without a word.
        ends = krx.newest_days(self._reader, tuple(Market))
        span = _within(days, *(_numbers_as_days(ends.column(name)) for name in ("first_day", "last_day")))
        files = self._exchange(chosen.markets, (), span, rules, Extent(chosen.ids, with_indices=False))
        return files.read_daily()

    def indices(self, codes: Chosen, days: Days, rules: Rules) -> pa.Table:
        """Return bars of indices as benchmark_daily.parquet holds them."""
        known = krx.indices(self._reader)
        indices = tables.chosen_indices(known, codes or ())
        indices = indices.slice(0, 0) if codes == () else indices
        ids = indices.column("index_id").to_pylist()
        # Of all classes, as with the markets.
        first, last = krx.index_ends(self._reader, known.column("index_id").to_pylist())
        span = _within(days, [first] if first else [], [last] if last else [])
        self._exchange((), codes or (), span, rules, Extent(frozenset(), with_indices=bool(ids)))
        return _typed(tables.benchmark_table(krx.benchmark(self._reader, span, ids), indices), schemas.BENCHMARK_DAILY)

    def calendar(self, markets: Chosen, days: Days) -> pa.Table:
        """Return the trading calendar as trading_calendar.parquet holds it."""
        span = _span(days)
        check_sums(self._reader, [krx_tables.CALENDAR], span)
        found = krx.calendar(self._reader, span, self._listings(None, markets).markets)
        return _typed(tables.calendar_table(found), schemas.TRADING_CALENDAR)

    def instruments(self, codes: Chosen, markets: Chosen, on: date | None) -> pa.Table:
        """Return listings as instruments.parquet holds them; `on` a day those with rows then, named as they were."""
        chosen = self._listings(codes, markets)
        check_sums(self._reader, [krx_tables.INSTRUMENTS, krx_tables.NAMES, krx_tables.SECTIONS], EVER)
        known = self._instruments(chosen.markets)
        wanted = _mask(known, chosen.ids)
        if on is not None:
            wanted = pc.and_(wanted, pa.array(seen_between(known, on, on)))
            known = self._as_of(known, chosen.markets, on)
        return _typed(file_table(known, wanted.to_numpy(zero_copy_only=False)), schemas.INSTRUMENTS)

    def factors(self, codes: Chosen, markets: Chosen, days: Days) -> pa.Table:
        """Return adjustment factors as adjustment_factors.parquet holds them."""
        chosen, span = self._listings(codes, markets), _span(days)
        check_sums(self._reader, [krx_tables.INSTRUMENTS, krx_tables.FACTORS], span)
        found = krx.factors(self._reader, span.first - timedelta(days=1), span.last, chosen.markets)
        if chosen.ids is not None:
            found = found.filter(pc.is_in(found.column("instrument_id"), value_set=pa.array(chosen.ids, pa.int64())))
        return _typed(tables.factor_table(found, self._instruments(chosen.markets)), schemas.ADJUSTMENT_FACTORS)

    def macro(self, series: Chosen, days: Days, rules: Rules) -> pa.Table:
        """Return macro series as macro_daily.parquet holds them, those that may not be passed on among them."""
        span, known = _span(days), liquidity.macro_series(self._reader)
        names = known.column("series_id").to_pylist()
        _refuse_unknown(tr("series"), series, names)
        check_sums(self._reader, OF_MACRO, span, series)
        others = set(names) - set(names if series is None else series)
        self._check_errors(MACRO_SETS, span, rules, lambda subject: subject not in others)
        found = _only(liquidity.macro_observations(self._reader, span), "series_id", series)
        return _typed(liquidity.macro_table(found, known), schemas.PLAIN[MACRO_DAILY.name])

    def stress(self, days: Days, rules: Rules) -> pa.Table:
        """Return the stress index as stress_daily.parquet holds it."""
        span = _span(days)
        check_sums(self._reader, OF_STRESS, span)
        self._check_errors(STRESS_SETS, span, rules, lambda _subject: True)
        categories = liquidity.stress_categories(self._reader, span)
        return _typed(
            liquidity.stress_table(liquidity.stress_days(self._reader, span), categories),
            schemas.PLAIN[STRESS_DAILY.name],
        )

    def crypto(self, coins: Chosen, days: Days, rules: Rules) -> pa.Table:
        """Return the coins' days as crypto_daily.parquet holds them."""
        span = _span(days)
        if coins is not None:
            _refuse_unknown(tr("coin"), coins, coin_ids(self._reader))
        check_sums(self._reader, [CRYPTO_PRICE], span)
        asked = None if coins is None else {coin_series(coin) for coin in coins}
        self._check_errors(
            CRYPTO_SETS,
            span,
            rules,
            lambda subject: _is_coin(subject) and (asked is None or subject.partition(" ")[0] in asked),
        )
        found = table_of(self._reader, CRYPTO_PRICE, span, COINS.key)
        return _typed(_only(found, "coin_id", coins), schemas.PLAIN[COINS.name])

    def crypto_market(self, days: Days, rules: Rules) -> pa.Table:
        """Return the days of the crypto market as crypto_metric.parquet holds them."""
        span = _span(days)
        check_sums(self._reader, [CRYPTO_METRIC], span)
        self._check_errors(CRYPTO_SETS, span, rules, lambda subject: not _is_coin(subject))
        found = table_of(self._reader, CRYPTO_METRIC, span, MARKET.key)
        return _typed(found, schemas.PLAIN[MARKET.name])

    def news(self, days: Days) -> pa.Table:
        """Return the stories of the feeds."""
        found = news.articles(self._reader, _span(days))
        published, seen = (text(found.column(name)) for name in ("published_utc", "first_seen_utc"))
        columns = {
            "published_at": published.cast(INSTANT),
            **{name: found.column(name) for name in ("title", "outlet", "link", "copies")},
            "language": found.column("lang"),
            "feed": found.column("query"),
            "first_seen_at": seen.cast(INSTANT),
            "is_time_first_seen": pc.equal(published, seen),
        }
        return _typed(pa.table(columns), HEADLINES)

    def issues(self, days: Days) -> pa.Table:
        """Return the open quality issues of all datasets as data_quality_issues.parquet holds them."""
        found = common.open_issues(self._reader, _span(days))
        return _typed(tables.issue_table(found, self._instruments(tuple(Market))), schemas.DATA_QUALITY_ISSUES)

    def _exchange(
        self, markets: tuple[Market, ...], index_codes: Sequence[str], span: Span, rules: Rules, extent: Extent
    ) -> KrxFiles:
        request = ExportRequest(
            Path(),
            span.first,
            span.last,
            markets=markets,
            index_codes=tuple(index_codes),
            adjusted=rules.adjusted,
            basis=_basis(rules.basis),
            allow_errors=rules.allow_errors,
            date_type=DateType.DATE32,
        )
        files = KrxFiles(self._snapshot, request.within_reach, "", self._now, extent)
        files.check_small_tables()
        if not rules.allow_errors:
            try:
                files.check_errors()
            except ExportBlocked as blocked:
                raise ErrorsInData(blocked.message) from blocked
        return files

    def _check_errors(self, dataset: ExportKind, span: Span, rules: Rules, touches: Subjects) -> None:
        if rules.allow_errors:
            return
        rows = [row for row in issues_of(self._snapshot, span, dataset).to_pylist() if touches(str(row["subject"]))]
        found = findings.errors(rows)
        if found:
            raise ErrorsInData(ExportBlocked(found).message)

    def _instruments(self, markets: tuple[Market, ...]) -> Instruments:
        # Of which a market's rows are the first is asked by daily bars alone.
        return read_instruments(krx.instruments(self._reader, markets), {})

    def _as_of(self, known: Instruments, markets: tuple[Market, ...], on: date) -> Instruments:
        names = as_of(krx.spells(self._reader, NAMES, markets), known, "instrument_name")
        sections = as_of(krx.spells(self._reader, SECTIONS, markets), known)
        table = known.table
        for column, spells in {"instrument_name": names, "section": sections}.items():
            place = table.column_names.index(column)
            table = table.set_column(place, column, _words_on(spells, known.count, on))
        return replace(known, table=table)

    def _listings(self, codes: Chosen, markets: Chosen) -> Listings:
        wanted = _markets(markets)
        if markets == ():
            return Listings((), frozenset())
        if codes is None:
            return Listings(wanted or STOCK_MARKETS)
        among = wanted or tuple(Market)
        found: dict[str, list[tuple[int, str]]] = {}
        for row in krx.instruments(self._reader, among).to_pylist():
            for name in {row["external_code"], row["uid"]}:
                found.setdefault(name, []).append((row["instrument_id"], row["market_code"]))
        owners = {number: market for places in found.values() for number, market in places}
        for row in krx.earlier_uids(self._reader, among).to_pylist():
            found.setdefault(row["old_uid"], []).append((row["instrument_id"], owners[row["instrument_id"]]))
        _refuse_unknown(tr("listing"), codes, found)
        chosen = [place for code in codes for place in found[code]]
        present = {market for _number, market in chosen}
        return Listings(
            tuple(market for market in among if market in present), frozenset(number for number, _market in chosen)
        )


def _markets(names: Chosen) -> tuple[Market, ...]:
    try:
        return tuple(Market(name) for name in names or ())
    except ValueError as error:
        raise BadInput(
            tr("This market is not known"),
            tr("{names} is not a list of markets.", names=", ".join(names or ())),
            tr("Allowed: {names}.", names=", ".join(Market)),
        ) from error


def _basis(name: str) -> Basis:
    try:
        return Basis(name)
    except ValueError as error:
        raise BadInput(
            tr("This basis is not known"), tr("basis is {name}.", name=repr(name)), tr("Allowed: end, latest.")
        ) from error


def _refuse_unknown(what: str, names: Chosen, known: Collection[str] | Mapping[str, object]) -> None:
    unknown = [name for name in names or () if name not in known]
    if unknown:
        some = ", ".join(list(known)[:10]) or "-"
        raise Unknown(what, unknown, tr("Stored are, for example: {names}.", names=some))


def _is_coin(subject: str) -> bool:
    return subject.startswith(coin_series(""))


def _only(table: pa.Table, column: str, names: Chosen) -> pa.Table:
    if names is None:
        return table
    return table.filter(pc.is_in(text(table.column(column)), value_set=pa.array(names, pa.string())))


def _mask(known: Instruments, ids: Collection[int] | None) -> pa.Array:
    if ids is None:
        return pa.array([True] * known.count, pa.bool_())
    return pc.is_in(known.table.column("instrument_id"), value_set=pa.array(ids, pa.int64())).combine_chunks()


def _words_on(spells: AsOf, count: int, on: date) -> pa.Array:
    places = spells.on(np.arange(count, dtype=np.int32), np.full(count, day_number(on), dtype=np.int32))
    return spells.words.take(pa.array(places, mask=places == NO_WORD))


def _span(days: Days) -> Span:
    return Span(days[0] or EVER.first, days[1] or EVER.last)


def _within(days: Days, firsts: Sequence[date], lasts: Sequence[date]) -> Span:
    """Return the days asked for, to the ends of what is stored where none was named."""
    first, last = days
    if first is None:
        first = min([*firsts, *([last] if last else [])], default=OLDEST)
    if last is None:
        last = max([*lasts, first])
    return Span(first, last)


def _numbers_as_days(column: pa.ChunkedArray) -> list[date]:
    found: list[date] = day_column(column).to_pylist()
    return found


def _typed(table: pa.Table, kind: FileKind) -> pa.Table:
    """Return a table with the columns and types of a file."""
    return typed(kind.name, table, kind.schema(DateType.DATE32)).unify_dictionaries().combine_chunks()


def _polars(table: pa.Table) -> Any:
    try:
        import polars  # noqa: PLC0415 - whoever never asks for it need not have it
    except ModuleNotFoundError as error:
        raise PolarsMissing from error
    return polars.from_arrow(table)
