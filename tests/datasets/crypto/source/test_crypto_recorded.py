"""What the hosts really answered, through the parsers."""

import itertools
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from net.replies import json_body, told
from replay import RECORDINGS, Recorded, needs_recordings, recorded_hosts, recording, replaying, tvl_body
from support import COINGECKO, FEAR_GREED, NOW, client

from tray_app.core.errors import QuotaSpent, RateLimited, SourceChangedShape, SourceDown
from tray_app.datasets.crypto.alternative import ALL_DAYS, AlternativeMe
from tray_app.datasets.crypto.coingecko import CoinGecko
from tray_app.datasets.crypto.defillama import DefiLlama
from tray_app.demo.upstream import Upstream

pytestmark = needs_recordings


def names(pattern: str) -> list[str]:
    return sorted(path.name for path in RECORDINGS.glob(pattern)) or ["absent"]


def coingecko_with(body: bytes) -> dict[str, Upstream]:
    paths = ("/api/v3/coins/markets", "/api/v3/global", "/api/v3/coins/bitcoin/market_chart")
    return {COINGECKO: Recorded(dict.fromkeys(paths, body))}


@pytest.mark.parametrize(
    "name",
    [*names("cg_coins_markets_top20_*"), *names("cg_coins_markets_top100_*"), *names("cg_coins_markets_top250_*")],
)
def test_recorded_markets(name: str) -> None:
    with replaying(coingecko_with(recording(name))) as server, client(server.url) as http:
        snapshot = CoinGecko(http, None).markets(20, NOW)
    served = json.loads(recording(name))[:20]
    assert [coin.coin_id for coin in snapshot.coins] == [row["id"] for row in served]
    assert [coin.price_usd for coin in snapshot.coins] == [row["current_price"] for row in served]
    assert [coin.change_7d for coin in snapshot.coins] == [
        row["price_change_percentage_7d_in_currency"] for row in served
    ]
    assert str(snapshot.date) == max(row["last_updated"] for row in served)[:10]


@pytest.mark.parametrize("name", [*names("cg_coins_markets_top250_*"), *names("cg_coins_markets_top100_*")])
def test_every_recorded_row_is_read_nulls_and_equal_symbols_included(name: str) -> None:
    with replaying(coingecko_with(recording(name))) as server, client(server.url) as http:
        snapshot = CoinGecko(http, None).markets(250, NOW)
    assert len(snapshot.coins) == len(json.loads(recording(name)))


def test_a_recording_without_the_asked_for_change_is_refused() -> None:
    body = recording("cg_coins_markets_57ids_2022-01-06.json")
    refused = pytest.raises(SourceChangedShape, match="7d_in_currency")
    with replaying(coingecko_with(body)) as server, client(server.url) as http, refused:
        CoinGecko(http, None).markets(60, NOW)


@pytest.mark.parametrize("name", names("cg_global_*"))
def test_recorded_totals(name: str) -> None:
    with replaying(coingecko_with(recording(name))) as server, client(server.url) as http:
        totals = CoinGecko(http, None).totals(NOW)
    data = json.loads(recording(name))["data"]
    assert totals.btc_dominance == data["market_cap_percentage"]["btc"]
    assert totals.total_market_cap == data["total_market_cap"]["usd"]
    assert totals.date == datetime.fromtimestamp(data["updated_at"], UTC).date()


def test_the_totals_recorded_just_after_midnight_are_of_the_day_before() -> None:
    body = recording("cg_global_keyless_2026-08-13T0005Z.json")
    with replaying(coingecko_with(body)) as server, client(server.url) as http:
        assert CoinGecko(http, None).totals(NOW).date == date(2026, 8, 12)


def test_ten_recorded_years_of_bitcoin() -> None:
    name = "cg_market_chart_bitcoin_usd_max_2023-06-03.json"
    with replaying(coingecko_with(recording(name))) as server, client(server.url) as http:
        points = CoinGecko(http, None).history("bitcoin", 365, NOW).rows
    days = [point.date for point in points]
    assert days == sorted(set(days))
    assert days[0] == date(2013, 4, 28)
    assert date(2013, 6, 4) not in days
    assert date(2015, 1, 28) not in days
    assert next(point for point in points if point.date == date(2017, 4, 2)).market_cap is None
    assert sum(point.volume_24h == 0 for point in points) == 242
    served = json.loads(recording(name))["prices"]
    assert days[-1] < datetime.fromtimestamp(served[-1][0] / 1000, UTC).date() + timedelta(days=1)
    assert points[-1].price_usd == served[-2][1]


