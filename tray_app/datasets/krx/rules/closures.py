"""The ends of listing episodes: delisted, or gone on in another market.

Delistings are not published by the KRX Open API. They are inferred: a code is absent from a list that was verified as
complete, and from the other markets' lists of that day. The first session without the code is the delisting date, as
the exchange counts it. Source: docs/sources/krx.md, "Listings"; checked against the exchange's own list of delistings.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.episodes import EndReason, Episode, EpisodeKey

# An issue climbs from KONEX to KOSDAQ or KOSPI; a main market's issue may change to the other one.
MOVES_TO = {
    Market.KONEX: (Market.KOSDAQ, Market.KOSPI),
    Market.KOSDAQ: (Market.KOSPI,),
    Market.KOSPI: (Market.KOSDAQ,),
    Market.ETF: (),
}


@dataclass(frozen=True, slots=True)
class Closure:
    """A changed end of an episode: delisted on a day, moved without a day, or (without a reason) listed after all."""

    key: EpisodeKey
    delisting_date: date | None = None
    end_reason: EndReason | None = None
    moved_to: EpisodeKey | None = None


def plan_closures(
    episodes: Iterable[Episode],
    verified_sessions: Mapping[Market, Sequence[date]],
    stored_sessions: Mapping[Market, Sequence[date]],
) -> list[Closure]:
    """Return the episodes whose end differs from what is stored.

    Both sessions ascend, per market: those whose list was verified as complete, and those with rows at all. An episode
    ends on the first verified session after its last row, once the markets it may have moved to are stored for that
    day. An end that rows disproved since is taken back. Why an issue was delisted is left unknown here.
    """
    all_episodes = list(episodes)
    stored = {market: frozenset(days) for market, days in stored_sessions.items()}
    ends: list[tuple[Episode, date | None]] = []
    for market in Market:
        sessions = verified_sessions.get(market, ())
        newest = sessions[-1] if sessions else date.min
        for episode in all_episodes:
            if episode.key.market is not market or (episode.end_reason is None and episode.last_seen >= newest):
                continue
            ended = _first_after(sessions, episode.last_seen)
            if ended is None or all(ended in stored.get(other, ()) for other in MOVES_TO[market]):
                ends.append((episode, ended))
    same_code: dict[str, list[Episode]] = {episode.key.code: [] for episode, _ in ends}
    for episode in all_episodes:
        if episode.key.code in same_code:
            same_code[episode.key.code].append(episode)
    closures = ((episode, _closure(episode, ended, same_code[episode.key.code])) for episode, ended in ends)
    return [closure for episode, closure in closures if _differs(episode, closure)]


def _first_after(sessions: Sequence[date], day: date) -> date | None:
    place = bisect_right(sessions, day)
    return sessions[place] if place < len(sessions) else None


def _closure(episode: Episode, ended: date | None, same_code: Sequence[Episode]) -> Closure:
    if ended is None:
        return Closure(episode.key)
    targets = MOVES_TO[episode.key.market]
    moves = [
        other.key
        for other in same_code
        if other.key.code == episode.key.code
        and other.key.market in targets
        and episode.last_seen < other.first_seen <= ended
    ]
    if moves:
        return Closure(episode.key, None, EndReason.TRANSFERRED, min(moves))
    return Closure(episode.key, ended, EndReason.UNKNOWN)


def _differs(episode: Episode, closure: Closure) -> bool:
    # Why it was delisted is found out later, and is no difference.
    return (episode.delisting_date, episode.moved_to, episode.end_reason is None) != (
        closure.delisting_date,
        closure.moved_to,
        closure.end_reason is None,
    )
