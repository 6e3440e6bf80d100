from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tray_app.datasets.krx.rows import IndexClass, Market
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.ledger import TRACKS, BarKind, Track
from tray_app.datasets.krx.rules.plan import Quota, expected_base_info_calls, expected_daily_lists, plan_backfill

TODAY = date(2026, 11, 22)
SESSIONS = KrxCalendar().sessions(date(2025, 1, 1), date(2025, 12, 31))


def test_a_small_backfill_is_done_today() -> None:
    plan = plan_backfill(dict.fromkeys(TRACKS, SESSIONS[:5]), Quota(), TODAY, base_info_calls=3)
    assert (plan.sessions, plan.calls, plan.base_info_calls, plan.calls_left_today) == (5, 33, 3, 9_900)
    assert (plan.seconds, plan.days[0].calls) == (11, 33)
    assert (plan.continues_on, plan.finishes_on) == (None, TODAY)


def test_a_long_one_continues_tomorrow() -> None:
    days = [date(2010, 1, 4) + timedelta(days=offset) for offset in range(4_160)]
    plan = plan_backfill(dict.fromkeys(TRACKS, days), Quota(used=2_000), TODAY)
    assert [(planned.day.day, planned.calls) for planned in plan.days] == [(22, 7_900), (23, 9_900), (24, 7_160)]
    assert plan.continues_on == date(2026, 11, 23)
    assert plan.finishes_on == date(2026, 11, 24)


def test_a_spent_quota_starts_tomorrow() -> None:
    plan = plan_backfill({TRACKS[0]: SESSIONS[:1]}, Quota(used=10_000), TODAY)
    assert (plan.calls_left_today, plan.continues_on) == (0, TODAY + timedelta(days=1))


def test_nothing_missing_needs_no_calls() -> None:
    plan = plan_backfill({TRACKS[0]: []}, Quota(), TODAY, base_info_calls=3)
    assert (plan.calls, plan.base_info_calls, plan.days, plan.finishes_on) == (0, 0, (), None)


def test_a_limit_below_the_reserve_never_finishes() -> None:
    plan = plan_backfill({TRACKS[0]: SESSIONS}, Quota(limit=100), TODAY)
    assert (plan.calls, plan.days, plan.finishes_on) == (len(SESSIONS), (), None)


def test_days_missing_on_several_tracks_count_once_as_sessions() -> None:
    missing = {TRACKS[0]: SESSIONS[:3], TRACKS[1]: SESSIONS[2:4]}
    plan = plan_backfill(missing, Quota(), TODAY)
    assert (plan.sessions, plan.calls) == (4, 5)


def test_base_info_is_asked_for_at_the_end_of_listings() -> None:
    missing = dict.fromkeys(TRACKS, SESSIONS[:100])
    assert expected_base_info_calls(missing) == (5 + 1) + (9 + 1) + (4 + 1)
    assert expected_base_info_calls(missing, knows_issues=False) == (5 + 2) + (9 + 2) + (4 + 2)


def test_a_run_of_the_day_asks_for_the_lists_of_new_issues_and_the_first_ones() -> None:
    missing = dict.fromkeys(TRACKS, SESSIONS[:1])
    assert expected_daily_lists(missing) == 0
    assert expected_daily_lists(missing, knows_issues=False) == 3
    assert expected_daily_lists(dict.fromkeys(TRACKS, SESSIONS[:20])) == 9
    assert expected_daily_lists({track: [] for track in TRACKS}, knows_issues=False) == 0


def test_a_single_session_wants_its_list_once() -> None:
    missing = {Track(BarKind.EQUITY, Market.KONEX): SESSIONS[:1], Track(BarKind.INDEX, IndexClass.KRX): SESSIONS[:1]}
    assert expected_base_info_calls(missing, knows_issues=False) == 1
    assert expected_base_info_calls({Track(BarKind.EQUITY, Market.KONEX): []}) == 0


@given(st.integers(0, 60_000), st.integers(0, 12_000), st.integers(0, 12_000), st.integers(0, 3_000))
def test_no_day_is_over_the_quota_and_no_call_is_lost(calls: int, limit: int, used: int, reserve: int) -> None:
    quota = Quota(limit, used, reserve)
    days = [date(1900, 1, 1) + timedelta(days=offset) for offset in range(calls)]
    plan = plan_backfill({TRACKS[0]: days}, quota, TODAY) if quota.per_day > 100 else None
    if plan is not None:
        assert sum(planned.calls for planned in plan.days) == calls
        for planned in plan.days:
            used_that_day = used if planned.day == TODAY else 0
            assert planned.calls > 0
            assert used_that_day + planned.calls + reserve <= limit
