"""Writing crypto rows: upserts in one short transaction, unchanged rows untouched, restatements kept.

Bulk rows go through the driver's executemany; peewee's insert_many takes twenty times as long.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from tray_app.core.coverage import Coverage
from tray_app.core.series import SeriesPoint
from tray_app.core.times import iso_instant
from tray_app.datasets.crypto.metrics import ETH_BTC, FEAR_GREED_INDEX, METRIC_OF
from tray_app.datasets.crypto.rows import CoinDay, CoinHistoryPoint, CoinName, CryptoSource, FearGreedDay, MarketTotals
from tray_app.datasets.crypto.tables import CRYPTO_METRIC, CRYPTO_PRICE
from tray_app.store.answers import AgainStore, AnswerStore
from tray_app.store.blanks import SeriesDays, note_blanks
from tray_app.store.database import Database
from tray_app.store.issues import Note, keep_notes
from tray_app.store.restatements import Restated, record_restatements
from tray_app.store.series import (
    Provenance,
    add_coverage,
    coin_series,
    extend_coverage,
    final_through,
    first_open_date,
    mark_final_if_over,
    set_final_through,
)
from tray_app.store.statements import upsert

Value = float | int | str | None

# What an answer tells of a coin's day, the row's own source among it.
PRICE_COLUMNS = tuple(name for name in CRYPTO_PRICE.values if name != "collected_at")
UPSERT_PRICE = upsert(CRYPTO_PRICE)
# What the history of a coin tells.
HISTORY_COLUMNS = ("price_usd", "market_cap", "volume_24h")
LABEL = FEAR_GREED_INDEX.beside[0].name


class CryptoStore:
    """The writer of crypto_price and crypto_metric."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.again = AgainStore(database)
        self.answers = AnswerStore(database)

    def store_snapshot(
        self,
        coins: Sequence[CoinDay],
        seen: Provenance,
        notes: Sequence[Note] = (),
        *,
        eth_btc: SeriesPoint | None = None,
        is_stale: bool = False,
    ) -> int:
        """Upsert the day's coins with what was found of them; returns how many rows are new or changed.

        What was stored after its day was over is final: a later answer that differs is recorded as a restatement. A
        stale answer says nothing of what is stored already, which is newer: it fills in what is missing. eth_btc, ETH
        priced in BTC, follows from the coins: no kill may come between.
        """
        with self._database.writing() as connection:
            stored = {coin.coin_id: _stored_price(connection, coin.coin_id, coin.date) for coin in coins}
            news = [coin for coin in coins if stored[coin.coin_id] is None] if is_stale else coins
            changed = [coin for coin in news if _price_row(coin) != stored[coin.coin_id]]
            record_restatements(connection, _restated_snapshots(connection, changed), seen)
            connection.executemany(UPSERT_PRICE, [_price_parameters(coin, seen) for coin in changed])
            for coin in news:
                extend_coverage(connection, coin_series(coin.coin_id), coin.date, seen)
                if not is_stale:
                    mark_final_if_over(connection, coin_series(coin.coin_id), coin.date, seen)
            if eth_btc is not None:
                _store_snapshot_value(connection, ETH_BTC.name, eth_btc.date, eth_btc.value, seen, is_stale=is_stale)
            keep_notes(connection, notes, seen)
        return len(changed)

    def store_coin_history(
        self,
        coin: CoinName,
        points: Sequence[CoinHistoryPoint],
        covers: Coverage,
        seen: Provenance,
        notes: Sequence[Note] = (),
    ) -> int:
        """Upsert a coin's past days; a day that holds a snapshot keeps it. Returns the rows new or changed.

        covers are the days the source was asked for and has answered: days it does not know count as covered.
        """
        with self._database.writing() as connection:
            stored = _stored_history(connection, coin.coin_id)
            changed = []
            restated = []
            for point in points:
                old = stored.get(point.date.isoformat())
                new = (point.price_usd, point.market_cap, point.volume_24h)
                if old is not None and (old.is_snapshot or old.values == new):
                    continue
                if old is not None:
                    restated += _restated_point(coin.coin_id, point.date, old.values, new)
                changed.append(point)
            record_restatements(connection, restated, seen)
            connection.executemany(UPSERT_PRICE, [_history_parameters(coin, point, seen) for point in changed])
            add_coverage(connection, coin_series(coin.coin_id), _with_snapshots(covers, stored), seen)
            note_blanks(connection, coin_days(coin.coin_id), covers.days, points, seen)
            keep_notes(connection, notes, seen)
        return len(changed)

    def store_totals(
        self, totals: MarketTotals, seen: Provenance, notes: Sequence[Note] = (), *, is_stale: bool = False
    ) -> int:
        """Upsert the whole market's totals of their date; returns how many values are new or changed. As snapshots."""
        with self._database.writing() as connection:
            keep_notes(connection, notes, seen)
            return sum(
                _store_snapshot_value(connection, column, totals.date, value, seen, is_stale=is_stale)
                for column, value in totals.values.items()
            )

    def fill_eth_btc(self, ratios: Mapping[date, float], seen: Provenance, *, anew: bool = False) -> int:
        """Store ETH priced in BTC for the dates that have no ratio yet, or anew for those that have another one."""
        with self._database.writing() as connection:
            stored = _stored_column(connection, ETH_BTC.name, ratios)
            missing = {day: ratio for day, ratio in ratios.items() if anew or stored.get(day) is None}
            return _store_column(connection, ETH_BTC.name, missing, date.min, seen)

    def store_fear_greed(
        self, days: Sequence[FearGreedDay], covers: Coverage, seen: Provenance, notes: Sequence[Note] = ()
    ) -> int:
        """Upsert the Fear & Greed index with its labels; returns the days new or changed."""
        with self._database.writing() as connection:
            final = final_through(connection, FEAR_GREED_INDEX.name)
            indices: dict[date, Value] = {day.date: day.value for day in days}
            labels: dict[date, Value] = {day.date: day.label for day in days}
            changed = _store_column(connection, FEAR_GREED_INDEX.name, indices, first_open_date(final), seen)
            _store_column(connection, LABEL, labels, first_open_date(final), seen)
            set_final_through(connection, FEAR_GREED_INDEX.name, max(indices, default=None), seen)
            add_coverage(connection, FEAR_GREED_INDEX.name, covers, seen)
            note_blanks(connection, metric_days(FEAR_GREED_INDEX.name), covers.days, days, seen)
            keep_notes(connection, notes, seen)
        return changed

    def store_series(  # noqa: PLR0913, PLR0917 - an answer's parts, each plain
        self,
        column: str,
        points: Sequence[SeriesPoint],
        covers: Coverage,
        provisional: date,
        seen: Provenance,
        notes: Sequence[Note] = (),
    ) -> int:
        """Upsert points of a column with one value a day; the one of the provisional date may still move.

        Returns how many days are new or changed. Whatever was final and now differs is recorded as restated.
        """
        with self._database.writing() as connection:
            final = final_through(connection, column)
            values: dict[date, Value] = {point.date: point.value for point in points}
            changed = _store_column(connection, column, values, first_open_date(final), seen)
            final_points = [point.date for point in points if point.date < provisional]
            set_final_through(connection, column, max(final_points, default=None), seen)
            add_coverage(connection, column, covers, seen)
            note_blanks(connection, metric_days(column), covers.days, points, seen)
            keep_notes(connection, notes, seen)
        return changed


