"""The exchange's collector day by day: what is published when, what was missed, what a pending request will fill."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from krx_exchange import SESSIONS, body_of
from krx_machine import KrxMachine, a_krx_machine, notes, steps
from krx_wire import DAILY, INDEX, MASTER, KrxWire

from tray_app.core.errors import KeyMissing
from tray_app.core.model import RunStatus, Window
from tray_app.datasets.krx.collect.quality import QualityCheck
from tray_app.datasets.krx.rows import STOCK_MARKETS
from tray_app.datasets.krx.rules.calendar import KrxCalendar

SERVICES = {*DAILY.values(), *INDEX.values()}
TABLES = ("daily_market_data", "benchmark_index_data", "day_ledger", "instruments", "data_quality_issues")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[KrxMachine]:
    with a_krx_machine(tmp_path) as made:
        yield made


def rows(machine: KrxMachine) -> dict[str, list[object]]:
    return {table: list(machine.query(f"SELECT * FROM {table}")) for table in TABLES}


# --- an empty store -----------------------------------------------------------------------------------------------


def test_a_first_run_takes_the_last_five_sessions(machine: KrxMachine) -> None:
    machine.at(SESSIONS[11], 8, 10)
    run = machine.run()
    assert (run.status, run.message) == (RunStatus.SUCCESS, "")
    asked = machine.asked()
    days = SESSIONS[6:11]
    assert Counter(one for one in asked if one[0] in SERVICES) == Counter(product(SERVICES, days))
    assert {one for one in asked if one[0] not in SERVICES} == {(service, days[0]) for service in MASTER.values()}
    assert machine.states() == dict.fromkeys(days, "verified")
    assert run.data_date == days[-1]


def test_a_second_run_sends_and_writes_nothing(machine: KrxMachine) -> None:
    machine.at(SESSIONS[11], 8, 10)
    machine.run()
    before = machine.data()
    machine.asked()
    run = machine.run()
    assert run.status is RunStatus.SUCCESS
    assert machine.asked() == []
    assert machine.data() == before
    assert {note for step, note in notes(run).items() if step in {"kospi", "kosdaq", "konex", "indices"}} == {
        "nothing missing"
    }


def test_the_plan_says_what_a_run_then_sends(machine: KrxMachine) -> None:
    machine.at(SESSIONS[11], 8, 10)
    window = Window(SESSIONS[2], SESSIONS[9])
    planned = machine.collector().plan(window, machine.clock.now())
    assert sum(step.calls for step in planned if step.name != "instruments") == 8 * 6
    assert machine.asked() == []
    machine.run(window)
    assert len([one for one in machine.asked() if one[0] in SERVICES]) == 8 * 6
    assert sum(step.calls for step in machine.collector().plan(window, machine.clock.now())) == 0


def test_without_a_key_nothing_is_asked(machine: KrxMachine) -> None:
    machine.environment = {}
    with pytest.raises(KeyMissing, match="own key"):
        machine.run()
    assert machine.asked() == []


# --- the morning --------------------------------------------------------------------------------------------------


def test_before_eight_nothing_is_stored_nor_closed_and_at_ten_past_the_day_is_there(machine: KrxMachine) -> None:
    machine.at(SESSIONS[9], 8, 10)
    machine.run()
    before = rows(machine)
    machine.asked()
    machine.at(SESSIONS[10], 7)
    early = machine.run()
    assert early.status is RunStatus.SUCCESS
    assert rows(machine) == before
    assert machine.asked() == []
    assert machine.query("SELECT * FROM day_ledger WHERE state = 'closed'") == []
    machine.at(SESSIONS[10], 8, 10)
    machine.run()
    assert machine.states()[SESSIONS[9]] == "verified"
    assert machine.asked_days() == [SESSIONS[9]]


def test_a_day_that_is_late_is_asked_again_and_never_closed(tmp_path: Path) -> None:
    is_out = False

    def late(service: str, day: date) -> bytes | None:
        return body_of(service, day) if is_out or day != SESSIONS[9] else None

    with a_krx_machine(tmp_path, KrxWire(late)) as machine:
        machine.at(SESSIONS[9], 8, 10)
        machine.run()
        machine.asked()
        machine.at(SESSIONS[10], 8, 1)
        run = machine.run()
        assert (run.status, notes(run)["kospi"]) == (RunStatus.SUCCESS, "not published yet")
        assert machine.states()[SESSIONS[9]] == "not_yet_published"
        assert machine.asked_days() == [SESSIONS[9]]
        # Who asks again by hand is answered; when it is asked by itself: test_krx_late.py beside this.
        machine.run()
        assert machine.asked_days() == [SESSIONS[9]]
        assert machine.states()[SESSIONS[9]] == "not_yet_published"
        is_out = True
        machine.clock.advance(minutes=15)
        machine.run()
        assert machine.states()[SESSIONS[9]] == "verified"
        assert machine.query("SELECT state FROM trading_calendar WHERE trade_date = ?", SESSIONS[9].isoformat()) == [
            ("open",)
        ] * len(STOCK_MARKETS)


def test_a_friday_comes_on_monday_morning(machine: KrxMachine) -> None:
    friday = next(day for day in SESSIONS[6:] if day.weekday() == 4)
    machine.at(friday, 8, 10)
    machine.run()
    machine.asked()
    machine.at(friday + timedelta(days=1), 9)
    machine.run()
    machine.at(friday + timedelta(days=2), 22)
    machine.run()
    assert machine.asked() == []
    assert friday not in machine.states()
    machine.at(KrxCalendar().next_session(friday), 8, 10)
    machine.run()
    assert machine.states()[friday] == "verified"


# --- catching up --------------------------------------------------------------------------------------------------


def test_a_week_with_the_pc_off_is_complete_after_one_run(machine: KrxMachine) -> None:
    machine.at(SESSIONS[9], 8, 10)
    machine.run()
    machine.asked()
    machine.at(SESSIONS[16], 20)
    run = machine.run()
    assert run.status is RunStatus.SUCCESS
    assert machine.asked_days() == list(SESSIONS[9:16])
    for market in STOCK_MARKETS:
        assert set(machine.states(market).values()) == {"verified"}
        assert set(SESSIONS[4:16]) == machine.states(market).keys()


def test_interior_holes_are_filled_by_today_s_run(machine: KrxMachine) -> None:
    machine.at(SESSIONS[31], 8, 10)
    machine.run(Window(SESSIONS[3], SESSIONS[5]))
    machine.run(Window(SESSIONS[12], SESSIONS[14]))
    machine.asked()
    machine.run()
    assert machine.asked_days() == [*SESSIONS[6:12], *SESSIONS[15:31]]
    assert list(machine.states()) == list(SESSIONS[3:31])


def test_what_a_pending_request_will_fill_is_left_to_it(machine: KrxMachine) -> None:
    machine.at(SESSIONS[31], 8, 10)
    machine.run(Window(SESSIONS[3], SESSIONS[5]))
    machine.asked()
    machine.pending = [Window(SESSIONS[3], SESSIONS[20])]
    machine.run()
    assert machine.asked_days() == list(SESSIONS[21:31])
    machine.pending = [Window(SESSIONS[3])]
    machine.at(SESSIONS[36], 8, 10)
    machine.run()
    # The last sessions are today's business all the same.
    assert machine.asked_days() == list(SESSIONS[31:36])


def test_rows_on_a_predicted_holiday_win_over_the_prediction(tmp_path: Path) -> None:
    # 2024-04-10 was closed for an election; on this exchange it was not.
    election = date(2024, 4, 10)

    def open_on_election(service: str, day: date) -> bytes | None:
        if day != election:
            return body_of(service, day)
        body = body_of(service, SESSIONS[0]) or b""
        return body.replace(f"{SESSIONS[0]:%Y%m%d}".encode(), f"{election:%Y%m%d}".encode())

    with a_krx_machine(tmp_path, KrxWire(open_on_election)) as machine:
        machine.at(SESSIONS[30], 8, 10)
        machine.run(Window(election, election))
        conflict = "SELECT severity FROM data_quality_issues WHERE issue_code = 'CAL_CONFLICT' AND trade_date = ?"
        assert machine.query(conflict, election.isoformat()) == [("WARN",)]
        opened = "SELECT DISTINCT state, is_open, evidence FROM trading_calendar WHERE trade_date = ?"
        assert machine.query(opened, election.isoformat()) == [("open", 1, "rows")]


# --- the story ----------------------------------------------------------------------------------------------------


def test_the_whole_story_is_found(machine: KrxMachine) -> None:
    machine.at(SESSIONS[41], 12)
    run = machine.run(Window(SESSIONS[0], SESSIONS[39]))
    assert (run.status, set(steps(run).values())) == (RunStatus.SUCCESS, {"success"})
    assert notes(run)["quality"] == "120 of 120 market days verified; 0 errors, 0 warnings"
    found = machine.query(
        "SELECT i.external_code, date(f.trade_date * 86400, 'unixepoch'), f.factor, f.share_factor, f.method"
        " FROM price_adjustment_factors f JOIN instruments i ON i.instrument_id = f.instrument_id ORDER BY 1"
    )
    [split, rights] = found
    assert split == ("005930", SESSIONS[18].isoformat(), 0.2, 0.2, "share_count")
    assert (rights[0], rights[1], rights[3:]) == ("073010", SESSIONS[22].isoformat(), (1.0, "base_price"))
    ends = dict(machine.query("SELECT market_code || external_code || episode, delisting_date FROM instruments"))
    assert {code: end for code, end in ends.items() if end} == {
        "KOSPI0099001": SESSIONS[21].isoformat(),
        "KOSDAQ0333001": SESSIONS[6].isoformat(),
    }
    moved = "SELECT a.market_code, a.end_reason, b.market_code FROM instruments a JOIN instruments b"
    assert machine.query(f"{moved} ON b.instrument_id = a.moved_to AND b.moved_from = a.instrument_id") == [
        ("KONEX", "transferred", "KOSDAQ")
    ]
    names = "SELECT n.valid_from, n.name FROM instrument_names n JOIN instruments i USING (instrument_id)"
    assert machine.query(f"{names} WHERE i.external_code = '077700' ORDER BY 1") == [
        (SESSIONS[0].isoformat(), "종목 077700"),
        (SESSIONS[8].isoformat(), "새이름"),
        (SESSIONS[25].isoformat(), "더새이름"),
    ]
    halted = "SELECT COUNT(*) FROM instrument_daily_v1 WHERE is_trade_halted AND open IS NULL AND volume = 0"
    assert machine.query(halted) == [(4,)]


def test_backwards_the_same_is_found(machine: KrxMachine, tmp_path: Path) -> None:
    machine.at(SESSIONS[41], 12)
    machine.run(Window(SESSIONS[0], SESSIONS[39]))
    with a_krx_machine(tmp_path / "backwards") as other:
        other.at(SESSIONS[41], 12)
        # Cut in two, so that the newer half is checked before the session before it is there.
        other.run(Window(SESSIONS[18], SESSIONS[39], newest_first=True))
        run = other.run(Window(SESSIONS[0], SESSIONS[17], newest_first=True))
        assert run.status is RunStatus.SUCCESS
        for sql in (
            "SELECT * FROM instrument_daily_v1 ORDER BY instrument_id, trade_date",
            (
                "SELECT i.uid, f.trade_date, f.factor, f.method FROM price_adjustment_factors f"
                " JOIN instruments i USING (instrument_id) ORDER BY 1"
            ),
            (
                "SELECT i.uid, n.valid_from, n.name FROM instrument_names n JOIN instruments i USING (instrument_id)"
                " ORDER BY 1, 2"
            ),
        ):
            assert other.query(sql) == machine.query(sql)


def test_a_fault_in_a_rule_does_not_end_the_collecting(
    machine: KrxMachine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(self: QualityCheck, day: date) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(QualityCheck, "check", fails)
        machine.at(SESSIONS[11], 8, 10)
        run = machine.run()
    assert steps(run) == {**dict.fromkeys(steps(run), "success"), "quality": "failed"}
    assert machine.states() == dict.fromkeys(SESSIONS[6:11], "verified")
    assert machine.query("SELECT COUNT(*) FROM pending_checks") == [(5,)]
    # The next run works out what this one could not, without asking again.
    machine.asked()
    assert machine.run().status is RunStatus.SUCCESS
    assert machine.query("SELECT COUNT(*) FROM pending_checks") == [(0,)]
    assert machine.asked_days() == []
