"""Dates of feeds: understood whole, or not at all."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.datasets.news.source.feed_dates import feed_instant

SEOUL = "Asia/Seoul"


def seoul(sent: str) -> datetime | None:
    return feed_instant(sent, SEOUL)


@pytest.mark.parametrize(
    ("sent", "day", "hour", "minute"),
    [
        ("2026-09-01T18:00:00 +09:00", 1, 9, 0),
        ("2026-09-01 18:00:00 -05:00", 1, 23, 0),
        ("2026-09-01 18:00:00 \u22120500", 1, 23, 0),
        ("Tue, 1 Sep 2026 18:00:00 +09:00", 1, 9, 0),
        ("Tue, 1 Sep 2026 18:00:00 GMT+0900 (Korean Standard Time)", 1, 9, 0),
        ("Tue, 1 Sep 2026 18:00:00 GMT+9", 1, 9, 0),
        ("Tue, 1 Sep 2026 18:00:00 +0900 KST", 1, 9, 0),
        ("Tue, 1 Sep 2026 18:00:00 -0000", 1, 18, 0),
        ("Tue, 1 Sep 2026 18:00:00 CET", 1, 17, 0),
        ("Tue, 1 Sep 2026 18:00:00 CEST", 1, 16, 0),
        ("Tue, 1 Sep 2026 18:00:00 JST", 1, 9, 0),
        ("Tue, 1 Sep 2026 18:00:00 (KST)", 1, 9, 0),
        ("Tue, 1 Sep 26 18:00 EST", 1, 23, 0),
        ("Tue, 1 Sep 2026 06:00 PM ET", 1, 22, 0),
        ("2026-09-01T18:00+09:00[Asia/Seoul]", 1, 9, 0),
        ("2026-09-01 18:00 Asia/Tokyo", 1, 9, 0),
        ("2026-09-01T18:00:00,5Z", 1, 18, 0),
        ("20260901T180000+0900", 1, 9, 0),
        ("Sun, 20 09 2026 23:10:46 +0900", 20, 14, 10),
        ("2026년 9월 1일 오전 10:00", 1, 1, 0),
        ("2026년 9월 1일 (화) 오후 3시 5분", 1, 6, 5),
        ("2026년 09월 01일 화요일 15시 30분 20초", 1, 6, 30),
        ("2026년9월1일오전10:00", 1, 1, 0),
        ("2026. 9. 1. 오후 12:10", 1, 3, 10),
        ("2026.09.01(화) 10:00", 1, 1, 0),
        ("2026/09/01 오후 14:10", 1, 5, 10),
        ("20260901100000", 1, 1, 0),
        ("202609011000", 1, 1, 0),
        ("20260901 10:00", 1, 1, 0),
        ("1 Sept 2026 10:00", 1, 1, 0),
        ("September 1st, 2026, 10:00 a.m.", 1, 1, 0),
        ("Tue Sep  1 10:00:00 2026", 1, 1, 0),
        ("Tue Sep 01 10:00:00 KST 2026", 1, 1, 0),
        ("10:00 KST, 1 Sept 2026", 1, 1, 0),
        ("2026-09-01T24:00:00+09:00", 1, 15, 0),
        ("Tue, 1 Sep 2026 09:59:60 +0900", 1, 1, 0),
    ],
)
def test_forms(sent: str, day: int, hour: int, minute: int) -> None:
    found = seoul(sent)
    assert found is not None
    assert found.replace(second=0) == datetime(2026, 9, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("sent", ["1 Sept 2026", "2026년 9월 1일", "20260901", "2026-09-01 +0900", "2026-09-01+09:00"])
def test_a_date_alone_is_midnight(sent: str) -> None:
    assert seoul(sent) == datetime(2026, 8, 31, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "18:00:00 +09:00",
        "Tue, 1 Sep 2026 18:00:00 XYZ",
        "Tue, 1 Sep 2026 18:00:00 IST",
        "Tue, 1 Sep 2026 18:00:00 K",
        "Tue, 1 Sep 2026 18:00:00 +1500",
        "Tue, 1 Sep 2026 18:00:00 +0960",
        "Tue, 1 Sep 2026 18:00:00 Nowhere/City",
        "2026-09-01 18:00 +09:00 +09:00",
        "2026-09-01T18:00:00Z+09:00",
        "2026-09-01 18:00 or so",
        "09/01/2026 18:00",
        "2026-09-01T24:01:00+09:00",
        "2026-09-01 18:60",
        "2026-09-01 18:00:61",
        "2026-09-01 오전 18:00",
        "2026-09-01 18",
        "2026-09-31",
        "2026-W36-2",
        "1788220800",
        "0000-00-00 00:00:00",
        "9" * 1000,
    ],
)
def test_what_cannot_be_understood_whole_is_unreadable(sent: str) -> None:
    assert seoul(sent) is None


instants = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
quarters = st.integers(-12 * 4, 14 * 4).map(lambda number: timedelta(minutes=15 * number))


@given(
    instants,
    quarters,
    st.sampled_from(("%Y-%m-%dT%H:%M:%S{}", "%a, %d %b %Y %H:%M:%S {}", "%Y년 %m월 %d일 %H:%M:%S {}")),
)
def test_an_offset_is_never_lost(instant: datetime, east: timedelta, form: str) -> None:
    local = instant.astimezone(timezone(east))
    sent = local.strftime(form).format(local.strftime("%z"))
    colon = local.strftime(form).format(f"{local.strftime('%z')[:3]}:{local.strftime('%z')[3:]}")
    assert feed_instant(sent, SEOUL) == feed_instant(colon, "UTC") == instant.replace(microsecond=0)


@given(st.text(st.sampled_from("2026-09:01 TZKSGM+년월일오전후시분().,/PSept"), max_size=40))
def test_whatever_follows_an_offset_is_not_ignored(text: str) -> None:
    found = feed_instant(f"2026-09-01T10:00:00+09:00{text}", "UTC")
    assert found in {None, datetime(2026, 9, 1, 1, tzinfo=UTC)}


@given(st.text(max_size=60))
def test_any_text_is_an_instant_or_unreadable(text: str) -> None:
    found = seoul(text)
    assert found is None or found.tzinfo is UTC
