"""Which ended listings went on elsewhere, and what all listings together are found to be."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tray_app.core.krx.closures import Closure, plan_closures, plan_moves
from tray_app.core.krx.episodes import Episode, EpisodeKey
from tray_app.core.krx.quality import IssueCode
from tray_app.core.krx.quality_listings import LISTING_CODES, check_listings
from tray_app.core.krx.rows import STOCK_MARKETS, Market

DAYS = [date(2024, 1, 2) + timedelta(days=offset) for offset in range(31)]
KOSPI, KOSDAQ, KONEX = STOCK_MARKETS


def listing(market: Market, first: int, last: int, ended: int | None = None, code: str = "A00001") -> Episode:
    """A listing between the days of these places, delisted on the third when there is one."""
    end = None if ended is None else DAYS[ended]
    return Episode(EpisodeKey(market, code), DAYS[first], DAYS[last], DAYS[first], (), delisting_date=end)


def test_an_issue_that_climbed_twice_moved_twice() -> None:
    climbed = [listing(KOSPI, 5, 9), listing(KONEX, 0, 1, 2), listing(KOSDAQ, 2, 4, 5)]
    moves = plan_moves([*climbed, listing(KOSPI, 2, 9, code="A00002")])
    assert sorted(moves, key=lambda move: move.key) == [
        Closure(climbed[1].key, DAYS[2], climbed[2].key),
        Closure(climbed[2].key, DAYS[5], climbed[0].key),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (listing(KOSDAQ, 0, 1), listing(KOSPI, 2, 9)),  # still listed
        (listing(KOSDAQ, 0, 1, 2), listing(KOSPI, 3, 9)),  # opened after the end
        (listing(KOSDAQ, 0, 2, 3), listing(KOSPI, 2, 9)),  # both on one day
        (listing(KOSDAQ, 0, 1, 2), listing(KOSPI, 2, 9, code="A00002")),
        (listing(KOSPI, 0, 1, 2), listing(KONEX, 2, 9)),  # no one goes back to KONEX
        (listing(Market.ETF, 0, 1, 2), listing(KOSPI, 2, 9)),
    ],
    ids=["listed", "later", "overlapping", "other code", "down", "fund"],
)
def test_other_listings_are_no_moves(old: Episode, new: Episode) -> None:
    assert plan_moves([old, new]) == plan_moves([new, old]) == []


def test_the_session_of_the_end_may_come_days_after_the_last_row() -> None:
    halfway = [listing(KOSDAQ, 0, 1, 6), listing(KOSPI, 4, 9)]
    assert [move.moved_to for move in plan_moves(halfway)] == [halfway[1].key]


@pytest.mark.parametrize("source", Market)
@pytest.mark.parametrize("target", Market)
@pytest.mark.parametrize("first", [1, 2, 3])
def test_stored_ends_tell_the_moves_that_were_planned(source: Market, target: Market, first: int) -> None:
    old, new = listing(source, 0, 1), replace(listing(target, first, 9), key=EpisodeKey(target, "A00001", 2))
    sessions = dict.fromkeys(Market, DAYS[:10])
    (planned,) = plan_closures([old, new], sessions, sessions)
    stored = replace(old, delisting_date=planned.delisting_date)
    assert plan_moves([stored, new]) == ([planned] if planned.moved_to else [])


def test_all_listings_are_judged_by_every_rule() -> None:
    moved, arrived = listing(KONEX, 0, 1, 2), listing(KOSDAQ, 2, 30)
    again = replace(listing(KOSPI, 25, 30, code="A00002"), key=EpisodeKey(KOSPI, "A00002", 2))
    vanished = listing(KOSPI, 0, 9, code="A00003")
    early = replace(listing(KOSPI, 3, 30, code="A00004"), listing_date=DAYS[4])
    episodes = [moved, arrived, again, vanished, early]
    found = check_listings(episodes, plan_moves(episodes), dict.fromkeys(STOCK_MARKETS, DAYS))
    assert {(one.issue_code, one.subject, one.trade_date) for one in found} == {
        (IssueCode.CODE_REUSED, "KOSPI:A00002", DAYS[25]),
        (IssueCode.MARKET_TRANSFER, "KOSDAQ:A00001", DAYS[2]),
        (IssueCode.INSTRUMENT_VANISHED, "KOSPI:A00003", DAYS[9]),
        (IssueCode.UNLISTED_ROW, "KOSPI:A00004", DAYS[3]),
    }
    assert {one.issue_code for one in found} == LISTING_CODES
    assert len(found) == 4


def test_good_listings_are_found_nothing_of() -> None:
    episodes = [listing(KOSPI, 0, 30), listing(KOSPI, 0, 9, 10, code="A00002"), listing(KOSDAQ, 0, 21, code="A00003")]
    assert check_listings(episodes, [], dict.fromkeys(STOCK_MARKETS, DAYS)) == []
    # Nine sessions are too few to miss anyone on.
    assert check_listings([listing(KOSPI, 0, 9)], [], {KOSPI: DAYS[10:19], KOSDAQ: DAYS}) == []
