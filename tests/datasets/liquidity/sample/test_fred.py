"""The sample FRED: real shapes, real calendars, real refusals, and the same values whoever asks first."""

import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from demo.kit import RECORDED_DAY, SHARED_HOSTS, ask
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import RECORDED

from tray_app.core.checks.value_rules import check_values
from tray_app.core.series import SeriesPoint
from tray_app.datasets.liquidity.catalogue import Frequency, MacroSeries, Provider, Restriction, catalogue
from tray_app.datasets.liquidity.rules.plausible import rate
from tray_app.datasets.liquidity.sample.fred import SAMPLE_FRED_KEY
from tray_app.demo.hosts import sample_hosts
from tray_app.demo.misbehave import Mode
from tray_app.demo.wire import Request

YAHOO, BROWSER = "query1.finance.yahoo.com", (("User-Agent", "Mozilla/5.0"),)
FRED, GRAPH, PATH = "api.stlouisfed.org", "fred.stlouisfed.org", "/fred/series/observations"
SERIES = {one.series_id: one for one in catalogue() if one.provider is Provider.FRED}
ICE = sorted(name for name, one in SERIES.items() if one.restriction is Restriction.ICE)
RECORDINGS = RECORDED / "liquidity" / "fred_json"
# A Friday evening in New York.
NOW = datetime(2026, 11, 20, 21, 45, tzinfo=UTC)

moments = st.integers(0, 39 * 365 * 24).map(lambda hours: datetime(1989, 6, 1, tzinfo=UTC) + timedelta(hours=hours))


def query(series: str, start: str = "", key: str = SAMPLE_FRED_KEY) -> str:
    return f"series_id={series}&api_key={key}&file_type=json" + (f"&observation_start={start}" if start else "")


def body(series: str, start: str = "", now: datetime = NOW) -> Any:
    reply = ask(FRED, PATH, query(series, start), now)
    assert reply.status == 200, reply.body
    return json.loads(reply.body)


def rows(series: str, start: str = "", now: datetime = NOW) -> dict[str, str]:
    return {row["date"]: row["value"] for row in body(series, start, now)["observations"]}


def values(series: str, start: str = "", now: datetime = NOW) -> dict[str, float]:
    return {day: float(value) for day, value in rows(series, start, now).items() if value != "."}


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason=f"the recordings to compare with are not here: {RECORDINGS}")
def test_the_body_has_the_fields_of_the_real_one_in_their_order() -> None:
    real = json.loads((RECORDINGS / "series_observations_RIFSPPAAAD30NB_2024-01.json").read_bytes())
    made = body("DCPF3M", "2026-01-01")
    assert [(key, type(value)) for key, value in made.items()] == [(key, type(value)) for key, value in real.items()]
    assert made["observations"][0].keys() == real["observations"][0].keys()
    assert {type(value) for row in made["observations"] for value in row.values()} == {str}
    fixed = ("units", "output_type", "file_type", "order_by", "sort_order", "offset", "limit")
    assert [made[name] for name in fixed] == [real[name] for name in fixed]


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason=f"the recordings to compare with are not here: {RECORDINGS}")
@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (query("SOFR", key="a" * 32), "error_400_api_key_not_registered"),
        (query("SOFR", key=""), "error_400_api_key_not_set"),
        (query("NOSUCH"), "error_400_series_does_not_exist"),
    ],
)
def test_refusals_are_the_real_ones(asked: str, name: str) -> None:
    reply = ask(FRED, PATH, asked, NOW)
    assert reply.status == 400
    assert json.loads(reply.body) == json.loads((RECORDINGS / f"{name}.json").read_bytes())


@pytest.mark.parametrize("series", sorted(SERIES))
def test_every_series_of_the_catalogue_from_1990_or_its_start(series: str) -> None:
    answer = body(series)
    days = [row["date"] for row in answer["observations"]]
    assert answer["count"] == len(days)
    assert days == sorted(set(days))
    starts = max(SERIES[series].starts, date(1990, 1, 1))
    if series not in ICE:
        assert starts <= date.fromisoformat(days[0]) <= starts + timedelta(days=92)
    newest = date(2022, 1, 21) if SERIES[series].ended else NOW.date()
    assert newest - timedelta(days=60) < date.fromisoformat(days[-1]) <= newest
    assert len(values(series)) > 0.9 * len(days)


def test_the_sample_key_has_the_form_of_a_key() -> None:
    assert len(SAMPLE_FRED_KEY) == 32
    assert SAMPLE_FRED_KEY.isalnum()
    assert SAMPLE_FRED_KEY.lower() == SAMPLE_FRED_KEY
    for key in (SAMPLE_FRED_KEY.upper(), "short"):
        assert b"api_key" in ask(FRED, PATH, query("SOFR", key=key), NOW).body


