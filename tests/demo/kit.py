"""A clock to turn, one set of sample hosts for all tests, and short ways to ask them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from support import HOSTS

from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Reply, Request

RECORDED_DAY = datetime(2026, 8, 22, 10, 46, 7, tzinfo=UTC)
COINGECKO = "api.coingecko.com"
LLAMA = "api.llama.fi"
STABLECOINS = "stablecoins.llama.fi"
FEAR_GREED = "api.alternative.me"
MARKETS = "/api/v3/coins/markets"
MARKETS_20 = "vs_currency=usd&order=market_cap_desc&per_page=20&page=1&sparkline=false&price_change_percentage=24h,7d"
SHARED_HOSTS = HOSTS


@dataclass
class Clock:
    at: datetime = RECORDED_DAY

    def __call__(self) -> datetime:
        return self.at

    def advance(self, step: timedelta) -> None:
        self.at += step


def ask(
    host: str,
    path: str,
    query: str = "",
    now: datetime = RECORDED_DAY,
    *,
    headers: tuple[tuple[str, str], ...] = (),
    hosts: Mapping[str, Upstream] = SHARED_HOSTS,
) -> Reply:
    pairs = (part.partition("=") for part in query.split("&") if part)
    parsed = tuple((name, value) for name, _, value in pairs)
    return hosts[host].answer(Request("GET", host, path, parsed, headers, b"", now))


def ask_json(
    host: str,
    path: str,
    query: str = "",
    now: datetime = RECORDED_DAY,
    *,
    headers: tuple[tuple[str, str], ...] = (),
    hosts: Mapping[str, Upstream] = SHARED_HOSTS,
) -> Any:
    reply = ask(host, path, query, now, headers=headers, hosts=hosts)
    assert reply.status == 200, reply.body
    return json.loads(reply.body)
