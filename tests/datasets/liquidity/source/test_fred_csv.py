"""The file behind FRED's charts: both its forms, and what is no whole file of the series."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from net.replies import Told, page, told
from support import NOW, client

from datasets.liquidity.source.liquidity_kit import FRED_CSV, KEY
from tray_app.core.errors import AppError, RateLimited, SourceChangedShape, SourceDown
from tray_app.core.series import SeriesPoint
from tray_app.datasets.liquidity.source.fred import FRED_CSV_HOST, Fred, UnknownSeries
from tray_app.demo.wire import Reply
from tray_app.net.http import HttpClient

SINCE = date(2026, 8, 10)
POINTS = (SeriesPoint(date(2026, 8, 17), 5.30), SeriesPoint(date(2026, 8, 19), -0.5))


@contextmanager
def answering(*replies: Reply) -> Iterator[tuple[HttpClient, Told]]:
    with told(*replies, hosts=(FRED_CSV,)) as (url, seen), client(url) as http:
        yield http, seen


def read_file(text: str | bytes, since: date | None = None, series: str = "SOFR") -> tuple[SeriesPoint, ...]:
    body = text.encode("utf-8") if isinstance(text, str) else text
    with answering(Reply(200, body, "application/csv")) as (http, _seen):
        return Fred(http, None).csv_observations(series, since, NOW).rows


def test_the_file_needs_no_key() -> None:
    reply = Reply(200, b"observation_date,SOFR\n2026-08-17,5.30\n", "application/csv")
    with answering(reply) as (http, seen):
        assert Fred(http, None).csv_observations("SOFR", SINCE, NOW).rows == POINTS[:1]
        Fred(http, KEY).csv_observations("SOFR", None, NOW)
    assert [(one.host, one.path, dict(one.query)) for one in seen.seen] == [
        (FRED_CSV_HOST, "/graph/fredgraph.csv", {"id": "SOFR", "cosd": "2026-08-10"}),
        (FRED_CSV_HOST, "/graph/fredgraph.csv", {"id": "SOFR"}),
    ]


@pytest.mark.parametrize("header", ["observation_date,SOFR", "DATE,SOFR", "\ufeffobservation_date,SOFR"])
@pytest.mark.parametrize("missing", ["", "."])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_both_headers_and_both_ways_to_miss_a_value(header: str, missing: str, end: str) -> None:
    lines = (header, "2026-08-17,5.30", f"2026-08-18,{missing}", "2026-08-19,-0.5", "")
    assert read_file(end.join(lines)) == POINTS
    assert read_file(end.join(lines), date(2026, 8, 18)) == POINTS[1:]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "<!DOCTYPE html><html></html>\n",
        "observation_date,EFFR\n2026-08-17,5.30\n",
        "observation_date\n2026-08-17\n",
        "observation_date,SOFR,EFFR\n2026-08-17,5.30,5.31\n",
        "2026-08-17,5.30\n",
        "observation_date,SOFR\n2026-08-17,5.3",
        "observation_date,SOFR\n2026-08-17\n",
        "observation_date,SOFR\n2026-08-17,5.30,1\n",
        "observation_date,SOFR\n2026-08-17,nan\n",
        b"\xff\xfe\n",
    ],
)
def test_what_is_no_whole_file_of_the_series_is_refused(text: str | bytes) -> None:
    with pytest.raises(SourceChangedShape, match=FRED_CSV_HOST):
        read_file(text)


def test_a_page_that_says_it_is_a_file_is_told_as_a_page() -> None:
    with pytest.raises(SourceChangedShape, match="web page"):
        read_file("\r\n <html>Just a moment...</html>\n")


@pytest.mark.parametrize(
    ("reply", "kind", "requests"),
    [(page(404), UnknownSeries, 1), (page(504), SourceDown, 2), (page(429), RateLimited, 2)],
)
def test_refusals_of_the_file(reply: Reply, kind: type[AppError], requests: int) -> None:
    with answering(reply) as (http, seen):
        with pytest.raises(kind, match=FRED_CSV_HOST):
            Fred(http, None).csv_observations("SOFR", SINCE, NOW)
        assert len(seen.seen) == requests
