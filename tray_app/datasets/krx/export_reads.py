"""What an export asks of the exchange's tables, as Arrow tables of plain text, integer and float columns.

Values put into the statements are numbers, ISO dates and our own market names; a user's text never is.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from tray_app.core.days import day_number, day_of
from tray_app.core.table import Table
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerState
from tray_app.datasets.krx.tables import ABOUT_ROWS, BENCHMARK, DAILY, ETFS
from tray_app.store.arrow_reader import ArrowReader
from tray_app.store.export_reads import NULL_NUMBER, NULL_PRICE, Span, selected

RUN_FACTOR = 64

DAY_FACTOR = 2**32

# Dataset, market or class, day.
SeriesDay = tuple[str, str, date]


@dataclass(frozen=True, slots=True)
class LedgerMarks:
    """Sessions answered without rows, of these the ones given up; those that failed, and those in doubt."""

    unanswered: frozenset[SeriesDay] = frozenset()
    given_up: frozenset[SeriesDay] = frozenset()
    failed: frozenset[SeriesDay] = frozenset()
    in_doubt: frozenset[SeriesDay] = frozenset()


def daily(
    reader: ArrowReader, span: Span, markets: Sequence[Market], listings: Collection[int] | None = None
) -> pa.Table:
    """Return daily rows in the order of the store's key; listings: the ids of those wanted, all of the markets if None.

    Numbers that are small share a column, because each costs time: day and instrument (DAY_FACTOR times the day), run
    and flags (RUN_FACTOR times the run).
    """
    days = f"trade_date BETWEEN {day_number(span.first)} AND {day_number(span.last)}"
    if listings is not None:
        # One seek a session and listing: the big table has no index by listing.
        sessions = f"SELECT DISTINCT trade_date FROM day_summary WHERE dataset = '{BarKind.EQUITY}' AND {days}"
        source = f"({sessions}) CROSS JOIN {DAILY.name} USING (trade_date)"
        wanted = f"instrument_id IN ({_numbers(sorted(listings))})"
    else:
        is_all = set(STOCK_MARKETS) <= set(markets) and (Market.ETF in markets or not _holds_etfs(reader))
        source = DAILY.name
        wanted = days if is_all else f"{days} AND instrument_id IN ({_ids_of(markets)})"
    return reader.table(
        f"""
        SELECT {DAY_FACTOR} * trade_date + instrument_id AS row_key,
               COALESCE(open, {NULL_PRICE}) AS open, COALESCE(high, {NULL_PRICE}) AS high,
               COALESCE(low, {NULL_PRICE}) AS low, close, volume, turnover_value, market_value, listed_shares,
               base_price,
               is_trade_halted + 2 * is_under_supervision + 4 * record_status + {RUN_FACTOR} * run_id AS flags
        FROM {source} WHERE {wanted}
        """
    )


def rows_per_day(reader: ArrowReader, span: Span, markets: Sequence[Market]) -> pa.Table:
    """Return market_code, trade_date (number), rows: the stored sessions, from the small table kept beside them."""
    return reader.table(
        f"""
        SELECT market_code, trade_date, rows FROM day_summary
        WHERE dataset = '{BarKind.EQUITY}' AND market_code IN ({_quoted(markets)}) AND rows > 0
          AND trade_date BETWEEN {day_number(span.first)} AND {day_number(span.last)} ORDER BY trade_date, market_code
        """
    )


def newest_days(reader: ArrowReader, markets: Sequence[Market]) -> pa.Table:
    """Return market_code, first_day, last_day (numbers) of what is stored."""
    return reader.table(
        f"""
        SELECT market_code, MIN(trade_date) AS first_day, MAX(trade_date) AS last_day FROM day_summary
        WHERE dataset = '{BarKind.EQUITY}' AND market_code IN ({_quoted(markets)}) AND rows > 0 GROUP BY market_code
        """
    )


def index_days(reader: ArrowReader, span: Span, index_ids: Sequence[int]) -> list[int]:
    """Return the days (numbers) that any of some indices has a bar of."""
    table = reader.table(
        f"""
        SELECT DISTINCT trade_date FROM {BENCHMARK.name}
        WHERE trade_date BETWEEN {day_number(span.first)} AND {day_number(span.last)}
          AND index_id IN ({_numbers(index_ids)})
        """
    )
    return [int(number) for number in table.column(0).to_pylist()]


def index_ends(reader: ArrowReader, index_ids: Sequence[int]) -> tuple[date | None, date | None]:
    """Return the first and the last day that any of some indices has a bar of."""
    bars = f"SELECT trade_date FROM {BENCHMARK.name} WHERE index_id IN ({_numbers(index_ids)}) ORDER BY trade_date"
    found = [reader.table(f"{bars} {order} LIMIT 1").column(0).to_pylist() for order in ("ASC", "DESC")]
    first, last = (day_of(days[0]) if days else None for days in found)
    return first, last


def ledger_marks(reader: ArrowReader, span: Span) -> LedgerMarks:
    """Return what became of the sessions that are not stored, or not believed."""
    rows = reader.table(
        f"""
        SELECT dataset, market_code, trade_date, state, attempts, next_try_at IS NULL AS is_left FROM day_ledger
        WHERE state NOT IN ('{LedgerState.VERIFIED}', '{LedgerState.CLOSED}')
          AND trade_date BETWEEN '{span.first}' AND '{span.last}'
        """
    ).to_pylist()
    entries = [((row["dataset"], row["market_code"], date.fromisoformat(row["trade_date"])), row) for row in rows]
    empty = {LedgerState.UNKNOWN, LedgerState.NOT_YET_PUBLISHED}
    unanswered = {key: row for key, row in entries if row["state"] in empty and row["attempts"] > 0}
    return LedgerMarks(
        unanswered=frozenset(unanswered),
        given_up=frozenset(
            key for key, row in unanswered.items() if row["state"] == LedgerState.UNKNOWN and row["is_left"]
        ),
        failed=frozenset(key for key, row in entries if row["state"] == LedgerState.FAILED),
        in_doubt=frozenset(key for key, row in entries if row["state"] == LedgerState.COLLECTED and not row["is_left"]),
    )


def unchecked_days(reader: ArrowReader, first: date, last: date | None, markets: Sequence[Market]) -> list[date]:
    """Return the stored sessions of the markets whose factors and quality are still to be worked out, ascending."""
    until = "" if last is None else f" AND p.trade_date <= {day_number(last)}"
    table = reader.table(
        f"""
        SELECT p.trade_date FROM pending_checks p
        WHERE p.trade_date >= {day_number(first)}{until} AND EXISTS (
            SELECT 1 FROM day_summary s WHERE s.dataset = '{BarKind.EQUITY}' AND s.market_code IN ({_quoted(markets)})
              AND s.trade_date = p.trade_date AND s.rows > 0)
        ORDER BY p.trade_date
        """
    )
    return [day_of(number) for number in table.column(0).to_pylist()]


def instruments(reader: ArrowReader, markets: Sequence[Market]) -> pa.Table:
    """Return the listing episodes of the markets."""
    return reader.table(
        f"""
        SELECT instrument_id, uid, market_code, external_code, episode, isin, instrument_name, name_en, listing_date,
               delisting_date, share_class, security_group, section, par_value,
               COALESCE(listed_shares, {NULL_NUMBER}) AS listed_shares, first_seen, last_seen,
               COALESCE(end_reason, '') AS end_reason, {_uid_of("moved_from")}, {_uid_of("moved_to")},
               isin IS NOT NULL OR market_code = '{Market.ETF}' AS is_identified, liquidation_from
        FROM instruments WHERE market_code IN ({_quoted(markets)})
        ORDER BY market_code, external_code, listing_date, episode
        """
    )


def spells(reader: ArrowReader, kind: Table, markets: Sequence[Market]) -> pa.Table:
    """Return instrument_id, valid_from, text: names or sections, and since when; empty where there was none."""
    return reader.table(
        f"""
        SELECT instrument_id, valid_from, COALESCE({kind.values[0]}, '') AS text FROM {kind.name}
        WHERE instrument_id IN ({_ids_of(markets)}) ORDER BY instrument_id, valid_from
        """
    )


def earlier_uids(reader: ArrowReader, markets: Sequence[Market]) -> pa.Table:
    """Return old_uid, instrument_id: what listings of the markets were called in sets made before."""
    return reader.table(
        f"""
        SELECT uid AS old_uid, instrument_id FROM earlier_uids WHERE instrument_id IN ({_ids_of(markets)}) ORDER BY uid
        """
    )


def factors(reader: ArrowReader, after: date, until: date | None, markets: Sequence[Market]) -> pa.Table:
    """Return the adjustment factors after a day, up to another, by the listing whose rows they adjust.

    Those of an issue that changed its market adjust the rows of its earlier listings too; event_uid names the listing
    an event took place in.
    """
    last = "" if until is None else f" AND f.trade_date <= {day_number(until)}"
    return reader.table(
        f"""
        WITH RECURSIVE line (instrument_id, later_id) AS (
            SELECT instrument_id, instrument_id FROM instruments WHERE market_code IN ({_quoted(markets)})
            UNION SELECT line.instrument_id, i.moved_to FROM line JOIN instruments i ON i.instrument_id = line.later_id
            WHERE i.moved_to IS NOT NULL
        )
        SELECT line.instrument_id, f.trade_date, f.factor, f.share_factor, f.method, f.is_flagged, f.run_id,
               i.uid AS event_uid
        FROM line CROSS JOIN price_adjustment_factors f ON f.instrument_id = line.later_id
        JOIN instruments i ON i.instrument_id = line.later_id
        WHERE f.trade_date > {day_number(after)}{last} ORDER BY line.instrument_id, f.trade_date
        """
    )


def benchmark(reader: ArrowReader, span: Span, index_ids: Sequence[int]) -> pa.Table:
    """Return the bars of some indices in the order of the store's key."""
    return reader.table(
        f"""
        SELECT {selected(BENCHMARK)}, run_id FROM {BENCHMARK.name}
        WHERE trade_date BETWEEN {day_number(span.first)} AND {day_number(span.last)}
          AND index_id IN ({_numbers(index_ids)})
        """
    )