def coin_days(coin_id: str) -> SeriesDays:
    """Return where the days of a coin stand."""
    return SeriesDays(coin_series(coin_id), f"{CRYPTO_PRICE.name} WHERE coin_id = ?", (coin_id,))


def metric_days(column: str) -> SeriesDays:
    """Return where the days of a column of crypto_metric stand."""
    if column not in METRIC_OF:
        raise ValueError(column)
    return SeriesDays(column, f"{CRYPTO_METRIC.name} WHERE {column} IS NOT NULL")


def _price_row(coin: CoinDay) -> tuple[Value, ...]:
    values: tuple[Value, ...] = attrgetter(*PRICE_COLUMNS)(coin)
    return values


def _price_parameters(coin: CoinDay, seen: Provenance) -> tuple[Value, ...]:
    return (coin.coin_id, coin.date.isoformat(), *_price_row(coin), iso_instant(seen.at))


def _history_parameters(coin: CoinName, point: CoinHistoryPoint, seen: Provenance) -> tuple[Value, ...]:
    facts = (None, point.price_usd, point.market_cap, point.volume_24h, None, None)
    origin = (str(CryptoSource.HISTORY), iso_instant(seen.at))
    return (coin.coin_id, point.date.isoformat(), coin.symbol, coin.name, *facts, *origin)


