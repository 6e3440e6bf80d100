"""How a run ends: the table of core/outcome.py, for any run of any steps."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import NOW, a_run

from tray_app.core.errors import (
    AppError,
    CertificateRefused,
    EmptyAnswer,
    KeyMissing,
    KeyRefused,
    NetworkDown,
    OwnFault,
    QuotaSpent,
    RateLimited,
    ServiceNotApproved,
    SourceChangedShape,
    SourceDown,
)
from tray_app.core.model import RunStatus, StepOutcome, StepStatus, Trigger
from tray_app.core.outcome import (
    SKIPPING,
    Again,
    Missing,
    again,
    is_filled,
    is_offline,
    run_message,
    run_status,
    step_note,
    step_status,
    wants_key,
)

GOOD, PARTIAL, SKIPPED, FAILED = StepStatus.SUCCESS, StepStatus.PARTIAL, StepStatus.SKIPPED, StepStatus.FAILED
HOST = "api.example.com"
NIGHT = NOW + timedelta(hours=9)

causes = st.sampled_from(
    [
        NetworkDown(HOST, "connection refused"),
        SourceDown(HOST, "status 503"),
        RateLimited(HOST),
        QuotaSpent(HOST, "No calls are left.", "", NIGHT),
        KeyMissing("KEY", "No key."),
        KeyRefused("Refused", "The key is wrong."),
        ServiceNotApproved("일별", "portal"),
        SourceChangedShape(HOST, "not JSON"),
        EmptyAnswer(HOST, may_pass=True),
        CertificateRefused(HOST),
        OwnFault(),
    ]
)


def a_step(
    came: bool, missing: list[AppError], *, is_local: bool = False, found: tuple[int, int] = (0, 0)
) -> StepOutcome:
    lacks = [Missing(error) for error in missing]
    return StepOutcome(
        "step",
        step_status(lacks, came=came),
        step_note(lacks, ""),
        offline=is_offline(lacks, came=came),
        wants_key=wants_key(lacks),
        warnings=found[0],
        errors=found[1],
        was_due=came or bool(missing),
        came_before=came and bool(missing),
        is_local=is_local,
    )


steps_of_sources = st.lists(st.builds(a_step, st.booleans(), st.lists(causes, max_size=3)), max_size=6)
local_steps = st.lists(st.builds(lambda came: a_step(came, [], is_local=True), st.booleans()), max_size=3)
by_hand = st.sampled_from([trigger for trigger in Trigger if not trigger.waits_for_network])


@given(steps_of_sources, local_steps, by_hand)
def test_what_was_due_and_what_came_decide(
    asked: list[StepOutcome], local: list[StepOutcome], trigger: Trigger
) -> None:
    came = any(step.came for step in asked)
    missing = any(step.is_missing for step in asked)
    status = run_status([*asked, *local], trigger)
    if not missing:
        assert status is RunStatus.SUCCESS
    else:
        assert status is (RunStatus.PARTIAL if came else RunStatus.FAILED)
    if status is RunStatus.FAILED:
        assert run_message([*asked, *local]).startswith(next(step.note for step in asked if step.is_missing))


@given(steps_of_sources, local_steps, local_steps, st.sampled_from(Trigger))
def test_local_steps_count_for_neither(
    asked: list[StepOutcome], some: list[StepOutcome], others: list[StepOutcome], trigger: Trigger
) -> None:
    assert run_status([*some, *asked], trigger) is run_status([*asked, *others], trigger)


@given(steps_of_sources, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1)), min_size=1, max_size=3), by_hand)
def test_findings_come_on_top(asked: list[StepOutcome], found: list[tuple[int, int]], trigger: Trigger) -> None:
    judged = run_status(asked, trigger)
    status = run_status([*asked, *(a_step(True, [], is_local=True, found=each) for each in found)], trigger)
    if any(errors for _, errors in found):
        assert status is RunStatus.FAILED
    elif any(warnings for warnings, _ in found) and judged is RunStatus.SUCCESS:
        assert status is RunStatus.PARTIAL
    else:
        assert status is judged


@given(st.booleans(), st.lists(causes, max_size=3))
def test_a_step_never_hides_a_failure(came: bool, missing: list[AppError]) -> None:
    lacks = [Missing(error, f"part {number}") for number, error in enumerate(missing)]
    status, note = step_status(lacks, came=came), step_note(lacks, "3 of 5 parts")
    assert (status is GOOD) == (not missing)
    if missing:
        left_alone = all(isinstance(each, SKIPPING) for each in missing)
        assert status is (SKIPPED if left_alone else PARTIAL if came else FAILED)
        assert note.index("part 0") == 0
        assert all(each.name in note and each.error.message in note for each in lacks)
    assert note.endswith("3 of 5 parts")


@pytest.mark.parametrize("statuses", list(product(StepStatus, repeat=4)))
def test_every_combination_of_steps_has_its_status(statuses: tuple[StepStatus, ...]) -> None:
    steps = tuple(StepOutcome(str(number), status) for number, status in enumerate(statuses))
    expected = RunStatus.PARTIAL
    if set(statuses) == {GOOD}:
        expected = RunStatus.SUCCESS
    elif not {GOOD, PARTIAL} & set(statuses):
        expected = RunStatus.FAILED
    for trigger in Trigger:
        assert run_status(steps, trigger) is expected


def test_nothing_due_beside_a_failure_saves_nothing() -> None:
    idle = StepOutcome("a", GOOD, was_due=False)
    assert run_status((idle, idle), Trigger.SCHEDULER) is RunStatus.SUCCESS
    assert run_status((idle, StepOutcome("b", FAILED)), Trigger.SCHEDULER) is RunStatus.FAILED
    assert run_status((StepOutcome("calendar", GOOD, is_local=True), StepOutcome("b", FAILED)), Trigger.TRAY) is (
        RunStatus.FAILED
    )


def test_a_local_step_that_fails_is_not_hidden() -> None:
    broken = StepOutcome("quality", FAILED, "a fault", is_local=True)
    assert run_status((broken,), Trigger.TRAY) is RunStatus.PARTIAL
    assert run_status((broken, StepOutcome("a", GOOD)), Trigger.TRAY) is RunStatus.PARTIAL
    assert run_status((broken, StepOutcome("a", FAILED)), Trigger.TRAY) is RunStatus.FAILED
    assert run_message((broken, StepOutcome("a", GOOD, "fine"))) == "a fault"


@pytest.mark.parametrize("trigger", Trigger)
def test_only_what_nobody_looks_at_waits_for_the_network(trigger: Trigger) -> None:
    offline = (StepOutcome("a", FAILED, offline=True), StepOutcome("b", FAILED, offline=True))
    waits = trigger in {Trigger.SCHEDULER, Trigger.CATCH_UP, Trigger.TRAY}
    assert run_status(offline, trigger) is (RunStatus.WAITING if waits else RunStatus.FAILED)
    assert run_status((*offline, StepOutcome("c", FAILED)), trigger) is RunStatus.FAILED
    assert run_status((*offline, StepOutcome("c", GOOD)), trigger) is RunStatus.PARTIAL
    idle = StepOutcome("d", GOOD, was_due=False)
    assert run_status((*offline, idle), trigger) is (RunStatus.WAITING if waits else RunStatus.FAILED)


def test_what_asks_nobody_says_nothing_of_the_network() -> None:
    offline = StepOutcome("a", FAILED, offline=True)
    keyless, local = StepOutcome("b", SKIPPED, wants_key=True), StepOutcome("c", GOOD, is_local=True)
    assert run_status((offline, keyless, local), Trigger.SCHEDULER) is RunStatus.WAITING
    assert run_status((offline, keyless, local), Trigger.MANUAL_CLI) is RunStatus.FAILED
    assert run_status((keyless, local), Trigger.SCHEDULER) is RunStatus.FAILED
    assert run_status((local,), Trigger.SCHEDULER) is RunStatus.SUCCESS


def test_the_message_gives_each_reason_once() -> None:
    steps = (
        StepOutcome("a", GOOD, "20 coins"),
        StepOutcome("b", FAILED, "no network"),
        StepOutcome("c", FAILED, "no network"),
        StepOutcome("d", SKIPPED, "no key"),
        StepOutcome("e", FAILED),
    )
    assert run_message(steps) == "no network no key"
    assert run_message(steps[1:]) == "no network no key"
    found = StepOutcome("f", GOOD, "1 warnings", warnings=1, is_local=True)
    assert run_message((*steps[1:], found)) == "no network no key"
    assert run_message((*steps, StepOutcome("f", GOOD, "1 errors", errors=1))) == "no network no key 1 errors"


def test_a_reason_is_told_once_with_all_it_kept_away() -> None:
    down, broken = SourceDown(HOST, "status 503"), SourceChangedShape(HOST, "not JSON")
    lacks = [Missing(down, f"S{number:02}") for number in range(18)] + [Missing(broken, "DGS10")]
    note = step_note(lacks, "7 of 26 series")
    assert note.count("status 503") == 1
    assert "S11 and 6 more: api.example.com is not working: status 503." in note
    assert "DGS10: api.example.com answered in an unknown form: not JSON." in note


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ([], Again(retryable=False, retry_at=None)),
        ([SourceDown(HOST, "x")], Again(retryable=True, retry_at=None)),
        ([SourceChangedShape(HOST, "a page")], Again(retryable=True, retry_at=None)),
        ([RateLimited(HOST, retry_at=NIGHT)], Again(retryable=True, retry_at=NIGHT)),
        ([RateLimited(HOST, retry_at=NIGHT), OwnFault()], Again(retryable=True, retry_at=None)),
        ([QuotaSpent(HOST, "spent", "", NIGHT)], Again(retryable=False, retry_at=NIGHT)),
        ([QuotaSpent(HOST, "spent", "", NIGHT), SourceDown(HOST, "x")], Again(retryable=True, retry_at=None)),
        ([KeyMissing("KEY", "x")], Again(retryable=False, retry_at=None)),
        ([KeyRefused("Refused", "x")], Again(retryable=False, retry_at=None)),
        ([ServiceNotApproved("s", "p"), EmptyAnswer(HOST, may_pass=False)], Again(retryable=False, retry_at=None)),
        ([KeyRefused("Refused", "x"), NetworkDown(HOST, "x")], Again(retryable=True, retry_at=None)),
    ],
)
def test_what_is_missing_decides_when_it_is_asked_for_again(errors: list[AppError], expected: Again) -> None:
    assert again([Missing(error) for error in errors]) == expected


@pytest.mark.parametrize("status", list(RunStatus))
def test_findings_leave_nothing_to_ask_for_and_a_hole_does(status: RunStatus) -> None:
    came = StepOutcome("kospi", GOOD, warnings=1, errors=1)
    ended = {RunStatus.SUCCESS, RunStatus.PARTIAL, RunStatus.FAILED}
    assert is_filled(a_run(status=status, steps=(came,))) is (status in ended)
    for missing in (PARTIAL, SKIPPED, FAILED):
        if status is not RunStatus.SUCCESS:
            assert not is_filled(a_run(status=status, steps=(came, StepOutcome("kosdaq", missing))))
    assert is_filled(a_run(status=status, steps=())) is (status is RunStatus.SUCCESS)


def test_findings_alone_leave_the_note_alone() -> None:
    fine = StepOutcome("a", GOOD, "20 coins")
    assert run_message((fine, replace(fine, note="1 warnings", warnings=1))) == "1 warnings"
