from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.ui.labels import formats

FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e18, max_value=1e18)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
NOW = datetime(2026, 2, 19, 0, 1, tzinfo=UTC)
KOREA = timezone(timedelta(hours=9))


@given(FINITE)
def test_no_number_is_ever_scientific(value: float) -> None:
    for write in (formats.number, formats.price, formats.percent, formats.compact, formats.exact):
        assert "e" not in write(value).lower()


@given(FINITE)
def test_exact_loses_nothing(value: float) -> None:
    assert float(formats.exact(value) or "nan") == value


@given(st.floats(min_value=1e-9, max_value=1e12))
def test_a_price_keeps_four_digits_that_count(value: float) -> None:
    written = float(formats.price(value).replace(",", ""))
    assert written == pytest.approx(value, rel=6e-4 if value < 1 else 6e-3)


@given(FINITE)
def test_a_percentage_has_its_sign_and_two_decimals(value: float) -> None:
    text = formats.percent(value)
    body = text.removesuffix("%")
    assert len(body.rpartition(".")[2]) == 2
    digits = Decimal(body.replace(",", ""))
    assert text[0] == ("+" if digits > 0 else "-" if digits < 0 else "0")


@pytest.mark.parametrize(
    ("part", "text"),
    [(1.0, "100%"), (0.2, "20%"), (0.15, "15%"), (4 / 17, "23.5%"), (0.9999, "100%"), (0.0, "0%"), (0.0004, "0%")],
)
def test_a_share_has_a_decimal_only_where_it_tells_something(part: float, text: str) -> None:
    assert formats.share(part) == text


@given(st.floats(min_value=1, max_value=1e15))
def test_compact_stays_close(value: float) -> None:
    text = formats.compact(value)
    unit = {"T": 1e12, "B": 1e9, "M": 1e6, "k": 1e3}.get(text[-1], 1)
    written = float(text.rstrip("TBMk").replace(",", "")) * unit
    assert written == pytest.approx(value, rel=6e-3)


@given(st.sampled_from([formats.number, formats.price, formats.percent, formats.share, formats.compact]))
def test_nothing_is_a_dash(write: object) -> None:
    assert callable(write)
    for value in (None, float("nan"), float("inf")):
        assert write(value) == formats.NOTHING


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.314e12, "2.31T"),
        (-1.5e9, "-1.50B"),
        (999_999, "1,000.00k"),
        (12_345, "12.35k"),
        (750, "750"),
        (0, "0.00"),
    ],
)
def test_compact_in_english(value: float, text: str) -> None:
    assert formats.compact(value) == text


def test_compact_in_korean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "tr", lambda _text: "조 억 만")
    assert formats.compact(2.314e12) == "2.31조"
    assert formats.compact(3.5e8) == "3.50억"
    assert formats.compact(71_300) == "7.13만"


@pytest.mark.parametrize(
    ("value", "text"),
    [(96412.1, "$96,412.10"), (0.00001234, "$0.00001234"), (0.5, "$0.5000"), (-2, "-$2.00"), (0, "$0.00")],
)
def test_prices(value: float, text: str) -> None:
    assert formats.price(value, "$") == text


@given(MOMENTS, MOMENTS)
def test_relative_times_tell_past_from_future(moment: datetime, now: datetime) -> None:
    text = formats.relative(moment, now)
    if abs((now - moment).total_seconds()) < 44:
        assert text == "just now"
    else:
        assert text.endswith("ago") == (moment < now)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(seconds=50), "1 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(days=2), "2 d ago"),
        (timedelta(days=120), "4 months ago"),
        (timedelta(days=1000), "2 y ago"),
        (timedelta(hours=-6), "in 6 h"),
    ],
)
def test_relative_times(before: timedelta, text: str) -> None:
    assert formats.relative(NOW - before, NOW) == text


def test_absolute_times_name_kst() -> None:
    assert formats.absolute(NOW, KOREA) == "2026-02-19 09:01 KST"
    assert formats.absolute(NOW, UTC) == "2026-02-19 00:01 UTC (2026-02-19 09:01 KST)"
    new_york = timezone(timedelta(hours=-5))
    assert formats.absolute(NOW, new_york) == "2026-02-18 19:01 UTC-5 (2026-02-19 09:01 KST)"
    india = timezone(timedelta(hours=5, minutes=30))
    assert "UTC+5:30" in formats.absolute(NOW, india)
    assert formats.absolute(NOW).endswith(("KST", "KST)"))


def test_dates_durations_and_texts_for_machines() -> None:
    assert formats.day(date(2026, 2, 19)) == "2026-02-19"
    assert formats.day(None) == formats.NOTHING
    assert [formats.duration(seconds) for seconds in (0.2, 8.5, 130, 7300)] == [
        "under 1 s",
        "8 s",
        "2 min 10 s",
        "2 h 1 min",
    ]
    assert formats.exact("a\tb\nc") == "a b c"
    assert formats.exact(date(2026, 2, 19)) == "2026-02-19"
    assert formats.exact(1e-7) == "0.0000001"
    assert formats.exact(None) == formats.exact(float("nan")) == ""
