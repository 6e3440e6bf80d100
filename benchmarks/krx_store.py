"""A deterministic Korea Exchange store of any size, for benchmarks and tests. Nothing in it is market data."""

import sqlite3
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from tray_app.core.days import day_number
from tray_app.datasets.krx.rules.ledger import BarKind
from tray_app.datasets.krx.tables import BENCHMARK, DAILY
from tray_app.datasets.schema import SCHEMA
from tray_app.store import sums
from tray_app.store.lifecycle import open_database

MARKETS = ("KOSPI", "KOSDAQ", "KONEX")
SHARES = (0.33, 0.63, 0.04)
INDEX_NAMES = {"KOSPI": ("KOSPI", "코스피"), "KOSDAQ": ("KOSDAQ", "코스닥"), "KOSPI200": ("KOSPI", "코스피 200")}
DAILY_COLUMNS = 18
WRITTEN_AT = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StoreSize:
    """How many issues over which sessions; reversed fills the newest session first, with other integer ids."""

    instruments: int = 2_800
    first: date = date(2016, 1, 4)
    sessions: int = 2_450
    markets: tuple[str, ...] = MARKETS
    is_reversed: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """One invented issue and the sessions (by position) it is listed on."""

    market: str
    code: str
    name: str
    first: int
    last: int

    @property
    def uid(self) -> str:
        """Return the identifier of the listing episode."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.market}:{self.code}:1"))


def sessions(size: StoreSize) -> list[date]:
    """Return the weekdays the store covers."""
    days: list[date] = []
    day = size.first
    while len(days) < size.sessions:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    return days


def issues(size: StoreSize) -> list[Issue]:
    """Return the invented issues: most are listed throughout, some come, some go."""
    rng = np.random.default_rng(20260105)
    shares = np.array([SHARES[MARKETS.index(market)] for market in size.markets])
    picked = rng.choice(len(size.markets), size=round(size.instruments * 1.04), p=shares / shares.sum())
    codes = rng.permutation(900_000)[: len(picked)] + 100
    last = size.sessions - 1
    found = []
    for number, (market, code) in enumerate(zip(picked, codes, strict=True)):
        first, end = 0, last
        if number % 25 == 7 and size.sessions > 4:
            first = int(rng.integers(1, last))
        elif number % 25 == 13 and size.sessions > 4:
            end = int(rng.integers(1, last))
        found.append(Issue(size.markets[market], f"{code:06d}", f"종목 {number}", first, end))
    return found


def build(path: Path, size: StoreSize) -> int:
    """Write the store; returns the daily rows."""
    database = open_database(path, path.parent / "backups", WRITTEN_AT, SCHEMA)
    days, listed = sessions(size), issues(size)
    order = list(range(len(days)))[:: -1 if size.is_reversed else 1]
    ids = _numbered(listed, reverse=size.is_reversed)
    with database.writing() as connection:
        _write_instruments(connection, listed, ids, days)
        _write_calendar(connection, size, days)
        _write_runs(connection, days)
    rows = 0
    months: dict[str, list[int]] = {}
    for position in order:
        months.setdefault(f"{days[position]:%Y-%m}", []).append(position)
    for positions in months.values():
        with database.writing() as connection, sums.coming_whole(connection):
            for position in positions:
                rows += _write_day(connection, listed, ids, days, position)
    with database.writing() as connection, sums.coming_whole(connection):
        _write_indices(connection, days)
        _write_factors(connection, listed, ids, days)
    with database.writing() as connection:
        sums.rebuild(connection, SCHEMA.summed)
    database.close_thread()
    return rows


def _numbered(listed: list[Issue], *, reverse: bool) -> list[int]:
    # Integer ids come in the order of discovery; an export must not show it.
    count = len(listed)
    return [count - place if reverse else place + 1 for place in range(count)]


def _write_instruments(connection: sqlite3.Connection, listed: list[Issue], ids: list[int], days: list[date]) -> None:
    last = len(days) - 1
    connection.executemany(
        "INSERT INTO instruments (instrument_id, uid, market_code, external_code, episode, isin, instrument_name,"
        " name_en, listing_date, delisting_date, share_class, security_group, section, par_value, listed_shares,"
        " first_seen, last_seen, source_name, collected_at, updated_at, end_reason)"
        " VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, '보통주', '주권', '', '500', 1000000, ?, ?, 'krx', '', '', ?)",
        [
            (
                number,
                issue.uid,
                issue.market,
                issue.code,
                f"KR7{issue.code}000",
                issue.name,
                f"Issue {issue.code}",
                days[issue.first].isoformat() if issue.first else "2001-02-03",
                days[issue.last].isoformat() if issue.last < last else None,
                days[issue.first].isoformat(),
                days[issue.last].isoformat(),
                "unknown" if issue.last < last else None,
            )
            for number, issue in zip(ids, listed, strict=True)
        ],
    )


def _write_calendar(connection: sqlite3.Connection, size: StoreSize, days: list[date]) -> None:
    connection.executemany(
        "INSERT INTO trading_calendar VALUES (?, ?, 'open', 1, NULL, 'rows', 'krx', '')",
        [(market, day.isoformat()) for market in size.markets for day in days],
    )


def _write_runs(connection: sqlite3.Connection, days: list[date]) -> None:
    connection.execute(
        "INSERT INTO collection_runs (run_id, collector, triggered_by, kind, status, started_at, finished_at)"
        " VALUES (1, 'krx', 'manual-cli', 'history', 'success', ?, ?)",
        (f"{days[-1]}T09:00:00Z", f"{days[-1]}T09:30:00Z"),
    )


def _write_day(
    connection: sqlite3.Connection, listed: list[Issue], ids: list[int], days: list[date], position: int
) -> int:
    present = [place for place, issue in enumerate(listed) if issue.first <= position <= issue.last]
    rng = np.random.default_rng(1_000_003 * position + 17)
    places = np.array(present)
    level = 1_000.0 + (places * 7_919 % 90_000)
    wave = 1.0 + 0.2 * np.sin(position / 60.0 + places)
    base = np.round(level * wave, 0)
    moves = rng.normal(0.0, 0.02, (4, len(present)))
    close = np.maximum(np.round(base * (1.0 + moves[0])), 1.0)
    opened = np.maximum(np.round(base * (1.0 + moves[1] / 2)), 1.0)
    high = np.maximum(np.maximum(close, opened), np.round(base * (1.0 + np.abs(moves[2]))))
    low = np.minimum(np.minimum(close, opened), np.maximum(np.round(base * (1.0 - np.abs(moves[3]))), 1.0))
    volume = rng.integers(1, 3_000_000, len(present))
    silent = rng.random(len(present)) < 0.02
    shares = 1_000_000 + places * 1_009
    number, at = day_number(days[position]), int(WRITTEN_AT.timestamp())
    rows = []
    for place, opening, top, bottom, last, start, traded, quiet, count in zip(
        present,
        opened.tolist(),
        high.tolist(),
        low.tolist(),
        close.tolist(),
        base.tolist(),
        volume.tolist(),
        silent.tolist(),
        shares.tolist(),
        strict=True,
    ):
        halted = quiet and listed[place].market != "KONEX"
        prices = (None, None, None) if quiet else (opening, top, bottom)
        final = start if quiet else last
        amount = 0 if quiet else traded
        flags = (int(halted), int(place % 97 == 5), 0, 1, at, 1)
        value = int(amount * final)
        totals = (amount, value, int(final * count), count)
        rows.append((number, ids[place], *prices, final, final - start, *totals, start, *flags))
    marks = ", ".join("?" for _ in range(DAILY_COLUMNS))
    connection.executemany(f"INSERT INTO {DAILY.name} VALUES ({marks})", rows)  # noqa: S608 - our own names
    _note(connection, listed, present, days[position])
    return len(rows)


def _note(connection: sqlite3.Connection, listed: list[Issue], present: list[int], day: date) -> None:
    counts: dict[str, int] = {}
    for place in present:
        counts[listed[place].market] = counts.get(listed[place].market, 0) + 1
    connection.executemany(
        "INSERT INTO day_summary VALUES (?, ?, ?, ?)",
        [(BarKind.EQUITY, market, day_number(day), count) for market, count in counts.items()],
    )
    connection.executemany(
        "INSERT INTO day_ledger (dataset, market_code, trade_date, state, rows, run_id)"
        " VALUES (?, ?, ?, 'verified', ?, 1)",
        [(BarKind.EQUITY, market, day.isoformat(), count) for market, count in counts.items()],
    )
    connection.execute(
        "INSERT INTO month_stamp VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET stamp = stamp + 1",
        (DAILY.name, f"{day:%Y-%m}"),
    )


def _write_indices(connection: sqlite3.Connection, days: list[date]) -> None:
    for index_id, (code, (index_class, name)) in enumerate(INDEX_NAMES.items(), start=1):
        connection.execute("INSERT INTO indices VALUES (?, ?, ?, ?)", (index_id, index_class, code, name))
        rng = np.random.default_rng(index_id)
        closes = np.round(1_000.0 * np.exp(np.cumsum(rng.normal(0.0, 0.01, len(days)))), 2).tolist()
        connection.executemany(
            f"INSERT INTO {BENCHMARK.name} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1, 0, 1)",  # noqa: S608
            [
                (day_number(day), index_id, close, close + 1, close - 1, close, 0.5, 1_000, 2_000_000, 3_000_000_000)
                for day, close in zip(days, closes, strict=True)
            ],
        )


def _write_factors(connection: sqlite3.Connection, listed: list[Issue], ids: list[int], days: list[date]) -> None:
    rows = []
    for place, issue in enumerate(listed):
        if place % 11 == 3 and issue.last - issue.first > 2:
            middle = days[(issue.first + issue.last) // 2]
            rows.append((ids[place], day_number(middle), 0.2, 0.2, "split", 0, "{}", 1))
            rows.append((ids[place], day_number(days[issue.last]), 0.985, 1.0, "base_price", int(place % 2), "{}", 1))
    connection.executemany("INSERT INTO price_adjustment_factors VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
