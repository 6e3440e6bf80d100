"""Sources that stand still: they answer, and what they answer has been the same for longer than it ever is.

How long that is depends on the source: an exchange never rests for hours, a daily series has its business days
(datasets.liquidity.rules.rhythm), and a feed is as quiet as the gaps between its own items are.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from tray_app.core.quality import Finding, ValueCode
from tray_app.core.series import SeriesPoint
from tray_app.core.words import tr

# A feed is given twice its own longest gap, within the first and the last; without a gap to go by the middle one.
LIVELY_FEED = timedelta(days=3)
UNKNOWN_FEED = timedelta(days=120)
QUIET_FEED = timedelta(days=365)
FEWEST_ITEMS = 2


def digest_of(parts: Iterable[object]) -> str:
    """Return what tells one content of an answer from another one: plain values, in the order that counts."""
    written = "\n".join(map(repr, parts))
    return hashlib.blake2b(written.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def series_digest(points: Sequence[SeriesPoint]) -> str:
    """Return the digest of a series' answer: its newest value, as how far back it reaches depends on the question."""
    newest = max(points, key=lambda point: point.date, default=None)
    return digest_of(() if newest is None else (newest.date.isoformat(), newest.value))


def stands_still(subject: str, since: datetime | None, longest: timedelta, now: datetime) -> tuple[Finding, ...]:
    """Return that a source has answered the same for longer than it may, if it has. since: the first such answer."""
    return standing(subject, since) if since is not None and now - since > longest else ()


def standing(subject: str, since: datetime) -> tuple[Finding, ...]:
    """Return that a source has answered the same since an instant."""
    detail = tr("the same answer since {at:%Y-%m-%d %H:%M} UTC", at=since)
    return (Finding(subject, ValueCode.SOURCE_STANDS_STILL, detail),)


def feed_rest(published: Iterable[datetime | None]) -> timedelta:
    """Return how long a feed may stay the same, by the instants of its items."""
    instants = sorted({each for each in published if each is not None})
    if len(instants) < FEWEST_ITEMS:
        return UNKNOWN_FEED
    longest = max(after - before for before, after in pairwise(instants))
    return min(max(2 * longest, LIVELY_FEED), QUIET_FEED)
