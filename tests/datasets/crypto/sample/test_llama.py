"""The sample DefiLlama hosts: value locked, stablecoins."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from demo.kit import LLAMA, RECORDED_DAY, STABLECOINS, ask, ask_json
from hypothesis import given, settings
from hypothesis import strategies as st

from tray_app.demo.hosts import sample_hosts

TODAY = int(datetime(2026, 8, 22, tzinfo=UTC).timestamp())
DAY = 86_400
dates = st.datetimes(datetime(2017, 12, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def history(now: datetime = RECORDED_DAY) -> list[dict[str, Any]]:
    points: list[dict[str, Any]] = ask_json(LLAMA, "/v2/historicalChainTvl", now=now)
    return points


def circulating(now: datetime = RECORDED_DAY) -> list[dict[str, Any]]:
    points: list[dict[str, Any]] = ask_json(STABLECOINS, "/stablecoincharts/all", now=now)
    return points


def total(row: dict[str, Any]) -> float:
    return float(sum(row["totalCirculatingUSD"].values()))


def test_value_locked_runs_from_2017_to_today() -> None:
    points = history()
    assert points[0] == {"date": 1506470400, "tvl": 0}
    assert points[-1]["date"] == TODAY
    assert [point["date"] for point in points] == list(range(1506470400, TODAY + 1, DAY))
    peak = max(points, key=lambda point: float(point["tvl"]))
    assert 150e9 < peak["tvl"] < 200e9


def test_value_locked_moves_all_day_and_then_stays() -> None:
    seen = [history(RECORDED_DAY.replace(hour=hour))[-1] for hour in range(0, 24, 3)]
    assert {point["date"] for point in seen} == {TODAY}
    assert len({point["tvl"] for point in seen}) == len(seen)
    closed = [history(RECORDED_DAY + timedelta(days=days))[len(history()) - 1] for days in (1, 2, 40)]
    assert closed[0] == closed[1] == closed[2]
    assert closed[0]["tvl"] not in {point["tvl"] for point in seen}


@settings(max_examples=12, deadline=None)
@given(dates, st.integers(1, 800))
def test_past_value_locked_never_changes(now: datetime, days_later: int) -> None:
    earlier, later = history(now), history(now + timedelta(days=days_later))
    assert later[: len(earlier) - 1] == earlier[:-1]
    assert len(later) == len(earlier) + days_later


def test_unknown_paths() -> None:
    for path in ("/v2/protocols", "/v2/chains", "/", "/nothing"):
        reply = ask(LLAMA, path)
        assert (reply.status, reply.body) == (404, b"Data not found")
        assert reply.content_type.startswith("application/json")
    refused = ask(STABLECOINS, "/stablecoincharts/none")
    assert (refused.status, refused.body) == (404, b"Invalid request")


def test_stablecoins_run_daily_from_2017_to_today() -> None:
    rows = circulating()
    assert [int(row["date"]) for row in rows] == list(range(1511913600, TODAY + 1, DAY))
    assert all(isinstance(row["date"], str) for row in rows)
    assert len(rows[-1]["totalCirculatingUSD"]) == 27
    assert len(rows[0]["totalCirculatingUSD"]) == 1
    assert 290e9 < total(rows[-1]) < 330e9
    assert sum(rows[-1]["totalCirculating"].values()) > 1.1 * total(rows[-1])
    counts = [len(row["totalCirculatingUSD"]) for row in rows]
    assert counts == sorted(counts)


def test_only_the_last_row_is_provisional() -> None:
    rows = circulating()
    assert set(rows[-1]) - set(rows[-2]) == {"totalMintedUSD", "totalBridgedToUSD"}
    assert all(isinstance(amount, int) for row in rows[:-1] for amount in row["totalCirculatingUSD"].values())
    assert isinstance(rows[-1]["totalCirculatingUSD"]["peggedUSD"], float)
    assert list(rows[-1]["totalMintedUSD"].values()) == [0] * 27


def test_a_days_amount_is_revised_once() -> None:
    rows = circulating()
    for days in range(4):
        now = RECORDED_DAY + timedelta(days=days)
        running = circulating(now)[-1]
        revised, kept = (circulating(now + timedelta(days=later))[len(rows) - 1 + days] for later in (1, 9))
        assert running["date"] == revised["date"]
        assert 0 < abs(total(revised) - total(running)) < 1e8
        assert kept == revised


@settings(max_examples=6, deadline=None)
@given(dates, st.integers(1, 400))
def test_past_stablecoins_never_change(now: datetime, days_later: int) -> None:
    earlier, later = circulating(now), circulating(now + timedelta(days=days_later))
    assert later[: len(earlier) - 1] == earlier[:-1]
    assert len(later) == len(earlier) + days_later


def test_another_server_says_the_same_even_asked_backwards() -> None:
    fresh = sample_hosts()
    for now in (RECORDED_DAY + timedelta(days=3), RECORDED_DAY):
        for host, path in ((LLAMA, "/v2/historicalChainTvl"), (STABLECOINS, "/stablecoincharts/all")):
            assert ask(host, path, now=now).body == ask(host, path, now=now, hosts=fresh).body


def test_before_the_first_day_there_is_nothing() -> None:
    past = datetime(2017, 1, 1, tzinfo=UTC)
    assert json.loads(ask(LLAMA, "/v2/historicalChainTvl", now=past).body) == []
    assert json.loads(ask(STABLECOINS, "/stablecoincharts/all", now=past).body) == []
