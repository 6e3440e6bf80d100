"""The sample Yahoo: real shapes and oddities, days of the right exchange, and the same values whoever asks first."""

import json
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from demo.kit import SHARED_HOSTS, ask
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import RECORDED

from datasets.liquidity.sample.test_fred import moments
from datasets.liquidity.sample.test_fred import rows as fred_rows
from tray_app.datasets.liquidity.catalogue import Provider, catalogue
from tray_app.demo.hosts import sample_hosts
from tray_app.demo.misbehave import Mode
from tray_app.demo.wire import Reply, Request

YAHOO = "query1.finance.yahoo.com"
BROWSER = (("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"),)
SYMBOLS = {one.series_id: one for one in catalogue() if one.provider is Provider.YAHOO}
RECORDINGS = RECORDED / "liquidity" / "yahoo"
NEW_YORK = ZoneInfo("America/New_York")
# Friday, the markets of New York closed a quarter of an hour ago.
CLOSED = datetime(2026, 11, 20, 21, 15, tzinfo=UTC)
OPEN = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def reply(symbol: str, now: datetime = CLOSED, since: int = 0, hosts: Any = SHARED_HOSTS, **more: str) -> Reply:
    span = {"period1": str(since), "period2": str(int(now.timestamp()) + 86_400), "interval": "1d"} | more
    query = "&".join(f"{name}={value}" for name, value in span.items() if value)
    return ask(YAHOO, f"/v8/finance/chart/{symbol}", query, now, headers=BROWSER, hosts=hosts)


def result(symbol: str, now: datetime = CLOSED, since: int = 0, **more: str) -> Any:
    answer = reply(symbol, now, since, **more)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)["chart"]["result"][0]


def closes(symbol: str, now: datetime = CLOSED) -> dict[date, float | None]:
    chart = result(symbol, now)
    zone = ZoneInfo(chart["meta"]["exchangeTimezoneName"])
    days = [datetime.fromtimestamp(stamp, zone).date() for stamp in chart["timestamp"]]
    return dict(zip(days, chart["indicators"]["quote"][0]["close"], strict=True))


@pytest.mark.parametrize("symbol", sorted(SYMBOLS))
def test_every_symbol_of_the_catalogue_from_1990_or_its_start(symbol: str) -> None:
    chart = result(symbol)
    stamps = chart["timestamp"]
    assert stamps == sorted(set(stamps))
    (quote,) = chart["indicators"]["quote"]
    (adjusted,) = chart["indicators"]["adjclose"]
    assert {len(column) for column in (*quote.values(), *adjusted.values())} == {len(stamps)}
    assert (chart["meta"]["symbol"], chart["meta"]["dataGranularity"]) == (symbol, "1d")
    found = closes(symbol)
    starts = max(SYMBOLS[symbol].starts, date(1990, 1, 1))
    assert starts <= min(found) <= starts + timedelta(days=4)
    assert max(found) == CLOSED.date()
    assert all(day.weekday() < 5 for day in found)


@pytest.mark.parametrize("symbol", sorted(SYMBOLS))
def test_some_rows_are_nothing_but_nulls_and_the_others_make_sense(symbol: str) -> None:
    (quote,) = result(symbol)["indicators"]["quote"]
    rows = list(zip(*(quote[name] for name in ("open", "high", "low", "close", "volume")), strict=True))
    nulls = [row for row in rows if row[3] is None]
    assert 5 <= len(nulls) < len(rows) / 100
    assert all(row == (None,) * 5 for row in nulls)
    assert all(row[2] <= min(row[0], row[3]) <= max(row[0], row[3]) <= row[1] for row in rows if row[3] is not None)
    assert all(row[2] > 0 for row in rows if row[3] is not None)


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason=f"the recordings to compare with are not here: {RECORDINGS}")
def test_the_shape_is_that_of_a_recorded_chart() -> None:
    real = json.loads((RECORDINGS / "360750.KS_1d_2020-2026.json").read_bytes())["chart"]["result"][0]
    made = result("XLF")
    assert made.keys() == real.keys()
    assert made["meta"].keys() <= real["meta"].keys()
    assert {key: type(value) for key, value in made["meta"].items()} == {
        key: type(real["meta"][key]) for key in made["meta"]
    }
    assert made["meta"]["currentTradingPeriod"].keys() == real["meta"]["currentTradingPeriod"].keys()
    assert (
        made["meta"]["currentTradingPeriod"]["regular"].keys() == real["meta"]["currentTradingPeriod"]["regular"].keys()
    )
    assert made["indicators"]["quote"][0].keys() == real["indicators"]["quote"][0].keys()
    assert made["indicators"]["adjclose"][0].keys() == real["indicators"]["adjclose"][0].keys()


