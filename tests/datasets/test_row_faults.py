"""One bad row never loses the others, whatever source it came from; too many of them lose the answer."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from net.replies import told
from support import COINGECKO, FEAR_GREED, LLAMA, NOW, STABLECOINS, client

from datasets.crypto.source.test_coingecko import coin
from datasets.liquidity.source.liquidity_kit import FRED, FRED_CSV, KEY, YAHOO, chart, observations
from tray_app.core.errors import SourceChangedShape
from tray_app.core.quality import ValueCode
from tray_app.core.row_faults import RowFault
from tray_app.datasets.crypto.alternative import AlternativeMe
from tray_app.datasets.crypto.coingecko import CoinGecko, MarketSnapshot
from tray_app.datasets.crypto.defillama import DefiLlama
from tray_app.datasets.liquidity.source.fred import Fred
from tray_app.datasets.liquidity.source.yahoo import Yahoo
from tray_app.demo.wire import Reply
from tray_app.net.http import HttpClient

COUNT = 20
LAST = date(2026, 8, 20)
DAYS = [LAST - timedelta(days=COUNT - 1 - place) for place in range(COUNT)]
DATE, ROW = ValueCode.DATE_IMPOSSIBLE, ValueCode.ROW_SET_ASIDE


def stamp(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


@contextmanager
def answering(body: bytes) -> Iterator[HttpClient]:
    hosts = (COINGECKO, LLAMA, STABLECOINS, FEAR_GREED, FRED, FRED_CSV, YAHOO)
    with told(Reply(200, body, "application/json"), hosts=hosts) as (url, _seen), client(url) as http:
        yield http


@dataclass(frozen=True)
class Case:
    """A source: a good body of 20 rows, how it is read, and rows that cannot be with the kind of fault they are."""

    rows: list[Any]
    body: Callable[[list[Any]], Any]
    read: Callable[[HttpClient], Any]
    wrong: dict[str, tuple[Any, ValueCode]]


def csv_body(rows: list[Any]) -> bytes:
    return ("observation_date,SOFR\n" + "".join(f"{row}\n" for row in rows)).encode()


def yahoo_body(rows: list[Any]) -> Any:
    body: Any = chart([("2026-08-20T13:30", 1.0)] * len(rows))
    result = body["chart"]["result"][0]
    result["timestamp"] = [row[0] for row in rows]
    result["indicators"]["quote"][0]["close"] = [row[1] for row in rows]
    return body


CASES = {
    "coins": Case(
        [coin(id=f"coin-{place}") for place in range(COUNT)],
        lambda rows: rows,
        lambda http: CoinGecko(http, None).markets(COUNT, NOW),
        {
            "null price": (coin(id="x", current_price=None), ROW),
            "zero price": (coin(id="x", current_price=0), ROW),
            "negative zero price": (coin(id="x", current_price=-0.0), ROW),
            "negative price": (coin(id="x", current_price=-1), ROW),
            "text price": (coin(id="x", current_price="77112"), ROW),
            "NUL in its name": (coin(id="x", name="Bit\0coin"), ROW),
            "no id": (coin(id=None), ROW),
            "no coin": ("bitcoin", ROW),
            "the year 1": (coin(id="x", last_updated="0001-01-01T00:00:00Z"), DATE),
            "the day after tomorrow": (coin(id="x", last_updated="2026-08-24T00:00:00Z"), DATE),
            "no time": (coin(id="x", last_updated="soon"), ROW),
        },
    ),
    "tvl": Case(
        [{"date": stamp(day), "tvl": 5.0} for day in DAYS],
        lambda rows: rows,
        lambda http: DefiLlama(http).total_value_locked(NOW),
        {
            "null": ({"date": stamp(LAST), "tvl": None}, ROW),
            "negative": ({"date": stamp(LAST), "tvl": -1}, ROW),
            "text": ({"date": stamp(LAST), "tvl": "5"}, ROW),
            "2286": ({"date": 9_999_999_999, "tvl": 5}, DATE),
            "2100": ({"date": 4_102_444_800, "tvl": 5}, DATE),
            "before the first day": ({"date": stamp(date(2017, 9, 26)), "tvl": 5}, DATE),
            "no row": (None, DATE),
        },
    ),
    "stablecoins": Case(
        [{"date": str(stamp(day)), "totalCirculatingUSD": {"peggedUSD": 5}} for day in DAYS],
        lambda rows: rows,
        lambda http: DefiLlama(http).stablecoin_supply(NOW),
        {
            "no pegs": ({"date": str(stamp(LAST)), "totalCirculatingUSD": {}}, ROW),
            "negative": ({"date": str(stamp(LAST)), "totalCirculatingUSD": {"peggedUSD": -1}}, ROW),
            "2100": ({"date": "4102444800", "totalCirculatingUSD": {"peggedUSD": 5}}, DATE),
        },
    ),
    "fear and greed": Case(
        [{"timestamp": str(stamp(day)), "value": "50", "value_classification": "Neutral"} for day in DAYS],
        lambda rows: {"data": rows, "metadata": {"error": None}},
        lambda http: AlternativeMe(http).fear_and_greed(COUNT, NOW),
        {
            "off the scale": ({"timestamp": str(stamp(LAST)), "value": "101", "value_classification": "x"}, ROW),
            "NUL in its label": ({"timestamp": str(stamp(LAST)), "value": "1", "value_classification": "\0"}, ROW),
            "2286": ({"timestamp": "9999999999", "value": "50", "value_classification": "x"}, DATE),
        },
    ),
    "fred": Case(
        [(str(day), "5.30") for day in DAYS],
        lambda rows: observations(*rows),
        lambda http: Fred(http, KEY).observations("SOFR", None, NOW),
        {
            "2206": (("2206-08-21", "5.3"), DATE),
            "the last day there is": (("9999-12-31", "5.3"), DATE),
            "no date": (("2026-08-32", "5.3"), DATE),
            "no number": (("2026-08-21", "nan"), ROW),
            "no text": (("2026-08-21", 5.3), ROW),
            "a date again": ((str(LAST), "5.3"), ROW),
            "an earlier date": ((str(LAST - timedelta(days=3)), "5.3"), ROW),
        },
    ),
    "fred's file": Case(
        [f"{day},5.30" for day in DAYS],
        csv_body,
        lambda http: Fred(http, None).csv_observations("SOFR", None, NOW),
        {
            "2206": ("2206-08-21,5.3", DATE),
            "an empty line": ("", DATE),
            "no value": ("2026-08-21", ROW),
            "two values": ("2026-08-21,5.3,1", ROW),
        },
    ),
    "yahoo": Case(
        [(stamp(day) + 48_600, 15.0) for day in DAYS],
        yahoo_body,
        lambda http: Yahoo(http).closes("^VIX", DAYS[0], NOW),
        {
            "zero": ((stamp(LAST) + 50_000, 0), ROW),
            "negative zero": ((stamp(LAST) + 50_000, -0.0), ROW),
            "negative": ((stamp(LAST) + 50_000, -15.0), ROW),
            "text": ((stamp(LAST) + 50_000, "15"), ROW),
            "no time": ((None, 15.0), DATE),
            "2286": ((9_999_999_999, 15.0), DATE),
            "an earlier time": ((stamp(LAST) - 90_000, 15.0), ROW),
        },
    ),
}
WRONG = [(name, what) for name, case in CASES.items() for what in case.wrong]


def read(case: Case, rows: list[Any]) -> tuple[tuple[Any, ...], tuple[RowFault, ...]]:
    body = case.body(rows)
    with answering(body if isinstance(body, bytes) else json.dumps(body).encode()) as http:
        answer = case.read(http)
    return (answer.coins if isinstance(answer, MarketSnapshot) else answer.rows), answer.faults


@pytest.mark.parametrize("name", CASES)
def test_a_good_answer_has_no_faults(name: str) -> None:
    rows, faults = read(CASES[name], CASES[name].rows)
    assert (len(rows), faults) == (COUNT, ())


@pytest.mark.parametrize(("name", "what"), WRONG)
def test_one_bad_row_is_set_aside_and_the_others_are_kept(name: str, what: str) -> None:
    case = CASES[name]
    row, code = case.wrong[what]
    good = case.rows[: COUNT - 1] if name == "coins" else case.rows
    rows, (fault,) = read(case, [*good, row])
    assert rows == read(case, good)[0]
    assert fault.code is code
    assert fault.reason


@pytest.mark.parametrize(("name", "what"), WRONG)
def test_more_than_a_few_bad_rows_are_an_answer_of_another_form(name: str, what: str) -> None:
    case = CASES[name]
    with pytest.raises(SourceChangedShape):
        read(case, [*case.rows[-10:], *[case.wrong[what][0]] * 5])


def test_a_coin_sent_twice_alike_is_there_once() -> None:
    rows, (fault,) = read(CASES["coins"], [*CASES["coins"].rows[:5], coin(id="coin-4")])
    assert [row.coin_id for row in rows] == [f"coin-{place}" for place in range(5)]
    assert (fault.subject, fault.reason, fault.day) == ("coin-4", "stands twice", date(2026, 8, 22))


def test_of_a_coin_sent_twice_with_two_prices_neither_is_believed() -> None:
    rows, (fault,) = read(CASES["coins"], [*CASES["coins"].rows[:5], coin(id="coin-4", current_price=1)])
    assert [row.coin_id for row in rows] == [f"coin-{place}" for place in range(4)]
    assert fault.subject == "coin-4"


@pytest.mark.parametrize("name", ["tvl", "stablecoins", "fear and greed"])
def test_of_a_day_sent_twice_alike_one_stands(name: str) -> None:
    case = CASES[name]
    rows, (fault,) = read(case, [*case.rows, case.rows[3]])
    assert rows == read(case, case.rows)[0]
    assert fault.day == DAYS[3]


def test_nothing_but_doubles_that_differ_is_refused() -> None:
    with pytest.raises(SourceChangedShape, match="stands twice"):
        read(CASES["tvl"], [{"date": stamp(LAST), "tvl": 1}, {"date": stamp(LAST), "tvl": 2}])


def test_the_snapshot_is_of_the_newest_time_that_is_not_ahead_of_the_clock() -> None:
    times = ("2026-08-22T10:46:00Z", "2026-08-23T09:00:00Z", "2026-08-22T11:00:00Z")
    rows = [coin(id=time, last_updated=time) for time in times]
    with answering(json.dumps(rows).encode()) as http:
        snapshot = CoinGecko(http, None).markets(COUNT, NOW)
    assert snapshot.updated_at == datetime(2026, 8, 22, 11, tzinfo=UTC)
    with answering(json.dumps(rows[1:2]).encode()) as http:
        assert CoinGecko(http, None).markets(COUNT, NOW).date == date(2026, 8, 23)
