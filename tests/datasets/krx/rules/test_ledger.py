from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.krx.rules.kit import at
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.ledger import (
    ETF_TRACK,
    RUN_SLACK,
    TRACKS,
    AnswerKind,
    BarKind,
    FetchContext,
    FetchResult,
    LedgerEntry,
    LedgerState,
    SessionRange,
    Track,
    after_answer,
    after_check,
    after_verification,
    collection_start,
    due_sessions,
    held_back,
    is_open,
    recent_sessions,
    tracks_collected,
    unrested,
)
from tray_app.datasets.krx.rules.verification import Verdict, Verification

CALENDAR = KrxCalendar()
KOSPI = Track(BarKind.EQUITY, Market.KOSPI)
FRIDAY, MONDAY, TUESDAY = date(2024, 1, 5), date(2024, 1, 8), date(2024, 1, 9)
EMPTY, ROWS = FetchResult(AnswerKind.EMPTY), FetchResult(AnswerKind.ROWS, rows=953)
State = LedgerState


def entry(state: LedgerState = State.UNKNOWN, session: date = FRIDAY, **changes: object) -> LedgerEntry:
    return replace(LedgerEntry(KOSPI, session, state), **changes)  # type: ignore[arg-type]


def moment(now: datetime, later: date | None = None, jitter: float = 0.0, *, is_proven: bool = False) -> FetchContext:
    return FetchContext(now, CALENDAR, later, jitter, is_proven)


def test_six_tracks_start_where_the_source_does() -> None:
    assert len(TRACKS) == len(set(TRACKS)) == 6
    starts = {track.market_code: track.first_day for track in TRACKS if track.dataset is BarKind.EQUITY}
    assert starts == {"KOSPI": date(2010, 1, 4), "KOSDAQ": date(2010, 1, 4), "KONEX": date(2013, 7, 1)}


def test_etfs_are_a_track_only_when_wanted() -> None:
    assert tracks_collected(with_etfs=False) == TRACKS
    assert ETF_TRACK not in TRACKS
    assert tracks_collected(with_etfs=True) == (*TRACKS, ETF_TRACK)
    assert (ETF_TRACK.dataset, ETF_TRACK.market_code) == (BarKind.EQUITY, "ETF")
    assert ETF_TRACK.first_day == date(2010, 1, 4)


@pytest.mark.parametrize("state", State)
def test_rows_are_collected_whatever_was_before(state: LedgerState) -> None:
    after = after_answer(entry(state), ROWS, moment(at(MONDAY)))
    assert (after.state, after.rows, after.next_try_at) == (State.COLLECTED, 953, None)


def test_before_publication_a_day_waits() -> None:
    after = after_answer(entry(), EMPTY, moment(at(MONDAY, 7), jitter=1.0))
    assert (after.state, after.next_try_at) == (State.NOT_YET_PUBLISHED, at(MONDAY, 8, 10))
    assert not is_open(after, at(MONDAY, 8, 9))
    assert is_open(after, at(MONDAY, 8, 10))