@pytest.mark.parametrize(
    ("name", "status", "error", "requests"),
    [
        ("cg_error_429_coins_markets_2026-08-13.json", 429, RateLimited, 2),
        ("cg_error_429_global_2026-08-13.json", 429, RateLimited, 2),
        ("cg_error_429_global_2026-08-13.json", 200, RateLimited, 1),
        ("cg_error_10006_monthly_limit_2026-08-19.json", 429, QuotaSpent, 1),
        ("cg_error_10006_monthly_limit_2026-08-22.json", 429, QuotaSpent, 1),
        ("cg_error_10006_monthly_limit_2026-08-22.json", 200, QuotaSpent, 1),
    ],
)
def test_recorded_refusals(name: str, status: int, error: type[Exception], requests: int) -> None:
    with told(json_body(recording(name), status), hosts=(COINGECKO,)) as (url, seen), client(url) as http:
        with pytest.raises(error):
            CoinGecko(http, None).markets(20, NOW)
        assert len(seen.seen) == requests
        with pytest.raises(error):
            CoinGecko(http, None).totals(NOW)


@pytest.mark.parametrize(
    ("name", "total"),
    [("llama_stablecoincharts_all_2026-08-22.json", 310.06e9), ("llama_stablecoincharts_all_2026-08-17.json", 309e9)],
)
def test_recorded_stablecoins_are_summed_in_dollars(name: str, total: float) -> None:
    with replaying(recorded_hosts(chart=name)) as server, client(server.url) as http:
        points = DefiLlama(http).stablecoin_supply(NOW).rows
    served = json.loads(recording(name))
    assert len(points) == len(served)
    assert points[0].date == date(2017, 11, 29)
    assert str(points[-1].date) == name[-15:-5]
    assert points[-1].value == pytest.approx(total, rel=0.005)
    assert points[-1].value == pytest.approx(sum(served[-1]["totalCirculatingUSD"].values()))
    assert {later.date - earlier.date for earlier, later in itertools.pairwise(points)} == {timedelta(days=1)}


def test_the_recorded_total_of_defi() -> None:
    with replaying() as server, client(server.url) as http:
        points = DefiLlama(http).total_value_locked(NOW).rows
    assert len(points) == len(json.loads(tvl_body()))
    assert (points[0].date, points[-1].date) == (date(2017, 9, 27), date(2026, 8, 22))


@pytest.mark.parametrize("name", [*names("fng_limit1_*"), *names("fng_limit2_*")])
def test_recorded_fear_and_greed(name: str) -> None:
    with replaying(recorded_hosts(fng=name)) as server, client(server.url) as http:
        days = AlternativeMe(http).fear_and_greed(1, NOW).rows
    served = json.loads(recording(name))["data"]
    assert [(str(day.value), day.label) for day in days] == [
        (row["value"], row["value_classification"]) for row in reversed(served)
    ]


def test_the_whole_recorded_fear_and_greed_with_its_gaps() -> None:
    with replaying(recorded_hosts(fng="fng_limit0_full_2025-11-25.json")) as server, client(server.url) as http:
        days = AlternativeMe(http).fear_and_greed(ALL_DAYS, NOW).rows
    found = {day.date for day in days}
    assert len(days) == len(found) == 2851
    missing = [date(2018, 4, 14), date(2018, 4, 15), date(2018, 4, 16), date(2024, 10, 26)]
    assert not found.intersection(missing)
    assert (days[0].date, days[-1].date) == (date(2018, 2, 1), date(2025, 11, 25))


def test_the_recorded_502_page_and_the_csv_in_a_json_frame() -> None:
    error_page = json_body(recording("fng_error_502_2026-08-17.html"), 502)
    with told(error_page, hosts=(FEAR_GREED,)) as (url, _seen), client(url) as http, pytest.raises(SourceDown):
        AlternativeMe(http).fear_and_greed(1, NOW)
    csv_body = json_body(recording("fng_format_csv_2024-05-01.txt"))
    with told(csv_body, hosts=(FEAR_GREED,)) as (url, _seen), client(url) as http, pytest.raises(SourceChangedShape):
        AlternativeMe(http).fear_and_greed(1, NOW)
