"""Sources that answer the same for days are told by every step, and no longer once they move."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from liquidity_machine import NEWS, LiquidityMachine, a_liquidity_machine
from machine import Harness, RunnerMachine, a_machine
from support import HOSTS, Clock

from tray_app.core.checks import clock_check
from tray_app.core.model import Run, RunStatus
from tray_app.core.quality import ValueCode
from tray_app.demo.server import SampleServer
from tray_app.store.issues import IssueStore


@pytest.fixture
def theirs() -> Clock:
    """The sources' own time, in which they may stand still."""
    return Clock()


@pytest.fixture
def sources(theirs: Clock) -> Iterator[SampleServer]:
    with SampleServer(theirs.now, hosts=HOSTS) as running:
        yield running


@pytest.fixture
def crypto(tmp_path: Path, sources: SampleServer, clock: Clock) -> Iterator[Harness]:
    with a_machine(tmp_path, sources, clock) as made:
        yield made


@pytest.fixture
def liquidity(tmp_path: Path, sources: SampleServer, clock: Clock) -> Iterator[LiquidityMachine]:
    with a_liquidity_machine(tmp_path, sources, clock) as made:
        yield made


def standing(machine: RunnerMachine) -> set[str]:
    return {each.subject for each in IssueStore(machine.database).standing_still()}


def told(run: Run, step: str) -> str:
    [found] = [each for each in run.steps if each.name == step]
    return found.note


def test_crypto_sources_that_stand_still(crypto: Harness, clock: Clock, theirs: Clock) -> None:
    assert crypto.run().status is RunStatus.SUCCESS
    clock.advance(hours=5)
    crypto.run()
    assert standing(crypto) == set()
    clock.advance(hours=2)
    run = crypto.run()
    assert standing(crypto) == {"coins", "market_totals"}
    assert run.status is RunStatus.PARTIAL
    assert "coins: the same answer since 2026-08-22 10:50 UTC" in told(run, "coingecko_prices")
    assert "market_totals: the same answer since 2026-08-22 10:50 UTC" in told(run, "coingecko_global")
    clock.advance(days=2)
    crypto.run()
    everything = {"coins", "market_totals", "defi_tvl", "stablecoin_mcap", "fear_greed_index"}
    assert standing(crypto) == everything
    crypto.run()
    [(count,)] = crypto.query(
        "SELECT COUNT(*) FROM data_quality_issues WHERE issue_code = ?", ValueCode.SOURCE_STANDS_STILL
    )
    assert count == len(everything)
    theirs.at = clock.at
    assert crypto.run().status is RunStatus.SUCCESS
    assert standing(crypto) == set()


def test_series_of_macro_and_closes_that_stand_still(liquidity: LiquidityMachine, clock: Clock, theirs: Clock) -> None:
    liquidity.run()
    # From a Saturday to the Wednesday, and then to the Thursday.
    clock.advance(days=4)
    liquidity.run()
    assert not standing(liquidity) & {"SOFR", "DGS10", "^GSPC", "KRW=X", "WALCL", "DRTSCILM"}
    clock.advance(days=1)
    run = liquidity.run()
    assert {"SOFR", "DGS10", "^GSPC", "KRW=X"} <= standing(liquidity)
    assert not standing(liquidity) & {"WALCL", "DEXKOUS", "DRTSCILM", "TEDRATE"}
    assert "the same answer since 2026-08-22 10:50 UTC" in told(run, "fred")
    assert "the same answer since 2026-08-22 10:50 UTC" in told(run, "price")
    theirs.at = clock.at
    liquidity.run()
    assert not standing(liquidity) & {"SOFR", "DGS10", "^GSPC", "KRW=X"}


@pytest.fixture
def far_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sources' clock, which dates their answers, be behind as well as what they answer."""
    monkeypatch.setattr(clock_check, "FAR_OFF", timedelta(days=400))


@pytest.mark.usefixtures("far_apart")
def test_feeds_that_stand_still(liquidity: LiquidityMachine, clock: Clock, theirs: Clock) -> None:
    liquidity.run(NEWS)
    clock.advance(days=2)
    liquidity.run(NEWS)
    assert standing(liquidity) == set()
    clock.advance(days=2)
    run = liquidity.run(NEWS)
    assert "연합뉴스" in standing(liquidity)
    assert "Federal Reserve testimony" not in standing(liquidity)
    assert "연합뉴스: the same answer since 2026-08-22 10:50 UTC" in told(run, "feeds")
    clock.advance(days=150)
    liquidity.run(NEWS)
    assert {"연합뉴스", "Federal Reserve speeches"} <= standing(liquidity)
    assert "Federal Reserve testimony" not in standing(liquidity)
    theirs.at = clock.at
    liquidity.run(NEWS)
    assert standing(liquidity) == set()


@pytest.mark.usefixtures("far_apart")
def test_feeds_of_documents_that_stand_still(liquidity: LiquidityMachine, clock: Clock) -> None:
    liquidity.run()
    clock.advance(days=150)
    run = liquidity.run()
    assert "Federal Reserve monetary policy" in standing(liquidity)
    assert "Federal Reserve monetary policy: the same answer since" in told(run, "fed_tone")
