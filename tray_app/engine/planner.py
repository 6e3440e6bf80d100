"""Asks at each tick what is due, waiting or asked for, and submits it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tray_app.core.due import CLOCK_WAS_WRONG, RETRY_DELAYS, Decision, Plan, Why, decide, latest_due, next_due
from tray_app.core.model import CollectorName, Job, Run, RunKind, RunStatus, Trigger
from tray_app.core.outcome import is_filled
from tray_app.engine.parts import WorkParts
from tray_app.engine.self_checks import SelfChecks
from tray_app.store.backfill import HistoryRequest, RequestState

LONG_DELAY = timedelta(hours=12)
# A source that counts calls by the day opens again after midnight.
LONGEST_WAIT = timedelta(hours=26)


class Planner:
    """Decides by the run log alone; it remembers only that the computer slept.

    plans is asked at each tick, so that a changed schedule counts at once.
    """

    def __init__(
        self,
        parts: WorkParts,
        plans: Callable[[], tuple[Plan, ...]],
        wants_history: Callable[[], bool],
        submit: Callable[[Job], bool],
        close_interrupted: Callable[[CollectorName], None],
    ) -> None:
        self._parts = parts
        self._plans = plans
        self._wants_history = wants_history
        self._submit = submit
        self._close_interrupted = close_interrupted
        self._probe_first: set[CollectorName] = set()
        self._self_checks = SelfChecks(parts.collectors, parts.backfills, parts.state)

    def tick(self, slept: bool) -> None:  # noqa: FBT001 - the ticker's one word
        """Submit what should run now. After sleep the network is waited for."""
        now = self._parts.clock.now()
        if slept:
            self._probe_first.update(plan.collector for plan in self._plans())
        for plan in self._collectable():
            self._close_interrupted(plan.collector)
            self._parts.runs.forget_due_times_after(plan.collector, now + CLOCK_WAS_WRONG)
            self._submit_due(plan, now)
        if not self._is_paused(now):
            self._self_checks.ask(now)
            for request in self._parts.backfills.pending():
                self._submit_history(request, now)

    def decision(self, plan: Plan, now: datetime) -> Decision:
        """Return what the due rule says of a collector; one that lacks its key is never due."""
        if self._parts.collectors[plan.collector].missing_key() is not None:
            upcoming = next_due(now, plan.times)
            return Decision(run_now=False, why=Why.WANTS_KEY, due_at=latest_due(now, plan.times), next_at=upcoming)
        log = self._parts.runs.since(plan.collector, latest_due(now, plan.times), now)
        state = self._parts.state
        return decide(plan, now, log, state.paused_until(), state.key_entered_at())

    def after_run(self, job: Job, run: Run) -> None:
        """Settle the request a run served, and ask for history after a finished run of today's data."""
        self._probe_first.discard(job.collector)
        if job.request_id is not None:
            self._settle(job.request_id, run)
        elif run.kind is RunKind.DAILY and run.status in {RunStatus.SUCCESS, RunStatus.PARTIAL}:
            self._ask_for_history(job.collector)

    def _collectable(self) -> list[Plan]:
        plans = self._plans()
        return [plan for plan in plans if self._parts.collectors[plan.collector].missing_key() is None]

    def _submit_due(self, plan: Plan, now: datetime) -> None:
        probe_first = plan.collector in self._probe_first
        waiting = self._parts.runs.latest(plan.collector, RunKind.DAILY)
        if waiting is not None and waiting.status is RunStatus.WAITING and not self._is_paused(now):
            # It serves the latest due time by now: one run is enough for all that passed without network.
            due_at = None if waiting.due_at is None else latest_due(now, plan.times)
            self._submit(Job(plan.collector, waiting.trigger, due_at, probe_first=True))
            return
        decision = self.decision(plan, now)
        if decision.run_now:
            self._submit(Job(plan.collector, decision.trigger, decision.due_at, probe_first=probe_first))

    def _submit_history(self, request: HistoryRequest, now: datetime) -> None:
        # A wait longer than the longest was noted while the clock was ahead.
        if request.next_try_at is not None and now < request.next_try_at <= now + LONGEST_WAIT:
            return
        self._submit(
            Job(
                request.collector,
                Trigger.SCHEDULER,
                window=request.window,
                request_id=request.request_id,
                probe_first=request.attempts > 0,
            )
        )

    def _settle(self, request_id: int, run: Run) -> None:
        # What lacks its key is asked for anew once the key is there. Findings leave nothing to ask for.
        if is_filled(run) or run.only_wants_keys:
            self._parts.backfills.close(request_id, RequestState.DONE)
        elif run.status is RunStatus.CANCELLED:
            self._parts.backfills.close(request_id, RequestState.CANCELLED)
        elif run.status is not RunStatus.INTERRUPTED:
            attempts = next(
                (each.attempts for each in self._parts.backfills.pending() if each.request_id == request_id), 0
            )
            delay = RETRY_DELAYS[attempts] if attempts < len(RETRY_DELAYS) else LONG_DELAY
            self._parts.backfills.postpone(request_id, run.retry_at or self._parts.clock.now() + delay)

    def _ask_for_history(self, name: CollectorName) -> None:
        if not self._wants_history() or any(each.collector == name for each in self._parts.backfills.pending()):
            return
        now = self._parts.clock.now()
        window = self._parts.collectors[name].missing_history(now)
        if window is not None:
            self._parts.backfills.request(name, window, now)

    def _is_paused(self, now: datetime) -> bool:
        until = self._parts.state.paused_until()
        return until is not None and now < until
