"""An engine on a real file whose sources are the sample server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from machine import NO_HISTORY, an_engine

from tray_app.demo.server import SampleServer
from tray_app.engine.facade import Engine


@pytest.fixture
def engine(tmp_path: Path, server: SampleServer) -> Iterator[Engine]:
    with an_engine(tmp_path, server.url, **NO_HISTORY) as made:
        yield made
