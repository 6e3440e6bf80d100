"""Which rows a date gets, and when: published sessions only, Fridays' lists on Saturdays, the ETF trap on holidays."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

from tray_app.datasets.krx.rows import IndexClass, Market
from tray_app.datasets.krx.sample.etfs import SampleEtfs
from tray_app.datasets.krx.sample.indices import Indices
from tray_app.datasets.krx.sample.market import SampleMarket
from tray_app.datasets.krx.sample.rows import Row, blank_on, daily_rows, index_rows, master_rows
from tray_app.demo.wire import compact

KEPT_BODIES = 16
SATURDAY = 5
# How many issues the sample market has for one of the real market's 2,900.
SHARE = 0.1

Ask = Callable[[date, datetime], bytes]


class KrxAnswers:
    """Bodies by service and date; safe to use from any thread."""

    nothing = b'{"OutBlock_1":[]}'

    def __init__(self, share: float = SHARE) -> None:
        """share: how many issues there are for one of the real market; 1 to measure at its size."""
        self._market = SampleMarket(share)
        self._made: Indices | None = None
        self._etfs = SampleEtfs(share)
        self._lock = threading.Lock()
        self._bodies: dict[tuple[str, date], bytes] = {}

    def daily(self, wanted: Market) -> Ask:
        """Return what answers for a market's daily rows."""
        return self._of_session(f"daily {wanted}", lambda session: daily_rows(self._market, session, wanted))

    def indices(self, wanted: IndexClass) -> Ask:
        """Return what answers for a family's indices."""
        return self._of_session(
            f"index {wanted}", lambda session: index_rows(self._market, self._indices(), session, wanted)
        )

    def master(self, wanted: Market) -> Ask:
        """Return what answers for a market's master list; Saturdays get the list of the session before."""
        ask = self._of_session(f"master {wanted}", lambda session: master_rows(self._market, session, wanted))
        return lambda day, now: ask(day - timedelta(days=day.weekday() == SATURDAY), now)

    def etfs(self, day: date, now: datetime) -> bytes:
        """Return the ETFs of a session, and their list without prices on a weekday holiday."""
        calendar = self._market.calendar
        if day.weekday() >= SATURDAY or not calendar.is_out(day, now):
            return self.nothing
        is_open = calendar.number(day) is not None
        before = calendar.sessions[max(0, calendar.at_or_after(day) - 1)]
        return self._kept("etf", day, lambda: self._etfs.rows(day, before, blank=blank_on(day), is_open=is_open))

    def _indices(self) -> Indices:
        with self._lock:
            if self._made is None:
                self._made = Indices(self._market)
            return self._made

    def _of_session(self, name: str, make: Callable[[int], list[Row]]) -> Ask:
        def ask(day: date, now: datetime) -> bytes:
            session = self._market.calendar.number(day)
            if session is None or not self._market.calendar.is_out(day, now):
                return self.nothing
            return self._kept(name, day, lambda: make(session))

        return ask

    def _kept(self, name: str, day: date, make: Callable[[], list[Row]]) -> bytes:
        with self._lock:
            body = self._bodies.get((name, day))
        if body is None:
            body = compact({"OutBlock_1": make()})
        with self._lock:
            self._bodies[name, day] = body
            while len(self._bodies) > KEPT_BODIES:
                del self._bodies[next(iter(self._bodies))]
        return body