def etfs(reader: ArrowReader, span: Span) -> pa.Table:
    """Return what is told of ETFs beside their bars, with the bars' closes, in the order of the store's key."""
    return reader.table(
        f"""
        SELECT {selected(ETFS, "e.")}, d.close, e.run_id FROM {ETFS.name} e
        JOIN daily_market_data d ON d.trade_date = e.trade_date AND d.instrument_id = e.instrument_id
        WHERE e.trade_date BETWEEN {day_number(span.first)} AND {day_number(span.last)}
        ORDER BY e.trade_date, e.instrument_id
        """
    )


def indices(reader: ArrowReader) -> pa.Table:
    """Return every index with our code for it."""
    return reader.table("SELECT index_id, index_class, index_code, index_name FROM indices ORDER BY index_code")


def calendar(reader: ArrowReader, span: Span, markets: Sequence[Market]) -> pa.Table:
    """Return the trading calendar of the markets. ETFs are traded on KOSPI, whose calendar is theirs."""
    held = sorted({Market.KOSPI if market is Market.ETF else market for market in markets})
    return reader.table(
        f"""
        SELECT market_code, trade_date, state, COALESCE(is_open, -1) AS is_open, holiday_name, evidence
        FROM trading_calendar
        WHERE market_code IN ({_quoted(held)}) AND trade_date BETWEEN '{span.first}' AND '{span.last}'
        ORDER BY market_code, trade_date
        """
    )


