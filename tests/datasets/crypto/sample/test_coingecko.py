"""The sample CoinGecko: parameters, consistency, traps, errors."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from demo.kit import COINGECKO, MARKETS, MARKETS_20, RECORDED_DAY, ask, ask_json
from hypothesis import given, settings
from hypothesis import strategies as st

from tray_app.datasets.crypto.sample.coins import sample_coins
from tray_app.demo.hosts import sample_hosts

CHART = "/api/v3/coins/{}/market_chart"
MIDNIGHT = datetime(2026, 8, 22, tzinfo=UTC)


def rows(query: str = "vs_currency=usd&per_page=250", now: datetime = RECORDED_DAY) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask_json(COINGECKO, MARKETS, query, now)
    return found


def test_the_catalogue_is_whole() -> None:
    coins = list(sample_coins())
    assert len({coin.id for coin in coins}) == len(coins)
    for coin in coins:
        days = [point.day for point in coin.points]
        assert days == sorted(set(days)), coin.id


def test_a_coin_without_a_line_is_made_up_from_its_name() -> None:
    query = "vs_currency=usd&ids=bitcoin,another-coin,one-more"
    fresh = ask_json(COINGECKO, MARKETS, query, hosts=sample_hosts())
    assert [row["id"] for row in fresh] == ["bitcoin", "another-coin", "one-more"]
    assert fresh == ask_json(COINGECKO, MARKETS, query)
    assert fresh[1]["current_price"] != fresh[2]["current_price"]
    chart = ask_json(COINGECKO, CHART.format("another-coin"), "vs_currency=usd&days=365")["prices"]
    assert len({price for _, price in chart}) == len(chart) == 366
    assert chart[-1][1] == pytest.approx(fresh[1]["current_price"], rel=1e-2)
    assert "another-coin" not in [row["id"] for row in rows()]


def test_coins_are_many_sorted_and_full_of_the_real_traps() -> None:
    found = rows()
    assert len(found) >= 30
    assert len({row["id"] for row in found}) == len(found)
    caps = [row["market_cap"] for row in found]
    assert caps == sorted(caps, reverse=True)
    ranked = [row["market_cap_rank"] for row in found if row["market_cap_rank"] is not None]
    assert len(ranked) == len(found) - 1
    assert sorted(ranked) == list(range(1, len(ranked) + 1))
    assert ranked != sorted(ranked)
    symbols = [row["symbol"] for row in found]
    assert symbols.count("usdf") == 2
    assert "steth" not in symbols
    assert isinstance(found[0]["current_price"], int)
    assert isinstance(found[1]["current_price"], float)
    peanut = next(row for row in found if row["id"] == "peanut-2-2")
    assert {key for key, value in peanut.items() if key.endswith("24h") and value is not None} == set()
    treasury = next(row for row in found if row["id"] == "hashnote-usyc")
    assert treasury["total_volume"] == 0.0
    assert isinstance(treasury["total_volume"], float)
    assert RECORDED_DAY - datetime.fromisoformat(treasury["last_updated"]) > timedelta(days=2)
    for row in found:
        assert row["atl"] <= row["current_price"] <= row["ath"], row["id"]


def test_pages_and_sizes() -> None:
    everything = [row["id"] for row in rows()]
    assert [row["id"] for row in rows("vs_currency=usd&per_page=7&page=2")] == everything[7:14]
    assert rows("vs_currency=usd&per_page=20&page=9") == []
    assert [row["id"] for row in rows("vs_currency=usd")] == everything


def test_ids_choose_and_keep_ranks() -> None:
    ranks = {row["id"]: row["market_cap_rank"] for row in rows()}
    chosen = rows("vs_currency=usd&ids=solana,NoSuchCoin,bitcoin,staked-ether")
    assert [row["id"] for row in chosen] == ["bitcoin", "solana", "staked-ether"]
    assert [row["market_cap_rank"] for row in chosen] == [ranks["bitcoin"], ranks["solana"], None]


def test_spans_only_when_asked() -> None:
    assert not [key for key in rows()[0] if key.endswith("_in_currency")]
    asked = [key for key in rows(MARKETS_20)[0] if key.endswith("_in_currency")]
    assert asked == ["price_change_percentage_24h_in_currency", "price_change_percentage_7d_in_currency"]
    assert "price_change_percentage_7d" not in rows(MARKETS_20)[0]


def test_answers_without_a_key_are_coarser() -> None:
    keyless = rows(MARKETS_20)[0]
    keyed = ask_json(COINGECKO, MARKETS, MARKETS_20, headers=(("X-CG-Demo-Api-Key", "any"),))[0]
    percentage = "price_change_percentage_24h_in_currency"
    assert keyless[percentage] == round(keyed[percentage], 1)
    assert keyless["last_updated"].endswith("0.000Z")
    assert keyless["current_price"] == keyed["current_price"]


@pytest.mark.parametrize("coin", ["bitcoin", "ethereum"])
def test_prices_agree_everywhere(coin: str) -> None:
    row = next(row for row in rows() if row["id"] == coin)
    chart = ask_json(COINGECKO, CHART.format(coin), "vs_currency=usd&days=365")
    assert chart["prices"][-1][1] == pytest.approx(row["current_price"], rel=1e-5)
    assert chart["market_caps"][-1][1] == pytest.approx(row["market_cap"])
    assert chart["total_volumes"][-1][1] == pytest.approx(row["total_volume"])
    share = ask_json(COINGECKO, "/api/v3/global")["data"]
    cap = share["market_cap_percentage"][row["symbol"]] / 100 * share["total_market_cap"]["usd"]
    assert cap == pytest.approx(row["market_cap"], rel=0.01)


def test_daily_chart_has_a_year_and_now() -> None:
    chart = ask_json(COINGECKO, CHART.format("bitcoin"), "vs_currency=usd&days=365&interval=daily")
    stamps = [at for at, _ in chart["prices"]]
    assert len(stamps) == 366
    assert stamps[-1] == int(RECORDED_DAY.timestamp()) * 1000
    assert stamps[-2] == int(MIDNIGHT.timestamp()) * 1000
    assert {later - earlier for earlier, later in pairwise(stamps[:-1])} == {86_400_000}
    assert None in [cap for _, cap in chart["market_caps"]]
    assert None not in [price for _, price in chart["prices"]]


def test_the_new_midnight_comes_late() -> None:
    early = ask_json(COINGECKO, CHART.format("bitcoin"), "vs_currency=usd&days=30&interval=daily", MIDNIGHT)
    late = MIDNIGHT + timedelta(minutes=35)
    in_time = ask_json(COINGECKO, CHART.format("bitcoin"), "vs_currency=usd&days=30&interval=daily", late)
    assert early["prices"][-2][0] == (int(MIDNIGHT.timestamp()) - 86_400) * 1000
    assert in_time["prices"][-2][0] == int(MIDNIGHT.timestamp()) * 1000
    assert len(early["prices"]) == len(in_time["prices"]) == 31


def test_a_young_coin_has_a_short_chart() -> None:
    chart = ask_json(COINGECKO, CHART.format("canton-network"), "vs_currency=usd&days=365")
    assert 280 < len(chart["prices"]) < 290


def test_a_coin_of_the_future_is_unknown() -> None:
    before = datetime(2022, 3, 1, tzinfo=UTC)
    assert "sui" not in [row["id"] for row in rows(now=before)]
    assert ask(COINGECKO, CHART.format("sui"), "vs_currency=usd&days=30", before).status == 404


@settings(max_examples=15, deadline=None)
@given(
    st.datetimes(datetime(2023, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 300),
    st.sampled_from(["bitcoin", "ethereum", "solana", "hashnote-usyc"]),
)
def test_past_points_never_change(now: datetime, days_later: int, coin: str) -> None:
    query = "vs_currency=usd&days=365&interval=daily"
    if ask(COINGECKO, CHART.format(coin), query, now).status == 404:
        return
    earlier = ask_json(COINGECKO, CHART.format(coin), query, now)
    later = ask_json(COINGECKO, CHART.format(coin), query, now + timedelta(days=days_later))
    for name in ("prices", "market_caps", "total_volumes"):
        known = dict(map(tuple, later[name]))
        common = [(at, value) for at, value in earlier[name][:-1] if at in known]
        assert all(known[at] == value for at, value in common)
        assert len(common) >= min(len(earlier[name]) - 1, 365 - days_later) - 1


def test_another_server_says_the_same() -> None:
    fresh = sample_hosts()
    for path, query in (
        (MARKETS, MARKETS_20),
        ("/api/v3/global", ""),
        (CHART.format("solana"), "vs_currency=usd&days=30"),
    ):
        assert ask(COINGECKO, path, query).body == ask(COINGECKO, path, query, hosts=fresh).body


def test_the_price_holds_for_a_minute_and_then_moves() -> None:
    minute = RECORDED_DAY.replace(second=0)
    assert rows(now=minute) == rows(now=minute + timedelta(seconds=59))
    assert rows(now=minute)[0]["current_price"] != rows(now=minute + timedelta(minutes=7))[0]["current_price"]


def test_global_is_rebuilt_every_ten_minutes() -> None:
    five_past = datetime(2026, 8, 13, 0, 5, tzinfo=UTC)
    stamp = ask_json(COINGECKO, "/api/v3/global", now=five_past)["data"]["updated_at"]
    assert datetime.fromtimestamp(stamp, UTC) == datetime(2026, 8, 12, 23, 57, tzinfo=UTC)


def test_long_history_needs_a_paid_plan() -> None:
    for days in ("366", "max", "2000"):
        reply = ask(COINGECKO, CHART.format("bitcoin"), f"vs_currency=usd&days={days}")
        assert reply.status == 401
        status = json.loads(reply.body)["error"]["status"]
        assert status["error_code"] == 10012
        assert "past 365 days" in status["error_message"]


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        (CHART.format("NoSuchCoin"), "vs_currency=usd&days=1", 404),
        (CHART.format("bitcoin"), "vs_currency=usd", 400),
        (CHART.format("bitcoin"), "vs_currency=xyz&days=1", 400),
        (MARKETS, "", 400),
        (MARKETS, "vs_currency=usd&price_change_percentage=8d", 400),
        ("/api/v3/no/such/path", "", 404),
    ],
)
def test_bad_questions(path: str, query: str, status: int) -> None:
    reply = ask(COINGECKO, path, query)
    assert reply.status == status
    assert isinstance(json.loads(reply.body)["error"], str)


def test_ping() -> None:
    assert ask_json(COINGECKO, "/api/v3/ping") == {"gecko_says": "(V3) To the Moon!"}


def test_prices_look_like_a_market() -> None:
    """A bull market to 2017, a bear in 2018, peaks in 2021 and 2025, a low in 2022, daily moves of some percent."""

    def year(coin: str, end: datetime) -> list[float]:
        points = ask_json(COINGECKO, CHART.format(coin), "vs_currency=usd&days=365", end)["prices"]
        return [price for _, price in points]

    highs = {at: max(year("bitcoin", datetime(at, 12, 31, tzinfo=UTC))) for at in range(2016, 2027)}
    lows = {at: min(year("bitcoin", datetime(at, 12, 31, tzinfo=UTC))) for at in range(2016, 2027)}
    assert highs[2017] > 10 * highs[2016]
    assert lows[2018] < highs[2017] / 4
    assert highs[2021] > 3 * highs[2017]
    assert lows[2022] < highs[2021] / 3
    assert highs[2025] > 1.4 * highs[2021]
    prices = year("bitcoin", RECORDED_DAY)
    moves = [abs(later / earlier - 1) for earlier, later in pairwise(prices)]
    assert 0.008 < sum(moves) / len(moves) < 0.035
    assert max(moves) < 0.2
