"""The sample api.llama.fi: value locked in DeFi."""

from datetime import timedelta
from email.utils import format_datetime

from tray_app.demo.dayrows import DayRows
from tray_app.demo.series import DAY_SECONDS, Series, anchors, day_of
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import TYPE_JSON, Reply, Request, text_reply

FIRST_DAY = day_of("2017-09-27")
EXPIRES = timedelta(hours=10)
_TURNS = (
    "2018-01-26:900000 2018-05:28e6 2018-09:17e6 2018-12:190e6 2019-06-26:590e6 2019-12:640e6 "
    "2020-02-14:1030e6 2020-03-13:500e6 2020-06:900e6 2020-09:9.1e9 2020-11:10.5e9 "
    "2021-01:18e9 2021-05-11:128e9 2021-05-24:82e9 2021-07-20:78e9 2021-11-09:176e9 "
    "2022-01-24:132e9 2022-04-05:161e9 2022-05-13:92e9 2022-06-19:54e9 2022-08-13:65e9 "
    "2022-11-12:43e9 2022-12-30:38.5e9 2023-04-15:52.5e9 2023-10-12:35.5e9 2024-01:53.5e9 "
    "2024-03-14:97e9 2024-08-06:77e9 2024-12-16:138e9 2025-04-08:86e9 2025-08-14:156e9 "
    "2025-10-06:171e9 2025-11-22:114e9 2026-02-06:92e9 2026-04-20:96e9 2026-07:76e9 "
    "2026-08-22:83.5e9 2026-12-20:109e9 2027-11:165e9 2028-06:120e9"
)


class Llama(Upstream):
    """The newest point carries today's 00:00 UTC and moves until the day ends; older ones stay."""

    def __init__(self) -> None:
        self._total = Series("value locked", anchors(_TURNS), step=0.011)
        self._closed = DayRows(FIRST_DAY, lambda day: _point(day, self._at_close(day)))

    def answer(self, request: Request) -> Reply:
        """Return the history."""
        if request.path != "/v2/historicalChainTvl":
            return text_reply("Data not found", 404, TYPE_JSON)
        expires = format_datetime(request.at + EXPIRES, usegmt=True)
        return Reply(200, self._history(request.seconds), TYPE_JSON, (("Expires", expires),))

    def total(self, seconds: int) -> float:
        """Return the value locked in USD at an instant; nothing before 2018-01-26."""
        return self._total.at(seconds) if seconds >= self._total.first_day * DAY_SECONDS else 0.0

    def _at_close(self, day: int) -> int | float:
        return self.total((day + 1) * DAY_SECONDS) or 0

    def _history(self, seconds: int) -> bytes:
        today = seconds // DAY_SECONDS
        if today < FIRST_DAY:
            return b"[]"
        return f"[{','.join((*self._closed.through(today - 1), _point(today, self.total(seconds) or 0)))}]".encode()


def _point(day: int, value: float) -> str:
    return f'{{"date":{day * DAY_SECONDS},"tvl":{value!r}}}'
