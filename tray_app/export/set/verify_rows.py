"""What verify asks of the rows of a file, row group by row group: order, key, range, kin, adjustment, digests."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tray_app.core.sets import Finding
from tray_app.core.times import parse_instant
from tray_app.core.words import tr
from tray_app.datasets.krx.rules.ledger import BarKind
from tray_app.export.files.adjust import Adjustments, adjustments
from tray_app.export.files.digest import ContentDigest
from tray_app.export.files.masks import Validity
from tray_app.export.files.missing import said
from tray_app.export.files.schemas import FileKind
from tray_app.export.files.sessions import CLASS, SetCalendar, track_of
from tray_app.export.set.order import OrderCheck
from tray_app.export.set.verify_accepted import AcceptedChecks
from tray_app.export.set.verify_chains import broken_chains
from tray_app.store.export_reads import Span

DAILY, BENCHMARK, STRESS, ETFS = "instrument_daily", "benchmark_daily", "stress_daily", "etf_daily"
# The column that names a row's series, and what sets the name of a class of indices apart from that of a market.
SERIES = {DAILY: ("market_code", ""), BENCHMARK: ("index_class", CLASS)}
REASON, OK = "signal_validity_reason", Validity.OK.name.lower()
SUM_ERROR = 1e-9
MOST_SESSIONS_NAMED = 5
COUNTED = (DAILY, "instruments")
KEYS_AT_ONCE = 1_000_000
KIN = (DAILY, ETFS, "adjustment_factors", "data_quality_issues", "instrument_id_map")


class SetChecks:
    """What the rows of one file owe to the others: instruments, factors and sessions."""

    def __init__(self, folder: Path, document: Mapping[str, Any]) -> None:
        self.first = date.fromisoformat(document["date_from"])
        self.last = date.fromisoformat(document["date_to"])
        self.problems: list[Finding] = []
        self._now = parse_instant(document["generated_at"])
        self._markets: list[str] = document["market_codes"]
        self._owned = _days_of(document["missing_sessions"])
        self._given_up = _days_of(document.get("given_up_sessions", {}))
        self._accepted = AcceptedChecks(document)
        self._unknown = _days_of(document.get("unknown_factors", {}))
        # The sessions that rows are met of, and of these the ones with rows that count as ok.
        self._present: dict[str, set[date]] = {}
        self._trusted: dict[str, set[date]] = {}
        self._calendar = self._read(folder, "trading_calendar.parquet")
        instruments = self._read(folder, "instruments.parquet")
        self.uids = (
            None if instruments is None else instruments.column("instrument_id").cast(pa.string()).combine_chunks()
        )
        factors = self._read(folder, "adjustment_factors.parquet")
        self.adjustments = self._adjustments(factors)
        self._listings, self._factors = instruments, factors

    def note_days(self, table: pa.Table, kind: FileKind) -> None:
        """Remember which sessions of which markets or classes of indices have rows."""
        column, mark = SERIES[kind.name]
        for name, day in _pairs(table, column):
            self._present.setdefault(f"{name}{mark}", set()).add(day)
        if kind.name == DAILY:
            self._accepted.note(table)
            is_ok = pc.equal(table.column(REASON).cast(pa.string()), OK)
            for name, day in _pairs(table.filter(is_ok), column):
                self._trusted.setdefault(name, set()).add(day)

    def missing_sessions(self) -> Iterator[Finding]:
        """Yield the sessions without rows that the manifest does not own up to, or that another market has rows of."""
        if self._calendar is None:
            return
        calendar, span = SetCalendar(self._calendar, self._now), Span(self.first, self.last)
        proven = set[date]().union(*(self._present.get(market, ()) for market in self._markets))
        for name in sorted({*self._markets, *self._owned, *self._present}):
            track = track_of(name)
            owned = self._owned.get(name, set()) - (proven if name in self._markets else set())
            accounted = self._present.get(name, set()) | owned
            days = [str(day) for day in calendar.without_rows(track, span, accounted)]
            if days:
                shown = ", ".join(days[:MOST_SESSIONS_NAMED]) + (" ..." if days[MOST_SESSIONS_NAMED:] else "")
                text = tr("{count} sessions of {name} are missing: {days}", count=len(days), name=name, days=shown)
                yield Finding(DAILY if track.dataset is BarKind.EQUITY else BENCHMARK, text)

    def unknown_factors(self) -> Iterator[Finding]:
        """Yield the sessions whose rows count as ok, though sessions before them are missing or they are in doubt."""
        for market in sorted(self._present.keys() & set(self._markets)):
            days = sorted(
                (self._behind_gaps(market) | self._unknown.get(market, set())) & self._trusted.get(market, set())
            )
            if days:
                text = tr("rows of {name} count as ok, though no factor is known: {days}", name=market, days=said(days))
                yield Finding(DAILY, text, REASON)

    def _behind_gaps(self, market: str) -> set[date]:
        if self._calendar is None:
            return set()
        present = sorted(self._present[market])
        span = Span(present[0], present[-1])
        known = self._present[market] | self._given_up.get(market, set())
        missing = SetCalendar(self._calendar, self._now).without_rows(track_of(market), span, known)
        return {present[bisect_right(present, day)] for day in missing}

    def accepted_rows(self) -> Iterator[Finding]:
        """Yield rows that are not as the manifest says of sessions that a person has accepted."""
        return self._accepted.findings()

    def broken_chains(self) -> Iterator[Finding]:
        """Yield what is wrong with the links between the listings of issues that changed their market."""
        if self._listings is not None and "moved_to" in self._listings.column_names:
            yield from broken_chains(self._listings, self._factors)

    def _read(self, folder: Path, name: str) -> pa.Table | None:
        path = folder / name
        if not path.is_file():
            return None
        try:
            return pq.read_table(path)
        except (pa.ArrowException, OSError):
            return None  # the file's own examination says so

    def _adjustments(self, factors: pa.Table | None) -> Adjustments | None:
        if factors is None or self.uids is None:
            return None
        places = pc.index_in(factors.column("instrument_id").cast(pa.string()), self.uids).to_pylist()
        days = factors.column("trade_date").cast(pa.date32()).cast(pa.int32()).to_pylist()
        prices, shares = (factors.column(name).to_pylist() for name in ("factor", "share_factor"))
        known = [number for number, place in enumerate(places) if place is not None]
        chosen = [[column[number] for number in known] for column in (places, days, prices, shares)]
        return adjustments(chosen[0], chosen[1], chosen[2], chosen[3], len(self.uids))


def _days_of(named: Mapping[str, list[str]]) -> dict[str, set[date]]:
    return {name: {date.fromisoformat(day) for day in days} for name, days in named.items()}


def _pairs(table: pa.Table, column: str) -> Iterator[tuple[str, date]]:
    pairs = table.select([column, "trade_date"]).group_by([column, "trade_date"]).aggregate([])
    days = pairs.column("trade_date").cast(pa.date32()).to_pylist()
    return zip(pairs.column(column).to_pylist(), days, strict=True)


def examine_rows(
    file: pq.ParquetFile, name: str, kind: FileKind, entry: Mapping[str, Any], checks: SetChecks
) -> Iterator[Finding]:
    """Yield what is wrong with a file's rows, the first of each kind."""
    seen = _Seen(file.schema_arrow, kind)
    order = OrderCheck(kind.sort_keys)
    told: set[str] = set()
    for number in range(file.num_row_groups):
        table = file.read_row_group(number).combine_chunks()
        found = [*order.take(table), *_range(table, kind, checks), *_kin(table, kind, checks)]
        if kind.name in SERIES:
            checks.note_days(table, kind)
        if kind.name == DAILY:
            found += _adjusted(table, checks)
        if kind.name == STRESS:
            found += _added_up(table)
        if kind.name == ETFS:
            found += _premium(table)
        for problem, column, row in found:
            if problem not in told:
                told.add(problem)
                yield Finding(name, problem, column, seen.rows + row + 1)
        seen.take(table)
    if order.is_broken or seen.rows < KEYS_AT_ONCE:
        yield from _repeated(file, name, kind, told)
    yield from seen.compared(name, entry)


