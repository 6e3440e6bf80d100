from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.krx.rules.kit import (
    LISTED_DAYS,
    RECORDED_DAYS,
    bar,
    base_info,
    listed_bars,
    needs_recordings,
    recorded_base_info,
    recorded_day,
    recorded_delistings,
)
from tray_app.datasets.krx.rows import STOCK_MARKETS, BaseInfo, EquityBar, Market
from tray_app.datasets.krx.rules.closures import plan_closures
from tray_app.datasets.krx.rules.episodes import (
    NAMESPACE,
    DayPlan,
    EndReason,
    Episode,
    EpisodeKey,
    plan_day,
)
from tray_app.datasets.krx.rules.spells import Spell, Spells, spells_after

DAYS = [date(2024, 1, 2) + timedelta(days=offset) for offset in range(31)]
KOSPI, KOSDAQ, KONEX = STOCK_MARKETS


class Listings:
    """What a store does with the plans."""

    def __init__(self) -> None:
        self.episodes: dict[EpisodeKey, Episode] = {}
        self.sessions: dict[Market, list[date]] = {market: [] for market in STOCK_MARKETS}

    def day(self, day: date, bars: Mapping[Market, Sequence[EquityBar]], info: Iterable[BaseInfo] = ()) -> DayPlan:
        plan, told_of = DayPlan(day, KOSPI), [*info]
        for market, rows in bars.items():
            known = [one for one in self.episodes.values() if one.key.market is market]
            told = [one for one in told_of if one.market is market]
            found = plan_day(day, market, known, rows, told, self.sessions[market])
            plan.seen |= found.seen
            plan.opened += found.opened
            plan.renamed += found.renamed
            plan.resectioned += found.resectioned
            plan.identified |= found.identified
            for episode in found.opened:
                self.episodes[episode.key] = episode
            for key in found.seen.values():
                self.episodes[key].widen(day)
        for change in plan.renamed:
            self.episodes[change.key] = replace(self.episodes[change.key], names=change.spells)
        for change in plan.resectioned:
            self.episodes[change.key] = replace(self.episodes[change.key], sections=change.spells)
        for key, who in plan.identified.items():
            changes = replace(self.episodes[key], isin=who.isin, listing_date=who.listing_date)
            self.episodes[key] = changes
        for market in bars:
            self.sessions[market] = sorted({*self.sessions[market], day})
        for closure in plan_closures(self.episodes.values(), self.sessions, self.sessions):
            self.episodes[closure.key] = replace(
                self.episodes[closure.key],
                delisting_date=closure.delisting_date,
                end_reason=closure.end_reason,
                moved_to=closure.moved_to,
            )
        return plan

    def codes(self, day: date, *codes: str, market: Market = KOSPI, info: Iterable[BaseInfo] = ()) -> DayPlan:
        bars: dict[Market, list[EquityBar]] = {one: [] for one in STOCK_MARKETS}
        bars[market] = [bar(code, day, market=market) for code in codes]
        return self.day(day, bars, info)


def listing(market: Market = KOSPI, number: int = 1, first: int = 0, **changes: Any) -> Episode:
    values: dict[str, Any] = {"listing_date": date(1975, 6, 11), "isin": "KR7005930003", **changes}
    return Episode(EpisodeKey(market, "005930", number), DAYS[first], DAYS[first], names=(), **values)


def test_uids_are_the_same_on_every_machine_whatever_was_collected() -> None:
    assert str(NAMESPACE) == "5f0c2c86-3a0b-5c1e-9d57-6a1f0e6b7a34"
    uid = listing().uid
    assert (str(uid), uid.version) == (str(uuid5(NAMESPACE, "KOSPI:005930:1975-06-11")), 5)
    # A store that began later, or met another firm of the code first, says the same.
    assert listing(number=2, first=9, isin="KR7005930011").uid == uid
    assert len({uid, listing(listing_date=DAYS[0]).uid, listing(KOSDAQ).uid}) == 3
    assert listing().has_lasting_uid


def test_a_listing_without_base_info_has_a_passing_uid_and_says_so() -> None:
    unknown = listing(isin=None, listing_date=DAYS[0])
    assert not unknown.has_lasting_uid
    assert unknown.uid != listing(listing_date=DAYS[0]).uid
    assert unknown.uid != listing(isin=None, first=1).uid


def test_a_fund_is_its_code() -> None:
    fund = listing(Market.ETF, isin=None)
    assert fund.has_lasting_uid
    assert str(fund.uid) == str(uuid5(NAMESPACE, "ETF:005930"))
    bars = [bar("005930", DAYS[-1], market=Market.ETF)]
    assert plan_day(DAYS[-1], Market.ETF, [fund], bars, verified_sessions=DAYS).opened == []


