"""What the monthly self-check may ask for again: stored days of sources that can be asked, for few calls each."""

from datetime import date
from pathlib import Path

from krx_exchange import SESSIONS, body_of
from krx_machine import KrxMachine, a_krx_machine
from krx_wire import KrxWire
from liquidity_machine import SEARCH, a_liquidity_machine
from support import HOSTS, NOW, Clock

from tray_app.core.checks.self_check import sample
from tray_app.core.model import RunStatus, Window
from tray_app.datasets.krx.dataset import KRX
from tray_app.datasets.krx.rows import STOCK_MARKETS
from tray_app.datasets.liquidity.dataset import LIQUIDITY
from tray_app.demo.server import SampleServer

FIRST = date(2026, 3, 2)


def checked(machine: KrxMachine, due: date) -> list[int]:
    """Make the check of a day; returns the calls of each part of the sample."""
    calls, now = [], machine.clock.now()
    for window in sample(KRX.name, KRX.self_check.days, machine.collector().checkable(now), due, now):
        machine.asked()
        assert machine.run(window).status in {RunStatus.SUCCESS, RunStatus.PARTIAL}
        calls.append(len(machine.asked()))
    return calls


def test_of_the_exchange_verified_sessions_of_each_market(tmp_path: Path) -> None:
    with a_krx_machine(tmp_path, KrxWire(body_of)) as machine:
        machine.at(SESSIONS[25], 8, 10)
        machine.run(Window(SESSIONS[5], SESSIONS[22]))
        found = {each.subject: each for each in machine.collector().checkable(machine.clock.now())}
        assert set(found) == set(STOCK_MARKETS)
        for market in STOCK_MARKETS:
            states = machine.states(market)
            assert list(found[market].days) == [day for day in sorted(states) if states[day] == "verified"]
            assert found[market].is_of_one_day
        before = machine.query("SELECT * FROM restatements")
        for month in range(1, 5):
            machine.clock.advance(hours=1)
            calls = checked(machine, date(2024, month, 1))
            assert len(calls) == KRX.self_check.days
            assert all(0 < each <= KRX.self_check.calls for each in calls)
        assert machine.query("SELECT * FROM restatements") == before


def test_without_a_key_nothing_of_fred(tmp_path: Path, clock: Clock) -> None:
    with SampleServer(clock.now, hosts=HOSTS) as server, a_liquidity_machine(tmp_path, server, clock) as machine:
        machine.settings = SEARCH
        for series in ("^GSPC", "NFCI", "DGS10"):
            machine.run(window=Window(FIRST, only=series))
        found = {each.subject: each.days for each in machine.liquidity.checkable(NOW) if each.days}
        # What is rewritten as a whole differs with every publication.
        assert set(found) == {"^GSPC", "DGS10"}
        assert found["DGS10"] == [point.date for point in machine.reads.observations("DGS10")]
        machine.asked()
        windows = sample(LIQUIDITY.name, LIQUIDITY.self_check.days, machine.liquidity.checkable(NOW), NOW.date(), NOW)
        for window in windows:
            machine.run(window=window)
        assert len(windows) == 2
        assert len(machine.asked()) == 2
        (tmp_path / "keyless").mkdir()
        with a_liquidity_machine(tmp_path / "keyless", server, clock, {}) as keyless:
            assert {each.subject for each in keyless.liquidity.checkable(NOW)}.isdisjoint({"DGS10", "DFF"})
