"""A network that wants a sign-in, told from sources that are down: by many hosts' answers, never by one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from machine import Harness, a_machine
from support import CRYPTO, Clock

from tray_app.core.errors import SignInWanted
from tray_app.core.model import RunStatus, Trigger
from tray_app.datasets.crypto.alternative import HOST as FEAR_GREED
from tray_app.datasets.crypto.coingecko import HOST as COINGECKO
from tray_app.datasets.crypto.defillama import STABLECOINS_HOST, TVL_HOST
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.engine.cancel import CancelFlag
from tray_app.net.request import Response
from tray_app.net.sign_in import SignInSigns

HOSTS = (COINGECKO, TVL_HOST, STABLECOINS_HOST, FEAR_GREED)
PORTAL = Response(200, "text/html", b"<!DOCTYPE html><title>Welcome</title>")
LED = Response(302, "", b"", location="http://portal.hotel.example/login")
JSON = Response(200, "application/json", b"{}")
FEED = Response(200, "application/rss+xml", b"<?xml version='1.0'?><rss/>")
DOWN = Response(502, "text/html", b"<html>Bad gateway</html>")


@pytest.fixture
def machine(tmp_path: Path, server: SampleServer, clock: Clock) -> Iterator[Harness]:
    with a_machine(tmp_path, server, clock) as made:
        yield made


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((PORTAL, PORTAL), True),
        ((LED, LED, LED), True),
        ((PORTAL, LED), True),
        ((Response(511, "", b""), PORTAL), True),
        ((Response(403, "text/html", b"<html>sign in</html>"), PORTAL), True),
        ((PORTAL,), False),
        ((PORTAL, PORTAL, JSON), False),
        ((PORTAL, PORTAL, FEED), False),
        ((DOWN, DOWN, DOWN), False),
        ((Response(301, "", b"", location="/v2/there"), PORTAL), False),
        ((Response(401, "application/json", b"{}"), PORTAL, PORTAL), False),
        ((), False),
    ],
)
def test_many_pages_and_no_data_are_a_network_that_wants_a_sign_in(
    answers: tuple[Response, ...], expected: bool
) -> None:
    signs = SignInSigns()
    for place, answer in enumerate(answers):
        signs.note(f"h{place}.example", f"https://h{place}.example/v1", answer)
    assert signs.wants_sign_in is expected


def test_the_same_host_again_is_still_one() -> None:
    signs = SignInSigns()
    for _ in range(5):
        signs.note("h.example", "https://h.example/v1", PORTAL)
    assert not signs.wants_sign_in


@pytest.mark.parametrize("trigger", Trigger)
def test_a_run_waits_for_the_sign_in_and_says_so(machine: Harness, trigger: Trigger) -> None:
    for host in HOSTS:
        machine.server.misbehave.set(host, Mode.HTML_200)
    run = machine.run(trigger=trigger)
    assert run.status is (RunStatus.WAITING if trigger.waits_for_network else RunStatus.FAILED)
    assert run.message == str(SignInWanted())
    # It is probed again and not asked in earnest before the page is gone.
    assert not machine.runner.can_reach(CRYPTO, CancelFlag())
    machine.server.misbehave.clear()
    assert machine.runner.can_reach(CRYPTO, CancelFlag())
    assert machine.run(trigger=trigger).status is RunStatus.SUCCESS


def test_a_page_of_one_source_keeps_nobody_waiting(machine: Harness) -> None:
    machine.server.misbehave.set(COINGECKO, Mode.HTML_200)
    run = machine.run(trigger=Trigger.SCHEDULER)
    assert (run.status, run.worth_retrying) == (RunStatus.PARTIAL, True)
    assert machine.runner.can_reach(CRYPTO, CancelFlag())


def test_sources_that_are_down_with_a_page_are_no_sign_in(machine: Harness) -> None:
    for host in HOSTS:
        machine.server.misbehave.set(host, Mode.SERVER_ERROR_HTML)
    run = machine.run(trigger=Trigger.SCHEDULER)
    assert (run.status, run.worth_retrying) == (RunStatus.FAILED, True)
    assert run.message != str(SignInWanted())
