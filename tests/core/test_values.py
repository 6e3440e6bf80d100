"""Times, statuses, errors, secrets and the other small values."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import NOW, a_job, a_run

from tray_app.core import errors
from tray_app.core.days import day_number, day_of
from tray_app.core.errors import AppError
from tray_app.core.incidents import any_notice, failure_notice
from tray_app.core.model import (
    RunKind,
    RunStatus,
    StepOutcome,
    StepStatus,
    Trigger,
    Window,
)
from tray_app.core.times import epoch_date, iso_instant, kst_date, kst_instant, parse_instant, to_kst, utc_date
from tray_app.core.web.secrets import STRUCK_OUT, struck_out
from tray_app.core.words import tr
from tray_app.datasets.crypto.rows import eth_btc_ratio

instants = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
GOOD, SKIPPED, FAILED = StepStatus.SUCCESS, StepStatus.SKIPPED, StepStatus.FAILED


# --- times --------------------------------------------------------------------------------------------------------


@given(one=instants, other=instants)
def test_stored_instants_sort_as_text(one: datetime, other: datetime) -> None:
    assert (iso_instant(one) < iso_instant(other)) == (one.replace(microsecond=0) < other.replace(microsecond=0))
    assert parse_instant(iso_instant(one)) == one.replace(microsecond=0)


@given(day=st.dates(date(1990, 1, 1), date(2100, 1, 1)), at=st.times())
def test_korea_is_nine_hours_ahead_all_year(day: date, at: time) -> None:
    instant = kst_instant(day, at)
    assert instant.utcoffset() == timedelta(0)
    assert (to_kst(instant).date(), to_kst(instant).time()) == (day, at)
    assert kst_date(instant) == day


def test_the_two_dates_of_a_korean_morning() -> None:
    morning = kst_instant(date(2026, 8, 22), time(6, 0))
    assert (kst_date(morning), utc_date(morning)) == (date(2026, 8, 22), date(2026, 8, 21))


@given(day=st.dates(), days=st.integers(-3_000, 3_000))
def test_days_are_counted_from_1970_on(day: date, days: int) -> None:
    assert day_number(date(2024, 3, 1)) == 19_783
    assert day_of(day_number(day)) == day
    assert day_of(days) == date(1970, 1, 1) + timedelta(days=days)
    assert day_number(day_of(days)) == days


@pytest.mark.parametrize("text", ["", "2026-08-22", "2026-08-22T10:50:00", "soon", "9999-12-31T23:59:59-23:59"])
def test_an_instant_needs_a_zone_and_the_calendar(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_instant(text)


def test_seconds_since_1970_are_utc_dates() -> None:
    assert epoch_date(1787356800) == date(2026, 8, 22)
    assert epoch_date(1787356799.9) == date(2026, 8, 21)
    with pytest.raises(OverflowError):
        epoch_date(1e18)


# --- runs ---------------------------------------------------------------------------------------------------------


def test_steps_as_text() -> None:
    assert str(StepOutcome("a", GOOD, "20 coins")) == "success (20 coins)"
    assert str(StepOutcome("a", FAILED)) == "failed"


def test_a_run_that_only_wants_keys() -> None:
    keyless = (StepOutcome("a", GOOD), StepOutcome("b", SKIPPED, wants_key=True))
    assert a_run(status=RunStatus.PARTIAL, steps=keyless).only_wants_keys
    assert not a_run(status=RunStatus.PARTIAL, steps=(*keyless, StepOutcome("c", FAILED))).only_wants_keys
    assert not a_run(status=RunStatus.SUCCESS, steps=()).only_wants_keys
    assert a_run(status=RunStatus.FAILED, steps=keyless[1:]).only_wants_keys
    assert not a_run(status=RunStatus.FAILED, steps=(*keyless, StepOutcome("e", GOOD, errors=1))).only_wants_keys
    # What was found wrong is no matter of keys.
    warned = StepOutcome("d", GOOD, warnings=1)
    assert not a_run(status=RunStatus.PARTIAL, steps=(warned,)).only_wants_keys
    assert not a_run(status=RunStatus.PARTIAL, steps=(*keyless, warned)).only_wants_keys


def test_what_is_worth_trying_again() -> None:
    retryable, hopeless = StepOutcome("a", FAILED, retryable=True), StepOutcome("a", FAILED)
    assert a_run(status=RunStatus.PARTIAL, steps=(retryable,)).worth_retrying
    assert not a_run(status=RunStatus.PARTIAL, steps=(hopeless,)).worth_retrying
    assert a_run(status=RunStatus.FAILED, steps=(retryable, hopeless)).worth_retrying
    assert not a_run(status=RunStatus.FAILED, steps=(hopeless,)).worth_retrying
    assert a_run(status=RunStatus.FAILED, steps=()).worth_retrying
    assert a_run(status=RunStatus.INTERRUPTED, steps=()).worth_retrying
    assert not a_run(status=RunStatus.SUCCESS).worth_retrying


def test_a_run_is_worth_repeating_when_the_last_of_its_sources_gives_more() -> None:
    sooner, later = (StepOutcome("a", FAILED, retry_at=NOW + timedelta(minutes=wait)) for wait in (5, 60))
    for steps in ((sooner, later), (later, StepOutcome("b", GOOD), sooner)):
        assert a_run(steps=steps).retry_at == NOW + timedelta(minutes=60)
    assert a_run(steps=(StepOutcome("b", GOOD), sooner)).retry_at == NOW + timedelta(minutes=5)
    assert a_run().retry_at is None
    assert a_run(steps=()).retry_at is None


def test_equal_jobs() -> None:
    window = Window(date(2026, 1, 1))
    assert a_job().repeats(a_job(trigger=Trigger.TRAY, due_at=NOW))
    assert not a_job().repeats(a_job(window=window))
    assert (a_job().kind, a_job(window=window).kind) == (RunKind.DAILY, RunKind.HISTORY)


# --- notices ------------------------------------------------------------------------------------------------------


def test_one_notice_per_incident_and_one_when_it_is_over() -> None:
    told = []
    before = None
    statuses = [
        RunStatus.SUCCESS,
        RunStatus.FAILED,
        RunStatus.FAILED,
        RunStatus.PARTIAL,
        RunStatus.SUCCESS,
        RunStatus.FAILED,
    ]
    for status in statuses:
        run = a_run(status=status, message="down")
        notice = failure_notice(run, before)
        told.append(None if notice is None else notice.is_failure)
        before = run
    assert told == [None, True, None, False, None, True]


def test_a_first_failure_is_told_and_a_first_success_is_not() -> None:
    assert failure_notice(a_run(status=RunStatus.FAILED, message="why"), None).message == "why"  # type: ignore[union-attr]
    assert failure_notice(a_run(), None) is None


def test_every_judged_run_is_told_to_those_who_want_all() -> None:
    told = {status: any_notice(a_run(status=status)) for status in RunStatus}
    assert {status for status, notice in told.items() if notice} == {
        RunStatus.SUCCESS,
        RunStatus.PARTIAL,
        RunStatus.FAILED,
    }
    assert [status for status, notice in told.items() if notice and notice.is_failure] == [RunStatus.FAILED]


# --- errors -------------------------------------------------------------------------------------------------------


def every_error() -> list[AppError]:
    return [
        errors.NetworkDown("h", "refused"),
        errors.CertificateRefused("h"),
        errors.SourceDown("h", "status 500"),
        errors.RateLimited("h"),
        errors.QuotaSpent("h", "no calls left", "wait"),
        errors.QuotaTooSmall("K", 100, 100),
        errors.KeyMissing("K", "no key"),
        errors.KeyRefused("refused", "refused"),
        errors.ServiceNotApproved("refused", "refused"),
        errors.SourceChangedShape("h", "what"),
        errors.EmptyAnswer("h", may_pass=True),
        errors.SignInWanted(),
        errors.StaleAnswer("old"),
        errors.RowsLeftOut("h", 1),
        errors.OwnFault(),
        errors.DiskFull("market.db"),
        errors.FolderNotWritable("f", "why"),
        errors.DatabaseBusy(),
        errors.DatabaseDamaged("page 3"),
        errors.DatabaseDamaged("page 3", "aside.db"),
        errors.DatabaseNewer(9, 1),
        errors.DatabaseOlder(1, 9),
        errors.DatabaseUnreadable("market.db", "no"),
        errors.DatabaseForeign("market.db"),
        errors.DatabaseMissing("home", "newest.db"),
        errors.DatabaseGone("market.db"),
        errors.FolderUnsuitable("f", "it is on a network"),
        errors.ProxyRefused("h"),
        errors.WrongClock("h", NOW, NOW),
        errors.CertificateOutOfTime("h"),
        errors.AlreadyRunning("crypto", "somebody"),
        errors.Cancelled(),
        errors.BadInput("bad", "bad", "allowed"),
        errors.NoCredentialStore("K"),
    ]


@pytest.mark.parametrize("error", every_error(), ids=lambda error: type(error).__name__)
def test_every_error_has_a_title_and_one_line(error: AppError) -> None:
    assert error.title
    assert str(error).startswith(error.message)
    assert "{" not in str(error) + error.title
    assert "\n" not in str(error)


def test_every_kind_of_error_is_looked_at_here() -> None:
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AppError)}
    assert kinds - {AppError} <= {type(error) for error in every_error()}


def test_what_trying_again_can_mend() -> None:
    again = {type(error) for error in every_error() if error.retryable}
    assert again == {errors.NetworkDown, errors.SourceDown, errors.RateLimited, errors.DatabaseBusy}


def test_what_waiting_can_mend() -> None:
    for_good = {type(error) for error in every_error() if not error.may_pass}
    assert for_good == {
        errors.QuotaSpent,
        errors.QuotaTooSmall,
        errors.KeyMissing,
        errors.KeyRefused,
        errors.ServiceNotApproved,
    }


# --- the rest -----------------------------------------------------------------------------------------------------


@given(st.floats(0, 1e18), st.floats(0, 1e18))
def test_the_ratio_is_a_number_or_nothing(ethereum: float, bitcoin: float) -> None:
    ratio = eth_btc_ratio({"bitcoin": bitcoin, "ethereum": ethereum})
    assert ratio is None or 0 <= ratio < float("inf")


def test_the_ratio_needs_both_coins() -> None:
    assert eth_btc_ratio({"bitcoin": 100.0, "ethereum": 4.0}) == 0.04
    assert eth_btc_ratio({"bitcoin": 100.0}) is None
    assert eth_btc_ratio({"ethereum": 4.0}) is None
    assert eth_btc_ratio({"bitcoin": 0.0, "ethereum": 4.0}) is None


@given(text=st.text(max_size=40), secrets=st.lists(st.text("ab1", max_size=6), max_size=4))
def test_no_secret_is_left_in_a_text(text: str, secrets: list[str]) -> None:
    left = struck_out(text, secrets).replace(STRUCK_OUT, "")
    assert text == left or any(secrets)


def test_of_two_secrets_the_longer_goes_first() -> None:
    assert struck_out("key=abcdef", ["abc", "abcdef", ""]) == f"key={STRUCK_OUT}"


def test_texts_take_named_values_only_when_given() -> None:
    assert tr("{count} coins", count=20) == "20 coins"
    assert tr("a {brace} stays") == "a {brace} stays"
