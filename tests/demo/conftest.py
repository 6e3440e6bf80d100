"""One sample server per test on the shared hosts, with its clock and a client."""

from collections.abc import Iterator

import pytest
import requests

from tray_app.demo.server import SampleServer

from .kit import SHARED_HOSTS, Clock


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