def test_holidays_are_dots_and_weekends_are_absent() -> None:
    november = rows("SOFR", "2026-11-01")
    assert november["2026-11-11"] == "."
    assert "2026-11-14" not in november
    assert list(november)[-1] == "2026-11-19"
    assert rows("VIXCLS", "2026-01-01")["2026-11-11"] != "."
    assert rows("VIXCLS", "2026-01-01")["2026-04-03"] == "."
    assert rows("DGS10", "2026-01-01")["2026-04-03"] != "."


def test_calendars_of_their_own() -> None:
    assert {date.fromisoformat(day).weekday() for day in rows("DFF", "2026-01-01")} == set(range(7))
    assert {date.fromisoformat(day).weekday() for day in rows("WALCL")} == {2}
    assert {date.fromisoformat(day).weekday() for day in rows("STLFSI4")} == {4}
    assert {day[5:] for day in rows("DRTSCILM")} == {"01-01", "04-01", "07-01", "10-01"}
    assert list(rows("TEDRATE"))[-1] == "2022-01-21"


@pytest.mark.parametrize("series", ICE)
def test_ice_series_are_a_window_of_three_years_that_moves(series: str) -> None:
    later = NOW + timedelta(days=30)
    assert min(rows(series)) == "2023-11-20"
    assert min(rows(series, "2000-01-01", later)) == "2023-12-20"
    assert min(rows(series, now=datetime(2028, 2, 29, 15, tzinfo=UTC))) == "2025-02-28"
    assert "2026-05-31" in values(series)
    assert rows(series)["2026-11-11"] == "."


@pytest.mark.parametrize(
    ("series", "at", "newest"),
    [
        ("SOFR", datetime(2026, 11, 20, 12, 59, tzinfo=UTC), "2026-11-18"),
        ("SOFR", datetime(2026, 11, 20, 13, 0, tzinfo=UTC), "2026-11-19"),
        ("BAA10Y", datetime(2026, 11, 20, 13, 0, tzinfo=UTC), "2026-11-18"),
        ("BAA10Y", datetime(2026, 11, 20, 20, 30, tzinfo=UTC), "2026-11-19"),
        ("DEXKOUS", datetime(2026, 11, 23, 20, 0, tzinfo=UTC), "2026-11-13"),
        ("DEXKOUS", datetime(2026, 11, 23, 20, 30, tzinfo=UTC), "2026-11-20"),
        ("DEXKOUS", datetime(2026, 9, 7, 21, 0, tzinfo=UTC), "2026-08-28"),  # Labor Day
        ("DEXKOUS", datetime(2026, 9, 8, 21, 0, tzinfo=UTC), "2026-09-04"),
        ("T10Y2Y", datetime(2026, 11, 20, 20, 0, tzinfo=UTC), "2026-11-19"),
        ("T10Y2Y", datetime(2026, 11, 20, 21, 0, tzinfo=UTC), "2026-11-20"),
        ("SOFR", datetime(2026, 11, 22, 13, 0, tzinfo=UTC), "2026-11-19"),
        ("SOFR", datetime(2026, 11, 23, 13, 0, tzinfo=UTC), "2026-11-20"),
        ("WALCL", datetime(2026, 11, 19, 13, 0, tzinfo=UTC), "2026-11-18"),
    ],
)
def test_values_come_out_as_late_as_the_real_ones(series: str, at: datetime, newest: str) -> None:
    assert max(rows(series, "2026-01-01", at)) == newest


@pytest.mark.parametrize(("frequency", "days"), [(Frequency.DAILY, 5), (Frequency.WEEKLY, 1), (Frequency.QUARTERLY, 7)])
def test_a_series_needs_no_line_but_that_of_the_catalogue(
    monkeypatch: pytest.MonkeyPatch, frequency: Frequency, days: int
) -> None:
    one = MacroSeries("DGS5", "Treasury yield", "%", Provider.FRED, date(1986, 1, 2), frequency, rules=rate(1.0, 16))
    both = replace(one, series_id="^TNX", provider=Provider.YAHOO)
    wider = (*catalogue(), one, both)
    for name in ("catalogue", "sample.macro"):
        monkeypatch.setattr(f"tray_app.datasets.liquidity.{name}.catalogue", lambda: wider)
    hosts = sample_hosts()
    answer = json.loads(ask(FRED, PATH, query("DGS5"), NOW, hosts=hosts).body)["observations"]
    told = {row["date"]: row["value"] for row in answer if row["value"] != "."}
    points = [SeriesPoint(date.fromisoformat(day), float(value)) for day, value in told.items()]
    assert len({point.date.weekday() for point in points}) == days
    assert len({point.value for point in points}) > 20
    assert check_values("DGS5", points, one.rules) == ()
    path = "/v8/finance/chart/^TNX"
    chart = json.loads(ask(YAHOO, path, "range=1mo", NOW, headers=BROWSER, hosts=hosts).body)["chart"]["result"][0]
    assert len(chart["timestamp"]) > 18


