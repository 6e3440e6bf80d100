"""Who a listing is: known from the master list alone, so that every store calls it the same."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from krx_machine import krx_context
from support import open_store, query

from datasets.krx.rules.kit import bar, base_info
from datasets.krx.store.test_krx_listings import AT, SEEN
from tray_app.datasets.krx.collect.context import KrxRunContext
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.episodes import NAMESPACE
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry, LedgerState, Track
from tray_app.store.database import Database

DAYS = KrxCalendar().sessions(date(2024, 1, 2), date(2024, 2, 29))
CODE, LISTED = "033300", date(2001, 5, 7)
PAUSED = range(4, 20)


def session(store: KrxRunContext, place: int, *, asks: bool = True) -> None:
    """Store a session of KOSDAQ with an issue that has no row on the paused ones, though it stays listed."""
    day, codes = DAYS[place], ["000020", *([] if place in PAUSED else [CODE])]
    bars = tuple(bar(code, day, market=Market.KOSDAQ, section="벤처기업부") for code in codes)
    track = Track(BarKind.EQUITY, Market.KOSDAQ)
    store.rows.upsert_bars(LedgerEntry(track, day, LedgerState.COLLECTED, len(bars), 1), bars, SEEN)
    if asks:
        infos = [base_info(code, market=Market.KOSDAQ, isin=f"KR7{code}000", listing_date=LISTED) for code in codes]
        store.listings.upsert_base_info(Market.KOSDAQ, day, infos, bars, SEEN)
    store.ledger.upsert_entry(LedgerEntry(track, day, LedgerState.VERIFIED, len(bars), 1), SEEN)
    store.listings.part_relisted(Market.KOSDAQ, day, codes, SEEN)


def told(folder: Path, places: list[int], asked: set[int]) -> list[Any]:
    with open_store(folder, AT) as database:
        store = krx_context(database)
        for place in places:
            session(store, place, asks=place in asked)
        store.listings.write_spans(SEEN)
        store.listings.settle(KrxCalendar(), SEEN)
        return query(
            database,
            "SELECT i.uid, i.episode, i.first_seen, i.last_seen, COUNT(*) FROM instruments i"
            " JOIN daily_market_data USING (instrument_id) WHERE external_code = ? GROUP BY i.instrument_id",
            CODE,
        )


WHOLE = [(str(uuid5(NAMESPACE, f"KOSDAQ:{CODE}:{LISTED}")), 1, str(DAYS[0]), str(DAYS[24]), 9)]


@pytest.mark.parametrize("asked", [{0, 24}, {3, 20}, set(range(25))], ids=["ends", "around the pause", "all"])
@pytest.mark.parametrize("order", [range(25), range(24, -1, -1), [22, 1, *range(2, 22), 0, 23, 24]])
def test_a_long_pause_parts_no_listing_whose_date_is_known(tmp_path: Path, order: Any, asked: set[int]) -> None:
    assert told(tmp_path, list(order), asked) == WHOLE


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(25)))
def test_whatever_the_order(tmp_path_factory: pytest.TempPathFactory, order: list[int]) -> None:
    assert told(tmp_path_factory.mktemp("order"), order, {0, 3, 20, 24}) == WHOLE


def uids(database: Database) -> list[tuple[Any, ...]]:
    return query(database, "SELECT uid, isin IS NOT NULL FROM instruments WHERE external_code = ?", CODE)


def exported_once(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(
            "INSERT INTO export_jobs (job_id, request, status, created_at, output_path) VALUES ('a', '', '', '', '')"
        )


@pytest.mark.parametrize("is_exported", [False, True])
def test_what_is_not_identified_yet_is_mapped_when_it_is(database: Database, *, is_exported: bool) -> None:
    store = krx_context(database)
    session(store, 1, asks=False)
    store.listings.write_spans(SEEN)
    passing = str(uuid5(NAMESPACE, f"KOSDAQ:{CODE}:unidentified:{DAYS[1]}"))
    assert uids(database) == [(passing, 0)]
    if is_exported:
        exported_once(database)
    session(store, 0, asks=False)
    store.listings.write_spans(SEEN)
    moved = str(uuid5(NAMESPACE, f"KOSDAQ:{CODE}:unidentified:{DAYS[0]}"))
    assert uids(database) == [(moved, 0)]
    session(krx_context(database), 0)
    assert uids(database) == [(WHOLE[0][0], 1)]
    earlier = query(
        database,
        "SELECT e.uid FROM earlier_uids e JOIN instruments i USING (instrument_id) WHERE external_code = ?",
        CODE,
    )
    # Before the first export nobody can hold one.
    assert {row[0] for row in earlier} == ({passing, moved} if is_exported else set())


def test_the_second_firm_of_a_code_is_called_the_same_by_a_store_that_began_later(tmp_path: Path) -> None:
    def second_of(folder: Path, places: range) -> str:
        with open_store(folder, AT) as database:
            store = krx_context(database)
            for place in places:
                if not 2 < place < 20:
                    code_listed = LISTED if place < 10 else DAYS[20]
                    bars = (bar(CODE, DAYS[place], market=Market.KOSDAQ),)
                    track = Track(BarKind.EQUITY, Market.KOSDAQ)
                    store.rows.upsert_bars(LedgerEntry(track, DAYS[place], LedgerState.VERIFIED, 1, 1), bars, SEEN)
                    info = base_info(CODE, market=Market.KOSDAQ, listing_date=code_listed)
                    store.listings.upsert_base_info(Market.KOSDAQ, DAYS[place], [info], bars, SEEN)
            return str(query(database, "SELECT uid FROM instruments ORDER BY first_seen DESC LIMIT 1")[0][0])

    whole, late = second_of(tmp_path / "whole", range(25)), second_of(tmp_path / "late", range(20, 25))
    assert whole == late == str(uuid5(NAMESPACE, f"KOSDAQ:{CODE}:{DAYS[20]}"))
