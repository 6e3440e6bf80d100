"""A KRX day with a row that cannot be: the others are stored, the day is in doubt until the row comes well."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from krx_exchange import SESSIONS, body_of
from krx_machine import KrxMachine, a_krx_machine
from krx_odd import Oddities, Rows
from krx_wire import DAILY, INDEX, MASTER, KrxWire

from tray_app.core.model import RunStatus
from tray_app.datasets.krx.rows import IndexClass, Market

DAY = SESSIONS[6]


@pytest.fixture
def odd() -> Oddities:
    return Oddities()


@pytest.fixture
def machine(tmp_path: Path, odd: Oddities) -> Iterator[KrxMachine]:
    with a_krx_machine(tmp_path, KrxWire(odd.body_of)) as made:
        made.at(SESSIONS[6], 8, 10)
        made.run()
        made.at(SESSIONS[7], 8, 10)
        yield made


def left_out(machine: KrxMachine) -> list[tuple[Any, ...]]:
    return machine.query(
        "SELECT dataset_name, trade_date, subject, severity, issue_detail FROM data_quality_issues"
        " WHERE issue_code = 'ROW_SET_ASIDE' AND resolved_at IS NULL ORDER BY subject"
    )


def without_close(rows: Rows) -> Rows:
    return [{**rows[0], "TDD_CLSPRC": "0"}, *rows[1:]]


def test_one_bad_cell_loses_its_row_only_and_the_day_waits_for_it(machine: KrxMachine, odd: Oddities) -> None:
    odd.changes[DAILY[Market.KOSDAQ], DAY] = without_close
    run = machine.run()
    code = json.loads(body_of(DAILY[Market.KOSDAQ], DAY) or b"")["OutBlock_1"][0]["ISU_CD"]
    said = "1 row: TDD_CLSPRC is not above zero"
    assert run.status is not RunStatus.SUCCESS
    assert left_out(machine) == [("equity", str(DAY), f"KOSDAQ:{code}", "WARN", said)]
    assert machine.states("KOSPI")[DAY] == "verified"
    assert machine.states("KOSDAQ")[DAY] == "collected"
    whole = len(json.loads(body_of(DAILY[Market.KOSDAQ], DAY) or b"")["OutBlock_1"])
    assert machine.query(
        "SELECT rows FROM day_summary WHERE market_code = 'KOSDAQ' ORDER BY trade_date DESC LIMIT 1"
    ) == [(whole - 1,)]


def test_the_day_is_verified_once_the_row_comes_well(machine: KrxMachine, odd: Oddities) -> None:
    odd.changes[DAILY[Market.KOSDAQ], DAY] = without_close
    machine.run()
    odd.changes.clear()
    for _day in range(3):
        machine.clock.advance(days=1)
        machine.run()
    assert left_out(machine) == []
    assert machine.states("KOSDAQ")[DAY] == "verified"


def test_a_row_of_an_index_list_too(machine: KrxMachine, odd: Oddities) -> None:
    index = INDEX[IndexClass.KOSPI]
    odd.changes[index, DAY] = lambda rows: [*rows[:-1], {**rows[-1], "CLSPRC_IDX": "much"}]
    machine.run()
    [(dataset, day, subject, severity, _said)] = left_out(machine)
    assert (dataset, day, severity) == ("index", str(DAY), "WARN")
    assert subject.startswith("KOSPI:")
    assert machine.states("KOSPI", "index")[DAY] == "collected"
    odd.changes.clear()
    machine.clock.advance(days=1)
    machine.run()
    assert left_out(machine) == []
    assert machine.states("KOSPI", "index")[DAY] == "verified"


def test_a_row_of_a_master_list_is_told_and_puts_nothing_in_doubt(machine: KrxMachine, odd: Oddities) -> None:
    master = MASTER[Market.KOSDAQ]
    for day in SESSIONS[5:8]:
        odd.changes[master, day] = lambda rows: [{**rows[0], "LIST_DD": "99991231"}, *rows[1:]]
    for _day in range(7):
        machine.run()
        machine.clock.advance(days=1)
    said = "SELECT trade_date, subject, severity FROM data_quality_issues WHERE issue_code = 'LISTING_SET_ASIDE'"
    assert machine.query(said) == [(str(DAY), "KOSDAQ:master", "WARN")]
    assert machine.states("KOSDAQ")[DAY] == "verified"
    assert machine.query("SELECT COUNT(*) FROM instruments WHERE listing_date > '2100'") == [(0,)]