def test_a_new_code_opens_an_episode() -> None:
    plan = Listings().codes(DAYS[0], "A00001")
    (opened,) = plan.opened
    assert (opened.key, opened.first_seen, opened.listing_date) == (EpisodeKey(KOSPI, "A00001"), DAYS[0], DAYS[0])
    assert opened.names == (Spell(DAYS[0], "Issue A00001"),)
    assert not opened.is_identified
    assert plan.seen == {"A00001": opened.key}
    assert all(one.key.number == 1 for one in plan.opened)


def test_base_info_tells_the_listing_date() -> None:
    told = base_info("A00001", listing_date=date(1999, 1, 4))
    plan = Listings().codes(DAYS[0], "A00001", info=[told])
    assert plan.opened[0].listing_date == date(1999, 1, 4)
    assert plan.opened[0].is_identified
    assert plan.identified == {plan.opened[0].key: told}


def test_base_info_that_comes_later_identifies_a_known_episode() -> None:
    listings, told = Listings(), base_info("A00001")
    listings.codes(DAYS[0], "A00001")
    plan = listings.codes(DAYS[1], "A00001", info=[told])
    assert plan.identified == {EpisodeKey(KOSPI, "A00001"): told}


def test_the_same_list_again_plans_nothing() -> None:
    listings = Listings()
    first = listings.codes(DAYS[0], "A00001", "A00002")
    again = listings.codes(DAYS[0], "A00001", "A00002")
    assert again.seen == first.seen
    assert (again.opened, again.renamed) == ([], [])


def test_an_absent_code_is_delisted_on_the_first_session_without_it() -> None:
    listings = Listings()
    listings.codes(DAYS[0], "A00001", "A00002")
    listings.codes(DAYS[1], "A00002")
    assert listings.episodes[EpisodeKey(KOSPI, "A00001")].delisting_date == DAYS[1]
    assert listings.episodes[EpisodeKey(KOSPI, "A00002")].delisting_date is None


def test_an_unverified_list_delists_nothing() -> None:
    episode = Episode(EpisodeKey(KOSPI, "A00001"), DAYS[0], DAYS[0], DAYS[0], ())
    stored = {KOSPI: DAYS[:2], KOSDAQ: DAYS[:2]}
    assert plan_closures([episode], {KOSPI: DAYS[:1]}, stored) == []
    assert [one.delisting_date for one in plan_closures([episode], {KOSPI: DAYS[:2]}, stored)] == [DAYS[1]]


def test_no_delisting_before_the_other_market_was_looked_at() -> None:
    episode = Episode(EpisodeKey(KOSPI, "A00001"), DAYS[0], DAYS[0], DAYS[0], ())
    assert plan_closures([episode], {KOSPI: DAYS[:2]}, {KOSPI: DAYS[:2], KOSDAQ: DAYS[:1]}) == []
    closed = replace(episode, delisting_date=DAYS[1], end_reason=EndReason.UNKNOWN)
    assert plan_closures([closed], {KOSPI: DAYS[:2]}, {KOSPI: DAYS[:2]}) == []


def test_a_row_after_an_inferred_delisting_takes_it_back() -> None:
    listings = Listings()
    for day, codes in zip(DAYS, (("A00001", "B"), ("B",), ("A00001", "B")), strict=False):
        plan = listings.codes(day, *codes)
    assert plan.opened == []
    assert listings.episodes[EpisodeKey(KOSPI, "A00001")].delisting_date is None


@pytest.mark.parametrize(("source", "target"), [(KONEX, KOSDAQ), (KONEX, KOSPI), (KOSDAQ, KOSPI), (KOSPI, KOSDAQ)])
def test_a_transfer_closes_one_episode_and_opens_the_other(source: Market, target: Market) -> None:
    listings = Listings()
    listings.codes(DAYS[0], "A00001", market=source)
    plan = plan_day(DAYS[1], target, [], [bar("A00001", DAYS[1], market=target)])
    assert [one.key for one in plan.opened] == [EpisodeKey(target, "A00001")]
    assert all(one.key.number == 1 for one in plan.opened)
    sessions = dict.fromkeys(Market, DAYS[:2])
    (closure,) = plan_closures([*listings.episodes.values(), *plan.opened], sessions, sessions)
    assert (closure.key, closure.delisting_date) == (EpisodeKey(source, "A00001"), None)
    assert (closure.end_reason, closure.moved_to) == (EndReason.TRANSFERRED, EpisodeKey(target, "A00001"))