def _stored_price(connection: sqlite3.Connection, coin_id: str, day: date) -> tuple[Value, ...] | None:
    query = f"SELECT {', '.join(PRICE_COLUMNS)} FROM {CRYPTO_PRICE.name} WHERE coin_id = ? AND date = ?"
    row: tuple[Value, ...] | None = connection.execute(query, (coin_id, day.isoformat())).fetchone()
    return row


def _restated_snapshots(connection: sqlite3.Connection, changed: Sequence[CoinDay]) -> list[Restated]:
    restated = []
    for coin in changed:
        old = _stored_price(connection, coin.coin_id, coin.date)
        final = final_through(connection, coin_series(coin.coin_id))
        if old is None or coin.date >= first_open_date(final) or old[-1] != coin.source_name:
            continue
        for column, before, after in zip(PRICE_COLUMNS, old, _price_row(coin), strict=True):
            if before != after:
                restated.append(Restated(CRYPTO_PRICE.name, f"{coin.date}/{coin.coin_id}", column, before, after))
    return restated


@dataclass(frozen=True, slots=True)
class _StoredPoint:
    values: tuple[Value, ...]
    is_snapshot: bool


def _stored_history(connection: sqlite3.Connection, coin_id: str) -> dict[str, _StoredPoint]:
    rows = connection.execute(
        f"SELECT date, {', '.join(HISTORY_COLUMNS)}, source_name FROM {CRYPTO_PRICE.name} WHERE coin_id = ?",
        (coin_id,),
    )
    return {row[0]: _StoredPoint(row[1:4], row[4] != CryptoSource.HISTORY) for row in rows}


def _with_snapshots(covers: Coverage, stored: Mapping[str, _StoredPoint]) -> Coverage:
    """Return the coverage through the days after it that were stored before: today's snapshot comes first."""
    last = covers.last
    while (last + timedelta(days=1)).isoformat() in stored:
        last += timedelta(days=1)
    return Coverage(covers.first, last)


def _restated_point(coin_id: str, day: date, old: tuple[Value, ...], new: tuple[Value, ...]) -> list[Restated]:
    return [
        Restated(CRYPTO_PRICE.name, f"{day}/{coin_id}", column, before, after)
        for column, before, after in zip(HISTORY_COLUMNS, old, new, strict=True)
        if before != after
    ]


def _store_snapshot_value(  # noqa: PLR0913 - a value's parts, each plain
    connection: sqlite3.Connection, column: str, day: date, value: float, seen: Provenance, *, is_stale: bool
) -> int:
    if is_stale and _stored_column(connection, column, {day: value}).get(day) is not None:
        return 0
    final = final_through(connection, column)
    changed = _store_column(connection, column, {day: value}, first_open_date(final), seen)
    if not is_stale:
        mark_final_if_over(connection, column, day, seen)
    return changed


def _stored_column(connection: sqlite3.Connection, column: str, days: Mapping[date, object]) -> dict[date, Value]:
    if not days:
        return {}
    query = f"SELECT date, {column} FROM {CRYPTO_METRIC.name} WHERE date BETWEEN ? AND ?"
    rows = connection.execute(query, (min(days).isoformat(), max(days).isoformat()))
    return {date.fromisoformat(row[0]): row[1] for row in rows}


def _store_column(
    connection: sqlite3.Connection, column: str, values: Mapping[date, Value], first_open: date, seen: Provenance
) -> int:
    stored = _stored_column(connection, column, values)
    changed = {day: value for day, value in values.items() if value is not None and stored.get(day) != value}
    restated = [
        Restated(CRYPTO_METRIC.name, day.isoformat(), column, stored[day], value)
        for day, value in changed.items()
        if day < first_open and stored.get(day) is not None
    ]
    record_restatements(connection, restated, seen)
    created_at = iso_instant(seen.at)
    connection.executemany(
        upsert(CRYPTO_METRIC, ("date", column, "created_at"), (column,)),
        [(day.isoformat(), value, created_at) for day, value in changed.items()],
    )
    return len(changed)
