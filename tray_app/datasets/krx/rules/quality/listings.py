"""Quality rules about listing episodes: all of them are judged at once, from what is in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from tray_app.core.quality import QualityIssue
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.episodes import Episode
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, instrument_issue

VANISHED_AFTER_SESSIONS = 10

LISTING_CODES = frozenset({
    IssueCode.CODE_REUSED,
    IssueCode.MARKET_TRANSFER,
    IssueCode.INSTRUMENT_VANISHED,
    IssueCode.UNLISTED_ROW,
})  # fmt: skip


def check_listings(episodes: Sequence[Episode], stored: Mapping[Market, Sequence[date]]) -> list[QualityIssue]:
    """Return the findings about all listings; it decides every code of LISTING_CODES.

    stored: ascending sessions with rows, per market.
    """
    return [
        *check_reused(episodes),
        *check_transfers(episodes),
        *check_vanished(episodes, stored),
        *check_unlisted(episodes),
    ]


def check_reused(episodes: Iterable[Episode]) -> Iterator[QualityIssue]:
    """CODE_REUSED, on the first day of the later listing."""
    for episode in episodes:
        key = episode.key
        if key.number > 1:
            detail = f"Listing {key.number} of the code."
            yield instrument_issue(episode.first_seen, key.market, key.code, IssueCode.CODE_REUSED, detail)


def check_transfers(episodes: Sequence[Episode]) -> Iterator[QualityIssue]:
    """MARKET_TRANSFER, on the issue's first day on its new market."""
    moved = [episode for episode in episodes if episode.moved_to is not None]
    targets = {episode.moved_to for episode in moved}
    arrived = {episode.key: episode.first_seen for episode in episodes if episode.key in targets}
    for episode in moved:
        target = episode.moved_to
        if target is not None and target in arrived:
            detail = f"Moved from {episode.key.market}."
            yield instrument_issue(arrived[target], target.market, target.code, IssueCode.MARKET_TRANSFER, detail)


def check_vanished(episodes: Iterable[Episode], stored: Mapping[Market, Sequence[date]]) -> Iterator[QualityIssue]:
    """INSTRUMENT_VANISHED. stored: ascending sessions with rows, per market."""
    for episode in episodes:
        key, sessions = episode.key, stored.get(episode.key.market, ())
        if episode.end_reason is None and len(sessions) >= VANISHED_AFTER_SESSIONS:
            tenth = sessions[-VANISHED_AFTER_SESSIONS]
            if episode.last_seen < tenth:
                detail = f"Last row {episode.last_seen}, not delisted."
                yield instrument_issue(episode.last_seen, key.market, key.code, IssueCode.INSTRUMENT_VANISHED, detail)


def check_unlisted(episodes: Iterable[Episode]) -> Iterator[QualityIssue]:
    """UNLISTED_ROW."""
    for episode in episodes:
        key = episode.key
        if episode.first_seen < episode.listing_date:
            detail = f"First row {episode.first_seen}, listed {episode.listing_date}."
            yield instrument_issue(episode.first_seen, key.market, key.code, IssueCode.UNLISTED_ROW, detail)
        if episode.delisting_date is not None and episode.last_seen >= episode.delisting_date:
            detail = f"Last row {episode.last_seen}, delisted {episode.delisting_date}."
            yield instrument_issue(episode.last_seen, key.market, key.code, IssueCode.UNLISTED_ROW, detail)
