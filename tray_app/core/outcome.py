"""How a run ends, by what was due and what came of it: one table for every collector.

| what was due of the sources | the run |
|---|---|
| all of it came, or nothing was due | success |
| some came, some did not | partial |
| nothing came | failed, and its message begins with the first cause |

What came was stored, or found stored and equal. Steps that ask nobody count for neither; one of them that fails leaves
the run at best partial. Findings come on top: an ERROR makes it failed, a WARN at best partial.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tray_app.core.errors import (
    AppError,
    KeyMissing,
    KeyRefused,
    NetworkDown,
    QuotaSpent,
    QuotaTooSmall,
    RateLimited,
    ServiceNotApproved,
    SignInWanted,
)
from tray_app.core.model import Run, RunStatus, StepOutcome, StepStatus, Trigger
from tray_app.core.words import tr

# With one of these a source was left alone rather than found wanting.
SKIPPING = (RateLimited, QuotaSpent, QuotaTooSmall, KeyMissing)
NAMED_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that was due and did not come, and why; without a name it is the whole of its step."""

    error: AppError
    name: str = ""


@dataclass(frozen=True, slots=True)
class Again:
    """When what is missing may be asked for again: see StepOutcome."""

    retryable: bool
    retry_at: datetime | None


def step_status(missing: Sequence[Missing], *, came: bool) -> StepStatus:
    """Return how a step ended, of which something came or nothing did; a source left alone is skipped either way."""
    if not missing:
        return StepStatus.SUCCESS
    if all(isinstance(each.error, SKIPPING) for each in missing):
        return StepStatus.SKIPPED
    return StepStatus.PARTIAL if came else StepStatus.FAILED


def again(missing: Sequence[Missing]) -> Again:
    """Return when to ask again: as soon as the first of the missing things may be asked for."""
    passing = [each.error.retry_at for each in missing if each.error.may_pass]
    if passing:
        named = [instant for instant in passing if instant is not None]
        return Again(retryable=True, retry_at=min(named) if len(named) == len(passing) else None)
    opens = [each.error.retry_at for each in missing if each.error.retry_at is not None]
    return Again(retryable=False, retry_at=min(opens, default=None))


def is_offline(missing: Sequence[Missing], *, came: bool) -> bool:
    """Whether a step found no network at all."""
    return bool(missing) and not came and all(isinstance(each.error, NetworkDown) for each in missing)


def wants_key(missing: Sequence[Missing]) -> bool:
    """Whether nothing but a key that is not set kept anything from coming."""
    return bool(missing) and all(isinstance(each.error, KeyMissing) for each in missing)


def is_key_refused(missing: Sequence[Missing]) -> bool:
    """Whether a key that is set, or what it is approved for, kept something from coming."""
    return any(isinstance(each.error, KeyRefused | ServiceNotApproved) for each in missing)


def step_note(missing: Sequence[Missing], note: str) -> str:
    """Return what a step says: what did not come first, every reason of it, then what its note says."""
    return " ".join([*_reasons(missing), *([note] if note else [])])


def run_status(steps: Sequence[StepOutcome], trigger: Trigger, *, wants_sign_in: bool = False) -> RunStatus:
    """Return the status that follows from the outcomes of all steps; wants_sign_in: the network answers for sources."""
    if any(step.errors for step in steps):
        return RunStatus.FAILED
    status = _by_what_came(steps)
    is_cut_off = _found_no_network(steps) or (wants_sign_in and status is RunStatus.FAILED)
    if trigger.waits_for_network and is_cut_off:
        return RunStatus.WAITING
    if status is not RunStatus.SUCCESS:
        return status
    is_flawed = any(step.warnings or step.status is not StepStatus.SUCCESS for step in steps)
    return RunStatus.PARTIAL if is_flawed else RunStatus.SUCCESS


def run_message(steps: Sequence[StepOutcome], *, wants_sign_in: bool = False) -> str:
    """Return one line for people: each reason once, the first cause first; when nothing came, nothing beside them."""
    missing = [step.note for step in steps if step.is_missing and step.note]
    found = [step.note for step in steps if step.note and (step.warnings or step.errors)]
    local = [step.note for step in steps if step.is_local and step.status is not StepStatus.SUCCESS and step.note]
    if _by_what_came(steps) is RunStatus.FAILED and missing:
        return str(SignInWanted()) if wants_sign_in else " ".join(dict.fromkeys(missing))
    return " ".join(dict.fromkeys([*missing, *local, *found]))


def is_filled(run: Run) -> bool:
    """Whether a run that has ended brought everything it was made for, whatever was found in what it brought."""
    if run.status not in {RunStatus.PARTIAL, RunStatus.FAILED}:
        return run.status is RunStatus.SUCCESS
    return bool(run.steps) and all(step.status is StepStatus.SUCCESS for step in run.steps)


def again_message(restated: int) -> str:
    """Return what a run says that asked for stored days again: how many stored values its sources tell otherwise."""
    if not restated:
        return tr("Asked again: nothing that is stored differs.")
    if restated == 1:
        return tr("Asked again: 1 stored value differed; what it was is kept.")
    return tr("Asked again: {count:,} stored values differed; what they were is kept.", count=restated)


def _by_what_came(steps: Sequence[StepOutcome]) -> RunStatus:
    if not any(step.is_missing for step in steps):
        return RunStatus.SUCCESS
    return RunStatus.PARTIAL if any(step.came for step in steps) else RunStatus.FAILED


def _found_no_network(steps: Sequence[StepOutcome]) -> bool:
    # A step that lacks its key, and one of which nothing was due, has asked nobody either.
    asking = [step for step in steps if not step.is_local and step.was_due and not step.wants_key]
    return bool(asking) and all(step.offline for step in asking)


def _reasons(missing: Sequence[Missing]) -> list[str]:
    """Return each reason once, with the names of all that it kept away; what to do is said of a lone reason only."""
    first: dict[str, AppError] = {}
    names: dict[str, dict[str, None]] = {}
    for each in missing:
        message = each.error.message
        first.setdefault(message, each.error)
        names.setdefault(message, {}).update({each.name: None} if each.name else {})
    is_lone = len(first) == 1
    told = {message: str(error) if is_lone or not names[message] else message for message, error in first.items()}
    return [
        tr("{names}: {reason}", names=_listed(list(names[message])), reason=text) if names[message] else text
        for message, text in told.items()
    ]


def _listed(names: Sequence[str]) -> str:
    if len(names) <= NAMED_AT_MOST:
        return ", ".join(names)
    shown = ", ".join(names[:NAMED_AT_MOST])
    return tr("{names} and {count} more", names=shown, count=len(names) - NAMED_AT_MOST)
