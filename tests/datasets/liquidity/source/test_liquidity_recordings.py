"""What FRED and Yahoo really answered, through the parsers."""

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from net.replies import json_body, told
from support import NOW, client

from datasets.liquidity.source.liquidity_kit import FRED, FRED_CSV, KEY, RECORDINGS, YAHOO, needs_recordings, recorded
from tray_app.core.errors import AppError, KeyRefused, RateLimited, SourceChangedShape
from tray_app.core.series import SeriesPoint
from tray_app.datasets.liquidity.source.fred import Fred, UnknownSeries
from tray_app.datasets.liquidity.source.yahoo import Yahoo
from tray_app.demo.wire import Reply

pytestmark = needs_recordings


def observed(name: str, status: int = 200, since: date | None = None) -> tuple[SeriesPoint, ...]:
    with (
        told(json_body(recorded(f"fred_json/{name}.json"), status), hosts=(FRED,)) as (url, _seen),
        client(url) as http,
    ):
        return Fred(http, KEY).observations("SOFR", since, NOW).rows


def from_file(name: str, since: date | None = None) -> tuple[SeriesPoint, ...]:
    reply = Reply(200, recorded(f"fred_csv/{name}.csv"), "application/csv")
    with told(reply, hosts=(FRED_CSV,)) as (url, _seen), client(url) as http:
        return Fred(http, None).csv_observations(name.partition("_")[0], since, NOW).rows


def closes(name: str, symbol: str, now: datetime, since: date = date(1970, 1, 1)) -> tuple[SeriesPoint, ...]:
    with told(json_body(recorded(f"yahoo/{name}.json")), hosts=(YAHOO,)) as (url, _seen), client(url) as http:
        return Yahoo(http).closes(symbol, since, now).rows


# --- FRED ---------------------------------------------------------------------------------------------------------


def test_observations_of_sofr() -> None:
    assert [(str(point.date), point.value) for point in observed("series_observations_SOFR_2024-06")] == [
        ("2024-06-03", 5.35),
        ("2024-06-04", 5.33),
        ("2024-06-05", 5.33),
        ("2024-06-06", 5.33),
    ]


def test_holidays_of_commercial_paper_are_no_points() -> None:
    name = "series_observations_RIFSPPAAAD30NB_2024-01"
    rows = json.loads(recorded(f"fred_json/{name}.json"))["observations"]
    points = observed(name)
    assert [(str(one.date), f"{one.value:.2f}") for one in points] == [
        (row["date"], row["value"]) for row in rows if row["value"] != "."
    ]
    assert len(rows) - len(points) == 2
    assert observed(name, since=date(2024, 1, 20))[0].date == date(2024, 1, 22)


def test_a_body_that_promises_more_than_it_holds_is_refused() -> None:
    with pytest.raises(SourceChangedShape, match="10 of 6826 observations came"):
        observed("series_observations_EFFR_first10_trimmed")


def test_the_body_of_another_question_is_refused() -> None:
    with pytest.raises(SourceChangedShape, match="observations is missing"):
        observed("series_metadata_RIFSPPAAAD30NB")


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("error_400_api_key_not_registered", KeyRefused, "does not know this key"),
        ("error_400_api_key_not_set", KeyRefused, "without a key"),
        ("error_400_series_does_not_exist", UnknownSeries, "no series SOFR"),
    ],
)
def test_recorded_errors(name: str, kind: type[AppError], words: str) -> None:
    with pytest.raises(kind, match=words):
        observed(name, status=400)


def file_names() -> list[str]:
    # Two of the folder were saved by a program and are no bodies of the host.
    names = (path.stem for path in RECORDINGS.glob("fred_csv/*.csv"))
    return sorted(name for name in names if name not in {"BAA10Y", "WTREGEN"}) or ["absent"]


