"""The day ledger: what became of every session of every market, and what to ask for next.

The source's answer moves an entry, not the clock: a session that is not published yet is asked for again and never
fails, an empty answer never closes a day, and what was stored once is never taken back by a later bad answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from tray_app.datasets.krx.rows import STOCK_MARKETS, IndexClass, Market
from tray_app.datasets.krx.rules.calendar import EARLIEST, KONEX_OPENED, KrxCalendar
from tray_app.datasets.krx.rules.verification import Verdict, Verification

EMPTY_STORE_SESSIONS = 5
ASKS_BEFORE_REST = 7
PUBLICATION_SLACK = timedelta(minutes=5)
EMPTY_DELAYS = tuple(timedelta(minutes=minutes) for minutes in (10, 20, 40, 60, 120, 240))
REASK_DELAY = timedelta(days=1)
MOST_DOUBLINGS = 5
# A run of the same hour some days later shall find a day due again.
RUN_SLACK = timedelta(hours=1)
JITTER_SHARE = 0.25


class BarKind(StrEnum):
    """What is collected per session."""

    EQUITY = "equity"
    INDEX = "index"


@dataclass(frozen=True, slots=True, order=True)
class Track:
    """One endpoint's series of sessions: a market's issues, or a class of indices."""

    dataset: BarKind
    market_code: str

    @property
    def subject(self) -> str:
        """Return the name it has among what was asked for again."""
        return f"krx:{self.dataset}:{self.market_code}"

    @property
    def first_day(self) -> date:
        """Return the first day the source has."""
        konex = self.dataset is BarKind.EQUITY and self.market_code == Market.KONEX
        return KONEX_OPENED if konex else EARLIEST


TRACKS = (
    *(Track(BarKind.EQUITY, market) for market in STOCK_MARKETS),
    *(Track(BarKind.INDEX, index_class) for index_class in IndexClass),
)
ETF_TRACK = Track(BarKind.EQUITY, Market.ETF)


def tracks_collected(*, with_etfs: bool) -> tuple[Track, ...]:
    """Return the series that are collected: ETFs only when the user wants them, or a day without would be a hole."""
    return (*TRACKS, ETF_TRACK) if with_etfs else TRACKS


class LedgerState(StrEnum):
    """What became of a session."""

    UNKNOWN = "unknown"
    NOT_YET_PUBLISHED = "not_yet_published"
    COLLECTED = "collected"
    UNPROVEN = "unproven"
    VERIFIED = "verified"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    FAILED = "failed"
    BLOCKED = "blocked"

    @property
    def is_stored(self) -> bool:
        """Whether rows of the session are in the store."""
        return self in {*UNSETTLED, *SETTLED}


# Rows that are believed: proven, or accepted by a person without the ones in doubt.
SETTLED = frozenset({LedgerState.VERIFIED, LedgerState.ACCEPTED})
# Rows that are stored and not proven: yet, as they are in doubt, or as what would prove them did not come.
UNSETTLED = frozenset({LedgerState.COLLECTED, LedgerState.UNPROVEN})


# Every run asks for these at once, by hand or as a retry: how soon a run is made bounds the asking. Their next try is
# when the scheduler makes a run for their sake.
OWED = frozenset({LedgerState.NOT_YET_PUBLISHED, LedgerState.FAILED})


class AnswerKind(StrEnum):
    """How the source answered for a session."""

    ROWS = "rows"
    EMPTY = "empty"
    FAILED = "failed"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class FetchResult:
    """An answer, its number of rows and, when there are none, why."""

    kind: AnswerKind
    rows: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FetchContext:
    """What an answer is judged by.

    later_session: the first session after the one asked for that rows are known of, on any track.
    jitter: 0 to 1, spreads the next try so that clients do not ask in step.
    is_proven: whether another track has rows of the session asked for.
    """

    now: datetime
    calendar: KrxCalendar
    later_session: date | None = None
    jitter: float = 0.0
    is_proven: bool = False

    def after(self, delay: timedelta) -> datetime:
        """Return the instant a delay from now, up to a quarter later by the jitter."""
        return self.now + delay * (1 + JITTER_SHARE * self.jitter)


@dataclass(frozen=True, slots=True)
class SessionRange:
    """The sessions a run is after. To insist is to ask before the next try is due, as a person may.

    again: whatever is stored or settled is asked for too.
    """

    first: date
    last: date | None = None
    newest_first: bool = False
    insist: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One session of one track. attempts counts the asks since the state last changed.

    Without next_try_at the session may be asked for at any time; an unknown one that was asked for is then at rest, and
    so is an unproven one.
    """

    track: Track
    session: date
    state: LedgerState = LedgerState.UNKNOWN
    rows: int = 0
    attempts: int = 0
    next_try_at: datetime | None = None
    reason: str = ""

    @property
    def is_at_rest(self) -> bool:
        """Whether asking was given up: always empty, long after later sessions were published."""
        return self.state is LedgerState.UNKNOWN and self.attempts > 0 and self.next_try_at is None

    @property
    def is_without_rows(self) -> bool:
        """Whether it is settled that there are no rows: the day was closed, or asking was given up."""
        return self.state is LedgerState.CLOSED or self.is_at_rest

    @property
    def is_judged(self) -> bool:
        """Whether the stored rows were verified, or it was said why they could not be."""
        return self.state.is_stored and (self.state is not LedgerState.COLLECTED or bool(self.reason))

    @property
    def is_in_doubt(self) -> bool:
        """Whether the stored rows are held to be wrong: they are asked for again, and nothing is made of them."""
        return self.state is LedgerState.COLLECTED and self.next_try_at is not None


