"""Every parser of the crypto sources against anything JSON can say, and against good bodies with one thing broken."""

import copy
import json
import math
from collections.abc import Callable
from datetime import date
from typing import Any

import lives
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import COINGECKO, FEAR_GREED, HOSTS, LLAMA, NOW, STABLECOINS, examples

from tray_app.core.errors import AppError
from tray_app.core.quality import ValueCode
from tray_app.datasets.crypto.alternative import AlternativeMe
from tray_app.datasets.crypto.coingecko import CoinGecko
from tray_app.datasets.crypto.defillama import DefiLlama
from tray_app.demo.wire import Request as Asked
from tray_app.net.request import Request, Response, refusal

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        ["", "Infinity", "1e999", "\ud800", "2026-08-22T10:46:00Z", "0001-01-01T00:00:00+09:00", "../..", 10**400]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=8,
)
many = settings(deadline=None, max_examples=examples(150), suppress_health_check=[HealthCheck.too_slow])


class Fixed:
    """Stands for the HTTP client: gives one body."""

    def __init__(self, value: Any, status: int = 200) -> None:
        self._body = json.dumps(value).encode("utf-8")
        self._status = status

    def get(self, request: Request) -> Response:
        answer = Response(self._status, "application/json", self._body)
        if self._status == 200:
            return answer
        raise request.classify(answer) or refusal(request.host, answer)


Ask = Callable[[Any], Any]
ASKS: dict[str, Ask] = {
    "markets": lambda http: CoinGecko(http, None).markets(20, NOW),
    "totals": lambda http: CoinGecko(http, None).totals(NOW),
    "history": lambda http: CoinGecko(http, "key").history("bitcoin", 365, NOW),
    "tvl": lambda http: DefiLlama(http).total_value_locked(NOW),
    "stablecoins": lambda http: DefiLlama(http).stablecoin_supply(NOW),
    "fear_greed": lambda http: AlternativeMe(http).fear_and_greed(0, NOW),
}


def sample(host: str, path: str, **query: str) -> Any:
    asked = Asked("GET", host, path, tuple(query.items()), (), b"", NOW)
    return json.loads(HOSTS[host].answer(asked).body)


LIVES = {
    "markets": lives.COINGECKO,
    "totals": lives.COINGECKO,
    "history": lives.COINGECKO,
    "tvl": lives.DEFILLAMA,
    "stablecoins": lives.STABLECOINS,
    "fear_greed": lives.FEAR_GREED,
}
GOOD: dict[str, Any] = {
    "markets": sample(
        COINGECKO, "/api/v3/coins/markets", vs_currency="usd", per_page="4", price_change_percentage="24h,7d"
    ),
    "totals": sample(COINGECKO, "/api/v3/global"),
    "history": sample(COINGECKO, "/api/v3/coins/bitcoin/market_chart", vs_currency="usd", days="5", interval="daily"),
    "tvl": sample(LLAMA, "/v2/historicalChainTvl")[-5:],
    "stablecoins": sample(STABLECOINS, "/stablecoincharts/all")[-3:],
    "fear_greed": sample(FEAR_GREED, "/fng/", limit="4"),
}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, each in inner for found in places(each, (*path, key)))]


def broken(body: Any, path: tuple[Any, ...], by: Any) -> Any:
    if not path:
        return by
    copied = copy.deepcopy(body)
    place = copied
    for key in path[:-1]:
        place = place[key]
    if by is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = by
    return copied


def leaves(value: Any) -> list[Any]:
    """Return the plain values inside typed rows."""
    if hasattr(value, "__dataclass_fields__"):
        return [leaf for name in value.__dataclass_fields__ for leaf in leaves(getattr(value, name))]
    return [leaf for each in value for leaf in leaves(each)] if isinstance(value, tuple) else [value]


def check(name: str, body: Any) -> None:
    told = ""
    try:
        answer = ASKS[name](Fixed(body))
    except AppError as error:
        told = str(error)
    assert told.isprintable()
    if told:
        return
    found = leaves(answer)
    assert all(math.isfinite(leaf) for leaf in found if isinstance(leaf, int | float))
    assert all(leaf.encode("utf-8") for leaf in found if isinstance(leaf, str))
    assert all(leaf is None or isinstance(leaf, int | float | str | date | ValueCode) for leaf in found)
    life = LIVES[name]
    rows = getattr(answer, "rows", getattr(answer, "coins", (answer,)))
    assert all(life.holds(row.date, NOW) for row in rows)
    assert all(row.price_usd > 0 for row in rows if hasattr(row, "price_usd"))


@pytest.mark.parametrize("name", sorted(ASKS))
def test_the_good_body_is_good(name: str) -> None:
    answer = ASKS[name](Fixed(GOOD[name]))
    assert len(leaves(answer)) >= 4


@pytest.mark.parametrize("name", sorted(ASKS))
@many
@given(body=values)
def test_any_json_is_refused_in_our_own_words(name: str, body: Any) -> None:
    check(name, body)


@pytest.mark.parametrize("name", sorted(ASKS))
@many
@given(data=st.data())
def test_a_good_body_with_one_thing_broken(name: str, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(places(GOOD[name])))
    check(name, broken(GOOD[name], path, data.draw(st.one_of(values, st.just(...)) if path else values)))


@pytest.mark.parametrize("name", sorted(ASKS))
@many
@given(body=values, status=st.sampled_from([400, 401, 403, 404, 408, 429, 500, 502, 503]))
def test_any_error_body_is_told_in_our_own_words(name: str, body: Any, status: int) -> None:
    with pytest.raises(AppError) as caught:
        ASKS[name](Fixed(body, status))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("seconds", [-(10**12), -1, 0, 1_000_000_000, 9_999_999_999, 10**11, 10**12, 10**18])
def test_dates_stay_inside_the_sources_life(seconds: int) -> None:
    good = GOOD["tvl"]
    sifted = ASKS["tvl"](Fixed([*good, {"date": seconds, "tvl": 1}]))
    assert [point.date for point in sifted.rows] == [point.date for point in ASKS["tvl"](Fixed(good)).rows]
    assert [fault.code for fault in sifted.faults] == [ValueCode.DATE_IMPOSSIBLE]
