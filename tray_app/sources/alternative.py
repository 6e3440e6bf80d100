"""alternative.me: the Fear & Greed index. No key; attribution next to the display."""

from typing import Any

from tray_app.core.crypto import FearGreedDay
from tray_app.core.times import epoch_date
from tray_app.core.words import tr
from tray_app.sources.body import Body
from tray_app.sources.request import DAILY, Http, Patience, Request

HOST = "api.alternative.me"
ALL_DAYS = 0


class AlternativeMe:
    """Asks alternative.me."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def fear_and_greed(self, days: int, patience: Patience = DAILY) -> tuple[FearGreedDay, ...]:
        """Return the index of the newest days (ALL_DAYS: since 2018-02-01), oldest first. Endpoint /fng/."""
        response = self._http.get(
            Request(f"https://{HOST}/fng/", parameters={"limit": str(days)}, pause=1.0, patience=patience)
        )
        body = Body(HOST, response.body)
        answer = body.value()
        rows = body.field(answer, "data")
        error = body.field(body.field(answer, "metadata"), "error")
        if error is not None:
            raise body.changed(str(error)[:200])
        if not isinstance(rows, list) or not rows:
            raise body.changed(tr("no days"))
        by_date = {day.date: day for day in (_day(body, row) for row in rows)}
        return tuple(by_date[day] for day in sorted(by_date))


def _day(body: Body, row: Any) -> FearGreedDay:
    seconds = body.whole(body.text(row, "timestamp"), "timestamp", low=1_000_000_000, high=9_999_999_999)
    return FearGreedDay(
        date=epoch_date(seconds),
        value=body.whole(body.text(row, "value"), "value", low=0, high=100),
        label=body.text(row, "value_classification"),
    )
