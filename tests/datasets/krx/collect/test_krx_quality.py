"""What the quality step says of odd days and of the store as it stands: once, and no longer when it has passed."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from krx_exchange import SESSIONS
from krx_machine import KrxMachine, a_krx_machine, notes
from krx_odd import Oddities, Rows
from krx_wire import DAILY, HOST, INDEX, MASTER, PREFIX, KrxWire, with_rates

from tray_app.core.model import RunStatus, Window
from tray_app.datasets.krx.collect.quality import EQUITY_CODES, INDEX_CODES
from tray_app.datasets.krx.collect.standing import STORE_WIDE_CODES
from tray_app.datasets.krx.rows import IndexClass, Market
from tray_app.datasets.krx.rules.quality.answer import ANSWER_CODES, INDEX_ANSWER_CODES
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode
from tray_app.datasets.krx.rules.quality.source import MASTER_CODES, SHAPE_CODES
from tray_app.demo.misbehave import Mode

KOSPI = DAILY[Market.KOSPI]


@pytest.fixture
def odd() -> Oddities:
    return Oddities()


@pytest.fixture
def machine(tmp_path: Path, odd: Oddities) -> Iterator[KrxMachine]:
    with a_krx_machine(tmp_path, KrxWire(odd.body_of)) as made:
        made.at(SESSIONS[11], 8, 10)
        yield made


def issues(machine: KrxMachine, code: IssueCode) -> list[tuple[Any, ...]]:
    """Return the open issues of a code."""
    return machine.query(
        "SELECT trade_date, subject, severity FROM data_quality_issues WHERE issue_code = ? AND resolved_at IS NULL"
        " ORDER BY 1, 2",
        code,
    )


def without(code: str) -> Callable[[Rows], Rows]:
    return lambda rows: [row for row in rows if row["ISU_CD"] != code]


def test_every_rule_is_decided_somewhere() -> None:
    elsewhere = {
        IssueCode.CAL_CONFLICT,
        IssueCode.INSTRUMENT_GAP,
        IssueCode.STALE_DATASET,
        # Only a set as a whole tells of it.
        IssueCode.FACTOR_UNKNOWN,
        *ANSWER_CODES,
        *INDEX_ANSWER_CODES,
    }
    assert set(IssueCode) == {*EQUITY_CODES, *INDEX_CODES, *STORE_WIDE_CODES, *SHAPE_CODES, *MASTER_CODES, *elsewhere}


def test_an_issue_absent_for_a_day_is_a_gap_of_that_day(machine: KrxMachine, odd: Oddities) -> None:
    gone = "101000"
    odd.changes[KOSPI, SESSIONS[8]] = without(gone)
    odd.changes[INDEX[IndexClass.KOSPI], SESSIONS[8]] = lambda rows: rows[1:]
    machine.run()
    assert issues(machine, IssueCode.INSTRUMENT_GAP) == [(SESSIONS[8].isoformat(), f"KOSPI:{gone}", "WARN")]


@pytest.mark.parametrize("absent", [2, 3])
def test_an_issue_absent_for_more_days_is_a_gap_before_it_is_back(
    machine: KrxMachine, odd: Oddities, absent: int
) -> None:
    gone = "101000"
    for session in SESSIONS[9 - absent : 9]:
        odd.changes[KOSPI, session] = without(gone)
        odd.changes[INDEX[IndexClass.KOSPI], session] = lambda rows: rows[1:]
    machine.run(Window(SESSIONS[0], SESSIONS[8]))
    assert issues(machine, IssueCode.INSTRUMENT_GAP) == []
    machine.run()
    gap = [(SESSIONS[8].isoformat(), f"KOSPI:{gone}", "WARN")]
    assert issues(machine, IssueCode.INSTRUMENT_GAP) == gap
    (said,) = machine.query("SELECT issue_detail FROM data_quality_issues WHERE issue_code = 'INSTRUMENT_GAP'")
    assert said == (f"No rows on the {absent} sessions between {SESSIONS[8 - absent]} and {SESSIONS[9]}.",)
    # Its rows come after all.
    odd.changes.clear()
    machine.run(Window(SESSIONS[0], SESSIONS[8], again_since=machine.clock.now()))
    assert issues(machine, IssueCode.INSTRUMENT_GAP) == []


def test_a_master_list_that_came_empty_is_asked_for_again_at_growing_intervals(
    machine: KrxMachine, odd: Oddities
) -> None:
    # An issue's last session.
    asked = MASTER[Market.KOSDAQ], SESSIONS[5]
    odd.changes[asked] = lambda _rows: []
    machine.run(Window(SESSIONS[0], SESSIONS[9]))
    assert asked in machine.asked()
    begun, asked_on = machine.clock.now(), list[int]()
    for day in (0, 1, 2, 3, 5, 7, 15, 30, 31, 62, 63, 98):
        machine.clock.at = begun + timedelta(days=day)
        machine.run()
        asked_on += [day] if asked in machine.asked() else []
    assert asked_on == [1, 3, 7, 15, 31, 63]


def test_a_master_list_that_comes_at_last_is_asked_for_no_more(machine: KrxMachine, odd: Oddities) -> None:
    asked = MASTER[Market.KOSDAQ], SESSIONS[5]
    odd.changes[asked] = lambda _rows: []
    machine.run(Window(SESSIONS[0], SESSIONS[9]))
    empty = "SELECT market_code, trade_date, attempts FROM empty_lists"
    assert machine.query(empty) == [("KOSDAQ", SESSIONS[5].isoformat(), 1)]
    odd.changes.clear()
    for day in (1, 2, 3):
        machine.asked()
        machine.clock.advance(days=1)
        machine.run()
        assert (asked in machine.asked()) == (day == 1)
        assert machine.query(empty) == []


def test_a_market_that_stays_empty_is_told_once_until_its_rows_come(machine: KrxMachine, odd: Oddities) -> None:
    konex = DAILY[Market.KONEX]
    odd.changes[konex, SESSIONS[8]] = lambda _rows: []
    # As long as no later session is known it may only be late: no finding yet, but it was due and did not come.
    assert machine.run().status is RunStatus.PARTIAL
    assert issues(machine, IssueCode.EMPTY_ON_EXPECTED_SESSION) == []
    machine.clock.advance(minutes=15)
    run = machine.run()
    expected = [(SESSIONS[8].isoformat(), "KONEX", "ERROR")]
    assert issues(machine, IssueCode.EMPTY_ON_EXPECTED_SESSION) == expected
    assert run.status is RunStatus.FAILED
    # Said once: the next run has nothing new to say, nor does it touch what is said.
    before = machine.query("SELECT * FROM data_quality_issues")
    assert machine.run().status is RunStatus.SUCCESS
    assert machine.query("SELECT * FROM data_quality_issues") == before
    odd.changes.clear()
    machine.clock.advance(days=2)
    machine.run()
    assert machine.states("KONEX")[SESSIONS[8]] == "verified"
    assert issues(machine, IssueCode.EMPTY_ON_EXPECTED_SESSION) == []


def test_a_session_always_empty_everywhere_leaves_the_calendar_unknown(machine: KrxMachine, odd: Oddities) -> None:
    for service in (*DAILY.values(), *INDEX.values()):
        odd.changes[service, SESSIONS[8]] = lambda _rows: []
    machine.run()
    machine.clock.advance(minutes=15)
    run = machine.run()
    assert run.status is RunStatus.FAILED
    assert issues(machine, IssueCode.CAL_UNKNOWN) == [(SESSIONS[8].isoformat(), "KRX", "WARN")]
    assert {row[2] for row in issues(machine, IssueCode.EMPTY_ON_EXPECTED_SESSION)} == {"WARN"}
    for _ in range(8):
        machine.clock.advance(days=2)
        machine.run()
    odd.changes.clear()
    machine.run(Window(SESSIONS[8], SESSIONS[8]))
    assert issues(machine, IssueCode.CAL_UNKNOWN) == []


def test_a_market_given_up_beside_others_is_missing(machine: KrxMachine, odd: Oddities) -> None:
    odd.changes[DAILY[Market.KONEX], SESSIONS[8]] = lambda _rows: []
    machine.run()
    for _ in range(9):
        machine.clock.advance(days=2)
        machine.run()
    assert issues(machine, IssueCode.DAY_MISSING) == [(SESSIONS[8].isoformat(), "KONEX", "ERROR")]
    assert issues(machine, IssueCode.EMPTY_ON_EXPECTED_SESSION) == []


def test_a_changed_shape_is_an_error_until_the_answer_is_well(machine: KrxMachine) -> None:
    machine.server.misbehave.set(HOST, Mode.EMPTY_OBJECT, path=f"{PREFIX}{KOSPI}", times=1)
    run = machine.run()
    assert run.status is RunStatus.FAILED
    assert issues(machine, IssueCode.FIELD_DRIFT) == [(SESSIONS[6].isoformat(), "KOSPI", "ERROR")]
    machine.clock.advance(hours=1)
    machine.run()
    assert issues(machine, IssueCode.FIELD_DRIFT) == []


def test_rows_of_another_day_are_told_as_such(machine: KrxMachine, odd: Oddities) -> None:
    index = INDEX[IndexClass.KRX]
    odd.changes[index, SESSIONS[7]] = lambda rows: [{**row, "BAS_DD": "20200102"} for row in rows]
    machine.run()
    assert issues(machine, IssueCode.RESPONSE_DATE_MISMATCH) == [(SESSIONS[7].isoformat(), "KRX:*", "ERROR")]
    odd.changes.clear()
    machine.clock.advance(hours=1)
    machine.run()
    assert issues(machine, IssueCode.RESPONSE_DATE_MISMATCH) == []


def test_a_restated_day_is_told_and_both_values_are_kept(machine: KrxMachine, odd: Oddities) -> None:
    machine.run()
    with machine.database.writing() as connection:
        connection.execute(
            "UPDATE day_ledger SET state = 'failed', next_try_at = NULL WHERE market_code = 'KONEX' AND trade_date = ?",
            (SESSIONS[8].isoformat(),),
        )
    odd.changes[DAILY[Market.KONEX], SESSIONS[8]] = lambda rows: [
        {**rows[0], "ACC_TRDVAL": "9000000", "ACC_TRDVOL": "900"},
        *rows[1:],
    ]
    assert machine.run().status is RunStatus.PARTIAL
    assert issues(machine, IssueCode.RESTATED_VALUE) == [(SESSIONS[8].isoformat(), "KONEX", "WARN")]
    [(old, new)] = machine.query("SELECT old, new FROM restatements WHERE column_name = 'volume'")
    assert (int(old), int(new)) == (1_008, 900)


def test_the_master_list_must_have_the_codes_of_the_rows(machine: KrxMachine, odd: Oddities) -> None:
    first = SESSIONS[6]
    odd.changes[MASTER[Market.KONEX], first] = lambda rows: [
        {**rows[0], "ISU_SRT_CD": "999990"},
        *rows[1:],
    ]
    assert machine.run().status is RunStatus.FAILED
    for code in MASTER_CODES:
        assert issues(machine, code) == [(first.isoformat(), "KONEX", "ERROR")]


def test_an_index_that_moved_across_a_holiday_hints_at_a_session(tmp_path: Path, odd: Oddities) -> None:
    election = date(2024, 4, 10)
    after = next(day for day in SESSIONS if day > election)
    odd.changes[INDEX[IndexClass.KOSPI], after] = lambda rows: [
        *(row for row in rows if row["IDX_NM"] != "코스피"),
        *with_rates([{**row, "CMPPREVDD_IDX": "25"} for row in rows if row["IDX_NM"] == "코스피"]),
    ]
    with a_krx_machine(tmp_path, KrxWire(odd.body_of)) as machine:
        machine.at(after + timedelta(days=4), 9)
        run = machine.run()
        assert issues(machine, IssueCode.CAL_CONFLICT) == [(election.isoformat(), "KRX", "WARN")]
        assert issues(machine, IssueCode.CHANGE_IDENTITY) == [(after.isoformat(), "KOSPI", "ERROR")]
        assert run.status is RunStatus.FAILED


def test_spikes_and_stale_prices_are_found_in_the_last_weeks_only(machine: KrxMachine, odd: Oddities) -> None:
    still, spiky = "301000", "301010"

    def change(number: int) -> Callable[[Rows], Rows]:
        def changed(rows: Rows) -> Rows:
            for row in rows:
                if row["ISU_CD"] == still:
                    row.update({name: "10000" for name in row if name.startswith("TDD_")}, CMPPREVDD_PRC="0")
                if row["ISU_CD"] == spiky and number in {12, 13}:
                    close = 13_000 if number == 12 else 10_000
                    row.update({name: str(close) for name in row if name.startswith("TDD_")})
                    row.update(CMPPREVDD_PRC="3000" if number == 12 else "-3000")
            return with_rates(rows)

        return changed

    for number in range(30):
        odd.changes[DAILY[Market.KONEX], SESSIONS[number]] = change(number)
    machine.at(SESSIONS[31], 9)
    run = machine.run(Window(SESSIONS[0], SESSIONS[29]))
    assert issues(machine, IssueCode.STALE_PRICE) == [(SESSIONS[19].isoformat(), f"KONEX:{still}", "WARN")]
    assert (SESSIONS[13].isoformat(), f"KONEX:{spiky}", "WARN") in issues(machine, IssueCode.SPIKE_REVERSAL)
    # Routine: true of some issue on most good days.
    assert run.status is not RunStatus.FAILED
    assert "0 errors" in notes(run)["quality"]


def test_a_market_left_behind_is_stale_from_its_first_missing_session(machine: KrxMachine) -> None:
    machine.run()
    machine.server.misbehave.set(HOST, Mode.UNAPPROVED_SERVICE, path=f"{PREFIX}{DAILY[Market.KONEX]}")
    machine.at(SESSIONS[16], 9)
    machine.run()
    expected = [(SESSIONS[11].isoformat(), "KONEX", "WARN")]
    assert issues(machine, IssueCode.STALE_DATASET) == expected
    machine.at(SESSIONS[18], 9)
    machine.run()
    assert issues(machine, IssueCode.STALE_DATASET) == expected
    machine.server.misbehave.clear()
    machine.run()
    assert issues(machine, IssueCode.STALE_DATASET) == []


def test_transfers_and_codes_used_again_are_told_as_information(machine: KrxMachine) -> None:
    machine.at(SESSIONS[41], 12)
    assert machine.run(Window(SESSIONS[0], SESSIONS[39])).status is RunStatus.SUCCESS
    assert issues(machine, IssueCode.MARKET_TRANSFER) == [(SESSIONS[15].isoformat(), "KOSDAQ:055500", "INFO")]
    assert issues(machine, IssueCode.CODE_REUSED) == [(SESSIONS[30].isoformat(), "KOSDAQ:033300", "INFO")]
    assert issues(machine, IssueCode.INSTRUMENT_VANISHED) == issues(machine, IssueCode.UNLISTED_ROW) == []
