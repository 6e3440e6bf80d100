"""Notices: one per incident and one when it is over, by the level the user chose, and no address in the log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from support import SECRET, a_run

from tray_app.core.events import Event, Notice, RunFinished
from tray_app.core.model import CollectorName, Run, RunStatus
from tray_app.engine.alerts import Alerts
from tray_app.engine.bus import Bus
from tray_app.settings import NotificationLevel

ROW = [
    RunStatus.SUCCESS,
    RunStatus.FAILED,
    RunStatus.WAITING,
    RunStatus.FAILED,
    RunStatus.CANCELLED,
    RunStatus.INTERRUPTED,
    RunStatus.PARTIAL,
    RunStatus.SUCCESS,
    RunStatus.FAILED,
]


def told(level: NotificationLevel, statuses: list[RunStatus]) -> list[bool]:
    bus, log = Bus(), [a_run(run_id=number, status=status) for number, status in enumerate(statuses)]

    def last_judged(_name: CollectorName, run_id: int) -> Run | None:
        judged = {RunStatus.SUCCESS, RunStatus.PARTIAL, RunStatus.FAILED}
        return next((run for run in reversed(log[:run_id]) if run.status in judged), None)

    notices: list[Notice] = []
    alerts = Alerts(bus, lambda: level, tuple, last_judged)
    bus.subscribe(lambda event: notices.append(event) if isinstance(event, Notice) else None)
    for run in log:
        bus.publish(RunFinished(run))
    alerts.stop()
    return [notice.is_failure for notice in notices]


def test_failures_one_per_incident_and_one_when_it_is_over() -> None:
    assert told(NotificationLevel.FAILURES, ROW) == [True, False, True]


def test_all_tells_of_every_judged_run() -> None:
    assert told(NotificationLevel.ALL, ROW) == [False, True, True, False, False, True]


def test_none_tells_nothing() -> None:
    assert told(NotificationLevel.NONE, ROW) == []


@contextmanager
def target() -> Iterator[tuple[int, list[bytes]]]:
    """Give the port of a server that takes notifications, and what it got."""
    got: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_port, got
        finally:
            server.shutdown()
            thread.join()


def send(targets: Callable[[], tuple[str, ...]], event: Event) -> None:
    bus = Bus()
    alerts = Alerts(bus, lambda: NotificationLevel.FAILURES, targets, lambda _name, _run_id: None)
    bus.publish(event)
    # What is being sent is waited for.
    alerts.stop()


FAILURE = RunFinished(a_run(status=RunStatus.FAILED, message="no network"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_notice_reaches_the_users_own_target_even_at_the_end_of_a_command() -> None:
    with target() as (port, got):
        for _ in range(5):
            send(lambda: (f"json://127.0.0.1:{port}/hook",), FAILURE)
    assert len(got) == 5
    assert b"Collecting crypto failed" in got[0]
    assert b"no network" in got[0]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("wrong", [f"nonsense://{SECRET}", f"{SECRET}", f"json://user:{SECRET}@127.0.0.1:9/x"])
def test_a_target_that_cannot_be_used_is_told_without_its_address(wrong: str, caplog: pytest.LogCaptureFixture) -> None:
    send(lambda: (wrong,), FAILURE)
    assert "notification" in caplog.text
    assert SECRET not in caplog.text


def test_without_a_target_nothing_is_sent(caplog: pytest.LogCaptureFixture) -> None:
    send(tuple, FAILURE)
    assert caplog.text == ""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_a_source_says_is_no_markup_in_a_letter() -> None:
    failure = RunFinished(a_run(status=RunStatus.FAILED, message='host said <img src="http://evil.test/x.png">'))
    with target() as (port, got):
        send(lambda: (f"json://127.0.0.1:{port}/hook?format=html",), failure)
    assert b"<img" not in got[0]
    assert b"&lt;img" in got[0]