def test_rows_carry_the_opening_of_the_session_across_a_change_of_the_clocks() -> None:
    opens = {datetime.fromtimestamp(stamp, NEW_YORK).strftime("%H:%M") for stamp in result("XLF")["timestamp"]}
    assert opens == {"09:30"}
    chicago = ZoneInfo("America/Chicago")
    assert {datetime.fromtimestamp(stamp, chicago).hour for stamp in result("^VIX")["timestamp"]} == {8}
    london = ZoneInfo("Europe/London")
    *past, running = result("KRW=X")["timestamp"]
    assert {datetime.fromtimestamp(stamp, london).strftime("%H:%M") for stamp in past} == {"00:00"}
    assert running == int(CLOSED.timestamp())


def test_a_running_session_has_a_row_that_moves() -> None:
    earlier, later = result("XLF", OPEN), result("XLF", OPEN + timedelta(hours=2))
    assert earlier["timestamp"] == later["timestamp"]
    assert earlier["indicators"]["quote"][0]["close"][:-1] == later["indicators"]["quote"][0]["close"][:-1]
    assert earlier["indicators"]["quote"][0]["volume"][-1] < later["indicators"]["quote"][0]["volume"][-1]
    assert earlier["meta"]["regularMarketTime"] == int(OPEN.timestamp())
    regular = earlier["meta"]["currentTradingPeriod"]["regular"]
    assert regular["start"] < earlier["meta"]["regularMarketTime"] < regular["end"]
    assert result("XLF")["meta"]["regularMarketTime"] == regular["end"]


def test_a_closed_session_is_final() -> None:
    monday = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert closes("^GSPC", monday) == closes("^GSPC", CLOSED)
    assert closes("DX-Y.NYB", monday) != closes("DX-Y.NYB", CLOSED)


def test_holidays_of_the_exchange() -> None:
    found = closes("HYG")
    assert date(2026, 4, 3) not in found
    assert date(2021, 12, 24) not in found
    assert date(2026, 11, 11) in found
    assert date(2025, 12, 25) in closes("KRW=X")


def test_both_hosts_tell_one_story() -> None:
    vix = {str(day): close for day, close in closes("^VIX").items()}
    shared = [(vix[day], float(value)) for day, value in fred_rows("VIXCLS").items() if value != "." and vix.get(day)]
    assert len(shared) > 9_000
    assert all(close is not None and abs(close - value) < 0.006 for close, value in shared)


def test_crises_stand_out() -> None:
    move, stocks = closes("^MOVE"), closes("^GSPC")
    march = max(value for day, value in move.items() if value and (day.year, day.month) == (2023, 3))
    assert march > 1.8 * mean(move, 2024)
    low = min(value for day, value in stocks.items() if value and day.year == 2009)
    high = max(value for day, value in stocks.items() if value and day.year == 2007)
    assert low < 0.5 * high


def mean(series: dict[date, float | None], year: int) -> float:
    found = [value for day, value in series.items() if value and day.year == year]
    return sum(found) / len(found)