def test_the_same_code_elsewhere_at_another_time_is_no_transfer() -> None:
    old = Episode(EpisodeKey(KOSDAQ, "A00001"), DAYS[0], DAYS[0], DAYS[0], ())
    new = Episode(EpisodeKey(KOSPI, "A00001"), DAYS[2], DAYS[2], DAYS[2], ())
    sessions = dict.fromkeys(Market, DAYS[:3])
    (closure,) = plan_closures([old, new], sessions, sessions)
    assert (closure.delisting_date, closure.moved_to) == (DAYS[1], None)


def test_a_code_used_again_after_two_weeks_opens_a_second_episode() -> None:
    listings = Listings()
    for day in DAYS[:-1]:
        listings.codes(day, *(("A00001", "B") if day == DAYS[0] else ("B",)))
    plan = listings.codes(DAYS[-1], "A00001", "B")
    assert [one.key for one in plan.opened] == [EpisodeKey(KOSPI, "A00001", 2)]
    assert listings.episodes[EpisodeKey(KOSPI, "A00001", 1)].delisting_date == DAYS[1]
    assert listings.episodes[EpisodeKey(KOSPI, "A00001", 2)].first_seen == DAYS[-1]


def test_base_info_decides_between_a_reused_code_and_a_hole() -> None:
    for listed, number in ((DAYS[2], 2), (date(2020, 1, 2), 1)):
        listings = Listings()
        for day, codes in zip(DAYS, (("A00001", "B"), ("B",)), strict=False):
            listings.codes(day, *codes)
        plan = listings.codes(DAYS[2], "A00001", "B", info=[base_info("A00001", listing_date=listed)])
        assert plan.seen["A00001"].number == number


def test_an_open_episode_may_have_a_long_hole_in_lists_that_are_not_proven() -> None:
    episode = Episode(EpisodeKey(KOSPI, "A00001"), DAYS[0], DAYS[0], DAYS[0], ())
    bars = [bar("A00001", date(2026, 3, 9))]
    assert plan_day(date(2026, 3, 9), KOSPI, [episode], bars).opened == []
    assert plan_day(date(2026, 3, 9), KOSPI, [episode], bars, verified_sessions=DAYS[:11]).opened == []
    opened = plan_day(date(2026, 3, 9), KOSPI, [episode], bars, verified_sessions=DAYS).opened
    assert [one.key.number for one in opened] == [2]


def test_a_backfill_widens_an_episode_backwards_but_not_past_its_listing() -> None:
    listings = Listings()
    told = base_info("A00001", listing_date=DAYS[2])
    listings.codes(DAYS[4], "A00001", info=[told])
    assert listings.codes(DAYS[3], "A00001").opened == []
    assert listings.codes(DAYS[2], "A00001", info=[told]).opened == []
    opened = listings.codes(DAYS[1], "A00001").opened
    assert [one.key for one in opened] == [EpisodeKey(KOSPI, "A00001", 2)]
    earlier = base_info("A00001", listing_date=date(2001, 1, 2))
    assert listings.codes(DAYS[0], "A00001", info=[earlier]).seen["A00001"].number == 2
    assert listings.episodes[EpisodeKey(KOSPI, "A00001", 2)].delisting_date == DAYS[2]


def test_an_identified_episode_is_not_widened_to_another_listing() -> None:
    told = base_info("A00001", listing_date=DAYS[0])
    known = Episode(EpisodeKey(KOSPI, "A00001"), DAYS[4], DAYS[4], DAYS[4], (), isin="KR7")
    plan = plan_day(DAYS[3], KOSPI, [known], [bar("A00001", DAYS[3])], [told])
    assert [one.key for one in plan.opened] == [EpisodeKey(KOSPI, "A00001", 2)]


@pytest.mark.parametrize("isin", [None, "KR7"])
def test_a_listing_reaches_to_the_days_it_has_rows_on(isin: str | None) -> None:
    known = Episode(EpisodeKey(KOSPI, "A00001"), DAYS[4], DAYS[6], DAYS[4], (), isin=isin)
    for day in DAYS[4:7]:
        assert not known.widen(day)
    assert known.widen(DAYS[9])
    assert (known.first_seen, known.last_seen, known.listing_date) == (DAYS[4], DAYS[9], DAYS[4])
    assert known.widen(DAYS[1])
    # Base info knows the day of the listing better than the rows do.
    assert (known.first_seen, known.last_seen, known.listing_date) == (DAYS[1], DAYS[9], DAYS[4 if isin else 1])
    assert not known.widen(DAYS[2])