class _Seen:
    """What the manifest says of a file's rows, found again."""

    def __init__(self, schema: pa.Schema, kind: FileKind) -> None:
        self._kind = kind
        self._digest = ContentDigest(schema)
        self._nulls = dict.fromkeys(schema.names, 0)
        self._ends: list[str] = []
        self._distinct: set[str] = set()
        self.rows = 0

    def take(self, table: pa.Table) -> None:
        """Count the next rows."""
        for batch in table.to_batches():
            self._digest.update(batch)
        for column in self._nulls:
            self._nulls[column] += table.column(column).null_count
        if self._kind.name in COUNTED:
            self._distinct |= set(pc.unique(table.column("instrument_id")).to_pylist())
        if self._kind.date_column and table.num_rows:
            days = pc.min_max(table.column(self._kind.date_column)).as_py()
            self._ends += [str(days["min"])[:10], str(days["max"])[:10]]
        self.rows += table.num_rows

    def compared(self, name: str, entry: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield where the manifest says otherwise."""
        facts = {
            "min_date": min(self._ends, default=None),
            "max_date": max(self._ends, default=None),
            "distinct_instruments": len(self._distinct) if self._kind.name in COUNTED else None,
            "content_digest": self._digest.content,
        }
        differs = tr("{key} is {found}, the manifest says {wanted}")
        for key, value in facts.items():
            if entry[key] != value:
                yield Finding(name, differs.format(key=key, found=value, wanted=entry[key]))
        for column, count in self._nulls.items():
            wanted = entry["null_counts"].get(column)
            if wanted != count:
                yield Finding(name, differs.format(key="null_counts", found=count, wanted=wanted), column)
        for column, value in self._digest.columns.items():
            if entry["column_digests"].get(column) != value:
                yield Finding(name, tr("the values are not those that were written"), column)


Problem = tuple[str, str | None, int]


def _range(table: pa.Table, kind: FileKind, checks: SetChecks) -> Iterator[Problem]:
    if kind.date_column is None or not table.num_rows:
        return
    days = table.column(kind.date_column).cast(pa.date32())
    outside = pc.or_(pc.less(days, pa.scalar(checks.first)), pc.greater(days, pa.scalar(checks.last)))
    row = _first(outside)
    if row is not None:
        yield tr("lies outside {first}..{last}", first=checks.first, last=checks.last), kind.date_column, row


def _kin(table: pa.Table, kind: FileKind, checks: SetChecks) -> Iterator[Problem]:
    if kind.name not in KIN or checks.uids is None:
        return
    owners = table.column("instrument_id")
    unknown = pc.and_(owners.is_valid(), pc.invert(pc.is_in(owners, value_set=checks.uids)))
    row = _first(unknown)
    if row is not None:
        yield tr("names an instrument that instruments.parquet does not hold"), "instrument_id", row


def _adjusted(table: pa.Table, checks: SetChecks) -> Iterator[Problem]:
    if "adj_factor" not in table.column_names or checks.adjustments is None or checks.uids is None:
        return
    places = pc.index_in(table.column("instrument_id"), checks.uids).combine_chunks()
    if places.null_count:
        return
    days = _numpy(table.column("trade_date").cast(pa.date32()).cast(pa.int32()))
    price, share = checks.adjustments.after(places.to_numpy(), days)
    wanted = {"adj_factor": price, "adj_volume": _numpy(table.column("volume")) / share}
    for field in ("open", "high", "low", "close"):
        wanted[f"adj_{field}"] = _numpy(table.column(field)) * price
    for column, values in wanted.items():
        (rows,) = np.nonzero(~np.isclose(_numpy(table.column(column)), values, rtol=1e-12, atol=0, equal_nan=True))
        if len(rows):
            yield tr("does not follow from adjustment_factors.parquet"), column, int(rows[0])
            return


def _added_up(table: pa.Table) -> Iterator[Problem]:
    total = np.zeros(table.num_rows)
    for name in table.column_names:
        if name.endswith("_contribution"):
            total += _numpy(table.column(name).fill_null(0.0))
    (rows,) = np.nonzero(~(np.abs(total - _numpy(table.column("z"))) <= SUM_ERROR))
    if len(rows):
        yield tr("is not the sum of the contributions"), "z", int(rows[0])


def _premium(table: pa.Table) -> Iterator[Problem]:
    close, nav, told = (table.column(name) for name in ("close", "nav", "premium"))
    difference = pc.abs(pc.subtract(told, pc.subtract(pc.divide(close, nav), 1.0)))
    is_wrong = pc.or_(pc.xor(pc.is_null(told), pc.is_null(nav)), pc.greater(pc.fill_null(difference, 0.0), SUM_ERROR))
    row = _first(is_wrong)
    if row is not None:
        yield tr("is not the close over the NAV less one"), "premium", row


def _repeated(file: pq.ParquetFile, name: str, kind: FileKind, told: set[str]) -> Iterator[Finding]:
    keys = list(kind.primary_key)
    counts = file.read(columns=keys).group_by(keys).aggregate([([], "count_all")])
    repeated = counts.filter(pc.greater(counts.column("count_all"), 1))
    if repeated.num_rows and not any("repeats" in problem for problem in told):
        first = ", ".join(str(value) for key, value in repeated.slice(0, 1).to_pylist()[0].items() if key in keys)
        yield Finding(name, tr("the key ({key}) repeats", key=first), keys[-1])


def _first(mask: pa.ChunkedArray) -> int | None:
    place = pc.index(mask, True).as_py()
    return None if place < 0 else int(place)


def _numpy(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    values: npt.NDArray[Any] = column.to_numpy()
    return values
