"""When a series stands still: by New York's business days."""

from datetime import UTC, datetime, timedelta

import pytest

from tray_app.core.quality import ValueCode
from tray_app.datasets.liquidity.catalogue import MacroSeries, catalogue
from tray_app.datasets.liquidity.rules.rhythm import unmoved

DAY = timedelta(days=1)


def series(series_id: str) -> MacroSeries:
    return next(each for each in catalogue() if each.series_id == series_id)


@pytest.mark.parametrize(
    ("series_id", "since", "last_well"),
    [
        # Over a weekend, over Christmas and over New Year: a daily series is told after three business days.
        ("SOFR", datetime(2026, 8, 21, 22, tzinfo=UTC), datetime(2026, 8, 26, 22, tzinfo=UTC)),
        ("SOFR", datetime(2026, 12, 24, 22, tzinfo=UTC), datetime(2026, 12, 30, 22, tzinfo=UTC)),
        ("^GSPC", datetime(2026, 8, 21, 22, tzinfo=UTC), datetime(2026, 8, 26, 22, tzinfo=UTC)),
        # A week's days come on the Monday after.
        ("DEXKOUS", datetime(2026, 8, 17, 22, tzinfo=UTC), datetime(2026, 8, 27, 22, tzinfo=UTC)),
        ("WALCL", datetime(2026, 8, 20, 22, tzinfo=UTC), datetime(2026, 8, 31, 22, tzinfo=UTC)),
        # On many days there is no trade of this paper.
        ("DCPF3M", datetime(2026, 8, 3, 22, tzinfo=UTC), datetime(2026, 8, 20, 22, tzinfo=UTC)),
        ("DRTSCILM", datetime(2026, 5, 4, 22, tzinfo=UTC), datetime(2026, 8, 11, 22, tzinfo=UTC)),
    ],
)
def test_a_series_stands_still_by_business_days(series_id: str, since: datetime, last_well: datetime) -> None:
    assert unmoved(series(series_id), None, last_well) == ()
    assert unmoved(series(series_id), since, last_well) == ()
    [found] = unmoved(series(series_id), since, last_well + DAY)
    assert (found.subject, found.code) == (series_id, ValueCode.SOURCE_STANDS_STILL)
    # A clock that was set back says nothing of the source.
    assert unmoved(series(series_id), last_well + 9 * DAY, last_well) == ()
