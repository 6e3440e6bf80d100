"""When rows of one code are of two listings, and what each of them keeps."""

from datetime import date, timedelta

from datasets.krx.rules.kit import base_info
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.episodes import Episode, EpisodeKey
from tray_app.datasets.krx.rules.relistings import (
    EpisodeSplit,
    absent_on,
    is_pause,
    is_relisted,
    parted,
    told_relistings,
)
from tray_app.datasets.krx.rules.spells import Spell

KEY = EpisodeKey(Market.KOSDAQ, "033300")
DAYS = [date(2024, 1, 1) + timedelta(days=offset) for offset in range(60)]
MERGED = Episode(KEY, DAYS[0], DAYS[40], DAYS[0], (Spell(DAYS[0], "옛"), Spell(DAYS[35], "새")), isin="KR1")
PARTING = EpisodeSplit(KEY, DAYS[5], DAYS[30])


def test_eleven_complete_lists_without_the_code_part_it_ten_do_not() -> None:
    assert is_relisted(PARTING, [DAYS[5], *DAYS[10:21], DAYS[30]])
    assert not is_relisted(PARTING, [*DAYS[:6], *DAYS[10:20], *DAYS[30:]])


def test_only_listings_that_reach_over_the_day_are_absent() -> None:
    assert absent_on(DAYS[20], [MERGED], frozenset()) == [MERGED]
    assert absent_on(DAYS[20], [MERGED], frozenset({KEY.code})) == []
    assert absent_on(DAYS[40], [MERGED], frozenset()) == absent_on(DAYS[0], [MERGED], frozenset()) == []


def test_a_later_listing_date_is_told_of_another_listing_when_a_pause_lies_before_it() -> None:
    told = {KEY.code: base_info(KEY.code, market=KEY.market, listing_date=DAYS[30])}
    assert told_relistings([MERGED], told, DAYS[33]) == [(MERGED, DAYS[30])]
    assert told_relistings([MERGED], {}, DAYS[33]) == told_relistings([MERGED], told, DAYS[50]) == []
    assert is_pause(PARTING, DAYS[30])
    assert not is_pause(EpisodeSplit(KEY, DAYS[20], DAYS[30]), DAYS[30])


def test_each_listing_keeps_its_names_and_the_identity_told_of_it() -> None:
    earlier, later = parted(MERGED, PARTING, 2)
    assert (earlier.first_seen, earlier.last_seen, earlier.isin, earlier.listing_date) == (
        DAYS[0], DAYS[5], "KR1", DAYS[0]
    )  # fmt: skip
    assert (later.first_seen, later.last_seen, later.isin, later.listing_date) == (DAYS[30], DAYS[40], None, DAYS[30])
    assert (later.key, earlier.names) == (EpisodeKey(Market.KOSDAQ, "033300", 2), (Spell(DAYS[0], "옛"),))
    assert later.names == (Spell(DAYS[30], "옛"), Spell(DAYS[35], "새"))


def test_an_identity_told_of_the_later_one_goes_with_it() -> None:
    told = Episode(KEY, DAYS[0], DAYS[40], DAYS[29], (Spell(DAYS[0], "옛"), Spell(DAYS[30], "새")), isin="KR2")
    earlier, later = parted(told, PARTING, 2)
    assert (earlier.isin, earlier.listing_date) == (None, DAYS[0])
    assert (later.isin, later.listing_date, later.names) == ("KR2", DAYS[29], (Spell(DAYS[30], "새"),))
