"""A store of macro series and stress days, written by the collector's own writers."""

from datetime import UTC, date, datetime, timedelta

from export.kit import FIRST, LAST, change, opened
from tray_app.core.coverage import Coverage
from tray_app.core.series import SeriesPoint
from tray_app.datasets.liquidity.catalogue import Restriction, catalogue
from tray_app.datasets.liquidity.rules.model import Band, Category, CategoryDay, StressDay
from tray_app.datasets.liquidity.store.series import MacroStore, SeriesUpdate
from tray_app.datasets.liquidity.store.stress import StressStore
from tray_app.paths import Home
from tray_app.store.series import Provenance

SERIES = ("SOFR", "DGS10", "BAMLH0A0HYM2", "VIXCLS", "^VIX", "NFCI", "KRW=X")
RESTRICTED = tuple(each.series_id for each in catalogue() if each.restriction is not Restriction.NONE)
SEEN = Provenance(datetime(2024, 1, 8, 21, 5, 7, tzinfo=UTC), 11)
LATER = Provenance(datetime(2024, 2, 8, 21, 5, 7, tzinfo=UTC), 12)


def days() -> list[date]:
    """Return the weekdays, one before the exported range and one after it included."""
    found = [FIRST + timedelta(days=offset) for offset in range(-1, (LAST - FIRST).days + 2)]
    return [day for day in found if day.weekday() < 5 or day in {found[0], found[-1]}]


def fill(home: Home) -> Home:
    """Store seven series, one of them corrected in a later run, and an index with missing categories."""
    named = {each.series_id: each for each in catalogue()}
    with opened(home) as database:
        macro = MacroStore(database)
        macro.name_series([named[name] for name in SERIES])
        for place, name in enumerate(SERIES):
            points = [SeriesPoint(day, place + 0.1 * number) for number, day in enumerate(days())]
            macro.store(name, SeriesUpdate(points, Coverage(days()[0], days()[-1])), SEEN)
        macro.store("SOFR", SeriesUpdate([SeriesPoint(days()[5], -0.25)], Coverage(days()[5], days()[5])), LATER)
        StressStore(database).store([stress_day(number, day) for number, day in enumerate(days())], LATER)
    change(
        home,
        "DELETE FROM collection_runs WHERE run_id IN (11, 12)",
        *(
            "INSERT INTO collection_runs (run_id, collector, triggered_by, kind, status, started_at)"
            f" VALUES ({seen.run_id}, 'liquidity', 'manual-cli', 'history', 'success', '{seen.at:%Y-%m-%dT%H:%M:%SZ}')"
            for seen in (SEEN, LATER)
        ),
    )
    return home


def stress_day(number: int, day: date) -> StressDay:
    """Return an index day; every third lacks a category, the first ones lack breadth."""
    present = [each for place, each in enumerate(Category) if (number + place) % 3]
    parts = tuple(CategoryDay(each, 0.1 * number - 1.3, 0.2, (0.1 * number - 1.3) * 0.2, ()) for each in present)
    return StressDay(
        date=day,
        z=sum(part.contribution for part in parts),
        score=float(number),
        band=list(Band)[number % len(Band)],
        breadth=None if number < 10 else 0.01 * number,
        coverage=0.2 * len(parts),
        repo_flag=number % 7 == 0,
        repo_label="quarter-end" if number % 7 == 0 else "",
        categories=parts,
    )
