"""What tests of many folders share: a database, a clock, and sample upstreams on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from patience import ENDS, LIFTED, PATIENCE, REQUESTS, lift
from sums import check_sums
from support import HOSTS, Clock, examples, open_store

from tray_app.demo.server import SampleServer
from tray_app.store.database import Database

# How long an example takes says something of the machine, not of the program.
settings.register_profile(
    "ours", deadline=None, max_examples=examples(100), suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ours")


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Let no busy machine make the program give up."""
    with pytest.MonkeyPatch.context() as patch:
        lift(patch, REQUESTS, LIFTED)
        lift(patch, ENDS, PATIENCE)
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path, clock: Clock) -> Iterator[Database]:
    with open_store(tmp_path, clock.now()) as opened:
        yield opened
        check_sums(opened)


@pytest.fixture
def server(clock: Clock) -> Iterator[SampleServer]:
    with SampleServer(clock.now, hosts=HOSTS) as running:
        yield running
