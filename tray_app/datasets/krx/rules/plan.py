"""What a backfill costs before anything is sent: calls, quota, time, and the days it continues on.

The quota counts calls of all services per Korean calendar day. A part of it is reserved for the daily run. Base info is
asked for at the last session of every issue; how often one ended was measured on the delistings of 2013-07 to 2024-01.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from tray_app.core.errors import QuotaTooSmall
from tray_app.core.plan import BackfillPlan, PlannedDay
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.ledger import ETF_TRACK, BarKind, Track

REQUESTS_PER_SECOND = 3.0
DAILY_LIMIT = 10_000
LIMIT_SETTING = "KRX_DAILY_LIMIT"
# Calls a day that history leaves for the runs of the day: two sessions of six answers each with master lists, and a
# session that stays away asked for some ten times.
DAILY_RUN_RESERVE = 100

# Share of sessions that were the last of an issue.
LAST_SESSION_SHARES = {Market.KOSPI: 0.05, Market.KOSDAQ: 0.09, Market.KONEX: 0.04}

# Share of sessions with an issue that is not known yet, measured on the listings of 2013-07 to 2024-01.
NEW_ISSUE_SHARES = {Market.KOSPI: 0.07, Market.KOSDAQ: 0.30, Market.KONEX: 0.08}


@dataclass(frozen=True, slots=True)
class Quota:
    """The calls of a Korean calendar day: allowed, used today, and kept for the daily run."""

    limit: int = DAILY_LIMIT
    used: int = 0
    reserve: int = DAILY_RUN_RESERVE

    @property
    def left_today(self) -> int:
        """Return the calls a backfill may still make today."""
        return max(0, self.limit - self.used - self.reserve)

    @property
    def per_day(self) -> int:
        """Return the calls a backfill may make on a whole day."""
        return max(0, self.limit - self.reserve)

    @property
    def refusal(self) -> QuotaTooSmall | None:
        """Return why a backfill gets no call on any day, when the reserve takes them all."""
        return None if self.per_day else QuotaTooSmall(LIMIT_SETTING, self.limit, self.reserve)


def plan_backfill(
    missing: Mapping[Track, Sequence[date]], quota: Quota, today: date, base_info_calls: int = 0
) -> BackfillPlan:
    """Return the plan for the missing sessions of each track; one call brings one session of one track.

    today: the Korean date. base_info_calls: see `expected_base_info_calls`.
    """
    sessions = set[date]().union(*missing.values())
    calls = sum(len(days) for days in missing.values())
    base_info_calls = base_info_calls if calls else 0
    days = _spread(calls + base_info_calls, quota, today)
    refusal = quota.refusal if calls else None
    return BackfillPlan(
        len(sessions),
        calls + base_info_calls,
        base_info_calls,
        quota.left_today,
        days,
        today,
        REQUESTS_PER_SECOND,
        refusal,
    )


def expected_base_info_calls(missing: Mapping[Track, Sequence[date]], *, knows_issues: bool = True) -> int:
    """Return about how many base-info calls a backfill needs.

    Each market's last session wants one, and when no issue is known the first one too.
    """
    calls = 0
    for track, days in missing.items():
        if _has_base_info(track) and days:
            ended = ceil(round(len(days) * LAST_SESSION_SHARES[Market(track.market_code)], 6))
            calls += min(len(days), ended + (1 if knows_issues else 2))
    return calls


def expected_daily_lists(missing: Mapping[Track, Sequence[date]], *, knows_issues: bool = True) -> int:
    """Return about how many base-info calls a run of the day needs beside the weekly ones.

    A session with an issue that is not known yet wants one, and when none is known each market's first session.
    """
    markets = {Market(track.market_code): days for track, days in missing.items() if _has_base_info(track) and days}
    new_issues = round(sum(len(days) * NEW_ISSUE_SHARES[market] for market, days in markets.items()))
    return new_issues + (0 if knows_issues else len(markets))


def _has_base_info(track: Track) -> bool:
    return track.dataset is BarKind.EQUITY and track != ETF_TRACK


def _spread(calls: int, quota: Quota, today: date) -> tuple[PlannedDay, ...]:
    days = list[PlannedDay]()
    first = min(calls, quota.left_today)
    if first:
        days.append(PlannedDay(today, first))
    rest, day = calls - first, today
    while rest and quota.per_day:
        day += timedelta(days=1)
        part = min(rest, quota.per_day)
        days.append(PlannedDay(day, part))
        rest -= part
    return tuple(days) if not rest else ()
