"""FRED's and Yahoo's parsers against anything JSON or a text can say, and good bodies with one thing broken."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import lives
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import NOW

from datasets.crypto.source.test_crypto_fuzz import broken, leaves, many, places, values
from datasets.liquidity.source.liquidity_kit import KEY, chart, observations
from tray_app.core.errors import AppError
from tray_app.datasets.liquidity.source.fred import Fred
from tray_app.datasets.liquidity.source.yahoo import Yahoo
from tray_app.net.request import Request, Response, refusal

GOOD: dict[str, Any] = {
    "fred": observations(("2026-08-17", "5.30"), ("2026-08-18", "."), ("2026-08-19", "-0.5")),
    "yahoo": chart([("2026-08-19T13:30", 15.0), ("2026-08-20T13:30", None), ("2026-08-21T13:30", 17.25)]),
}
CSV = "observation_date,SOFR\n2026-08-17,5.30\n2026-08-18,\n2026-08-19,5.31\n"


class Fixed:
    """Stands for the HTTP client: gives one body."""

    def __init__(self, body: bytes, status: int = 200, content_type: str = "application/json") -> None:
        self._answer = Response(status, content_type, body)

    def get(self, request: Request) -> Response:
        if self._answer.status == 200:
            return self._answer
        raise request.classify(self._answer) or refusal(request.host, self._answer)


ASKS: dict[str, Callable[[Any], Any]] = {
    "fred": lambda http: Fred(http, KEY).observations("SOFR", None, NOW).rows,
    "yahoo": lambda http: Yahoo(http).closes("^VIX", date(1970, 1, 1), NOW).rows,
    "csv": lambda http: Fred(http, None).csv_observations("SOFR", None, NOW).rows,
}


def check(name: str, body: bytes, status: int = 200) -> None:
    told = ""
    points: Any = ()
    try:
        points = ASKS[name](Fixed(body, status))
    except AppError as error:
        told = str(error)
    assert told.isprintable()
    assert KEY not in told
    found = leaves(points)
    assert all(isinstance(leaf, date) or abs(leaf) <= 1e18 for leaf in found)
    dates = [point.date for point in points]
    assert dates == sorted(set(dates))
    life = lives.YAHOO if name == "yahoo" else lives.FRED
    # Yahoo's zone is part of its body.
    assert all(life.holds(day, NOW + timedelta(hours=26 if name == "yahoo" else 0)) for day in dates)
    assert name != "yahoo" or all(point.value > 0 for point in points)


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8")


@pytest.mark.parametrize("name", sorted(GOOD))
def test_the_good_body_is_good(name: str) -> None:
    assert len(ASKS[name](Fixed(encoded(GOOD[name])))) == 2
    assert len(ASKS["csv"](Fixed(CSV.encode(), content_type="application/csv"))) == 2


@pytest.mark.parametrize("name", sorted(GOOD))
@many
@given(body=values)
def test_any_json_is_refused_in_our_own_words(name: str, body: Any) -> None:
    check(name, encoded(body))


@pytest.mark.parametrize("name", sorted(GOOD))
@many
@given(data=st.data())
def test_a_good_body_with_one_thing_broken(name: str, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(places(GOOD[name])))
    check(name, encoded(broken(GOOD[name], path, data.draw(st.one_of(values, st.just(...)) if path else values))))


@pytest.mark.parametrize("name", sorted(GOOD))
@many
@given(end=st.integers(0, 10_000), junk=st.binary(max_size=5))
def test_a_body_cut_anywhere_gives_nothing_wrong(name: str, end: int, junk: bytes) -> None:
    body = encoded(GOOD[name])
    if end < len(body):
        with pytest.raises(AppError):
            ASKS[name](Fixed(body[:end]))
    check(name, body[:end] + junk)


@pytest.mark.parametrize("name", sorted(ASKS))
@many
@given(
    body=st.one_of(values.map(encoded), st.binary(max_size=60)),
    status=st.sampled_from([302, 400, 404, 422, 429, 503, 999]),
)
def test_any_error_body_is_told_in_our_own_words(name: str, body: bytes, status: int) -> None:
    check(name, body, status)


@many
@given(text=st.text(st.sampled_from("observation_date,SOFR\n2026-08-17.5\r <>\u0085\u2028\ufeff"), max_size=40))
def test_any_text_behind_the_header(text: str) -> None:
    check("csv", f"observation_date,SOFR\n{text}\n".encode())


@many
@given(end=st.integers(0, len(CSV) - 1))
def test_a_cut_file_is_refused_unless_it_ends_with_a_line(end: int) -> None:
    whole = {("2026-08-17", 5.30), ("2026-08-19", 5.31)}
    try:
        points = ASKS["csv"](Fixed(CSV[:end].encode()))
    except AppError:
        return
    assert {(str(point.date), point.value) for point in points} <= whole