@pytest.mark.parametrize("name", file_names())
def test_every_recorded_file_is_read_value_by_value(name: str) -> None:
    with (RECORDINGS / "fred_csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    points = from_file(name)
    assert [(str(point.date), point.value) for point in points] == [
        (day, float(value)) for day, value in rows if value not in {"", "."}
    ]


def test_both_headers_of_the_ted_spread() -> None:
    older, newer = from_file("TEDRATE_2020-10"), from_file("TEDRATE_2017-2022")
    shared = {point.date: point.value for point in older}
    assert all(shared[point.date] == point.value for point in newer if point.date in shared)
    assert SeriesPoint(date(2008, 10, 10), 4.58) in older
    assert newer[-1] == SeriesPoint(date(2022, 1, 21), 0.09)


def test_known_days() -> None:
    assert SeriesPoint(date(2019, 9, 17), 5.25) in from_file("SOFR")
    assert SeriesPoint(date(2020, 8, 4), 0.52) in from_file("DGS10")
    assert SeriesPoint(date(2009, 3, 2), 1570.1) in from_file("DEXKOUS")
    assert from_file("BAMLH0A0HYM2")[0].date == date(2023, 5, 29)
    assert from_file("RRPONTSYD", date(2026, 5, 25)) == (SeriesPoint(date(2026, 5, 26), 1.787),)


@pytest.mark.parametrize("name", ["BAA10Y", "WTREGEN"])
def test_a_file_without_the_hosts_header_is_refused(name: str) -> None:
    if not Path(RECORDINGS / "fred_csv" / f"{name}.csv").is_file():
        pytest.skip(f"{name}.csv is not among the recordings")
    with pytest.raises(SourceChangedShape, match=f"does not name {name}"):
        from_file(name)


# --- Yahoo --------------------------------------------------------------------------------------------------------

RUNNING = datetime(2026, 5, 27, 5, 40, tzinfo=UTC)
EVENING = datetime(2026, 5, 27, 12, 0, tzinfo=UTC)
NEXT_DAY = datetime(2026, 5, 27, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "symbol", "rows", "nulls"),
    [("360750.KS_1d_2020-2026", "360750.KS", 1408, 21), ("219480.KS_1d_2015-2026_60nulls", "219480.KS", 2695, 60)],
)
def test_recorded_charts_without_nulls_and_the_running_day(name: str, symbol: str, rows: int, nulls: int) -> None:
    points = closes(name, symbol, RUNNING)
    assert len(points) == rows - nulls - 1
    assert points[-1].date == date(2026, 5, 26)
    served = wire(name)
    sent = [close for close in served["indicators"]["quote"][0]["close"] if close is not None]
    assert [point.value for point in points] == sent[:-1]
    assert len({point.date for point in points}) == len(points)


def test_a_body_from_within_the_session_stays_without_that_day_until_it_is_over() -> None:
    name, symbol = "360750.KS_1d_2020-2026", "360750.KS"
    assert closes(name, symbol, EVENING)[-1].date == date(2026, 5, 26)
    assert closes(name, symbol, NEXT_DAY)[-1] == SeriesPoint(date(2026, 5, 27), 27995.0)


def test_dates_are_those_of_seoul_and_never_weekends() -> None:
    points = closes("360750.KS_1d_2020-2026", "360750.KS", RUNNING, date(2026, 5, 20))
    assert all(point.date.weekday() < 5 for point in closes("360750.KS_1d_2020-2026", "360750.KS", RUNNING))
    assert points[0].date == date(2026, 5, 20)


def test_the_chart_of_a_future_leaves_its_running_day_out() -> None:
    now = datetime(2026, 8, 5, 16, 20, tzinfo=UTC)
    points = closes("BZ_F_1mo_2026-08", "BZ=F", now)
    assert points[-1] == SeriesPoint(date(2026, 8, 4), 79.36000061035156)


def test_quarterly_rows_for_daily_ones_are_refused() -> None:
    with pytest.raises(SourceChangedShape, match="3mo instead of daily"):
        closes("DX-Y.NYB_range-max_degraded-3mo", "DX-Y.NYB", datetime(2026, 5, 27, 1, 20, tzinfo=UTC))


def test_the_live_row_of_that_chart_would_be_left_out_too() -> None:
    answer = json.loads(recorded("yahoo/DX-Y.NYB_range-max_degraded-3mo.json"))
    answer["chart"]["result"][0]["meta"]["dataGranularity"] = "1d"
    reply = json_body(json.dumps(answer))
    with told(reply, hosts=(YAHOO,)) as (url, _seen), client(url) as http:
        ask = Yahoo(http).closes
        assert ask("DX-Y.NYB", date(2026, 1, 1), datetime(2026, 5, 27, 1, 20, tzinfo=UTC)).rows[-1].date == date(
            2026, 4, 1
        )
        assert ask("DX-Y.NYB", date(2026, 1, 1), datetime(2026, 5, 27, 5, 0, tzinfo=UTC)).rows[-1].date == date(
            2026, 5, 26
        )


def test_recorded_refusals() -> None:
    unknown = json_body(recorded("yahoo/error_404_unknown_symbol.json"), 404)
    limited = Reply(429, recorded("yahoo/error_429_edge.txt"), "text/html")
    for reply, kind in ((unknown, UnknownSeries), (limited, RateLimited)):
        with told(reply, hosts=(YAHOO,)) as (url, seen), client(url) as http:
            with pytest.raises(kind):
                Yahoo(http).closes("^VIX", date(2026, 5, 1), RUNNING)
            assert len(seen.seen) == 1


def wire(name: str) -> Any:
    return json.loads(recorded(f"yahoo/{name}.json"))["chart"]["result"][0]
