"""The lags of the catalogue against what was really on FRED at known instants."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from datasets.liquidity.rules.recorded import read_values, recordings_root
from tray_app.datasets.liquidity.catalogue import MacroSeries, catalogue
from tray_app.datasets.liquidity.rules.index_days import IndexDays

NEW_YORK = ZoneInfo("America/New_York")
SERIES = {each.series_id: each for each in catalogue()}
# The files of fred_csv were fetched at 2026-05-27 01:20 UTC, the evening after Memorial Day's weekend in New York.
FETCHED_ON = date(2026, 5, 26)
WEEKDAYS = {"WALCL": 2, "WRESBAL": 2, "NFCI": 4, "STLFSI4": 4}
# From this hour of New York on a day counts as over.
EVENING = time(20, 0)


@pytest.fixture(scope="module")
def root() -> Path:
    found = recordings_root()
    if not found.exists():
        pytest.skip("the recordings of the liquidity collector are not beside this repository")
    return found


def newest_due(series: MacroSeries, day: date) -> date:
    """Return the newest date whose value is published by the end of a day, on the weekday of a weekly series."""
    days = IndexDays(day - timedelta(days=60), day)
    business = [days.business.ordinal(number) for number in range(len(days.business))]
    dates = [
        each
        for each in business
        if each <= day.toordinal()
        and date.fromordinal(each).weekday() == WEEKDAYS.get(series.series_id, (each - 1) % 7)
    ]
    known = days.known(dates, series)
    return date.fromordinal(max(each for each, number in zip(dates, known, strict=True) if number < len(days)))


@pytest.mark.parametrize(
    "series_id",
    ["SOFR", "DGS3MO", "DGS2", "DGS10", "T10Y2Y", "T10Y3M", "RRPONTSYD", "DTWEXBGS", "DEXKOUS", *WEEKDAYS],
)
def test_what_was_there_that_evening_is_what_the_lag_says(root: Path, series_id: str) -> None:
    newest = max(read_values(root / f"fred_csv/{series_id}.csv"))
    assert newest == newest_due(SERIES[series_id], FETCHED_ON)


@pytest.mark.parametrize("series_id", ["BAA10Y", "AAA10Y", "VIXCLS"])
def test_a_year_of_daily_snapshots_bears_the_lag_out(root: Path, series_id: str) -> None:
    expected = [newest == newest_due(SERIES[series_id], day) for day, newest in snapshots(root, series_id)]
    assert len(expected) > 80
    # FRED is now and then a day late, for holidays of its own.
    assert expected.count(True) >= 0.9 * len(expected)


def snapshots(root: Path, series_id: str) -> Iterator[tuple[date, date]]:
    """Yield New York's days that were over when FRED was asked, and the newest date it had then.

    Most were asked on the morning after, when nothing new is out yet; on the morning after a Friday FRED has caught up.
    """
    file = root / "vintages" / "fred_snapshot_availability_2025-07_2026-04.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            at = datetime.fromisoformat(row["snapshot_utc"]).astimezone(NEW_YORK)
            day = at.date() if at.time() >= EVENING else at.date() - timedelta(days=1)
            is_clear = at.time() >= EVENING or at.weekday() in (5, 6)
            if row["series"] == series_id and is_clear:
                yield day, date.fromisoformat(row["last_obs"])