def test_only_what_was_asked_for() -> None:
    since = int(datetime(2026, 11, 10, tzinfo=UTC).timestamp())
    chart = result("XLF", since=since)
    assert len(chart["timestamp"]) == 9
    assert min(chart["timestamp"]) >= since
    nothing = result("XLF", since=since, period2=str(since + 60))
    assert "timestamp" not in nothing
    assert nothing["indicators"]["quote"] == [{}]
    assert "timestamp" not in result("KRE", datetime(1999, 5, 5, tzinfo=UTC))


def test_range_max_gives_quarters_without_saying_so() -> None:
    chart = result("XLF", period1="", period2="", range="max")
    assert chart["meta"]["dataGranularity"] == "3mo"
    assert 100 < len(chart["timestamp"]) < 130
    month = result("XLF", period1="", period2="", range="1mo")
    assert month["meta"]["dataGranularity"] == "1d"
    assert 18 < len(month["timestamp"]) < 24


def test_refusals() -> None:
    path = "/v8/finance/chart/XLF"
    plain = ask(YAHOO, path, headers=(("User-Agent", "MarketTray/1"),))
    assert (plain.status, plain.body) == (429, b"Edge: Too Many Requests")
    unknown = reply("NOSUCH")
    assert unknown.status == 404
    assert json.loads(unknown.body)["chart"]["error"]["code"] == "Not Found"
    assert reply("XLF", period1="9", period2="8").status == 422
    assert reply("XLF", period1="x").status == 422
    assert ask(YAHOO, "/v7/finance/download/XLF", headers=BROWSER).status == 404


@pytest.mark.parametrize(
    ("mode", "status", "words"),
    [
        (Mode.RATE_LIMITED, 429, b"Edge: Too Many Requests"),
        (Mode.MAINTENANCE_200, 200, b"Will be right back"),
        (Mode.MAINTENANCE_403, 503, b"Will be right back"),
        (Mode.CONSENT_REDIRECT, 302, b""),
    ],
)
def test_its_own_errors(mode: Mode, status: int, words: bytes) -> None:
    answer = SHARED_HOSTS[YAHOO].refusal(mode, Request("GET", YAHOO, "/v8/finance/chart/XLF", (), BROWSER, b"", CLOSED))
    assert answer is not None
    assert answer.status == status
    assert words in answer.body


def test_a_partial_body_has_columns_of_two_lengths() -> None:
    asked = Request("GET", YAHOO, "/v8/finance/chart/XLF", (("range", "1mo"),), BROWSER, b"", CLOSED)
    answer = SHARED_HOSTS[YAHOO].refusal(Mode.PARTIAL_BODY, asked)
    assert answer is not None
    chart = json.loads(answer.body)["chart"]["result"][0]
    assert 0 < len(chart["indicators"]["quote"][0]["close"]) < len(chart["timestamp"])


def test_another_server_says_the_same_whatever_is_asked_first() -> None:
    fresh = sample_hosts()
    for symbol in sorted(SYMBOLS, reverse=True):
        for now in (CLOSED, CLOSED - timedelta(days=4000), OPEN):
            assert reply(symbol, now).body == reply(symbol, now, hosts=fresh).body


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(SYMBOLS)), moments, st.integers(1, 900))
def test_finished_days_never_change(symbol: str, now: datetime, days_later: int) -> None:
    if "timestamp" not in result(symbol, now):
        assert now.date() <= max(SYMBOLS[symbol].starts, date(1990, 1, 2))
        return
    earlier, later = closes(symbol, now), closes(symbol, now + timedelta(days=days_later))
    newest = max(earlier)
    assert all(later[day] == value for day, value in earlier.items() if day < newest)


def test_a_whole_history_takes_no_time() -> None:
    fresh = sample_hosts()
    reply("^VIX", hosts=fresh)
    # Of this thread alone: what else the machine does is no matter.
    began = time.thread_time()
    assert len(reply("^GSPC", hosts=fresh).body) > 500_000
    # Some 100 ms where nothing else runs.
    assert time.thread_time() - began < 1.5
