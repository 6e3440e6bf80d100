"""Listings and quality issues in the store: episodes, names, ends, and issues that are said once."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from krx_machine import krx_context
from support import open_store, query

from datasets.krx.rules.kit import bar, base_info
from tray_app.core.quality import QualityIssue
from tray_app.datasets.krx.collect.context import KrxRunContext
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry, LedgerState, Track
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, IssueDataset, instrument_issue, market_issue
from tray_app.store.database import Database
from tray_app.store.issues import CheckScope, IssueStore
from tray_app.store.series import Provenance

AT = datetime(2024, 3, 9, 3, 0, tzinfo=UTC)
SEEN, LATER = Provenance(AT, 1), Provenance(AT + timedelta(days=1), 2)
DAYS = KrxCalendar().sessions(date(2024, 1, 2), date(2024, 2, 29))
KOSPI, KOSDAQ, KONEX = STOCK_MARKETS
ALWAYS = {KOSPI: "000010", KOSDAQ: "000020", KONEX: "000030"}


@pytest.fixture
def store(database: Database) -> KrxRunContext:
    return krx_context(database)


def session(store: KrxRunContext, place: int, names: dict[Market, dict[str, str]], *, frugal: bool = False) -> None:
    """Store a whole session of three markets, verified; names by code. A frugal one asks for needed base info only."""
    day = DAYS[place]
    for market in STOCK_MARKETS:
        listed = {ALWAYS[market]: "늘", **names.get(market, {})}
        bars = tuple(bar(code, day, market=market, name=name) for code, name in listed.items())
        track = Track(BarKind.EQUITY, market)
        store.rows.upsert_bars(LedgerEntry(track, day, LedgerState.COLLECTED, len(bars), 1), bars, SEEN)
        if not frugal or store.listings.has_nameless(market, day):
            ask_list(store, market, place)
        store.ledger.upsert_entry(LedgerEntry(track, day, LedgerState.VERIFIED, len(bars), 1), SEEN)
        store.listings.part_relisted(market, day, [one.code for one in bars], SEEN)


def ask_list(store: KrxRunContext, market: Market, place: int) -> None:
    """Keep the master list of a stored session."""
    bars = store.rows.equity_bars(market, DAYS[place])
    infos = [
        base_info(one.code, market=market, name=one.name, isin=f"KR7{one.code}000",
                  listing_date=LISTED.get((market, one.code, place >= 30), DAYS[0]))
        for one in bars
    ]  # fmt: skip
    store.listings.upsert_base_info(market, DAYS[place], infos, bars, SEEN)


def ask_last_lists(store: KrxRunContext) -> None:
    """Keep the lists that tell the newest of each issue, as a range does at its end."""
    for market in STOCK_MARKETS:
        asked = set[date]()
        while left := set(store.listings.lists_due(market, SEEN.at)) - asked:
            asked.add(min(left))
            ask_list(store, market, DAYS.index(min(left)))


# The second listing of a code that was used before, by whether the session is one of the later ones.
LISTED = {(KOSDAQ, "033300", True): DAYS[30], (KOSDAQ, "055500", False): DAYS[15], (KOSDAQ, "055500", True): DAYS[15]}


def names_on(place: int) -> dict[Market, dict[str, str]]:
    """Return what is listed on a session of the story."""
    kospi = {"077700": "옛이름" if place < 16 else "새이름"}
    kosdaq = {"033300": "재사용"} if place < 6 or place >= 30 else {}
    if place >= 15:
        kosdaq["055500"] = "이전"
    konex = {"055500": "이전"} if place < 15 else {}
    return {KOSPI: kospi, KOSDAQ: kosdaq, KONEX: konex}


def listings(database: Database) -> list[tuple[Any, ...]]:
    return query(
        database,
        "SELECT market_code, external_code, episode, uid, listing_date, first_seen, last_seen, delisting_date"
        " FROM instruments ORDER BY 1, 2, 3",
    )


def names(database: Database) -> list[tuple[Any, ...]]:
    sql = "SELECT i.uid, n.valid_from, n.name FROM instrument_names n JOIN instruments i USING (instrument_id)"
    return query(database, f"{sql} ORDER BY 1, 2")


def test_the_story_of_a_transfer_a_reused_code_and_a_new_name(database: Database, store: KrxRunContext) -> None:
    for place in range(34):
        session(store, place, names_on(place))
    store.listings.write_spans(SEEN)
    store.listings.settle(KrxCalendar(), SEEN)
    found = {(row[0], row[1], row[2]): tuple(row[4:]) for row in listings(database)}
    first, last = str(DAYS[0]), str(DAYS[33])
    assert found == {
        (KOSPI, "000010", 1): (first, first, last, None),
        (KOSPI, "077700", 1): (first, first, last, None),
        (KOSDAQ, "000020", 1): (first, first, last, None),
        (KOSDAQ, "033300", 1): (first, first, str(DAYS[5]), str(DAYS[6])),
        (KOSDAQ, "033300", 2): (str(DAYS[30]), str(DAYS[30]), last, None),
        (KOSDAQ, "055500", 1): (str(DAYS[15]), str(DAYS[15]), last, None),
        (KONEX, "000030", 1): (first, first, last, None),
        (KONEX, "055500", 1): (first, first, str(DAYS[14]), None),
    }
    ends = (
        "SELECT market_code, end_reason, instrument_id, moved_from, moved_to FROM instruments WHERE external_code = ?"
    )
    konex, kosdaq = query(database, f"{ends} ORDER BY market_code", "055500")
    assert (konex[0], konex[1], konex[3:]) == (KONEX, "transferred", (None, kosdaq[2]))
    assert (kosdaq[0], kosdaq[1], kosdaq[3:]) == (KOSDAQ, None, (konex[2], None))
    [(uid,)] = query(database, "SELECT uid FROM instruments WHERE external_code = '077700'")
    assert [row[1:] for row in names(database) if row[0] == uid] == [(first, "옛이름"), (str(DAYS[16]), "새이름")]


def told(folder: Path, places: Iterable[int], *, frugal: bool = False) -> tuple[list[tuple[Any, ...]], ...]:
    """Return what a store says of the listings after these sessions."""
    with open_store(folder, AT) as database:
        store = krx_context(database)
        for place in places:
            session(store, place, names_on(place), frugal=frugal)
        ask_last_lists(store)
        store.listings.write_spans(SEEN)
        store.listings.settle(KrxCalendar(), SEEN)
        return listings(database), names(database)


def test_backwards_the_listings_are_the_same(tmp_path: Path) -> None:
    assert told(tmp_path / "forwards", range(34)) == told(tmp_path / "backwards", range(33, -1, -1))


@pytest.mark.parametrize("frugal", [False, True])
@pytest.mark.parametrize(
    "order",
    [
        # Both listings of the code used twice are known before the sessions between them.
        [0, 1, 2, *range(30, 34), *range(3, 30)],
        [*range(30, 34), 2, 1, 0, *range(29, 2, -1)],
        # The later one is met first, and an early row is taken for it.
        [18, 10, 23, 32, 2, 31, 7, 5, *(place for place in range(34) if place not in {18, 10, 23, 32, 2, 31, 7, 5})],
    ],
)
def test_a_code_used_twice_is_two_listings_when_the_hole_between_is_filled_last(
    tmp_path: Path, order: list[int], *, frugal: bool
) -> None:
    assert told(tmp_path / "forwards", range(34)) == told(tmp_path / "mixed", order, frugal=frugal)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(34)), frugal=st.booleans())
def test_whatever_the_order_the_listings_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], *, frugal: bool
) -> None:
    folder = tmp_path_factory.mktemp("order")
    assert told(folder / "forwards", range(34)) == told(folder / "mixed", order, frugal=frugal)


def test_what_is_said_of_rows_goes_with_them_to_the_later_listing(database: Database, store: KrxRunContext) -> None:
    for place in (0, 30):
        session(store, place, {KOSDAQ: {"033300": "재사용"}}, frugal=True)
    reused = "SELECT instrument_id FROM instruments WHERE external_code = '033300' ORDER BY first_seen"
    [(merged,)] = query(database, reused)
    found = instrument_issue(DAYS[30], KOSDAQ, "033300", IssueCode.PRICE_NON_POSITIVE, "Close 0.")
    store.checks.keep(
        DAYS[30], ((CheckScope(IssueDataset.EQUITY, DAYS[30], CODES), [found]),), {}, SEEN, is_checked=True
    )
    for place in range(6, 20):
        session(store, place, {}, frugal=True)
    [(earlier,), (later,)] = query(database, reused)
    assert earlier == merged
    assert query(database, "SELECT instrument_id FROM data_quality_issues") == [(later,)]
    days = "SELECT instrument_id, date(trade_date * 86400, 'unixepoch') FROM daily_market_data WHERE instrument_id IN"
    assert sorted(query(database, f"{days} (?, ?)", earlier, later)) == [
        (earlier, str(DAYS[0])),
        (later, str(DAYS[30])),
    ]


def test_what_a_killed_process_had_in_memory_only_is_made_good(database: Database, store: KrxRunContext) -> None:
    for place in range(4):
        session(store, place, {})
    stored = "SELECT DISTINCT last_seen FROM instruments"
    assert query(database, stored) == [(str(DAYS[0]),)]
    # The next process knows, although nothing was written at the end of this one.
    healed = krx_context(database)
    session(healed, 4, {})
    healed.listings.write_spans(SEEN)
    assert query(database, stored) == [(str(DAYS[4]),)]
    assert query(database, "SELECT COUNT(*) FROM session_marks WHERE mark = 'span'") == [(0,)]


def test_reading_a_plan_writes_nothing(database: Database, store: KrxRunContext) -> None:
    session(store, 0, {})
    session(store, 1, {})
    with database.reading() as connection:
        before = connection.total_changes
        krx_context(database)
        assert connection.total_changes == before


# --- quality issues -----------------------------------------------------------------------------------------------


DAY = DAYS[0]
CODES = frozenset({IssueCode.PRICE_NON_POSITIVE, IssueCode.TOTAL_MISMATCH})


def check(store: KrxRunContext, *issues: QualityIssue, seen: Provenance = SEEN) -> None:
    store.checks.keep(DAY, ((CheckScope(IssueDataset.EQUITY, DAY, CODES), issues),), {}, seen, is_checked=True)


def issues(database: Database) -> list[tuple[Any, ...]]:
    return query(
        database,
        "SELECT subject, issue_code, issue_detail, first_seen_at, last_seen_at, resolved_at, acknowledged_note, run_id"
        " FROM data_quality_issues ORDER BY 1",
    )


def non_positive(detail: str = "Close 0.") -> QualityIssue:
    return instrument_issue(DAY, KOSPI, "000010", IssueCode.PRICE_NON_POSITIVE, detail)


def test_checking_again_updates_and_never_repeats(database: Database, store: KrxRunContext) -> None:
    session(store, 0, {})
    check(store, non_positive())
    check(store, non_positive("Close -1."), seen=LATER)
    [row] = issues(database)
    assert row[:3] == ("KOSPI:000010", "PRICE_NON_POSITIVE", "Close -1.")
    assert row[3:] == ("2024-03-09T03:00:00Z", "2024-03-10T03:00:00Z", None, None, 2)
    [(instrument_id,)] = query(database, "SELECT instrument_id FROM data_quality_issues")
    assert query(database, "SELECT external_code FROM instruments WHERE instrument_id = ?", instrument_id) == [
        ("000010",)
    ]


def test_passing_resolves_and_failing_again_reopens(database: Database, store: KrxRunContext) -> None:
    total = market_issue(DAY, KOSPI, IssueCode.TOTAL_MISMATCH, "1 won off.")
    check(store, non_positive(), total)
    check(store, total, seen=LATER)
    resolved = {row[0]: row[5] for row in issues(database)}
    assert resolved == {"KOSPI:000010": "2024-03-10T03:00:00Z", "KOSPI": None}
    check(store, non_positive(), total, seen=LATER)
    assert {row[0]: row[5] for row in issues(database)} == {"KOSPI:000010": None, "KOSPI": None}


def test_a_check_resolves_only_what_it_decides(database: Database, store: KrxRunContext) -> None:
    check(store, non_positive())
    for decided in (
        CheckScope(IssueDataset.EQUITY, DAY, frozenset({IssueCode.TOTAL_MISMATCH})),
        CheckScope(IssueDataset.EQUITY, DAYS[1], CODES),
        CheckScope(IssueDataset.INDEX, DAY, CODES),
    ):
        store.checks.keep(decided.day, ((decided, ()),), {}, LATER, is_checked=True)
    assert [row[5] for row in issues(database)] == [None]


def test_what_was_acknowledged_stays_so(database: Database, store: KrxRunContext) -> None:
    check(store, non_positive())
    known = IssueStore(database)
    [found] = known.found()
    known.acknowledge(found, "liquidation trading")
    assert known.found() == ()
    check(store, non_positive(), seen=LATER)
    assert known.found() == ()
    assert [row[6] for row in issues(database)] == ["liquidation trading"]
    [kept] = known.found(open_only=False)
    assert kept.acknowledged_note == "liquidation trading"