def test_crises_stand_out() -> None:
    vix, spread, sofr, effr = (values(name) for name in ("VIXCLS", "BAA10Y", "SOFR", "EFFR"))
    assert max(vix, key=lambda day: vix[day])[:4] in {"2008", "2020"}
    for crisis, calm in (
        ("2008-11", "2006-11"),
        ("2020-03", "2019-04"),
        ("2011-08", "2011-04"),
        ("2022-09", "2021-08"),
    ):
        assert mean(vix, crisis) > 1.3 * mean(vix, calm)
        assert mean(spread, crisis) > 1.1 * mean(spread, calm)
    assert sofr["2019-09-17"] - effr["2019-09-17"] > 2.5
    assert sofr["2019-09-10"] - effr["2019-09-10"] < 0.1
    assert mean(values("NFCI"), "2008-11") > 1.5
    assert mean(values("NFCI"), "2006-11") < 0
    assert min(values("DGS3MO").values()) > 0


def mean(series: dict[str, float], month: str) -> float:
    found = [value for day, value in series.items() if day.startswith(month)]
    return sum(found) / len(found)


def test_another_server_says_the_same_whatever_is_asked_first() -> None:
    fresh = sample_hosts()
    for series in sorted(SERIES, reverse=True):
        for now in (NOW, NOW - timedelta(days=4000), NOW):
            assert ask(FRED, PATH, query(series), now).body == ask(FRED, PATH, query(series), now, hosts=fresh).body


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(SERIES)), moments, st.integers(1, 900))
def test_the_past_never_changes(series: str, now: datetime, days_later: int) -> None:
    earlier, later = rows(series, now=now), rows(series, now=now + timedelta(days=days_later))
    assert all(later[day] == value for day, value in earlier.items() if day in later)
    if series not in ICE:
        assert earlier.keys() <= later.keys()


def test_a_whole_history_takes_no_time() -> None:
    fresh = sample_hosts()
    ask(FRED, PATH, query("VIXCLS"), NOW, hosts=fresh)
    began = time.process_time()
    assert len(ask(FRED, PATH, query("DGS10"), NOW, hosts=fresh).body) > 800_000
    # Some 30 ms of its own.
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize(
    ("mode", "status", "words"),
    [
        (Mode.RATE_LIMITED, 429, b"Exceeded Rate Limit"),
        (Mode.SERVER_ERROR_HTML, 504, b"504 Gateway Time-out"),
        (Mode.WRONG_KEY, 400, b"api_key is not registered"),
        (Mode.REFUSED_KEY, 400, b"api_key is not registered"),
    ],
)
def test_its_own_errors(mode: Mode, status: int, words: bytes) -> None:
    reply = SHARED_HOSTS[FRED].refusal(mode, asked(query("SOFR")))
    assert reply is not None
    assert reply.status == status
    assert words in reply.body


def test_a_partial_body_lacks_half_of_what_it_counts() -> None:
    reply = SHARED_HOSTS[FRED].refusal(Mode.PARTIAL_BODY, asked(query("SOFR", "2026-08-01")))
    assert reply is not None
    answer = json.loads(reply.body)
    assert len(answer["observations"]) == answer["count"] // 2 > 0
    refused = SHARED_HOSTS[FRED].refusal(Mode.PARTIAL_BODY, asked(query("NOSUCH")))
    assert refused is not None
    assert refused.status == 400


def asked(text: str) -> Request:
    pairs = (part.partition("=") for part in text.split("&"))
    return Request("GET", FRED, PATH, tuple((name, value) for name, _, value in pairs), (), b"", NOW)


def test_odd_questions() -> None:
    assert ask(FRED, "/fred/series", query("SOFR"), NOW).status == 404
    assert ask(FRED, PATH, query("SOFR", "2026-13-01"), NOW).status == 400
    assert ask(FRED, PATH, query("SOFR").replace("json", "xml"), NOW).content_type == "text/xml"
    assert rows("SOFR", "2027-01-01") == {}
    assert rows("SOFR", now=datetime(1980, 1, 1, tzinfo=UTC)) == {}


def test_the_file_says_the_same() -> None:
    reply = ask(GRAPH, "/graph/fredgraph.csv", "id=SOFR&cosd=2026-11-09", NOW)
    header, *lines = reply.body.decode("ascii").splitlines()
    assert (reply.content_type, header) == ("application/csv", "observation_date,SOFR")
    expected = rows("SOFR", "2026-11-09")
    assert dict(line.split(",") for line in lines) == {
        day: "" if value == "." else value for day, value in expected.items()
    }
    whole = ask(GRAPH, "/graph/fredgraph.csv", "id=SOFR", NOW).body
    assert whole.endswith(b"\n")
    assert len(whole.splitlines()) == len(rows("SOFR")) + 1
    assert ask(GRAPH, "/graph/fredgraph.csv", "id=NOSUCH", NOW).status == 404
    assert ask(GRAPH, "/", "id=SOFR", NOW).status == 404


def test_the_shared_clock_of_the_other_tests_has_data_too() -> None:
    assert max(rows("SOFR", "2026-08-01", RECORDED_DAY)) == "2026-08-20"
