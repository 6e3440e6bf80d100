"""The due rule over simulated months, with the real planner on a real run log: no due time lost, none doubled."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from support import examples, open_store

from engine.months import BEGIN, RUN_LASTS, TICK, Made, Power, Sources, Stretch, World
from tray_app.core.due import CLOCK_WAS_WRONG, HOURLY, RETRY_DELAYS, source_day_end
from tray_app.core.model import RunStatus, Trigger
from tray_app.datasets.schema import SCHEMA
from tray_app.store.lifecycle import open_database

DAY = timedelta(days=1)
SOON = 2 * TICK + RUN_LASTS

minutes = st.one_of(st.integers(1, 90), st.integers(1, 60 * 24), st.integers(60, 60 * 24 * 5))
stretches = st.builds(
    Stretch,
    minutes=minutes,
    power=st.sampled_from([Power.ON, Power.ON, Power.ON, Power.ASLEEP, Power.OFF]),
    sources=st.sampled_from([Sources.WELL, Sources.WELL, *Sources]),
    crashes=st.sampled_from([False, False, False, True]),
    by_hand=st.sampled_from([None, None, None, Trigger.TRAY, Trigger.MANUAL_CLI]),
    pauses=st.one_of(st.none(), st.none(), st.none(), st.integers(1, 60 * 30)),
)
jumps = st.one_of(
    st.integers(-400, 400).map(lambda days: timedelta(days=days)),
    st.integers(-30, 30).map(lambda hours: timedelta(hours=hours)),
    st.integers(-90, 90).map(lambda minutes: timedelta(minutes=minutes)),
)
jumping = st.builds(lambda stretch, jump: replace(stretch, clock_jumps=jump), stretches, jumps)
times = st.sampled_from([(time(6, 0),), (time(6, 0), time(7, 10)), (time(0, 0), time(8, 10), time(18, 0))])
lives = st.lists(stretches, min_size=1, max_size=45)
months = settings(deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])


def lived(life: list[Stretch], at: tuple[time, ...], folder: Path | None = None) -> World:
    if folder is None:
        # A database in memory is the same code without a disk.
        database = open_database(Path(":memory:"), Path("unused"), BEGIN, SCHEMA)
        try:
            world = World(database, at)
            world.live(life)
            return world
        finally:
            database.close_thread()
    with open_store(folder, BEGIN) as database:
        world = World(database, at)
        world.live(life)
        return world


def windows(world: World) -> list[tuple[datetime, datetime]]:
    due = [*world.due_times(), world.true]
    return list(pairwise(due))


def made_in(world: World, begins: datetime, ends: datetime) -> list[Made]:
    return [made for made in world.made if begins <= made.began < ends]


def able_times(world: World, begins: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
    """Return when, within a window, the computer was on, not paused, and its sources were reachable."""
    able = []
    for each in world.lived:
        if each.stretch.power is not Power.ON or each.stretch.sources is Sources.UNREACHABLE:
            continue
        edges = [edge for pause in world.pauses for edge in pause]
        inner = sorted({max(begins, each.begins), min(ends, each.ends), *edges})
        for first, last in pairwise(inner):
            inside = max(begins, each.begins) <= first and last <= min(ends, each.ends)
            if inside and not world.was_paused(first):
                able.append((first, last))
    return able


def delay_after(failures: int) -> timedelta:
    return RETRY_DELAYS[failures - 1] if failures <= len(RETRY_DELAYS) else HOURLY


def check_window(world: World, begins: datetime, ends: datetime) -> None:
    made = made_in(world, begins, ends)
    note(f"window {begins} .. {ends}: {made}")
    settled = [run for run in made if run.settles]
    # None doubled: after the first run that settles the due time no automatic one begins.
    if settled:
        assert not [run for run in made if run.automatic and run.began > settled[0].began]
    # Retries come 5, 15 and 60 minutes after the failure before, then hourly until the sources' day ends.
    tried = [run for run in made if run.automatic and run.status in {RunStatus.FAILED, RunStatus.PARTIAL}]
    failures = [run for run in tried if not run.settles]
    for place, (before, after) in enumerate(pairwise(tried)):
        assert after.began - before.ended >= delay_after(place + 1)
    for late in failures[1 + len(RETRY_DELAYS) :]:
        assert late.began <= source_day_end(UTC, failures[0].logged) + SOON
    # None lost: there is no time in which a run was allowed, possible and not made.
    for first, last in able_times(world, begins, ends):
        if [run for run in settled if run.began <= last]:
            continue
        failed = [run for run in failures if run.began <= last]
        coming = failed[-1].ended + delay_after(len(failed)) if failed else first
        if len(failed) > len(RETRY_DELAYS) and coming > source_day_end(UTC, failed[0].logged):
            continue
        allowed = max(first, coming)
        assert last - allowed <= SOON, f"able from {first} to {last}, allowed from {allowed}"


@months
@given(life=lives, at=times)
def test_no_due_time_is_lost_and_none_doubled(life: list[Stretch], at: tuple[time, ...]) -> None:
    world = lived(life, at)
    for begins, ends in windows(world):
        check_window(world, begins, ends)


@months
@given(life=lives, at=times)
def test_a_pause_holds_every_automatic_run_back(life: list[Stretch], at: tuple[time, ...]) -> None:
    world = lived(life, at)
    assert not [made for made in world.made if made.automatic and world.was_paused(made.began)]


@settings(months, max_examples=6)
@given(life=lives)
def test_the_same_on_a_file(life: list[Stretch], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("months")
    world = lived(life, (time(6, 0),), folder)
    for begins, ends in windows(world):
        check_window(world, begins, ends)


@months
@given(life=st.lists(st.one_of(stretches, jumping), min_size=1, max_size=25), at=times)
def test_a_clock_that_was_wrong_does_not_silence_the_schedule(life: list[Stretch], at: tuple[time, ...]) -> None:
    plain = [replace(each, pauses=None) for each in life]
    database = open_database(Path(":memory:"), Path("unused"), BEGIN, SCHEMA)
    try:
        world = World(database, at)
        world.live(plain)
        # Corrected, on and online for a week: every due time is served, by a run of its own time.
        world.live([Stretch(60 * 24 * 7, clock_jumps=-world.offset)])
    finally:
        database.close_thread()
    corrected = world.lived[-1].begins
    for begins, ends in windows(world):
        # The due time that was open when the clock came right may have used its retries up before.
        if begins < corrected:
            continue
        # A run that the wrong clock dated at the very moment it was set right cannot be told from a good one.
        if any(made.job.due_at == begins and abs(made.logged - corrected) <= CLOCK_WAS_WRONG for made in world.made):
            continue
        own = [made for made in made_in(world, begins, ends) if made.settles]
        assert own, f"nothing for {begins}"
        assert own[0].began <= begins + SOON
        assert len([made for made in own if made.automatic]) == 1
