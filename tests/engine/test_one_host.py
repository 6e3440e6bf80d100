"""A network that wants a sign-in is recognised by a run that asks one host only: another one is looked at."""

from collections.abc import Iterator
from pathlib import Path

import krx_exchange
import pytest
from datasets.krx.rules.kit import at
from krx_exchange import SESSIONS
from krx_machine import ENVIRONMENT, KRX
from krx_wire import KEY, KrxWire
from support import COINGECKO, CRYPTO, FEAR_GREED, HOSTS, LLAMA, STABLECOINS, Clock, MemoryStore

from tray_app.core.errors import SignInWanted
from tray_app.core.model import Job, RunStatus, Trigger
from tray_app.datasets.crypto.collect import CryptoCollector
from tray_app.datasets.crypto.reads import CryptoReads
from tray_app.datasets.crypto.store import CryptoStore
from tray_app.datasets.keys import KEY_NAMES
from tray_app.datasets.krx.collect.collector import KrxCollector
from tray_app.datasets.krx.source.refusals import HOST
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Reply, Request
from tray_app.engine.bus import Bus
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.parts import WorkParts
from tray_app.engine.runner import Runner
from tray_app.keys import Keys
from tray_app.net.request import HttpOptions
from tray_app.store.database import Database
from tray_app.store.lease import Leases

OTHERS = (COINGECKO, LLAMA, STABLECOINS, FEAR_GREED)


class Gate(Upstream):
    """A host that a network answers for as long as nobody has signed in: with a page, or by leading away."""

    def __init__(self, host: Upstream) -> None:
        self._host = host
        self.leads_to = ""

    def answer(self, request: Request) -> Reply:
        """Return the host's own answer, or the way to the page."""
        if self.leads_to:
            return Reply(302, b"", "", (("Location", self.leads_to),))
        return self._host.answer(request)

    def refusal(self, mode: Mode, request: Request) -> Reply | None:
        """Return the host's own refusal."""
        return self._host.refusal(mode, request)


@pytest.fixture
def clock() -> Clock:
    return Clock(at(SESSIONS[11], 8, 10))


@pytest.fixture
def gates() -> dict[str, Gate]:
    return {host: Gate(each) for host, each in {**HOSTS, HOST: KrxWire(krx_exchange.body_of)}.items()}


@pytest.fixture
def world(clock: Clock, gates: dict[str, Gate]) -> Iterator[SampleServer]:
    with SampleServer(clock.now, hosts=gates) as running:
        yield running


@pytest.fixture
def runner(database: Database, tmp_path: Path, clock: Clock, world: SampleServer) -> Runner:
    keys = Keys(ENVIRONMENT, MemoryStore(), KEY_NAMES)
    krx = KrxCollector(database, keys, lambda: 10_000, lambda: ())
    parts = WorkParts(
        collectors={CRYPTO: CryptoCollector(CryptoStore(database), CryptoReads(database), keys), KRX: krx},
        database=database,
        leases=Leases(tmp_path / "locks", database),
        clock=clock,
        bus=Bus(),
        holder="the test",
    )
    return Runner(parts, lambda: HttpOptions(world.url, secrets=(KEY,)))


def open_issues(database: Database) -> int:
    with database.reading() as connection:
        query = "SELECT COUNT(*) FROM data_quality_issues WHERE severity = 'ERROR' AND resolved_at IS NULL"
        return int(connection.execute(query).fetchone()[0])


def collected(runner: Runner, trigger: Trigger = Trigger.SCHEDULER) -> tuple[RunStatus, str]:
    run = runner.run(Job(KRX, trigger), CancelFlag())
    return run.status, run.message


@pytest.mark.parametrize("way", ["page", "led away"])
def test_a_page_for_the_exchange_and_for_others_is_the_network_s(
    runner: Runner, world: SampleServer, gates: dict[str, Gate], database: Database, way: str
) -> None:
    for host, gate in gates.items():
        if way == "page":
            world.misbehave.set(host, Mode.MAINTENANCE_200 if host == HOST else Mode.HTML_200)
        else:
            gate.leads_to = "http://portal.hotel.example/login"
    assert collected(runner) == (RunStatus.WAITING, str(SignInWanted()))
    assert collected(runner, Trigger.MANUAL_CLI) == (RunStatus.FAILED, str(SignInWanted()))
    # It is probed again, and not asked in earnest before the page is gone.
    assert not runner.can_reach(KRX, CancelFlag())
    assert open_issues(database) == 0
    world.misbehave.clear()
    for gate in gates.values():
        gate.leads_to = ""
    assert runner.can_reach(KRX, CancelFlag())
    assert collected(runner)[0] is RunStatus.SUCCESS


@pytest.mark.parametrize("down", [0, 3])
def test_a_page_of_the_exchange_alone_is_its_own(runner: Runner, world: SampleServer, down: int) -> None:
    world.misbehave.set(HOST, Mode.MAINTENANCE_200)
    for host in OTHERS[:down]:
        world.misbehave.set(host, Mode.HTML_200)
    status, message = collected(runner)
    assert status is RunStatus.FAILED
    assert "a maintenance page instead of data" in message
    assert runner.can_reach(KRX, CancelFlag())


def test_nobody_else_is_asked_while_the_exchange_answers(runner: Runner, world: SampleServer) -> None:
    assert collected(runner)[0] is RunStatus.SUCCESS
    assert {one.host for one in world.requests} == {HOST}
