"""The exchange's collector when it is refused: each reason has its words, nothing is hammered, the rest is stored."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from krx_exchange import SESSIONS, body_of
from krx_machine import KrxMachine, a_krx_machine, notes, steps
from krx_wire import DAILY, HOST, INDEX, MASTER, PREFIX, KrxWire

from tray_app.core.model import RunStatus, Window
from tray_app.core.times import kst_instant
from tray_app.datasets.krx.rows import STOCK_MARKETS, IndexClass
from tray_app.demo.misbehave import Mode

KOSPI, KOSDAQ, KONEX = (DAILY[market] for market in STOCK_MARKETS)
TRACKS = {"kospi", "kosdaq", "konex", "indices"}
BY_MARKET = {"kospi", "kosdaq", "konex"}


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[KrxMachine]:
    """Give a machine that has collected five sessions, so that every list has a baseline."""
    with a_krx_machine(tmp_path) as made:
        made.at(SESSIONS[6], 8, 10)
        made.run()
        made.at(SESSIONS[8], 8, 10)
        made.asked()
        yield made


def switch(machine: KrxMachine, mode: Mode, service: str = "", times: int | None = None) -> None:
    machine.server.misbehave.set(HOST, mode, path=f"{PREFIX}{service}", times=times)


def counts(machine: KrxMachine) -> Counter[str]:
    return Counter(service for service, _day in machine.asked())


def without_master_lists(asked: Counter[str]) -> dict[str, int]:
    """Return the counts without what a run asks for once a week."""
    return {service: count for service, count in asked.items() if service not in MASTER.values()}


def test_a_wrong_key_is_asked_with_three_times_and_no_more(machine: KrxMachine) -> None:
    switch(machine, Mode.WRONG_KEY)
    run = machine.run()
    assert counts(machine) == {KOSPI: 3}
    assert (run.status, run.worth_retrying) == (RunStatus.FAILED, False)
    [note] = {notes(run)[step] for step in TRACKS}
    assert run.message == note
    assert note.startswith("KRX does not know this key. Check KRX_AUTH_KEY under Settings, Keys.")
    assert "failed" not in machine.states().values()


def test_a_stray_refusal_of_a_good_key_costs_one_more_request(machine: KrxMachine) -> None:
    switch(machine, Mode.STRAY_401, times=2)
    run = machine.run()
    assert run.status is RunStatus.SUCCESS
    assert sum(counts(machine).values()) == 2 * 6 + 2


def test_a_service_not_applied_for_blocks_its_track_only(machine: KrxMachine) -> None:
    switch(machine, Mode.UNAPPROVED_SERVICE, KOSDAQ)
    run = machine.run()
    asked = counts(machine)
    assert asked.pop(KOSDAQ) == 3
    assert asked == dict.fromkeys({*DAILY.values(), *INDEX.values()} - {KOSDAQ}, 2)
    assert steps(run) == {**dict.fromkeys(steps(run), "success"), "kosdaq": "failed"}
    assert "코스닥 일별매매정보" in notes(run)["kosdaq"]
    assert run.status is RunStatus.PARTIAL
    assert machine.states("KOSDAQ")[SESSIONS[6]] == "blocked"
    assert machine.states("KOSPI")[SESSIONS[7]] == "verified"
    # Approved since: the next run goes on where it was blocked.
    machine.server.misbehave.clear()
    assert machine.run().status is RunStatus.SUCCESS
    assert without_master_lists(counts(machine)) == {KOSDAQ: 2}
    assert set(machine.states("KOSDAQ").values()) == {"verified"}


def test_without_approved_totals_rows_are_stored_but_not_verified(machine: KrxMachine) -> None:
    switch(machine, Mode.UNAPPROVED_SERVICE, INDEX[IndexClass.KOSPI])
    run = machine.run()
    assert (steps(run)["kospi"], steps(run)["indices"]) == ("success", "partial")
    assert machine.states("KOSPI")[SESSIONS[7]] == "unproven"
    assert machine.states("KOSDAQ")[SESSIONS[7]] == "verified"
    machine.server.misbehave.clear()
    machine.asked()
    machine.run()
    assert without_master_lists(counts(machine)) == {INDEX[IndexClass.KOSPI]: 2}
    assert set(machine.states("KOSPI").values()) == {"verified"}


@pytest.mark.parametrize("mode", [Mode.MAINTENANCE_200, Mode.MAINTENANCE_403])
def test_a_maintenance_page_ends_each_track_after_one_more_try(machine: KrxMachine, mode: Mode) -> None:
    switch(machine, mode)
    run = machine.run()
    status = {Mode.MAINTENANCE_200: 200, Mode.MAINTENANCE_403: 403}[mode]
    for step in TRACKS:
        assert f"a maintenance page instead of data (status {status})" in notes(run)[step]
    assert max(counts(machine).values()) <= 2
    assert run.status is RunStatus.FAILED
    assert run.worth_retrying
    machine.server.misbehave.clear()
    machine.clock.advance(minutes=10)
    assert machine.run().status is RunStatus.SUCCESS


def test_a_body_that_is_cut_is_asked_for_once_more(machine: KrxMachine) -> None:
    switch(machine, Mode.CUT_BODY, KOSPI)
    run = machine.run()
    assert "the answer broke off" in notes(run)["kospi"]
    asked = counts(machine)
    assert asked.pop(KOSPI) == 2
    assert asked == dict.fromkeys({*DAILY.values(), *INDEX.values()} - {KOSPI}, 2)
    assert machine.states("KOSPI")[SESSIONS[6]] == "failed"
    newest = "SELECT MAX(trade_date) FROM instrument_daily_v1 WHERE market_code = 'KOSPI'"
    assert machine.query(newest) == [(SESSIONS[5].isoformat(),)]


@pytest.mark.parametrize("mode", [Mode.EMPTY_OBJECT, Mode.EMPTY_LIST, Mode.WRONG_TYPE])
def test_a_shape_that_changed_is_told_and_not_asked_twice(machine: KrxMachine, mode: Mode) -> None:
    switch(machine, mode, KOSPI)
    run = machine.run()
    assert steps(run)["kospi"] == "failed"
    assert "newer version" in notes(run)["kospi"]
    # A fault of one day only is possible, so the next day is asked as well.
    assert counts(machine)[KOSPI] == 2


def test_three_days_of_a_changed_shape_are_enough(machine: KrxMachine) -> None:
    machine.at(SESSIONS[30], 8, 10)
    switch(machine, Mode.EMPTY_OBJECT, KOSPI)
    machine.run(Window(SESSIONS[6], SESSIONS[29]))
    assert counts(machine)[KOSPI] == 3


def test_calls_spent_at_the_exchange_end_the_run_at_once(machine: KrxMachine) -> None:
    switch(machine, Mode.QUOTA)
    run = machine.run()
    assert counts(machine) == {KOSPI: 1}
    assert {steps(run)[step] for step in TRACKS} == {"skipped"}
    assert "KRX takes no more calls with this key today." in notes(run)["kospi"]


def test_calls_spent_at_the_exchange_say_when_it_goes_on(machine: KrxMachine) -> None:
    switch(machine, Mode.QUOTA)
    run = machine.run(Window(SESSIONS[6], SESSIONS[7]))
    assert run.retry_at == kst_instant(SESSIONS[8] + timedelta(days=1), time(0, 5))


def test_a_host_out_of_reach_ends_the_run_at_once(machine: KrxMachine) -> None:
    machine.server.stop()
    run = machine.run()
    assert run.status is RunStatus.FAILED
    assert {steps(run)[step] for step in TRACKS} == {"failed"}
    assert machine.query("SELECT SUM(calls) FROM api_usage") == [(5 * 6 + 3 + 1,)]


def test_master_lists_not_applied_for_are_not_asked_for_every_day(tmp_path: Path) -> None:
    with a_krx_machine(tmp_path) as machine:
        machine.at(SESSIONS[31], 8, 10)
        for service in MASTER.values():
            switch(machine, Mode.UNAPPROVED_SERVICE, service)
        run = machine.run(Window(SESSIONS[0], SESSIONS[29]))
        asked = counts(machine)
        assert {asked.pop(service) for service in MASTER.values()} == {3}
        assert asked == dict.fromkeys({*DAILY.values(), *INDEX.values()}, 30)
        assert {steps(run)[step] for step in BY_MARKET} == {"partial"}
        assert "collected" in machine.states("KOSDAQ").values()
        # With the approval everything is proven without asking for a row again.
        machine.server.misbehave.clear()
        assert machine.run(Window(SESSIONS[0], SESSIONS[29])).status is RunStatus.SUCCESS
        assert counts(machine).keys() <= set(MASTER.values())
        assert set(machine.states("KOSDAQ").values()) == {"verified"}
        assert machine.query("SELECT COUNT(*) FROM instruments WHERE isin IS NULL") == [(0,)]


def test_a_range_whose_lists_all_failed_is_failed_and_an_error_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with a_krx_machine(tmp_path) as machine:
        machine.at(SESSIONS[8], 8, 10)
        switch(machine, Mode.MAINTENANCE_403)
        run = machine.run(Window(SESSIONS[0], SESSIONS[5]))
        assert (run.status, steps(run)["calendar"], steps(run)["instruments"]) == (
            RunStatus.FAILED,
            "success",
            "success",
        )
        assert run.message == notes(run)["kospi"]
        [told] = [record for record in caplog.records if record.levelname == "ERROR"]
        assert told.getMessage().startswith("krx history: failed")
        assert run.message in told.getMessage()


def all_but_one(service: str, day: date) -> bytes | None:
    return None if day == SESSIONS[3] else body_of(service, day)


def test_an_empty_answer_for_a_session_that_is_old_or_between_two_others_is_a_failure(tmp_path: Path) -> None:
    with a_krx_machine(tmp_path, KrxWire(all_but_one)) as machine:
        machine.at(SESSIONS[20], 8, 10)
        run = machine.run(Window(SESSIONS[3], SESSIONS[3]))
        assert (run.status, {steps(run)[step] for step in TRACKS}) == (RunStatus.FAILED, {"failed"})
        assert run.message.startswith(f"{SESSIONS[3]}: {HOST} sent no rows although they should be published.")
        # Beside others that came it is what is lacking of them.
        run = machine.run(Window(SESSIONS[1], SESSIONS[5]))
        assert (run.status, {steps(run)[step] for step in TRACKS}) == (RunStatus.PARTIAL, {"partial"})


def test_eleven_of_twelve_lists_are_partial(tmp_path: Path) -> None:
    with a_krx_machine(tmp_path) as machine:
        machine.at(SESSIONS[8], 8, 10)
        switch(machine, Mode.MAINTENANCE_403, KOSDAQ)
        run = machine.run(Window(SESSIONS[0], SESSIONS[1]))
        assert run.status is RunStatus.PARTIAL
        assert (steps(run)["kospi"], steps(run)["kosdaq"]) == ("success", "failed")