def test_a_late_publication_is_asked_for_again_with_growing_delays() -> None:
    now, found, delays = at(MONDAY, 8, 10), entry(), []
    for _ in range(8):
        found = after_answer(found, EMPTY, moment(now))
        assert found.state is State.NOT_YET_PUBLISHED
        assert found.next_try_at is not None
        delays.append((found.next_try_at - now) // timedelta(minutes=1))
        now = found.next_try_at
    assert delays == [10, 20, 40, 60, 120, 240, 240, 240]


def test_jitter_lengthens_a_delay_by_a_quarter_at_most() -> None:
    after = after_answer(entry(), EMPTY, moment(at(MONDAY, 9), jitter=1.0))
    assert after.next_try_at == at(MONDAY, 9) + timedelta(minutes=12.5)


def test_an_empty_day_beside_published_ones_is_unconfirmed_for_a_week_and_never_closed() -> None:
    now, found, asks = at(TUESDAY, 8, 10), entry(State.NOT_YET_PUBLISHED, attempts=3), 0
    while not found.is_at_rest:
        found = after_answer(found, EMPTY, moment(now, later=MONDAY))
        assert found.state is State.UNKNOWN
        asks += 1
        now = found.next_try_at or now
    assert asks == 8
    assert now >= CALENDAR.asked_until(MONDAY)
    assert not is_open(found, now + timedelta(days=400))
    assert is_open(found, now, insist=True)


def test_an_old_hole_is_asked_for_seven_times_before_it_rests() -> None:
    now, found = at(date(2026, 3, 2)), entry()
    for _ in range(7):
        assert not found.is_at_rest
        found = after_answer(found, EMPTY, moment(now, later=MONDAY))
        now += timedelta(days=1)
    assert found.is_at_rest


def test_a_later_session_must_be_later() -> None:
    after = after_answer(entry(), EMPTY, moment(at(TUESDAY), later=FRIDAY))
    assert after.state is State.NOT_YET_PUBLISHED


HOLIDAY = date(2026, 6, 3)


def test_a_predicted_holiday_waits_for_a_later_session_and_is_closed_then() -> None:
    found = after_answer(entry(session=HOLIDAY), EMPTY, moment(at(date(2026, 6, 4), 9)))
    assert (found.state, found.next_try_at) == (State.UNKNOWN, at(date(2026, 6, 5), 8))
    closed = after_answer(found, EMPTY, moment(at(date(2026, 6, 5), 8)))
    assert (closed.state, closed.reason) == (State.CLOSED, "지방선거일")
    assert not is_open(closed, at(date(2026, 6, 8)), insist=True)


def test_a_weekend_is_named_so() -> None:
    closed = after_answer(entry(session=date(2024, 1, 6)), EMPTY, moment(at(date(2024, 1, 10))))
    assert (closed.state, closed.reason) == (State.CLOSED, "weekend")


@pytest.mark.parametrize("kind", [AnswerKind.EMPTY, AnswerKind.FAILED, AnswerKind.BLOCKED])
@pytest.mark.parametrize("state", [State.COLLECTED, State.VERIFIED])
def test_what_is_stored_stays_stored(kind: AnswerKind, state: LedgerState) -> None:
    after = after_answer(entry(state, rows=953), FetchResult(kind, reason="Maintenance."), moment(at(TUESDAY)))
    assert (after.state, after.rows, after.reason) == (state, 953, "Maintenance.")


def test_stored_rows_are_asked_for_again_at_growing_intervals() -> None:
    after = after_answer(entry(State.COLLECTED, attempts=6), EMPTY, moment(at(TUESDAY)))
    assert (after.attempts, after.next_try_at) == (7, at(TUESDAY) + timedelta(days=32) - RUN_SLACK)
    assert after.reason.startswith("Asked again")


def test_a_blocked_day_may_be_asked_for_in_the_next_run() -> None:
    after = after_answer(entry(), FetchResult(AnswerKind.BLOCKED, reason="Apply for it."), moment(at(TUESDAY)))
    assert (after.state, after.reason) == (State.BLOCKED, "Apply for it.")
    assert is_open(after, at(TUESDAY))


def test_a_failed_day_is_asked_for_by_every_run() -> None:
    now, found = at(TUESDAY), entry()
    for _ in range(5):
        found = after_answer(found, FetchResult(AnswerKind.FAILED, reason="Cut JSON."), moment(now))
        assert (found.state, found.next_try_at) == (State.FAILED, None)
        assert due_sessions(KOSPI, {FRIDAY: found}, CALENDAR, now, SessionRange(FRIDAY, FRIDAY)) == [FRIDAY]
    assert found.attempts == 5


@pytest.mark.parametrize(("state", "is_due"), [(State.NOT_YET_PUBLISHED, True), (State.FAILED, True),
                                               (State.UNKNOWN, False), (State.COLLECTED, False)])  # fmt: skip
def test_what_is_owed_does_not_wait_for_its_next_try(state: LedgerState, is_due: bool) -> None:
    entries = {FRIDAY: entry(state, attempts=1, next_try_at=at(TUESDAY, 12))}
    wanted = SessionRange(FRIDAY, FRIDAY)
    assert bool(due_sessions(KOSPI, entries, CALENDAR, at(TUESDAY, 11), wanted)) is is_due
    # Never before it can be published.
    assert due_sessions(KOSPI, entries, CALENDAR, at(MONDAY, 7), wanted) == []


def test_what_is_held_back_is_unstored_published_and_waits() -> None:
    now, later = at(TUESDAY, 9), at(TUESDAY, 12)
    waiting = entry(State.NOT_YET_PUBLISHED, next_try_at=later)
    entries = {
        date(2024, 1, 2): entry(State.UNKNOWN, date(2024, 1, 2), attempts=7),
        date(2024, 1, 3): entry(State.COLLECTED, date(2024, 1, 3), next_try_at=later),
        date(2024, 1, 4): entry(State.UNKNOWN, date(2024, 1, 4), next_try_at=now),
        FRIDAY: waiting,
        date(2024, 1, 6): entry(State.UNKNOWN, date(2024, 1, 6), next_try_at=later),
        TUESDAY: entry(State.NOT_YET_PUBLISHED, TUESDAY, next_try_at=later),
    }
    assert held_back(KOSPI, entries, CALENDAR, now, date(2024, 1, 2)) == [waiting]
    assert held_back(KOSPI, entries, CALENDAR, now, MONDAY) == []


def test_attempts_start_anew_with_a_new_state() -> None:
    failed = after_answer(
        entry(State.NOT_YET_PUBLISHED, attempts=4), FetchResult(AnswerKind.FAILED), moment(at(TUESDAY))
    )
    assert failed.attempts == 1


def test_a_verified_day_is_done() -> None:
    found = after_verification(entry(State.COLLECTED, reason="x"), Verification(Verdict.VERIFIED), (), at(MONDAY))
    assert (found.state, found.reason, found.next_try_at) == (State.VERIFIED, "", None)
    assert not is_open(found, at(TUESDAY), insist=True)


def test_an_unproven_day_is_asked_for_again_at_growing_intervals_and_let_be_after_two_months() -> None:
    verification, found, now = Verification(Verdict.UNPROVEN, ("No total.",)), entry(), at(MONDAY)
    for days in (1, 2, 4, 8, 16, 32):
        assert is_open(found, now)
        found = after_verification(after_answer(found, ROWS, moment(now)), verification, (), now)
        assert (found.state, found.reason, found.is_in_doubt, found.is_judged) == (
            State.UNPROVEN, "No total.", False, True)  # fmt: skip
        # Judged again from the store alone, it is not put off.
        assert after_verification(found, verification, (), now + timedelta(hours=3)) == found
        assert not is_open(found, now + timedelta(days=days) / 2)
        assert is_open(found, now, insist=True)
        now += timedelta(days=days)
    resting = after_verification(after_answer(found, ROWS, moment(now)), verification, (), now)
    assert (resting.state, resting.next_try_at) == (State.UNPROVEN, None)
    assert not is_open(resting, now + timedelta(days=400), insist=True)
    proven = after_verification(after_answer(found, ROWS, moment(now)), Verification(Verdict.VERIFIED), (), now)
    assert (proven.state, proven.reason) == (State.VERIFIED, "")


def test_an_unproven_day_keeps_its_rows_and_can_be_convicted() -> None:
    now = at(MONDAY)
    unproven = entry(State.UNPROVEN, rows=953, attempts=2, next_try_at=now, reason="No total.")
    kept = after_answer(unproven, EMPTY, moment(now))
    assert (kept.state, kept.rows, kept.next_try_at is not None) == (State.UNPROVEN, 953, True)
    assert after_check(unproven, (), None, now) == unproven
    assert after_check(unproven, ("A duplicate.",), None, now).is_in_doubt


REASON = "A row short. A won short."


@pytest.mark.parametrize(
    ("verdict", "doubts"), [(Verdict.CONTRADICTED, ()), (Verdict.VERIFIED, (REASON,)), (Verdict.UNPROVEN, (REASON,))]
)
def test_a_day_in_doubt_is_asked_for_again_at_growing_intervals_and_for_ever(
    verdict: Verdict, doubts: tuple[str, ...]
) -> None:
    verification = Verification(verdict, ("A row short.", "A won short."))
    found, now = entry(), at(MONDAY)
    for days in (1, 2, 4, 8, 16, 32, 32, 32):
        assert is_open(found, now)
        found = after_verification(after_answer(found, ROWS, moment(now)), verification, doubts, now)
        assert (found.state, found.reason) == (State.COLLECTED, REASON)
        assert found.is_in_doubt
        assert not is_open(found, now + timedelta(days=days) / 2)
        assert is_open(found, now, insist=True)
        now += timedelta(days=days)


def test_a_check_convicts_and_acquits() -> None:
    now, verified = at(MONDAY), Verification(Verdict.VERIFIED)
    good = entry(State.VERIFIED, rows=953, attempts=1)
    assert after_check(good, (), None, now) == good
    doubted = after_check(good, ("A duplicate.",), None, now)
    assert (doubted.state, doubted.reason, doubted.rows) == (State.COLLECTED, "A duplicate.", 953)
    assert doubted.next_try_at == now + timedelta(days=1) - RUN_SLACK
    # Said again, it is not put off.
    again = after_check(doubted, ("A duplicate. And more.",), None, now + timedelta(hours=20))
    assert (again.reason, again.next_try_at) == ("A duplicate. And more.", doubted.next_try_at)
    assert after_check(doubted, (), verified, now).state is State.VERIFIED
    unproven = after_check(doubted, (), Verification(Verdict.UNPROVEN, ("953 rows.",), wants_base_info=True), now)
    assert (unproven.state, unproven.reason, unproven.is_in_doubt) == (State.COLLECTED, "", False)


def test_a_hole_beside_rows_of_others_is_never_given_up() -> None:
    now, found = at(date(2026, 3, 2)), entry()
    for days in (1, 1, 1, 1, 1, 1, 2, 4, 8, 16, 32, 32):
        found = after_answer(found, EMPTY, moment(now, later=MONDAY, is_proven=True))
        assert found.next_try_at == now + timedelta(days=days) - (RUN_SLACK if days > 1 else timedelta())
        now += timedelta(days=days)
    resting = replace(found, next_try_at=None)
    assert resting.is_at_rest
    assert not unrested(resting, now).is_at_rest


def test_an_empty_store_starts_with_the_last_five_sessions() -> None:
    now = at(MONDAY, 8, 10)
    expected = [date(2023, 12, 28), date(2024, 1, 2), date(2024, 1, 3), date(2024, 1, 4), date(2024, 1, 5)]
    assert recent_sessions(CALENDAR, now) == expected
    assert collection_start([entry(State.NOT_YET_PUBLISHED)], CALENDAR, now) == expected[0]
    assert due_sessions(KOSPI, {}, CALENDAR, now, SessionRange(expected[0])) == expected


def test_holes_count_from_the_first_stored_session() -> None:
    entries = [entry(State.VERIFIED), entry(State.COLLECTED, MONDAY), entry(State.FAILED, date(2020, 1, 2))]
    assert collection_start(entries, CALENDAR, at(TUESDAY)) == FRIDAY


def test_interior_holes_are_due_oldest_or_newest_first() -> None:
    days = CALENDAR.sessions(date(2024, 1, 2), date(2024, 1, 12))
    entries = {day: entry(State.VERIFIED, day) for day in days if day not in {FRIDAY, TUESDAY}}
    now = at(date(2024, 1, 15), 8, 10)
    assert due_sessions(KOSPI, entries, CALENDAR, now, SessionRange(days[0])) == [FRIDAY, TUESDAY]
    newest = SessionRange(days[0], newest_first=True)
    assert due_sessions(KOSPI, entries, CALENDAR, now, newest) == [TUESDAY, FRIDAY]
    assert due_sessions(KOSPI, entries, CALENDAR, now, SessionRange(days[0], last=MONDAY)) == [FRIDAY]


def test_unpublished_sessions_are_not_due() -> None:
    wanted = SessionRange(FRIDAY)
    assert due_sessions(KOSPI, {}, CALENDAR, at(MONDAY, 7), wanted) == []
    assert due_sessions(KOSPI, {}, CALENDAR, at(MONDAY, 8), wanted) == [FRIDAY]
    assert (
        due_sessions(KOSPI, {}, CALENDAR, at(MONDAY, 7), SessionRange(FRIDAY, last=date(2030, 1, 1), insist=True)) == []
    )


def test_days_before_the_source_starts_are_not_due() -> None:
    konex = Track(BarKind.EQUITY, Market.KONEX)
    wanted = SessionRange(date(2013, 6, 1), last=date(2013, 7, 2))
    assert due_sessions(konex, {}, CALENDAR, at(TUESDAY), wanted) == [date(2013, 7, 1), date(2013, 7, 2)]


def test_an_entry_on_a_predicted_holiday_is_kept_in_view() -> None:
    entries = {HOLIDAY: entry(State.UNKNOWN, HOLIDAY, attempts=1, next_try_at=at(date(2026, 6, 5), 8))}
    now = at(date(2026, 6, 5), 8, 10)
    assert due_sessions(KOSPI, entries, CALENDAR, now, SessionRange(HOLIDAY)) == [HOLIDAY, date(2026, 6, 4)]


ANSWERS = st.sampled_from([EMPTY, ROWS, FetchResult(AnswerKind.FAILED), FetchResult(AnswerKind.BLOCKED)])


@given(st.lists(st.tuples(ANSWERS, st.integers(1, 50)), max_size=20), st.dates(date(2024, 1, 2), date(2024, 12, 30)))
def test_no_order_of_answers_closes_a_session_or_loses_rows(
    answers: list[tuple[FetchResult, int]], session: date
) -> None:
    found, now, stored = LedgerEntry(KOSPI, session), at(session, 18), False
    for answer, hours in answers:
        now += timedelta(hours=hours)
        later = CALENDAR.next_session(session)
        seen_later = later if now >= CALENDAR.published_by(later) else None
        found = after_answer(found, answer, moment(now, seen_later))
        stored = stored or answer.kind is AnswerKind.ROWS
        assert found.state.is_stored == stored
        assert found.next_try_at is None or found.next_try_at > now
        if CALENDAR.is_session(session):
            assert found.state is not State.CLOSED
        if answer.kind is AnswerKind.EMPTY:
            assert found.state is not State.FAILED


@given(st.sets(st.dates(date(2024, 1, 2), date(2024, 2, 29))), st.booleans())
def test_due_and_done_sessions_make_up_the_range(done: set[date], newest_first: bool) -> None:
    sessions = CALENDAR.sessions(date(2024, 1, 2), date(2024, 2, 29))
    entries = {day: entry(State.VERIFIED, day) for day in done}
    wanted = SessionRange(sessions[0], sessions[-1], newest_first)
    due = due_sessions(KOSPI, entries, CALENDAR, at(date(2024, 3, 31)), wanted)
    assert sorted(due) == [day for day in sessions if day not in done]
    assert due == sorted(due, reverse=newest_first)