def after_answer(entry: LedgerEntry, answer: FetchResult, moment: FetchContext) -> LedgerEntry:
    """Return the entry after an answer."""
    if answer.kind is AnswerKind.ROWS:
        asked = replace(entry, state=LedgerState.COLLECTED) if entry.state is LedgerState.UNPROVEN else entry
        return replace(_moved(asked, LedgerState.COLLECTED, answer.reason), rows=answer.rows)
    if entry.state.is_stored:
        kept = _moved(entry, entry.state, answer.reason or "Asked again: empty answer, the stored rows stay.")
        return replace(kept, next_try_at=moment.now + growing_delay(kept.attempts))
    if answer.kind is AnswerKind.BLOCKED:
        return _moved(entry, LedgerState.BLOCKED, answer.reason)
    if answer.kind is AnswerKind.FAILED:
        return _moved(entry, LedgerState.FAILED, answer.reason)
    return _after_empty(entry, moment)


def after_verification(
    entry: LedgerEntry, verification: Verification, doubts: Sequence[str], now: datetime
) -> LedgerEntry:
    """Return a stored entry after its rows were checked: verified, in doubt, or unproven.

    What would prove an unproven one may come with a later answer: it is asked for again for two months, then let be. Of
    one that wants the market's total, the class of indices is asked for.

    doubts: the open findings that convict the day.
    """
    if doubts or verification.verdict is Verdict.CONTRADICTED:
        return _doubted(entry, " ".join(doubts) or verification.reason, now)
    if verification.verdict is Verdict.VERIFIED:
        return replace(entry, state=LedgerState.VERIFIED, next_try_at=None, reason="")
    if verification.verdict is Verdict.ACCEPTED:
        return replace(entry, state=LedgerState.ACCEPTED, next_try_at=None, reason=verification.reason)
    is_left = verification.wants_total or entry.attempts >= ASKS_BEFORE_REST
    again_at = None if is_left else entry.next_try_at or now + growing_delay(entry.attempts)
    return replace(entry, state=LedgerState.UNPROVEN, next_try_at=again_at, reason=verification.reason)


def after_check(
    entry: LedgerEntry, doubts: Sequence[str], verification: Verification | None, now: datetime
) -> LedgerEntry:
    """Return a stored entry after the quality rules: one they convict is in doubt, one they acquit no longer.

    verification: of the rows as they stand, for an entry whose state may change without a doubt.
    """
    if doubts:
        return _doubted(entry, " ".join(doubts), now)
    if verification is None:
        return entry
    # Without a reason a collected day is verified by the next run, which may ask for base info.
    if verification.wants_base_info:
        return replace(entry, state=LedgerState.COLLECTED, next_try_at=None, reason="")
    return after_verification(entry, verification, (), now)


def unrested(entry: LedgerEntry, now: datetime) -> LedgerEntry:
    """Return the entry of a session that was given up as always empty, now that another track has rows of it."""
    return replace(entry, next_try_at=now + growing_delay(entry.attempts - ASKS_BEFORE_REST + 2))


def growing_delay(attempts: int) -> timedelta:
    """Return how long to wait before asking again for what came so many times: nearly 1, 2, 4, ... 32 days."""
    doublings = min(max(attempts, 1) - 1, MOST_DOUBLINGS)
    return REASK_DELAY * (1 << doublings) - RUN_SLACK


def is_open(entry: LedgerEntry | None, now: datetime, *, insist: bool = False) -> bool:
    """Whether a session is still to be asked for now. To insist is to ask before the next try is due."""
    if entry is None:
        return True
    if entry.state in SETTLED or entry.state is LedgerState.CLOSED:
        return False
    if entry.state in UNSETTLED:
        return entry.next_try_at is not None and (insist or entry.next_try_at <= now)
    if insist:
        return True
    return not entry.is_at_rest and (entry.next_try_at is None or entry.next_try_at <= now)