def accepted_findings(reader: ArrowReader, span: Span) -> pa.Table:
    """Return dataset_name, trade_date, subject, issue_code: what a person has accepted of the exchange's days."""
    return reader.table(
        f"""
        SELECT dataset_name, trade_date, subject, issue_code FROM data_quality_issues
        WHERE {ABOUT_ROWS} AND resolved_at IS NULL AND accepted_at IS NOT NULL
          AND trade_date BETWEEN '{span.first}' AND '{span.last}'
        ORDER BY trade_date, dataset_name, subject, issue_code
        """
    )


def month_stamps(reader: ArrowReader, span: Span) -> dict[str, int]:
    """Return the write counters of the daily table's months."""
    table = reader.table(
        f"""
        SELECT month, stamp FROM month_stamp WHERE table_name = '{DAILY.name}'
          AND month BETWEEN '{span.first:%Y-%m}' AND '{span.last:%Y-%m}' ORDER BY month
        """
    )
    return dict(zip(table.column(0).to_pylist(), table.column(1).to_pylist(), strict=True))


def _holds_etfs(reader: ArrowReader) -> bool:
    found = reader.table(f"SELECT COUNT(*) AS etfs FROM instruments WHERE market_code = '{Market.ETF}'")
    return bool(found.column(0)[0].as_py())


def _uid_of(link: str) -> str:
    return f"COALESCE((SELECT m.uid FROM instruments m WHERE m.instrument_id = instruments.{link}), '') AS {link}"


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(str(int(number)) for number in numbers)


def _quoted(markets: Sequence[Market]) -> str:
    return ", ".join(f"'{Market(market)}'" for market in markets)


def _ids_of(markets: Sequence[Market]) -> str:
    return f"SELECT instrument_id FROM instruments WHERE market_code IN ({_quoted(markets)})"
