"""One sample server per test on the shared hosts, with its clock and a client."""

from collections.abc import Iterator

import pytest
import requests

from demo.kit import SHARED_HOSTS, Clock
from tray_app.demo.server import SampleServer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[SampleServer]:
    with SampleServer(clock, hosts=SHARED_HOSTS) as running:
        yield running


@pytest.fixture
def client() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session
