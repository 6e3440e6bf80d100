"""alternative.me: the Fear & Greed index. No key; attribution next to the display.

Facts: docs/sources/crypto.md, "Fear & Greed".
"""

from datetime import UTC, date, datetime
from typing import Any

from tray_app.core.row_faults import Sifted
from tray_app.core.source_life import SourceLife
from tray_app.core.words import tr
from tray_app.datasets.crypto.metrics import FEAR_GREED_INDEX
from tray_app.datasets.crypto.rows import FearGreedDay
from tray_app.net.body import Body, epoch_day, quoted
from tray_app.net.request import DAILY, Http, Request, RetryPolicy
from tray_app.net.sift import Sieve

LIFE = SourceLife(date(2018, 2, 1), UTC)
HOST = "api.alternative.me"
ALL_DAYS = 0


class AlternativeMe:
    """Asks alternative.me."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def fear_and_greed(self, days: int, now: datetime, retry: RetryPolicy = DAILY) -> Sifted[FearGreedDay]:
        """Return the index of the newest days (ALL_DAYS: since 2018-02-01), oldest first. Endpoint /fng/."""
        response = self._http.get(
            Request(f"https://{HOST}/fng/", parameters={"limit": str(days)}, pause=1.0, retry=retry)
        )
        body = Body(HOST, response.body)
        answer = body.value()
        rows = body.field(answer, "data")
        error = body.field(body.field(answer, "metadata"), "error")
        if error is not None:
            raise body.changed(quoted(error))
        if not isinstance(rows, list) or not rows:
            raise body.changed(tr("no days"))
        sieve = Sieve(body, LIFE, now, FEAR_GREED_INDEX.name)
        sifted = sieve.sift(rows, lambda row: epoch_day(body, row, "timestamp"), lambda row, day: _day(body, row, day))
        once = sieve.once(sifted, lambda each: each.date, lambda each: (sieve.subject, each.date))
        return Sifted(tuple(sorted(once.rows, key=lambda each: each.date)), once.faults)


def _day(body: Body, row: Any, day: date) -> FearGreedDay:
    return FearGreedDay(
        date=day,
        value=body.whole(body.text(row, "value"), "value", low=0, high=100),
        label=body.text(row, "value_classification"),
    )
