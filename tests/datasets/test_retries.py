"""A retry asks for what is missing and nothing else: requests counted at the sources, collector by collector."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from krx_exchange import SESSIONS
from krx_machine import a_krx_machine
from liquidity_machine import FED, FRED_HOST, LIQUIDITY, NEWS, YAHOO_HOST, LiquidityMachine, a_liquidity_machine
from machine import Harness, a_machine
from support import COINGECKO, CRYPTO, FEAR_GREED, HOSTS, LLAMA, NOW, STABLECOINS, Clock

from tray_app.core.model import Job, Run, RunStatus, Trigger
from tray_app.datasets.krx.source.refusals import HOST as KRX_HOST
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.engine.cancel import CancelFlag

DUE = NOW - timedelta(minutes=1)
BANK = "www.bok.or.kr"


@pytest.fixture
def crypto(tmp_path: Path, server: SampleServer, clock: Clock) -> Iterator[Harness]:
    with a_machine(tmp_path, server, clock) as made:
        yield made


@pytest.fixture
def liquidity(tmp_path: Path, server: SampleServer, clock: Clock) -> Iterator[LiquidityMachine]:
    with a_liquidity_machine(tmp_path, server, clock) as made:
        yield made


def due(machine: Harness, cancel: CancelFlag | None = None) -> Run:
    return machine.runner.run(Job(CRYPTO, Trigger.SCHEDULER, DUE), cancel or CancelFlag())


@pytest.mark.parametrize(
    ("host", "path", "asked"),
    [
        (COINGECKO, "/api/v3/coins", ["/api/v3/coins/markets"]),
        (COINGECKO, "/api/v3/global", ["/api/v3/global"]),
        (LLAMA, "", ["/v2/historicalChainTvl"]),
        (STABLECOINS, "", ["/stablecoincharts/all"]),
        (FEAR_GREED, "", ["/fng/"]),
    ],
)
def test_a_retry_asks_the_failed_source_alone(
    crypto: Harness, clock: Clock, host: str, path: str, asked: list[str]
) -> None:
    crypto.server.misbehave.set(host, Mode.EMPTY_OBJECT, path=path)
    first = due(crypto)
    assert (first.status, first.worth_retrying) == (RunStatus.PARTIAL, True)
    crypto.asked()
    clock.advance(minutes=5)
    # It fails once more: what came the first time came for this due time, too.
    assert due(crypto).status is RunStatus.PARTIAL
    assert crypto.asked() == [f"{host}{each}" for each in asked]
    crypto.server.misbehave.set(host, Mode.OK)
    clock.advance(minutes=15)
    last = due(crypto)
    assert (last.status, last.message) == (RunStatus.SUCCESS, "")
    assert crypto.asked() == [f"{host}{each}" for each in asked]
    [row] = crypto.query("SELECT * FROM crypto_metric WHERE date = '2026-08-22'")
    assert None not in row


def test_the_next_due_time_and_a_person_ask_for_everything(crypto: Harness, clock: Clock) -> None:
    crypto.server.misbehave.set(STABLECOINS, Mode.EMPTY_OBJECT)
    due(crypto)
    everything = len(crypto.asked())
    assert everything == 5
    clock.advance(minutes=5)
    assert crypto.run(trigger=Trigger.TRAY).status is RunStatus.PARTIAL
    assert len(crypto.asked()) == everything
    clock.advance(days=1)
    job = Job(CRYPTO, Trigger.SCHEDULER, DUE + timedelta(days=1))
    assert crypto.runner.run(job, CancelFlag()).status is RunStatus.PARTIAL
    assert len(crypto.asked()) == everything


def test_what_a_person_brought_after_the_due_time_is_not_asked_for_by_the_retry(crypto: Harness, clock: Clock) -> None:
    crypto.server.misbehave.set(LLAMA, Mode.EMPTY_OBJECT)
    crypto.run(trigger=Trigger.TRAY)
    crypto.asked()
    clock.advance(minutes=1)
    due(crypto)
    assert crypto.asked() == [f"{LLAMA}/v2/historicalChainTvl"]


def test_what_a_broken_off_run_brought_is_not_asked_for_again(crypto: Harness, clock: Clock) -> None:
    class AfterTwo(CancelFlag):
        def raise_if_cancelled(self) -> None:
            if crypto.server.count() > 2:
                self.leave()
            super().raise_if_cancelled()

    assert due(crypto, AfterTwo()).status is RunStatus.INTERRUPTED
    assert len(crypto.asked()) == 3
    clock.advance(minutes=1)
    assert due(crypto).status is RunStatus.SUCCESS
    assert crypto.asked() == [
        f"{LLAMA}/v2/historicalChainTvl",
        f"{STABLECOINS}/stablecoincharts/all",
        f"{FEAR_GREED}/fng/",
    ]


def test_an_answer_that_is_stale_is_asked_for_again(tmp_path: Path, clock: Clock) -> None:
    """What it holds was stored, and what was due is missing still."""
    theirs = Clock(NOW - timedelta(hours=2))
    with SampleServer(theirs.now, hosts=HOSTS) as behind, a_machine(tmp_path, behind, clock) as machine:
        assert due(machine).worth_retrying
        machine.asked()
        clock.advance(minutes=5)
        theirs.at = clock.at
        assert due(machine).status is RunStatus.SUCCESS
        assert machine.asked() == [f"{COINGECKO}/api/v3/coins/markets", f"{COINGECKO}/api/v3/global"]


def test_series_and_feeds_that_came_are_not_asked_for_again(liquidity: LiquidityMachine, clock: Clock) -> None:
    server = liquidity.server
    server.misbehave.set(FRED_HOST, Mode.SERVER_ERROR_HTML, times=2, path="/fred/series/observations")
    server.misbehave.set(BANK, Mode.WRONG_TYPE)
    first = liquidity.run(LIQUIDITY, due_at=DUE, trigger=Trigger.SCHEDULER)
    assert first.status is RunStatus.PARTIAL
    assert "25 of 26" in liquidity.notes(first)["fred"]
    liquidity.asked()
    clock.advance(minutes=5)
    liquidity.run(LIQUIDITY, due_at=DUE, trigger=Trigger.SCHEDULER)
    assert len(liquidity.asked(FRED_HOST)) == 1
    clock.advance(minutes=15)
    second = liquidity.run(LIQUIDITY, due_at=DUE, trigger=Trigger.SCHEDULER)
    assert {one.partition("/")[0] for one in liquidity.asked()} == {BANK}
    assert second.status is RunStatus.PARTIAL
    server.misbehave.set(BANK, Mode.OK)
    clock.advance(minutes=60)
    assert liquidity.run(LIQUIDITY, due_at=DUE, trigger=Trigger.SCHEDULER).status is RunStatus.SUCCESS
    assert {one.partition("/")[0] for one in liquidity.asked()} == {BANK}
    assert liquidity.asked(YAHOO_HOST) == []


def test_a_feed_of_documents_is_asked_again_while_one_of_them_is_missing(
    liquidity: LiquidityMachine, clock: Clock
) -> None:
    liquidity.server.misbehave.set(FED, Mode.EMPTY_OBJECT, path="/newsevents")
    first = liquidity.run(LIQUIDITY, due_at=DUE, trigger=Trigger.SCHEDULER)
    assert liquidity.steps(first)["fed_tone"] in {"partial", "failed"}
    liquidity.asked()
    liquidity.server.misbehave.set(FED, Mode.OK)
    clock.advance(minutes=5)
    again = liquidity.run(LIQUIDITY, due_at=DUE, trigger=Trigger.SCHEDULER)
    assert liquidity.steps(again)["fed_tone"] == "success"
    asked = liquidity.asked()
    assert {one.partition("/")[0] for one in asked} == {FED}
    assert any("/newsevents" in one for one in asked)
    clock.advance(minutes=5)
    liquidity.run(LIQUIDITY, due_at=DUE, trigger=Trigger.SCHEDULER)
    assert liquidity.asked() == []


def test_feeds_of_the_news_that_came_are_not_asked_for_again(liquidity: LiquidityMachine, clock: Clock) -> None:
    liquidity.server.misbehave.set(BANK, Mode.WRONG_TYPE)
    liquidity.run(NEWS, due_at=DUE, trigger=Trigger.SCHEDULER)
    articles = liquidity.query("SELECT COUNT(*) FROM news_article")
    liquidity.asked()
    clock.advance(minutes=5)
    half = liquidity.run(NEWS, due_at=DUE, trigger=Trigger.SCHEDULER)
    assert (half.status, half.worth_retrying) == (RunStatus.PARTIAL, True)
    assert {one.partition("/")[0] for one in liquidity.asked()} == {BANK}
    liquidity.server.misbehave.set(BANK, Mode.OK)
    clock.advance(minutes=15)
    assert liquidity.run(NEWS, due_at=DUE, trigger=Trigger.SCHEDULER).status is RunStatus.SUCCESS
    assert {one.partition("/")[0] for one in liquidity.asked()} == {BANK}
    assert liquidity.query("SELECT COUNT(*) FROM news_article") > articles


def test_a_list_of_the_exchange_that_failed_is_asked_for_alone(tmp_path: Path) -> None:
    with a_krx_machine(tmp_path) as machine:
        machine.at(SESSIONS[11], 8, 10)
        due_at = machine.clock.now() - timedelta(minutes=1)
        machine.server.misbehave.set(KRX_HOST, Mode.MAINTENANCE_200, path="/svc/apis/sto/ksq_bydd_trd")
        assert machine.run(trigger=Trigger.SCHEDULER, due_at=due_at).status is RunStatus.PARTIAL
        machine.asked()
        machine.server.misbehave.clear()
        machine.clock.advance(minutes=5)
        assert machine.run(trigger=Trigger.SCHEDULER, due_at=due_at).status is RunStatus.SUCCESS
        assert {service for service, _day in machine.asked()} <= {"sto/ksq_bydd_trd", "sto/ksq_isu_base_info"}
        assert machine.run(trigger=Trigger.SCHEDULER, due_at=due_at).status is RunStatus.SUCCESS
        assert machine.asked() == []
