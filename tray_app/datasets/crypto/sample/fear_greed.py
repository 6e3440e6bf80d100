"""The sample api.alternative.me: the Fear & Greed index, made from the sample bitcoin price."""

import json
import math

from tray_app.datasets.crypto.sample.market import CoinMarket
from tray_app.demo.series import DAY_SECONDS, day_of, dice
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import TYPE_JSON, Json, Reply, Request, html_reply

FIRST_DAY = day_of("2018-02-01")
GAPS = frozenset(day_of(text) for text in ("2018-04-14", "2018-04-15", "2018-04-16", "2024-10-26"))
PUBLISHED_AFTER_SECONDS = 300
BORDERS = ((25, "Extreme Fear"), (46, "Fear"), (54, "Neutral"), (75, "Greed"), (100, "Extreme Greed"))


def label(value: int) -> str:
    """Return the index's own word for a value of 0 to 100."""
    return next(word for border, word in BORDERS if value <= border)


class FearGreed(Upstream):
    """A day's value appears at 00:05 UTC and never changes."""

    def __init__(self, market: CoinMarket) -> None:
        self._market = market

    def answer(self, request: Request) -> Reply:
        """Return /fng/ with `limit` rows, newest first; every number a text."""
        if request.path not in {"/fng", "/fng/"}:
            return html_reply("404 Not Found", 404)
        limit = request.param("limit", "1")
        wanted = int(limit) if limit.isdecimal() else 1
        newest = (request.seconds - PUBLISHED_AFTER_SECONDS) // DAY_SECONDS
        last_wanted = FIRST_DAY if wanted == 0 else max(FIRST_DAY, newest - wanted - len(GAPS))
        days = [day for day in range(newest, last_wanted - 1, -1) if day not in GAPS][: wanted or None]
        data: list[Json] = []
        for day in days:
            value = self.value(day)
            row = {"value": str(value), "value_classification": label(value), "timestamp": str(day * DAY_SECONDS)}
            if not data:
                row["time_until_update"] = str(DAY_SECONDS - request.seconds % DAY_SECONDS)
            data.append(row)
        body: Json = {"name": "Fear and Greed Index", "data": data, "metadata": {"error": None}}
        return Reply(200, json.dumps(body, indent="\t").encode("utf-8"), TYPE_JSON)

    def value(self, day: int) -> int:
        """Return the index of a day, 5 to 95: greedy after bitcoin rose for some weeks, fearful after it fell."""
        bitcoin = self._market.find("bitcoin", day * DAY_SECONDS)
        if bitcoin is None:
            return 50
        logs = bitcoin.prices
        month = logs.log_open(day) - logs.log_open(day - 30)
        quarter = logs.log_open(day) - logs.log_open(day - 90)
        mood = 30 * math.tanh(3.0 * month) + 14 * math.tanh(1.2 * quarter)
        return max(5, min(95, round(49 + mood + dice("fear and greed", day, 13) - 6)))
