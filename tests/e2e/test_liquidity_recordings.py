"""The recorded series through the command line, in a process of its own: the index beside the Fed's own indices."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from datasets.liquidity.rules.agreement import agreement, peak
from datasets.liquidity.rules.recorded import recorded_series, recordings_root, reference
from krx_wire import App, Done
from liquidity_recordings import RECORDED, recorded_hosts
from support import open_store

from tray_app.datasets.liquidity.catalogue import Provider, catalogue
from tray_app.datasets.liquidity.reads import LiquidityReads, StressPoint
from tray_app.datasets.liquidity.rules.model import Category
from tray_app.datasets.liquidity.rules.stress import stress_history
from tray_app.datasets.liquidity.sample.fred import SAMPLE_FRED_KEY
from tray_app.demo.server import SampleServer

KNOWN = Counter(each.provider for each in catalogue())
NOW = datetime(2025, 12, 31, 12, 0, tzinfo=UTC)
SINCE = date(1990, 1, 1)
# Of the newest days a value counts when it is stored, which may be before it is published by the rule.
SETTLED = date(2025, 12, 24)

pytestmark = pytest.mark.skipif(
    not recordings_root().exists(), reason="the recordings of the liquidity collector are not beside this repository"
)


@pytest.fixture(scope="module")
def root() -> Path:
    return recordings_root()


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[SampleServer]:
    with SampleServer(lambda: NOW, hosts=recorded_hosts(root)) as running:
        yield running


@pytest.fixture(scope="module")
def app(server: SampleServer, tmp_path_factory: pytest.TempPathFactory) -> App:
    return App(tmp_path_factory.mktemp("recordings") / "한국 홈", server.url)


@pytest.fixture(scope="module")
def collected(app: App) -> Done:
    """Collect everything since 1990 into the home."""
    return collect(app)


@pytest.fixture(scope="module")
def days(collected: Done, app: App) -> tuple[StressPoint, ...]:
    assert collected.code == 0, collected
    with open_store(app.home, NOW) as database:
        return LiquidityReads(database).stress_days()


def collect(app: App) -> Done:
    return app.do("collect", "liquidity", "--date-from", str(SINCE), now=NOW, FRED_API_KEY=SAMPLE_FRED_KEY)


def index(days: tuple[StressPoint, ...], category: Category | None = None) -> dict[date, float]:
    if category is None:
        return {day.date: day.z for day in days}
    return {day.date: day.sub_indices[category] for day in days if category in day.sub_indices}


def test_what_is_not_recorded_is_told_and_keeps_nothing_from_coming(collected: Done) -> None:
    assert (collected.code, collected.document["status"]) == (0, "success")
    steps = collected.document["steps"]
    assert steps["fred"].startswith(f"success (18 of {KNOWN[Provider.FRED]} series; ")
    assert steps["price"].startswith(f"success (3 of {KNOWN[Provider.YAHOO]} series; ")
    assert steps["stress_calc"].startswith("success (2025-12-30: ")


def test_every_recorded_value_is_stored(collected: Done, app: App, root: Path) -> None:
    assert collected.code == 0
    with open_store(app.home, NOW) as database:
        reads = LiquidityReads(database)
        stored = {each.series_id for each in reads.series() if each.count}
        for name, observations in recorded_series(root, SINCE).items():
            expected = [(each.observed, each.value) for each in observations if each.observed <= NOW.date()]
            found = {point.date: point.value for point in reads.observations(name)}
            assert [(day, found[day]) for day, _value in expected] == expected, name
    assert stored == set(RECORDED)


@pytest.mark.parametrize(
    ("name", "first", "bar"),
    [("STLFSI4", 2007, 0.90), ("NFCI", 2007, 0.94), ("STLFSI4", 2010, 0.65), ("NFCI", 2010, 0.83)],
)
def test_the_index_agrees_with_the_published_ones(
    days: tuple[StressPoint, ...], root: Path, name: str, first: int, bar: float
) -> None:
    assert agreement(index(days), reference(root, name), first, 2025) >= bar


@pytest.mark.parametrize(
    ("begin", "end", "category"),
    [
        (date(2008, 9, 1), date(2008, 10, 31), None),
        (date(2020, 3, 1), date(2020, 3, 31), None),
        (date(2019, 9, 1), date(2019, 9, 30), Category.FUNDING),
    ],
)
def test_crises_stand_out(days: tuple[StressPoint, ...], begin: date, end: date, category: Category | None) -> None:
    assert peak(index(days, category), begin, end, 2007, 2025) >= 95


def test_the_store_holds_what_the_method_gives_bit_for_bit(days: tuple[StressPoint, ...], root: Path) -> None:
    computed = stress_history(recorded_series(root, SINCE), days[-1].date)
    stored = index(days)
    assert len(computed) == len(days)
    assert all(stored[day.date] == day.z for day in computed if day.date <= SETTLED)


def test_contributions_add_up_to_the_index(days: tuple[StressPoint, ...]) -> None:
    assert all(abs(sum(day.contributions.values()) - day.z) < 1e-9 for day in days)


def test_doing_it_again_asks_only_for_what_never_came_and_changes_nothing(
    collected: Done, app: App, server: SampleServer, days: tuple[StressPoint, ...]
) -> None:
    server.log.clear()
    again = collect(app)
    assert (again.code, again.document["status"]) == (0, "success")
    # Nine series of FRED, the two of ICE among them, and eight of Yahoo are not recorded.
    assert server.count() == 17
    assert again.document["steps"]["stress_calc"].startswith("success (nothing new, ")
    with open_store(app.home, NOW) as database:
        assert LiquidityReads(database).stress_days() == days
