"""The Korea Exchange's files of a set."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tray_app.core.days import day_number
from tray_app.core.times import kst_date
from tray_app.core.words import tr
from tray_app.datasets.krx import export_reads as store
from tray_app.datasets.krx import tables as krx_tables
from tray_app.datasets.krx.exports import KRX_SETS
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.quality.catalogue import IssueDataset
from tray_app.datasets.krx.tables import NAMES, SECTIONS
from tray_app.export.errors import ExportBlocked, NothingToExport
from tray_app.export.files import findings, schemas, tables
from tray_app.export.files.accepted import AcceptedSessions, accepted_sessions
from tray_app.export.files.adjust import Adjustments, adjustments
from tray_app.export.files.as_of import as_of
from tray_app.export.files.daily import Joining, batch, row_groups, unresolved_rows
from tray_app.export.files.gaps import Gaps, gaps_of, with_gaps
from tray_app.export.files.instruments import file_table, read_instruments, seen_between
from tray_app.export.files.missing import (
    Days,
    Kind,
    MissingSessions,
    Series,
    missing_sessions,
    stored_classes,
    stored_markets,
)
from tray_app.export.files.partitions import Earlier, Origin, Part, carry, parts_of
from tray_app.export.files.scan import Rows, months, read_rows, scan
from tray_app.export.files.sessions import SetCalendar
from tray_app.export.files.stored_sums import EVER, DailySums
from tray_app.export.files.stored_sums import check as check_sums
from tray_app.export.files.unfinished import FactorsUnfinished, UnfinishedFactors
from tray_app.export.files.writer import FileFacts, ParquetFile, write_table
from tray_app.export.kinds import Basis, Layout
from tray_app.export.progress import Watch
from tray_app.export.request import ExportRequest
from tray_app.store import export_reads as common
from tray_app.store.arrow_columns import run_ids
from tray_app.store.arrow_reader import Snapshot
from tray_app.store.export_reads import Span


@dataclass(frozen=True, slots=True)
class Extent:
    """What of the request's markets is looked at. listings: the ids of some (None: all); with_indices: indices too.

    Only what is looked at counts when errors are searched for; with no listing at all that is indices alone.
    """

    listings: frozenset[int] | None = None
    with_indices: bool = True

    @property
    def has_listings(self) -> bool:
        """Whether anything but indices is looked at."""
        return self.listings is None or bool(self.listings)

    def touches(self, issue: Mapping[str, Any]) -> bool:
        """Whether an issue that touches the markets touches what is looked at."""
        if self.listings is None:
            return True
        if issue["instrument_id"] != -1:
            return issue["instrument_id"] in self.listings
        return self.has_listings or issue["dataset_name"] != IssueDataset.EQUITY


WHOLE = Extent()


class KrxFiles:
    """Writes the files of dataset krx from one snapshot. Raises BadInput when it is made for unknown indices."""

    def __init__(
        self, snapshot: Snapshot, request: ExportRequest, store_id: str, now: datetime, extent: Extent = WHOLE
    ) -> None:
        reader, markets = snapshot.reader, request.chosen_markets
        self._snapshot, self._request, self._store_id, self._now = snapshot, request, store_id, now
        self._extent = extent
        self._span = Span(request.date_from, request.date_to)
        self._ends = store.newest_days(reader, markets)
        first_days = dict(
            zip(self._ends.column("market_code").to_pylist(), self._ends.column("first_day").to_pylist(), strict=True)
        )
        self.instruments = read_instruments(store.instruments(reader, markets), first_days)
        indices = tables.chosen_indices(store.indices(reader), request.index_codes)
        self.indices = indices if extent.with_indices else indices.slice(0, 0)
        self._spells = {kind: store.spells(reader, kind, markets) for kind in (NAMES, SECTIONS)}
        self._earlier_uids = store.earlier_uids(reader, markets)
        self._stored = store.rows_per_day(reader, self._span, markets)
        self.rows = int(sum(self._stored.column("rows").to_pylist()))
        self._calendar = store.calendar(reader, self._span, markets)
        self._last_factor = request.date_to if request.basis is Basis.END else None
        self._factors = store.factors(reader, request.date_from - timedelta(days=1), self._last_factor, markets)
        self.source_runs: set[int] = set(run_ids(self._factors))
        self.carried: set[str] = set()

    @cached_property
    def issues(self) -> pa.Table:
        """Return the open issues that touch the set, and those that only the set as a whole tells of."""
        return with_gaps(self._open_issues, self.missing, self.gaps, is_adjusted=self._request.is_adjusted)

    @cached_property
    def _open_issues(self) -> pa.Table:
        return self._issues_of(self._span)

    def _issues_of(self, span: Span) -> pa.Table:
        found = common.open_issues(self._snapshot.reader, span)
        markets = self._request.chosen_markets
        relevant = findings.relevant_issues(found, markets, self.instruments, self.indices)
        if self._extent is WHOLE:
            return relevant
        return relevant.filter(pa.array(map(self._extent.touches, relevant.to_pylist()), pa.bool_()))

    @cached_property
    def missing(self) -> MissingSessions:
        """Return the sessions of the set without rows."""
        return missing_sessions(SetCalendar(self._calendar, self._now), self._series, self._span, self._marks)

    @cached_property
    def gaps(self) -> Gaps:
        """Return the sessions of the set whose factors nobody can know."""
        return gaps_of(self._series, self.missing, self._marks)

    @cached_property
    def accepted(self) -> AcceptedSessions:
        """Return the sessions of the set that a person has accepted without their rows in doubt."""
        return accepted_sessions(self._accepted_findings(self._span), self._series)

    @cached_property
    def _series(self) -> list[Series]:
        chosen = self._request.chosen_markets if self._extent.has_listings else ()
        markets = stored_markets(self._stored, self._ends, chosen)
        return [*markets, *stored_classes(self._snapshot.reader, self._span, self.indices)]

    @cached_property
    def _marks(self) -> store.LedgerMarks:
        return store.ledger_marks(self._snapshot.reader, self._span)

    @cached_property
    def unfinished(self) -> UnfinishedFactors:
        """Return what the factors of the set wait for."""
        request, markets = self._request, self._request.chosen_markets
        unchecked = store.unchecked_days(self._snapshot.reader, request.date_from, self._last_factor, markets)
        if self._last_factor is not None:
            return UnfinishedFactors(unchecked, {}, (), AcceptedSessions(()))
        series = self._series_after()
        accepted = accepted_sessions(self._accepted_findings(self._after), series)
        return UnfinishedFactors(unchecked, self._missing_after(series), self._errors_after(), accepted)

    def _series_after(self) -> list[Series]:
        markets = self._request.chosen_markets
        return stored_markets(store.rows_per_day(self._snapshot.reader, self._after, markets), self._ends, markets)

    def _accepted_findings(self, span: Span) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = store.accepted_findings(self._snapshot.reader, span).to_pylist()
        return found

    def _missing_after(self, series: Sequence[Series]) -> Days:
        reader, span = self._snapshot.reader, self._after
        calendar = SetCalendar(store.calendar(reader, span, self._request.chosen_markets), self._now)
        return missing_sessions(calendar, series, span, store.ledger_marks(reader, span)).of(Kind.HOLE)

    def _errors_after(self) -> list[str]:
        rows = self._issues_of(self._after).to_pylist()
        return findings.errors(row for row in rows if row["dataset_name"] == IssueDataset.EQUITY and row["trade_date"])

    @property
    def _after(self) -> Span:
        today = kst_date(self._now)
        return Span(min(self._span.last, today) + timedelta(days=1), today)

    @property
    def notes(self) -> list[str]:
        """Return sentences on what a user of the set must know it lacks."""
        unknown = self.gaps.notes if self._request.is_adjusted else []
        return [
            *self.missing.notes,
            *unknown,
            *self.unfinished.notes,
            *self.accepted.notes("accepted_sessions"),
            *self._unidentified_notes,
        ]

    @property
    def _unidentified_notes(self) -> list[str]:
        seen = seen_between(self.instruments, self._span.first, self._span.last)
        known = self.instruments.table.column("is_identified").to_numpy()
        count = int((seen & (known == 0)).sum())
        if not count:
            return []
        return [
            tr(
                "{count} listings are not identified yet, as no master list told of them: their instrument_id will"
                " change, and later sets say so in instrument_id_map.parquet.",
                count=count,
            )
        ]

    def shape(self) -> dict[str, Any]:
        """Return what the manifest says of what the set lacks."""
        return {
            **self.missing.shape(),
            **self.gaps.shape(),
            **self.unfinished.shape(),
            "accepted_sessions": self.accepted.shape(),
        }

    def check(self) -> None:
        """Raise ExportBlocked or NothingToExport when the set shall not be made, RowsChanged when it cannot."""
        self.check_small_tables()
        if not self._request.allow_errors:
            self.check_errors()
        if not self.rows:
            raise NothingToExport(KRX_SETS.name)

    def check_small_tables(self) -> None:
        """Raise RowsChanged when rows beside the daily bars are not those that were stored."""
        reader, classes = self._snapshot.reader, sorted(set(self.indices.column("index_class").to_pylist()))
        check_sums(reader, [krx_tables.BENCHMARK], self._span, classes)
        if Market.ETF in self._request.chosen_markets:
            check_sums(reader, [krx_tables.ETFS], self._span)
        others = [krx_tables.INDICES, *krx_tables.OF_LISTINGS, krx_tables.CALENDAR, krx_tables.FACTORS]
        check_sums(reader, others, Span(self._span.first, EVER.last))

    def check_errors(self) -> None:
        """Raise ExportBlocked when open errors touch what is looked at."""
        found = findings.blocking(self._open_issues, self.missing, self.gaps.in_doubt)
        unfinished = self.unfinished.problems if self._request.is_adjusted else []
        if found:
            raise ExportBlocked([*found, *unfinished])
        if unfinished:
            raise FactorsUnfinished(unfinished)

    def read_daily(self) -> pa.Table:
        """Return the daily bars as a set's file would hold them; none without rows. Raises RowsChanged."""
        reader, markets, listings = self._snapshot.reader, self._request.chosen_markets, self._extent.listings
        whole = DailySums(reader, self._span, markets, self.instruments) if listings is None else None
        spans = months(self._span) if listings is None else [self._span]
        schema = schemas.instrument_daily(adjusted=self._request.is_adjusted).schema(self._request.date_type)
        kind = schemas.physical(schema)
        found = (read_rows(reader, span, markets, self.instruments, whole, listings) for span in spans)
        batches = [batch(rows, self._joining, kind) for rows in found if rows.count]
        return pa.Table.from_batches(batches, kind).unify_dictionaries().cast(schema)

    def write(self, folder: Path, earlier: Earlier, watch: Watch) -> list[FileFacts]:
        """Write every file into a folder."""
        seen = seen_between(self.instruments, self._span.first, self._span.last)
        files = self._write_daily(folder, earlier, watch, seen)
        date_type = self._request.date_type
        bars = store.benchmark(self._snapshot.reader, self._span, self.indices.column("index_id").to_pylist())
        self.source_runs |= run_ids(bars)
        uids = self.instruments.table.column("uid").filter(pa.array(seen))
        factors = tables.factor_table(self._factors, self.instruments)
        factors = factors.filter(pc.is_in(factors.column("instrument_id"), value_set=uids.combine_chunks()))
        small = {
            schemas.BENCHMARK_DAILY: tables.benchmark_table(bars, self.indices),
            schemas.TRADING_CALENDAR: tables.calendar_table(self._calendar),
            schemas.INSTRUMENTS: file_table(self.instruments, seen),
            schemas.ADJUSTMENT_FACTORS: factors,
        }
        renamed = tables.id_map_table(self._earlier_uids, self.instruments, seen)
        if renamed.num_rows:
            small[schemas.INSTRUMENT_ID_MAP] = renamed
        if Market.ETF in self._request.chosen_markets:
            etfs = store.etfs(self._snapshot.reader, self._span)
            self.source_runs |= run_ids(etfs)
            small[schemas.ETF_DAILY] = tables.etf_table(etfs, self.instruments)
        if self._request.include_issues:
            small[schemas.DATA_QUALITY_ISSUES] = tables.issue_table(self.issues, self.instruments)
        for number, (kind, table) in enumerate(small.items()):
            watch.step("tables", number, len(small))
            known = {"distinct_instruments": table.num_rows} if kind is schemas.INSTRUMENTS else {}
            files.append(write_table(folder, kind, table, date_type, **known))
        return files

    def _write_daily(
        self, folder: Path, earlier: Earlier, watch: Watch, seen: npt.NDArray[np.bool_]
    ) -> list[FileFacts]:
        origin = self._origin
        plan: list[tuple[Part, str | None]] = []
        files: dict[str, FileFacts] = {}
        done = 0
        for part in parts_of(self._request):
            stamp = origin.stamp(part) if self._request.layout is Layout.YEAR else None
            found = earlier.parts.get(part.name)
            if found is not None and found.source_stamp == stamp:
                carry(earlier.folder / part.name, folder / part.name)
                files[part.name] = found
                self.carried.add(part.name)
                self.source_runs.update(found.source_runs)
                done += found.rows
            else:
                plan.append((part, stamp))
        tally = _Tally(watch, done, self.rows, seen)
        tally.tell()
        spans = [months(part.span) for part, _stamp in plan]
        scanned = scan(
            self._snapshot.readers,
            [month for parts in spans for month in parts],
            self._request.chosen_markets,
            self.instruments,
            DailySums(self._snapshot.reader, self._span, self._request.chosen_markets, self.instruments),
        )
        # Closed at once when something fails: the threads must be done with the snapshot before it ends.
        with closing(scanned) as rows:
            for (part, stamp), inner in zip(plan, spans, strict=True):
                facts = self._write_part(folder, part, stamp, _Counted(rows, len(inner), tally))
                if facts is not None:
                    files[part.name] = facts
        return [files[name] for name in sorted(files)]

    def _write_part(self, folder: Path, part: Part, stamp: str | None, rows: "_Counted") -> FileFacts | None:
        kind = schemas.instrument_daily(adjusted=self._request.is_adjusted)
        with ParquetFile(folder, part.name, kind, self._request.date_type) as file:
            for group in row_groups(rows):
                file.write(batch(group, self._joining, file.physical))
        if not rows.count:
            (folder / part.name).unlink()
            (folder / part.name).parent.rmdir()
            return None
        self.source_runs |= rows.run_ids
        return file.facts(
            distinct_instruments=rows.distinct, source_runs=tuple(sorted(rows.run_ids)), source_stamp=stamp
        )

    @cached_property
    def _joining(self) -> Joining:
        events = self._factors
        places = self.instruments.positions(tables.whole(events, "instrument_id")).tolist()
        days = tables.whole(events, "trade_date").tolist()
        flagged = events.column("is_flagged").to_pylist()
        doubts = [(day, place) for day, place, flag in zip(days, places, flagged, strict=True) if flag]
        if self._unresolved:
            doubts += self._numbered(self._unresolved)
        adjusted: Adjustments | None = None
        if self._request.is_adjusted:
            factors, shares = (events.column(name).to_pylist() for name in ("factor", "share_factor"))
            adjusted = adjustments(places, days, factors, shares, self.instruments.count)
        return Joining(
            self.instruments,
            adjusted,
            unresolved_rows(doubts, self.instruments.count),
            unresolved_rows(self._numbered(self.accepted.invalid(self.instruments)), self.instruments.count),
            as_of(self._spells[NAMES], self.instruments, "instrument_name"),
            as_of(self._spells[SECTIONS], self.instruments),
        )

    def _numbered(self, rows: Sequence[tuple[int, date]]) -> list[tuple[int, int]]:
        """Return (instrument id, day) pairs as (day number, position)."""
        places = self.instruments.positions(np.array([number for number, _ in rows], dtype=np.int64)).tolist()
        return [(day_number(day), place) for (_, day), place in zip(rows, places, strict=True)]

    @property
    def _origin(self) -> Origin:
        names = ("instrument_id", "trade_date", "factor", "share_factor", "is_flagged")
        columns = [self._factors.column(name).to_pylist() for name in names]
        return Origin(
            store_id=self._store_id,
            request=self._request,
            months=store.month_stamps(self._snapshot.reader, self._span),
            instruments=self.instruments,
            spells=[tuple(row.values()) for table in self._spells.values() for row in table.to_pylist()],
            factors=list(zip(*columns, strict=True)),
            doubts=[
                (number, day_number(day))
                for number, day in [*self._unresolved, *self.accepted.invalid(self.instruments)]
            ],
        )

    @cached_property
    def _unresolved(self) -> list[tuple[int, date]]:
        return [
            *findings.unresolved_actions(self._open_issues),
            *self.gaps.unknown_rows(self.instruments),
            *self.accepted.unresolved(self.instruments),
        ]


@dataclass(slots=True)
class _Tally:
    """The rows of all files so far, and the instruments that have come."""

    watch: Watch
    done: int
    total: int
    seen: npt.NDArray[np.bool_]

    def tell(self) -> None:
        """Tell how far the work is."""
        self.watch.step("daily", self.done, max(self.total, self.done))


class _Counted:
    """The months of one file as they come, counted."""

    def __init__(self, rows: Iterator[Rows], months: int, tally: _Tally) -> None:
        self._rows, self._months, self._tally = rows, months, tally
        self._here = np.zeros(len(tally.seen), dtype=np.bool_)
        self.count = 0
        self.run_ids: frozenset[int] = frozenset()

    @property
    def distinct(self) -> int:
        """Return how many instruments have come."""
        return int(self._here.sum())

    def __iter__(self) -> Iterator[Rows]:
        """Yield the months."""
        for _ in range(self._months):
            rows = next(self._rows)
            self.count += rows.count
            self.run_ids |= rows.run_ids
            self._here[rows.positions] = True
            self._tally.seen[rows.positions] = True
            self._tally.done += rows.count
            self._tally.tell()
            yield rows