def test_a_day_between_two_episodes_goes_to_the_nearer_one() -> None:
    names = (Spell(DAYS[0], "Issue A00001"),)
    old = Episode(
        EpisodeKey(KOSPI, "A00001", 1),
        DAYS[0],
        DAYS[1],
        DAYS[0],
        names,
        delisting_date=DAYS[2],
        end_reason=EndReason.UNKNOWN,
    )
    new = Episode(EpisodeKey(KOSPI, "A00001", 2), DAYS[20], DAYS[21], DAYS[20], names)
    for day, number in ((DAYS[1], 1), (DAYS[3], 1), (DAYS[19], 2), (DAYS[20], 2)):
        plan = plan_day(day, KOSPI, [old, new], [bar("A00001", day)], verified_sessions=DAYS)
        assert plan.seen["A00001"].number == number


def test_an_old_day_under_its_old_name_changes_nothing() -> None:
    names = (Spell(DAYS[0], "Issue A00001"), Spell(DAYS[4], "New"))
    known = Episode(EpisodeKey(KOSPI, "A00001"), DAYS[0], DAYS[4], DAYS[0], names)
    assert plan_day(DAYS[2], KOSPI, [known], [bar("A00001", DAYS[2])]).renamed == []


def test_a_new_name_adds_to_the_history() -> None:
    listings = Listings()
    listings.codes(DAYS[0], "A00001")
    plan = listings.day(DAYS[1], {KOSPI: [bar("A00001", DAYS[1], name="New")]})
    assert [change.spells for change in plan.renamed] == [(Spell(DAYS[0], "Issue A00001"), Spell(DAYS[1], "New"))]


@pytest.mark.parametrize("order", list(permutations(range(5))))
def test_names_do_not_depend_on_the_order_of_days(order: tuple[int, ...]) -> None:
    called = ["Old", "Old", "New", "New", "New"]
    names: Spells = ()
    for place in order:
        names = spells_after(names, DAYS[place], called[place])
    assert names[0] == Spell(DAYS[0], "Old")
    assert names[-1] == Spell(DAYS[2], "New")
    assert len(names) == 2


def test_a_corrected_name_replaces_the_one_of_the_same_day() -> None:
    names = (Spell(DAYS[0], "Old"), Spell(DAYS[1], "Typo"), Spell(DAYS[3], "New"))
    assert spells_after(names, DAYS[1], "Fixed") == (names[0], Spell(DAYS[1], "Fixed"), names[2])
    assert spells_after(names, DAYS[1], "Old") == (names[0], names[2])
    assert spells_after(names[:1], DAYS[0], "First") == (Spell(DAYS[0], "First"),)


@given(st.permutations(range(8)), st.lists(st.sets(st.sampled_from("ABCDE")), min_size=8, max_size=8))
def test_listings_do_not_depend_on_the_order_of_days(order: list[int], lists: list[set[str]]) -> None:
    """Presence is made whole, as the exchange's lists are: a code is there from its first day to its last."""
    spans = {code: [place for place, codes in enumerate(lists) if code in codes] for code in "ABCDE"}
    forwards, shuffled = Listings(), Listings()
    for listings, days in ((forwards, range(8)), (shuffled, order)):
        for place in days:
            codes = [code for code, seen in spans.items() if seen and seen[0] <= place <= seen[-1]]
            listings.codes(DAYS[place], *codes)
    assert shuffled.episodes == forwards.episodes


# Recorded days.


@needs_recordings
def test_recorded_days_open_one_episode_per_issue() -> None:
    listings = Listings()
    before, after = RECORDED_DAYS
    info = [one for market in STOCK_MARKETS for one in recorded_base_info(market, before)]
    first = listings.day(before, recorded_day(before), info)
    assert len(first.opened) == 953 + 1_703 + 129
    second = listings.day(after, recorded_day(after))
    assert (second.opened, second.renamed, second.identified) == ([], [], {})
    assert all(one.is_identified for one in listings.episodes.values())


@needs_recordings
@pytest.mark.parametrize("days", [LISTED_DAYS, LISTED_DAYS[::-1]])
def test_recorded_march_2026_lists_and_delists_what_the_exchange_did(days: tuple[date, ...]) -> None:
    listings = Listings()
    for day in days:
        rows = listed_bars(day)
        listings.day(day, {market: [one for one in rows if one.market is market] for market in STOCK_MARKETS})
    delisted = {key.code: one.delisting_date for key, one in listings.episodes.items() if one.delisting_date}
    assert delisted == {code: recorded_delistings()[code] for code in ("457940", "222810")}
    assert listings.episodes[EpisodeKey(KOSDAQ, "0082N0")].listing_date == date(2026, 3, 16)
