"""Generated bodies have the keys and types of recorded ones."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from demo.kit import COINGECKO, FEAR_GREED, LLAMA, MARKETS, MARKETS_20, RECORDED_DAY, STABLECOINS, ask, ask_json
from repository import RECORDED

RECORDINGS = RECORDED / "crypto"
pytestmark = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason=f"the recordings to compare with are not here: {RECORDINGS}"
)


@dataclass
class Shape:
    """The types seen at one place, and the shapes of what is inside; keys seen in every object are `always`."""

    types: set[str] = field(default_factory=set)
    keys: "dict[str, Shape]" = field(default_factory=dict)
    always: set[str] | None = None
    items: "Shape | None" = None

    def add(self, value: Any) -> "Shape":
        self.types.add(type(value).__name__)
        if isinstance(value, dict):
            self.always = set(value) if self.always is None else self.always & set(value)
            for key, inner in value.items():
                self.keys.setdefault(key, Shape()).add(inner)
        if isinstance(value, list):
            self.items = self.items or Shape()
            for inner in value:
                self.items.add(inner)
        return self


def differences(made: Shape, recorded: Shape, place: str = "$") -> list[str]:
    found = [f"{place}: {one} was never recorded" for one in sorted(made.types - recorded.types)]
    found += [f"{place}: key {key} was never recorded" for key in made.keys if key not in recorded.keys]
    if recorded.always is not None and made.always is not None:
        found += [f"{place}: key {key} may not miss" for key in sorted(recorded.always - made.always)]
    for key in made.keys.keys() & recorded.keys.keys():
        found += differences(made.keys[key], recorded.keys[key], f"{place}.{key}")
    if made.items is not None and recorded.items is not None:
        found += differences(made.items, recorded.items, f"{place}[]")
    return found


def recorded_bodies(pattern: str) -> list[Any]:
    files = sorted(RECORDINGS.glob(pattern))
    assert files, pattern
    return [json.loads(path.read_text(encoding="utf-8")) for path in files]


def recorded_shape(pattern: str) -> Shape:
    shape = Shape()
    for body in recorded_bodies(pattern):
        shape.add(body)
    return shape


@pytest.mark.parametrize("headers", [(), (("x-cg-demo-api-key", "any"),)], ids=["keyless", "demo key"])
def test_top_20(headers: tuple[tuple[str, str], ...]) -> None:
    recorded = recorded_shape("cg_coins_markets_top20_*.json")
    # Nulls and whole numbers that twenty rows of two days do not show are in the longer recordings.
    for name in ("cg_coins_markets_top100_keyless_2026-08-22T1046Z.json", "cg_coins_markets_57ids_2022-01-06.json"):
        wider = recorded_shape(name).items
        assert recorded.items is not None
        assert wider is not None
        for key, shape in recorded.items.keys.items():
            shape.types |= wider.keys[key].types if key in wider.keys else set()
    made = Shape().add(ask_json(COINGECKO, MARKETS, MARKETS_20, headers=headers))
    assert differences(made, recorded) == []


def test_all_coins_with_three_spans() -> None:
    recorded = recorded_shape("cg_coins_markets_top250_2026-07-07.json")
    wider = recorded_shape("cg_coins_markets_57ids_2022-01-06.json").items
    assert recorded.items is not None
    assert wider is not None
    recorded.items.keys["market_cap_rank"].types |= wider.keys["market_cap_rank"].types
    query = "vs_currency=usd&per_page=250&price_change_percentage=1h,24h,7d"
    made = ask_json(COINGECKO, MARKETS, query, headers=(("x-cg-demo-api-key", "any"),))
    assert differences(Shape().add(made), recorded) == []


def test_global() -> None:
    made = ask_json(COINGECKO, "/api/v3/global")["data"]
    shape = Shape().add(made)
    recorded = recorded_shape("cg_global_*.json").keys["data"]
    percentages = shape.keys.pop("market_cap_percentage")
    recorded.keys.pop("market_cap_percentage")
    assert differences(shape, recorded) == []
    assert list(made["total_market_cap"]) == list(recorded.keys["total_market_cap"].keys)
    assert len(percentages.keys) == 10
    assert all(one.types == {"float"} for one in percentages.keys.values())


def test_market_chart() -> None:
    made = ask_json(COINGECKO, "/api/v3/coins/bitcoin/market_chart", "vs_currency=usd&days=365&interval=daily")
    recorded = recorded_shape("cg_market_chart_bitcoin_usd_max_2023-06-03.json")
    assert differences(Shape().add(made), recorded) == []


def test_fear_greed() -> None:
    for query, name in (("limit=1", "fng_limit1_*.json"), ("limit=0", "fng_limit0_full_2025-11-25.json")):
        body = ask(FEAR_GREED, "/fng/", query).body
        assert differences(Shape().add(json.loads(body)), recorded_shape(name)) == []
        recorded = next(RECORDINGS.glob(name)).read_bytes()
        assert body[:50] == recorded[:50]
        assert body[-30:] == recorded[-30:]


def test_stablecoins() -> None:
    recorded_rows = recorded_bodies("llama_stablecoincharts_all_2026-08-22.json")[0]
    made_body = ask(STABLECOINS, "/stablecoincharts/all").body
    made_rows = json.loads(made_body)
    assert 0.8 < len(made_body) / 1_245_078 < 1.2
    assert [row["date"] for row in made_rows] == [row["date"] for row in recorded_rows]
    assert [list(row) for row in made_rows] == [list(row) for row in recorded_rows]
    assert differences(Shape().add(made_rows[:-1]), Shape().add(recorded_rows[:-1])) == []
    last = Shape().add(recorded_rows[-1])
    for amounts in last.keys.values():
        for amount in amounts.keys.values():
            # The real last row writes an amount without cents as a whole number.
            amount.types |= {"int", "float"}
    assert differences(Shape().add(made_rows[-1]), last) == []
    pairs = zip(made_rows, recorded_rows, strict=True)
    other = [made for made, real in pairs if set(made["totalCirculatingUSD"]) != set(real["totalCirculatingUSD"])]
    assert len(other) < 5, "the pegs appear on their real days; the real ones miss four days"
    assert set(made_rows[-1]["totalUnreleased"]) == set(recorded_rows[-1]["totalUnreleased"])


def test_value_locked_has_the_documented_shape() -> None:
    made = Shape().add(ask_json(LLAMA, "/v2/historicalChainTvl"))
    assert differences(made, Shape().add([{"date": 1506470400, "tvl": 0}, {"date": 1609459200, "tvl": 1.5e10}])) == []
    assert made.items is not None
    assert made.items.always == {"date", "tvl"}


@pytest.mark.parametrize(
    ("mode", "host", "name"),
    [
        ("rate_limited", COINGECKO, "cg_error_429_coins_markets_2026-08-13.json"),
        ("quota_10006", COINGECKO, "cg_error_10006_monthly_limit_2026-08-19.json"),
        ("server_error_html", FEAR_GREED, "fng_error_502_2026-08-17.html"),
    ],
)
def test_errors_as_recorded(mode: str, host: str, name: str) -> None:
    from demo.kit import SHARED_HOSTS

    from tray_app.demo.faults import misbehaved
    from tray_app.demo.misbehave import Mode, Switch
    from tray_app.demo.wire import Request

    request = Request("GET", host, "/", (), (), b"", RECORDED_DAY)
    upstream = SHARED_HOSTS[host]
    made = misbehaved(Switch(host, Mode(mode)), upstream, request, lambda: upstream.answer(request)).body
    recorded = (RECORDINGS / name).read_bytes()
    if name.endswith(".html"):
        assert made == recorded
    else:
        assert len(made) == len(recorded)
        assert differences(Shape().add(json.loads(made)), Shape().add(json.loads(recorded))) == []