def collection_start(entries: Iterable[LedgerEntry], calendar: KrxCalendar, now: datetime) -> date:
    """Return the day holes count from: the first stored session of any track, else the first of the last five."""
    stored = [entry.session for entry in entries if entry.state.is_stored]
    return min(stored) if stored else recent_sessions(calendar, now)[0]


def recent_sessions(calendar: KrxCalendar, now: datetime, count: int = EMPTY_STORE_SESSIONS) -> list[date]:
    """Return the last published sessions, oldest first."""
    days = [calendar.latest_publishable(now)]
    while len(days) < count:
        days.append(calendar.previous_session(days[-1]))
    return days[::-1]


def due_sessions(
    track: Track, entries: Mapping[date, LedgerEntry], calendar: KrxCalendar, now: datetime, wanted: SessionRange
) -> list[date]:
    """Return the sessions of one track to ask for now: every published one that is wanted and still open.

    entries: the track's ledger by session; it also holds the days that rows showed to be sessions against prediction.
    """
    first = max(wanted.first, track.first_day)
    last = calendar.latest_publishable(now)
    if wanted.last is not None:
        last = min(last, wanted.last)
    days = {*calendar.sessions(first, last), *(day for day in entries if first <= day <= last)}
    due = [day for day in days if _is_due(entries.get(day), now, wanted)]
    return sorted(due, reverse=wanted.newest_first)


def held_back(
    track: Track, entries: Mapping[date, LedgerEntry], calendar: KrxCalendar, now: datetime, first: date
) -> list[LedgerEntry]:
    """Return the published sessions of one track since a day that are not stored and wait for their next try."""
    first, last = max(first, track.first_day), calendar.latest_publishable(now)
    return [
        entry
        for day, entry in entries.items()
        if first <= day <= last and calendar.is_session(day) and _waits(entry, now)
    ]


def _is_due(entry: LedgerEntry | None, now: datetime, wanted: SessionRange) -> bool:
    if wanted.again or (entry is not None and entry.state in OWED):
        return True
    return is_open(entry, now, insist=wanted.insist)


def _waits(entry: LedgerEntry, now: datetime) -> bool:
    return not entry.state.is_stored and entry.next_try_at is not None and entry.next_try_at > now


def _after_empty(entry: LedgerEntry, moment: FetchContext) -> LedgerEntry:
    calendar, now, later = moment.calendar, moment.now, moment.later_session
    if not calendar.is_session(entry.session):
        name = calendar.holiday_name(entry.session) or "weekend"
        if calendar.is_surely_closed(entry.session, now):
            return _moved(entry, LedgerState.CLOSED, name)
        predicted = _moved(entry, LedgerState.UNKNOWN, f"Predicted closed: {name}.")
        return replace(predicted, next_try_at=calendar.published_by(calendar.next_session(entry.session)))
    expected_at = calendar.published_by(entry.session)
    if now < expected_at:
        early = _moved(entry, LedgerState.NOT_YET_PUBLISHED, "Not published yet.")
        return replace(early, next_try_at=expected_at + PUBLICATION_SLACK * (1 + moment.jitter))
    if later is None or later <= entry.session:
        late = _moved(entry, LedgerState.NOT_YET_PUBLISHED, "Empty answer although it should be published.")
        return replace(late, next_try_at=moment.after(EMPTY_DELAYS[min(late.attempts, len(EMPTY_DELAYS)) - 1]))
    unconfirmed = _moved(entry, LedgerState.UNKNOWN, f"Empty answer although {later} is published.")
    if unconfirmed.attempts >= ASKS_BEFORE_REST and now >= calendar.asked_until(later):
        # Where other lists have rows there was a session: the hole is never given up.
        return unrested(unconfirmed, now) if moment.is_proven else unconfirmed
    return replace(unconfirmed, next_try_at=moment.after(REASK_DELAY))


def _moved(entry: LedgerEntry, state: LedgerState, reason: str) -> LedgerEntry:
    attempts = entry.attempts + 1 if entry.state is state else 1
    return replace(entry, state=state, attempts=attempts, next_try_at=None, reason=reason)


def _doubted(entry: LedgerEntry, reason: str, now: datetime) -> LedgerEntry:
    # Said anew before it was asked again, a doubt does not put off the asking, be it due by now or not.
    again_at = entry.next_try_at or now + growing_delay(entry.attempts)
    return replace(entry, state=LedgerState.COLLECTED, next_try_at=again_at, reason=reason)


def has_hole(entries: Mapping[date, LedgerEntry], calendar: KrxCalendar, before: date, day: date) -> bool:
    """Whether a session between two days may still be missing. entries: the ledger of a track by session.

    A predicted session that is closed, or was given up as always empty, is no hole.
    """
    between = (session for session in calendar.sessions(before, day) if before < session < day)
    return any(session not in entries or not entries[session].is_without_rows for session in between)
