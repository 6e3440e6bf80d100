"""Which ended listings went on elsewhere, and what all listings together are found to be."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.krx.rules.closures import Closure, plan_closures
from tray_app.datasets.krx.rules.episodes import EndReason, Episode, EpisodeKey
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode
from tray_app.datasets.krx.rules.quality.listings import LISTING_CODES, check_listings

DAYS = [date(2024, 1, 2) + timedelta(days=offset) for offset in range(31)]
KOSPI, KOSDAQ, KONEX = STOCK_MARKETS


def listing(market: Market, first: int, last: int, code: str = "A00001") -> Episode:
    """A listing between the days of these places."""
    return Episode(EpisodeKey(market, code), DAYS[first], DAYS[last], DAYS[first], ())


def ends(*episodes: Episode, verified: int = 10) -> dict[EpisodeKey, Closure]:
    """Return how listings ended, when the first days of all markets are whole."""
    sessions = dict.fromkeys(Market, DAYS[:verified])
    return {closure.key: closure for closure in plan_closures(episodes, sessions, sessions)}


def moved(old: Episode, new: Episode) -> Closure:
    return Closure(old.key, None, EndReason.TRANSFERRED, new.key)


def test_an_issue_that_climbed_twice_moved_twice_and_was_never_delisted() -> None:
    konex, kosdaq, kospi = listing(KONEX, 0, 1), listing(KOSDAQ, 2, 4), listing(KOSPI, 5, 9)
    other = listing(KOSPI, 2, 9, code="A00002")
    assert ends(kospi, konex, kosdaq, other) == {konex.key: moved(konex, kosdaq), kosdaq.key: moved(kosdaq, kospi)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (listing(KOSDAQ, 0, 1), listing(KOSPI, 3, 9)),  # opened after the end
        (listing(KOSDAQ, 0, 2), listing(KOSPI, 2, 9)),  # both on one day
        (listing(KOSDAQ, 0, 1), listing(KOSPI, 2, 9, code="A00002")),
        (listing(KOSPI, 0, 1), listing(KONEX, 2, 9)),  # no one goes back to KONEX
        (listing(Market.ETF, 0, 1), listing(KOSPI, 2, 9)),
    ],
    ids=["later", "overlapping", "other code", "down", "fund"],
)
def test_other_listings_are_no_moves(old: Episode, new: Episode) -> None:
    delisted = {old.key: Closure(old.key, DAYS[DAYS.index(old.last_seen) + 1], EndReason.UNKNOWN)}
    assert ends(old, new) == ends(new, old) == delisted


def test_the_session_of_the_end_may_come_days_after_the_last_row() -> None:
    old, new = listing(KOSDAQ, 0, 1), listing(KOSPI, 4, 9)
    whole = {market: [*DAYS[:2], *DAYS[6:10]] for market in Market}
    assert plan_closures([old, new], whole, dict.fromkeys(Market, DAYS[:10])) == [moved(old, new)]


@pytest.mark.parametrize("source", Market)
@pytest.mark.parametrize("target", Market)
@pytest.mark.parametrize("first", [1, 2, 3])
def test_what_is_stored_is_not_planned_again_and_taken_back_when_rows_say_otherwise(
    source: Market, target: Market, first: int
) -> None:
    old, new = listing(source, 0, 1), replace(listing(target, first, 9), key=EpisodeKey(target, "A00001", 2))
    planned = ends(old, new)[old.key]
    assert (planned.moved_to is None) != (planned.delisting_date is None)
    stored = replace(
        old, delisting_date=planned.delisting_date, end_reason=planned.end_reason, moved_to=planned.moved_to
    )
    assert ends(stored, new) == {}
    # Found to be of another kind, a delisting stays the same one.
    if planned.moved_to is None:
        assert ends(replace(stored, end_reason=EndReason.MERGED), new) == {}
    assert ends(replace(stored, last_seen=DAYS[9]), new) == {old.key: Closure(old.key)}


def test_a_delisting_becomes_a_move_when_the_other_listing_is_found() -> None:
    old, new = listing(KOSDAQ, 0, 1), listing(KOSPI, 2, 9)
    delisted = replace(old, delisting_date=DAYS[2], end_reason=EndReason.DELISTED)
    assert ends(delisted, new) == {old.key: moved(old, new)}
    was_moved = replace(old, end_reason=EndReason.TRANSFERRED, moved_to=new.key)
    assert ends(was_moved) == {old.key: Closure(old.key, DAYS[2], EndReason.UNKNOWN)}


def test_all_listings_are_judged_by_every_rule() -> None:
    arrived = listing(KOSDAQ, 2, 30)
    left = replace(listing(KONEX, 0, 1), end_reason=EndReason.TRANSFERRED, moved_to=arrived.key)
    again = replace(listing(KOSPI, 25, 30, code="A00002"), key=EpisodeKey(KOSPI, "A00002", 2))
    vanished = listing(KOSPI, 0, 9, code="A00003")
    early = replace(listing(KOSPI, 3, 30, code="A00004"), listing_date=DAYS[4])
    episodes = [left, arrived, again, vanished, early]
    found = check_listings(episodes, dict.fromkeys(STOCK_MARKETS, DAYS))
    assert {(one.issue_code, one.subject, one.trade_date) for one in found} == {
        (IssueCode.CODE_REUSED, "KOSPI:A00002", DAYS[25]),
        (IssueCode.MARKET_TRANSFER, "KOSDAQ:A00001", DAYS[2]),
        (IssueCode.INSTRUMENT_VANISHED, "KOSPI:A00003", DAYS[9]),
        (IssueCode.UNLISTED_ROW, "KOSPI:A00004", DAYS[3]),
    }
    assert {one.issue_code for one in found} == LISTING_CODES
    assert len(found) == 4


def test_good_listings_are_found_nothing_of() -> None:
    delisted = replace(listing(KOSPI, 0, 9, code="A00002"), delisting_date=DAYS[10], end_reason=EndReason.UNKNOWN)
    episodes = [listing(KOSPI, 0, 30), delisted, listing(KOSDAQ, 0, 21, code="A00003")]
    assert check_listings(episodes, dict.fromkeys(STOCK_MARKETS, DAYS)) == []
    # Nine sessions are too few to miss anyone on.
    assert check_listings([listing(KOSPI, 0, 9)], {KOSPI: DAYS[10:19], KOSDAQ: DAYS}) == []
